"""What one more article costs in a store of 10,000, 100,000 and 1,000,000 documents.

    python -m benchmarks.growth [--sizes 10000 100000 1000000] [--a-week 70000] [--folder FOLDER]

A store of each size is filled with documents that have the size, the indexes and the keys of real ones (a part of the
keys is shared by many, as in real texts), week after week. Then batches of real articles of the corpus, some of them
copies of others, come into each store's latest full week in turn by the whole import path: a batch is one transaction
of the writer, committed and, when its time comes, checkpointed. CPU-ms an article: fingerprint, decision with its
candidates, and the whole path; the ratio is the median of the batches' own. Filling 1,000,000 takes ten minutes and
7 GB.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import track
from sqlalchemy import Connection, func, insert, select

import index.documents.arrivals
from benchmarks.copies.edits import framed
from benchmarks.copies.labelled import telling
from benchmarks.copies.telling import Telling
from benchmarks.corpus import rows
from benchmarks.orders import FOUND, snapshot
from benchmarks.stopwatch import Stopwatch
from index.database import documents, fingerprints, knowledge, urls
from index.documents.fingerprints import DAYS, KEEP_BANDS, band_rows, day_of
from index.documents.importing import import_article
from index.store import Store
from news.copies.fingerprints import KEYS, VALUES, fingerprint
from news.documents import Article, ParsedDate, Precision, ReadArticle

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # a Thursday, as that of the epoch: there the weeks begin
# Articles in one transaction, as many as an import puts into one.
MEASURED = 100
# Of the articles measured; as many are near-copies of another outlet's in three weeks of Saudi papers.
COPIES = 0.3
# What is read once is not an article's cost: the filter of the keys, and the pages that are in use all the time.
WARMING = 8
ROUNDS = 15
STEP = 10_000
# Of the keys; real texts share that many with strangers (11,470 articles: 2 % of the keys are in more than one).
COMMON_KEYS = 0.02
COMMON = 50_000


def measured(chance: random.Random, number: int) -> Iterator[list[Article]]:
    """Batches of other articles each."""
    told = [telling(row) for row in chance.sample(list(rows()), MEASURED * number)]
    for start in range(0, len(told), MEASURED):
        found = told[start : start + MEASURED]
        copied = chance.sample(found, round(COPIES * MEASURED))
        found[-len(copied) :] = [Telling(one.title, framed(one.text, 0, (), chance)) for one in copied]
        yield [_article(start + at, one) for at, one in enumerate(found)]


def _article(number: int, one: Telling) -> Article:
    url = f"https://new.example/{number}"
    return Article(
        url=url, requested_url=url, source=f"outlet{number % 20}", title=one.title, text=one.text, fetched_at=NOW,
    )  # fmt: skip


def fill(conn: Connection, start: int, count: int, a_week: int) -> None:
    """Documents `start` to `start + count`, in the order of their days."""
    made = np.random.default_rng(start)
    common = np.random.default_rng(0).integers(-(2**63), 2**63 - 1, COMMON, dtype=np.int64)
    keys = made.integers(-(2**63), 2**63 - 1, (count, KEYS), dtype=np.int64)
    shared = made.random((count, KEYS)) < COMMON_KEYS
    keys[shared] = common[made.integers(0, COMMON, int(shared.sum()))]
    numbers = range(start + 1, start + count + 1)
    days = [day_of(_moment(number, a_week)) for number in numbers]
    conn.execute(insert(documents), list(_documents(numbers)))
    conn.execute(insert(urls), list(_urls(numbers)))
    minhashes = made.integers(0, 2**32, (count, VALUES), dtype=np.uint32)
    conn.execute(insert(fingerprints), [
        {"document": number, "week": day // DAYS, "content_hash": sha256(str(number).encode()).digest(),
         "minhash": minhashes[at].tobytes(), "shingles": 250, "bands": keys[at].tobytes()}
        for at, (number, day) in enumerate(zip(numbers, days, strict=True))
    ])  # fmt: skip
    rows = {
        row
        for number, day, mine in zip(numbers, days, keys.tolist(), strict=True)
        for row in band_rows(mine, day, number)
    }
    conn.exec_driver_sql(KEEP_BANDS, sorted(rows))


def _moment(number: int, a_week: int) -> datetime:
    """When a document was published: so many a week, from the first day on."""
    return FIRST_DAY + timedelta(days=number * DAYS / a_week)


def _documents(numbers: range) -> Iterator[dict[str, Any]]:
    text = "نص " * 700
    for number in numbers:
        id_ = _id(number)
        yield {
            "row": number, "id": id_, "seq": number, "created_seq": number, "source": f"outlet{number % 100}",
            "cluster_id": id_, "first_seen_at": NOW - timedelta(days=400), "fetched_at": NOW, "revision": 1,
            "revised_at": NOW, "url": _url(number), "requested_url": _url(number), "found_kind": "import",
            "language": "ar", "authors": (), "credits": (), "stories": (), "title": f"عنوان {number}", "text": text,
        }  # fmt: skip


def _urls(numbers: range) -> Iterator[dict[str, Any]]:
    for number in numbers:
        yield {
            "url": _url(number), "source": f"outlet{number % 100}", "site": f"outlet{number % 100}.example",
            "outcome": "stored", "outcome_at": NOW, "document_id": _id(number), "hop": 0, "found_kind": "import",
            "first_listed_at": NOW, "priority_at": NOW, "attempts": 0,
        }  # fmt: skip


def _id(number: int) -> str:
    return sha256(f"id{number}".encode()).hexdigest()[:32]


def _url(number: int) -> str:
    return f"https://outlet{number % 100}.example/news/2026/{number * 7919 % 10_000_019}"


def cost(store: Store, articles: Sequence[Article], moment: datetime) -> dict[str, float]:
    """CPU-ms an article by stage."""
    watch = Stopwatch()
    published = ParsedDate(value=moment, precision=Precision.MINUTE)
    began = time.process_time()
    read = [
        ReadArticle(article=replace(one, published=published), fingerprint=fingerprint(one.title, one.text))
        for one in articles
    ]
    watch.spent["fingerprint"] = time.process_time() - began

    def take_in(conn: Connection) -> None:
        for one in read:
            import_article(conn, one, FOUND, NOW)

    with watch.watching(index.documents.arrivals, {"decision": "decided"}), watch.running("import"):
        store.writer.submit(take_in).result()
        store.writer.flush()
    return {stage: 1000 * seconds / len(articles) for stage, seconds in watch.spent.items()}


def grow(folder: Path, sizes: Sequence[int], a_week: int) -> None:
    batches = measured(random.Random(9), WARMING + ROUNDS + 1)
    known = [ReadArticle(article=one, fingerprint=fingerprint(one.title, one.text)) for one in next(batches)]
    with ExitStack() as opened:
        stores = {size: opened.enter_context(Store.open(folder / str(size))) for size in sizes}
        for size, store in stores.items():
            filled(store, size, a_week, snapshot(known))
        spent = alternating(stores, batches, a_week)
    wholes = {size: [one["fingerprint"] + one["import"] for one in costs] for size, costs in spent.items()}
    for size, costs in spent.items():
        found = {stage: statistics.median(one[stage] for one in costs) for stage in costs[0]}
        ratio = statistics.median(mine / first for mine, first in zip(wholes[size], wholes[sizes[0]], strict=True))
        print(
            f"{size:>9,} documents: fingerprint {found['fingerprint']:.3f}, decision {found['decision']:.3f}, "
            f"both {found['fingerprint'] + found['decision']:.3f}; whole path {statistics.median(wholes[size]):.3f} "
            f"CPU-ms an article, ratio to the first {ratio:.3f}",
            flush=True,
        )


def filled(store: Store, size: int, a_week: int, frozen: dict[str, Any]) -> None:
    start = _count(store)
    if start == 0:
        _do(store, lambda conn: conn.execute(insert(knowledge), frozen).close())
    for at in track(range(start, size, STEP), f"Filling {size:,}", disable=start >= size):
        _do(store, partial(fill, start=at, count=min(STEP, size - at), a_week=a_week))


def alternating(
    stores: Mapping[int, Store], batches: Iterator[list[Article]], a_week: int
) -> dict[int, list[dict[str, float]]]:
    """The same batch into each store in turn: what else the machine does, and what the articles are, falls on all."""
    spent: dict[int, list[dict[str, float]]] = {size: [] for size in stores}
    for number, batch in enumerate(batches):
        turn = number % len(stores)
        for size in [*stores, *stores][turn : turn + len(stores)]:
            # Half a week back: that week's part of the bands is full, or it has all there is.
            found = cost(stores[size], batch, _moment(max(0, size - a_week // 2), a_week))
            if number >= WARMING:
                spent[size].append(found)
    return spent


def _do(store: Store, operation: Callable[[Connection], None]) -> None:
    store.writer.submit(operation).result()


def _count(store: Store) -> int:
    with store.read() as conn:
        return int(conn.execute(select(func.coalesce(func.max(documents.c.row), 0))).scalar_one())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--a-week", type=int, default=70_000, help="documents of one week")
    parser.add_argument("--folder", type=Path, help="where the stores are made and stay")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        grow(asked.folder or Path(scratch), sorted(asked.sizes), asked.a_week)
