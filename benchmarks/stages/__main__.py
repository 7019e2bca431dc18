"""What one article costs in CPU, stage by stage, and beside Scrapy + trafilatura doing the same pages in the same run.

    python -m benchmarks.stages [--pages 1000]

First in one process: the replay's pages, and the five real ones. Then both tools as a user would start them, over a
server on loopback: marsad crawls, extracts, tells copies apart, stores and indexes; the spider writes JSON lines.
"""

import argparse
import tempfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks.replay.press import open_press
from benchmarks.replay.site import ReplaySite
from benchmarks.stages import side_by_side
from benchmarks.stages.costs import PARTS, fetches_of, keep_all, read_all, trafilatura_all
from benchmarks.stopwatch import Stopwatch
from news.documents import Page, Source

ROUNDS = 20  # of the five real pages


def inside(folder: Path) -> None:
    with ReplaySite() as site:
        press = open_press(site)
        rendered = fetches_of(press, press.listed.keys() | press.related.keys())
        real = fetches_of(press, press.real)
    for fetches in (rendered, real):  # what is loaded once is not an article's cost
        read_all(fetches[:5], Stopwatch())
        trafilatura_all(fetches[:5], Stopwatch())
    watch = Stopwatch()
    read = read_all(rendered, watch)
    keep_all(read, list({source.id: source for _, source in rendered}.values()), watch, folder)
    trafilatura_all(rendered, watch)
    table(f"rendered pages, n {len(rendered)}, {_kilobytes(rendered)} kB each", watch.spent, len(rendered))
    watch = Stopwatch()
    read_all(real * ROUNDS, watch)
    trafilatura_all(real * ROUNDS, watch)
    table(f"real pages, n {len(real)} × {ROUNDS}, {_kilobytes(real)} kB each", watch.spent, len(real) * ROUNDS)


def table(name: str, spent: Mapping[str, float], pages: int) -> None:
    cost = {stage: 1000 * seconds / pages for stage, seconds in spent.items()}
    kept = "store" in cost
    print(f"{name}: CPU-ms a page")
    for part in PARTS:
        print(f"    {part:26} {cost[part]:7.3f}")
    print(f"    {'the rest of extract':26} {cost['extract'] - sum(cost[part] for part in PARTS):7.3f}")
    print(f"  {'extract':28} {cost['extract']:7.3f}")
    print(f"  {'fingerprint':28} {cost['fingerprint']:7.3f}")
    if kept:
        print(f"    {'decide, with its candidates':26} {cost['decide, with its candidates']:7.3f}")
        print(f"  {'store, decision included':28} {cost['store']:7.3f}")
        print(f"    {'analysis':26} {cost['analysis']:7.3f}")
        print(f"  {'index, analysis included':28} {cost['index']:7.3f}")
    ours = sum(cost[stage] for stage in ("extract", "fingerprint", "store", "index") if stage in cost)
    print(f"  {'sum':28} {ours:7.3f}")
    print(f"  {'trafilatura with metadata':28} {cost['trafilatura']:7.3f}")
    print(
        f"  trafilatura / extract {cost['trafilatura'] / cost['extract']:.1f}, / sum {cost['trafilatura'] / ours:.1f}"
    )


def beside(pages: int, folder: Path, *, heavy: bool) -> None:
    kind = "in the markup of the five real ones" if heavy else "of the replay's kind"
    print(f"side by side, {pages} pages {kind}, five outlets on loopback:")
    plain = side_by_side.run("Scrapy + trafilatura", side_by_side.plain_spider, pages, folder, heavy=heavy)
    print(f"  {plain.line}", flush=True)
    ours = side_by_side.run("marsad crawl", side_by_side.marsad_crawl, pages, folder, heavy=heavy)
    print(f"  {ours.line}")
    print(
        f"  plain / marsad: {plain.cpu_a_page / ours.cpu_a_page:.2f} in CPU a page, "
        f"{plain.usage.cpu / ours.usage.cpu:.2f} in all its CPU, {plain.usage.wall / ours.usage.wall:.2f} in time"
    )


def _kilobytes(fetches: list[tuple[Page, Source]]) -> int:
    return round(sum(len(page.body) for page, _ in fetches) / len(fetches) / 1000)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=1000, help="of the run side by side")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        inside(Path(scratch) / "inside")
        for heavy in (False, True):
            beside(asked.pages, Path(scratch), heavy=heavy)
