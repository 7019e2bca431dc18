"""Rows of `documents`: a new one, and a further version of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select

from index.columns import date_values
from index.database import documents, related, revisions
from index.documents import clusters
from index.documents.fingerprints import day_of, drop_fingerprints, keep_fingerprint
from index.documents.forgetting import removed_among
from index.documents.sequence import next_seq
from index.rows import add, change
from news.documents import Article, Fingerprint, FoundVia, Precision, ReadArticle, Related

COARSE: Final = frozenset({Precision.MONTH, Precision.YEAR})

_EDGES: Final = select(related.c.url, related.c.position).where(related.c.document == bindparam("document"))
_ADD_EDGES: Final = insert(related)


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """Who a new document is among the others."""

    id: str
    source: str
    cluster_id: str
    duplicate_of: str | None
    found_via: FoundVia


def day(article: Article, now: datetime) -> int:
    """The day whose bands an article belongs to: of its date, so that old coverage and imports meet their copies."""
    published = article.published
    told = published is not None and published.precision not in COARSE and published.value <= now
    return day_of(published.value if published is not None and told else now)


def add_document(conn: Connection, read: ReadArticle, newcomer: Newcomer, now: datetime) -> None:
    article, seq = read.article, next_seq(conn, now)
    values = {
        "id": newcomer.id,
        "seq": seq,
        "created_seq": seq,
        "source": newcomer.source,
        "cluster_id": newcomer.cluster_id,
        "duplicate_of": newcomer.duplicate_of,
        "first_seen_at": now,
        "fetched_at": article.fetched_at,
        "revision": 1,
        "revised_at": now,
        "url": article.url,
        "requested_url": article.requested_url,
        "found_kind": newcomer.found_via.kind.value,
        "found_url": newcomer.found_via.url,
        "published_from": article.published_from,
        **date_values("published", article.published),
        **told_anew(article),
    }
    row = add(conn, documents, values)
    keep_fingerprint(conn, row, read.fingerprint, day(article, now))
    if article.related:
        add_edges(conn, row, article.related)


def revise(conn: Connection, old: Any, read: ReadArticle, changed: tuple[str, ...], now: datetime) -> None:
    """Put the version in force (`old`, a row) into the history, and the new words in its place."""
    article = read.article
    conn.execute(
        insert(revisions).values(
            document=old.row, revision=old.revision, seen_at=old.revised_at, changed=old.changed, title=old.title,
            summary=old.summary, text=old.text,
        )
    )  # fmt: skip
    values: dict[str, Any] = {
        **told_anew(article),
        "authors": article.authors or old.authors,
        "section": article.section or old.section,
        "image_url": article.image_url or old.image_url,
        "seq": next_seq(conn, now),
        "revision": old.revision + 1,
        "revised_at": now,
        "changed": changed,
        "fetched_at": article.fetched_at,
        "removed_at": None,
    }
    if old.published_at is None:
        values |= {**date_values("published", article.published), "published_from": article.published_from}
    change(conn, documents, old.id, values)
    refresh_fingerprint(conn, old, read.fingerprint)
    add_edges(conn, old.row, article.related)
    if old.duplicate_of is None and old.title != article.title:
        clusters.renamed(conn, old.cluster_id, old.id, now)


def add_edges(conn: Connection, document: int, found: Sequence[Related]) -> int:
    """Keep the related links that are not there yet; what a page once pointed to stays, unless it was removed on
    request. Returns their number."""
    before = conn.execute(_EDGES, {"document": document}).all()
    known = {edge.url for edge in before}
    new = {link.url: link for link in found if link.url not in known}
    for removed in removed_among(conn, new) if new else ():
        del new[removed]
    start = max((edge.position for edge in before), default=-1) + 1
    rows = [
        {"document": document, "position": start + offset, "url": link.url, "title": link.title,
         "heading": link.heading, "teaser": link.teaser}
        for offset, link in enumerate(new.values())
    ]  # fmt: skip
    if rows:
        conn.execute(_ADD_EDGES, rows)
    return len(rows)


def told_anew(article: Article) -> dict[str, Any]:
    """What every version tells for itself."""
    return {
        "title": article.title,
        "summary": article.summary,
        "text": article.text,
        "authors": article.authors,
        "credits": article.credits,
        "section": article.section,
        "image_url": article.image_url,
        "language": article.language,
        **date_values("modified", article.modified),
    }


def refresh_fingerprint(conn: Connection, old: Any, fingerprint: Fingerprint) -> None:
    drop_fingerprints(conn, old.row)
    moment = old.first_seen_at if old.published_at is None else old.published_at
    keep_fingerprint(conn, old.row, fingerprint, day_of(min(moment, old.first_seen_at)))
