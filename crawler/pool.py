"""A pool of extraction processes, each of which may be killed at any moment, by us or by anybody.

    page ─► quick lane: `size` at a time ─┬─► read
                                          └─ `QUICK` seconds spent ─► slow lane: one at a time

Nearly all pages are read in milliseconds. One that is not, and then its source's next ones of that kind, wait in a lane
of their own: however many outlets send pages that take their whole deadline, those of the others do not wait for them.
"""

import asyncio
import logging
import socket
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from math import inf
from types import TracebackType
from typing import Final, Self, TypeAlias

from crawler.extractor import Worker, WorkerDied
from crawler.forkserver import ForkServer
from crawler.tasks import Answer, Broken, Task
from index.frontier.reopening import OUR_MISTAKE
from news.documents import EndpointKind, Listing, NotDocument, Outcome, ReadArticle

log = logging.getLogger(__name__)

DEADLINE: Final = 20.0
# A page is given up for good only where its worker had this share of the deadline as CPU time: otherwise the machine
# was asleep, frozen or busy with other things, which says nothing about the page.
OWN_SHARE: Final = 0.1
# Seconds of the worker's own CPU time, so that a busy machine makes no page slow; most take a hundredth.
QUICK: Final = 0.25
# Seconds on the clock after which a page leaves its place to the next one; at most MOST_ASIDE go on beside them.
STEP_ASIDE: Final = 0.1
MOST_ASIDE: Final = 3
QUICK_AGAIN: Final = 20
# A crawl holds so many slow pages, of 8 MB each at most: far from what makes Scrapy stop asking anybody
# (SCRAPER_SLOT_MAX_ACTIVE_SIZE).
SLOW_PAGES: Final = 8
# A worker may have been killed for other reasons than the page that it was reading, so the page is tried again.
CHANCES: Final = 3
COMMAND: Final = (sys.executable, "-m", "crawler.worker")

# Of one source: its articles, or its listings of one kind.
Kind: TypeAlias = tuple[str, EndpointKind | None]
Reading: TypeAlias = Listing | ReadArticle | NotDocument


class PoolClosed(Exception):
    """The crawl stops; the page was not read."""


class Crowded(Exception):
    """The page was not read because we lacked room or CPU time; that says nothing about the page itself."""


class Pool:
    """At most `size` pages are read at a time, and one slow one beside them, each for at most `deadline` seconds.

    `most_held`: slow ones that may wait or be read, each of which may be megabytes in our memory.
    """

    def __init__(
        self, size: int, *, deadline: float = DEADLINE, most_held: float = inf, command: Sequence[str] = COMMAND
    ) -> None:
        self.deadline = deadline
        self._most_held = most_held
        self._held = 0
        self._aside = 0
        self.closed = False
        self._forkserver = ForkServer(command)
        self._quick = asyncio.Semaphore(size)
        self._slow = asyncio.Semaphore(1)
        self._laggards: dict[Kind, int] = {}
        self._idle: list[Worker] = []
        self._busy: list[Worker] = []
        self._reading: set[asyncio.Task[Reading | None]] = set()

    @property
    def pids(self) -> list[int]:
        return [worker.pid for worker in (*self._idle, *self._busy)]

    async def read(self, task: Task) -> Reading:
        """What the page says. Raises Crowded, and PoolClosed when the pool is closed before it could be read."""
        kind = task.source.id, task.listing
        if kind not in self._laggards:
            answer = await self._quickly(replace(task, cpu_seconds=QUICK))
            if answer is not None:
                return answer
            self._laggards[kind] = QUICK_AGAIN
        if self._held >= self._most_held:
            raise Crowded(f"{self._held} pages that take long to read are waiting")
        self._held += 1
        try:
            async with self._slow:
                began = time.monotonic()
                answer = await self._unless_closed(task)
        finally:
            self._held -= 1
        self._judge(kind, was_quick=time.monotonic() - began < QUICK)
        assert answer is not None, "there is no limit to a slow one's own time"
        return answer

    async def _quickly(self, task: Task) -> Reading | None:
        """None where it needs more than QUICK. After STEP_ASIDE seconds its place goes to the next page."""
        await self._quick.acquire()
        reading = asyncio.ensure_future(self._unless_closed(task))
        in_place = True
        try:
            await asyncio.wait({reading}, timeout=STEP_ASIDE)
            if not reading.done() and self._aside < MOST_ASIDE:
                self._aside += 1
                in_place = False
                self._quick.release()
            return await reading
        finally:
            reading.cancel()
            if in_place:
                self._quick.release()
            else:
                self._aside -= 1

    def _judge(self, kind: Kind, *, was_quick: bool) -> None:
        """Back among the quick after so many quick ones in a row."""
        left = self._laggards.get(kind, 0) - 1 if was_quick else QUICK_AGAIN
        if left > 0:
            self._laggards[kind] = left
        else:
            self._laggards.pop(kind, None)

    async def _unless_closed(self, task: Task) -> Reading | None:
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
        self._forkserver.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    async def _read(self, task: Task) -> Reading | None:
        """None where the page needs more than `task.cpu_seconds` of CPU time, or did not even get that much in time."""
        for _ in range(CHANCES):
            worker = await self._take()
            began, before = time.monotonic(), 0.0 if task.cpu_seconds else worker.spent()
            try:
                async with asyncio.timeout(self.deadline):
                    return _plain(await worker.ask(task), task)
            except TimeoutError:
                own = worker.spent() - before
                worker.end()
                return None if task.cpu_seconds else self._given_up(own)
            except WorkerDied:
                if 0 < task.cpu_seconds <= time.monotonic() - began:
                    return None
                log.warning("An extraction process died while reading %s", task.page.url)
            except BaseException:
                worker.end()
                raise
            finally:
                self._put(worker)
        return _unreadable(f"reading it killed {CHANCES} extraction processes")

    def _given_up(self, own: float) -> NotDocument:
        """After `own` seconds of a worker's time within the deadline."""
        if own < self.deadline * OWN_SHARE:
            raise Crowded(f"in {self.deadline:g} s there were only {own:.2f} s of CPU time to read it")
        return _unreadable(f"reading it took longer than {self.deadline:g} s")

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
        try:
            with theirs:
                pid = await self._forkserver.fork(theirs)
        except BaseException:
            ours.close()
            raise
        reader, writer = await asyncio.open_unix_connection(sock=ours, limit=2**20)
        return Worker(pid, reader, writer)


def _plain(answer: Answer, task: Task) -> Reading:
    if isinstance(answer, Broken):
        log.error("Reading %s failed: %s\n%s", task.page.url, answer.reason, answer.trace)
        return _unreadable(f"{OUR_MISTAKE}: {answer.reason}")
    return answer


def _unreadable(reason: str) -> NotDocument:
    return NotDocument(outcome=Outcome.PARSE_ERROR, reason=reason)
