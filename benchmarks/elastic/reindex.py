"""`marsad reindex` of the corpus while people search and the press goes on: which search fails, which write is lost?

    python -m benchmarks.elastic.reindex

Two readers ask for known articles without a pause: each answer must have the one that was asked for. The service adds,
edits and removes documents meanwhile. At the end the index is held against the store, version by version.
"""

import argparse
import random
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, select, update

from benchmarks.elastic import corpus as elastic_corpus
from benchmarks.replay.checks import Checks
from benchmarks.shared import spread
from index.database import documents
from index.documents.forgetting import forget
from index.documents.sequence import next_seq
from index.elastic.index import ElasticIndex
from index.elastic.verdicts import ElasticError
from index.embedded.finding import Found
from index.follower import follow
from index.store import Store
from news.documents import Article, SearchQuery
from tests.elastic.filling import until_all_is_sent
from tests.elastic.node import Node

ALIAS = "anew"
KEPT_BACK = 500  # articles that come in while the index is built anew
ASKED = 300


@dataclass(slots=True)
class Reader:
    """Asks for articles by their titles, one after the other."""

    node: Node
    store: Store
    wanted: list[tuple[str, str]]
    stop: threading.Event
    failed: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    took: list[float] = field(default_factory=list)

    def run(self) -> None:
        settings = elastic_corpus.told(self.node, ALIAS, Path(self.store.folder))
        with ElasticIndex.open(settings, self.store, {}, readonly=True) as index:
            while not self.stop.is_set():
                for id_, title in self.wanted:
                    self._ask(index, id_, title)

    def _ask(self, index: ElasticIndex, id_: str, title: str) -> None:
        began = time.perf_counter()
        try:
            found = index.search(SearchQuery(text=title, limit=1000, all_copies=True))
        except ElasticError as error:
            self.failed.append(str(error))
            return
        self.took.append(1000 * (time.perf_counter() - began))
        if not (isinstance(found, Found) and any(hit.id == id_ for hit in found.hits)):
            self.without.append(title)


@dataclass(slots=True)
class Service:
    """A press that goes on, and a follower that sends it, as `marsad run` does."""

    node: Node
    store: Store
    coming: list[tuple[datetime, Article]]
    spare: list[str]
    stop: threading.Event
    writes: int = 0

    def run(self) -> None:
        with elastic_corpus.opened(self.node, ALIAS, self.store) as index:
            while not self.stop.is_set():
                self._write()
                follow(self.store, index)
                self.stop.wait(0.1)

    def _write(self) -> None:
        now = datetime.now(UTC)
        added, self.coming = self.coming[:5], self.coming[5:]
        elastic_corpus.put(self.store, [(now, article) for _, article in added])
        gone, edited = (self.spare.pop() for _ in range(2)) if len(self.spare) > 1 else (None, None)
        if gone and edited:
            self.store.writer.submit(partial(forget, url=gone, now=now, reason="asked")).result()
            self.store.writer.submit(partial(edit, id_=edited, now=now)).result()
        self.writes += len(added) + 2 * bool(gone)


def edit(conn: Connection, id_: str, now: datetime) -> None:
    change = {"seq": next_seq(conn, now), "summary": "خلاصة جديدة"}
    conn.execute(update(documents).where(documents.c.id == id_).values(change))


def known(store: Store, chance: random.Random) -> tuple[list[tuple[str, str]], list[str]]:
    """Articles to ask for (ids and titles, as phrases), and others to edit and remove."""
    with store.read() as conn:
        rows = [tuple(row) for row in conn.execute(select(documents.c.id, documents.c.title).order_by(documents.c.row))]
    chance.shuffle(rows)
    asked = [(id_, f'"{title}"') for id_, title in rows if '"' not in title and len(title.split()) > 3][:ASKED]
    named = {id_ for id_, _ in asked}
    return asked, [id_ for id_, _ in rows if id_ not in named][:400]


def beside(runs: list[Callable[[], None]], stop: threading.Event, work: Callable[[], None]) -> None:
    threads = [threading.Thread(target=run) for run in runs]
    for thread in threads:
        thread.start()
    try:
        work()
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def main() -> int:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    checks, stop = Checks(), threading.Event()
    with (
        tempfile.TemporaryDirectory() as scratch,
        Store.open(Path(scratch) / "data") as store,
        elastic_corpus.running_node(heap="1g") as node,
        elastic_corpus.opened(node, ALIAS, store) as index,
    ):
        articles = elastic_corpus.articles()
        elastic_corpus.put(store, articles[:-KEPT_BACK])
        until_all_is_sent(store, index)
        index.place.client.indices.refresh(index=ALIAS)
        print(f"{store.count_documents()} documents", flush=True)
        wanted, spare = known(store, random.Random(5))
        readers = [Reader(node, store, part, stop) for part in (wanted[::2], wanted[1::2])]
        service = Service(node, store, articles[-KEPT_BACK:], spare, stop)
        began = time.perf_counter()
        runs = [*(reader.run for reader in readers), service.run]
        beside(runs, stop, lambda: index.rebuild(lambda sink: follow(store, sink)))
        print(f"built anew in {time.perf_counter() - began:.1f} s, {service.writes} writes meanwhile")
        until_all_is_sent(store, index)
        found, whole = index.differences(), store.count_documents()
    took = [one for reader in readers for one in reader.took]
    print(f"searches: {spread(took, 'ms')}")
    failed = [one for reader in readers for one in reader.failed]
    checks.that("no search failed", not failed, f"{len(failed)} of {len(took) + len(failed)} {failed[:1] or ''}")
    without = [one for reader in readers for one in reader.without]
    checks.that("every answer had the article that was asked for", not without, f"{len(without)} without")
    lost = f"{found.compared} compared, {len(found.missing)} missing, {len(found.stale)} stale, "
    equal = not found and found.compared == whole
    checks.that("no write was lost", equal, f"{lost}{len(found.unknown)} unknown")
    return checks.failed > 0


if __name__ == "__main__":
    raise SystemExit(main())
