"""Connections to SQLite: all that only SQLite understands about opening a database is here."""

import fcntl
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from marsad import memory

BUSY_TIMEOUT: Final = 30.0  # seconds that a second writer waits for the first

# A power cut may take the last commits back (NORMAL); a crash of the process never does. Followers allow for it.
WRITER_PRAGMAS: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA wal_autocheckpoint = 2000",
    "PRAGMA journal_size_limit = 67108864",
    "PRAGMA temp_store = MEMORY",
)
# The pages that a week's bands are put into, at random, are some 80 MB: a cache that holds them spares one page read
# and one written early for nearly every key. Of a small machine it takes its share, and never less than it always did.
CACHE_SHARE: Final = 1 / 16
CACHE_LEAST: Final = 32 * 2**20
CACHE_MOST: Final = 256 * 2**20
READER_PRAGMAS: Final = ("PRAGMA query_only = ON", "PRAGMA cache_size = -8192", "PRAGMA temp_store = MEMORY")


def writing(file: Path) -> Engine:
    """Every transaction is BEGIN IMMEDIATE: with the driver's own rules a crash inside a migration leaves half of it,
    and a read that turns into a write fails at once where another process writes."""

    def begin(connection: Connection) -> None:
        with _turn(file):
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return _engine(_opener(file, "rwc"), (*WRITER_PRAGMAS, _cache(memory.ceiling())), begin)


def _cache(ceiling: int) -> str:
    """For a process that may take so many bytes. SQLite fills it as it needs it."""
    size = min(max(int(ceiling * CACHE_SHARE), CACHE_LEAST), CACHE_MOST)
    return f"PRAGMA cache_size = -{size // 1024}"


@contextmanager
def _turn(file: Path) -> Iterator[None]:
    """A place at the head of the queue of writers. SQLite keeps none: who waits looks again now and then, and who
    writes all the time (an import) is always there first; the service waited five seconds for it."""
    with file.with_name(file.name + "-turn").open("a") as queue:
        fcntl.flock(queue, fcntl.LOCK_EX)
        yield


def reading(file: Path) -> Engine:
    """Transactions that see one state of the store throughout and can change nothing."""
    return _engine(_opener(file, "rw"), READER_PRAGMAS, _begin_reading)


def reading_only(file: Path) -> Engine:
    """For a folder that may be read-only: there, without a write-ahead log, the file is all there is."""
    opener = _opener(file, "ro")
    try:
        with closing(opener()) as probe:
            probe.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        log = file.with_name(file.name + "-wal")
        if log.exists() and log.stat().st_size:
            raise
        opener = _opener(file, "ro&immutable=1")
    return _engine(opener, READER_PRAGMAS, _begin_reading)


def _begin_reading(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _opener(file: Path, mode: str) -> Callable[[], sqlite3.Connection]:
    address = f"file:{quote(str(file.absolute()))}?mode={mode}"

    def opened() -> sqlite3.Connection:
        return sqlite3.connect(address, uri=True, timeout=BUSY_TIMEOUT, isolation_level=None, check_same_thread=False)

    return opened


def _engine(
    opener: Callable[[], sqlite3.Connection], pragmas: tuple[str, ...], begin: Callable[[Connection], None]
) -> Engine:
    # Parameters are hidden because an error's message would carry an outlet's whole text.
    engine = create_engine(
        "sqlite://", creator=opener, poolclass=QueuePool, pool_size=4, max_overflow=20, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        for pragma in pragmas:
            connection.execute(pragma).close()

    event.listen(engine, "begin", begin)
    return engine
