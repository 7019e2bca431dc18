"""How long a server is left alone, who ends the pause, and that no search notices a new month."""

import threading

import pytest

from index.elastic import standing
from index.elastic.index import ElasticIndex
from index.elastic.sink import ElasticSink
from index.elastic.verdicts import ElasticError
from index.follower import follow
from index.store import Store
from news.documents import SearchQuery, SyncReport
from tests.elastic.conftest import OpenIndex
from tests.elastic.node import free_port
from tests.elastic.test_failures import THIRD_TEXT, block, sync
from tests.index.press import OTHER_TEXT, Press


def test_between_two_attempts_the_server_is_left_alone(press: Press, store: Store, open_index: OpenIndex) -> None:
    nowhere = open_index(url=f"http://127.0.0.1:{free_port()}")
    press.publish("/a")
    assert sync(store, nowhere).pending == 1
    nowhere.place.client.close()  # asking it now would raise
    assert follow(store, nowhere).pending == 1


@pytest.fixture
def waiting(press: Press, store: Store, index: ElasticIndex) -> ElasticSink:
    """The service's, whose clock stands still: one document was on its way when somebody locked the index."""
    sink = ElasticSink(index.place, {}, monotonic=lambda: 1000.0)
    press.publish("/a")
    assert follow(store, sink).sent == 1
    block(index, "write", True)
    press.publish("/b", OTHER_TEXT, title="فوز المنتخب")
    assert follow(store, sink).pending == 1
    return sink


def test_a_persons_sync_that_goes_well_ends_the_pause_of_the_service(
    press: Press, store: Store, index: ElasticIndex, waiting: ElasticSink
) -> None:
    """Two processes, as far as the index knows."""
    block(index, "write", None)
    assert follow(store, waiting).pending == 1, "it is in its pause"
    assert sync(store, index).sent == 1
    press.publish("/c", THIRD_TEXT, title="معرض المخطوطات")
    assert follow(store, waiting) == SyncReport(sent=1)


def test_one_that_is_told_to_try_again_and_fails_waits_as_before(
    press: Press, store: Store, index: ElasticIndex, waiting: ElasticSink
) -> None:
    press.do(lambda conn: standing.save_trouble(conn, index.names, None))  # as somebody whose months are not locked
    assert follow(store, waiting).pending == 1
    assert press.see(lambda conn: standing.load_trouble(conn, index.names)) == str(waiting.trouble)


def test_a_month_joins_the_searches_only_when_it_can_be_searched(
    press: Press, store: Store, index: ElasticIndex, open_index: OpenIndex
) -> None:
    """A search over months of which one has no started shard would fail as a whole."""
    press.publish("/a")
    sync(store, index)
    reader, failures, stop = open_index(readonly=True), [], threading.Event()

    def search() -> None:
        while not stop.is_set():
            try:
                reader.search(SearchQuery(text="الحافلة"))
            except ElasticError as error:
                failures.append(str(error))

    searching = threading.Thread(target=search)
    searching.start()
    try:
        for number in range(6):
            press.later(days=31)
            press.publish(f"/month/{number}", f"{OTHER_TEXT}\nالشهر {number}" * 3, title=f"خبر الشهر {number}")
            sync(store, index)
    finally:
        stop.set()
        searching.join()
    assert failures == []
