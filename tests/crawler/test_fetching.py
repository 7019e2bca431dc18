"""The downloader against servers that mean harm, through the errand of one page."""

import asyncio
import gzip
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from crawler import reactor
from crawler.limits import ROBOTS_BYTES, Limit
from crawler.safe_fetch import Fetcher, FetchError
from marsad.config import Settings, load_settings
from news.documents import EndpointKind
from tests.conftest import SettingsFor
from tests.crawler.passes import fetch_one
from tests.site import Outlet, World
from tests.site.behaviours import drip, failing, gzip_bomb, hang, header_bomb, huge, redirect, reset, text
from tests.site.exchange import Exchange
from tests.site.log import gaps


@pytest.fixture
def outlet(world: World) -> Outlet:
    return world.outlet(articles=2)


@pytest.fixture
def settings(world: World, outlet: Outlet, settings_for: SettingsFor, tmp_path: Path) -> Settings:
    return settings_for(world, tmp_path)


def refused(url: str, settings: Settings) -> str:
    with pytest.raises(FetchError) as failure:
        fetch_one(url, settings)
    return str(failure.value)


async def many_headers(exchange: Exchange) -> None:
    """Short headers without end."""
    exchange.keep_alive = False
    exchange.writer.write(b"HTTP/1.1 200 OK\r\n")
    exchange.seen.status = 200
    while not exchange.stopping.is_set():
        await exchange.write(b"X-More: 0123456789\r\n" * 512)


def test_a_page_comes_with_its_headers_in_lower_case_and_its_final_address(outlet: Outlet, settings: Settings) -> None:
    outlet.behave("/feed", redirect("/rss", 301))
    page = fetch_one(f"{outlet.origin}/feed", settings)
    assert (page.requested_url, page.url, page.status) == (f"{outlet.origin}/feed", outlet.feed, 200)
    assert page.headers["content-type"].startswith("application/rss+xml")


@pytest.mark.parametrize("behaviour", [header_bomb, many_headers])
def test_endless_headers_are_cut_off(
    outlet: Outlet, settings: Settings, behaviour: Callable[[Exchange], Awaitable[None]], world: World
) -> None:
    outlet.behave("/bomb", behaviour)
    began = time.monotonic()
    assert "of headers" in (said := refused(f"{outlet.origin}/bomb", settings)) or "a header" in said
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("behaviour", [gzip_bomb, huge(9 << 20)])
def test_a_body_beyond_its_limit_is_refused(
    outlet: Outlet, settings: Settings, behaviour: Callable[[Exchange], Awaitable[None]]
) -> None:
    outlet.behave("/big", behaviour)
    assert "larger" in refused(f"{outlet.origin}/big", settings)


@pytest.mark.parametrize("behaviour", [drip(0.05), hang])
def test_a_server_that_drips_or_hangs_is_given_up_in_time(
    outlet: Outlet, settings: Settings, behaviour: Callable[[Exchange], Awaitable[None]]
) -> None:
    outlet.behave("/slow", behaviour)

    async def main() -> None:
        async with Fetcher(settings) as fetcher:
            await fetcher._ask(f"{outlet.origin}/slow", Limit(1 << 20, 0.7))

    began = time.monotonic()
    with pytest.raises(FetchError, match="Timeout"):
        reactor.run(main)
    assert time.monotonic() - began < 5


def test_many_resets_are_noticed_at_once(outlet: Outlet, settings: Settings) -> None:
    outlet.behave("/cut", reset)

    async def main() -> None:
        async with Fetcher(settings) as fetcher:
            for _ in range(60):
                with pytest.raises(FetchError, match="DataLoss"):
                    await fetcher.fetch(f"{outlet.origin}/cut")

    began = time.monotonic()
    reactor.run(main)
    assert time.monotonic() - began < 10


def test_nothing_is_sent_to_loopback_unless_it_is_allowed(outlet: Outlet, world: World) -> None:
    strict = load_settings(overrides={"crawler.delay": "0"}, environ={})
    for url in (outlet.feed, outlet.feed.replace("127.0.1.1", "2130706689"), "http://[::1]/", "http://localhost/"):
        assert "not on the public web" in refused(url, strict)
    assert world.requests() == []


def test_a_redirect_into_a_private_network_is_refused(outlet: Outlet, settings: Settings) -> None:
    outlet.behave("/in", redirect("http://169.254.169.254/latest/meta-data/"))
    assert "RefusedAddress" in refused(f"{outlet.origin}/in", settings)


def test_robots_txt_is_obeyed_and_one_in_trouble_allows_nothing(outlet: Outlet, settings: Settings) -> None:
    assert "robots.txt forbids" in refused(f"{outlet.origin}/private/1", settings)
    outlet.behave("/robots.txt", failing(503))
    assert "503" in refused(outlet.feed, settings)


@pytest.mark.parametrize("packed", [False, True])
def test_an_overlong_robots_txt_is_cut_and_its_beginning_holds(
    outlet: Outlet, settings: Settings, packed: bool
) -> None:
    rules = "User-agent: *\nDisallow: /secret/\n" + "# a line that says nothing\n" * (3 * ROBOTS_BYTES // 27)

    async def long(exchange: Exchange) -> None:
        if packed:
            body = gzip.compress(rules.encode(), compresslevel=0)
            await exchange.start(200, {"Content-Encoding": "gzip", "Content-Length": str(len(body))})
            await exchange.write(body)
        else:
            await text(rules, "text/plain")(exchange)

    outlet.behave("/robots.txt", long)
    assert "robots.txt forbids" in refused(f"{outlet.origin}/secret/1", settings)
    assert fetch_one(outlet.feed, settings).status == 200


def test_an_errand_keeps_the_sites_delay_too(
    world: World, outlet: Outlet, settings_for: SettingsFor, tmp_path: Path
) -> None:
    settings = settings_for(world, tmp_path, **{"crawler.delay": 0.2})

    async def main() -> None:
        async with Fetcher(settings) as fetcher:
            for path in ("/rss", "/news-sitemap.xml", "/latest/"):
                await fetcher.fetch(outlet.origin + path, EndpointKind.FEED)

    reactor.run(main)
    assert len(world.requests()) == 4 and min(gaps(world.requests())) >= 0.2


def test_errands_to_many_sites_run_side_by_side(world: World, settings_for: SettingsFor, tmp_path: Path) -> None:
    outlets = [world.outlet(articles=1) for _ in range(5)]
    settings = settings_for(world, tmp_path, **{"crawler.delay": 0.3})

    async def main() -> None:
        async with Fetcher(settings) as fetcher:
            urls = [outlet.origin + path for outlet in outlets for path in ("/rss", "/latest/")]
            await asyncio.gather(*(fetcher.fetch(url) for url in urls))

    began = time.monotonic()
    reactor.run(main)
    assert time.monotonic() - began < 2.5, "three requests to each site, and not fifteen one after the other"
    for outlet in outlets:
        assert len(world.requests(site=outlet.site)) == 3
        assert min(gaps(world.requests(site=outlet.site))) >= 0.3
