"""The system jobs of the service. Each is one small step that could be a command, and most are one."""

import asyncio
import logging
import os
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

from index import backends, catalogue, frontier, ledger
from index.backends import backend_name, follower_name
from index.follower import follow
from index.frontier.clock import mend_clock
from index.store import prune_events
from scheduler import heartbeat
from scheduler.state import Service
from scheduler.watches import prune_archive

log = logging.getLogger(__name__)

KEEP_EVENTS: Final = timedelta(days=30)
# Time keeping daemons move a clock by less without a step.
CLOCK_WANDERS: Final = timedelta(seconds=30)


async def tick(service: Service) -> None:
    """Mark the endpoints that are due; their next fetch is moved on before anyone fetches them."""
    now = service.clock()
    before = service.ticked_at
    if before is not None and now < before - CLOCK_WANDERS:
        mended = await asyncio.wrap_future(service.store.writer.submit(lambda conn: mend_clock(conn, now)))
        log.warning("The clock was set back from %s to %s: %d endpoints are asked now", before, now, mended)
    service.ticked_at = now
    await asyncio.wrap_future(service.store.writer.submit(lambda conn: frontier.mark_due(conn, now)))


async def index_new(service: Service) -> None:
    """Bring the search index up to the store."""
    report = await service.clockwork.in_thread("index", follow, service.store, service.index)
    if report.sent or report.deleted:
        log.debug("Search index: %d sent, %d deleted", report.sent, report.deleted)


async def reload_sources(service: Service) -> None:
    """Take up what `marsad sources add` and `check` wrote since; a mistake in it keeps the sources as they are."""
    folders = (service.catalogue, service.user_sources)
    stamp = await service.clockwork.in_thread("sources", _stamp, folders)
    if stamp == service.sources_stamp:
        return
    try:
        sources = await service.clockwork.in_thread("sources", catalogue.load, *folders)
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
    service.sources_stamp = stamp


def _stamp(folders: tuple[Path, ...]) -> int:
    """Changes with the files: reading very many of them every minute would keep a core busy."""
    found = []
    for folder in folders:
        if folder.is_dir():
            for entry in os.scandir(folder):
                about = entry.stat()
                found.append((entry.path, about.st_mtime_ns, about.st_size))
    return hash(tuple(sorted(found)))


async def housekeeping(service: Service) -> None:
    """Let go of what nobody needs any more: old events and pages, old months and dead rows of the search index."""
    before = service.clock() - KEEP_EVENTS
    await asyncio.wrap_future(service.store.writer.submit(lambda conn: prune_events(conn, before)))
    await prune_archive(service)
    await service.clockwork.in_thread("housekeeping", backends.retire, service.index)
    if await service.clockwork.in_thread("housekeeping", service.index.wasteful):
        await service.clockwork.in_thread("housekeeping", service.index.rebuild, partial(follow, service.store))


async def tell_health(service: Service) -> None:
    """Tell Elasticsearch, where it is used, how every outlet does; Kibana draws its *Health* from it."""
    await service.clockwork.in_thread("health", _tell_health, service)


def _tell_health(service: Service) -> None:
    index, now = service.index, service.clock()
    if backend_name(index) == "embedded":
        return
    with service.store.read() as conn:
        status = ledger.status(
            conn,
            now=now,
            searchable=backends.searchable(index)[0],
            position=backends.reached(index),
            backend=backend_name(index),
            rejected_by=follower_name(index),
        )
    backends.tell_health(index, status, service.sources, now)


async def beat(service: Service) -> None:
    """Say that we live: to the file that `marsad healthcheck` reads, and to systemd."""
    details = {
        "started_at": service.started_at.isoformat(timespec="seconds"),
        "jobs": service.clockwork.report(),
        "progress": service.progress.as_dict() if service.progress else {},
    }
    write = partial(heartbeat.write, service.store.folder, service.clock(), service.state, details)
    await service.clockwork.in_thread("heartbeat", write)
    service.notifier.notify("WATCHDOG=1")
    service.notifier.notify(f"STATUS={service.state}")
