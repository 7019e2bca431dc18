"""APScheduler, made to be watched: nothing that it misses, skips or fails at goes uncounted."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final

from apscheduler.events import (
    EVENT_JOB_ERROR,
    EVENT_JOB_EXECUTED,
    EVENT_JOB_MAX_INSTANCES,
    EVENT_JOB_MISSED,
    JobEvent,
)
from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = logging.getLogger(__name__)

RETRY_AFTER_FAULT: Final = 5.0


@dataclass(slots=True)
class JobRecord:
    """What one job has done since the start. `overlaps`: runs left out because the one before still ran."""

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
            return super()._process_jobs()  # type: ignore[no-any-return]
        except Exception:
            log.exception("The scheduler could not look up its jobs; it tries again in %g s", RETRY_AFTER_FAULT)
            return RETRY_AFTER_FAULT


class Clockwork:
    """A handful of system jobs, each cut off when it hangs, each counted."""

    def __init__(self) -> None:
        self.records: dict[str, JobRecord] = {}
        self._scheduler = SturdyScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._scheduler.add_listener(
            self._note, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES
        )

    def every(self, seconds: float, name: str, job: Callable[[], Awaitable[None]], *, timeout: float) -> None:
        """Run `job` now and then every `seconds`; one that takes longer than `timeout` seconds is cut off."""

        async def bounded() -> None:
            await asyncio.wait_for(job(), timeout)

        self.records[name] = JobRecord()
        self._scheduler.add_job(bounded, "interval", seconds=seconds, id=name, next_run_time=datetime.now(UTC))

    def start(self) -> None:
        self._scheduler.start()

    async def stop(self) -> None:
        """Pause first and let running jobs end: a plain shutdown would cancel them half-way."""
        self._scheduler.pause()
        self._scheduler.remove_all_jobs()
        await asyncio.sleep(0)
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
        elif event.code == EVENT_JOB_MAX_INSTANCES:
            record.overlaps += 1
