"""What articles said before they were edited: superseded versions in a search index of their own.

It is asked rarely, so it follows the store when it is asked. Its documents are versions, `<document>@<revision>`; it is
an embedded index, whichever index the words in force are in.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy import Connection, Row, select

from index.database import documents
from index.database import revisions as revision_rows
from index.documents.sequence import last_seq
from index.documents.stored import get_documents, revisions, tombstones_after
from index.embedded import EmbeddedIndex
from index.follower import Sink
from index.queries.terms import Groups
from index.store import Store
from news.documents import Document

FILE: Final = "history.db"
BATCH: Final = 200


@contextmanager
def history_of(store: Store, own_synonyms: Callable[[], Groups] = tuple) -> Iterator[EmbeddedIndex]:
    """Up to date with the store. Where the folder cannot be written it is made in a temporary one, for this once."""
    with ExitStack() as stack:
        try:
            index = stack.enter_context(EmbeddedIndex.open(store.folder / FILE, own_synonyms=own_synonyms))
        except (OSError, sqlite3.OperationalError):
            folder = stack.enter_context(TemporaryDirectory(prefix="marsad-"))
            index = stack.enter_context(EmbeddedIndex.open(Path(folder) / FILE, own_synonyms=own_synonyms))
        catch_up(store, index)
        yield index


def forget_history(store: Store) -> None:
    """After documents were removed on request: their earlier words go as well."""
    if (store.folder / FILE).exists():
        with history_of(store):
            pass


def catch_up(store: Store, index: EmbeddedIndex) -> None:
    """From the beginning where documents were removed, so that no word of theirs stays in the file, and where the store
    was put back to an earlier state."""
    position = index.position()
    with store.read() as conn:
        gone = position and (tombstones_after(conn, position, 1) or position > last_seq(conn))
    if gone:
        index.rebuild(partial(_follow, store))
    else:
        _follow(store, index)


def versions(conn: Connection, ids: Collection[str]) -> dict[str, Document]:
    """Superseded versions by their ids, each as its document with the words of then."""
    wanted = set(ids)
    found = get_documents(conn, {id_.partition("@")[0] for id_ in ids})
    return {one.id: one for document in found.values() for one in _past(conn, document) if one.id in wanted}


def _follow(store: Store, sink: Sink) -> None:
    while True:
        with store.read() as conn:
            changed = _changed(conn, sink.position())
            found = get_documents(conn, [row.id for row in changed])
            past = [version for document in found.values() for version in _past(conn, document)]
            end = changed[-1].seq if changed else last_seq(conn)
        sink.write(past, [], end)
        if not changed:
            return


def _changed(conn: Connection, position: int) -> list[Row[tuple[str, int]]]:
    edited = select(revision_rows.c.document)
    query = select(documents.c.id, documents.c.seq).where(documents.c.row.in_(edited), documents.c.seq > position)
    return list(conn.execute(query.order_by(documents.c.seq).limit(BATCH)))


def _past(conn: Connection, document: Document) -> list[Document]:
    """A document's versions are folded like copies: it is found once, in its latest version that matches."""
    return [
        replace(
            document, id=f"{document.id}@{version.revision}", cluster_id=document.id, revision=version.revision,
            title=version.title, summary=version.summary, text=version.text,
        )
        for version in revisions(conn, document.id)[:-1]
    ]  # fmt: skip
