"""Bringing a store to the schema of this version; what is older is copied aside first, what is newer is refused."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from index import engines
from index.database import FILE, StoreError
from index.lock import FolderBusy, FolderLock

# The revisions in `migrations/versions`, oldest first; a test compares them.
KNOWN: Final = ("0001", "0002", "0003", "0004")
HEAD: Final = KNOWN[-1]


def version(engine: Engine) -> str | None:
    """The store's revision, or None where there is no store yet. A revision we do not know is of a newer version."""
    try:
        with engine.connect() as conn, conn.begin():
            found: str | None = conn.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except OperationalError as error:
        if "no such table" in str(error):
            return None
        raise
    if found is not None and found not in KNOWN:
        raise StoreError(
            f"the data folder was written by a newer marsad (schema {found}, this one knows up to {HEAD}); "
            "install that version again, or restore a backup made before"
        )
    return found


def migrate(engine: Engine, folder: Path) -> None:
    """Create or upgrade. An upgrade needs the folder's lock: nobody may work by the old schema meanwhile."""
    file = folder / FILE
    found = _version_of(file)
    if found == HEAD:
        return
    if found is None:
        _upgrade(engine)
        return
    with _alone(folder):
        _copy_aside(file)
        _upgrade(engine)


def _version_of(file: Path) -> str | None:
    """Without the write lock, which another process may hold for long."""
    if not file.exists():
        return None
    engine = engines.reading(file)
    try:
        return version(engine)
    finally:
        engine.dispose()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """With the folder's lock, which this process may hold already."""
    with ExitStack() as stack:
        try:
            stack.enter_context(FolderLock(folder))
        except FolderBusy as busy:
            if busy.pid != str(os.getpid()):
                raise
        yield


def _upgrade(engine: Engine) -> None:
    """To the newest revision in one transaction; who comes second finds the work done."""
    from alembic import command  # a quarter of a second, and hardly ever needed
    from alembic.config import Config

    with engine.begin() as conn:
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = conn
        command.upgrade(config, "head")


def _copy_aside(file: Path) -> None:
    partial = file.with_name(f"{file.name}.before-{HEAD}.partial")
    partial.unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(partial)) as target:
        source.backup(target)
    partial.replace(file.with_name(f"{file.name}.before-{HEAD}"))
