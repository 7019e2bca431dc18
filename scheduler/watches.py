"""Disk and memory: the crawl pauses before either runs out, and goes on by itself when there is room again."""

import logging
from datetime import timedelta
from typing import Final

from crawler.archive import FOLDER, make_room, prune
from scheduler.state import Service

log = logging.getLogger(__name__)

# Bytes free. With less, the write-ahead log of a busy hour could fill the disk.
LOW_DISK: Final = 500 * 2**20
ENOUGH_DISK: Final = 700 * 2**20
DISK_LOW: Final = "disk_low"

# Shares of the memory we may use.
HIGH_MEMORY: Final = 0.8
ENOUGH_MEMORY: Final = 0.7
MEMORY_HIGH: Final = "memory_high"
# By then all that was under way is over; memory that is still held is only released by a restart.
DRAINED_AFTER: Final = timedelta(seconds=90)


async def watch_disk(service: Service) -> None:
    """The oldest archived pages make room first; the crawl pauses when there are none left."""
    folder, machine = service.store.folder, service.machine
    free = machine.disk_free(folder)
    if free < LOW_DISK:
        freed = await service.clockwork.in_thread("disk", make_room, folder / FOLDER, ENOUGH_DISK - free)
        if freed:
            log.warning("Only %d MB are free: %d MB of archived pages were deleted", free >> 20, freed >> 20)
        free = machine.disk_free(folder)
    if free < LOW_DISK and not service.gate.closed:
        service.gate.close(DISK_LOW)
        log.error("Only %d MB are free: crawling pauses until %d MB are", free >> 20, ENOUGH_DISK >> 20)
    elif free > ENOUGH_DISK and service.gate.closed == DISK_LOW:
        service.gate.open()
        log.info("There is room on the disk again: crawling goes on")


async def watch_memory(service: Service) -> None:
    """High memory pauses the crawl. Where it stays high with nothing under way, the service ends to be started anew."""
    used = await service.clockwork.in_thread("memory", service.machine.memory_used)
    ceiling = service.machine.memory_ceiling()
    share, now = used / ceiling, service.clock()
    if service.gate.closed == MEMORY_HIGH:
        if share < ENOUGH_MEMORY:
            service.gate.open()
            log.info("Memory is at %.0f %%: crawling goes on", share * 100)
        elif service.memory_high_since is not None and now - service.memory_high_since >= DRAINED_AFTER:
            log.error("Memory stays at %.0f %% with nothing under way: leaving to be started anew", share * 100)
            service.give_up()
    elif share > HIGH_MEMORY and not service.gate.closed:
        service.gate.close(MEMORY_HIGH)
        service.memory_high_since = now
        log.warning("Memory is at %.0f %% of %d MB: crawling pauses", share * 100, ceiling >> 20)


async def prune_archive(service: Service) -> None:
    folder = service.store.folder / FOLDER
    bounds = service.archive
    most = bounds.max_gb * 1e9 if bounds.days else 0
    freed = await service.clockwork.in_thread("archive", prune, folder, service.clock().date(), bounds.days, most)
    if freed:
        log.info("Archived pages: %d MB deleted", freed >> 20)
