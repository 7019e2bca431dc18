"""What a start and a tick cost when very many endpoints are known: in seconds, and against the smallest number.

python -m benchmarks.endpoints                             1,000, 10,000 and 100,000 endpoints
python -m benchmarks.endpoints --counts 1000 20000         others
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, update

from benchmarks.shared import percentile
from index import catalogue, frontier
from index.database import endpoints
from index.health import healths
from index.store import Store
from news.documents import Source

START = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
DELAY = 3.0
CLAIMED = 100
TIMES = 7
COUNTS = (1_000, 10_000, 100_000)
DUE = 100


class Stopwatch:
    """Seconds of each operation of a store's writer, by what it is."""

    def __init__(self, store: Store, spent: dict[str, float]) -> None:
        self._store, self.spent = store, spent

    def write(self, what: str, operation: Callable[[Connection], object]) -> None:
        began = time.perf_counter()
        self._store.writer.submit(operation).result()
        self.spent[what] = round(time.perf_counter() - began, 4)

    def median(self, what: str, operation: Callable[[Connection], object]) -> None:
        """Of several runs: what is done every second is done with warm pages."""
        spent = []
        for _ in range(TIMES):
            self.write(what, operation)
            spent.append(self.spent[what])
        self.spent[what] = percentile(spent, 0.5)


def measured(folder: Path, count: int) -> dict[str, float]:
    files = folder / "sources"
    _write_files(files, count)
    began = time.perf_counter()
    sources = catalogue.load(files)
    spent = {"files into sources": round(time.perf_counter() - began, 3)}
    with Store.open(folder / "data") as store:
        watch = Stopwatch(store, spent)
        watch.write("first start: sources into rows", lambda conn: _sync(conn, sources))
        watch.write("first start: spread over the minutes", _spread)
    with Store.open(folder / "data") as store:
        watch = Stopwatch(store, spent)
        watch.write("second start: sources compared with rows", lambda conn: _sync(conn, sources))
        watch.write("second start: void the leases", lambda conn: frontier.void_leases(conn, now=START))
        watch.write("(all at rest)", _all_at_rest)
        watch.median("tick with nothing due", lambda conn: frontier.mark_due(conn, START))
        watch.median("claim with nothing due", _claim)
        watch.write("(a hundred become due)", _become_due)
        watch.write("tick with a hundred due", lambda conn: frontier.mark_due(conn, START))
        watch.write("claim of a hundred", _claim)
        watch.median("claim with a hundred under way", _claim)
        watch.median("when is the next one due", lambda conn: frontier.next_due(conn, START))
        watch.median("what remains", lambda conn: frontier.remaining(conn, START))
        watch.write("tick with all due", lambda conn: frontier.mark_due(conn, START + timedelta(hours=2)))
        watch.write("claim with all due", lambda conn: _claim(conn, START + timedelta(hours=2)))
        watch.write("health of all", lambda conn: healths(conn, START))
    return {what: seconds for what, seconds in spent.items() if not what.startswith("(")}


def _write_files(folder: Path, count: int) -> None:
    folder.mkdir(parents=True)
    for number in range(count):
        home = f"https://sahifa-{number}.com"
        text = f'id = "sahifa-{number}"\nname = "صحيفة {number}"\nhomepage = "{home}/"\nfeeds = ["{home}/rss"]\n'
        (folder / f"sahifa-{number}.toml").write_text(text, encoding="utf-8")


def _sync(conn: Connection, sources: dict[str, Source]) -> None:
    frontier.sync_sources(conn, sources, START, default_delay=DELAY)


def _spread(conn: Connection) -> int:
    return frontier.spread_due(conn, START, timedelta(seconds=1))


def _claim(conn: Connection, now: datetime = START) -> int:
    return len(frontier.claim(conn, run="many", now=now, limit=CLAIMED, busy_sites=()))


def _all_at_rest(conn: Connection) -> None:
    values = {"visit_at": None, "next_fetch_at": START + timedelta(hours=1), "leased_by": None}
    conn.execute(update(endpoints).values(**values))


def _become_due(conn: Connection) -> None:
    conn.execute(update(endpoints).where(endpoints.c.id <= DUE).values(next_fetch_at=START))


def compared(found: Sequence[dict[str, float]], counts: Sequence[int]) -> dict[str, Any]:
    """Seconds for each count, and how many times the smallest count's the largest one's are."""
    names = found[0].keys()
    return {
        name: {**{f"{count:,}": one[name] for count, one in zip(counts, found, strict=True)},
               "growth": round(found[-1][name] / max(found[0][name], 1e-4), 1)}
        for name in names
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.endpoints", description=__doc__)
    parser.add_argument("--counts", type=int, nargs="+", default=COUNTS)
    asked = parser.parse_args()
    found = []
    for count in asked.counts:
        with tempfile.TemporaryDirectory(prefix="endpoints-") as name:
            found.append(measured(Path(name), count))
    print(json.dumps(compared(found, asked.counts), indent=2))
    print(f"the largest has {asked.counts[-1] / asked.counts[0]:g} times as many as the smallest", file=sys.stderr)


if __name__ == "__main__":
    main()
