"""Kills crawls after random progress, again and again, and proves that nothing is lost, doubled or asked for twice.

    python -m benchmarks.crash                    200 kills, then the other ways to die; minutes
    python -m benchmarks.crash --kills 30 --ways kill,term

Each crawl is a world of 40 sites and more than 2,000 URLs on loopback. Exits 1 where a promise was broken.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from benchmarks import crash_checks as checks
from benchmarks.crash_checks import Figures
from benchmarks.crash_world import ALLOWED, DELAY, Doorbell, Expected, build, write_sources
from benchmarks.shared import ROOT
from tests.site import World

TERM_LIMIT = 20.0
PATIENCE = 900.0
DISKS = ("1m", "2m", "4m", "7m", "12m", "400m")


@dataclass(slots=True)
class Trial:
    """One world and one data folder, from the first start to the last check."""

    world: World
    expected: Expected
    folder: Path
    figures: Figures
    dice: random.Random
    doorbell: Doorbell
    leased: Counter[checks.Place] = field(default_factory=Counter)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def environ(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MARSAD_")}
        return kept | {
            "MARSAD_DATA": str(self.data),
            "MARSAD_SOURCES": str(self.folder / "sources"),
            "MARSAD_ALLOW_NETWORKS": ALLOWED,
            "MARSAD_DELAY": str(DELAY),
            "MARSAD_WORKERS": "1",
        }

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / "errors.txt").open("ab") as errors:
            return subprocess.Popen(
                [sys.executable, "-m", "marsad.cli", *arguments],
                cwd=ROOT, env=self.environ, stdout=subprocess.DEVNULL, stderr=errors,
            )  # fmt: skip

    def output(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "marsad.cli", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environ, capture_output=True, text=True, check=False)
        self.figures.must(done.returncode == 0, f"{' '.join(arguments)} gave {done.returncode}: {done.stderr[-800:]}")
        return done.stdout

    def requests(self) -> int:
        return len(self.world.requests())

    def until(self, requests: int, process: subprocess.Popen[bytes]) -> bool:
        """Whether the server was asked so many times in all before the process ended."""
        deadline = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < deadline:
            if self.requests() >= requests:
                return True
            time.sleep(0.003)
        return False

    def step(self, steps_left: int) -> int:
        """A random number of requests that leaves something for the kills to come."""
        left = max(len(self.expected.listed) - self.requests(), 0)
        return self.dice.randint(1, max(2 * left // (steps_left + 1), 2))

    def note_leases(self) -> int:
        leased, integrity = checks.leases_and_integrity(self.data)
        self.leased += leased
        self.figures.must(integrity == "ok", f"integrity_check: {integrity}")
        return leased.total()

    def finish(self) -> None:
        """One undisturbed pass, and all the checks."""
        status = self.start("crawl").wait(PATIENCE)
        errors = (self.folder / "errors.txt").read_text(encoding="utf-8", errors="replace")
        self.figures.must(status == 0, f"the last pass ended with {status}: {errors[-500:]}")
        self.figures.outages += errors.count("Our own network seems to be away")
        self.figures.must("Traceback" not in errors, f"a traceback: {_first_error(errors)}")
        self.note_leases()
        exported = [json.loads(line) for line in self.output("export").splitlines()]
        books = json.loads(self.output("status", "--json") or '{"sources": [], "totals": null}')
        if books["totals"] is None:
            return
        checks.documents_are_whole(self.figures, self.expected, exported)
        checks.status_balances(self.figures, self.world, self.expected, books, exported)
        checks.fetched_once(self.figures, self.world.requests(), self.leased, checks.hops_of(self.world))
        checks.politeness(self.figures, self.world)
        self.figures.refused_contacted += self.doorbell.rung
        self.figures.must(not self.doorbell.rung, "a refused address was contacted")


@contextmanager
def trial(asked: argparse.Namespace, figures: Figures, dice: random.Random) -> Iterator[Trial]:
    with World() as world, tempfile.TemporaryDirectory(prefix="crash-") as name:
        expected = build(world, asked.sites, asked.articles)
        doorbell = Doorbell(world.port)
        write_sources(world, Path(name) / "sources")
        try:
            yield Trial(world, expected, Path(name), figures, dice, doorbell)
        finally:
            doorbell.close()


def by_kills(one: Trial, kills: int) -> None:
    """SIGKILL to the crawl itself, wherever it is."""
    for number in range(kills):
        process = one.start("crawl")
        in_time = one.until(one.requests() + one.step(kills - number), process)
        process.kill()
        process.wait()
        one.figures.must(in_time, "a crawl ended before it was killed")
        one.figures.kills += 1
        one.figures.in_flight_at_kills += one.note_leases()
    one.finish()


def by_dying_workers(one: Trial, kills: int) -> None:
    """SIGKILL to an extraction process, now and then to the one that they are forked from; the crawl goes on."""
    process = one.start("crawl")
    for number in range(kills):
        one.until(one.requests() + one.step(kills - number), process)
        family = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        for victim in one.dice.sample(family, min(1, len(family))):
            victim.kill()
            one.figures.kills += 1
    one.figures.must(process.wait(PATIENCE) == 0, "a crawl whose workers were killed did not end well")
    one.finish()


def by_terms(one: Trial, terms: int) -> None:
    """SIGTERM to the service: in-flight pages finish or are given back."""
    for number in range(terms):
        process = one.start("run")
        one.until(one.requests() + one.step(terms - number), process)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        status = process.wait(PATIENCE)
        one.figures.term_seconds.append(time.monotonic() - began)
        one.figures.must(status == 0, f"SIGTERM ended with {status}")
        left = one.note_leases()
        one.figures.must(left == 0, f"{left} visits were left leased after SIGTERM")
    one.figures.must(max(one.figures.term_seconds) < TERM_LIMIT, f"SIGTERM took {max(one.figures.term_seconds):.1f} s")
    time.sleep(checks.until_first_polls(one.data))
    one.finish()


def by_full_disks(one: Trial, _: int) -> None:
    """A disk that is full again and again, in a mount namespace of its own; each pass says so and exits 1."""
    one.data.mkdir()
    command = f"{sys.executable} -m marsad.cli crawl"
    script = [f"mount -t tmpfs -o size={DISKS[0]} tmpfs {one.data}"]
    for size in DISKS:
        script += [f"mount -o remount,size={size} {one.data}", f"{command} >&2", "echo $?"]
    script.append(f"cp -a {one.data} {one.folder}/kept")
    with (one.folder / "full.txt").open("wb") as errors:
        done = subprocess.run(
            ["unshare", "-rm", "sh", "-c", "\n".join(script)],
            cwd=ROOT, env=one.environ, stdout=subprocess.PIPE, stderr=errors, text=True, check=False,
        )  # fmt: skip
    said = (one.folder / "full.txt").read_text(encoding="utf-8", errors="replace")
    statuses = done.stdout.split()
    one.figures.must(statuses[:1] == ["1"] and statuses[-1:] == ["0"], f"full disks: {statuses} {said[-800:]}")
    one.figures.must("Traceback" not in said, f"a full disk gave a traceback: {_first_error(said)}")
    print(f"  exit statuses of the passes on disks of {', '.join(DISKS)}: {' '.join(statuses)}", flush=True)
    one.data.rmdir()
    shutil.move(one.folder / "kept", one.data)
    asked = Counter((seen.site, seen.path) for seen in one.world.requests())
    one.leased = asked - Counter(dict.fromkeys(asked, 1))
    most = (len(DISKS) - 1) * len(one.world.outlets) + len(checks.hops_of(one.world))
    one.figures.must(
        one.leased.total() <= most, f"asked for again: {one.leased.total()}, at most {most} were in flight"
    )
    one.finish()


def _first_error(said: str) -> str:
    """The innermost frames of the first traceback, and what was raised."""
    lines = said[said.find("Traceback") :].splitlines()
    ends = (number for number, line in enumerate(lines) if number and line and not line.startswith(" "))
    end = next(ends, len(lines) - 1)
    return "\n".join(lines[max(end - 8, 0) : end + 1])


WAYS: dict[str, Callable[[Trial, int], None]] = {
    "kill": by_kills,
    "workers": by_dying_workers,
    "term": by_terms,
    "disk": by_full_disks,
}


def rounds(asked: argparse.Namespace) -> Iterator[tuple[str, int]]:
    for way in asked.ways.split(","):
        if way == "kill":
            for start in range(0, asked.kills, asked.per_crawl):
                yield way, min(asked.per_crawl, asked.kills - start)
        else:
            yield way, {"workers": asked.kills, "term": asked.terms}.get(way, 1)


def report(figures: Figures) -> dict[str, Any]:
    terms = figures.term_seconds
    return {
        "kills": figures.kills,
        "urls": figures.urls,
        "requests": figures.requests,
        "documents": figures.documents,
        "lost": figures.lost,
        "doubled": figures.doubled,
        "in_flight_at_kills": figures.in_flight_at_kills,
        "refetched": figures.refetched,
        "refetched_beyond_in_flight": figures.refetched_beyond,
        "shortest_gap_s": round(figures.shortest_gap, 3),
        "shortest_gap_under_crawl_delay_s": round(figures.shortest_crawl_delay, 3),
        "most_at_once_per_site": figures.most_at_once,
        "disallowed_requested": figures.disallowed,
        "refused_contacted": figures.refused_contacted,
        "slowest_sigterm_s": round(max(terms), 2) if terms else None,
        "times_the_network_seemed_away": figures.outages,
        "violations": figures.wrong,
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="SIGKILLs in all; and as many to workers")
    parser.add_argument("--per-crawl", type=int, default=25, help="so many of them for each crawl of the world")
    parser.add_argument("--terms", type=int, default=10, help="SIGTERMs")
    parser.add_argument("--sites", type=int, default=40)
    parser.add_argument("--articles", type=int, default=47, help="articles listed by each site, of 50 at most")
    parser.add_argument("--ways", default=",".join(WAYS), help=f"any of {','.join(WAYS)}")
    parser.add_argument("--seed", type=int, default=20261123)
    asked = parser.parse_args()
    figures, dice = Figures(), random.Random(asked.seed)
    for way, times in rounds(asked):
        began, before = time.monotonic(), len(figures.wrong)
        with trial(asked, figures, dice) as one:
            WAYS[way](one, times)
        said = f"{len(figures.wrong) - before} violations" if len(figures.wrong) > before else "ok"
        print(f"{way} × {times}: {said}, {time.monotonic() - began:.0f} s", flush=True)
    print(json.dumps(report(figures), indent=2, ensure_ascii=False))
    sys.exit(bool(figures.wrong))


if __name__ == "__main__":
    main()
