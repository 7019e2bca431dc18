"""Many articles into a real store, and from there into an index."""

import random
import time
from datetime import UTC, datetime
from functools import partial

from index.documents.importing import import_article
from index.elastic.index import ElasticIndex
from index.follower import follow
from index.store import Store
from news.documents import FoundKind, FoundVia
from tests.index.press import read_article

WORDS = ("مدينة", "سوق", "مطار", "جامعة", "نهر", "جسر", "قانون", "مهرجان", "متحف", "ملعب", "ميناء", "حديقة", "مصنع")


def fill(store: Store, number: int, words: int = 60, first: int = 0) -> None:
    """Articles that are no copies of each other."""
    chance, now = random.Random(first), datetime.now(UTC)
    found_via = FoundVia(kind=FoundKind.IMPORT, url=None)
    made = []
    for at in range(first, first + number):
        text = " ".join(f"{chance.choice(WORDS)}{chance.randrange(10**6)}" for _ in range(words))
        read = read_article(f"https://www.example.com/{at}", text, now, title=f"{chance.choice(WORDS)} {at}")
        made.append(store.writer.submit(partial(import_article, read=read, found_via=found_via, now=now)))
    for future in made:
        future.result()


def until_all_is_sent(store: Store, index: ElasticIndex, seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        index.sink.try_now()
        if follow(store, index).pending == 0 and index.sink.trouble is None:
            return
        time.sleep(0.5)
    raise AssertionError(str(index.trouble))


def assert_equal(store: Store, index: ElasticIndex) -> None:
    found = index.differences()
    assert (found.compared, found.missing, found.stale, found.unknown) == (store.count_documents(), [], [], [])
