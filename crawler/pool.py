"""A pool of extraction processes, each of which may be killed at any moment, by us or by anybody."""

import asyncio
import logging
import os
import pickle
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from crawler.nursery import Nursery
from crawler.tasks import HEAD, Answer, Broken, Task, frame
from news.documents import Listing, NotDocument, Outcome, ReadArticle

log = logging.getLogger(__name__)

DEADLINE: Final = 20.0
# Whoever kills a worker may be anybody, the page that it was at being only one suspect: it is tried again.
CHANCES: Final = 3
# Parsers written in C leak a little; a fresh worker costs a millisecond.
TASKS_PER_WORKER: Final = 1_000
COMMAND: Final = (sys.executable, "-m", "crawler.worker")


class PoolClosed(Exception):
    """The crawl stops; the page was not read."""


class WorkerDied(Exception):
    pass


@dataclass(slots=True, eq=False)
class Worker:
    pid: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    tasks: int = 0

    @property
    def usable(self) -> bool:
        return not self.reader.at_eof() and not self.writer.is_closing() and self.tasks < TASKS_PER_WORKER

    async def ask(self, task: Task) -> Answer:
        """Raises WorkerDied."""
        self.tasks += 1
        try:
            self.writer.write(frame(task))
            await self.writer.drain()
            size = HEAD.unpack(await self.reader.readexactly(HEAD.size))[0]
            answer: Answer = pickle.loads(await self.reader.readexactly(size))
        except (OSError, EOFError) as error:
            raise WorkerDied from error
        return answer

    def end(self) -> None:
        """Its process id is safe to signal for as long as its socket is open: it closes it only by dying."""
        if not self.reader.at_eof():
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        self.writer.close()


class Pool:
    """At most `size` pages are read at a time, each for at most `deadline` seconds."""

    def __init__(self, size: int, *, deadline: float = DEADLINE, command: Sequence[str] = COMMAND) -> None:
        self.deadline = deadline
        self.closed = False
        self._nursery = Nursery(command)
        self._slots = asyncio.Semaphore(size)
        self._idle: list[Worker] = []
        self._busy: list[Worker] = []
        self._reading: set[asyncio.Task[Listing | ReadArticle | NotDocument]] = set()

    @property
    def pids(self) -> list[int]:
        return [worker.pid for worker in (*self._idle, *self._busy)]

    async def read(self, task: Task) -> Listing | ReadArticle | NotDocument:
        """What the page says. Raises PoolClosed when the pool is closed before it could be read."""
        async with self._slots:
            if self.closed:
                raise PoolClosed
            reading = asyncio.ensure_future(self._read(task))
            self._reading.add(reading)
            try:
                return await reading
            except asyncio.CancelledError:
                reading.cancel()
                if self.closed:
                    raise PoolClosed from None
                raise
            finally:
                self._reading.discard(reading)

    def close(self) -> None:
        """Kill everything, whatever it is at."""
        self.closed = True
        for reading in self._reading:
            reading.cancel()
        for worker in (*self._idle, *self._busy):
            worker.end()
        self._idle.clear()
        self._nursery.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    async def _read(self, task: Task) -> Listing | ReadArticle | NotDocument:
        for _ in range(CHANCES):
            worker = await self._take()
            try:
                async with asyncio.timeout(self.deadline):
                    return _plain(await worker.ask(task), task)
            except TimeoutError:
                worker.end()
                return _unreadable(f"reading it took longer than {self.deadline:g} s")
            except WorkerDied:
                log.warning("An extraction process died while reading %s", task.page.url)
            except BaseException:
                worker.end()
                raise
            finally:
                self._put(worker)
        return _unreadable(f"reading it killed {CHANCES} extraction processes")

    async def _take(self) -> Worker:
        while self._idle:
            worker = self._idle.pop()
            if worker.usable:
                break
            worker.end()
        else:
            worker = await self._fork()
        self._busy.append(worker)
        return worker

    def _put(self, worker: Worker) -> None:
        self._busy.remove(worker)
        if worker.usable and not self.closed:
            self._idle.append(worker)
        else:
            worker.end()

    async def _fork(self) -> Worker:
        ours, theirs = socket.socketpair()
        with theirs:
            pid = await self._nursery.fork(theirs)
        reader, writer = await asyncio.open_unix_connection(sock=ours, limit=2**20)
        return Worker(pid, reader, writer)


def _plain(answer: Answer, task: Task) -> Listing | ReadArticle | NotDocument:
    if isinstance(answer, Broken):
        log.error("Reading %s failed: %s\n%s", task.page.url, answer.reason, answer.trace)
        return _unreadable(answer.reason)
    return answer


def _unreadable(reason: str) -> NotDocument:
    return NotDocument(outcome=Outcome.PARSE_ERROR, reason=reason)
