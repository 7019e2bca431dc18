"""Removal on request: text, revisions and links go; a tombstone stays, so that the page is not fetched again."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from index.database import documents, related, revisions, tombstones, url_events, urls
from index.documents import clusters
from index.documents.fingerprints import drop_fingerprints
from index.documents.sequence import next_seq, touch
from index.frontier.events import note
from news.documents import Outcome
from news.urls import canonical

CHUNK = 500


def forget(conn: Connection, *, url: str | None = None, source: str | None = None, now: datetime, reason: str) -> int:
    """Forget the document behind an address (or its id), or all of a source; the number of URLs that are `removed`."""
    conn.exec_driver_sql("PRAGMA secure_delete = ON")  # what is deleted is overwritten, not only let go
    try:
        if source is not None:
            return _forget_where(conn, urls.c.source == source, documents.c.source == source, now, reason)
        return _forget_address(conn, url or "", now, reason)
    finally:
        conn.exec_driver_sql("PRAGMA secure_delete = OFF")


def removed_among(conn: Connection, addresses: Collection[str]) -> set[str]:
    """Those of some addresses, as they are written, that were removed on request."""
    by_identity: dict[str, list[str]] = {}
    for url in addresses:
        with suppress(ValueError):
            by_identity.setdefault(canonical(url), []).append(url)
    found: set[str] = set()
    names = list(by_identity)
    for start in range(0, len(names), CHUNK):
        mine = urls.c.url.in_(names[start : start + CHUNK]) & (urls.c.outcome == Outcome.REMOVED.value)
        for name in conn.execute(select(urls.c.url).where(mine)).scalars():
            found.update(by_identity[name])
    return found


def _forget_address(conn: Connection, url: str, now: datetime, reason: str) -> int:
    try:
        address = canonical(url)
    except ValueError:
        address = url
    mine = (urls.c.url == address) | (urls.c.document_id == url)
    named = conn.execute(select(urls.c.document_id).where(mine)).first()
    if named is None:
        return 0
    if named.document_id is None:
        return _forget_where(conn, urls.c.url == address, None, now, reason)
    id_ = named.document_id
    return _forget_where(conn, urls.c.document_id == id_, documents.c.id == id_, now, reason)


def _forget_where(
    conn: Connection,
    addresses: ColumnElement[bool],
    condition: ColumnElement[bool] | None,
    now: datetime,
    reason: str,
) -> int:
    ids = list(conn.execute(select(urls.c.id).where(addresses, urls.c.outcome.is_distinct_from("removed"))).scalars())
    if condition is not None:
        query = select(documents.c.row, documents.c.id, documents.c.source, documents.c.url, documents.c.cluster_id)
        _remove_documents(conn, conn.execute(query.where(condition)).all(), now, reason)
    for start in range(0, len(ids), CHUNK):
        _unlink(conn, ids[start : start + CHUNK], now)
        _close_addresses(conn, ids[start : start + CHUNK], now, reason)
    return len(ids)


def _remove_documents(conn: Connection, rows: Sequence[Any], now: datetime, reason: str) -> None:
    seq = next_seq(conn, now)
    for offset, row in enumerate(rows):
        for table in (related, revisions):
            conn.execute(delete(table).where(table.c.document == row.row))
        drop_fingerprints(conn, row.row)
        conn.execute(delete(documents).where(documents.c.row == row.row))
        stone = {"seq": seq + offset, "source": row.source, "url": row.url, "at": now, "reason": reason}
        again = insert(tombstones).values(document_id=row.id, **stone)
        conn.execute(again.on_conflict_do_update(index_elements=["document_id"], set_=stone))
    for cluster_id in dict.fromkeys(row.cluster_id for row in rows):
        clusters.lead(conn, cluster_id, now)


def _unlink(conn: Connection, ids: Sequence[int], now: datetime) -> None:
    """Its headline and teaser stand in the related links of other articles, too."""
    rows = conn.execute(select(urls.c.url, urls.c.fetch_url).where(urls.c.id.in_(ids)))
    spellings = list({url for row in rows for url in row if url is not None})
    for start in range(0, len(spellings), CHUNK):
        mine = related.c.url.in_(spellings[start : start + CHUNK])
        pointing = select(documents.c.id).join(related, related.c.document == documents.c.row).where(mine)
        touch(conn, list(conn.execute(pointing.distinct()).scalars()), now)
        conn.execute(delete(related).where(mine))


def _close_addresses(conn: Connection, ids: Sequence[int], now: datetime, reason: str) -> None:
    """The rows stay, without the outlet's words: they are what keeps the pages from being listed anew."""
    conn.execute(delete(url_events).where(url_events.c.url_id.in_(ids)))
    conn.execute(
        update(urls)
        .where(urls.c.id.in_(ids))
        .values(
            outcome=Outcome.REMOVED.value, outcome_at=now, reason=reason, title=None, document_id=None, alias_of=None,
            next_visit_at=None, etag=None, last_modified=None, body_hash=None, listed_evidence=None,
        )
    )  # fmt: skip
    for id_ in ids:
        note(conn, id_, "removed", now, reason=reason)
