"""The file of the embedded index: opening it in whatever state it is, and which generation of its tables is in use."""

import sqlite3
from pathlib import Path
from typing import Final

from index.embedded.generations import Generation
from news import analysis

VERSION: Final = f"2.{analysis.VERSION}"  # Of the tables, and of the terms in them.
_BUSY_SECONDS: Final = 30


def open_for_writing(path: Path) -> sqlite3.Connection:
    conn = _connect(path)
    try:
        conn.execute("PRAGMA journal_mode = WAL")
        conn.execute("PRAGMA synchronous = NORMAL")
        conn.execute("BEGIN IMMEDIATE")
        _prepare(conn)
        conn.execute("COMMIT")
    except BaseException:
        conn.close()
        raise
    return conn


def _prepare(conn: sqlite3.Connection) -> None:
    """Begins again where the version is not ours: in the same file, for others may be reading it."""
    conn.execute("CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")
    conn.execute(
        "CREATE TABLE IF NOT EXISTS generations "
        "(number INTEGER PRIMARY KEY, position INTEGER NOT NULL, displaced INTEGER NOT NULL)"
    )
    if _meta(conn, "version") == VERSION:
        current(conn).position(conn)
        return
    found = numbers(conn)
    for number in found:
        Generation(number).drop(conn)
    fresh = Generation(max(found, default=0) + 1)
    fresh.create(conn)
    conn.executemany("REPLACE INTO meta VALUES (?, ?)", [("version", VERSION), ("generation", str(fresh.number))])


def open_for_reading(path: Path) -> sqlite3.Connection | None:
    """A folder that cannot be written has no place for WAL's shared memory: then the file is taken as it stands."""
    for flags in ("mode=ro", "mode=ro&immutable=1"):
        try:
            conn = _connect(f"{path.absolute().as_uri()}?{flags}")
        except sqlite3.OperationalError:
            continue
        try:
            if _meta(conn, "version") == VERSION:
                return conn
        except sqlite3.OperationalError:
            conn.close()
            continue
        except sqlite3.DatabaseError:
            pass
        conn.close()
        return None
    return None


def _connect(file: Path | str) -> sqlite3.Connection:
    return sqlite3.connect(
        file, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False, uri=isinstance(file, str)
    )


def _meta(conn: sqlite3.Connection, key: str) -> str | None:
    found = conn.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return found[0] if found else None


def current(conn: sqlite3.Connection) -> Generation:
    return Generation(int(_meta(conn, "generation") or 0))


def numbers(conn: sqlite3.Connection, *, above: int = -1, below: int = 1 << 62) -> list[int]:
    found = conn.execute("SELECT number FROM generations WHERE number > ? AND number < ?", (above, below))
    return [row[0] for row in found]


def remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
