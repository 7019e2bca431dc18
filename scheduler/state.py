"""What the jobs of the service share, and what they may ask of the machine."""

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import sdnotify

from crawler.engine import Gate, Progress
from index.backends import SearchIndex
from index.store import Store
from marsad import memory
from marsad.config import Archive as ArchiveBounds
from news.documents import Source
from scheduler.clockwork import Clockwork


class Machine:
    """What we run on, in bytes."""

    def disk_free(self, folder: Path) -> int:
        return shutil.disk_usage(folder).free

    def memory_used(self) -> int:
        return memory.used()

    def memory_ceiling(self) -> int:
        return memory.ceiling()


def utcnow() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Service:
    """What the jobs share. `stop` ends the crawl; `progress` is its latest report of itself."""

    store: Store
    index: SearchIndex
    sources: dict[str, Source]
    catalogue: Path
    user_sources: Path
    gate: Gate
    clockwork: Clockwork
    started_at: datetime
    archive: ArchiveBounds = field(default_factory=ArchiveBounds)
    machine: Machine = field(default_factory=Machine)
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    given_up: bool = False
    memory_high_since: datetime | None = None
    progress: Progress | None = None
    ticked_at: datetime | None = None
    sources_stamp: int | None = None
    notifier: sdnotify.SystemdNotifier = field(default_factory=sdnotify.SystemdNotifier)
    clock: Callable[[], datetime] = utcnow

    @property
    def state(self) -> str:
        return self.gate.closed or (self.progress.state if self.progress else "starting")

    def give_up(self) -> None:
        """End in order, as on SIGTERM, but with a status that makes the supervisor start us anew."""
        self.given_up = True
        self.stop.set()
