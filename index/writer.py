"""The one writer of a process: a thread that takes all waiting operations into one transaction (group commit)."""

import logging
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from index.database import StoreError

log = logging.getLogger(__name__)

T = TypeVar("T")

# After these the disk or the file is to blame, not the operation: the whole transaction is given up.
FATAL: Final = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_NOTADB,
    }
)


class DiskFull(StoreError):
    """Nothing of the operation was kept; it may be tried again when there is room."""


@dataclass(slots=True)
class Job:
    operation: Callable[[Connection], Any]
    future: Future[Any]
    error: Exception | None = None
    result: Any = None


class Writer:
    """Operations run one after the other, in the order of `submit`, each in a savepoint of its own: one that raises
    is undone alone. An answer is given after the commit; what was answered survives the death of the process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._queue: SimpleQueue[Job | None] = SimpleQueue()
        self._closed = False
        self._gate = threading.Lock()  # between `submit` and `close`: nothing may be queued behind the farewell
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    def submit(self, operation: Callable[[Connection], T]) -> Future[T]:
        """The future has the operation's result or exception, or a `StoreError` when nothing could be kept."""
        future: Future[T] = Future()
        with self._gate:
            if self._closed:
                raise StoreError("the store is closed; open it again to write")
            self._queue.put(Job(operation, future))
        return future

    def flush(self) -> None:
        """Wait until all that was submitted before is committed."""
        self.submit(lambda conn: None).result()

    def close(self) -> None:
        """Finish what is waiting, then end the thread. May be called twice."""
        with self._gate:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        connection: Connection | None = None
        going = True
        while going:
            jobs, going = self._waiting()
            jobs = [job for job in jobs if job.future.set_running_or_notify_cancel()]
            if not jobs:
                continue
            try:
                connection = connection or self._engine.connect()
                self._transaction(connection, jobs)
            except Exception as error:
                failure = explained(error)
                log.error("%d operations were not kept: %s", len(jobs), failure)
                _let_go(connection)
                connection = None
                for job in jobs:
                    job.future.set_exception(failure)
            else:
                _answer(jobs)
        _let_go(connection)

    def _waiting(self) -> tuple[list[Job], bool]:
        """All jobs there are, at least one; False when the last was the farewell."""
        jobs: list[Job] = []
        job = self._queue.get()
        while job is not None:
            jobs.append(job)
            try:
                job = self._queue.get_nowait()
            except Empty:
                return jobs, True
        return jobs, False

    def _transaction(self, connection: Connection, jobs: list[Job]) -> None:
        with connection.begin():
            for job in jobs:
                try:
                    with connection.begin_nested():
                        job.result = job.operation(connection)
                except Exception as error:
                    if _is_fatal(error) or not _in_transaction(connection):
                        raise
                    job.error = error


def explained(error: Exception) -> StoreError:
    code = _code(error)
    if code == sqlite3.SQLITE_FULL:
        explanation: StoreError = DiskFull("the disk is full and nothing of this step was kept; make room and go on")
    elif code == sqlite3.SQLITE_BUSY:
        explanation = StoreError("another process kept the store busy for 30 seconds; try again when it is done")
    else:
        explanation = StoreError(f"the store could not be written ({error.args[0] if error.args else error})")
    explanation.__cause__ = error
    return explanation


def _answer(jobs: list[Job]) -> None:
    for job in jobs:
        if job.error is not None:
            job.future.set_exception(job.error)
        else:
            job.future.set_result(job.result)


def _let_go(connection: Connection | None) -> None:
    """After a failure the connection, and what was remembered in its `info`, may not be what the disk holds."""
    if connection is not None:
        connection.invalidate()
        connection.close()


def _code(error: BaseException | None) -> int | None:
    """SQLite's primary result code; of the first error, where undoing it failed as well."""
    code = None
    while error is not None:
        inner = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(inner, sqlite3.Error) and hasattr(inner, "sqlite_errorcode"):
            code = inner.sqlite_errorcode & 0xFF
        error = error.__context__
    return code


def _is_fatal(error: Exception) -> bool:
    return _code(error) in FATAL


def _in_transaction(connection: Connection) -> bool:
    inner = connection.connection.dbapi_connection
    return isinstance(inner, sqlite3.Connection) and inner.in_transaction
