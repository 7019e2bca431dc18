"""The saved objects hold together by themselves: no node and no Kibana is needed to see that."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from index.elastic.names import Names
from index.kibana.objects import ndjson, saved_objects
from index.kibana.saved import SavedObject, packed
from tests.index.kibana import lint
from tests.index.kibana.pictures import FOLDER, pictures

OBJECTS = saved_objects(Names())


def test_every_reference_leads_to_an_object_and_every_panel_draws_its_columns() -> None:
    assert lint.problems(OBJECTS) == []


def test_there_are_two_data_views_and_three_dashboards() -> None:
    titles = {each["attributes"]["title"] for each in OBJECTS if each["type"] == "index-pattern"}
    assert titles == {"news", "news-health"}
    boards = [each["attributes"]["title"] for each in OBJECTS if each["type"] == "dashboard"]
    assert boards == ["marsad Today", "marsad Story", "marsad Health"]


def test_the_same_objects_are_made_every_time() -> None:
    assert ndjson(saved_objects(Names())) == ndjson(OBJECTS)


def test_two_aliases_share_a_kibana() -> None:
    others = saved_objects(Names("archive"))
    assert lint.problems(others) == []
    ids = [{(each["type"], each["id"]) for each in objects} for objects in (OBJECTS, others)]
    assert not ids[0] & ids[1]
    titles = [each["attributes"]["title"] for each in others if each["type"] == "index-pattern"]
    assert titles == ["archive", "archive-health"]


def test_one_line_is_one_object_and_its_arabic_can_be_read() -> None:
    lines = ndjson(OBJECTS).splitlines()
    assert [json.loads(line) for line in lines] == OBJECTS
    assert "وقف إطلاق النار" in ndjson(OBJECTS)


def test_documents_of_a_marsad_that_stopped_do_not_vanish_from_health() -> None:
    views = {each["attributes"]["title"]: each["attributes"] for each in OBJECTS if each["type"] == "index-pattern"}
    assert views["news"]["timeFieldName"] == "at"
    assert "timeFieldName" not in views["news-health"]


def _today(objects: list[SavedObject]) -> SavedObject:
    return next(each for each in objects if each["type"] == "dashboard")


def _panel(objects: list[SavedObject], change: Callable[[dict[str, Any]], object], name: str = "stories") -> None:
    board = _today(objects)
    panels = lint.panels(board)
    change(next(panel for panel in panels if panel["panelIndex"] == name))
    board["attributes"]["panelsJSON"] = packed(panels)


def _layer(objects: list[SavedObject], change: Callable[[dict[str, Any]], object]) -> None:
    def inside(panel: dict[str, Any]) -> None:
        state = panel["embeddableConfig"]["attributes"]["state"]
        change(state["datasourceStates"]["formBased"]["layers"]["layer"])

    _panel(objects, inside)


def _column(objects: list[SavedObject], **change: Any) -> None:
    _layer(objects, lambda layer: layer["columns"]["story"].update(change))


BREAKS: dict[str, Callable[[list[SavedObject]], object]] = {
    "a missing session": lambda objects: objects.remove(next(e for e in objects if e["id"] == "marsad-news-newest")),
    "an object twice": lambda objects: objects.append(objects[0]),
    "a dashboard that is too new": lambda objects: _today(objects).update(typeMigrationVersion="10.9.0"),
    "a reference that is gone": lambda objects: _today(objects)["references"].pop(0),
    "a control without its data view": lambda objects: _today(objects)["references"].pop(-2),
    "a panel beyond the edge": lambda objects: _panel(objects, lambda p: p["gridData"].update(x=40)),
    "two panels in one place": lambda objects: _panel(objects, lambda p: p["gridData"].update(y=0)),
    "a panel of two names": lambda objects: _panel(objects, lambda p: p["gridData"].update(i="other")),
    "an Arabic label": lambda objects: _panel(objects, lambda p: p.update(title="القصص (اليوم)")),
    "a column that is not drawn": lambda objects: _layer(
        objects, lambda layer: layer["columns"].update(more=layer["columns"]["title"])
    ),
    "metrics before buckets": lambda objects: _layer(objects, lambda layer: layer["columnOrder"].reverse()),
    "an operation of x-pack": lambda objects: _column(objects, operationType="last_value"),
    "several fields in a column": lambda objects: _column(objects, params={"secondaryFields": ["title.keyword"]}),
    "an order by nothing": lambda objects: _column(objects, params={"orderBy": {"columnId": "gone"}}),
}


@pytest.mark.parametrize("broken", BREAKS)
def test_the_lint_sees_each_way_to_break_an_object(broken: str) -> None:
    objects = copy.deepcopy(OBJECTS)
    BREAKS[broken](objects)
    assert lint.problems(objects) != []


@pytest.mark.parametrize("name, picture", pictures().items(), ids=pictures().keys())
def test_the_pictures_show_what_is_imported(name: str, picture: str) -> None:
    """python -m tests.index.kibana.pictures draws them anew."""
    assert (FOLDER / name).read_text(encoding="utf-8") == picture
    assert f"pictures/{name}" in (FOLDER.parent / "search.md").read_text(encoding="utf-8")
