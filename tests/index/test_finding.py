"""Totals beside a page of hits: however they are counted, they are the same."""

from datetime import timedelta

import pytest

from index.embedded import EmbeddedIndex
from tests.index.small_index import NOON, document, find

NUMBER = 60


@pytest.fixture
def full(index: EmbeddedIndex) -> EmbeddedIndex:
    """Sixty documents an hour apart, each third a copy of the first; every fifth was replaced since."""
    hours = [NOON + timedelta(hours=number) for number in range(NUMBER)]
    documents = [
        document(f"{number}", f"اقتصاد {number}", "مصر", seq=number + 1, seen=seen, published=seen,
                 cluster="one" if number % 3 == 0 else "")
        for number, seen in enumerate(hours)
    ]  # fmt: skip
    index.write(documents, [], NUMBER)
    replaced = [
        document(f"{number}", f"اقتصاد {number}", "مصر", seq=NUMBER + number + 1, seen=hours[number],
                 published=hours[number], cluster="one" if number % 3 == 0 else "")
        for number in range(0, NUMBER, 5)
    ]  # fmt: skip
    index.write(replaced, [], 2 * NUMBER)
    return index


@pytest.mark.parametrize("query", ["مصر", "اقتصا*", '"اقتصاد 7" OR مصر', "source:jazeera"])
@pytest.mark.parametrize("limit", [1, 7, 100])
@pytest.mark.parametrize("all_copies", [False, True])
def test_the_total_is_of_all_documents_whatever_is_shown(
    full: EmbeddedIndex, query: str, limit: int, all_copies: bool
) -> None:
    found = find(full, query, limit=limit, all_copies=all_copies)
    assert (found.total, found.relation) == (NUMBER, "eq")
    assert len(found.hits) == min(limit, NUMBER if all_copies else NUMBER - NUMBER // 3 + 1)
    assert [hit.time for hit in found.hits] == sorted((hit.time for hit in found.hits), reverse=True)


@pytest.mark.parametrize("query", ["مصر", "اقتصا*"])
@pytest.mark.parametrize("limit", [3, 100])
def test_the_total_of_some_hours_is_of_these_hours(full: EmbeddedIndex, query: str, limit: int) -> None:
    since, until = NOON + timedelta(hours=10), NOON + timedelta(hours=30)
    found = find(full, query, limit=limit, since=since, until=until, all_copies=True)
    assert found.total == 20
    assert len(found.hits) == min(limit, 20)


def test_one_bound_is_enough(full: EmbeddedIndex) -> None:
    assert find(full, "مصر", since=NOON + timedelta(hours=50)).total == 10
    assert find(full, "مصر", until=NOON + timedelta(hours=5)).total == 5
    assert find(full, "مصر", since=NOON + timedelta(days=30)).total == 0
