"""A query that finds nothing for a slip of the pen is told the word that documents have."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index import spelling
from index.embedded import EmbeddedIndex
from index.follower import follow
from index.store import Store
from news.documents import SearchQuery
from tests.index.small_index import NOON, document
from tests.index.test_search import add


@pytest.fixture
def asked(store: Store, tmp_path: Path) -> Iterator[tuple[Store, EmbeddedIndex]]:
    add(store, "flood", "الفيضانات في السعودية", "قالت وزارة الخارجية إن الفيضانات بلغت مدينة جدة.", NOON)
    add(store, "talks", "مفاوضات جديدة", "بدأت المفاوضات في فلسطين بين الوفدين.", NOON)
    with EmbeddedIndex.open(tmp_path / "words.db") as index:
        follow(store, index)
    with EmbeddedIndex.open(tmp_path / "words.db", readonly=True) as index:
        yield store, index


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("الفياضانات", "الفيضانات"),
        ("السعوديية", "السعودية"),
        ("فلسطن", "فلسطين"),
        ("مفاوظات", None),
        ("السعودية الفيضنات", "السعودية الفيضانات"),
        ('"وزارة الخراجية"', '"وزارة الخارجية"'),
        ("جد", None),
        ("كلامبعيد", None),
        ("فلسطن السعودية", None),
        ("فلسطن -جدة", None),
        ("source:x فلسطن", None),
    ],
)
def test_a_slip_of_the_pen(asked: tuple[Store, EmbeddedIndex], typed: str, meant: str | None) -> None:
    store, index = asked
    assert spelling.meant(store, index, SearchQuery(text=typed)) == meant


def test_of_words_that_are_near_the_more_frequent_one_comes_first(tmp_path: Path) -> None:
    titles = ("مباراة", "مباراة", "مبادرة", "سيارة")
    with EmbeddedIndex.open(tmp_path / "words.db") as index:
        index.write([document(str(seq), title, seq=seq) for seq, title in enumerate(titles, 1)], [], len(titles))
        assert index.similar("مباره") == ["مباراه", "مبادره"]
