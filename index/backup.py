"""The store into one file while the service runs, and back."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from index.database import FILE, StoreError
from index.lock import FolderLock
from index.migrate import HEAD, KNOWN

INDICES: Final = ("search.db", "history.db")
BESIDE: Final = ("", "-wal", "-shm")  # the files that make up one SQLite database
KEPT: Final = ".before-restore"


def backup(folder: Path, file: Path) -> int:
    """Copy the store to `file`, one state of it, while others read and write. Returns its size in bytes."""
    store = folder / FILE
    if not store.exists():
        raise StoreError(f"there is no store in {folder}; name the folder with --data")
    partial = file.with_name(f".{file.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(store, timeout=30)) as source, closing(sqlite3.connect(partial)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE").close()
        _to_disk(partial)
        partial.replace(file)
    except (OSError, sqlite3.Error) as error:
        partial.unlink(missing_ok=True)
        raise StoreError(f"{file} could not be written ({error}); choose a place with room for the store") from error
    return file.stat().st_size


def restore(file: Path, folder: Path) -> None:
    """Put a backup in the store's place. The store that was there is kept beside it; the search index is dropped and
    follows anew."""
    check(file)
    with FolderLock(folder):
        arriving = folder / f"{FILE}.restoring"
        arriving.unlink(missing_ok=True)
        with closing(_opened(file)) as source, closing(sqlite3.connect(arriving)) as target:
            source.backup(target)
        _to_disk(arriving)
        for end in BESIDE:
            (folder / f"{FILE}{KEPT}{end}").unlink(missing_ok=True)
            if (folder / f"{FILE}{end}").exists():
                (folder / f"{FILE}{end}").replace(folder / f"{FILE}{KEPT}{end}")
            for index in INDICES:
                (folder / f"{index}{end}").unlink(missing_ok=True)
        arriving.replace(folder / FILE)


def check(file: Path) -> None:
    """Refuse what is damaged, is no backup of ours, or was made by a newer version."""
    try:
        with closing(_opened(file)) as conn:
            found = conn.execute("SELECT version_num FROM alembic_version").fetchone()
            damage = conn.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        raise StoreError(f"{file} is no backup of a store ({error}); make one with `marsad backup FILE`") from error
    if found is None or found[0] not in KNOWN:
        raise StoreError(f"{file} has the schema {found and found[0]}, this marsad knows up to {HEAD}; use a newer one")
    if damage != ("ok",):
        raise StoreError(f"{file} is damaged ({damage[0]}); take an older backup")


def _opened(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)


def _to_disk(file: Path) -> None:
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())
