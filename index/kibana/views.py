"""The data views: which index, which time, and how its fields are called and written."""

from collections.abc import Mapping
from typing import Any, Final

from index.elastic.health import FIGURES
from index.kibana.saved import Ids, SavedObject, packed, saved_object

ARTICLES: Final = "view-articles"
HEALTH: Final = "view-health"
STORY: Final = "story"  # the dashboard that a cluster's id leads to

ARTICLE_LABELS: Final[Mapping[str, str]] = {
    "at": "Time",
    "title": "Title",
    "summary": "Summary",
    "text": "Text",
    "source_name": "Outlet",
    "source": "Outlet id",
    "country": "Country",
    "section": "Section",
    "authors": "Authors",
    "url": "Address",
    "host": "Host",
    "published_at": "Published",
    "modified_at": "Modified",
    "first_seen_at": "First seen",
    "fetched_at": "Fetched",
    "indexed_at": "Indexed",
    "removed_at": "Removed",
    "revision": "Revision",
    "copies": "Copies",
    "duplicate_of": "Copy of",
    "cluster_id": "Story",
    "cluster_title": "Story title",
    "stories": "Followed stories",
}
HEALTH_LABELS: Final[Mapping[str, str]] = {
    "at": "Reported",
    "source_name": "Outlet",
    "source": "Outlet id",
    "country": "Country",
    "health": "Health",
    "last_success_at": "Last success",
    "silent_seconds": "Since last success",
    "listed": "Listed",
    "fetched": "Fetched",
    "extracted": "Extracted",
    "stored": "Stored",
    "pending": "Pending",
    "indexed": "Indexed",
    "searchable": "Searchable",
    "dropped_total": "Dropped",
    "index_pending": "Index pending",
    "index_rejected": "Index rejected",
    "index_lag_seconds": "Index lag",
}
COUNT: Final = {"id": "number", "params": {"pattern": "0,0"}}
DURATION: Final = {
    "id": "duration",
    "params": {"inputFormat": "seconds", "outputFormat": "humanizePrecise", "outputPrecision": 1,
               "useShortSuffix": True, "includeSpaceWithSuffix": True},
}  # fmt: skip
LINK: Final = {"id": "url", "params": {"openLinkInCurrentTab": False}}
# Text and background, dark enough on light to be read.
HEALTH_COLOURS: Final[Mapping[str, tuple[str, str]]] = {
    "ok": ("#07413B", "#C6EFE5"),
    "silent": ("#6A4A00", "#FBE9B7"),
    "empty": ("#6A4A00", "#FBE9B7"),
    "overflowing": ("#6A4A00", "#FBE9B7"),
    "backing_off": ("#6A4A00", "#FBE9B7"),
    "failing": ("#71170F", "#FBD3CE"),
    "fruitless": ("#71170F", "#FBD3CE"),
    "disabled": ("#343741", "#E3E6EE"),
}


def data_views(ids: Ids) -> list[SavedObject]:
    return [
        _data_view(ids, ARTICLES, ids.names.alias, ARTICLE_LABELS, _article_formats(ids), time_field="at"),
        # One document a source, replaced at each report: with a time field, those of a marsad that stopped would
        # vanish when they matter most.
        _data_view(ids, HEALTH, ids.names.health, HEALTH_LABELS, _health_formats(), time_field=None),
    ]


def _data_view(
    ids: Ids, name: str, index: str, labels: Mapping[str, str], formats: Mapping[str, Any], time_field: str | None
) -> SavedObject:
    attributes: dict[str, Any] = {
        "title": index,
        "name": index,
        "fieldAttrs": packed({field: {"customLabel": label} for field, label in labels.items()}),
        "fieldFormatMap": packed(formats),
        "fields": "[]",
        "runtimeFieldMap": "{}",
        "sourceFilters": "[]",
        # It can be imported before the first document is there.
        "allowNoIndex": True,
    }
    if time_field:
        attributes["timeFieldName"] = time_field
    return saved_object("index-pattern", ids.of(name), attributes)


def _article_formats(ids: Ids) -> dict[str, Any]:
    return {
        **dict.fromkeys(("url", "requested_url", "image_url", "related.url", "found_via.url"), LINK),
        **dict.fromkeys(("revision", "copies"), COUNT),
        # A sequence number is no quantity: no separators.
        "seq": {"id": "number", "params": {"pattern": "0"}},
        "cluster_id": {"id": "url", "params": {"urlTemplate": _story_address(ids), "labelTemplate": "open story",
                                               "openLinkInCurrentTab": True}},
    }  # fmt: skip


def _story_address(ids: Ids) -> str:
    """Relative, so that it holds under every base path. A story may have begun long before what is looked at now."""
    time = "_g=(time:(from:now-1y,to:now))"
    query = "_a=(query:(language:kuery,query:'cluster_id:{{value}}'))"
    return f"/app/dashboards#/view/{ids.of(STORY)}?{time}&{query}"


def _health_formats() -> dict[str, Any]:
    colours = [
        {"range": "-Infinity:Infinity", "regex": f"^{health}$", "text": text, "background": background}
        for health, (text, background) in HEALTH_COLOURS.items()
    ]
    return {
        **dict.fromkeys((*FIGURES, "dropped_total", "index_pending", "index_rejected"), COUNT),
        **dict.fromkeys(("silent_seconds", "index_lag_seconds"), DURATION),
        "health": {"id": "color", "params": {"fieldType": "string", "colors": colours}},
    }
