"""Documents out of the store: rows put together again, with their addresses, related links and copies."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, func, select

from index.columns import date_of
from index.database import documents, related, tombstones, urls
from index.database import revisions as revision_rows
from news.documents import Document, FoundKind, FoundVia, Related, Revision, Spread
from news.urls import canonical

BATCH: Final = 500

_VERSION: Final = (
    documents.c.row,
    documents.c.id,
    documents.c.revision,
    documents.c.revised_at,
    documents.c.changed,
    documents.c.title,
    documents.c.summary,
    documents.c.text,
)


def find_document(conn: Connection, url_or_id: str) -> Document | None:
    """By its id, or by any address that led to it, in any spelling."""
    id_ = find_id(conn, url_or_id)
    return get_documents(conn, [id_]).get(id_) if id_ else None


def find_id(conn: Connection, url_or_id: str) -> str | None:
    if conn.execute(select(documents.c.id).where(documents.c.id == url_or_id)).first():
        return url_or_id
    try:
        url = canonical(url_or_id)
    except ValueError:
        return None
    return conn.execute(select(urls.c.document_id).where(urls.c.url == url)).scalar()


def get_documents(conn: Connection, ids: Collection[str]) -> dict[str, Document]:
    """Those of `ids` that there are, in the order asked for."""
    wanted = list(dict.fromkeys(ids))
    found = {
        document.id: document
        for start in range(0, len(wanted), BATCH)
        for document in _assemble(conn, select(documents).where(documents.c.id.in_(wanted[start : start + BATCH])))
    }
    return {id_: found[id_] for id_ in wanted if id_ in found}


def documents_after(conn: Connection, seq: int, limit: int) -> list[Document]:
    """In the order of their seq: what changed since `seq`."""
    return _assemble(conn, select(documents).where(documents.c.seq > seq).order_by(documents.c.seq).limit(limit))


def tombstones_after(conn: Connection, seq: int, limit: int) -> list[tuple[str, int]]:
    """Documents (id, seq) that were removed since `seq`."""
    query = select(tombstones.c.document_id, tombstones.c.seq).where(tombstones.c.seq > seq)
    return [(row.document_id, row.seq) for row in conn.execute(query.order_by(tombstones.c.seq).limit(limit))]


def export(conn: Connection) -> Iterator[Document]:
    """All documents, oldest first; memory does not grow with their number."""
    last = 0
    query = select(documents).order_by(documents.c.row).limit(BATCH)
    while rows := conn.execute(query.where(documents.c.row > last)).all():
        yield from _documents(conn, rows)
        last = rows[-1].row


def known_ids(conn: Connection, ids: Collection[str]) -> set[str]:
    """Those of `ids` that are documents."""
    wanted = list(ids)
    found: set[str] = set()
    for start in range(0, len(wanted), BATCH):
        query = select(documents.c.id).where(documents.c.id.in_(wanted[start : start + BATCH]))
        found.update(conn.execute(query).scalars())
    return found


def cluster(conn: Connection, cluster_id: str) -> list[Document]:
    """The documents that tell the same text, the first seen first."""
    query = select(documents).where(documents.c.cluster_id == cluster_id)
    return _assemble(conn, query.order_by(documents.c.first_seen_at, documents.c.row))


def revisions(conn: Connection, document_id: str) -> list[Revision]:
    """Every version of a document's words, the first one first."""
    current = conn.execute(select(*_VERSION).where(documents.c.id == document_id)).first()
    if current is None:
        return []
    query = select(revision_rows).where(revision_rows.c.document == current.row).order_by(revision_rows.c.revision)
    earlier = [_revision(document_id, row, row.seen_at) for row in conn.execute(query)]
    return [*earlier, _revision(document_id, current, current.revised_at)]


def _revision(document_id: str, row: Any, seen_at: datetime) -> Revision:
    return Revision(
        document_id=document_id,
        revision=row.revision,
        seen_at=seen_at,
        title=row.title,
        summary=row.summary,
        text=row.text,
        changed=row.changed,
    )


def _assemble(conn: Connection, query: Select[Any]) -> list[Document]:
    return _documents(conn, conn.execute(query).all())


def _documents(conn: Connection, rows: Sequence[Row[Any]]) -> list[Document]:
    edges = _related(conn, [row.row for row in rows])
    addresses = _addresses(conn, [row.id for row in rows])
    spread = spreads(conn, {row.cluster_id for row in rows})
    return [_document(row, edges[row.row], addresses[row.id], spread[row.cluster_id]) for row in rows]


def _related(conn: Connection, rows: Sequence[int]) -> dict[int, list[Related]]:
    query = select(related).where(related.c.document.in_(rows)).order_by(related.c.document, related.c.position)
    found: defaultdict[int, list[Related]] = defaultdict(list)
    for row in conn.execute(query):
        found[row.document].append(
            Related(url=row.url, title=row.title, heading=row.heading, teaser=row.teaser, position=row.position)
        )
    return found


def _addresses(conn: Connection, ids: Sequence[str]) -> dict[str, list[str]]:
    query = select(urls.c.document_id, urls.c.url).where(urls.c.document_id.in_(ids)).order_by(urls.c.id)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in conn.execute(query):
        found[row.document_id].append(row.url)
    return found


def spreads(conn: Connection, clusters: Collection[str]) -> dict[str, Spread]:
    """How far each cluster's text went."""
    seen = documents.c.first_seen_at
    query = select(
        documents.c.cluster_id, func.count().label("documents"),
        func.count(documents.c.source.distinct()).label("outlets"),
        func.min(seen).label("first"), func.max(seen).label("last"),
    ).where(documents.c.cluster_id.in_(list(clusters)))  # fmt: skip
    return {
        row.cluster_id: Spread(
            documents=row.documents, outlets=row.outlets, first_seen_at=row.first, last_seen_at=row.last
        )
        for row in conn.execute(query.group_by(documents.c.cluster_id))
    }


def cluster_sizes(conn: Connection, clusters: Collection[str]) -> dict[str, int]:
    return {id_: spread.documents for id_, spread in spreads(conn, clusters).items()}


def _document(row: Row[Any], edges: Sequence[Related], addresses: Sequence[str], spread: Spread) -> Document:
    return Document(
        id=row.id,
        seq=row.seq,
        url=row.url,
        requested_url=row.requested_url,
        source=row.source,
        title=row.title,
        summary=row.summary,
        text=row.text,
        authors=row.authors,
        credits=row.credits,
        section=row.section,
        published=date_of(row, "published"),
        published_from=row.published_from,
        modified=date_of(row, "modified"),
        language=row.language,
        image_url=row.image_url,
        related=tuple(edges),
        stories=row.stories,
        first_seen_at=row.first_seen_at,
        fetched_at=row.fetched_at,
        revision=row.revision,
        cluster_id=row.cluster_id,
        duplicate_of=row.duplicate_of,
        found_via=FoundVia(kind=FoundKind(row.found_kind), url=row.found_url),
        removed_at=row.removed_at,
        copies=spread.documents - 1,
        spread=spread,
        urls=tuple(dict.fromkeys((row.url, *addresses))),
    )
