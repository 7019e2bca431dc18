"""What an Arabic page costs in CPU, beside trafilatura and, where it is installed, news-please.

    python -m benchmarks.extraction.cost [--peers PYTHON]

Each reader takes every page several times, in turns, and its best time counts: news-please in a process of its own, by
the interpreter that `--peers` names (it needs other versions of our dependencies than we do). Nothing is fetched.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from benchmarks.extraction.pages import NOW, evaluation, page_of, source_of
from news.extract import extract

ROUNDS = 7
PEER = """
import json, logging, sys, time
logging.disable(logging.CRITICAL)
from newsplease import NewsPlease
best = {}
pages = json.load(sys.stdin)
for _ in range(%d):
    for path, url in pages:
        html = open(path, encoding="utf-8", errors="replace").read()
        started = time.process_time_ns()
        NewsPlease.from_html(html, url=url)
        spent = (time.process_time_ns() - started) / 1e6
        best[path] = min(spent, best.get(path, spent))
print(json.dumps(best))
"""


def costs(readers: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Milliseconds of CPU: the best of several turns."""
    best: dict[str, float] = {}
    for _ in range(ROUNDS):
        for name, read in readers.items():
            started = time.process_time_ns()
            read()
            spent = (time.process_time_ns() - started) / 1e6
            best[name] = min(spent, best.get(name, spent))
    return best


def inside(pages: Sequence[tuple[Path, str]]) -> dict[Path, dict[str, float]]:
    import trafilatura

    found = {}
    for path, url in pages:
        body = path.read_bytes()
        bare = partial(trafilatura.bare_extraction, body.decode("utf-8", "replace"), url=url, with_metadata=True)
        readers: dict[str, Callable[[], object]] = {
            "marsad": partial(extract, page_of(url, body), source_of(url), NOW),
            "trafilatura": bare,
            "trafilatura, fast": partial(bare, fast=True),
        }
        found[path] = costs(readers)
    return found


def beside(python: str, pages: Sequence[tuple[Path, str]]) -> dict[Path, float] | str:
    """The costs of news-please, or why there are none."""
    listed = json.dumps([(str(path), url) for path, url in pages])
    command = [python, "-c", PEER % ROUNDS]
    try:
        done = subprocess.run(command, input=listed, capture_output=True, text=True, check=True)
    except OSError as error:
        return str(error)
    except subprocess.CalledProcessError as error:
        return str(error.stderr).strip().rpartition("\n")[2]
    return {Path(path): spent for path, spent in json.loads(done.stdout.splitlines()[-1]).items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", metavar="PYTHON", help="an interpreter that has news-please")
    asked = parser.parse_args()
    folder = evaluation() / "pages"
    if not folder.is_dir():
        print(f"no evaluation pages at {folder}; set MARSAD_SHARED", file=sys.stderr)
        return 1
    gold = json.loads((folder / "GOLD.json").read_text(encoding="utf-8"))
    pages = [(folder / one["file"], one["url"]) for one in gold]
    found = inside(pages)
    peer = beside(asked.peers, pages) if asked.peers else "--peers was not given"
    if isinstance(peer, str):
        print(f"news-please skipped: {peer}")
    else:
        for path, spent in peer.items():
            found[path]["news-please"] = spent
    report(found)
    return 0


def report(found: Mapping[Path, Mapping[str, float]]) -> None:
    for path, spent in found.items():
        print(f"  {path.name:24} " + " · ".join(f"{name} {cost:.1f} ms" for name, cost in spent.items()))
    for name in list(next(iter(found.values())))[1:]:
        ratios = [spent[name] / spent["marsad"] for spent in found.values()]
        print(f"  {name} / marsad: {sum(ratios) / len(ratios):.1f} (mean of {len(ratios)} ratios)")


if __name__ == "__main__":
    sys.exit(main())
