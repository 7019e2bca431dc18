"""Elasticsearch as a follower of the store.

    follow ─► position ─► look after our place in the cluster (every so often)
           ─► write ─► documents into their months ─► bulk, each item accounted for ─► deletions
                    └► one step in the store: what was put aside, and the position — if all was decided

Nothing is remembered as sent that was not taken, found stale or put aside. A replay changes nothing.
"""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from elasticsearch import ApiError, TransportError
from sqlalchemy import Connection, select

from index.database import documents as document_rows
from index.elastic import audit, bulk, inventory, standing
from index.elastic.bulk import Action, Sent
from index.elastic.caretaker import Caretaker
from index.elastic.documents import indexed
from index.elastic.names import month_of, oldest_kept, writing
from index.elastic.patience import Patience
from index.elastic.standing import Standing
from index.elastic.verdicts import ElasticError, Trouble, Verdict
from index.follower import accepted, position_of, put_aside, remember
from news.documents import Document, Source, SyncReport

LOOK_EVERY: Final = 30.0  # seconds between two looks at what people may have done to the indices


def utcnow() -> datetime:
    return datetime.now(UTC)


class ElasticSink:
    """Follows the store into one generation of one cluster's indices."""

    def __init__(
        self,
        caretaker: Caretaker,
        sources: Mapping[str, Source],
        *,
        url: str = "",
        clock: Callable[[], datetime] = utcnow,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._place = caretaker
        self._names = caretaker.names
        self._store = caretaker.store
        self._patience = Patience(caretaker.store, caretaker.names, url, monotonic)
        self._sources = sources
        self._retention_months = caretaker.retention_months
        self._clock = clock
        self._monotonic = monotonic
        self._sleep = sleep
        self._standing: Standing | None = None
        self._from = 0
        self._looked_at: float | None = None
        self._audited = False
        self._refused_in_a_row = 0
        self._trouble_in_writing = False

    @property
    def trouble(self) -> Trouble | None:
        """Why nothing is sent at present; None while all is well."""
        return self._patience.trouble

    @property
    def follower(self) -> str | None:
        """The name under which position and rejections are kept; None while no cluster has been met."""
        known = self._load()
        return known.follower(self._names) if known else None

    def position(self) -> int:
        """Looks after the indices when it is time: where one was lost, the position goes back."""
        if self._patience.mended_elsewhere():
            self.try_now()
        due = self._looked_at is None or self._monotonic() - self._looked_at >= LOOK_EVERY
        if due and not self._patience.pausing():
            self._attempt(self._look)
        self._standing = self._load()
        name = self._standing.follower(self._names) if self._standing else None
        self._from = self._read(lambda conn: position_of(conn, name)) if name else 0
        return self._from

    def write(self, documents: Sequence[Document], deleted: Sequence[tuple[str, int]], position: int) -> SyncReport:
        asked = len(documents) + len(deleted)
        if self._patience.pausing() or (self._looked_at is None and not self._attempt(self._look)):
            return SyncReport(pending=asked)
        began, mine = self._standing, self._load()
        if began is None or mine is None or mine.generation != began.generation:
            return SyncReport(pending=asked)  # swung meanwhile: this batch was read for another generation
        sent = self._sent(mine, documents, deleted)
        if sent.verdict is Verdict.PREPARE and self._attempt(self._look):
            mine = self._load()
            if mine is None or mine.generation != began.generation:
                return SyncReport(pending=asked)
            sent = self._sent(mine, documents, deleted)
        moved = position if self.trouble is None else None
        gone = {id_ for id_, _ in deleted}
        settled = sorted(gone | {action.id for action in sent.done})
        self._store.writer.submit(lambda conn: self._book(conn, mine, sent, settled, moved)).result()
        return SyncReport(
            sent=sum(action.id not in gone for action in sent.done),
            deleted=sum(action.id in gone for action in sent.done),
            rejected=len(sent.rejected),
            pending=0 if moved is not None else max(1, asked - len(sent.done) - len(sent.rejected)),
        )

    def drop_unknown(self, known: Callable[[Collection[str]], Collection[str]]) -> int:
        if self._standing is None:
            return 0
        return audit.drop_unknown(self._place.client, self._names.every_index(self._standing.generation), known)

    def try_now(self) -> None:
        """A person asks: whatever pause there was is over."""
        self._patience.end()
        self._looked_at = None

    def _look(self) -> None:
        before = self._standing
        self._standing = self._place.look(self._clock())
        if before and before.generation != self._standing.generation:
            self._trouble_in_writing = False  # it was the old generation's
        if not self._audited:
            audit.recover(self._place, self._standing, self._clock())
            self._audited = True
        self._looked_at = self._monotonic()
        if not self._trouble_in_writing:
            self._well()

    def _sent(self, mine: Standing, documents: Sequence[Document], deleted: Sequence[tuple[str, int]]) -> Sent:
        sent = Sent()
        if self._attempt(lambda: self._send(mine, documents, deleted, sent)):
            self._judge(sent)
        return sent

    def _send(
        self, mine: Standing, documents: Sequence[Document], deleted: Sequence[tuple[str, int]], sent: Sent
    ) -> None:
        now = self._clock()
        oldest = oldest_kept(now, self._retention_months)
        kept = [document for document in documents if oldest is None or month_of(document.first_seen_at) >= oldest]
        mine = self._place.ensure(mine, {month_of(document.first_seen_at) for document in kept})
        self._bulk(self._actions(mine, kept, now), sent)
        if deleted and not sent.left:
            self._bulk(self._deletions(mine, deleted), sent)

    def _bulk(self, actions: Iterable[Action], into: Sent) -> None:
        into.take(bulk.send(self._place.client, actions, sleep=self._sleep))

    def _actions(self, mine: Standing, documents: Sequence[Document], now: datetime) -> Iterator[Action]:
        """Rendered one by one: the first are on their way while the last are not yet made."""
        titles = self._read(lambda conn: _titles(conn, {one.duplicate_of for one in documents if one.duplicate_of}))
        return (
            bulk.index_action(
                writing(self._names.index(mine.generation, month_of(document.first_seen_at))),
                document.id,
                document.seq,
                indexed(document, self._sources, titles.get(document.duplicate_of or "", document.title), now),
            )
            for document in documents
        )

    def _deletions(self, mine: Standing, deleted: Sequence[tuple[str, int]]) -> list[Action]:
        """Of what is there in an older version than the deletion's."""
        seqs = dict(deleted)
        found = inventory.find(self._place.client, self._names.every_index(mine.generation), list(seqs))
        return [
            bulk.delete_action(held.index, held.id, seqs[held.id], held.seq_no, held.primary_term)
            for held in found
            if held.version < seqs[held.id]
        ]

    def _book(self, conn: Connection, mine: Standing, sent: Sent, settled: Sequence[str], position: int | None) -> None:
        """The position moves only from where this batch began: another process may have moved it meanwhile."""
        name, now = mine.follower(self._names), self._clock()
        for action, reason in sent.rejected:
            put_aside(conn, name, action.id, action.seq, reason, now)
        if settled:
            accepted(conn, name, settled)
        if position is not None and position_of(conn, name) == self._from:
            remember(conn, name, position, now)

    def _judge(self, sent: Sent) -> None:
        """One document may be wrong; when none is right it is the index."""
        self._trouble_in_writing = True
        self._refused_in_a_row = 0 if sent.done else self._refused_in_a_row + len(sent.rejected)
        if sent.verdict is not None:
            self._patience.refused(sent.verdict, sent.reason)
        elif self._refused_in_a_row >= bulk.SUSPICIOUS:
            self._patience.refused(Verdict.STOP, sent.rejected[-1][1])
        else:
            self._well()

    def _well(self) -> None:
        self._trouble_in_writing = False
        self._patience.well()

    def _attempt(self, step: Callable[[], None]) -> bool:
        try:
            step()
        except ElasticError as error:
            self._patience.ill(error.trouble)
        except (ApiError, TransportError) as error:
            self._patience.failed(error)
        else:
            return True
        return False

    def _load(self) -> Standing | None:
        cluster = self._standing.cluster if self._standing else None
        found: Standing | None = self._read(
            lambda conn: standing.load(conn, self._names, cluster, self._place.generation)
        )
        return found

    def _read(self, look: Callable[[Connection], Any]) -> Any:
        with self._store.read() as conn:
            return look(conn)


def _titles(conn: Connection, ids: Collection[str]) -> dict[str, str]:
    if not ids:
        return {}
    query = select(document_rows.c.id, document_rows.c.title).where(document_rows.c.id.in_(ids))
    return {row.id: row.title for row in conn.execute(query)}
