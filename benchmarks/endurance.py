"""What the service holds in memory after 50,000 fetched pages, against after 5,000.

    python -m benchmarks.endurance [--pages 50000] [--first 5000] [--sites 40]

The real `marsad run` over outlets on loopback that print all of it at once, without delays. Memory is what the
service's own process holds (resident, not the peak), the median over the thousand pages before each mark. Takes 10 to
30 minutes.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks.shared import ROOT
from tests.site import Outlet, World, listings
from tests.site.behaviours import text
from tests.site.outlet import FEED

WINDOW = 1_000
PATIENCE = 5400.0
MB = 2**20


@dataclass(frozen=True, slots=True)
class Sample:
    """`own`: the service's process; `others`: the extraction processes; `data`: files of the store and the index."""

    pages: int
    own: int
    others: int
    data: int


def print_all(outlet: Outlet, articles: int) -> None:
    outlet.hops = 0
    for _ in range(articles):
        outlet.add()
    entries = [
        listings.Entry(url=one.url, title=one.text.title, summary=one.text.summary, published=one.published)
        for one in outlet.articles
    ]
    outlet.behave(FEED, text(listings.rss(outlet.name, outlet.home, entries), "application/rss+xml; charset=utf-8"))


def start(world: World, folder: Path) -> psutil.Popen:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MARSAD_")}
    environ = kept | {
        "MARSAD_DATA": str(folder / "data"),
        "MARSAD_SOURCES": str(world.write_sources(folder / "sources")),
        "MARSAD_ALLOW_NETWORKS": "127.0.1.0/24",
        "MARSAD_DELAY": "0",
        "MARSAD_METRICS_PORT": "0",
        "MARSAD_MAX_AGE": "365d",
    }
    with (folder / "errors.txt").open("wb") as errors:
        command = [sys.executable, "-m", "marsad.cli", "run"]
        return psutil.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=errors)


def samples(world: World, service: psutil.Popen, folder: Path, pages: int) -> Iterator[Sample]:
    deadline = time.monotonic() + PATIENCE
    seen = fetched = 0
    while fetched < pages and service.poll() is None and time.monotonic() < deadline:
        time.sleep(0.2)
        new = world.requests(since=seen)
        seen += len(new)
        fetched += sum(one.path.startswith("/news/") for one in new)
        yield Sample(
            fetched, service.memory_info().rss, sum(map(_resident, service.children(recursive=True))), _size(folder)
        )


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in (folder / "data").glob("*.db"))


def at(mark: int, found: list[Sample]) -> dict[str, Any]:
    near = [one for one in found if mark - WINDOW < one.pages <= mark + WINDOW // 10] or found[-1:]
    return {
        "pages": near[-1].pages,
        "service_mb": round(statistics.median(one.own for one in near) / MB, 1),
        "extraction_mb": round(statistics.median(one.others for one in near) / MB, 1),
        "store_and_index_mb": round(near[-1].data / MB, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.endurance", description=__doc__)
    parser.add_argument("--pages", type=int, default=50_000)
    parser.add_argument("--first", type=int, default=5_000)
    parser.add_argument("--sites", type=int, default=40)
    asked = parser.parse_args()
    with World() as world, tempfile.TemporaryDirectory(prefix="endurance-") as name:
        for _ in range(asked.sites):
            print_all(world.outlet(endpoints=("feed",)), asked.pages // asked.sites)
        service = start(world, Path(name))
        found: list[Sample] = []
        for one in samples(world, service, Path(name), asked.pages):
            if one.pages // asked.first > (found[-1].pages if found else 0) // asked.first:
                print(json.dumps(at(one.pages, [*found, one])), flush=True)
            found.append(one)
        service.terminate()
        service.wait()
    first, last = at(asked.first, found), at(asked.pages, found)
    print(json.dumps({"first": first, "last": last, "grown_mb": round(last["service_mb"] - first["service_mb"], 1)}))
    sys.exit(last["pages"] < asked.pages)


if __name__ == "__main__":
    main()
