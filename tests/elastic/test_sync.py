from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from index.database import documents, followers
from index.documents.forgetting import forget
from index.documents.importing import import_article
from index.documents.stored import find_document
from index.elastic.index import ElasticIndex
from index.follower import follow, rejected_by
from index.search import search
from index.store import Store
from news.documents import FoundKind, FoundVia, SearchQuery, SearchResult
from tests.elastic.conftest import OpenIndex, settings
from tests.index.press import OTHER_TEXT, TEXT, Press, date, read_article

Ask = Callable[..., SearchResult]


@pytest.fixture
def ask(store: Store, index: ElasticIndex) -> Ask:
    """Everything is sent and visible, then asked."""

    def asked(text: str, **how: Any) -> SearchResult:
        follow(store, index)
        refresh(index)
        result = search(store, index, SearchQuery(text=text, **how))
        assert isinstance(result, SearchResult), result
        return result

    return asked


def refresh(index: ElasticIndex) -> None:
    index.place.client.indices.refresh(index=index.names.all_articles)


def source_of(index: ElasticIndex, id_: str) -> dict[str, Any]:
    (hit,) = index.place.client.search(index=index.names.alias, query={"ids": {"values": [id_]}})["hits"]["hits"]
    found: dict[str, Any] = hit["_source"] | {"_index": hit["_index"], "_version": hit.get("_version")}
    return found


def test_what_is_stored_is_found_after_a_sync(press: Press, ask: Ask) -> None:
    stored = press.publish("/a").document_id
    result = ask("الحافلة")
    assert [hit.id for hit in result.hits] == [stored]
    assert "<mark>للحافلات</mark>" in result.hits[0].snippet


def test_a_document_lies_in_the_month_it_was_first_seen_with_the_fields_that_it_is_printed_with(
    press: Press, index: ElasticIndex, ask: Ask
) -> None:
    published = press.now - timedelta(days=20)
    id_ = press.publish("/a", published=date(published), authors=("سارة علي",)).document_id
    ask("الحافلة")
    found = source_of(index, id_ or "")
    assert found["_index"] == f"{index.names.alias}-articles-g1-{press.now:%Y.%m}"
    assert found["authors"] == ["سارة علي"]
    assert found["source_name"] == press.source.name
    assert found["host"] == "www.example.com"
    assert found["cluster_title"] == found["title"]
    assert found["at"] == int(published.timestamp() * 1000)
    assert found["newest_at"] == int(press.now.timestamp() * 1000)


def test_months_lie_apart_and_are_searched_as_one(press: Press, index: ElasticIndex, ask: Ask) -> None:
    press.publish("/a")
    press.later(days=40)
    press.publish("/b", OTHER_TEXT, title="فوز المنتخب")
    ask("المنتخب")
    behind = index.place.client.indices.get_alias(name=index.names.alias).body
    assert {name[-7:] for name in behind} == {"2026.11", "2027.01"}
    assert ask("الحافلة").total == ask("المنتخب").total == 1


def test_an_edited_article_is_found_by_its_new_words_only(press: Press, index: ElasticIndex, ask: Ask) -> None:
    id_ = press.publish("/a").document_id
    assert ask("محطة").total == 1
    press.later(hours=1)
    press.do(
        lambda conn: conn.execute(
            update(documents).where(documents.c.id == id_).values(text=OTHER_TEXT, seq=documents.c.seq + 3_600_000_000)
        )
    )
    assert ask("محطة").total == 0
    assert ask("المنتخب").total == 1


def test_what_is_forgotten_leaves_the_index(press: Press, store: Store, index: ElasticIndex, ask: Ask) -> None:
    id_ = press.publish("/a").document_id
    assert ask("الحافلة").total == 1
    press.later(minutes=1)
    press.do(lambda conn: forget(conn, url=id_, now=press.now, reason="asked"))
    report = follow(store, index)
    assert report.deleted == 1
    assert ask("الحافلة").total == 0


def test_what_is_forgotten_before_it_was_ever_visible_leaves_the_index(
    press: Press, store: Store, index: ElasticIndex, ask: Ask
) -> None:
    id_ = press.publish("/a").document_id
    follow(store, index)
    press.do(lambda conn: forget(conn, url=id_, now=press.now, reason="asked"))
    follow(store, index)
    assert ask("الحافلة").total == 0


def test_copies_are_folded_and_counted(press: Press, ask: Ask) -> None:
    press.publish("/a")
    press.later(minutes=5)
    copy = read_article("https://other.example/b", TEXT + "\nالمصدر: وكالات", press.now, source="other")
    found_via = FoundVia(kind=FoundKind.FEED, url=None)
    press.do(lambda conn: import_article(conn, copy, found_via, press.now))
    press.publish("/c", OTHER_TEXT, title="فوز المنتخب")
    folded, all_copies = ask("الحافلة"), ask("الحافلة", all_copies=True)
    assert (folded.total, len(folded.hits), folded.hits[0].copies) == (2, 1, 1)
    assert len(all_copies.hits) == 2


def test_a_replay_changes_nothing(press: Press, store: Store, index: ElasticIndex, ask: Ask) -> None:
    press.publish("/a")
    press.publish("/b", OTHER_TEXT, title="فوز المنتخب")
    assert follow(store, index).sent == 2
    press.do(lambda conn: conn.execute(update(followers).values(position=0)))
    assert follow(store, index).pending == 0
    refresh(index)
    stats = index.place.client.indices.stats(index=index.names.alias)["_all"]["primaries"]["docs"]
    assert (stats["count"], stats["deleted"]) == (2, 0)


def test_nothing_is_sent_twice(press: Press, store: Store, index: ElasticIndex, open_index: OpenIndex) -> None:
    press.publish("/a")
    assert follow(store, index).sent == 1
    assert follow(store, open_index()).sent == 0


def test_a_keyword_that_is_too_long_for_the_index_is_no_reason_to_lose_the_document(
    press: Press, store: Store, index: ElasticIndex, ask: Ask
) -> None:
    press.publish("/a", section="س" * 40_000, authors=("ع" * 40_000,), image_url="https://example.com/" + "x" * 40_000)
    assert ask("الحافلة").total == 1
    assert rejected(press, index) == {}


def test_months_older_than_those_kept_are_deleted_and_not_sent_again(
    press: Press, store: Store, open_index: OpenIndex
) -> None:
    press.publish("/a")
    everything = open_index()
    follow(store, everything)
    moved = press.now - timedelta(days=200)
    press.do(lambda conn: conn.execute(update(documents).values(first_seen_at=moved, created_seq=1)))
    press.do(lambda conn: conn.execute(update(documents).values(seq=documents.c.seq + 1)))
    follow(store, everything)
    old = f"{everything.names.articles}-g1-{moved:%Y.%m}"
    assert everything.place.client.indices.exists(index=old)
    short = open_index(**{"index.retention_months": "2"})
    assert short.retire() == [old]
    press.do(lambda conn: conn.execute(update(documents).values(seq=documents.c.seq + 1)))
    assert follow(store, short) == follow(store, short)
    assert not everything.place.client.indices.exists(index=old)
    assert store.count_documents() == 1


def test_a_reader_writes_nothing_and_knows_how_far_the_index_is(
    press: Press, store: Store, index: ElasticIndex, open_index: OpenIndex
) -> None:
    id_ = press.publish("/a").document_id or ""
    with Store.open(store.folder, readonly=True) as readonly:
        reader = ElasticIndex(
            index.place.client, index.place.client, readonly, settings("http://127.0.0.1:1", index.names.alias), {},
            readonly=True,
        )  # fmt: skip
        assert reader.position() == 0
        follow(store, index)
        refresh(index)
        assert reader.position() == get_seq(store, id_)
        assert reader.holds(id_)
        assert reader.count_by_source() == {"akhbar": 1}


def rejected(press: Press, index: ElasticIndex) -> dict[str, str]:
    return press.see(lambda conn: rejected_by(conn, index.follower or ""))


def get_seq(store: Store, id_: str) -> int:
    with store.read() as conn:
        document = find_document(conn, id_)
    assert document is not None
    return document.seq
