"""The tables of the embedded index: one set for each generation, so that a new one can be built beside the old.

FTS5 without content cannot delete (SQLite 3.40): a new version of a document is a new row, and the old one is `dead`
until the next generation leaves it out. A row's number is the document's time in milliseconds, so that walking the
rows backwards is walking from the newest document on, in whatever order they came. Where a number is taken, the next
lower free one is used; `displaced` is the furthest that any row lies from its time.
"""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from index.embedded.fts import COLUMNS, TOKENIZER, beginnings, date_terms, source_term
from news.analysis import analyse_all
from news.documents import Document, FoundKind

_PLACES: Final = ", ".join("?" * (1 + len(COLUMNS)))


@dataclass(frozen=True, slots=True)
class Generation:
    number: int

    @property
    def fts(self) -> str:
        return f"fts_{self.number}"

    @property
    def live(self) -> str:
        return f"live_{self.number}"

    @property
    def dead(self) -> str:
        return f"dead_{self.number}"

    @property
    def gone(self) -> str:
        """Deleted documents with the seq of their deletion: an older version that comes late stays out."""
        return f"gone_{self.number}"

    @property
    def tables(self) -> tuple[str, ...]:
        return self.fts, self.live, self.dead, self.gone

    def create(self, conn: sqlite3.Connection) -> None:
        conn.execute(
            f'CREATE VIRTUAL TABLE {self.fts} USING fts5({", ".join(COLUMNS)}, content="", tokenize="{TOKENIZER}")'
        )
        conn.execute(
            f"CREATE TABLE {self.live} (rowid INTEGER PRIMARY KEY, document TEXT NOT NULL UNIQUE, "
            "seq INTEGER NOT NULL, cluster TEXT NOT NULL, source TEXT NOT NULL, "
            "time INTEGER NOT NULL, at INTEGER NOT NULL)"
        )
        conn.execute(f"CREATE INDEX live_source_{self.number} ON {self.live} (source)")
        conn.execute(f"CREATE INDEX live_at_{self.number} ON {self.live} (at)")
        conn.execute(f"CREATE INDEX live_time_{self.number} ON {self.live} (time)")
        conn.execute(f"CREATE TABLE {self.dead} (rowid INTEGER PRIMARY KEY, forgotten INTEGER NOT NULL)")
        conn.execute(f"CREATE TABLE {self.gone} (document TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID")
        conn.execute("INSERT INTO generations VALUES (?, 0, 0)", (self.number,))

    def drop(self, conn: sqlite3.Connection) -> None:
        for table in self.tables:
            conn.execute(f"DROP TABLE IF EXISTS {table}")
        conn.execute("DELETE FROM generations WHERE number = ?", (self.number,))

    def position(self, conn: sqlite3.Connection) -> int:
        found = conn.execute("SELECT position FROM generations WHERE number = ?", (self.number,)).fetchone()
        return int(found[0])

    def move(self, conn: sqlite3.Connection, position: int) -> None:
        conn.execute("UPDATE generations SET position = ? WHERE number = ?", (position, self.number))

    def put(self, conn: sqlite3.Connection, documents: list[Document]) -> int:
        """Those that are newer than what is here, oldest first: FTS5 starts a segment whenever numbers go back."""
        taken = 0
        for document in sorted(documents, key=_time):
            known = conn.execute(f"SELECT seq FROM {self.live} WHERE document = ?", (document.id,)).fetchone()
            gone = conn.execute(f"SELECT seq FROM {self.gone} WHERE document = ?", (document.id,)).fetchone()
            if document.seq > max(known[0] if known else -1, gone[0] if gone else -1):
                self._bury(conn, document.id)
                self._insert(conn, document)
                taken += 1
        return taken

    def delete(self, conn: sqlite3.Connection, document: str, seq: int) -> int:
        known = conn.execute(f"SELECT seq FROM {self.live} WHERE document = ?", (document,)).fetchone()
        if known and known[0] >= seq:
            return 0
        conn.execute(
            f"INSERT INTO {self.gone} VALUES (?, ?) ON CONFLICT DO UPDATE SET seq = max(seq, excluded.seq)",
            (document, seq),
        )
        return self._bury(conn, document, forgotten=True)

    def displaced(self, conn: sqlite3.Connection) -> int:
        found = conn.execute("SELECT displaced FROM generations WHERE number = ?", (self.number,)).fetchone()
        return int(found[0])

    def drop_document(self, conn: sqlite3.Connection, document: str) -> int:
        """Out of the index without a trace: one that the store does not know, and may meet again."""
        return self._bury(conn, document)

    def _bury(self, conn: sqlite3.Connection, document: str, *, forgotten: bool = False) -> int:
        """A dead row's terms stay in the file until the next generation; of `forgotten` ones that must be soon."""
        conn.execute(
            f"INSERT INTO {self.dead} SELECT rowid, ? FROM {self.live} WHERE document = ?",
            (forgotten, document),
        )
        return conn.execute(f"DELETE FROM {self.live} WHERE document = ?", (document,)).rowcount

    def _insert(self, conn: sqlite3.Connection, document: Document) -> None:
        time, at = _time(document), filter_time(document)
        row = self._free(conn, time)
        parts = (document.title, document.summary or "", document.text)
        terms = [term for part in parts for term in _indexed(part)]
        facets = (source_term(document.source), date_terms(at), *beginnings(terms))
        conn.execute(
            f"INSERT INTO {self.fts} (rowid, {', '.join(COLUMNS)}) VALUES ({_PLACES})",
            (row, *terms, " ".join(facets)),
        )
        conn.execute(
            f"INSERT INTO {self.live} VALUES (?, ?, ?, ?, ?, ?, ?)",
            (row, document.id, document.seq, document.cluster_id, document.source, time, milliseconds(at)),
        )
        conn.execute(
            "UPDATE generations SET displaced = ? WHERE number = ? AND displaced < ?",
            (time - row, self.number, time - row),
        )

    def _free(self, conn: sqlite3.Connection, time: int) -> int:
        """The number for a document of `time`; of many with one time the lowest is known at once."""
        lowest = conn.execute(f"SELECT min(rowid) FROM {self.live} WHERE time = ?", (time,)).fetchone()[0]
        row = time if lowest is None else int(lowest) - 1
        while self._taken(conn, row):
            row -= 1
        return row

    def _taken(self, conn: sqlite3.Connection, row: int) -> bool:
        found = f"SELECT 1 FROM {self.live} WHERE rowid = ?1 UNION ALL SELECT 1 FROM {self.dead} WHERE rowid = ?1"
        return conn.execute(found, (row,)).fetchone() is not None


def milliseconds(at: datetime) -> int:
    return round((at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000)


def filter_time(document: Document) -> datetime:
    """What `since` and `until` look at."""
    return document.published.value if document.published else document.first_seen_at


def sort_time(document: Document) -> datetime:
    """What «newest» sorts by: when it was first seen; an import's own date, as all of it was seen at once."""
    return filter_time(document) if document.found_via.kind is FoundKind.IMPORT else document.first_seen_at


def _time(document: Document) -> int:
    return milliseconds(sort_time(document))


def _indexed(text: str) -> tuple[str, ...]:
    """One column's worth for each chain, in the order of `FIELDS`."""
    terms = analyse_all(text)
    return tuple(map(" ".join, zip(*terms, strict=True))) if terms else ("",) * 3
