"""The service: start, wait, stop — and the single pass that `marsad crawl` makes with the same parts."""

import asyncio
import logging
import signal
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

from crawler.engine import CrawlReport, Gate, Progress, crawl
from index import catalogue, frontier
from index.backends import SearchIndex, open_backend
from index.follower import follow
from index.frontier.clock import mend_clock
from index.lock import FolderLock
from index.store import Store
from marsad import __version__
from marsad.config import Settings
from news.documents import Source, SyncReport
from scheduler import heartbeat, jobs, metrics
from scheduler.clockwork import Clockwork
from scheduler.lanes import Occupied
from scheduler.policy import AdaptivePolicy
from scheduler.state import Service, utcnow
from scheduler.watches import watch_disk, watch_memory

log = logging.getLogger(__name__)

STOP_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)
# A catalogue of two hundred endpoints is polled for the first time within four minutes.
FIRST_POLLS_APART: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class PassReport:
    """What one pass did, and what the search index took of it."""

    crawl: CrawlReport
    sync: SyncReport


async def serve(settings: Settings, sources: dict[str, Source]) -> int:
    """Watch until SIGTERM or SIGINT. Returns the exit status: 0 when asked to stop, 1 to be started anew."""
    with _open(settings, sources) as (store, index):
        service = _service(settings, sources, store, index)
        store.writer.submit(lambda conn: frontier.spread_due(conn, service.started_at, FIRST_POLLS_APART)).result()
        _schedule(service)
        service.clockwork.start()
        service.notifier.notify("READY=1")
        log.info("Watching %d sources, %d endpoints", *_sizes(sources))
        try:
            with metrics.offered(service, settings.metrics.port):
                await crawl(
                    store, settings, sources, AdaptivePolicy(), until_idle=False, stop=service.stop, gate=service.gate,
                    on_progress=partial(setattr, service, "progress"),
                )  # fmt: skip
        finally:
            service.notifier.notify("STOPPING=1")
            await service.clockwork.stop()
        try:
            await service.clockwork.in_thread("index", follow, store, index)
        except Occupied:
            log.warning("The search index is still at work; the next start brings it up to date")
        heartbeat.write(store.folder, utcnow(), "stopped", {"started_at": service.started_at.isoformat()})
    if not service.stop.is_set():
        log.error("The crawl ended by itself; leaving so that the supervisor starts it anew")
        return 1
    if service.given_up:
        return 1
    log.info("Stopped")
    return 0


async def one_pass(
    settings: Settings,
    sources: dict[str, Source],
    *,
    everything: bool,
    only: Collection[str] | None,
    on_progress: Callable[[Progress], None] | None = None,
) -> PassReport:
    """Fetch everything that is due and follow it through until nothing is left that can be had in this pass."""
    with _open(settings, sources) as (store, index):
        now = utcnow()
        store.writer.submit(lambda conn: frontier.mark_due(conn, now, everything=everything, source_ids=only)).result()
        report = await crawl(
            store, settings, sources, AdaptivePolicy(), until_idle=True, stop=_stop_on_signals(), gate=Gate(),
            only_sources=only, on_progress=on_progress,
        )  # fmt: skip
        return PassReport(report, await asyncio.to_thread(follow, store, index))


@contextmanager
def _open(settings: Settings, sources: dict[str, Source]) -> Iterator[tuple[Store, SearchIndex]]:
    """Take the data folder for ourselves, and bring its frontier up to the sources."""
    Path(settings.data).mkdir(parents=True, exist_ok=True)
    with FolderLock(settings.data), Store.open(settings.data) as store:
        now = utcnow()
        values = list(sources.values())
        store.writer.submit(lambda conn: frontier.void_leases(conn, now=now)).result()
        store.writer.submit(lambda conn: mend_clock(conn, now)).result()
        store.writer.submit(
            lambda conn: frontier.sync_sources(conn, values, now, default_delay=settings.crawler.delay)
        ).result()
        if reopened := store.writer.submit(lambda conn: frontier.reopen_mistakes(conn, __version__)).result():
            log.info("%d pages that a former version failed at are fetched again", reopened)
        with open_backend(settings, store, sources) as index:
            yield store, index


def _service(settings: Settings, sources: dict[str, Source], store: Store, index: SearchIndex) -> Service:
    return Service(
        store=store,
        index=index,
        sources=sources,
        catalogue=settings.sources or catalogue.shipped(),
        user_sources=settings.data / "sources",
        gate=Gate(),
        clockwork=Clockwork(),
        started_at=utcnow(),
        archive=settings.archive,
        stop=_stop_on_signals(),
    )


def _stop_on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    for number in STOP_SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def _schedule(service: Service) -> None:
    every = service.clockwork.every
    every(5, "tick", partial(jobs.tick, service), timeout=60)
    every(2, "index", partial(jobs.index_new, service), timeout=600)
    every(60, "sources", partial(jobs.reload_sources, service), timeout=60)
    every(3600, "housekeeping", partial(jobs.housekeeping, service), timeout=1800)
    every(30, "disk", partial(watch_disk, service), timeout=60)
    every(10, "memory", partial(watch_memory, service), timeout=20)
    every(300, "health", partial(jobs.tell_health, service), timeout=120)
    every(5, "heartbeat", partial(jobs.beat, service), timeout=20)


def _sizes(sources: dict[str, Source]) -> tuple[int, int]:
    enabled = [source for source in sources.values() if source.enabled]
    return len(enabled), sum(endpoint.enabled for source in enabled for endpoint in source.endpoints)
