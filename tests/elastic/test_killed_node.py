"""A node of our own, for what one must not do to a node that others use."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from index.documents.importing import import_article
from index.elastic.index import ElasticIndex
from index.follower import follow
from index.store import Store
from news.documents import FoundKind, FoundVia, SyncReport
from tests.elastic import manual
from tests.elastic.conftest import remove, settings
from tests.elastic.filling import assert_equal, fill, until_all_is_sent
from tests.elastic.node import Node
from tests.index.press import read_article
from tests.machine import until


@pytest.fixture(scope="module")
def own_node(new_node: Callable[..., Node]) -> Iterator[Node]:
    node = new_node(
        settings={"http.max_content_length": "2mb", "indexing_pressure.memory.coordinating.limit": "1500kb"}
    )
    node.start()
    yield node
    node.remove()


@pytest.fixture
def own_index(own_node: Node, store: Store, request: pytest.FixtureRequest) -> Iterator[ElasticIndex]:
    alias = f"own{abs(hash(request.node.name)) % 10**6}"
    with ElasticIndex.open(settings(own_node.url, alias), store, {}) as index:
        yield index


@pytest.mark.slow
def test_a_node_that_is_killed_again_and_again_ends_with_every_document_once(
    own_node: Node, own_index: ElasticIndex, store: Store
) -> None:
    fill(store, 3000)
    chance = random.Random(3)
    for _ in range(3):
        timer = threading.Timer(chance.uniform(0.3, 2.0), own_node.kill)
        timer.start()
        own_index.sink.try_now()
        follow(store, own_index, batch=200)
        timer.join()
        own_node.start()
    until_all_is_sent(store, own_index)
    assert_equal(store, own_index)


def test_requests_that_are_too_much_for_the_server_are_sent_in_smaller_pieces(
    own_index: ElasticIndex, store: Store
) -> None:
    """Its limit of bytes under way is below what a batch holds: it answers 429, or 413 for what is larger than 2 MB."""
    fill(store, 12, words=20_000)
    until_all_is_sent(store, own_index)
    assert_equal(store, own_index)


def test_a_document_larger_than_the_server_takes_is_put_aside_and_the_others_arrive(
    own_index: ElasticIndex, store: Store
) -> None:
    now, found_via = datetime.now(UTC), FoundVia(kind=FoundKind.IMPORT, url=None)
    fill(store, 5)
    huge = read_article("https://www.example.com/huge", "كلمة " * 400_000, now, title="طويل")
    store.writer.submit(lambda conn: import_article(conn, huge, found_via, now)).result()
    report = follow(store, own_index)
    assert (report.sent, report.rejected, report.pending) == (5, 1, 0)
    assert_equal_but_one(store, own_index)


def assert_equal_but_one(store: Store, index: ElasticIndex) -> None:
    found = index.differences()
    assert not found
    assert found.compared == store.count_documents() - 1


def test_a_store_that_lost_its_last_commits_gets_an_index_that_equals_it_again(
    own_index: ElasticIndex, own_node: Node, store: Store
) -> None:
    """As after a power cut: the index holds documents, and versions, that the store does not know."""
    fill(store, 20)
    assert follow(store, own_index).sent == 20
    place = own_index.place
    target = f"{place.names.articles}-g1-{datetime.now(UTC):%Y.%m}"
    future = int(time.time() * 1e6) + 10**9
    place.client.indices.refresh(index=target)
    (one, *_) = place.client.search(index=target, size=1)["hits"]["hits"]
    for id_ in ("f" * 32, one["_id"]):
        source = {**one["_source"], "id": id_, "seq": future, "title": "من المستقبل"}
        place.client.index(index=target, id=id_, document=source, version=future, version_type="external")
    with ElasticIndex.open(settings(own_node.url, place.names.alias), store, {}) as after_restart:
        report = follow(store, after_restart)
        assert report == SyncReport(sent=1)
        assert_equal(store, after_restart)


@pytest.mark.slow
def test_a_disk_that_fills_up_makes_documents_wait_and_they_go_on_by_themselves_when_there_is_room(
    own_node: Node, own_index: ElasticIndex, store: Store
) -> None:
    """The server's own flood stage, not a block by hand: it is told that more must stay free than there is."""
    fill(store, 3)
    assert follow(store, own_index).sent == 3
    client, interval = own_index.place.client, "cluster.info.update.interval"
    watermarks = [f"cluster.routing.allocation.disk.watermark.{name}" for name in ("low", "high", "flood_stage")]
    client.cluster.put_settings(persistent=dict.fromkeys(watermarks, "1000tb") | {interval: "10s"})
    try:
        until(lambda: _blocked(own_index))
        fill(store, 2, first=50)
        own_index.sink.try_now()
        assert follow(store, own_index).pending == 2
        assert manual.heading_of(str(own_index.trouble)) == "Its disk is full"
    finally:
        client.cluster.put_settings(persistent=dict.fromkeys([*watermarks, interval]))
    until_all_is_sent(store, own_index)
    assert_equal(store, own_index)


def _blocked(index: ElasticIndex) -> bool:
    told = index.place.client.indices.get_settings(index=index.names.all_articles, flat_settings=True).body
    return any("index.blocks.read_only_allow_delete" in one["settings"] for one in told.values())


def test_another_cluster_is_filled_from_the_beginning_and_the_first_one_goes_on_where_it_stood(
    own_index: ElasticIndex, store: Store, node_url: str
) -> None:
    fill(store, 5)
    assert follow(store, own_index).sent == 5
    alias = own_index.names.alias
    with ElasticIndex.open(settings(node_url, alias), store, {}) as other:
        assert follow(store, other).sent == 5
        fill(store, 2, first=100)
        assert follow(store, other).sent == 2
        assert_equal(store, other)
        remove(other.place.client, other.names)
    own_index.sink.try_now()
    assert follow(store, own_index).sent == 2
    assert_equal(store, own_index)
