"""The jobs of the service over a real store: clocks that are set back, source files that change."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from index import frontier
from index.database import endpoints, sites, urls
from index.store import Store
from marsad.cli import cli
from news.documents import Endpoint, EndpointKind, Source
from scheduler import heartbeat
from scheduler.jobs import beat, reload_sources, tick
from scheduler.state import Service
from tests.scheduler.conftest import Turned

FEED = Endpoint(kind=EndpointKind.FEED, url="https://www.example.com/rss.xml")
SOURCE = Source(id="akhbar", name="أخبار", homepage="https://www.example.com/", endpoints=(FEED,))
FILE = 'id = "akhbar"\nname = "أخبار"\nhomepage = "https://www.example.com/"\nfeeds = ["https://www.example.com/rss.xml"]\n'


@pytest.fixture
def polled(service: Service, turned: Turned) -> Service:
    """Its one endpoint was just polled, and is to be polled again in a quarter of an hour."""
    write = service.store.writer.submit
    write(lambda conn: frontier.sync_sources(conn, [SOURCE], turned.now)).result()
    asyncio.run(tick(service))
    write(lambda conn: conn.execute(update(endpoints).values(visit_at=None, last_fetch_at=turned.now))).result()
    return service


def wanted(service: Service) -> bool:
    with service.store.read() as conn:
        return conn.execute(select(endpoints.c.visit_at)).scalar_one() is not None


def test_an_endpoint_is_asked_for_when_its_time_has_come(polled: Service, turned: Turned) -> None:
    turned.later(minutes=14)
    asyncio.run(tick(polled))
    assert not wanted(polled)
    turned.later(minutes=1)
    asyncio.run(tick(polled))
    assert wanted(polled)


@pytest.mark.parametrize("back", [{"hours": -2}, {"days": -1500}])
def test_after_the_clock_was_set_back_nobody_waits_until_it_has_caught_up(
    polled: Service, turned: Turned, back: dict[str, float], caplog: pytest.LogCaptureFixture
) -> None:
    turned.later(**back)
    asyncio.run(tick(polled))
    assert wanted(polled)
    assert "The clock was set back" in caplog.text


def test_what_was_to_wait_for_years_by_a_wrong_clock_waits_no_longer_than_we_would_have_set(
    polled: Service, turned: Turned
) -> None:
    row = {
        "url": "https://www.example.com/news/1", "source": "akhbar", "site": "example.com", "hop": 0,
        "found_kind": "feed", "first_listed_at": turned.now, "priority_at": turned.now, "next_visit_at": turned.now,
    }  # fmt: skip
    write = polled.store.writer.submit
    write(lambda conn: conn.execute(urls.insert().values(row))).result()
    write(lambda conn: conn.execute(update(sites).values(next_ok_at=turned.now, backoff_until=turned.now))).result()
    turned.later(days=-900)
    asyncio.run(tick(polled))
    with polled.store.read() as conn:
        left = frontier.remaining(conn, turned.now)
    assert left.ready == 2
    assert left.next_at is not None and (left.next_at - turned.now).total_seconds() <= 3600


def test_a_clock_that_wanders_by_seconds_is_no_step(polled: Service, turned: Turned) -> None:
    turned.later(seconds=-20)
    asyncio.run(tick(polled))
    assert not wanted(polled)


def test_a_leap_forward_asks_once(polled: Service, turned: Turned) -> None:
    turned.later(days=3)
    asyncio.run(tick(polled))
    with polled.store.read() as conn:
        row = conn.execute(select(endpoints)).one()
    assert row.visit_at == turned.now
    assert row.next_fetch_at == turned.now + row.interval


def test_a_heartbeat_of_the_future_is_no_sign_of_life(service: Service, turned: Turned) -> None:
    asyncio.run(beat(service))
    turned.later(days=-1)
    assert not heartbeat.read(service.store.folder, turned.now).alive


def test_sources_are_taken_up_when_their_files_change_and_only_then(service: Service, tmp_path: Path) -> None:
    service.catalogue = service.user_sources = tmp_path / "sources"
    service.catalogue.mkdir()
    file = service.catalogue / "akhbar.toml"
    file.write_text(FILE, encoding="utf-8")
    asyncio.run(reload_sources(service))
    assert list(service.sources) == ["akhbar"]
    service.sources.clear()
    asyncio.run(reload_sources(service))
    assert list(service.sources) == [], "not read again"
    file.write_text(FILE + "delay = 9\n", encoding="utf-8")
    asyncio.run(reload_sources(service))
    assert service.sources["akhbar"].delay == 9


def test_status_names_the_jobs_that_are_in_trouble_and_no_others(tmp_path: Path) -> None:
    fine = {"runs": 9, "failures": 0, "missed": 0, "overlaps": 0, "last_error": None}
    jobs = {"tick": fine, "index": {**fine, "failures": 2, "missed": 1, "last_error": "OSError: no space left"}}
    with Store.open(tmp_path / "data"):
        heartbeat.write(tmp_path / "data", datetime.now(UTC), "idle", {"jobs": jobs})
    result = CliRunner().invoke(cli, ["--data", str(tmp_path / "data"), "status"])
    assert result.exit_code == 0, result.output
    assert "job index: 2 failures, 1 missed; last error: OSError: no space left" in result.output
    assert "job tick" not in result.output


def test_a_mistake_in_a_source_file_is_told_again_until_it_is_mended(
    service: Service, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    service.catalogue = service.user_sources = tmp_path / "sources"
    service.catalogue.mkdir()
    (service.catalogue / "akhbar.toml").write_text("id = ", encoding="utf-8")
    asyncio.run(reload_sources(service))
    asyncio.run(reload_sources(service))
    assert caplog.text.count("The sources are kept as they were") == 2
