"""From the frontier to the network: claims visits in batches, as many as may be under way at a time."""

import asyncio
import heapq
import logging
import time
from collections.abc import AsyncIterator, Collection
from contextlib import suppress
from typing import Final

from sqlalchemy import Connection

from crawler import robots
from crawler.attempt import Attempt
from crawler.job import Job
from crawler.network import Cleared
from crawler.recorder import Recorder
from index import frontier
from index.frontier.visits import Failure, Visit, VisitKind
from index.store import StoreError
from news.documents import Outcome

log = logging.getLogger(__name__)

IN_FLIGHT: Final = 100
# Seconds between two claims, so that one claim serves all the sites that become free at about the same time.
BREATH: Final = 0.004
# Seconds after which the frontier is asked again although no site of ours has become free: something may be due.
POLL: Final = 1.0
STORE_PAUSE: Final = 15.0
ROUNDS: Final = 20
# A pass ends, and says so, when visits were due for so many seconds but none of them could be claimed.
STALLED: Final = 300.0


class Feeder:
    def __init__(self, job: Job, recorder: Recorder) -> None:
        self._job = job
        self._recorder = recorder
        self._moved_at = time.monotonic()
        self._resume_at = 0.0
        self._unkept: list[Attempt] = []

    async def attempts(self) -> AsyncIterator[Attempt]:
        """Everything there is to fetch, until the job is to end."""
        watcher = asyncio.ensure_future(self._wake_on_stop())
        try:
            while not self._job.stopping:
                claimed = await self._step()
                for attempt in claimed:
                    yield attempt
                if not claimed and self._job.until_idle and await self._is_over():
                    return
                await self._rest()
        finally:
            watcher.cancel()

    async def _step(self) -> list[Attempt]:
        """Record what has become clear about earlier failures, then claim; nothing while the store refuses."""
        now = time.monotonic()
        if now < self._resume_at:
            return []
        try:
            await self._job.give_back(self._unkept)
            self._unkept.clear()
            await self.settle(self._job.watch.tick(now, alone=self._alone()))
            claimed = await self._claim()
        except StoreError as error:
            self.store_failed(error)
            return []
        if claimed:
            self._moved_at = now
        self._job.paused = ""
        return claimed

    async def settle(self, cleared: Cleared[tuple[Attempt, Failure]]) -> None:
        if cleared.ours:
            log.warning("Our own network seems to be away: nothing counts until a probe gets through")
            self._unkept += [attempt for attempt, _ in cleared.ours]
            self._job.wake.set()
        for attempt, failure in cleared.theirs:
            try:
                await self._recorder.failed(attempt, failure)
            except StoreError as error:
                self.keep_for_later(attempt, error)

    def keep_for_later(self, attempt: Attempt, error: StoreError) -> None:
        """The visit of a result that could not be recorded is given back as soon as the store can be written again."""
        self._unkept.append(attempt)
        self.store_failed(error)

    def store_failed(self, error: StoreError) -> None:
        """Ends a single pass. The service keeps its leases and tries again after `STORE_PAUSE`."""
        if self._job.until_idle:
            self._job.report.failed = f"What was fetched could not be kept: {error}"
            self._job.wake.set()
        elif time.monotonic() >= self._resume_at:
            log.error("The store cannot be written (%s); crawling pauses for %g s", error, STORE_PAUSE)
            self._resume_at = time.monotonic() + STORE_PAUSE
            self._job.paused = "store_failed"
            self._job.show(now=True)

    async def _claim(self) -> list[Attempt]:
        room = IN_FLIGHT - len(self._job.in_flight)
        watch = self._job.watch
        if watch.away:
            room = min(room, 1) if watch.may_probe(time.monotonic()) else 0
        if room <= 0 or self._job.gate.closed:
            return []
        busy = {attempt.visit.site for attempt in self._job.in_flight.values()}
        claimed = await self._job.write(lambda conn: self._take(conn, room, busy))
        self._job.in_flight |= {attempt.key: attempt for attempt in claimed}
        return claimed

    def _take(self, conn: Connection, room: int, busy: Collection[str]) -> list[Attempt]:
        """In the writer's thread: claim, and decide here the visits that robots.txt forbids."""
        now = self._job.clock()
        taken: list[Attempt] = []
        for _ in range(ROUNDS):
            sites = {*busy, *(attempt.visit.site for attempt in taken)}
            visits = frontier.claim(
                conn,
                run=self._job.run,
                now=now,
                limit=room - len(taken),
                busy_sites=sites,
                only_sources=self._job.only_sources,
            )
            forbidden = [visit for visit in visits if not _allowed(visit)]
            for visit in forbidden:
                reason = "robots.txt forbids it"
                frontier.record_outcome(conn, visit, Outcome.ROBOTS, reason, None, self._job.policy, now)
            taken += [self._attempt(visit) for visit in visits if visit not in forbidden]
            if not forbidden or len(taken) >= room:
                break
        for attempt in taken:
            # Should we die before the answer, the next run still keeps a delay from here.
            frontier.site_served(conn, attempt.visit.site, now, attempt.delay)
        return taken

    def _attempt(self, visit: Visit) -> Attempt:
        delay = max(visit.delay, self._job.settings.crawler.delay, robots.crawl_delay(visit.robots))
        return Attempt(visit=visit, source=self._job.source_of(visit), delay=delay)

    def _alone(self) -> bool:
        """Whether a single pass has nothing under way but failures held back, so that no answer can clear them any
        more. Never true of the service: it will ask other sites."""
        return self._job.until_idle and len(self._job.in_flight) <= self._job.watch.holding

    async def _is_over(self) -> bool:
        job = self._job
        if job.watch.away and job.watch.failed_probes:
            job.report.note = "Our own network seems to be away; what could not be fetched stays pending."
            return True
        if job.in_flight or job.watch.away:
            return False
        left = await asyncio.to_thread(self._remaining)
        job.pending = left
        if left and time.monotonic() > self._moved_at + STALLED:
            job.report.note = f"{left} visits were due but could not be had; see `marsad status`."
            return True
        return left == 0

    def _remaining(self) -> int:
        with self._job.store.read() as conn:
            return frontier.remaining(conn, self._job.clock(), self._job.only_sources).ready

    async def _rest(self) -> None:
        """Until a site may be asked again, at most for a moment; a stop ends it at once."""
        await asyncio.sleep(BREATH)
        poll_at = time.monotonic() + POLL
        while not self._job.stopping:
            now = time.monotonic()
            ready = self._job.ready
            wake_at = min(poll_at, ready[0] if ready else poll_at)
            if wake_at <= now:
                break
            self._job.wake.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(wake_at - now):
                    await self._job.wake.wait()
        while self._job.ready and self._job.ready[0] <= time.monotonic():
            heapq.heappop(self._job.ready)

    async def _wake_on_stop(self) -> None:
        await self._job.stop.wait()
        self._job.wake.set()


def _allowed(visit: Visit) -> bool:
    return visit.kind is VisitKind.ROBOTS or robots.may_fetch(visit.robots, visit.url)
