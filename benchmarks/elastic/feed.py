"""How fast the store is sent to Elasticsearch, beside the most that its own client can send in the same minutes.

    python -m benchmarks.elastic.feed [--rounds 5]

Both send the corpus to indices made by the same template, in alternating order. The client is given all documents ready
in memory and the better of its two bulk helpers; ours reads them from the store, renders them, and accounts for each.
Making the indices is in neither figure. Figures are documents a second; only their ratio means anything elsewhere.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import parallel_bulk, streaming_bulk

from benchmarks.elastic import corpus as elastic_corpus
from index.documents.stored import documents_after
from index.elastic.documents import indexed
from index.elastic.names import Names, month_of, writing
from index.follower import follow
from index.store import Store
from tests.elastic.conftest import remove
from tests.elastic.node import Node

OPTIONS: dict[str, Any] = {"chunk_size": 500, "max_chunk_bytes": 8 << 20, "raise_on_error": False}
WANTED = 0.95


class Race:
    """Every run under an alias of its own, its indices there before the clock starts and gone after it stopped."""

    def __init__(self, node: Node, store: Store) -> None:
        self._node = node
        self._store = store
        self._runs = 0
        with store.read() as conn:
            self._documents = documents_after(conn, 0, 10**6)
        now = datetime.now(UTC)
        self._ready = [(document, indexed(document, {}, document.title, now)) for document in self._documents]

    def ours(self) -> float:
        return self._run(lambda alias: self._follow(alias))

    def streaming(self) -> float:
        return self._run(
            lambda alias: self._client(alias, lambda client, actions: streaming_bulk(client, actions, **OPTIONS))
        )

    def parallel(self) -> float:
        return self._run(
            lambda alias: self._client(
                alias, lambda client, actions: parallel_bulk(client, actions, thread_count=2, **OPTIONS)
            )
        )

    def _run(self, send: Callable[[str], int]) -> float:
        self._runs += 1
        alias = f"race{self._runs}"
        with elastic_corpus.opened(self._node, alias, self._store) as index:
            index.place.ensure(
                index.place.look(datetime.now(UTC)), {month_of(one.first_seen_at) for one in self._documents}
            )
        began = time.perf_counter()
        sent = send(alias)
        seconds = time.perf_counter() - began
        if sent != len(self._documents):
            raise RuntimeError(f"{sent} of {len(self._documents)} were sent")
        with Elasticsearch(self._node.url) as client:
            remove(client, Names(alias))
        return sent / seconds

    def _follow(self, alias: str) -> int:
        with elastic_corpus.opened(self._node, alias, self._store) as index:
            return follow(self._store, index).sent

    def _client(self, alias: str, helper: Callable[[Elasticsearch, Iterator[dict[str, Any]]], Any]) -> int:
        with Elasticsearch(self._node.url, request_timeout=60) as client:
            return sum(ok for ok, _ in helper(client, self._actions(Names(alias))))

    def _actions(self, names: Names) -> Iterator[dict[str, Any]]:
        for document, source in self._ready:
            target = writing(names.index(1, month_of(document.first_seen_at)))
            yield {"_op_type": "index", "_index": target, "_id": document.id, "version": document.seq,
                   "version_type": "external", "_source": source}  # fmt: skip


def measure(race: Race, rounds: int) -> float:
    """The first round warms the node, and counts for nothing."""
    shares = []
    for number in range(rounds + 1):
        order = [race.streaming, race.parallel, race.ours]
        figures = {run.__name__: run() for run in (order if number % 2 else reversed(order))}
        share = figures["ours"] / max(figures["streaming"], figures["parallel"])
        print(
            f"round {number}: {', '.join(f'{name} {rate:.0f}/s' for name, rate in figures.items())}, {share:.3f}",
            flush=True,
        )
        if number:
            shares.append(share)
    return statistics.median(shares)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as scratch,
        Store.open(Path(scratch) / "data") as store,
        elastic_corpus.running_node(heap="1g") as node,
    ):
        elastic_corpus.put(store, elastic_corpus.articles())
        print(f"{store.count_documents()} documents", flush=True)
        share = measure(Race(node, store), asked.rounds)
    print(f"median {share:.3f} of the client's own; wanted {WANTED}")
    return share < WANTED


if __name__ == "__main__":
    raise SystemExit(main())
