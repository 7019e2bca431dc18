"""What hostile servers cost the honest ones: their waits and our memory, with and without bad neighbours.

    python -m benchmarks.hostile

A wait is what passes between the moment a site may be asked again and its next request, in the server's own seconds.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.shared import ROOT, percentile
from tests.site import Outlet, World
from tests.site.behaviours import drip, gzip_bomb, hang, header_bomb, huge, redirect, reset
from tests.site.exchange import Behaviour
from tests.site.log import Seen, gaps

DELAY = 0.5
BAD: tuple[Behaviour, ...] = (header_bomb, gzip_bomb, huge(60 << 20), hang, drip(0.05), redirect("?more"), reset)
PATIENCE = 600.0


@dataclass(frozen=True, slots=True)
class Crawl:
    waits: list[float]
    peak_mb: float


def crawl(honest: int, hostile: int, articles: int) -> Crawl:
    with World() as world, tempfile.TemporaryDirectory(prefix="hostile-") as name:
        good = [world.outlet(articles=articles) for _ in range(honest)]
        for _ in range(hostile):
            _poison(world.outlet(articles=articles))
        folder = Path(name)
        process = _start(world, folder)
        peak = _until_done(world, good, process)
        process.kill()
        process.wait()
        return Crawl([gap - DELAY for one in good for gap in gaps(_finished(world, one))], peak / 2**20)


def _poison(outlet: Outlet) -> None:
    for number, one in enumerate(outlet.articles):
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
