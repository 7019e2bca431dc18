from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from index.backends import SearchIndex, open_backend
from index.documents.importing import import_article
from index.embedded import EmbeddedIndex
from index.follower import follow
from index.queries import QueryError
from index.search import search
from index.store import Store, find_document, forget
from marsad.commands.elastic import elastic
from marsad.config import load_settings
from marsad.workplace import Workplace
from news.copies.fingerprints import fingerprint
from news.documents import (
    Article,
    FoundKind,
    FoundVia,
    ParsedDate,
    Precision,
    ReadArticle,
    SearchHit,
    SearchQuery,
    SearchResult,
)

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
FLOOD = "غمرت مياه الأمطار شوارع العاصمة بعد ساعات من هطولها، وأجلت فرق الإنقاذ عشرات الأسر من منازلها قرب الوادي"
VOTE = "بدأ الناخبون في البلاد الإدلاء بأصواتهم لاختيار أعضاء المجلس، وسط إجراءات أمنية مشددة حول مراكز الاقتراع"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "data") as opened:
        yield opened


@pytest.fixture
def index(store: Store) -> Iterator[EmbeddedIndex]:
    with EmbeddedIndex.open(store.folder / "search.db") as opened:
        yield opened


def add(store: Store, name: str, title: str, text: str, published: datetime, source: str = "jazeera") -> str:
    article = Article(
        url=f"https://{source}.example/{name}",
        requested_url=f"https://{source}.example/{name}",
        source=source,
        title=title,
        text=text,
        published=ParsedDate(value=published, precision=Precision.SECOND, offset=180),
        fetched_at=NOON,
    )
    read = ReadArticle(article=article, fingerprint=fingerprint(title, text))
    via = FoundVia(kind=FoundKind.IMPORT, url=None)
    recorded = store.writer.submit(lambda conn: import_article(conn, read, via, NOON)).result()
    assert recorded.document_id
    return recorded.document_id


def ask(store: Store, index: SearchIndex, text: str, **asked: object) -> SearchResult:
    result = search(store, index, SearchQuery(text=text, **asked))  # type: ignore[arg-type]
    assert isinstance(result, SearchResult)
    return result


def test_what_was_stored_is_found_and_shown(store: Store, index: EmbeddedIndex) -> None:
    flood = add(store, "flood", "سيول في العاصمة", FLOOD, NOON - timedelta(hours=2))
    add(store, "vote", "انتخابات المجلس", VOTE, NOON - timedelta(hours=1))
    follow(store, index)
    result = ask(store, index, "شارع")
    assert (result.query, result.total, result.total_relation) == ("شارع", 1, "eq")
    assert result.took_ms > 0
    assert result.hits == (
        SearchHit(
            id=flood,
            url="https://jazeera.example/flood",
            source="jazeera",
            title="سيول في العاصمة",
            snippet=FLOOD.replace("شوارع", "<mark>شوارع</mark>"),
            published_at="2026-03-10T13:00:00+03:00",
            score=None,
            copies=0,
        ),
    )


def test_a_copy_in_another_outlet_is_counted_and_folded(store: Store, index: EmbeddedIndex) -> None:
    add(store, "flood", "سيول في العاصمة", FLOOD, NOON - timedelta(hours=2))
    copy = add(store, "copy", "سيول في العاصمة", FLOOD, NOON - timedelta(hours=1), source="bbc")
    follow(store, index)
    result = ask(store, index, "العاصمة")
    assert [(hit.id, hit.copies) for hit in result.hits] == [(copy, 1)]
    assert result.total == 2
    assert len(ask(store, index, "العاصمة", all_copies=True).hits) == 2


def test_best_gives_scores_and_newest_none(store: Store, index: EmbeddedIndex) -> None:
    add(store, "flood", "سيول في العاصمة", FLOOD, NOON)
    follow(store, index)
    assert ask(store, index, "سيول", sort="best").hits[0].score is not None
    assert ask(store, index, "سيول").hits[0].score is None


def test_what_was_forgotten_is_found_no_more(store: Store, index: EmbeddedIndex) -> None:
    add(store, "flood", "سيول في العاصمة", FLOOD, NOON)
    follow(store, index)
    url = "https://jazeera.example/flood"
    store.writer.submit(lambda conn: forget(conn, url=url, now=NOON, reason="on request")).result()
    assert ask(store, index, "سيول").hits == ()  # at once: the store no longer has it
    follow(store, index)
    assert ask(store, index, "سيول").total == 0


def test_an_index_that_was_deleted_fills_again_from_the_store(store: Store) -> None:
    add(store, "flood", "سيول في العاصمة", FLOOD, NOON)
    for _ in range(2):
        with EmbeddedIndex.open(store.folder / "search.db") as index:
            follow(store, index)
            assert ask(store, index, "السيول").total == 1
        for file in store.folder.glob("search.db*"):
            file.unlink()


def test_a_rebuild_follows_the_store(store: Store, index: EmbeddedIndex) -> None:
    flood = add(store, "flood", "سيول في العاصمة", FLOOD, NOON)
    follow(store, index)
    index.rebuild(lambda sink: follow(store, sink))
    assert [hit.id for hit in ask(store, index, "سيول").hits] == [flood]
    with store.read() as conn:
        assert find_document(conn, flood)


def test_a_question_that_cannot_be_asked_is_a_value(store: Store, index: EmbeddedIndex) -> None:
    assert isinstance(search(store, index, SearchQuery(text="-سيول")), QueryError)


def test_a_persons_own_synonyms_are_used_and_marked_at_once_and_can_be_taken_back(store: Store, tmp_path: Path) -> None:
    add(store, "flood", "سيول في العاصمة", FLOOD, NOON)

    def synonyms(*arguments: str) -> Result:
        return CliRunner().invoke(elastic, ["synonyms", *arguments], obj=Workplace(None, {"data": str(store.folder)}))

    with open_backend(load_settings(environ={}), store) as index:
        follow(store, index)
        assert ask(store, index, "المزاريب").total == 0
        (tmp_path / "own.txt").write_text("فرق الإنقاذ, رجال الدفاع المدني في البلاد, المزاريب\n", encoding="utf-8")
        assert synonyms("--set", str(tmp_path / "own.txt")).exit_code == 0
        for asked in ("مزاريب", '"رجال الدفاع المدني في البلاد"'):
            (hit,) = ask(store, index, asked).hits
            assert "<mark>فرق</mark> <mark>الإنقاذ</mark>" in hit.snippet
        assert ask(store, index, "المزاريب", exact=True).total == 0
        assert synonyms("--reset").exit_code == 0
        assert ask(store, index, "المزاريب").total == 0
