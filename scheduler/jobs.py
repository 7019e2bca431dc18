"""The system jobs of the service. Each is one small step that could be a command, and most are one."""

import asyncio
import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

import sdnotify

from crawler.engine import Gate, Progress
from index import catalogue, frontier
from index.embedded import EmbeddedIndex
from index.follower import follow
from index.store import Store, prune_events
from news.documents import Source
from scheduler import heartbeat
from scheduler.clockwork import Clockwork

log = logging.getLogger(__name__)

KEEP_EVENTS: Final = timedelta(days=30)
# Below this the write-ahead log of a busy hour could meet a full disk.
LOW_DISK: Final = 500 * 2**20
ENOUGH_DISK: Final = 700 * 2**20


def utcnow() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Service:
    """What the jobs share. `progress` is the crawl's latest report of itself."""

    store: Store
    index: EmbeddedIndex
    sources: dict[str, Source]
    catalogue: Path
    user_sources: Path
    gate: Gate
    clockwork: Clockwork
    started_at: datetime
    progress: Progress | None = None
    notifier: sdnotify.SystemdNotifier = field(default_factory=sdnotify.SystemdNotifier)
    clock: Callable[[], datetime] = utcnow

    @property
    def state(self) -> str:
        return self.gate.closed or (self.progress.state if self.progress else "starting")


async def tick(service: Service) -> None:
    """Mark the endpoints that are due; their next fetch is moved on before anyone fetches them."""
    now = service.clock()
    await asyncio.wrap_future(service.store.writer.submit(lambda conn: frontier.mark_due(conn, now)))


async def index_new(service: Service) -> None:
    """Bring the search index up to the store."""
    report = await asyncio.to_thread(follow, service.store, service.index)
    if report.sent or report.deleted:
        log.debug("Search index: %d sent, %d deleted", report.sent, report.deleted)


async def reload_sources(service: Service) -> None:
    """Take up what `marsad sources add` and `check` wrote since; a mistake in it keeps the sources as they are."""
    try:
        sources = await asyncio.to_thread(catalogue.load, service.catalogue, service.user_sources)
    except catalogue.CatalogueError as error:
        log.error("The sources are kept as they were: %s", error)
        return
    if sources != service.sources:
        now = service.clock()
        values = list(sources.values())
        await asyncio.wrap_future(service.store.writer.submit(lambda conn: frontier.sync_sources(conn, values, now)))
        service.sources.clear()
        service.sources.update(sources)
        log.info("Sources reloaded: %d", len(sources))


async def housekeeping(service: Service) -> None:
    """Let go of what nobody needs any more: old events, dead rows of the search index."""
    before = service.clock() - KEEP_EVENTS
    await asyncio.wrap_future(service.store.writer.submit(lambda conn: prune_events(conn, before)))
    if await asyncio.to_thread(service.index.wasteful):
        await asyncio.to_thread(service.index.rebuild, partial(follow, service.store))


async def watch_disk(service: Service) -> None:
    """Pause the crawl before the disk is full, and go on when there is room again."""
    free = shutil.disk_usage(service.store.folder).free
    if free < LOW_DISK and not service.gate.closed:
        service.gate.close("disk_low")
        log.error("Only %d MB are free: crawling pauses until %d MB are", free >> 20, ENOUGH_DISK >> 20)
    elif free > ENOUGH_DISK and service.gate.closed == "disk_low":
        service.gate.open()
        log.info("There is room on the disk again: crawling goes on")


async def beat(service: Service) -> None:
    """Say that we live: to the file that `marsad healthcheck` reads, and to systemd."""
    details = {
        "started_at": service.started_at.isoformat(timespec="seconds"),
        "jobs": service.clockwork.report(),
        "progress": service.progress.as_dict() if service.progress else {},
    }
    await asyncio.to_thread(heartbeat.write, service.store.folder, service.clock(), service.state, details)
    service.notifier.notify("WATCHDOG=1")
    service.notifier.notify(f"STATUS={service.state}")
