"""What is wrong with saved objects, in words: what would only show once somebody opens them in Kibana."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from index.kibana.dashboard import GRID
from index.kibana.saved import VERSIONS, SavedObject

OPERATIONS = {"terms", "date_histogram", "count", "unique_count", "sum", "min", "max", "average", "median"}
FORMATS = {"number", "url", "duration", "color", "date", "string"}
# Letters, figures, spaces, hyphens and underscores: nothing that a neighbour in another direction would move.
SAFE = re.compile(r"[A-Za-z0-9_ -]+")


class Layer(NamedTuple):
    """A chart with the data view it draws from."""

    where: str
    view: str
    columns: Mapping[str, Any]
    order: Sequence[str]
    visualization: Mapping[str, Any]
    query: str


def problems(objects: Sequence[SavedObject]) -> list[str]:
    return [*_shared(objects), *(said for each in objects for said in CHECKS[each["type"]](each))]


def panels(board: SavedObject) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(board["attributes"]["panelsJSON"])
    return found


def controls(board: SavedObject) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(board["attributes"]["controlGroupInput"]["panelsJSON"])
    return found


def source(saved: SavedObject) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(saved["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"])
    return found


def targets(saved: SavedObject) -> dict[str, tuple[str, str]]:
    """Type and id by the reference's name."""
    return {each["name"]: (each["type"], each["id"]) for each in saved["references"]}


def layers(board: SavedObject) -> Iterator[Layer]:
    for panel in panels(board):
        if panel["type"] != "lens":
            continue
        attributes = panel["embeddableConfig"]["attributes"]
        state = attributes["state"]
        own = {each["name"]: each["id"] for each in attributes["references"]}
        for id_, layer in state["datasourceStates"]["formBased"]["layers"].items():
            view = own.get(f"indexpattern-datasource-layer-{id_}", "")
            where = f"{board['id']}/{panel['panelIndex']}"
            yield Layer(
                where, view, layer["columns"], layer["columnOrder"], state["visualization"], state["query"]["query"]
            )


def _shared(objects: Sequence[SavedObject]) -> Iterator[str]:
    known = [(each["type"], each["id"]) for each in objects]
    for key in {key for key in known if known.count(key) > 1}:
        yield f"{key} is there twice"
    for each in objects:
        if each["typeMigrationVersion"] != VERSIONS[each["type"]] or each["coreMigrationVersion"] != "8.8.0":
            yield f"{each['id']}: versions"
        if len(targets(each)) != len(each["references"]):
            yield f"{each['id']}: two references of one name"
        for name, target in targets(each).items():
            if target not in known:
                yield f"{each['id']}: {name} leads to {target}, which is not there"


def _view(view: SavedObject) -> Iterator[str]:
    attributes = view["attributes"]
    for field, said in json.loads(attributes["fieldAttrs"]).items():
        yield from _label(f"{view['id']}/{field}", said["customLabel"])
    for field, how in json.loads(attributes["fieldFormatMap"]).items():
        if how["id"] not in FORMATS:
            yield f"{view['id']}/{field}: there is no format {how['id']}"


def _session(session: SavedObject) -> Iterator[str]:
    yield from _label(session["id"], session["attributes"]["title"])
    name = source(session)["indexRefName"]
    if targets(session).get(name, ("", ""))[0] != "index-pattern":
        yield f"{session['id']}: {name} names no data view"


def _dashboard(board: SavedObject) -> Iterator[str]:
    yield from _label(board["id"], board["attributes"]["title"])
    yield from _grid(board)
    for panel in panels(board):
        yield from _panel(board, panel)
    for layer in layers(board):
        yield from _layer(layer)
    for id_, control in controls(board).items():
        yield from _label(f"{board['id']}/{id_}", control["explicitInput"]["title"])
        if targets(board).get(f"controlGroup_{id_}:optionsListDataView", ("", ""))[0] != "index-pattern":
            yield f"{board['id']}/{id_}: names no data view"
        if control["explicitInput"]["id"] != id_:
            yield f"{board['id']}/{id_}: has another id inside"


def _panel(board: SavedObject, panel: Mapping[str, Any]) -> Iterator[str]:
    where, name = f"{board['id']}/{panel['panelIndex']}", panel["panelIndex"]
    yield from _label(where, panel["title"])
    if panel["gridData"]["i"] != name:
        yield f"{where}: has another name on the grid"
    if panel["type"] == "search" and targets(board).get(f"{name}:{panel['panelRefName']}", ("", ""))[0] != "search":
        yield f"{where}: names no Discover session"
    if panel["type"] == "lens":
        for each in panel["embeddableConfig"]["attributes"]["references"]:
            if targets(board).get(f"{name}:{each['name']}") != (each["type"], each["id"]):
                yield f"{where}: {each['name']} is not known to the dashboard"


def _grid(board: SavedObject) -> Iterator[str]:
    taken: dict[tuple[int, int], str] = {}
    for panel in panels(board):
        at, name = panel["gridData"], panel["panelIndex"]
        cells = [(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])]
        if at["x"] + at["w"] > GRID or not cells:
            yield f"{board['id']}/{name}: does not fit on the grid"
        if others := {taken[cell] for cell in cells if cell in taken}:
            yield f"{board['id']}/{name}: lies on {others}"
        taken |= dict.fromkeys(cells, name)


def _layer(layer: Layer) -> Iterator[str]:
    where, columns = layer.where, layer.columns
    buckets = [columns[id_]["isBucketed"] for id_ in layer.order if id_ in columns]
    if sorted(layer.order) != sorted(columns) or buckets != sorted(buckets, reverse=True):
        yield f"{where}: the order of the columns"
    drawn = set(_drawn(layer.visualization))
    if drawn != set(columns):
        yield f"{where}: draws {drawn ^ set(columns)} that it has not, or has but does not draw"
    for id_, column in columns.items():
        yield from _label(f"{where}/{id_}", column["label"])
        if column["operationType"] not in OPERATIONS:
            yield f"{where}/{id_}: a node may not know {column['operationType']}"
        if column["params"].get("secondaryFields"):
            yield f"{where}/{id_}: several fields in one column"
        by = column["params"].get("orderBy", {"columnId": None})["columnId"]
        if by is not None and (by not in columns or columns[by]["isBucketed"]):
            yield f"{where}/{id_}: is ordered by {by}"


def _drawn(visualization: Mapping[str, Any]) -> Iterator[str]:
    for key, value in visualization.items():
        match key, value:
            case (("metricAccessor" | "xAccessor" | "splitAccessor" | "columnId"), str()):
                yield value
            case (("accessors" | "primaryGroups" | "metrics"), list()):
                yield from value
            case (("layers" | "columns"), list()):
                for each in value:
                    yield from _drawn(each)


def _label(where: str, label: str) -> Iterator[str]:
    if not SAFE.fullmatch(label) or len(label) > 40:
        yield f"{where}: {label!r} is no short Latin label"


CHECKS = {"tag": lambda _: (), "index-pattern": _view, "search": _session, "dashboard": _dashboard}
