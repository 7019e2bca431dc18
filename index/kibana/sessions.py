"""The Discover sessions: lists of documents to open, to search in, and to put on dashboards."""

from dataclasses import dataclass
from typing import Final

from index.kibana.saved import Ids, SavedObject, kuery, packed, saved_object
from index.kibana.views import ARTICLES, HEALTH

INDEX_REFERENCE: Final = "kibanaSavedObjectMeta.searchSourceJSON.index"


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoverSession:
    name: str
    title: str
    description: str
    columns: tuple[str, ...]
    sort: tuple[str, str]
    query: str = ""
    view: str = ARTICLES


SESSIONS: Final = (
    DiscoverSession(
        name="newest",
        title="Newest",
        description="What the press published, newest first, each text once.",
        columns=("title", "source_name", "section"),
        sort=("at", "desc"),
        query="not duplicate_of: *",
    ),
    DiscoverSession(
        name="coverage",
        title="Coverage",
        description="Documents in the order of their time: how a story unfolded.",
        columns=("source_name", "title", "copies", "revision"),
        sort=("at", "asc"),
    ),
    DiscoverSession(
        name="copies",
        title="Copies",
        description="Texts that repeat another document.",
        columns=("source_name", "title", "duplicate_of"),
        sort=("at", "asc"),
        query="duplicate_of: *",
    ),
    DiscoverSession(
        name="edits",
        title="Edits",
        description="Documents whose words changed after they were first seen; marsad show prints what changed.",
        columns=("source_name", "title", "revision", "modified_at", "fetched_at"),
        sort=("fetched_at", "desc"),
        query="revision > 1",
    ),
    DiscoverSession(
        name="removed",
        title="Removed",
        description="Documents whose page is gone.",
        columns=("removed_at", "source_name", "title"),
        sort=("removed_at", "desc"),
        query="removed_at: *",
    ),
    DiscoverSession(
        name="unwell",
        title="Unwell outlets",
        description="Outlets that are silent, empty, fruitless, overflowing, failing or backing off.",
        columns=("source_name", "health", "silent_seconds", "last_success_at", "pending", "at"),
        sort=("silent_seconds", "desc"),
        query="not health: (ok or disabled)",
        view=HEALTH,
    ),
)


def sessions(ids: Ids) -> list[SavedObject]:
    return [_session(ids, each) for each in SESSIONS]


def _session(ids: Ids, made: DiscoverSession) -> SavedObject:
    source = {
        "highlightAll": True,
        "version": True,
        "query": kuery(made.query),
        "filter": [],
        "indexRefName": INDEX_REFERENCE,
    }
    attributes = {
        "title": ids.titled(made.title),
        "description": made.description,
        "hits": 0,
        "version": 1,
        "columns": list(made.columns),
        "sort": [list(made.sort)],
        "grid": {"columns": {"title": {"width": 560}}} if "title" in made.columns else {},
        "hideChart": made.view == HEALTH,
        "isTextBasedQuery": False,
        "timeRestore": False,
        "kibanaSavedObjectMeta": {"searchSourceJSON": packed(source)},
    }
    references = [ids.reference(INDEX_REFERENCE, "index-pattern", made.view), ids.tagged()]
    return saved_object("search", ids.of(made.name), attributes, references)
