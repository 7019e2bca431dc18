"""Beginnings of words are found whatever their length, though the shortest are terms by themselves."""

from pathlib import Path

import pytest

from index.embedded import EmbeddedIndex
from index.embedded.finding import Found
from news.analysis import analyse
from news.documents import SearchQuery
from tests.index import pairs
from tests.index.small_index import document

TEXTS = pairs.texts(pairs.read())[::7]
ASKED = ("اق", "مح", "ال", "انت", "مصر", "وزي", "الم", "للم", "ڤي", "eu", "مفا", "انتخ", "الجزا", "آس", "أوروب")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedIndex:
    index = EmbeddedIndex.open(Path(tmp_path_factory.mktemp("beginnings")) / "search.db")
    index.write([document(text, text=text, seq=seq) for seq, text in enumerate(TEXTS, 1)], [], len(TEXTS))
    return index


def found(index: EmbeddedIndex, text: str, **asked: object) -> set[str]:
    answer = index.search(SearchQuery(text=text, limit=len(TEXTS), **asked))  # type: ignore[arg-type]
    assert isinstance(answer, Found)
    assert answer.total == len(answer.hits)
    return {hit.id for hit in answer.hits}


def begin_so(letters: str, *chains: str) -> set[str]:
    """By looking at every word of every text."""
    wanted = {analyse(letters, chain)[0].term for chain in chains}  # type: ignore[arg-type]
    return {
        document(text).id
        for text in TEXTS
        for chain in chains
        if any(token.term.startswith(tuple(wanted)) for token in analyse(text, chain))  # type: ignore[arg-type]
    }


@pytest.mark.parametrize("letters", ASKED)
def test_words_that_begin_so_are_found(index: EmbeddedIndex, letters: str) -> None:
    every = {document(text).id for text in TEXTS}
    wanted = begin_so(letters, "exact", "light")
    assert found(index, f"{letters}*") == wanted
    assert found(index, f"{letters}*", sort="best") == wanted
    assert found(index, f"{letters}*", exact=True) == begin_so(letters, "exact")
    assert found(index, f"{letters}* OR مصر") == wanted | found(index, "مصر")
    assert found(index, f"مصر -{letters}*") == found(index, "مصر") - wanted
    assert wanted < every


def test_some_of_these_are_in_the_texts() -> None:
    assert sum(bool(begin_so(letters, "exact", "light")) for letters in ASKED) >= 10
