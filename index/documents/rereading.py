"""What today's extractor reads in a page that was fetched earlier, into the store.

The page's URL ─┬─ has a document ─► older than its version in force? left alone
                │                    other words ─► a revision, marked `extractor`: the outlet changed nothing
                │                    the same words ─► dates, authors, paragraphs mended in place
                └─ gave none ─► an article after all? recorded as at its first visit
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from index.columns import date_of, date_values
from index.database import documents, urls
from index.documents.recording import record_read
from index.documents.sequence import touch
from index.documents.versions import add_edges, refresh_fingerprint, revise, told_anew
from index.frontier.visits import Fetched, Policy
from index.rows import change, row_of, url_named
from news.copies.revisions import ChangeKind, Wording, compare
from news.documents import Outcome, ParsedDate, ReadArticle, Source
from news.urls import canonical

EXTRACTOR: Final = "extractor"
# What a better extractor may turn into a document; a paywall's or a challenge's page it never will.
UNREAD: Final = frozenset(
    {Outcome.NOT_ARTICLE, Outcome.NO_TEXT, Outcome.NOT_ARABIC, Outcome.NEEDS_SCRIPT, Outcome.PARSE_ERROR}
)


class Reread(StrEnum):
    REVISED = "revised"
    MENDED = "mended"
    UNCHANGED = "unchanged"
    FOUND = "found"  # a document where there was none
    OLDER = "older"  # than the page that the document's version in force was read from
    UNWANTED = "unwanted"  # removed since, unknown to this store, or an address that only leads to a document


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The URL of an archived page, as the store knows it."""

    row: Row[Any]
    document: Row[Any] | None

    @property
    def listed_title(self) -> str | None:
        return self.row.title  # type: ignore[no-any-return]

    @property
    def listed_published(self) -> ParsedDate | None:
        return date_of(self.row, "listed")


def subject(conn: Connection, url: str, fetched_at: datetime) -> Subject | Reread:
    """Whether a page is worth reading again; if not, why."""
    try:
        row = url_named(conn, canonical(url))
    except ValueError:
        row = None
    if row is None:
        return Reread.UNWANTED
    if row.outcome in UNREAD and row.document_id is None:
        return Subject(row=row, document=None)
    if row.outcome not in (Outcome.STORED, Outcome.ALIAS) or row.document_id is None:
        return Reread.UNWANTED
    document = conn.execute(select(documents).where(documents.c.id == row.document_id)).one()
    if row.outcome == Outcome.ALIAS and document.requested_url != url:
        return Reread.UNWANTED
    return Subject(row=row, document=document) if fetched_at >= document.fetched_at else Reread.OLDER


def reread(
    conn: Connection, url: str, read: ReadArticle, fetched: Fetched, source: Source, policy: Policy,
    now: datetime, max_age: timedelta,
) -> Reread:  # fmt: skip
    """One transaction. Nothing new is listed for it: a page of last week sends nobody out."""
    found = subject(conn, url, read.article.fetched_at)
    if isinstance(found, Reread):
        return found
    if found.document is not None:
        return _again(conn, found.document, read, now)
    undecided = {"outcome": None, "outcome_at": None, "reason": None}
    change(conn, urls, found.row.id, undecided)
    quiet = replace(read, article=replace(read.article, nofollow=True))
    age = now - read.article.fetched_at
    recorded = record_read(conn, row_of(conn, urls, found.row.id), quiet, fetched, source, policy, now, max_age + age)
    return Reread.FOUND if recorded.decision is not None else Reread.UNWANTED


def _again(conn: Connection, old: Row[Any], read: ReadArticle, now: datetime) -> Reread:
    article = read.article
    compared = compare(*(Wording(one.title, one.summary, one.text) for one in (old, article)))
    dated: Mapping[str, Any] = {}
    if article.published is not None:
        dated = {**date_values("published", article.published), "published_from": article.published_from}
    if compared.kind is ChangeKind.MEANINGFUL:
        revise(conn, old, read, (EXTRACTOR, *compared.changed), now)
        change(conn, documents, old.id, {"removed_at": old.removed_at, **dated})
        return Reread.REVISED
    told = {name: value for name, value in told_anew(article).items() if value not in (None, ())}
    differing = {name: value for name, value in {**told, **dated}.items() if getattr(old, name) != value}
    edges = add_edges(conn, old.row, article.related)
    if not differing and not edges:
        return Reread.UNCHANGED
    if differing:
        change(conn, documents, old.id, differing)
    if "text" in differing:
        refresh_fingerprint(conn, old, read.fingerprint)
    touch(conn, [old.id], now)
    return Reread.MENDED
