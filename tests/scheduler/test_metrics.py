"""What Prometheus is told, over a real socket."""

import socket
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from index import frontier
from index.database import urls
from news.documents import Endpoint, EndpointKind, Source
from scheduler.clockwork import JobRecord
from scheduler.metrics import ServiceCollector, offered
from scheduler.state import Service
from tests.scheduler.conftest import Turned

Value = Callable[..., float | None]

FEED = Endpoint(kind=EndpointKind.FEED, url="https://www.example.com/rss.xml")
SOURCE = Source(id="akhbar", name="أخبار", homepage="https://www.example.com/", endpoints=(FEED,))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def scraped(port: int) -> Value:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/metrics")
    body = connection.getresponse().read().decode()
    connection.close()
    samples: dict[tuple[str, Any], float] = {}
    for family in text_string_to_metric_families(body):
        for sample in family.samples:
            samples[sample.name, frozenset(sample.labels.items())] = sample.value
    return lambda name, **labels: samples.get((name, frozenset(labels.items())))


@pytest.fixture
def watched(service: Service, turned: Turned) -> Service:
    service.store.writer.submit(lambda conn: frontier.sync_sources(conn, [SOURCE], turned.now)).result()
    list_url(service, "/news/1", None)
    list_url(service, "/news/2", "not_article")
    return service


def list_url(service: Service, path: str, outcome: str | None) -> None:
    now = service.clock()
    row = {
        "url": SOURCE.homepage + path, "source": "akhbar", "site": "example.com", "outcome": outcome, "hop": 0,
        "found_kind": "feed", "first_listed_at": now, "priority_at": now,
    }  # fmt: skip
    service.store.writer.submit(lambda conn: conn.execute(urls.insert().values(row))).result()


def test_the_ledger_the_health_and_the_jobs_are_told(watched: Service) -> None:
    with offered(watched, free_port()) as port:
        value = scraped(port)
    assert value("marsad_urls", source="akhbar", outcome="pending") == 1
    assert value("marsad_urls", source="akhbar", outcome="not_article") == 1
    assert value("marsad_source_health", source="akhbar", health="ok") == 1
    assert value("marsad_queue_visits") == 1
    assert value("marsad_index_lag_seconds") == 0
    assert value("marsad_state", state="starting") == 1
    assert value("marsad_memory_ceiling_bytes") == 1000


def test_the_store_is_read_every_fifteen_seconds_at_most(watched: Service, turned: Turned) -> None:
    with offered(watched, free_port()) as port:
        scraped(port)
        list_url(watched, "/news/3", None)
        assert scraped(port)("marsad_urls", source="akhbar", outcome="pending") == 1
        turned.later(seconds=16)
        assert scraped(port)("marsad_urls", source="akhbar", outcome="pending") == 2
        turned.later(days=-1)
        list_url(watched, "/news/4", None)
        assert scraped(port)("marsad_urls", source="akhbar", outcome="pending") == 3, "a clock set back is no reason"


def test_the_handbook_names_every_metric(watched: Service) -> None:
    watched.clockwork.records["tick"] = JobRecord(runs=1, last_ok_at="2026-11-23T09:00:00+00:00")
    handbook = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    names = {metric.name for metric in ServiceCollector(watched).collect()}
    assert len(names) > 15
    assert {name for name in names if name not in handbook} == set()


def test_only_this_machine_is_told(watched: Service) -> None:
    with offered(watched, free_port()) as port, pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", port), timeout=5)


def test_a_port_that_is_taken_stops_nothing(watched: Service, caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with offered(watched, taken.getsockname()[1]) as port:
            assert port == 0
    assert "set metrics.port to another" in caplog.text


def test_port_0_switches_them_off(watched: Service) -> None:
    with offered(watched, 0) as port:
        assert port == 0
