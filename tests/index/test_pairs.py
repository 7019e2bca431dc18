"""Word pairs on the embedded index; `tests/elastic/test_pairs.py` asks a node the same."""

from functools import cache
from pathlib import Path

import pytest

from index.embedded import EmbeddedIndex
from index.embedded.finding import Found
from news.documents import SearchQuery
from tests.index import pairs
from tests.index.small_index import document

PAIRS = pairs.read()


@pytest.fixture(scope="module")
def finds(tmp_path_factory: pytest.TempPathFactory) -> pairs.Finds:
    """Each word is the title of a document of its own."""
    index = EmbeddedIndex.open(Path(tmp_path_factory.mktemp("pairs")) / "search.db")
    documents = [document(text, title=text, seq=seq) for seq, text in enumerate(pairs.texts(PAIRS), 1)]
    index.write(documents, [], len(documents))
    titles = {each.id: each.title for each in documents}

    @cache
    def found(query: str) -> set[str]:
        answer = index.search(SearchQuery(text=query, limit=len(documents)))
        assert isinstance(answer, Found)
        return {titles[hit.id] for hit in answer.hits}

    return found


def test_there_are_pairs_enough_to_believe() -> None:
    assert sum(pair.verdict == "meet" for pair in PAIRS) >= 500
    assert sum(pair.verdict == "apart" for pair in PAIRS) >= 250


@pytest.mark.parametrize("held_out", [False, True], ids=["in view", "held out"])
def test_words_meet_and_stay_apart(finds: pairs.Finds, held_out: bool) -> None:
    score = pairs.score([pair for pair in PAIRS if pair.held_out == held_out], finds)
    assert score.meet >= 0.95, score.wrong
    assert score.apart >= 0.95, score.wrong
