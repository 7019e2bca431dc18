"""Whether copies end up in the same clusters in whatever order they arrive.

    python -m benchmarks.orders [--articles 3000] [--orders 20] [--live]

The articles are the corpus's, with copies that three more outlets made of a part of them, and template news. They are
imported through the store in random orders. Frozen: all orders decide by one snapshot, made of the whole corpus, and
must give one partition. Live: each order learns as it goes; pairwise agreement is the Rand index over the pairs that
either order puts together.
"""

import argparse
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from benchmarks.copies import edits
from benchmarks.copies.labelled import telling
from benchmarks.copies.telling import Telling
from benchmarks.copies.templates import events
from benchmarks.corpus import rows
from index.database import documents, knowledge, urls
from index.documents.importing import import_article
from index.store import Store
from news.copies.census import Census
from news.copies.fingerprints import fingerprint
from news.documents import Article, FoundKind, FoundVia, ReadArticle

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
FOUND = FoundVia(kind=FoundKind.IMPORT, url=None)
OUTLETS = ("one", "two", "three", "four")
EDITS = (
    (edits.touch_words, 0.1), (edits.cut, 0.3), (edits.framed, 0.0), (edits.rewrite_sentences, 0.3),
    (edits.reordered, 0.0),
)  # fmt: skip

Partition = frozenset[frozenset[str]]


@dataclass(frozen=True, slots=True)
class Agreement:
    same: int
    either: int

    @property
    def share(self) -> float:
        return self.same / self.either if self.either else 1.0


def articles(count: int, chance: random.Random) -> list[ReadArticle]:
    found = list(rows())
    vocabulary = [word for row in chance.sample(found, 300) for word in row["text"].split()]
    told: list[tuple[str, Telling]] = []
    for row in chance.sample(found, count):
        first = telling(row)
        told.append((row["src"].lower(), first))
        if chance.random() < 0.3:
            for outlet in chance.sample(OUTLETS, chance.randint(1, 3)):
                edit, share = chance.choice(EDITS)
                told.append((outlet, Telling(first.title, edit(first.text, share, vocabulary, chance))))
    for event in events(count // 10, chance):
        told += [(outlet, event.told(title)) for title, outlet in enumerate(chance.sample(OUTLETS, 2))]
    return [arrival(number, *one) for number, one in enumerate(chance.sample(told, count))]


def arrival(number: int, source: str, one: Telling) -> ReadArticle:
    url = f"https://{source}.example/{number}"
    article = Article(url=url, requested_url=url, source=source, title=one.title, text=one.text, fetched_at=NOW)
    return ReadArticle(article=article, fingerprint=fingerprint(one.title, one.text))


def snapshot(found: Sequence[ReadArticle]) -> dict[str, Any]:
    census = Census()
    for read in found:
        census.add(read.article.source, read.article.title, read.article.text, read.fingerprint.bands)
    # Ahead of every position: nothing is counted any more.
    return {"position": 2**60, "documents": census.documents, "data": census.to_bytes()}


def partition(arriving: Sequence[ReadArticle], frozen: dict[str, Any] | None) -> Partition:
    """Addresses by the cluster that their document is in."""
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder)) as store:
        if frozen:
            store.writer.submit(lambda conn: conn.execute(insert(knowledge), frozen).close()).result()
        for at in range(0, len(arriving), 100):
            store.writer.submit(partial(_import, part=arriving[at : at + 100])).result()
        with store.read() as conn:
            return clusters(conn)


def _import(conn: Connection, part: Sequence[ReadArticle]) -> None:
    for read in part:
        import_article(conn, read, FOUND, NOW)


def clusters(conn: Connection) -> Partition:
    joined = urls.join(documents, documents.c.id == urls.c.document_id)
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for url, cluster in conn.execute(select(urls.c.url, documents.c.cluster_id).select_from(joined)):
        groups[cluster].add(url)
    return frozenset(map(frozenset, groups.values()))


def agreement(one: Partition, other: Partition) -> Agreement:
    """Of the pairs that either puts together, those that both do."""
    mine, theirs = (frozenset(_pairs(each)) for each in (one, other))
    return Agreement(len(mine & theirs), len(mine | theirs))


def _pairs(groups: Partition) -> Iterator[tuple[str, str]]:
    for group in groups:
        members = sorted(group)
        yield from ((a, b) for at, a in enumerate(members) for b in members[at + 1 :])


def measure(count: int, orders: int, live: bool) -> None:
    chance = random.Random(20)
    found = articles(count, chance)
    frozen = None if live else snapshot(found)
    first: Partition | None = None
    worst = 1.0
    for number in range(orders):
        began = time.perf_counter()
        got = partition(chance.sample(found, len(found)), frozen)
        first = first or got
        agreed = agreement(first, got)
        worst = min(worst, agreed.share)
        print(
            f"order {number + 1}: {len(got)} clusters, {sum(len(group) > 1 for group in got)} with copies, "
            f"{'the same partition' if got == first else f'agreement {agreed.share:.4f} of {agreed.either} pairs'}, "
            f"{1000 * (time.perf_counter() - began) / len(found):.2f} ms an article",
            flush=True,
        )
    print(f"{'live' if live else 'frozen'}: least agreement with the first order {worst:.4f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=3000)
    parser.add_argument("--orders", type=int, default=20)
    parser.add_argument("--live", action="store_true", help="learn word frequencies as the articles come")
    asked = parser.parse_args()
    measure(asked.articles, asked.orders, asked.live)
