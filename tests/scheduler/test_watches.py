"""Pausing before disk or memory runs out, and going on when there is room."""

import asyncio
import socket
from datetime import date, timedelta
from pathlib import Path

import pytest

from scheduler import heartbeat
from scheduler.jobs import beat
from scheduler.state import Service
from scheduler.watches import DRAINED_AFTER, ENOUGH_DISK, LOW_DISK, prune_archive, watch_disk, watch_memory
from tests.scheduler.conftest import Turned


def archived(service: Service, *days: date, size: int = 1000) -> Path:
    folder = service.store.folder / "archive"
    folder.mkdir(exist_ok=True)
    for day in days:
        (folder / f"{day}-0a1b2c3d.warc.gz").write_bytes(b"x" * size)
    return folder


def names(folder: Path) -> list[str]:
    return sorted(file.name[:10] for file in folder.glob("*.warc.gz"))


def test_the_crawl_pauses_on_a_nearly_full_disk_and_goes_on_by_itself(service: Service, turned: Turned) -> None:
    turned.free = LOW_DISK - 1
    asyncio.run(watch_disk(service))
    assert service.state == "disk_low"
    turned.free = ENOUGH_DISK - 1
    asyncio.run(watch_disk(service))
    assert service.gate.closed, "not at the first free byte"
    turned.free = ENOUGH_DISK + 1
    asyncio.run(watch_disk(service))
    assert service.gate.closed is None


def test_archived_pages_make_room_before_the_crawl_pauses(
    service: Service, turned: Turned, caplog: pytest.LogCaptureFixture
) -> None:
    today = turned.now.date()
    folder = archived(service, today - timedelta(days=2), today)

    class Freed(Turned):
        def disk_free(self, _: Path) -> int:
            return LOW_DISK - 1 + (2 * 2**20 if len(names(folder)) < 2 else 0)

    service.machine = Freed()
    asyncio.run(watch_disk(service))
    assert service.gate.closed is None
    assert str(today - timedelta(days=2)) not in names(folder)
    assert "archived pages were deleted" in caplog.text


def test_old_pages_are_pruned_by_age_and_size(service: Service, turned: Turned) -> None:
    today = turned.now.date()
    folder = archived(service, today - timedelta(days=31), today - timedelta(days=30), today)
    asyncio.run(prune_archive(service))
    assert names(folder) == [str(today - timedelta(days=30)), str(today)]


def test_an_archive_that_was_switched_off_is_emptied(service: Service, turned: Turned) -> None:
    folder = archived(service, turned.now.date())
    service.archive = service.archive.model_copy(update={"days": 0})
    asyncio.run(prune_archive(service))
    assert names(folder) == []


def test_the_crawl_pauses_on_high_memory_and_goes_on_when_it_comes_down(service: Service, turned: Turned) -> None:
    turned.used = 790
    asyncio.run(watch_memory(service))
    assert service.gate.closed is None
    turned.used = 810
    asyncio.run(watch_memory(service))
    assert service.state == "memory_high"
    turned.used = 710
    asyncio.run(watch_memory(service))
    assert service.state == "memory_high"
    turned.used = 690
    asyncio.run(watch_memory(service))
    assert service.gate.closed is None
    assert not service.stop.is_set()


def test_memory_that_stays_high_with_nothing_under_way_ends_the_service_to_be_started_anew(
    service: Service, turned: Turned
) -> None:
    turned.used = 900
    asyncio.run(watch_memory(service))
    turned.later(seconds=DRAINED_AFTER.total_seconds() - 1)
    asyncio.run(watch_memory(service))
    assert not service.stop.is_set()
    turned.later(seconds=1)
    asyncio.run(watch_memory(service))
    assert service.stop.is_set() and service.given_up


def test_memory_and_disk_open_only_what_they_closed_themselves(service: Service, turned: Turned) -> None:
    turned.used = 900
    asyncio.run(watch_memory(service))
    asyncio.run(watch_disk(service))
    assert service.state == "memory_high"
    turned.used, turned.free = 100, LOW_DISK - 1
    asyncio.run(watch_memory(service))
    asyncio.run(watch_disk(service))
    asyncio.run(watch_memory(service))
    assert service.state == "disk_low"


def test_a_heartbeat_says_what_the_service_is_at_to_the_file_and_to_systemd(
    service: Service, turned: Turned, systemd: socket.socket
) -> None:
    turned.used = 900
    asyncio.run(watch_memory(service))
    asyncio.run(beat(service))
    assert heartbeat.read(service.store.folder, turned.now).state == "memory_high"
    assert {systemd.recv(100), systemd.recv(100)} == {b"WATCHDOG=1", b"STATUS=memory_high"}
