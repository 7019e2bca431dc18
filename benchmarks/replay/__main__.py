"""The main job on real input: three days of five outlets and five real pages, a `marsad crawl` each, and a fourth pass.

    python -m benchmarks.replay [--today] [--keep FOLDER]

Days 2 and 3 and the fourth pass are `marsad crawl --all`, as a user asks who will not wait for an endpoint's interval.
`--all` looks again at the stored articles too; so the claim for passes 1 to 3 is that each is sent in full once.
Exits 1 where a check fails.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from benchmarks.replay import checks as held
from benchmarks.replay.press import DAYS, Press, open_press, to_now
from benchmarks.replay.site import ReplaySite
from benchmarks.shared import marsad, marsad_json
from index import catalogue, ledger
from index.database import urls
from index.embedded import EmbeddedIndex
from index.store import Store
from tests.site.log import Seen


def environment(sources: Path) -> dict[str, str]:
    """The settings of a crawl of loopback outlets: no delay, and nothing of 2018 is too old."""
    return {
        "MARSAD_SOURCES": str(sources),
        "MARSAD_ALLOW_NETWORKS": "127.0.0.0/8",
        "MARSAD_DELAY": "0",
        "MARSAD_MAX_AGE": "36500d",
        "MARSAD_CONTACT": "benchmarks@localhost",
    }


class Replay:
    def __init__(self, press: Press, folder: Path) -> None:
        self.press = press
        self.data = folder / "data"
        self.sources = press.site.write_sources(folder / "sources")
        self.environ = environment(self.sources)
        self.checks = held.Checks()

    def run(self) -> int:
        seen: list[Seen] = []
        for number, day in enumerate(DAYS, 1):
            self.press.show(day)
            seen += self.crawl(f"pass {number} ({day})", *(["--all"] if number > 1 else []))
            if number == 1:
                again = self.crawl("at once again, without --all")
                self.checks.that("nothing is due, nothing is asked for", not again, f"{len(again)} requests")
        held.fetches(self.checks, self.press, seen)
        documents = held.stored_once(self.checks, self.press, self.export())
        held.rendered(self.press, documents)
        held.real(self.press, documents)
        self.fourth_pass(list(documents))
        self.explain()
        print(f"{self.checks.failed} checks failed" if self.checks.failed else "every check holds")
        return 1 if self.checks.failed else 0

    def crawl(self, name: str, *options: str) -> list[Seen]:
        """One pass in a process of its own; what it asked the outlets for."""
        before = len(self.press.site.requests())
        began = time.perf_counter()
        report = self.json("crawl", *options)
        seconds = time.perf_counter() - began
        seen = self.press.site.requests(before)
        print(f"{name}: {seconds:.1f} s, {len(seen)} requests ({held.statuses(seen)}); {report}")
        held.balances(self.checks, self.json("status"))
        return seen

    def fourth_pass(self, before: Sequence[str]) -> None:
        seen = self.crawl("pass 4 (nothing has changed)", "--all")
        pages = [one for one in seen if one.path != "/robots.txt"]
        endpoints = self.press.site.endpoints
        held.conditional(self.checks, "endpoints", [one for one in pages if self.press.site.url(one) in endpoints])
        held.conditional(self.checks, "articles", [one for one in pages if self.press.site.url(one) not in endpoints])
        held.nothing_added(self.checks, before, self.export())

    def explain(self) -> None:
        """All URLs through the function behind `marsad why`, one of each outcome through the command itself."""
        explained: set[str] = set()
        example: dict[str | None, str] = {}
        with (
            Store.open(self.data, readonly=True) as store,
            EmbeddedIndex.open(self.data / "search.db", readonly=True) as index,
            store.read() as conn,
        ):
            sources = catalogue.load(self.sources, self.data / "sources")
            outcomes = {row.url: row.outcome for row in conn.execute(select(urls.c.url, urls.c.outcome))}
            for url, outcome in outcomes.items():
                trail = ledger.why(conn, url, sources=sources, position=index.position(), holds=index.holds)
                example.setdefault(outcome, url)
                if trail["known"] and trail["sentence"] and trail["steps"]:
                    explained.add(url)
        self.checks.all_of("why explains every URL", outcomes, explained)
        for outcome, url in example.items():
            print(f"         {outcome}: {self.json('why', url)['sentence']}")

    def export(self) -> list[dict[str, Any]]:
        printed = marsad("export", data=self.data, environ=self.environ).stdout
        return [json.loads(line) for line in printed.splitlines()]

    def json(self, *arguments: str) -> Any:
        return marsad_json(*arguments, data=self.data, environ=self.environ)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", type=Path, help="Leave the data folder and the source files here.")
    parser.add_argument("--today", action="store_true", help="Move the three days of 2018 to the three before today.")
    asked = parser.parse_args()
    later = to_now(datetime.now(UTC).date()) if asked.today else timedelta(0)
    with tempfile.TemporaryDirectory() as scratch, ReplaySite() as site:
        press = open_press(site, later)
        print(
            f"{len(press.listed) + len(press.missing)} links in the feeds, {len(press.listed)} with a page; "
            f"{len(press.related)} more behind related links; {len(press.real)} real pages; "
            f"{len(press.reachable)} reachable"
        )
        return Replay(press, asked.keep or Path(scratch)).run()


if __name__ == "__main__":
    sys.exit(main())
