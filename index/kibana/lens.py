"""Lens charts by value: columns that Kibana turns into aggregations, and the chart that draws them.

Only operations that a node of the free licence and without x-pack's aggregations answers: no last value (top_metrics),
no several fields in one terms column (multi_terms).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from index.kibana.saved import Ids, Reference, kuery

Column = dict[str, Any]
RECORDS: Final = "___records___"  # what Lens calls the documents themselves


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """`columns` by id, the ones that make buckets first; `visualization` names them by these ids."""

    kind: str
    view: str
    columns: Mapping[str, Column]
    visualization: Mapping[str, Any]
    query: str = ""


LAYER: Final = "layer"


def count(label: str = "Documents", where: str = "") -> Column:
    return _metric("count", RECORDS, label) | ({"filter": kuery(where)} if where else {})


def unique(field: str, label: str) -> Column:
    return _metric("unique_count", field, label)


def total(field: str, label: str) -> Column:
    return _metric("sum", field, label)


def greatest(field: str, label: str) -> Column:
    return _metric("max", field, label)


def earliest(field: str, label: str) -> Column:
    return _metric("min", field, label) | {"dataType": "date"}


def latest(field: str, label: str) -> Column:
    return _metric("max", field, label) | {"dataType": "date"}


def top(field: str, label: str, size: int, by: str, *, ascending: bool = False, others: bool = False) -> Column:
    """The values of a field that come first by another column."""
    params = {
        "size": size,
        "orderBy": {"type": "column", "columnId": by},
        "orderDirection": "asc" if ascending else "desc",
        "otherBucket": others,
        "missingBucket": False,
        "parentFormat": {"id": "terms"},
    }
    return _column("terms", field, label, "string", "ordinal", params, bucketed=True)


def over_time(field: str = "at", label: str = "Time") -> Column:
    params = {"interval": "auto", "includeEmptyRows": True, "dropPartials": False}
    return _column("date_histogram", field, label, "date", "interval", params, bucketed=True)


def metric(view: str, column: Column, query: str = "") -> Chart:
    visualization = {"layerId": LAYER, "layerType": "data", "metricAccessor": "value"}
    return Chart(kind="lnsMetric", view=view, columns={"value": column}, visualization=visualization, query=query)


def table(view: str, columns: Mapping[str, Column], query: str = "", *, wide: str | None = None) -> Chart:
    """`wide` is the column that gets the room: a title."""
    shown = [
        {"columnId": id_, "isMetric": not column["isBucketed"], "isTransposed": False}
        | ({"width": 420} if id_ == wide else {})
        for id_, column in columns.items()
    ]
    visualization = {"layerId": LAYER, "layerType": "data", "columns": shown, "paging": {"size": 20, "enabled": True}}
    return Chart(kind="lnsDatatable", view=view, columns=columns, visualization=visualization, query=query)


def bars(
    view: str, columns: Mapping[str, Column], x: str | None, split: str | None = None, query: str = "",
    *, series: str = "bar_stacked",
) -> Chart:  # fmt: skip
    """Bars of every metric among the columns, along `x`, in the colours of `split`."""
    layer: dict[str, Any] = {
        "layerId": LAYER,
        "layerType": "data",
        "seriesType": series,
        "accessors": [id_ for id_, column in columns.items() if not column["isBucketed"]],
    }
    layer |= {key: value for key, value in (("xAccessor", x), ("splitAccessor", split)) if value}
    several = split is not None or len(layer["accessors"]) > 1
    visualization = {
        "preferredSeriesType": series,
        "layers": [layer],
        "legend": {"isVisible": several, "position": "right", "legendSize": "large"},
        "valueLabels": "hide" if split else "show",
        "fittingFunction": "None",
        "axisTitlesVisibilitySettings": {"x": False, "yLeft": False, "yRight": False},
    }
    return Chart(kind="lnsXY", view=view, columns=columns, visualization=visualization, query=query)


def donut(view: str, group: Column, value: Column, query: str = "") -> Chart:
    layer = {
        "layerId": LAYER,
        "layerType": "data",
        "primaryGroups": ["group"],
        "metrics": ["value"],
        "numberDisplay": "value",
        "categoryDisplay": "default",
        "legendDisplay": "show",
        "nestedLegend": False,
    }
    visualization = {"shape": "donut", "layers": [layer]}
    columns = {"group": group, "value": value}
    return Chart(kind="lnsPie", view=view, columns=columns, visualization=visualization, query=query)


def lens_attributes(ids: Ids, chart: Chart, title: str) -> dict[str, Any]:
    layer = {"columns": dict(chart.columns), "columnOrder": list(chart.columns), "incompleteColumns": {}}
    return {
        "title": title,
        "type": "lens",
        "visualizationType": chart.kind,
        "references": lens_references(ids, chart),
        "state": {
            "visualization": dict(chart.visualization),
            "query": kuery(chart.query),
            "filters": [],
            "datasourceStates": {"formBased": {"layers": {LAYER: layer}}, "textBased": {"layers": {}}},
            "internalReferences": [],
            "adHocDataViews": {},
        },
    }


def lens_references(ids: Ids, chart: Chart, prefix: str = "") -> Sequence[Reference]:
    return [ids.reference(f"{prefix}indexpattern-datasource-layer-{LAYER}", "index-pattern", chart.view)]


def _metric(operation: str, field: str, label: str) -> Column:
    return _column(operation, field, label, "number", "ratio", {"emptyAsNull": False}, bucketed=False)


def _column(
    operation: str, field: str, label: str, data: str, scale: str, params: Mapping[str, Any], *, bucketed: bool
) -> Column:
    return {
        "label": label,
        "customLabel": True,
        "dataType": data,
        "operationType": operation,
        "sourceField": field,
        "isBucketed": bucketed,
        "scale": scale,
        "params": dict(params),
    }
