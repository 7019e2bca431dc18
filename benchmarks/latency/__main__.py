"""How long a search takes: both back ends, with the corpus and with 300,000 documents.

    python -m benchmarks.latency [--sizes 0 300000] [--backends embedded elasticsearch] [--folder FOLDER] [--kinds]

Size 0 is the corpus itself, through `marsad import`; any other so many documents recombined from its articles. Some 280
queries go through `index.search`, each once, after others have warmed process and caches: ten hits with snippets,
copies folded, totals counted. Then ten first queries, each in a process of its own, by the time that `marsad search`
tells. The node is the tests' own, with a heap of 1 GB. Filling 300,000 takes some 20 minutes for both and 4 GB;
`--folder` keeps them for the next run.
"""

import argparse
import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from math import ceil
from pathlib import Path
from typing import Final, Literal

from benchmarks.corpus import write_import
from benchmarks.latency.press import A_DAY, fill
from benchmarks.latency.queries import Asked, queries
from benchmarks.shared import marsad, percentile, spread
from index.backends import SearchIndex, open_backend
from index.follower import follow
from index.search import search
from index.store import Store
from marsad.config import Settings, load_settings
from news.documents import SearchQuery, SearchResult
from tests.elastic.node import Node, find_jdk, unpacked

Sort = Literal["newest", "best"]
SORTS: Final[tuple[Sort, ...]] = ("newest", "best")
CORPUS: Final = 0
FIRST: Final = 10
# Of the documents that are made, not of today: a folder that is kept stays as it is asked.
NOW: Final = datetime(2026, 11, 23, 9, tzinfo=UTC)
OF_CORPUS: Final = (datetime(2018, 6, 1, tzinfo=UTC), 120, ("alarabia", "france24", "bbc"))  # its end, days, outlets


def store_of(folder: Path, size: int) -> None:
    """Leaves what is there as it is."""
    if (folder / "filled").exists():
        return
    began = time.perf_counter()
    if size == CORPUS:
        folder.mkdir(parents=True)
        write_import(folder / "corpus.jsonl")
        marsad("import", folder / "corpus.jsonl", data=folder)
    else:
        with Store.open(folder) as store:
            fill(store, size, NOW)
    (folder / "filled").touch()
    print(f"  store filled in {time.perf_counter() - began:.0f} s", flush=True)


def bring_up(settings: Settings, folder: Path) -> None:
    """The search index follows the store; what it has already is not read again."""
    began = time.perf_counter()
    with Store.open(folder) as store, open_backend(settings, store) as index:
        sent = follow(store, index).sent
    if sent:
        print(f"  {sent} documents indexed in {time.perf_counter() - began:.0f} s", flush=True)


def measure(settings: Settings, folder: Path, size: int, *, kinds: bool) -> None:
    asked_of = OF_CORPUS if size == CORPUS else (NOW, ceil(size / A_DAY), ("outlet0", "outlet3", "outlet40"))
    warming, asked = queries(*asked_of, seed=1), queries(*asked_of, seed=2)
    with Store.open(folder, readonly=True) as store, open_backend(settings, store, readonly=True) as index:
        for sort in SORTS:
            for one in warming:
                timed(store, index, one, sort)
            began = time.thread_time()
            found = [(one.kind, timed(store, index, one, sort)) for one in asked]
            cpu = 1000 * (time.thread_time() - began) / len(asked)
            nothing = sum(not result.total for _, result in found)
            took = [result.took_ms for _, result in found]
            print(f"  {sort}: {spread(took, 'ms')}; mean {sum(took) / len(took):.2f} ms, of which this thread computes "
                  f"{cpu:.2f} ms; {nothing} found nothing", flush=True)  # fmt: skip
            if kinds:
                by_kind(found)


def timed(store: Store, index: SearchIndex, asked: Asked, sort: Sort) -> SearchResult:
    result = search(store, index, replace(asked.query, sort=sort))
    if not isinstance(result, SearchResult):
        raise SystemExit(f"{asked.query.text!r} was refused: {result}")
    return result


def by_kind(found: Sequence[tuple[str, SearchResult]]) -> None:
    took: defaultdict[str, list[float]] = defaultdict(list)
    for kind, result in found:
        took[kind].append(result.took_ms)
    for kind, values in sorted(took.items()):
        print(f"    {kind:25} {spread(values, 'ms')}, most {max(values):.1f} ms")


def first_queries(folder: Path, environ: dict[str, str]) -> None:
    """Imports, word lists and caches of a new process are in the whole command's time; the answer's is told apart."""
    asked = [one.query.text for one in queries(*OF_CORPUS, seed=3) if one.query == SearchQuery(text=one.query.text)]
    asked = asked[:FIRST]
    whole, answers = [], []
    for text in asked:
        began = time.perf_counter()
        answer = marsad("search", "--json", "--", text, data=folder, environ=environ).stdout
        whole.append(1000 * (time.perf_counter() - began))
        answers.append(json.loads(answer)["took_ms"])
    print(f"  first query of a process: {spread(answers, 'ms')}; the whole command {percentile(whole, 0.5):.0f} ms")


@contextmanager
def a_node() -> Iterator[Node]:
    jdk = find_jdk()
    if jdk is None:
        raise SystemExit("A node needs a JDK 25 and Maven; leave it out with --backends embedded.")
    node = Node(jdk, unpacked(jdk), heap="1g")
    try:
        node.start()
        yield node
    finally:
        node.remove()


def run(folder: Path, sizes: Sequence[int], backends: Sequence[str], *, kinds: bool) -> None:
    with ExitStack() as stack:
        node = stack.enter_context(a_node()) if "elasticsearch" in backends else None
        for size in sizes:
            data = folder / f"documents-{size or 'corpus'}"
            print(f"{size:,} documents" if size else "the corpus", flush=True)
            store_of(data, size)
            if "embedded" in backends:
                ask("embedded", {}, data, size, kinds=kinds)
            if node is not None:
                ask("elasticsearch", _environ(node, size), data, size, kinds=kinds)


def ask(name: str, environ: dict[str, str], data: Path, size: int, *, kinds: bool) -> None:
    print(f" {name}", flush=True)
    settings = load_settings(environ=environ)
    bring_up(settings, data)
    measure(settings, data, size, kinds=kinds)
    first_queries(data, environ)


def _environ(node: Node, size: int) -> dict[str, str]:
    return {"MARSAD_ELASTICSEARCH_URL": node.url, "MARSAD_ELASTICSEARCH_ALIAS": f"latency-{size}"}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[CORPUS, 300_000])
    parser.add_argument("--backends", nargs="+", choices=["embedded", "elasticsearch"],
                        default=["embedded", "elasticsearch"])  # fmt: skip
    parser.add_argument("--folder", type=Path, help="keep the data folders here, and go on with them")
    parser.add_argument("--kinds", action="store_true", help="also by kind of query")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        run(chosen.folder or Path(scratch), chosen.sizes, chosen.backends, kinds=chosen.kinds)
