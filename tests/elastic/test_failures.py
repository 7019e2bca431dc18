"""What may go wrong with a search server, done to a real one: nothing is lost, all is told, it goes on by itself."""

import logging
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from sqlalchemy import delete

from index.database import meta
from index.elastic import bulk
from index.elastic.index import ElasticIndex
from index.elastic.names import Names, writing
from index.follower import follow, rejected_by
from index.store import Store
from news.documents import SyncReport
from tests.elastic import manual
from tests.elastic.conftest import OpenIndex
from tests.elastic.node import free_port
from tests.index.press import OTHER_TEXT, Press
from tests.site import World
from tests.site.behaviours import ok

THIRD_TEXT = "افتتح المتحف الوطني معرضا للمخطوطات النادرة يستمر حتى نهاية الشهر ويضم خرائط قديمة ورسائل لم تعرض من قبل."


def publish_three(press: Press) -> None:
    press.publish("/a")
    press.publish("/b", OTHER_TEXT, title="فوز المنتخب", section="رياضة")
    press.publish("/c", THIRD_TEXT, title="معرض المخطوطات")


def month(index: ElasticIndex, press: Press) -> str:
    return index.names.index(1, f"{press.now:%Y.%m}")


def found(index: ElasticIndex) -> int:
    index.place.client.indices.refresh(index=index.names.all_articles)
    return index.count()


def sync(store: Store, index: ElasticIndex) -> SyncReport:
    """As a person who asks for it: without waiting for the end of a pause."""
    index.sink.try_now()
    return follow(store, index)


def explained(index: ElasticIndex) -> str | None:
    """The heading in docs/operations.md under which a person finds what is said now."""
    return manual.heading_of(str(index.trouble))


def block(index: ElasticIndex, name: str, value: bool | None) -> None:
    index.place.client.indices.put_settings(index=index.names.all_articles, settings={f"index.blocks.{name}": value})


def test_while_nobody_answers_documents_wait_and_then_all_arrive(
    press: Press, store: Store, open_index: OpenIndex, caplog: pytest.LogCaptureFixture
) -> None:
    nowhere = open_index(url=f"http://127.0.0.1:{free_port()}")
    publish_three(press)
    for _ in range(3):
        assert sync(store, nowhere) == SyncReport(pending=3)
    assert explained(nowhere) == "Nobody answers"
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(errors) == 1, "told once, not every time"
    back = open_index()
    assert sync(store, back).sent == 3
    assert back.trouble is None
    assert found(back) == 3


@pytest.mark.parametrize(
    ("kind", "heading"),
    [
        ("read_only_allow_delete", "Its disk is full"),
        ("write", "An index is locked"),
        ("read_only", "An index is locked"),
    ],
)
def test_a_full_or_locked_index_makes_documents_wait_until_it_is_open_again(
    press: Press, store: Store, index: ElasticIndex, kind: str, heading: str
) -> None:
    press.publish("/a")
    sync(store, index)
    block(index, kind, True)
    press.publish("/b", OTHER_TEXT, title="فوز المنتخب")
    assert sync(store, index).pending == 1
    assert explained(index) == heading
    assert rejected(press, index) == {}
    block(index, kind, None)
    assert sync(store, index) == SyncReport(sent=1)
    assert index.trouble is None
    assert found(index) == 2


def test_a_closed_index_makes_documents_wait_until_it_is_opened(
    press: Press, store: Store, index: ElasticIndex
) -> None:
    press.publish("/a")
    sync(store, index)
    index.place.client.indices.close(index=month(index, press))
    press.publish("/b", OTHER_TEXT, title="فوز المنتخب")
    assert sync(store, index).pending == 1
    assert explained(index) == "An index is closed"
    index.place.client.indices.open(index=month(index, press))
    assert sync(store, index) == SyncReport(sent=1)
    assert found(index) == 2


def test_an_index_deleted_by_hand_is_filled_again(
    press: Press, store: Store, index: ElasticIndex, caplog: pytest.LogCaptureFixture
) -> None:
    publish_three(press)
    sync(store, index)
    index.place.client.indices.delete(index=month(index, press))
    assert sync(store, index).sent == 3
    assert found(index) == 3
    assert "An index was deleted by hand" in {manual.heading_of(said) for said in caplog.messages}


def test_an_index_deleted_between_two_looks_is_noticed_by_what_it_does_not_take(
    press: Press, store: Store, index: ElasticIndex
) -> None:
    publish_three(press)
    sync(store, index)
    index.place.client.indices.delete(index=month(index, press))
    press.publish("/d", "نص قصير آخر عن الطقس والأمطار المتوقعة غدا في المناطق الساحلية والجبلية.", title="الطقس غدا")
    follow(store, index)
    assert index.trouble is None
    assert found(index) == 4


def test_an_index_made_anew_by_hand_is_filled_again(press: Press, store: Store, index: ElasticIndex) -> None:
    publish_three(press)
    sync(store, index)
    name = month(index, press)
    index.place.client.indices.delete(index=name)
    index.place.client.indices.create(index=name, aliases={writing(name): {}})
    assert sync(store, index).sent == 3
    assert found(index) == 3


def test_deleted_templates_are_made_again(press: Press, store: Store, index: ElasticIndex, names: Names) -> None:
    press.publish("/a")
    sync(store, index)
    index.place.client.indices.delete_index_template(name=names.template(1))
    index.place.client.cluster.delete_component_template(name=names.template(1))
    press.later(days=40)
    press.publish("/b", OTHER_TEXT, title="فوز المنتخب")
    assert sync(store, index).sent == 1
    analysed = index.place.client.indices.get_field_mapping(index=month(index, press), fields="title.stem")
    assert analysed[month(index, press)]["mappings"]["title.stem"]["mapping"]["stem"]["analyzer"] == "ar_stem"


def test_an_alias_that_points_elsewhere_is_turned_back(
    press: Press, store: Store, index: ElasticIndex, names: Names, caplog: pytest.LogCaptureFixture
) -> None:
    press.publish("/a")
    sync(store, index)
    client, other = index.place.client, f"{names.alias}-elsewhere"
    client.indices.create(index=other)
    client.indices.update_aliases(
        actions=[
            {"remove": {"index": month(index, press), "alias": names.alias}},
            {"add": {"index": other, "alias": names.alias}},
        ]
    )
    assert found(index) == 0
    sync(store, index)
    assert found(index) == 1
    assert f"pointed at {other}" in caplog.text
    assert "The alias points elsewhere" in {manual.heading_of(said) for said in caplog.messages}


def test_an_index_in_the_place_of_the_alias_stops_with_a_sentence(
    press: Press, store: Store, index: ElasticIndex, names: Names
) -> None:
    index.place.client.indices.create(index=names.alias)
    press.publish("/a")
    assert sync(store, index).pending == 1
    assert f"«{names.alias}»" in str(index.trouble)
    assert explained(index) == "An index has the alias's name"
    index.place.client.indices.delete(index=names.alias)
    assert sync(store, index).sent == 1


def test_indices_of_another_data_folder_are_not_touched(
    press: Press, store: Store, index: ElasticIndex, client: Elasticsearch
) -> None:
    press.publish("/a")
    sync(store, index)
    press.do(lambda conn: conn.execute(delete(meta).where(meta.c.key == "store_id")))
    press.publish("/b", OTHER_TEXT, title="فوز المنتخب")
    assert sync(store, index).pending == 1
    assert explained(index) == "The indices are another data folder's"
    assert found(index) == 1


def make_by_hand(index: ElasticIndex, press: Press, number: str) -> str:
    """This month's index, with a field that takes numbers only."""
    name = month(index, press)
    aliases: dict[str, Any] = {writing(name): {}}
    index.place.client.indices.create(index=name, aliases=aliases, mappings={"properties": {number: {"type": "long"}}})
    return name


def test_a_document_that_the_mapping_does_not_fit_is_put_aside_and_can_be_sent_again(
    press: Press, store: Store, index: ElasticIndex
) -> None:
    index.place.look(press.now)
    name = make_by_hand(index, press, "section")
    publish_three(press)
    report = sync(store, index)
    assert (report.sent, report.rejected, report.pending) == (2, 1, 0)
    ((id_, reason),) = rejected(press, index).items()
    assert "document_parsing_exception" in reason
    assert "section" in reason
    assert len(reason) < 700
    index.place.client.indices.delete(index=name)
    assert sync(store, index).rejected == 0
    assert rejected(press, index) == {}
    assert index.holds(id_) or found(index) == 3


def test_when_every_document_is_refused_it_is_the_index_that_is_wrong_and_none_is_put_aside(
    press: Press, store: Store, index: ElasticIndex
) -> None:
    index.place.look(press.now)
    make_by_hand(index, press, "host")
    for number in range(bulk.SUSPICIOUS):
        press.publish(f"/{number}", OTHER_TEXT + f"\nالخبر رقم {number}" * 20, title=f"خبر {number} عن {number * 7}")
    report = sync(store, index)
    assert (report.sent, report.rejected) == (0, 0)
    assert report.pending > 0
    assert explained(index) == "No document fits"


def test_a_field_that_the_index_does_not_know_stops_with_the_way_out(
    press: Press, store: Store, index: ElasticIndex, names: Names
) -> None:
    """As after an upgrade of marsad: the live generation was made by the version before."""
    index.place.look(press.now)
    client = index.place.client
    (told,) = client.cluster.get_component_template(name=names.template(1))["component_templates"]
    template = told["component_template"]["template"]
    del template["mappings"]["properties"]["copies"]
    told_by_another = {"marsad": {"version": "old"}}
    client.cluster.put_component_template(name=names.template(1), template=template, meta=told_by_another)
    publish_three(press)
    assert sync(store, index).pending == 3
    assert explained(index) == "The mapping is another version's"
    assert index.place.outdated(index.place.look(press.now))
    index.rebuild(lambda sink: follow(store, sink))
    assert found(index) == 3
    assert sync(store, index).pending == 0
    assert index.trouble is None


def test_a_request_that_is_refused_as_a_whole_is_halved_until_the_guilty_document_stands_alone(
    press: Press, index: ElasticIndex
) -> None:
    mine = index.place.ensure(index.place.look(press.now), {f"{press.now:%Y.%m}"})
    target = writing(month(index, press))
    actions = [bulk.index_action(target, f"{number:032}", 1, {"id": str(number)}) for number in range(20)]
    actions.insert(7, bulk.index_action(target, "x" * 513, 1, {"id": "bad"}))
    sent = bulk.send(index.place.client, actions)
    assert mine.filled
    assert len(sent.done) == 20
    assert [(action.id[:3], "too long" in reason) for action, reason in sent.rejected] == [("xxx", True)]
    assert sent.left == []


def test_what_answers_and_is_no_elasticsearch_is_told_so(
    press: Press, store: Store, open_index: OpenIndex, world: World
) -> None:
    outlet = world.outlet(articles=1)
    press.publish("/a")
    strange = open_index(url=outlet.origin)
    outlet.behave("/", ok)
    assert sync(store, strange).pending == 1
    assert explained(strange) == "It is something else"


def rejected(press: Press, index: ElasticIndex) -> dict[str, str]:
    return press.see(lambda conn: rejected_by(conn, index.follower or ""))
