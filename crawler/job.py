"""One crawl: what it works with, what is under way, and how it is to end."""

import asyncio
import heapq
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, TypeVar
from uuid import uuid4

from sqlalchemy import Connection

from crawler.archive import Archive
from crawler.attempt import Attempt
from crawler.network import NetworkWatch
from crawler.pool import Pool
from crawler.report import CrawlReport, Gate, Progress
from index import frontier
from index.frontier.visits import Failure, Policy, Visit, VisitKind
from index.store import Store
from marsad.config import Settings
from news.documents import Source
from news.urls import site_of

T = TypeVar("T")

PROGRESS_EVERY: Final = 0.25


def utcnow() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True, eq=False)
class Job:
    """`until_idle`: end when nothing is left that can be had now. `broken`: the mistake of ours that ended it;
    `paused`: why nothing is claimed for a moment."""

    store: Store
    settings: Settings
    sources: Mapping[str, Source]
    policy: Policy
    pool: Pool
    until_idle: bool
    stop: asyncio.Event
    gate: Gate = field(default_factory=Gate)
    archive: Archive | None = None
    only_sources: Collection[str] | None = None
    on_progress: Callable[[Progress], None] | None = None
    clock: Callable[[], datetime] = utcnow
    run: str = field(default_factory=lambda: uuid4().hex)
    report: CrawlReport = field(default_factory=CrawlReport)
    in_flight: dict[tuple[VisitKind, int], Attempt] = field(default_factory=dict)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    broken: Exception | None = None
    paused: str = ""
    pending: int = 0
    site: str = ""
    watch: NetworkWatch[tuple[Attempt, Failure]] = field(init=False)
    ready: list[float] = field(default_factory=list)  # a heap: when sites that were asked may be asked again
    _shown_at: float = float("-inf")

    def __post_init__(self) -> None:
        self.watch = NetworkWatch(sites=len(_sites(self.sources, self.only_sources)))

    @property
    def stopping(self) -> bool:
        return self.stop.is_set() or self.broken is not None or bool(self.report.failed)

    @property
    def state(self) -> str:
        if self.stopping:
            return "stopping"
        if reason := self.gate.closed or self.paused or ("network_away" if self.watch.away else None):
            return reason
        return "crawling" if self.in_flight else "idle"

    async def write(self, operation: Callable[[Connection], T]) -> T:
        """Run `operation` in the store's writer; its result after the commit. Raises StoreError."""
        return await asyncio.wrap_future(self.store.writer.submit(operation))

    async def give_back(self, attempts: Iterable[Attempt]) -> None:
        """Undo claims: they count for nothing and may be claimed again."""
        given = list(attempts)
        if given:
            visits: list[Visit] = [attempt.visit for attempt in given]
            now = self.clock()

            def operation(conn: Connection) -> None:
                frontier.give_back(conn, visits, now)
                for attempt in given:
                    frontier.site_served(conn, attempt.visit.site, now, attempt.delay)

            await self.write(operation)
            for attempt in given:
                self.finish(attempt)

    def source_of(self, visit: Visit) -> Source:
        """The visit's source; a stand-in where its file is gone, because its URLs are still finished."""
        known = self.sources.get(visit.source)
        return known or Source(id=visit.source, name=visit.source, homepage=visit.url)

    def finish(self, attempt: Attempt) -> None:
        """The attempt is committed; its site is free again after its delay."""
        self.in_flight.pop(attempt.key, None)
        heapq.heappush(self.ready, time.monotonic() + attempt.delay)
        self.site = attempt.visit.site
        self.wake.set()
        self.show()

    def fail(self, error: Exception) -> None:
        """Something that should not happen: the crawl ends with it."""
        self.broken = self.broken or error
        self.wake.set()

    def show(self, *, now: bool = False) -> None:
        if self.on_progress is None or (not now and time.monotonic() < self._shown_at + PROGRESS_EVERY):
            return
        self._shown_at = time.monotonic()
        report = self.report
        self.on_progress(Progress(report.fetched, report.new, self.pending, len(self.in_flight), self.site, self.state))


def _sites(sources: Mapping[str, Source], only: Collection[str] | None) -> set[str]:
    return {
        site_of(endpoint.url)
        for source in sources.values()
        if source.enabled and (only is None or source.id in only)
        for endpoint in source.endpoints
        if endpoint.enabled
    }
