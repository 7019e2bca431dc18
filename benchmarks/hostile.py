"""What hostile servers cost the honest ones: their waits and our memory, with and without bad neighbours.

    python -m benchmarks.hostile

A wait is what passes between the moment a site may be asked again and its next request, in the server's own seconds.
The first requests of a site are left out: while a crawl starts, all wait for the same things to be loaded. Where every
outlet sends pages that hang the reader, each of them costs its worker's whole deadline.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.shared import ROOT, percentile
from tests.site import Outlet, World
from tests.site.behaviours import drip, gzip_bomb, hang, header_bomb, huge, redirect, reset, text
from tests.site.exchange import Behaviour
from tests.site.log import Seen, gaps

DELAY = 0.5
NESTED = text("<div>" * 200_000)
MARKED = text("<p " + " ".join(f"a{number}=1" for number in range(60_000)) + ">")
BAD: tuple[Behaviour, ...] = (
    header_bomb, gzip_bomb, NESTED, huge(60 << 20), hang, MARKED, drip(0.05), redirect("?more"), reset,
)  # fmt: skip
# robots.txt, three listings, and the article with which the store learns what it compares with.
STARTING = 6
PATIENCE = 600.0


@dataclass(frozen=True, slots=True)
class Crawl:
    waits: list[float]
    peak_mb: float


def crawl(honest: int, hostile: int, articles: int) -> Crawl:
    with World() as world, tempfile.TemporaryDirectory(prefix="hostile-") as name:
        good = [world.outlet(articles=articles) for _ in range(honest)]
        for number in range(hostile):
            _poison(world.outlet(articles=articles), number)
        folder = Path(name)
        process = _start(world, folder)
        peak = _until_done(world, good, process)
        with suppress(psutil.NoSuchProcess):  # it may just have come to its end
            process.kill()
        process.wait()
        return Crawl([gap - DELAY for one in good for gap in gaps(_finished(world, one))[STARTING:]], peak / 2**20)


def _poison(outlet: Outlet, first: int) -> None:
    """Each outlet begins with another kind, so that all kinds are met from the start."""
    for number, one in enumerate(outlet.articles, first):
        outlet.behave(one.path, BAD[number % len(BAD)])


def _start(world: World, folder: Path) -> psutil.Popen:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MARSAD_")}
    environ = kept | {
        "MARSAD_DATA": str(folder / "data"),
        "MARSAD_SOURCES": str(world.write_sources(folder / "sources")),
        "MARSAD_ALLOW_NETWORKS": "127.0.1.0/24",
        "MARSAD_DELAY": str(DELAY),
        "MARSAD_WORKERS": "1",
    }
    quiet = subprocess.DEVNULL
    command = [sys.executable, "-m", "marsad.cli", "crawl"]
    return psutil.Popen(command, cwd=ROOT, env=environ, stdout=quiet, stderr=quiet)


def _until_done(world: World, good: list[Outlet], process: psutil.Popen) -> int:
    """The crawl's own peak memory, its workers left out, while the honest sites are fetched."""
    wanted = sum(1 for one in good for article in one.articles if article.via)
    peak, deadline = 0, time.monotonic() + PATIENCE
    sites = {one.site for one in good}
    while process.poll() is None and time.monotonic() < deadline:
        peak = max(peak, process.memory_info().rss)
        if sum(seen.site in sites and seen.path.startswith("/news/") for seen in world.requests()) >= wanted:
            break
        time.sleep(0.1)
    return peak


def _finished(world: World, outlet: Outlet) -> list[Seen]:
    return [seen for seen in world.requests(site=outlet.site) if seen.end is not None]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hostile", description=__doc__)
    parser.add_argument("--honest", type=int, default=10)
    parser.add_argument("--hostile", type=int, default=10)
    parser.add_argument("--articles", type=int, default=20)
    asked = parser.parse_args()
    found = {}
    for name, bad in (("alone", 0), ("among hostile sites", asked.hostile)):
        one = crawl(asked.honest, bad, asked.articles)
        found[name] = {
            "wait_ms_p50": round(statistics.median(one.waits) * 1000, 1),
            "wait_ms_p95": round(percentile(one.waits, 0.95) * 1000, 1),
            "peak_memory_mb": round(one.peak_mb),
        }
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
