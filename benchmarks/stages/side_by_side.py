"""`marsad crawl` and a plain Scrapy + trafilatura spider over the same pages of the same server, as processes."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.replay.__main__ import environment
from benchmarks.replay.press import FEED
from benchmarks.replay.site import ReplaySite
from benchmarks.shared import marsad_json
from benchmarks.stages.bulk_press import open_bulk
from benchmarks.usage import Usage, usage_of

FEW = 5  # pages of the run that tells what merely starting costs


@dataclass(frozen=True, slots=True)
class Run:
    """One tool over so many pages: `got` of them gave a document. `idle` is its usage for hardly any page."""

    tool: str
    pages: int
    got: int
    usage: Usage
    idle: Usage

    @property
    def cpu_a_page(self) -> float:
        """Milliseconds, without what starting costs."""
        return 1000 * (self.usage.cpu - self.idle.cpu) / (self.pages - FEW)

    @property
    def line(self) -> str:
        return (
            f"{self.tool:24} {self.got:5} of {self.pages} documents, {self.usage.wall:6.1f} s, "
            f"{self.pages / self.usage.wall:6.1f} pages/s, CPU {self.usage.cpu:6.1f} s "
            f"({self.usage.workers:.1f} in workers; {self.idle.cpu:.1f} to start), {self.cpu_a_page:6.2f} CPU-ms a page"
        )


Tool = Callable[[ReplaySite, Path], tuple[int, Usage]]


def run(name: str, tool: Tool, pages: int, folder: Path, *, heavy: bool = False) -> Run:
    got: dict[int, tuple[int, Usage]] = {}
    for count in (FEW, pages):
        with ReplaySite() as site:
            assert len(open_bulk(site, count, heavy=heavy)) == count
            scratch = folder / f"{name}-{count}-{heavy}".replace(" ", "-")
            scratch.mkdir()
            got[count] = tool(site, scratch)
    return Run(name, pages, got[pages][0], got[pages][1], got[FEW][1])


def marsad_crawl(site: ReplaySite, folder: Path) -> tuple[int, Usage]:
    environ = environment(site.write_sources(folder / "sources"))
    data = folder / "data"
    usage = usage_of([sys.executable, "-m", "marsad.cli", "--data", str(data), "crawl", "--json"], environ)
    return marsad_json("status", data=data, environ=environ)["totals"]["stored"], usage


def plain_spider(site: ReplaySite, folder: Path) -> tuple[int, Usage]:
    out = folder / "out.jsonl"
    feeds = [outlet.origin + FEED for outlet in site.outlets.values()]
    usage = usage_of([sys.executable, "-m", "benchmarks.stages.plain_spider", str(out), *feeds])
    return len(out.read_text(encoding="utf-8").splitlines()), usage
