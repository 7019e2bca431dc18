"""Our saved objects against a real node: every field they name is there, and every panel gets its answer."""

import copy
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from index.elastic.names import Names
from index.kibana.objects import saved_objects
from index.kibana.saved import SavedObject, packed
from news.documents import Outcome
from tests.elastic.kibana import panels
from tests.index.kibana import kql, lint

DOCS = Path(__file__).parents[3] / "docs"
Hits = Callable[[str], set[str]]


@pytest.fixture(scope="module")
def objects(day: Names) -> list[SavedObject]:
    return saved_objects(day)


@pytest.fixture(scope="module")
def caps(client: Elasticsearch, objects: list[SavedObject]) -> dict[str, panels.Caps]:
    """By data view, as Kibana asks for it."""
    views = [each for each in objects if each["type"] == "index-pattern"]
    answers = {view["id"]: client.field_caps(index=view["attributes"]["title"], fields="*") for view in views}
    return {id_: answer["fields"] for id_, answer in answers.items()}


@pytest.fixture(scope="module")
def answers(client: Elasticsearch, objects: list[SavedObject], caps: dict[str, panels.Caps]) -> dict[str, Any]:
    """Every chart's request, run on the node; by dashboard and panel without the alias."""
    found = {}
    for layer in (layer for each in objects if each["type"] == "dashboard" for layer in lint.layers(each)):
        request = panels.chart_request(layer, list(caps[layer.view]))
        answer = client.search(index=_index(objects, layer.view), body=request)
        found[layer.where.rpartition("-day-")[2]] = answer.body
    return found


def _index(objects: list[SavedObject], view: str) -> str:
    return next(str(each["attributes"]["title"]) for each in objects if each["id"] == view)


def _keys(answer: dict[str, Any], bucket: str) -> list[str]:
    return [each["key"] for each in answer["aggregations"][bucket]["buckets"]]


def test_every_field_is_there_and_can_do_what_is_asked_of_it(
    objects: list[SavedObject], caps: dict[str, panels.Caps]
) -> None:
    assert panels.problems(objects, caps) == []


def test_every_field_of_the_index_that_people_see_has_a_label(
    objects: list[SavedObject], caps: dict[str, panels.Caps]
) -> None:
    named = {use.field for use in panels.uses(objects, caps) if "fieldAttrs" in use.where}
    shown = {use.field for use in panels.uses(objects, caps) if "fieldAttrs" not in use.where and "." not in use.field}
    assert shown - named - {"requested_url", "image_url", "seq"} == set()


def test_every_chart_is_answered_with_something(answers: dict[str, Any]) -> None:
    assert len(answers) >= 25
    for where, answer in answers.items():
        assert answer["hits"]["total"]["value"] > 0, where
        assert answer["_shards"]["failed"] == 0 and answer["_shards"]["skipped"] == 0, where
        for name, aggregation in answer.get("aggregations", {}).items():
            assert aggregation.get("buckets", True), f"{where}/{name} has no buckets"
            assert aggregation.get("value", True) is not None, f"{where}/{name} has no value"


def test_the_story_that_most_outlets_tell_comes_first(answers: dict[str, Any]) -> None:
    first, *others = answers["today/stories"]["aggregations"]["story"]["buckets"]
    assert (first["key"], first["outlets"]["value"], first["doc_count"]) == ("d1", 3, 4)
    assert [bucket["key"] for bucket in first["title"]["buckets"]] == ["اتفاق على وقف إطلاق النار"]
    assert [each["outlets"]["value"] for each in others] == [1, 1, 1]


def test_the_figures_of_today_and_of_a_story_count_what_they_say(answers: dict[str, Any]) -> None:
    def figure(where: str) -> Any:
        answer = answers[where]
        value = answer.get("aggregations", {}).get("value", {"value": answer["hits"]["total"]["value"]})
        return value.get("value", value.get("doc_count"))

    said = {where: figure(where) for where in ("documents", "outlets-count", "stories-count", "copies-count")
            for where in [f"today/{where}"]}  # fmt: skip
    assert list(said.values()) == [7, 3, 4, 3]
    assert figure("story/originals") == 4
    assert figure("story/edits-count") == 2
    assert figure("story/removed-count") == 1
    assert figure("health/silent-count") == 1
    assert figure("health/failing-count") == 1
    assert figure("health/never-count") == 1
    assert figure("health/lag") == 3.5


def test_outlets_of_a_story_stand_in_the_order_of_their_first_word(answers: dict[str, Any]) -> None:
    assert _keys(answers["story/outlets"], "outlet") == ["الصحيفة", "وكالة الأخبار", "قناة المحور"]


def test_health_shows_the_stalest_outlet_first_and_every_outcome(answers: dict[str, Any]) -> None:
    assert _keys(answers["health/freshness"], "outlet")[0] == "الصحيفة"
    outcomes = answers["health/outcomes"]["aggregations"]
    assert {each["value"] for each in outcomes.values()} == {3.0} and len(outcomes) == len(Outcome) - 1
    assert _keys(answers["health/books"], "outlet") == ["الصحيفة", "قناة المحور", "وكالة الأخبار"]


def test_every_discover_session_lists_its_documents(
    client: Elasticsearch, objects: list[SavedObject], caps: dict[str, panels.Caps]
) -> None:
    expected = {
        "newest": ["d5", "d6", "d7"],
        "coverage": ["d7", "d6", "d5", "d1", "d2", "d3", "d4"],
        "copies": ["d2", "d3", "d4"],
        "edits": ["d4", "d5"],
        "removed": ["d7"],
        "unwell": ["sahifa", "mihwar"],
    }
    expected["newest"].insert(0, "d1")
    for session in (each for each in objects if each["type"] == "search"):
        [view] = [id_ for type_, id_ in lint.targets(session).values() if type_ == "index-pattern"]
        answer = client.search(index=_index(objects, view), body=panels.session_request(session, caps[view]))
        found = [hit["_id"] for hit in answer["hits"]["hits"]]
        assert found == expected.pop(session["id"].rpartition("-")[2]), session["id"]
    assert expected == {}


def _rename(objects: list[SavedObject], old: str, new: str) -> None:
    """In every chart, session, control and data view that names the field."""
    for each in objects:
        for key, value in each["attributes"].items():
            if isinstance(value, str):
                each["attributes"][key] = value.replace(f'"{old}"', f'"{new}"')
        if columns := each["attributes"].get("columns"):
            each["attributes"]["columns"] = [new if column == old else column for column in columns]


@pytest.mark.parametrize(
    "old, new, told",
    [
        ("cluster_title", "cluster_titel", "there is no field cluster_titel"),
        ("source_name", "title", "title is not aggregatable"),
        ("at", "source", "source is of type keyword"),
        ("silent_seconds", "health", "health is of type keyword"),
        ("cluster_id", "image_url", "image_url is not aggregatable"),
    ],
)
def test_the_lint_sees_a_field_that_is_not_there_or_cannot_do_it(
    objects: list[SavedObject], caps: dict[str, panels.Caps], old: str, new: str, told: str
) -> None:
    broken = copy.deepcopy(objects)
    _rename(broken, old, new)
    assert any(told in said for said in panels.problems(broken, caps))


def test_the_lint_sees_a_query_for_a_field_that_is_not_there(
    objects: list[SavedObject], caps: dict[str, panels.Caps]
) -> None:
    broken = copy.deepcopy(objects)
    session = next(each for each in broken if each["type"] == "search")
    told = lint.source(session) | {"query": {"language": "kuery", "query": "duplicate_off: *"}}
    session["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"] = packed(told)
    with pytest.raises(AssertionError, match="no field is called duplicate_off"):
        panels.problems(broken, caps)


@pytest.fixture(scope="module")
def hits(client: Elasticsearch, day: Names, caps: dict[str, panels.Caps], objects: list[SavedObject]) -> Hits:
    """The documents that Kibana's search box finds."""
    view = next(each["id"] for each in objects if each["type"] == "index-pattern")

    def find(query: str) -> set[str]:
        answer = client.search(index=day.alias, query=kql.parse(query, caps[view])[0], size=100)
        return {hit["_id"] for hit in answer["hits"]["hits"]}

    return find


TRUCE = {"d1", "d2", "d3", "d4"}


@pytest.mark.parametrize(
    "query, found",
    [
        ("وزير", TRUCE),  # the text has «الوزير»
        ("للوزير", TRUCE),
        ('"وقف إطلاق النار"', TRUCE),
        ('"إطلاق وقف النار"', set()),
        ("مفاوضات and القمح", set()),
        ("مفاوضات القمح", TRUCE | {"d6"}),  # two words: either
        ("مفاوضات or القمح", TRUCE | {"d6"}),
        ("اتفاق and not نص", {"d1", "d2", "d3"}),
        ("title*: انتخاب", {"d5"}),  # only the stem of «انتخابات» meets it
        ("title: انتخاب", set()),
        ("source: sahifa and section: سياسة", {"d2"}),
        ('source_name: "وكالة الأخبار"', {"d1", "d5"}),
        ("section: (رياضة or اقتصاد)", {"d6", "d7"}),
        ("duplicate_of: *", {"d2", "d3", "d4"}),
        ("not duplicate_of: * and revision > 1", {"d5"}),
        ("copies >= 3", {"d1"}),
        ("stories: truce", {"d1"}),
        ("title.exact: انتخابات", {"d5"}),
        ("اقتصـــاد or مُفاوضات", TRUCE),
        ("مفاوض*", TRUCE),
        ("title: انتخاب*", {"d5"}),
        ('at >= "2026-11-23T05:00" and at < "2026-11-23T06:00"', {"d2"}),
        ("text.exact: الوزير", TRUCE),
        ("text.exact: وزير", set()),
    ],
)
def test_kibanas_search_box_finds(hits: Hits, query: str, found: set[str]) -> None:
    assert hits(query) == found


def test_the_queries_that_are_taught_are_answered(hits: Hits, objects: list[SavedObject]) -> None:
    note = next(panel for panel in lint.panels(objects[-3]) if panel["panelIndex"] == "searching")
    markdown = note["embeddableConfig"]["savedVis"]["params"]["markdown"]
    taught = [line.strip() for line in markdown.splitlines() if line.startswith("    ")]
    guide = (DOCS / "search.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```kql\n(.*?)```", guide, re.DOTALL)
    taught += [line for block in blocks for line in block.splitlines() if line]
    assert len(taught) > 10
    for query in taught:
        hits(query)
