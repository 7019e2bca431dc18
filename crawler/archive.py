"""The raw archive: fetched pages in daily WARC files, `<data>/archive/YYYY-MM-DD-<run>.warc.gz`.

A run appends to files of its own, from a thread of its own. A removal rewrites a file without what was removed; the two
take turns by the lock of the folder, and the writer asks under it whether a page has been removed meanwhile.
"""

import fcntl
import logging
import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from io import FileIO
from pathlib import Path
from threading import Lock
from typing import BinaryIO, Final

from crawler.warc import file_head, members, page_records
from news.documents import Page

log = logging.getLogger(__name__)

FOLDER: Final = "archive"
LOCK: Final = ".lock"
# Bytes of pages that may wait to be written while the disk is slow; beyond that the crawl waits for the archive.
BACKLOG: Final = 32 * 2**20
SWEPT_AT_ONCE: Final = 10_000
_NAME: Final = re.compile(r"(\d{4}-\d\d-\d\d)-[0-9a-z]+\.warc\.gz")

# Which of these addresses were removed on request.
Removed = Callable[[Collection[str]], Collection[str]]


@dataclass(frozen=True, slots=True)
class File:
    path: Path
    day: date
    size: int


class Archive:
    """One run's writer. `keep` may be called from any thread."""

    def __init__(self, folder: Path, run: str, software: str, removed: Removed) -> None:
        self._folder = folder
        self._run = run[:8]
        self._software = software
        self._removed = removed
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="archive")
        self._backlog = 0
        self._counting = Lock()
        self._failing = False

    @property
    def busy(self) -> bool:
        """More than `BACKLOG` is waiting: wait for the future that `keep` returned before you keep more."""
        return self._backlog > BACKLOG

    def keep(self, page: Page, source: str, asked_with: Mapping[str, str]) -> Future[None]:
        """Done when the page is in its file, or was not to be kept after all. A disk that fails is logged, not raised:
        the document itself is in the store."""
        size = len(page.body)
        try:
            future = self._thread.submit(self._keep, page, source, asked_with)
        except RuntimeError:  # closed: the crawl was cut off
            future = Future()
            future.set_result(None)
            return future
        self._count(size)
        future.add_done_callback(lambda done: self._done(done, page.url, size))
        return future

    def close(self) -> None:
        """Write what waits, then end."""
        self._thread.shutdown(wait=True)

    def _keep(self, page: Page, source: str, asked_with: Mapping[str, str]) -> None:
        try:
            records = page_records(page, source, asked_with)
            self._folder.mkdir(parents=True, exist_ok=True)
            with _locked(self._folder):
                if not self._removed({page.requested_url, page.url}):
                    self._append(records, page.fetched_at)
            self._failing = False
        except OSError as error:
            if not self._failing:
                log.error("Pages cannot be archived (%s); they are stored all the same", error)
            self._failing = True

    def _append(self, records: bytes, at: datetime) -> None:
        path = self._folder / f"{at:%Y-%m-%d}-{self._run}.warc.gz"
        with path.open("ab", buffering=0) as file:
            before = file.tell()
            try:
                _write(file, records if before else file_head(at, self._software) + records)
            except OSError:
                file.truncate(before)  # what comes later would not be found behind a torn record
                raise

    def _done(self, future: Future[None], url: str, size: int) -> None:
        self._count(-size)
        if not future.cancelled() and (error := future.exception()):
            log.error("Archiving %s failed", url, exc_info=error)

    def _count(self, size: int) -> None:
        with self._counting:
            self._backlog += size


def files(folder: Path) -> list[File]:
    """The archive's files, the oldest first."""
    if not folder.is_dir():
        return []
    found = []
    for path in sorted(folder.iterdir()):
        if named := _NAME.fullmatch(path.name):
            with suppress(FileNotFoundError):  # pruned meanwhile
                found.append(File(path, date.fromisoformat(named[1]), path.stat().st_size))
    return found


def prune(folder: Path, today: date, days: int, most_bytes: float) -> int:
    """Delete what is older than `days`, then the oldest files until the rest is small enough. Returns bytes freed."""
    kept = files(folder)
    doomed = [file for file in kept if (today - file.day).days > days]
    kept = kept[len(doomed) :]
    size = sum(file.size for file in kept)
    for file in kept:
        if size <= most_bytes:
            break
        doomed.append(file)
        size -= file.size
    return _delete(folder, doomed)


def make_room(folder: Path, wanted: int) -> int:
    """Delete the oldest files until `wanted` bytes are free that were not. Returns bytes freed."""
    doomed, freed = [], 0
    for file in files(folder):
        if freed >= wanted:
            break
        doomed.append(file)
        freed += file.size
    return _delete(folder, doomed)


def sweep(folder: Path, removed: Removed) -> int:
    """Take everything out that was removed on request, whenever that was. Returns the number of records."""
    taken = 0
    for file in files(folder):
        with suppress(FileNotFoundError):  # pruned meanwhile
            taken += _sweep_file(folder, file.path, removed)
    return taken


def _sweep_file(folder: Path, path: Path, removed: Removed) -> int:
    """Walk it first without the lock: hardly any file holds anything that must go."""
    with path.open("rb") as stream:
        if not _named_and_removed(stream, removed):
            return 0
    with _locked(folder), path.open("rb") as stream:
        gone = _named_and_removed(stream, removed)
        copy = path.with_suffix(".tmp")
        taken = 0
        with copy.open("wb") as out:
            for member in members(stream, os.fstat(stream.fileno()).st_size):
                if member.urls & gone:
                    taken += 1
                    continue
                stream.seek(member.start)
                out.write(stream.read(member.length))
            out.flush()
            os.fsync(out.fileno())
        copy.replace(path)
    return taken


def _named_and_removed(stream: BinaryIO, removed: Removed) -> set[str]:
    found: set[str] = set()
    asked: set[str] = set()
    for member in members(stream, os.fstat(stream.fileno()).st_size):
        asked |= member.urls
        if len(asked) > SWEPT_AT_ONCE:
            found |= set(removed(asked))
            asked.clear()
    return found | set(removed(asked))


def _write(file: FileIO, data: bytes) -> None:
    """All of it: an unbuffered write may take a part only."""
    left = memoryview(data)
    while left:
        left = left[file.write(left) :]


def _delete(folder: Path, doomed: list[File]) -> int:
    if not doomed:
        return 0
    with _locked(folder):
        for file in doomed:
            file.path.unlink(missing_ok=True)
    return sum(file.size for file in doomed)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, which the kernel releases however the process ends."""
    descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
