"""Nothing that the system jobs miss, skip or fail at goes uncounted, and nothing stops them."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import pytest
from apscheduler.executors.base import BaseExecutor
from apscheduler.schedulers.base import BaseScheduler

from scheduler.clockwork import RETRY_AFTER_FAULT, Clockwork, SturdyScheduler

Job = Callable[[], Awaitable[object]]
CAIRO_SPRINGS_FORWARD = datetime(2026, 4, 23, 21, 59, 58, tzinfo=UTC)


async def nothing() -> None: ...


def run(job: Job, *, every: float, timeout: float, until: Callable[[Clockwork], bool]) -> Clockwork:
    """A clockwork of one job, stopped as soon as `until` holds."""

    async def main() -> Clockwork:
        clockwork = Clockwork()
        clockwork.every(every, "job", job, timeout=timeout)
        clockwork.start()
        async with asyncio.timeout(20):
            while not until(clockwork):
                await asyncio.sleep(0.01)
        await clockwork.stop()
        return clockwork

    return asyncio.run(main())


def done(name: str, count: int) -> Callable[[Clockwork], bool]:
    return lambda clockwork: getattr(clockwork.records["job"], name) >= count


def test_a_job_runs_at_once_and_again_and_is_counted() -> None:
    record = run(nothing, every=0.05, timeout=1, until=done("runs", 3)).records["job"]
    assert record.last_ok_at
    assert (record.failures, record.overlaps) == (0, 0)


def test_a_job_that_fails_is_counted_and_runs_again() -> None:
    async def job() -> None:
        raise RuntimeError("the disk is full")

    record = run(job, every=0.05, timeout=1, until=done("failures", 2)).records["job"]
    assert record.last_error == "RuntimeError: the disk is full"
    assert record.last_ok_at is None


def test_a_job_that_hangs_is_cut_off() -> None:
    ended = []

    async def job() -> None:
        try:
            await asyncio.sleep(600)
        finally:
            ended.append("cut off")

    record = run(job, every=600, timeout=0.05, until=done("failures", 1)).records["job"]
    assert ended == ["cut off"]
    assert "TimeoutError" in (record.last_error or "")


def test_blocking_work_that_hangs_is_not_started_again_beside_itself_and_holds_up_nobody() -> None:
    release = Event()
    began: list[int] = []

    def work() -> None:
        began.append(1)
        release.wait(20)

    async def main() -> dict[str, Any]:
        clockwork = Clockwork()
        clockwork.every(0.05, "job", lambda: clockwork.in_thread("stuck", work), timeout=0.05)
        clockwork.every(0.05, "other", lambda: clockwork.in_thread("other", began.count, 1), timeout=1)
        clockwork.start()
        async with asyncio.timeout(20):
            while clockwork.records["job"].failures < 4 or clockwork.records["other"].runs < 4:
                await asyncio.sleep(0.01)
        release.set()
        await clockwork.stop()
        return clockwork.report()

    report = asyncio.run(main())
    assert len(began) == 1
    assert report["job"]["last_error"] == "Occupied: stuck: the run before was cut off, but is still at work"
    assert report["other"]["failures"] == 0


def test_a_job_that_is_still_running_is_not_started_twice_and_that_is_counted() -> None:
    running: list[int] = []
    release = asyncio.Event()

    async def job() -> None:
        running.append(1)
        await release.wait()

    def overlapped(clockwork: Clockwork) -> bool:
        if clockwork.records["job"].overlaps >= 2:
            release.set()
        return release.is_set()

    record = run(job, every=0.05, timeout=20, until=overlapped).records["job"]
    assert len(running) == 1
    assert record.missed == 0, "they are counted as overlaps"


def test_turns_that_passed_while_the_process_stood_still_are_counted_as_missed() -> None:
    stood: list[int] = []

    async def job() -> None:
        if not stood:
            stood.append(1)
            time.sleep(0.55)

    record = run(job, every=0.1, timeout=20, until=done("runs", 3)).records["job"]
    assert record.missed >= 3


def test_a_stop_waits_for_what_is_under_way() -> None:
    ended = []

    async def job() -> None:
        await asyncio.sleep(0.2)
        ended.append("by itself")

    async def main() -> None:
        clockwork = Clockwork()
        clockwork.every(600, "job", job, timeout=20)
        clockwork.start()
        await asyncio.sleep(0.05)
        await clockwork.stop()

    asyncio.run(main())
    assert ended == ["by itself"]


def test_a_pool_that_takes_no_jobs_for_a_while_is_survived_and_the_turns_are_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    submit = BaseExecutor.submit_job
    ran: list[int] = []
    refused: list[int] = []

    def failing(self: BaseExecutor, *arguments: object) -> None:
        if ran and len(refused) < 3:
            refused.append(1)
            raise RuntimeError("cannot schedule new futures")
        submit(self, *arguments)

    async def job() -> None:
        ran.append(1)

    monkeypatch.setattr(BaseExecutor, "submit_job", failing)
    record = run(job, every=0.05, timeout=1, until=done("runs", 3)).records["job"]
    assert len(refused) == 3
    assert record.missed >= 3


def test_a_fault_in_looking_up_jobs_does_not_end_the_scheduler(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(self: BaseScheduler) -> None:
        raise RuntimeError("the store is gone")

    scheduler = SturdyScheduler()
    monkeypatch.setattr(BaseScheduler, "_process_jobs", broken)
    assert scheduler._process_jobs() == RETRY_AFTER_FAULT
    assert "tries again" in caplog.text


def test_a_clock_that_was_set_back_makes_no_job_wait_until_it_has_caught_up(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> tuple[datetime, datetime, datetime]:
        clockwork = Clockwork()
        clockwork.every(5, "job", nothing, timeout=1)
        clockwork.every(3600, "rare", nothing, timeout=1)
        scheduler = clockwork._scheduler
        scheduler.start(paused=True)
        now = datetime.now(UTC) - timedelta(minutes=50)
        rare = scheduler.get_job("rare").next_run_time
        scheduler.mend_clock(now)
        following = scheduler.get_job("job").next_run_time, scheduler.get_job("rare").next_run_time
        scheduler.shutdown(wait=False)
        assert following[1] == rare, "within its interval it may wait"
        return now, *following

    now, next_run, _ = asyncio.run(main())
    assert next_run == now
    assert "set back" in caplog.text


@pytest.fixture
def in_cairo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Where clocks leap from midnight to one o'clock in April."""
    monkeypatch.setenv("TZ", "Africa/Cairo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("in_cairo")
def test_summer_time_neither_skips_nor_doubles_a_turn() -> None:
    async def main() -> list[datetime]:
        clockwork = Clockwork()
        clockwork.every(5, "job", nothing, timeout=1)
        clockwork._scheduler.start(paused=True)
        trigger = clockwork._scheduler.get_job("job").trigger
        turns = [CAIRO_SPRINGS_FORWARD.astimezone()]
        assert turns[0].utcoffset() == timedelta(hours=2)
        while len(turns) < 3:
            turns.append(trigger.get_next_fire_time(turns[-1], turns[-1]))
        clockwork._scheduler.shutdown(wait=False)
        return turns

    turns = asyncio.run(main())
    assert turns[-1].astimezone().utcoffset() == timedelta(hours=3)
    assert [(after.astimezone(UTC) - turns[0].astimezone(UTC)).total_seconds() for after in turns] == [0, 5, 10]
