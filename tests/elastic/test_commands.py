"""`marsad elastic …` on a node without security, and the documents about health."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from elasticsearch import Elasticsearch
from sqlalchemy import delete

from index import ledger
from index.database import meta
from index.elastic.health import write_health
from index.elastic.index import ElasticIndex
from index.elastic.names import Names, writing
from index.follower import follow
from index.store import Store
from marsad.commands.elastic import elastic
from marsad.workplace import Workplace
from tests.index.press import OTHER_TEXT, Press

Marsad = Callable[..., Result]


@pytest.fixture
def marsad(node_url: str, names: Names, store: Store) -> Marsad:
    told = {"data": str(store.folder), "elasticsearch.url": node_url, "elasticsearch.alias": names.alias}

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(elastic, arguments, obj=Workplace(None, told))

    return run


def test_what_was_put_aside_is_listed_with_its_reason_and_sent_again(
    press: Press, store: Store, index: ElasticIndex, client: Elasticsearch, marsad: Marsad
) -> None:
    index.place.look(press.now)
    name = index.names.index(1, f"{press.now:%Y.%m}")
    numbers = {"properties": {"section": {"type": "long"}}}
    client.indices.create(index=name, aliases={writing(name): {}}, mappings=numbers)
    press.publish("/a")
    press.publish("/b", OTHER_TEXT, title="فوز المنتخب", section="رياضة")
    follow(store, index)
    (row,) = json.loads(marsad("rejected", "--json").stdout)["rejected"]
    assert row["url"] == "https://www.example.com/b"
    assert "document_parsing_exception" in row["reason"]
    assert json.loads(marsad("rejected", "--send", "--json").stdout)["sent"] == 0
    client.indices.delete(index=name)
    follow(store, index)
    assert json.loads(marsad("rejected", "--send", "--json").stdout)["rejected"] == []
    assert marsad("verify").exit_code == 0
    assert "Nothing is put aside." in marsad("rejected").output


def test_verify_tells_what_differs_and_mends_it(
    press: Press, store: Store, index: ElasticIndex, client: Elasticsearch, marsad: Marsad
) -> None:
    gone = press.publish("/a").document_id
    press.publish("/b", OTHER_TEXT, title="فوز المنتخب")
    follow(store, index)
    name = index.names.index(1, f"{press.now:%Y.%m}")
    client.delete(index=name, id=gone or "", refresh=True)
    (hit,) = client.search(index=name)["hits"]["hits"]
    client.index(index=name, id="e" * 32, document=hit["_source"], refresh=True)
    told = marsad("verify", "--json")
    assert told.exit_code == 1
    assert json.loads(told.stdout) == {"compared": 2, "missing": 1, "stale": 0, "unknown": 1}
    assert marsad("verify", "--mend").exit_code == 0
    index.sink.try_now()
    follow(store, index)
    assert json.loads(marsad("verify", "--json").stdout) == {"compared": 2, "missing": 0, "stale": 0, "unknown": 0}


def test_another_data_folders_indices_are_taken_over_when_a_person_says_so(
    press: Press, store: Store, index: ElasticIndex, client: Elasticsearch, names: Names, marsad: Marsad
) -> None:
    press.publish("/a")
    follow(store, index)
    press.do(lambda conn: conn.execute(delete(meta).where(meta.c.key == "store_id")))
    refused = marsad("bootstrap")
    assert refused.exit_code == 1
    assert "belong to another data folder" in refused.output
    assert marsad("bootstrap", "--take-over").exit_code == 0
    index.sink.try_now()
    assert follow(store, index).pending == 0
    assert marsad("verify").exit_code == 0


def test_synonyms_are_listed_set_and_reset(
    press: Press, store: Store, index: ElasticIndex, marsad: Marsad, tmp_path: Path
) -> None:
    press.publish("/a")
    follow(store, index)
    shipped = json.loads(marsad("synonyms", "--json").stdout)["groups"]
    (tmp_path / "own.txt").write_text("الحافلات, الأتوبيسات\n", encoding="utf-8")
    changed = json.loads(marsad("synonyms", "--set", str(tmp_path / "own.txt"), "--json").stdout)
    assert (len(changed["groups"]), len(changed["changed"])) == (len(shipped) + 1, 1)
    assert json.loads(marsad("synonyms", "--reset", "--json").stdout)["groups"] == shipped
    (tmp_path / "own.txt").write_text("وحيد\n", encoding="utf-8")
    assert "line 1" in marsad("synonyms", "--set", str(tmp_path / "own.txt")).output


def test_without_a_url_the_commands_say_what_to_set(store: Store) -> None:
    result = CliRunner().invoke(elastic, ["verify"], obj=Workplace(None, {"data": str(store.folder)}))
    assert result.exit_code == 2
    assert "MARSAD_ELASTICSEARCH_URL" in result.output


def test_the_health_of_every_source_is_one_document_that_is_replaced(
    press: Press, store: Store, index: ElasticIndex, client: Elasticsearch, names: Names, marsad: Marsad
) -> None:
    assert marsad("bootstrap").exit_code == 0
    press.publish("/a")
    follow(store, index)
    for _ in range(2):
        press.later(minutes=5)
        with store.read() as conn:
            status = ledger.status(conn, now=press.now, position=index.position(), backend="elasticsearch")
        assert write_health(client, names, status, {press.source.id: press.source}, press.now) == 1
    client.indices.refresh(index=names.health)
    (hit,) = client.search(index=names.health)["hits"]["hits"]
    told = hit["_source"]
    assert (hit["_id"], told["source"], told["stored"], told["health"]) == ("akhbar", "akhbar", 1, "ok")
    assert told["index_backend"] == "elasticsearch"
    fields = client.field_caps(index=names.health, fields="*")["fields"]
    assert fields["dropped.too_old"]["long"]["aggregatable"]
