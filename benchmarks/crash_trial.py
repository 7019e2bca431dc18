"""One world and one data folder, and a crawl of it that may be disturbed in whatever way."""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import crash_checks as checks
from benchmarks.crash_checks import Figures
from benchmarks.crash_world import ALLOWED, DELAY, Doorbell, Expected, build, write_sources
from benchmarks.shared import ROOT
from tests.site import World

PATIENCE = 900.0


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

    def outages(self, said: str) -> int:
        """Times at which all that was under way timed out together and was given back, by what a crawl said."""
        found = said.count("Our own network seems to be away")
        self.figures.outages += found
        return found

    def finish(self) -> None:
        """One undisturbed pass, and all the checks."""
        status = self.start("crawl").wait(PATIENCE)
        errors = (self.folder / "errors.txt").read_text(encoding="utf-8", errors="replace")
        self.figures.must(status == 0, f"the last pass ended with {status}: {errors[-500:]}")
        outages = self.outages(errors)
        self.figures.must("Traceback" not in errors, f"a traceback: {first_error(errors)}")
        self.note_leases()
        exported = [json.loads(line) for line in self.output("export").splitlines()]
        books = json.loads(self.output("status", "--json") or '{"sources": [], "totals": null}')
        if books["totals"] is None:
            return
        checks.documents_are_whole(self.figures, self.expected, exported)
        checks.status_balances(self.figures, self.world, self.expected, books, exported)
        given_back = outages * len(self.world.outlets)
        checks.fetched_once(self.figures, self.world.requests(), self.leased, checks.hops_of(self.world), given_back)
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


def first_error(said: str) -> str:
    """The innermost frames of the first traceback, and what was raised."""
    lines = said[said.find("Traceback") :].splitlines()
    ends = (number for number, line in enumerate(lines) if number and line and not line.startswith(" "))
    end = next(ends, len(lines) - 1)
    return "\n".join(lines[max(end - 8, 0) : end + 1])
