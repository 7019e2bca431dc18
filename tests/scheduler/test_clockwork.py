import asyncio
from collections.abc import Awaitable, Callable

import pytest

from scheduler.clockwork import RETRY_AFTER_FAULT, Clockwork, SturdyScheduler


def run(job: Callable[[], Awaitable[None]], *, every: float, timeout: float, seconds: float) -> Clockwork:
    async def main() -> Clockwork:
        clockwork = Clockwork()
        clockwork.every(every, "job", job, timeout=timeout)
        clockwork.start()
        await asyncio.sleep(seconds)
        await clockwork.stop()
        return clockwork

    return asyncio.run(main())


def test_a_job_runs_at_once_and_again_and_is_counted() -> None:
    async def job() -> None: ...

    record = run(job, every=0.1, timeout=1, seconds=0.55).records["job"]
    assert record.runs >= 3
    assert record.last_ok_at


def test_a_job_that_fails_is_counted_and_runs_again() -> None:
    async def job() -> None:
        raise RuntimeError("the disk is full")

    record = run(job, every=0.1, timeout=1, seconds=0.35).records["job"]
    assert record.failures >= 2
    assert record.last_error == "RuntimeError: the disk is full"
    assert record.last_ok_at is None


def test_a_job_that_hangs_is_cut_off() -> None:
    async def job() -> None:
        await asyncio.sleep(60)

    record = run(job, every=10, timeout=0.1, seconds=0.4).records["job"]
    assert record.failures == 1
    assert "TimeoutError" in (record.last_error or "")


def test_a_job_that_is_still_running_is_not_started_twice_and_that_is_counted() -> None:
    running: list[int] = []

    async def job() -> None:
        running.append(1)
        await asyncio.sleep(0.5)

    record = run(job, every=0.1, timeout=5, seconds=0.45).records["job"]
    assert len(running) == 1
    assert record.overlaps >= 2


def test_a_fault_in_looking_up_jobs_does_not_end_the_scheduler(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from apscheduler.schedulers.base import BaseScheduler

    def broken(self: BaseScheduler) -> None:
        raise RuntimeError("the store is gone")

    scheduler = SturdyScheduler()
    monkeypatch.setattr(BaseScheduler, "_process_jobs", broken)
    assert scheduler._process_jobs() == RETRY_AFTER_FAULT
    assert "tries again" in caplog.text
