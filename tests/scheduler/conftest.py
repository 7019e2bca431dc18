"""A service as its jobs see it: a real store and index, a clock and a machine that a test can turn."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.engine import Gate
from index.embedded import EmbeddedIndex
from index.store import Store
from marsad.config import Archive
from scheduler.clockwork import Clockwork
from scheduler.state import Machine, Service


@dataclass
class Turned(Machine):
    """What a test turns: bytes free on the disk, memory in use of 1,000 bytes, the time."""

    free: int = 10 * 2**30
    used: int = 100
    now: datetime = field(default_factory=lambda: datetime(2026, 11, 23, 9, tzinfo=UTC))

    def disk_free(self, folder: Path) -> int:
        return self.free

    def memory_used(self) -> int:
        return self.used

    def memory_ceiling(self) -> int:
        return 1000

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def turned() -> Turned:
    return Turned()


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """Where the service's notifications arrive."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        yield listening


@pytest.fixture
def service(turned: Turned, systemd: socket.socket, tmp_path: Path) -> Iterator[Service]:
    with Store.open(tmp_path / "data") as store, EmbeddedIndex.open(tmp_path / "data" / "search.db") as index:
        made = Service(
            store=store,
            index=index,
            sources={},
            catalogue=tmp_path,
            user_sources=tmp_path,
            gate=Gate(),
            clockwork=Clockwork(),
            started_at=turned.now,
            archive=Archive(days=30, max_gb=1),
            machine=turned,
            clock=lambda: turned.now,
        )
        yield made
        made.notifier.socket.close()
