"""Metrics of the running service for Prometheus, on 127.0.0.1; the URLs are counted by the SQL of `marsad status`."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from crawler.archive import FOLDER, files
from index import frontier, ledger
from index.backends import backend_name, follower_name, reached
from index.health import last_news
from scheduler.state import Service

log = logging.getLogger(__name__)

ADDRESS: Final = "127.0.0.1"
KEPT_FOR: Final = timedelta(seconds=15)
COUNTED: Final = ("runs", "failures", "missed", "overlaps")


@contextmanager
def offered(service: Service, port: int) -> Iterator[int]:
    """The port in use; 0 switches it off. A port that is taken is no reason not to watch the press."""
    if not port:
        yield 0
        return
    registry = CollectorRegistry()
    registry.register(ServiceCollector(service))
    try:
        server, thread = start_http_server(port, ADDRESS, registry)
    except OSError as error:
        log.warning("No metrics at %s:%d (%s); set metrics.port to another", ADDRESS, port, error.strerror)
        yield 0
        return
    try:
        yield port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class ServiceCollector(Collector):
    """Called in the threads of the HTTP server, however often; the store is read at most once in `KEPT_FOR`."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._lock = Lock()
        self._read_at: datetime | None = None
        self._stored: list[Metric] = []

    def describe(self) -> list[Metric]:
        """Empty, because registering would otherwise call `collect` and read the store."""
        return []

    def collect(self) -> Iterator[Metric]:
        with self._lock:
            now = self._service.clock()
            if self._read_at is None or not timedelta(0) <= now - self._read_at < KEPT_FOR:
                self._stored = [*self._ledger(now), *self._disk()]
                self._read_at = now
            yield from self._stored
        yield from self._state()
        yield from self._jobs()

    def _ledger(self, now: datetime) -> Iterator[Metric]:
        with self._service.store.read() as conn:
            index = self._service.index
            told = ledger.status(
                conn, now=now, position=reached(index), backend=backend_name(index), rejected_by=follower_name(index)
            )
            queue = frontier.remaining(conn, now).ready
            news = last_news(conn)
        yield from _accounts(told["sources"])
        yield _by_source(
            "marsad_source_last_success_timestamp_seconds", "Its last poll that could be read.",
            {row["id"]: datetime.fromisoformat(row["last_success_at"]) for row in told["sources"]
             if row["last_success_at"]},
        )  # fmt: skip
        yield _by_source("marsad_source_last_news_timestamp_seconds", "When it last listed something new.", news)
        yield _gauge("marsad_queue_visits", "Visits that are due now.", queue)
        yield _gauge("marsad_index_pending_documents", "Changes that the search index lacks.", told["index"]["pending"])
        yield _gauge("marsad_index_lag_seconds", "Age of the oldest of them.", told["index"]["lag_seconds"])

    def _disk(self) -> Iterator[Metric]:
        folder, machine = self._service.store.folder, self._service.machine
        archived = sum(file.size for file in files(folder / FOLDER))
        yield _gauge("marsad_archive_bytes", "Size of the raw archive.", archived)
        yield _gauge("marsad_disk_free_bytes", "Free where the data lies.", machine.disk_free(folder))
        yield _gauge("marsad_memory_bytes", "Held by the service and its workers.", machine.memory_used())
        yield _gauge("marsad_memory_ceiling_bytes", "What they may hold.", machine.memory_ceiling())

    def _state(self) -> Iterator[Metric]:
        service = self._service
        state = GaugeMetricFamily("marsad_state", "What the service is at; 1 for the state named.", labels=["state"])
        state.add_metric([service.state], 1)
        yield state
        progress = service.progress
        yield _gauge("marsad_in_flight_visits", "Visits under way.", progress.in_flight if progress else 0)
        fetched = progress.fetched if progress else 0
        yield CounterMetricFamily("marsad_fetched", "Answers since the start.", value=fetched)
        yield _gauge("marsad_started_timestamp_seconds", "Start of the service.", service.started_at.timestamp())

    def _jobs(self) -> Iterator[Metric]:
        report = self._service.clockwork.report()
        for name in COUNTED:
            family = CounterMetricFamily(f"marsad_job_{name}", f"Of each system job: {name}.", labels=["job"])
            for job, record in report.items():
                family.add_metric([job], record[name])
            yield family
        succeeded = GaugeMetricFamily(
            "marsad_job_last_success_timestamp_seconds", "Its last run that did not fail.", labels=["job"]
        )
        for job, record in report.items():
            if record["last_ok_at"]:
                succeeded.add_metric([job], datetime.fromisoformat(record["last_ok_at"]).timestamp())
        yield succeeded


def _accounts(rows: list[dict[str, Any]]) -> Iterator[Metric]:
    """Every URL ever listed is in exactly one of these: stored, pending, or dropped with an outcome."""
    urls = GaugeMetricFamily("marsad_urls", "Listed URLs by what became of them.", labels=["source", "outcome"])
    health = GaugeMetricFamily("marsad_source_health", "1 for the health named.", labels=["source", "health"])
    for row in rows:
        for outcome, count in {"stored": row["stored"], "pending": row["pending"], **row["dropped"]}.items():
            urls.add_metric([row["id"], outcome], count)
        health.add_metric([row["id"], row["health"]], 1)
    return iter((urls, health))


def _by_source(name: str, words: str, moments: dict[str, datetime]) -> Metric:
    family = GaugeMetricFamily(name, words, labels=["source"])
    for source, moment in moments.items():
        family.add_metric([source], moment.timestamp())
    return family


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)
