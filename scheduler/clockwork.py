"""The service's jobs, run by APScheduler: every run that is missed, skipped or fails is counted, and one that hangs is
cut off."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

from apscheduler.events import (
    EVENT_JOB_ERROR,
    EVENT_JOB_EXECUTED,
    EVENT_JOB_MAX_INSTANCES,
    EVENT_JOB_MISSED,
    EVENT_JOB_SUBMITTED,
    JobEvent,
)
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from scheduler.lanes import Lanes

log = logging.getLogger(__name__)

T = TypeVar("T")

RETRY_AFTER_FAULT: Final = 5.0
# How long a stop waits for what is under way.
DRAIN: Final = 4.0


@dataclass(slots=True)
class JobRecord:
    """What one job has done since the start. `overlaps`: runs left out because the one before still ran; `missed`:
    runs that never began, because the process was stopped or busy, the clock leapt or the pool of jobs failed."""

    runs: int = 0
    failures: int = 0
    missed: int = 0
    overlaps: int = 0
    last_ok_at: str | None = None
    last_error: str | None = None


class SturdyScheduler(AsyncIOScheduler):  # type: ignore[misc]
    """An exception while jobs are looked up would end the loop for good, with `running` still true."""

    def _process_jobs(self) -> float | None:
        try:
            self.mend_clock(datetime.now(UTC))
            return super()._process_jobs()  # type: ignore[no-any-return]
        except Exception:
            log.exception("The scheduler could not look up its jobs; it tries again in %g s", RETRY_AFTER_FAULT)
            return RETRY_AFTER_FAULT

    def mend_clock(self, now: datetime) -> None:
        """Run jobs at once that are due further ahead than they ever should be: the clock was set back."""
        for job in self.get_jobs():
            if job.next_run_time is not None and job.next_run_time - now > 2 * job.trigger.interval:
                log.warning("The clock was set back: job %s was to run next at %s", job.id, job.next_run_time)
                job.modify(next_run_time=now)


class Clockwork:
    """A handful of system jobs, each cut off when it hangs, each counted."""

    def __init__(self) -> None:
        self.records: dict[str, JobRecord] = {}
        self._every: dict[str, timedelta] = {}
        self._last_turn: dict[str, datetime] = {}
        self._running: set[asyncio.Task[Any]] = set()
        self._lanes = Lanes()
        self._scheduler = SturdyScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        turns = EVENT_JOB_SUBMITTED | EVENT_JOB_MAX_INSTANCES
        self._scheduler.add_listener(self._note, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR | EVENT_JOB_MISSED)
        self._scheduler.add_listener(self._note_turn, turns)

    def every(self, seconds: float, name: str, job: Callable[[], Awaitable[object]], *, timeout: float) -> None:
        """Run `job` now and then every `seconds`; one that takes longer than `timeout` seconds is cut off."""

        async def bounded() -> None:
            task = asyncio.current_task()
            assert task is not None
            self._running.add(task)
            try:
                await asyncio.wait_for(job(), timeout)
            finally:
                self._running.discard(task)

        self.records[name] = JobRecord()
        self._every[name] = timedelta(seconds=seconds)
        self._scheduler.add_job(bounded, "interval", seconds=seconds, id=name, next_run_time=datetime.now(UTC))

    async def in_thread(self, lane: str, work: Callable[..., T], *arguments: Any) -> T:
        """Blocking work of a job. Cutting a job off cannot end its thread: raises `Occupied` while that goes on."""
        return await self._lanes.run(lane, work, *arguments)

    def start(self) -> None:
        self._scheduler.start()

    async def stop(self) -> None:
        """Pause first and let running jobs end: a plain shutdown would cancel them half-way."""
        self._scheduler.pause()
        self._scheduler.remove_all_jobs()
        await asyncio.sleep(0)
        if self._running:
            await asyncio.wait(self._running, timeout=DRAIN)
        self._scheduler.shutdown(wait=False)

    def report(self) -> dict[str, dict[str, Any]]:
        return {name: asdict(record) for name, record in self.records.items()}

    def _note(self, event: JobEvent) -> None:
        record = self.records[event.job_id]
        if event.code == EVENT_JOB_EXECUTED:
            record.runs += 1
            record.last_ok_at = datetime.now(UTC).isoformat(timespec="seconds")
        elif event.code == EVENT_JOB_ERROR:
            record.failures += 1
            record.last_error = f"{type(event.exception).__name__}: {event.exception}"[:300]
            log.error("Job %s failed: %s", event.job_id, record.last_error, exc_info=event.exception)
        elif event.code == EVENT_JOB_MISSED:
            record.missed += 1

    def _note_turn(self, event: JobEvent) -> None:
        """Count the turns that APScheduler merged into one run, of which it sends no event."""
        record, turn = self.records[event.job_id], max(event.scheduled_run_times)
        before, self._last_turn[event.job_id] = self._last_turn.get(event.job_id), turn
        if event.code == EVENT_JOB_MAX_INSTANCES:
            record.overlaps += 1
        if before is not None:
            record.missed += max(round((turn - before) / self._every[event.job_id]) - 1, 0)
