"""Feeds that misbehave, over a real socket: what is in them is listed, what is not is said, and they may come back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from index.database import endpoints
from index.store import Store
from marsad.config import Settings
from tests.conftest import SettingsFor
from tests.crawler.passes import crawl_pass, outcomes
from tests.site import Outlet, World
from tests.site.behaviours import conditional, empty, fail_then_ok, failing, gone, html_instead_of_feed, redirect, text
from tests.site.exchange import Answer, Behaviour, Exchange
from tests.site.outlet import FEED

# Whole crawls over sockets, one after the other.
pytestmark = pytest.mark.slow

XML = "application/rss+xml"


@pytest.fixture
def outlet(world: World) -> Outlet:
    outlet = world.outlet(endpoints=("feed",))
    outlet.hops = 0
    outlet.fill(3)
    return outlet


def feed_of(outlet: Outlet) -> str:
    return outlet.answer(FEED).body.decode()


def of_bytes(body: bytes, type: str = XML) -> Behaviour:
    async def behave(exchange: Exchange) -> None:
        await exchange.send(Answer(body=body, type=type))

    return behave


def row(settings: Settings) -> Any:
    """The only feed's row."""
    with Store.open(settings.data, readonly=True) as store, store.read() as conn:
        return conn.execute(select(endpoints)).one()


def change(settings: Settings, **values: Any) -> None:
    def operation(conn: Connection) -> None:
        conn.execute(update(endpoints).values(**values))

    with Store.open(settings.data) as store:
        store.writer.submit(operation).result()


def with_one_bad_byte(outlet: Outlet) -> Behaviour:
    body = feed_of(outlet).encode()
    return of_bytes(body.replace(b"</title>", b"\xff</title>", 1))


def undeclared_windows_1256(outlet: Outlet) -> Behaviour:
    said = feed_of(outlet).replace(' encoding="utf-8"', "")
    return of_bytes(said.encode("windows-1256", "xmlcharrefreplace"))


def wrongly_declared(outlet: Outlet) -> Behaviour:
    return of_bytes(feed_of(outlet).encode(), f"{XML}; charset=iso-8859-1")


def served_as_text(outlet: Outlet) -> Behaviour:
    return of_bytes(feed_of(outlet).encode(), "text/plain")


def one_guid_for_all(outlet: Outlet) -> Behaviour:
    said = feed_of(outlet)
    for one in outlet.articles:
        said = said.replace(f'<guid isPermaLink="true">{one.url}</guid>', "<guid>1</guid>")
    return text(said, XML)


def relative_links(outlet: Outlet) -> Behaviour:
    return text(feed_of(outlet).replace(f"<link>{outlet.origin}/news", "<link>/news"), XML)


def after_blank_lines(outlet: Outlet) -> Behaviour:
    return text("\n\n<!-- cached -->\n" + feed_of(outlet), XML)


@pytest.mark.parametrize(
    "make",
    [
        with_one_bad_byte, undeclared_windows_1256, wrongly_declared, served_as_text, one_guid_for_all, relative_links,
        after_blank_lines,
    ],
)  # fmt: skip
def test_a_feed_with_a_flaw_lists_all_it_holds_under_titles_in_arabic(
    outlet: Outlet, world: World, settings_for: SettingsFor, tmp_path: Path, make: Callable[[Outlet], Behaviour]
) -> None:
    outlet.behave(FEED, make(outlet))
    settings = settings_for(world, tmp_path)
    report = crawl_pass(settings)
    wanted = {one.url for one in outlet.articles if one.via}
    assert {url for url, outcome in outcomes(settings).items() if outcome == "stored"} == wanted
    assert (report.listed, report.failures) == (3, 0)
    assert row(settings).failures == 0


def test_a_truncated_feed_lists_what_came_through(
    outlet: Outlet, world: World, settings_for: SettingsFor, tmp_path: Path
) -> None:
    said = feed_of(outlet)
    outlet.behave(FEED, text(said[: said.rindex("<description>")], XML))
    settings = settings_for(world, tmp_path)
    assert crawl_pass(settings).listed == 2


@pytest.mark.parametrize("behaviour", [html_instead_of_feed, text("\u0639\u0630\u0631\u0627", "text/plain")])
def test_what_is_no_feed_counts_as_a_failure_with_its_reason_and_is_asked_for_less(
    outlet: Outlet, world: World, settings_for: SettingsFor, tmp_path: Path, behaviour: Behaviour
) -> None:
    outlet.behave(FEED, behaviour)
    settings = settings_for(world, tmp_path)
    crawl_pass(settings)
    first = row(settings)
    assert first.failures == 1 and first.reason
    crawl_pass(settings)
    second = row(settings)
    assert second.failures == 2
    assert second.next_fetch_at - second.last_fetch_at > first.next_fetch_at - first.last_fetch_at


@pytest.mark.parametrize("behaviour", [empty, text("<rss><channel><item>", XML)])
def test_a_feed_without_entries_lists_nothing_and_is_read_when_it_has_some(
    outlet: Outlet, world: World, settings_for: SettingsFor, tmp_path: Path, behaviour: Behaviour
) -> None:
    outlet.behave(FEED, behaviour)
    settings = settings_for(world, tmp_path)
    assert crawl_pass(settings).listed == 0
    outlet.behave(FEED, conditional)
    assert crawl_pass(settings).listed == 3


@pytest.mark.slow
def test_an_attribute_bomb_costs_its_deadline_at_most_and_other_sites_nothing(
    outlet: Outlet, world: World, settings_for: SettingsFor, tmp_path: Path
) -> None:
    attributes = " ".join(f'a{number}="1"' for number in range(40_000))
    bomb = f"<rss version='2.0'><channel><title {attributes}>x</title></channel></rss>"
    outlet.behave(FEED, text(bomb, XML))
    world.outlet(articles=2)
    settings = settings_for(world, tmp_path)
    report = crawl_pass(settings)
    assert report.new >= 2


def test_a_server_that_says_304_for_ever_is_found_out(
    outlet: Outlet, world: World, settings_for: SettingsFor, tmp_path: Path
) -> None:
    async def liar(exchange: Exchange) -> None:
        answer = exchange.usual().plus(ETag='"for-ever"')
        await exchange.send(Answer(status=304) if exchange.seen.conditional else answer)

    outlet.behave(FEED, liar)
    settings = settings_for(world, tmp_path)
    crawl_pass(settings)
    outlet.add()
    assert crawl_pass(settings).listed == 0
    change(settings, last_full_at=datetime.now(UTC) - timedelta(hours=7))
    assert crawl_pass(settings).listed == 1
    outlet.add()
    assert crawl_pass(settings).listed == 1, "its validators are not believed any more"


def test_a_feed_moved_for_good_is_asked_for_at_its_new_address_after_three_times_over_a_day(
    outlet: Outlet, world: World, settings_for: SettingsFor, tmp_path: Path
) -> None:
    outlet.behave(FEED, redirect("/feeds/new.xml", 301))
    outlet.behave("/feeds/new.xml", text(feed_of(outlet), XML))
    settings = settings_for(world, tmp_path)
    for _ in range(2):
        crawl_pass(settings)
    change(settings, moving_since=datetime.now(UTC) - timedelta(hours=25))
    crawl_pass(settings)
    asked = len(world.requests(path=FEED))
    crawl_pass(settings)
    assert len(world.requests(path=FEED)) == asked == 3
    assert row(settings).moved_url == f"{outlet.origin}/feeds/new.xml"


def test_a_feed_that_is_gone_rests_for_a_month_and_is_read_when_it_is_back(
    outlet: Outlet, world: World, settings_for: SettingsFor, tmp_path: Path
) -> None:
    outlet.behave(FEED, gone)
    settings = settings_for(world, tmp_path)
    crawl_pass(settings)
    found = row(settings)
    assert found.next_fetch_at - found.last_fetch_at >= timedelta(days=30)
    outlet.behave(FEED, conditional)
    assert crawl_pass(settings, everything=False).fetched == 0
    change(settings, next_fetch_at=datetime.now(UTC))
    assert crawl_pass(settings, everything=False).new == 3
    assert row(settings).failures == 0


@pytest.mark.parametrize("behaviour", [fail_then_ok(3, 404), fail_then_ok(3, 500)])
def test_a_feed_comes_back_from_the_dead(
    outlet: Outlet, world: World, settings_for: SettingsFor, tmp_path: Path, behaviour: Behaviour
) -> None:
    outlet.behave(FEED, behaviour)
    settings = settings_for(world, tmp_path)
    for failures in (1, 2, 3):
        crawl_pass(settings)
        assert row(settings).failures == failures
    assert crawl_pass(settings).new == 3
    assert row(settings).failures == 0


def test_retry_after_rests_the_whole_site_across_a_restart(
    outlet: Outlet, world: World, settings_for: SettingsFor, tmp_path: Path
) -> None:
    outlet.behave(FEED, failing(503, retry_after="3600"))
    other = outlet.add(via=())
    settings = settings_for(world, tmp_path)
    crawl_pass(settings)
    asked = len(world.requests())
    outlet.behave(FEED, conditional)
    crawl_pass(settings)  # a new store, a new run, and even when everything is asked for
    assert len(world.requests()) == asked
    assert world.requests(path=other.path) == []
