"""The search index that needs no server: SQLite's FTS5 over terms that `news.analysis` made.

It follows the store and is never the truth: a file that is missing, broken or of another version of the analysis is
begun again from position 0, and filled by whoever makes it follow (`index.follower`). One file, one connection a
handle; any number of processes may read while one writes.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Final, Self, TypeVar

from index.embedded import search_file, spelling
from index.embedded.finding import Finder, Found
from index.embedded.generations import Generation
from index.embedded.search_file import current, numbers
from index.follower import Sink
from index.queries import QueryError, parse
from index.queries.terms import Groups
from index.writer import explained
from news.documents import Document, SearchQuery, SyncReport

_WASTE: Final = 0.2
T = TypeVar("T")


class EmbeddedIndex:
    def __init__(self, path: Path, conn: sqlite3.Connection | None, own_synonyms: Callable[[], Groups] = tuple) -> None:
        self._path: Path | None = path
        self._conn = conn
        self.own_synonyms = own_synonyms
        self._lock = RLock()

    @classmethod
    def open(cls, path: Path, *, readonly: bool = False, own_synonyms: Callable[[], Groups] = tuple) -> Self:
        """For reading, what cannot be read is an empty index with `stale` set: it takes a writer to build it again.

        `own_synonyms` is asked at each search for the groups besides those that ship.
        """
        if readonly:
            return cls(path, search_file.open_for_reading(path), own_synonyms)
        try:
            return cls(path, search_file.open_for_writing(path), own_synonyms)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            search_file.remove(path)
            return cls(path, search_file.open_for_writing(path), own_synonyms)

    @property
    def stale(self) -> bool:
        """Opened for reading, and there is nothing to read: not built yet, broken, or of another version."""
        return self._reopened() is None

    def position(self) -> int:
        return self._read(lambda conn, generation: generation.position(conn), 0)

    def count(self) -> int:
        return self._read(lambda conn, live: _one(conn, f"SELECT count(*) FROM {live.live}"), 0)

    def count_by_source(self) -> dict[str, int]:
        def counted(conn: sqlite3.Connection, live: Generation) -> dict[str, int]:
            return dict(conn.execute(f"SELECT source, count(*) FROM {live.live} GROUP BY source"))

        return self._read(counted, {})

    def holds(self, id_: str) -> bool:
        """Whether a search can see the document."""
        query = "SELECT EXISTS (SELECT 1 FROM {} WHERE document = ?)"
        return self._read(lambda conn, live: bool(conn.execute(query.format(live.live), (id_,)).fetchone()[0]), False)

    def similar(self, term: str) -> list[str]:
        return self._read(lambda conn, live: spelling.similar(conn, live, term), [])

    def wasteful(self) -> bool:
        """Time for `rebuild`: a fifth of the rows are versions that nobody can find any more, or words that were to be
        forgotten are still in the file."""

        def wasted(conn: sqlite3.Connection, at: Generation) -> bool:
            dead = _one(conn, f"SELECT count(*) FROM {at.dead}")
            forgotten = _one(conn, f"SELECT count(*) FROM {at.dead} WHERE forgotten")
            return forgotten > 0 or dead > _WASTE * (dead + _one(conn, f"SELECT count(*) FROM {at.live}"))

        return self._read(wasted, False)

    def search(self, query: SearchQuery) -> Found | QueryError:
        tree = parse(query.text)
        if isinstance(tree, QueryError):
            return tree
        own = self.own_synonyms()
        return self._read(lambda conn, generation: Finder(conn, generation, own).find(query, tree), Found())

    def write(self, documents: Sequence[Document], deleted: Sequence[tuple[str, int]], position: int) -> SyncReport:
        """One transaction with the new position. What is not newer than what is here changes nothing."""
        with self._transaction() as conn:
            return _write(conn, current(conn), documents, deleted, position)

    def drop_unknown(self, known: Callable[[Collection[str]], Collection[str]]) -> int:
        """Drops what the store lost (a power cut, a restored backup). `known` says which of some ids there are."""
        dropped = 0
        with self._transaction() as conn:
            generation = current(conn)
            ids = [row[0] for row in conn.execute(f"SELECT document FROM {generation.live}")]
            for start in range(0, len(ids), 1000):
                batch = ids[start : start + 1000]
                there = set(known(batch))
                dropped += sum(generation.drop_document(conn, id_) for id_ in batch if id_ not in there)
        return dropped

    def rebuild(self, fill: Callable[[Sink], object]) -> None:
        """Builds the next generation beside this one, which is searched meanwhile, and takes its place in one step."""
        with self._transaction() as conn:
            for number in numbers(conn, above=current(conn).number):
                Generation(number).drop(conn)
            fresh = Generation(current(conn).number + 1)
            fresh.create(conn)
        fill(_Fresh(self, fresh))
        with self._transaction() as conn:
            conn.execute("UPDATE meta SET value = ? WHERE key = 'generation'", (str(fresh.number),))
            conn.execute("PRAGMA secure_delete = ON")
            for number in numbers(conn, below=fresh.number):
                Generation(number).drop(conn)
            conn.execute("PRAGMA secure_delete = OFF")
        with self._lock:
            conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        with self._lock:
            if self._conn is not None:
                self._conn.close()
            self._conn = self._path = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _read(self, ask: Callable[[sqlite3.Connection, Generation], T], nothing: T) -> T:
        """One state throughout, though others write."""
        with self._lock:
            conn = self._reopened()
            if conn is None:
                return nothing
            conn.execute("BEGIN")
            try:
                return ask(conn, current(conn))
            finally:
                conn.execute("ROLLBACK")

    def _reopened(self) -> sqlite3.Connection | None:
        """A reader that came before the index was built finds it once it is there."""
        if self._conn is None and self._path is not None:
            self._conn = search_file.open_for_reading(self._path)
        return self._conn

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            if self._conn is None:
                raise ValueError("the search index was opened for reading only")
            try:
                self._conn.execute("BEGIN IMMEDIATE")
                yield self._conn
                self._conn.execute("COMMIT")
            except sqlite3.Error as error:
                _roll_back(self._conn)
                raise explained(error) from error
            except BaseException:
                _roll_back(self._conn)
                raise


def _roll_back(conn: sqlite3.Connection) -> None:
    if conn.in_transaction:  # a full disk has ended it already
        conn.execute("ROLLBACK")


class _Fresh:
    """The generation being built, as a sink."""

    def __init__(self, index: EmbeddedIndex, generation: Generation) -> None:
        self._index = index
        self._generation = generation

    def position(self) -> int:
        return self._index._read(lambda conn, _: self._generation.position(conn), 0)

    def write(self, documents: Sequence[Document], deleted: Sequence[tuple[str, int]], position: int) -> SyncReport:
        with self._index._transaction() as conn:
            return _write(conn, self._generation, documents, deleted, position)

    def drop_unknown(self, known: Callable[[Collection[str]], Collection[str]]) -> int:
        """There is nothing: all that it holds was read from the store a moment ago."""
        return 0


def _write(
    conn: sqlite3.Connection,
    generation: Generation,
    documents: Sequence[Document],
    deleted: Sequence[tuple[str, int]],
    position: int,
) -> SyncReport:
    latest = {document.id: document for document in sorted(documents, key=lambda document: document.seq)}
    generation.put(conn, list(latest.values()))
    gone = sum(generation.delete(conn, id_, seq) for id_, seq in deleted)
    generation.move(conn, position)
    return SyncReport(sent=len(documents), deleted=gone)


def _one(conn: sqlite3.Connection, query: str) -> int:
    return int(conn.execute(query).fetchone()[0])
