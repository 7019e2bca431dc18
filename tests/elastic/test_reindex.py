"""The next generation beside the live one, and synonyms without it."""

import threading
import time
from datetime import UTC, datetime

import pytest
from elasticsearch import Elasticsearch

from index.elastic import synonyms
from index.elastic.index import ElasticIndex
from index.elastic.names import Names
from index.follower import follow
from index.queries.terms import Groups
from index.store import Store
from news.documents import SearchQuery
from tests.elastic.conftest import OpenIndex
from tests.elastic.filling import assert_equal, fill
from tests.index.press import OTHER_TEXT, Press


def generations(client: Elasticsearch, names: Names) -> set[str]:
    found = client.indices.get(index=names.all_articles, filter_path=["*.settings.index.uuid"]).body
    return {name.rsplit("-", 1)[0].rsplit("-", 1)[1] for name in found}


def total(index: ElasticIndex, text: str, sort: str = "newest") -> int:
    found = index.search(SearchQuery(text=text, sort=sort))
    assert not hasattr(found, "message"), found
    return getattr(found, "total", -1)


def test_reindexing_goes_on_under_searches_and_writes_without_losing_either(
    press: Press, store: Store, index: ElasticIndex, open_index: OpenIndex, client: Elasticsearch, names: Names
) -> None:
    fill(store, 1500)
    press.publish("/first")
    follow(store, index)
    client.indices.refresh(index=names.all_articles)
    service, reader = open_index(), open_index(readonly=True)
    stop, failures, searches = threading.Event(), [], []

    def search() -> None:
        while not stop.is_set():
            try:
                searches.append(total(reader, "الحافلة"))
            except Exception as error:  # whatever it is, a person would have seen it
                failures.append(error)
            time.sleep(0.02)

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            fill(store, 5, first=10_000 + 5 * number)
            follow(store, service)
            time.sleep(0.2)

    threads = [threading.Thread(target=search), threading.Thread(target=write)]
    for thread in threads:
        thread.start()
    try:
        index.rebuild(lambda sink: follow(store, sink))
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    service.sink.try_now()
    assert follow(store, service).pending == 0
    assert failures == []
    assert set(searches) == {1}
    assert generations(client, names) == {"g2"}
    assert store.count_documents() > 1505
    assert_equal(store, service)


def test_a_reindex_that_was_broken_off_goes_on_where_it_stood(
    store: Store, index: ElasticIndex, client: Elasticsearch, names: Names
) -> None:
    fill(store, 300)
    follow(store, index)

    class Cut(Exception):
        pass

    def cut(done: int) -> None:
        raise Cut

    with pytest.raises(Cut):
        index.rebuild(lambda sink: follow(store, sink, batch=100, on_progress=cut))
    assert generations(client, names) == {"g1", "g2"}
    assert index.count() == 300 or client.indices.refresh(index=names.alias)
    sent: list[int] = []
    index.rebuild(lambda sink: sent.append(follow(store, sink).sent))
    assert sum(sent) == 200
    assert generations(client, names) == {"g2"}
    index.sink.try_now()
    assert follow(store, index).pending == 0
    assert_equal(store, index)


def test_a_writer_of_the_old_generation_goes_on_with_the_new_one(
    press: Press, store: Store, index: ElasticIndex, open_index: OpenIndex, client: Elasticsearch, names: Names
) -> None:
    service = open_index()
    press.publish("/a")
    follow(store, service)
    index.rebuild(lambda sink: follow(store, sink))
    press.publish("/b", OTHER_TEXT, title="فوز المنتخب")
    follow(store, service)
    assert follow(store, service).pending == 0
    assert generations(client, names) == {"g2"}
    assert_equal(store, service)


def test_new_synonyms_are_used_at_once_and_by_months_to_come_and_can_be_taken_back(
    press: Press, store: Store, index: ElasticIndex, client: Elasticsearch, names: Names
) -> None:
    press.publish("/a")
    follow(store, index)
    client.indices.refresh(index=names.all_articles)
    own: Groups = (("الحافلات", "الأتوبيسات"),)
    assert total(index, "أتوبيس") == total(index, "الأتوبيسات") == 0
    assert len(synonyms.apply(index.place, own)) == 1
    assert total(index, "الأتوبيسات") == 1
    press.later(days=40)
    press.publish("/b", OTHER_TEXT + "\nوعادت الحافلات بالجمهور.", title="فوز المنتخب")
    follow(store, index)
    client.indices.refresh(index=names.all_articles)
    assert total(index, "الأتوبيسات") == 2
    synonyms.apply(index.place, ())
    assert total(index, "الأتوبيسات") == 0
    assert total(index, "الحافلات") == 2


def test_a_list_that_is_no_list_changes_nothing() -> None:
    assert synonyms.parse("# a comment\nمصر, ام الدنيا\n\n") == (("مصر", "ام الدنيا"),)
    for wrong in ("مصر", "مصر => القاهرة, الجيزة"):
        with pytest.raises(synonyms.BadSynonyms, match="line 1"):
            synonyms.parse(wrong)


def test_the_month_of_now_is_the_one_that_is_written_to(store: Store, index: ElasticIndex) -> None:
    fill(store, 1)
    follow(store, index)
    assert list(index.place.look(datetime.now(UTC)).filled) == [index.names.index(1, f"{datetime.now(UTC):%Y.%m}")]
