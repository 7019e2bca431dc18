"""The corpus is sent while the node is killed again and again: is anything missing, doubled or stale?

    python -m benchmarks.elastic.kills [--kills 20]

Each kill is a SIGKILL at a moment that chance chooses within the sending, at even steps of the corpus.
"""

import argparse
import random
import tempfile
import threading
from pathlib import Path

from elasticsearch import Elasticsearch

from benchmarks.elastic import corpus as elastic_corpus
from benchmarks.replay.checks import Checks
from index.elastic.index import ElasticIndex
from index.follower import follow
from index.store import Store
from tests.elastic.filling import until_all_is_sent
from tests.elastic.node import Node

BATCH = 200
ALIAS = "killed"


def kill_often(node: Node, store: Store, index: ElasticIndex, kills: int, chance: random.Random) -> list[int]:
    """What was known to be taken at each kill."""
    whole, sent, known = store.count_documents(), 0, []
    for number in range(kills):
        goal = whole * (number + 1) // (kills + 1)
        sent += send_until_killed(node, store, index, goal - sent, chance.uniform(0, 0.4))
        known.append(sent)
        node.start()
    return known


def send_until_killed(node: Node, store: Store, index: ElasticIndex, goal: int, delay: float) -> int:
    """The node falls so many seconds after `goal` documents, or when there is nothing left. How many were sent."""
    fired, sent = threading.Event(), 0

    def fire() -> None:
        node.kill()
        fired.set()

    shot = threading.Timer(delay, fire)

    def progress(done: int) -> None:
        if sent + done >= goal and shot.ident is None:
            shot.start()

    while not fired.is_set():
        index.sink.try_now()
        report = follow(store, index, BATCH, progress)
        sent += report.sent
        if not report.pending and shot.ident is None:
            shot.start()
    return sent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=20261124)
    asked = parser.parse_args()
    checks = Checks()
    with (
        tempfile.TemporaryDirectory() as scratch,
        Store.open(Path(scratch) / "data") as store,
        elastic_corpus.running_node() as node,
        elastic_corpus.opened(node, ALIAS, store) as index,
    ):
        elastic_corpus.put(store, elastic_corpus.articles())
        whole = store.count_documents()
        print(f"{whole} documents", flush=True)
        known = kill_often(node, store, index, asked.kills, random.Random(asked.seed))
        print(f"{asked.kills} kills, when so many were known to be taken: {known}", flush=True)
        until_all_is_sent(store, index)
        found = index.differences()
        with Elasticsearch(node.url) as client:
            client.indices.refresh(index=ALIAS)
            there = client.count(index=ALIAS)["count"]
    checks.that("every document was compared", found.compared == whole, found.compared)
    checks.that("missing", not found.missing, len(found.missing))
    checks.that("stale", not found.stale, len(found.stale))
    checks.that("doubled or unknown", not found.unknown and there == whole, f"{len(found.unknown)}, {there} in all")
    return checks.failed > 0


if __name__ == "__main__":
    raise SystemExit(main())
