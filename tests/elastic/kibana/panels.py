"""What Kibana asks of Elasticsearch for our objects: the request of each chart, and each use of a field."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from index.kibana.saved import SavedObject
from tests.index.kibana import kql, lint

NUMBERS: Final = {"long", "integer", "double", "float", "short"}
# What a field must be for each operation; None: whatever can be aggregated.
TYPES: Final[Mapping[str, set[str] | None]] = {
    "terms": {"keyword", *NUMBERS},
    "date_histogram": {"date"},
    "unique_count": None,
    "sum": NUMBERS,
    "min": {"date", *NUMBERS},
    "max": {"date", *NUMBERS},
}
AGGREGATIONS: Final = {"unique_count": "cardinality", "sum": "sum", "min": "min", "max": "max"}
Caps = Mapping[str, Mapping[str, Mapping[str, Any]]]  # of each field, by type


class Use(NamedTuple):
    """A field that an object names: it has to be there, and to be one of `types`, aggregatable or searchable."""

    where: str
    view: str
    field: str
    need: str = ""  # "aggregatable" or "searchable"
    types: set[str] | None = None


def problems(objects: Sequence[SavedObject], caps: Mapping[str, Caps]) -> list[str]:
    """`caps`: what `_field_caps` says of each data view's index, by the view's id."""
    return [said for use in uses(objects, caps) if (said := _problem(use, caps[use.view]))]


def uses(objects: Sequence[SavedObject], caps: Mapping[str, Iterable[str]]) -> Iterator[Use]:
    for each in objects:
        if each["type"] == "index-pattern":
            yield from _of_view(each)
        elif each["type"] == "search":
            yield from _of_session(each, caps)
        elif each["type"] == "dashboard":
            yield from _of_dashboard(each, caps)


def _problem(use: Use, caps: Caps) -> str | None:
    if use.field not in caps:
        return f"{use.where}: there is no field {use.field}"
    (type_, how), *others = caps[use.field].items()
    if others:
        return f"{use.where}: {use.field} is of several types"
    if use.need and not how[use.need]:
        return f"{use.where}: {use.field} is not {use.need}"
    if use.types is not None and type_ not in use.types:
        return f"{use.where}: {use.field} is of type {type_}"
    return None


def _of_view(view: SavedObject) -> Iterator[Use]:
    attributes = view["attributes"]
    for name in ("fieldAttrs", "fieldFormatMap"):
        for field in json.loads(attributes[name]):
            yield Use(f"{view['id']}/{name}", view["id"], field)
    if field := attributes.get("timeFieldName"):
        yield Use(view["id"], view["id"], field, "aggregatable", {"date"})


def _of_session(session: SavedObject, caps: Mapping[str, Iterable[str]]) -> Iterator[Use]:
    view, where = _view_of(session), session["id"]
    for column in session["attributes"]["columns"]:
        yield Use(f"{where}/columns", view, column)
    for field, _ in session["attributes"]["sort"]:
        yield Use(f"{where}/sort", view, field, "aggregatable")
    yield from _of_query(where, view, lint.source(session)["query"]["query"], caps)


def _of_dashboard(board: SavedObject, caps: Mapping[str, Iterable[str]]) -> Iterator[Use]:
    for layer in lint.layers(board):
        yield from _of_query(layer.where, layer.view, layer.query, caps)
        for id_, column in layer.columns.items():
            where = f"{layer.where}/{id_}"
            yield from _of_query(where, layer.view, column.get("filter", {}).get("query", ""), caps)
            if column["operationType"] != "count":
                types = TYPES[column["operationType"]]
                yield Use(where, layer.view, column["sourceField"], "aggregatable", types)
    for id_, control in lint.controls(board).items():
        view = lint.targets(board)[f"controlGroup_{id_}:optionsListDataView"][1]
        yield Use(f"{board['id']}/{id_}", view, control["explicitInput"]["fieldName"], "aggregatable", {"keyword"})


def _of_query(where: str, view: str, query: str, caps: Mapping[str, Iterable[str]]) -> Iterator[Use]:
    for pattern in kql.parse(query, caps[view])[1]:
        if "*" not in pattern:
            yield Use(f"{where}/query", view, pattern, "searchable")


def _view_of(session: SavedObject) -> str:
    return lint.targets(session)[lint.source(session)["indexRefName"]][1]


def session_request(session: SavedObject, fields: Iterable[str]) -> dict[str, Any]:
    query, _ = kql.parse(lint.source(session)["query"]["query"], fields)
    sort = [{field: {"order": order}} for field, order in session["attributes"]["sort"]]
    columns = session["attributes"]["columns"]
    return {"query": query, "sort": sort, "fields": columns, "highlight": {"fields": {"*": {}}}}


def chart_request(layer: lint.Layer, fields: Sequence[str]) -> dict[str, Any]:
    """Buckets inside buckets, and every metric in each of them: an outer bucket may be ordered by one."""
    buckets = [id_ for id_ in layer.order if layer.columns[id_]["isBucketed"]]
    metrics = {
        id_: _metric(column, fields)
        for id_, column in layer.columns.items()
        if not column["isBucketed"] and (column["operationType"] != "count" or "filter" in column)
    }
    inner: dict[str, Any] = dict(metrics)
    for id_ in reversed(buckets):
        inner = {id_: {**_bucket(layer.columns[id_], layer.columns), "aggs": inner}, **metrics}
    request: dict[str, Any] = {"size": 0, "track_total_hits": True, "query": kql.parse(layer.query, fields)[0]}
    return request | ({"aggs": inner} if inner else {})


def _metric(column: Mapping[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    if column["operationType"] == "count":
        return {"filter": kql.parse(column["filter"]["query"], fields)[0]}
    return {AGGREGATIONS[column["operationType"]]: {"field": column["sourceField"]}}


def _bucket(column: Mapping[str, Any], columns: Mapping[str, Any]) -> dict[str, Any]:
    field = column["sourceField"]
    if column["operationType"] == "date_histogram":
        return {"date_histogram": {"field": field, "fixed_interval": "1h", "time_zone": "Asia/Qatar"}}
    by, direction = column["params"]["orderBy"]["columnId"], column["params"]["orderDirection"]
    order = "_count" if columns[by]["operationType"] == "count" else by
    return {"terms": {"field": field, "size": column["params"]["size"], "order": {order: direction}, "shard_size": 400}}
