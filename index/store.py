"""The store: one folder, one file of truth, one writer a process. Everything else is a function on a connection."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import DBAPIError

from index import engines
from index.database import FILE, StoreError, documents
from index.documents.forgetting import forget
from index.documents.stored import cluster, export, find_document, get_documents, revisions
from index.migrate import HEAD, version
from index.migrate import migrate as bring_up_to_date
from index.retention import prune_events
from index.writer import Writer, explained

__all__ = [
    "Store",
    "StoreError",
    "cluster",
    "export",
    "find_document",
    "forget",
    "get_documents",
    "prune_events",
    "revisions",
]


class Store:
    """An open data folder. Reading sees one state throughout and waits for nobody; writing goes through `writer`."""

    def __init__(self, folder: Path, engine: Engine, writing: Engine | None) -> None:
        self.folder = folder
        self._reading = engine
        self._writing = writing
        self._writer = Writer(writing) if writing else None

    @classmethod
    def open(cls, folder: Path, *, readonly: bool = False, migrate: bool = True) -> Self:
        """Creates the folder and brings its schema up to date. `readonly` works on a read-only folder as well."""
        file = folder / FILE
        if (readonly or not migrate) and not file.exists():
            raise StoreError(f"there is no store in {folder}; run `marsad crawl` first, or name it with --data")
        with ExitStack() as undo:
            try:
                if readonly:
                    reading, writing = engines.reading_only(file), None
                else:
                    folder.mkdir(parents=True, exist_ok=True)
                    reading, writing = engines.reading(file), engines.writing(file)
                    undo.callback(writing.dispose)
                undo.callback(reading.dispose)
                if writing is not None and migrate:
                    bring_up_to_date(writing, folder)
                _refuse_old(reading)
            except (DBAPIError, sqlite3.Error) as error:
                raise explained(error) from error
            undo.pop_all()
        return cls(folder, reading, writing)

    @property
    def writer(self) -> Writer:
        if self._writer is None:
            raise StoreError(f"the store in {self.folder} was opened for reading only; open it for writing")
        return self._writer

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self._reading.connect() as conn, conn.begin():
            yield conn

    def count_documents(self) -> int:
        with self.read() as conn:
            return conn.execute(select(func.count()).select_from(documents)).scalar_one()

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._reading.dispose()
        if self._writing is not None:
            self._writing.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def _refuse_old(engine: Engine) -> None:
    found = version(engine)
    if found != HEAD:
        raise StoreError(
            f"the data folder has the schema {found or 'of no version'} and this marsad works with {HEAD}; "
            "start `marsad run` or `marsad crawl` once, it brings the folder up to date"
        )
