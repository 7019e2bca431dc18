"""Search indices follow the store by `seq`. The store alone is the truth: an index may lag behind, be lost or be
rebuilt at any time."""

from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final, Protocol, runtime_checkable

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from index.database import documents, followers, rejected, tombstones
from index.documents.sequence import last_seq, raise_floor
from index.documents.stored import documents_after, known_ids, tombstones_after
from index.store import Store
from news.documents import Document, SyncReport

BATCH: Final = 1000


class Sink(Protocol):
    """A search index. `write` must keep `position` with what it wrote, or remember it only after all is accepted."""

    def position(self) -> int: ...

    def write(self, documents: Sequence[Document], deleted: Sequence[tuple[str, int]], position: int) -> SyncReport: ...


@runtime_checkable
class LongLived(Sink, Protocol):
    """A search index that is kept between runs, so that it may hold documents which the store has lost since."""

    def drop_unknown(self, known: Callable[[Collection[str]], Collection[str]]) -> int:
        """Delete what is not in the store: `known` says which of some ids are. Returns how many were not."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Changes in the order of their seq, complete up to `position`."""

    documents: list[Document]
    deleted: list[tuple[str, int]]
    position: int

    def __bool__(self) -> bool:
        return bool(self.documents or self.deleted)


def follow(
    store: Store, sink: Sink, batch: int = BATCH, on_progress: Callable[[int], None] | None = None
) -> SyncReport:
    """Bring a search index up to the store. Every batch is one state of the store, read while the one before it is
    being written."""
    if isinstance(sink, LongLived):
        reconcile(store, sink)
    sent = deleted = refused = 0
    for changes in _batches(store, sink, batch):
        report = sink.write(changes.documents, changes.deleted, changes.position)
        sent, deleted, refused = sent + report.sent, deleted + report.deleted, refused + report.rejected
        if on_progress:
            on_progress(sent)
        if report.pending:  # the index is away: the queue just gets longer
            break
    with store.read() as conn:
        pending = pending_after(conn, sink.position())
    return SyncReport(sent=sent, deleted=deleted, rejected=refused, pending=pending)


def _batches(store: Store, sink: Sink, size: int) -> Iterator[Batch]:
    """Until nothing is left, each from where the sink then stands: that it took the one before is only presumed."""

    def read(position: int) -> Batch:
        with store.read() as conn:
            return changes_after(conn, position, size)

    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as ahead:
        changes = read(sink.position())
        while changes:
            coming = ahead.submit(read, changes.position)
            yield changes
            position = sink.position()
            changes = coming.result() if position == changes.position else read(position)


def changes_after(conn: Connection, position: int, limit: int) -> Batch:
    found = documents_after(conn, position, limit)
    removed = tombstones_after(conn, position, limit)
    ends = [rows[-1] for rows in ([d.seq for d in found], [seq for _, seq in removed]) if len(rows) == limit]
    end = min(ends, default=None)
    if end is not None:  # one of the two goes on: take the other only as far
        found = [document for document in found if document.seq <= end]
        removed = [(id_, seq) for id_, seq in removed if seq <= end]
    last = max([document.seq for document in found] + [seq for _, seq in removed], default=position)
    return Batch(found, removed, last)


def pending_after(conn: Connection, position: int) -> int:
    changed = select(func.count()).select_from(documents).where(documents.c.seq > position)
    removed = select(func.count()).select_from(tombstones).where(tombstones.c.seq > position)
    return conn.execute(changed).scalar_one() + conn.execute(removed).scalar_one()


def reconcile(store: Store, sink: LongLived, *, force: bool = False) -> int:
    """After a power cut or a restore the index may be ahead of the store. Drop from it what the store lost, and make
    the store's next `seq` higher than any that the index has seen. Returns how many documents were dropped."""
    position = sink.position()
    with store.read() as conn:
        if position <= last_seq(conn) and not force:
            return 0
        dropped = sink.drop_unknown(partial(known_ids, conn))
    store.writer.submit(lambda conn: raise_floor(conn, position)).result()
    return dropped


def position_of(conn: Connection, name: str) -> int:
    """The last `seq` read by a follower that keeps its position in the store."""
    return conn.execute(select(followers.c.position).where(followers.c.name == name)).scalar() or 0


def remember(conn: Connection, name: str, position: int, now: datetime) -> None:
    values = {"position": position, "updated_at": now}
    row = insert(followers).values(name=name, **values)
    conn.execute(row.on_conflict_do_update(index_elements=["name"], set_=values))


def put_aside(conn: Connection, name: str, document_id: str, seq: int, reason: str, now: datetime) -> None:
    """A document that an index will not take, with the index's reason; it can be sent again."""
    values = {"seq": seq, "at": now, "reason": reason}
    row = insert(rejected).values(follower=name, document_id=document_id, **values)
    conn.execute(row.on_conflict_do_update(index_elements=["follower", "document_id"], set_=values))


def rejected_by(conn: Connection, name: str) -> dict[str, str]:
    """Reasons by document id."""
    query = select(rejected.c.document_id, rejected.c.reason).where(rejected.c.follower == name)
    return {row.document_id: row.reason for row in conn.execute(query.order_by(rejected.c.at))}


def accepted(conn: Connection, name: str, ids: Sequence[str]) -> None:
    """Documents that an index has taken after all."""
    conn.execute(delete(rejected).where(rejected.c.follower == name, rejected.c.document_id.in_(ids)))
