"""A dashboard: rows of panels on Kibana's grid of 48 columns, and the lists above them to choose from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from index.kibana.lens import Chart, lens_attributes, lens_references
from index.kibana.saved import Ids, Reference, SavedObject, kuery, packed, saved_object

GRID: Final = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A Discover session, shown by reference: its name."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    markdown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    name: str
    title: str
    width: int
    content: Chart | Session | Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    height: int
    panels: Sequence[Panel]


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A list of a field's values to choose from; `single`: one at a time."""

    field: str
    title: str
    view: str
    single: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    name: str
    title: str
    description: str
    rows: Sequence[Row]
    controls: Sequence[Control] = ()
    since: str
    refresh_seconds: int = field(default=60)


def dashboard(ids: Ids, made: Dashboard) -> SavedObject:
    panels = [panel for row in made.rows for panel in row.panels]
    attributes = {
        "title": ids.titled(made.title),
        "description": made.description,
        "version": 1,
        "panelsJSON": packed(list(_panels(ids, made.rows))),
        "optionsJSON": packed({"useMargins": True, "syncColors": True, "syncCursor": True, "syncTooltips": False,
                               "hidePanelTitles": False}),
        "controlGroupInput": _controls(made.controls),
        "kibanaSavedObjectMeta": {"searchSourceJSON": packed({"query": kuery(""), "filter": []})},
        "timeRestore": True,
        "timeFrom": made.since,
        "timeTo": "now",
        "refreshInterval": {"pause": False, "value": made.refresh_seconds * 1000},
    }  # fmt: skip
    references = [reference for panel in panels for reference in _panel_references(ids, panel)]
    references += (ids.reference(_control_reference(each), "index-pattern", each.view) for each in made.controls)
    return saved_object("dashboard", ids.of(made.name), attributes, [*references, ids.tagged()])


def _panels(ids: Ids, rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
    top = 0
    for row in rows:
        left = 0
        for panel in row.panels:
            yield {
                "panelIndex": panel.name,
                "gridData": {"x": left, "y": top, "w": panel.width, "h": row.height, "i": panel.name},
                "title": panel.title,
                **_content(ids, panel),
            }
            left += panel.width
        top += row.height


def _content(ids: Ids, panel: Panel) -> dict[str, Any]:
    config: dict[str, Any] = {"enhancements": {}}
    match panel.content:
        case Chart() as chart:
            config |= {"attributes": lens_attributes(ids, chart, panel.title), "hidePanelTitles": False}
            return {"type": "lens", "embeddableConfig": config}
        case Session():
            return {"type": "search", "embeddableConfig": config, "panelRefName": f"panel_{panel.name}"}
        case Note(markdown=markdown):
            data = {"aggs": [], "searchSource": {"query": kuery(""), "filter": []}}
            params = {"fontSize": 12, "openLinksInNewTab": False, "markdown": markdown}
            about = {"id": "", "title": "", "description": "", "type": "markdown", "uiState": {}}
            config |= {"savedVis": about | {"params": params, "data": data}, "hidePanelTitles": True}
            return {"type": "visualization", "embeddableConfig": config}


def _panel_references(ids: Ids, panel: Panel) -> Sequence[Reference]:
    match panel.content:
        case Chart() as chart:
            return lens_references(ids, chart, f"{panel.name}:")
        case Session(name=name):
            return [ids.reference(f"{panel.name}:panel_{panel.name}", "search", name)]
        case Note():
            return ()


def _controls(controls: Sequence[Control]) -> dict[str, Any]:
    panels = {
        _control_id(control): {
            "order": order,
            "width": "medium",
            "grow": True,
            "type": "optionsListControl",
            "explicitInput": {
                "id": _control_id(control),
                "fieldName": control.field,
                "title": control.title,
                "singleSelect": control.single,
                # Typed letters may stand anywhere in the value: Arabic words begin with their article.
                "searchTechnique": "wildcard",
                "selectedOptions": [],
                "enhancements": {},
            },
        }
        for order, control in enumerate(controls)
    }
    heeded = ("ignoreFilters", "ignoreQuery", "ignoreTimerange", "ignoreValidations")
    return {
        "chainingSystem": "HIERARCHICAL",
        "controlStyle": "oneLine",
        "ignoreParentSettingsJSON": packed(dict.fromkeys(heeded, False)),
        "panelsJSON": packed(panels),
    }


def _control_id(control: Control) -> str:
    return f"control-{control.field}"


def _control_reference(control: Control) -> str:
    return f"controlGroup_{_control_id(control)}:optionsListDataView"
