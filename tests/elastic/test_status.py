"""What a person is told of the index: by `marsad status`, `marsad sync`, and in `news-health`."""

import json
from collections.abc import Callable

import click
import pytest
from click.testing import CliRunner, Result
from elasticsearch import Elasticsearch

from index import ledger
from index.backends import tell_health
from index.elastic.index import ElasticIndex
from index.elastic.names import Names
from index.follower import follow
from index.store import Store
from marsad.commands.ledger import status
from marsad.commands.searching import sync
from marsad.workplace import Workplace
from tests.elastic import manual
from tests.elastic.node import free_port
from tests.index.press import Press

Marsad = Callable[..., Result]


@pytest.fixture
def marsad(names: Names, store: Store) -> Marsad:
    def run(command: click.Command, url: str, *arguments: str) -> Result:
        told = {"data": str(store.folder), "elasticsearch.url": url, "elasticsearch.alias": names.alias}
        return CliRunner().invoke(command, arguments, obj=Workplace(None, told))

    return run


def test_while_the_server_is_away_status_answers_and_names_the_trouble(
    press: Press, store: Store, index: ElasticIndex, marsad: Marsad
) -> None:
    press.publish("/a")
    follow(store, index)
    press.publish("/b", "خبر قصير عن الطقس والأمطار المتوقعة غدا في المناطق الساحلية والجبلية.", title="الطقس غدا")
    away = f"http://127.0.0.1:{free_port()}"
    told = json.loads(marsad(status, away, "--json").stdout)
    assert manual.heading_of(told["index"]["trouble"]) == "Nobody answers"
    assert (told["index"]["pending"], told["index"]["backend"]) == (1, "elasticsearch")
    assert told["index"]["lag_seconds"] > 0
    assert [told["totals"][name] for name in ("stored", "indexed", "searchable")] == [2, 1, 0]
    assert "index trouble: Elasticsearch at" in marsad(status, away).stdout


def test_when_all_is_well_there_is_no_word_of_trouble(
    press: Press, store: Store, index: ElasticIndex, marsad: Marsad, node_url: str
) -> None:
    press.publish("/a")
    follow(store, index)
    index.place.client.indices.refresh(index=index.names.alias)
    told = json.loads(marsad(status, node_url, "--json").stdout)
    assert told["index"]["trouble"] is None
    assert told["totals"]["searchable"] == 1
    assert "trouble" not in marsad(status, node_url).stdout


def test_a_sync_that_fails_says_why(press: Press, marsad: Marsad, node_url: str) -> None:
    press.publish("/a")
    failed = marsad(sync, f"http://127.0.0.1:{free_port()}")
    assert failed.exit_code == 1
    assert "1 document could not be sent: Elasticsearch at" in failed.stderr
    assert "does not answer" in failed.stderr
    assert marsad(sync, node_url).exit_code == 0


def test_where_nobody_has_bootstrapped_health_is_told_into_an_index_of_its_own_making(
    press: Press, store: Store, index: ElasticIndex, client: Elasticsearch, names: Names
) -> None:
    press.publish("/a")
    follow(store, index)
    with store.read() as conn:
        told = ledger.status(conn, now=press.now, position=index.reached(), backend="elasticsearch")
    for _ in range(2):
        assert tell_health(index, told, {press.source.id: press.source}, press.now) == 1
    mapping = client.indices.get_mapping(index=names.health)[names.health]["mappings"]
    assert mapping["dynamic"] == "strict"
    assert mapping["properties"]["source"]["type"] == "keyword"
    client.indices.refresh(index=names.health)
    assert client.count(index=names.health)["count"] == 1
