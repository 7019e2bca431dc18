"""Whole passes over the local world: what is fetched, how politely, and what becomes of it."""

import time
from pathlib import Path

import pytest

from tests.conftest import SettingsFor
from tests.crawler.passes import attempts, crawl_pass, leased, outcomes, tally
from tests.site import World
from tests.site.behaviours import (
    conditional,
    fail_then_ok,
    failing,
    gzip_bomb,
    header_bomb,
    huge,
    redirect,
    reset,
    text,
    windows_1256,
)
from tests.site.exchange import Exchange, Reset
from tests.site.log import gaps
from tests.site.outlet import FEED, SECTION, SITEMAP

# Whole crawls over sockets, one after the other.
pytestmark = pytest.mark.slow


def test_a_pass_stores_every_listed_article_and_its_related_coverage(
    world: World, settings_for: SettingsFor, tmp_path: Path
) -> None:
    world.outlet(articles=5, background=2)
    world.outlet(articles=4)
    settings = settings_for(world, tmp_path)
    report = crawl_pass(settings)
    assert report.failed == "" and report.note == ""
    got = outcomes(settings)
    listed = [one for outlet in world.outlets.values() for one in outlet.articles if one.via]
    assert {one.url for one in listed} <= {url for url, outcome in got.items() if outcome == "stored"}
    assert None not in got.values()
    assert leased(settings) == 0
    assert report.new == list(got.values()).count("stored") >= 11


def test_a_second_pass_asks_conditionally_and_fetches_nothing_twice(
    world: World, settings_for: SettingsFor, tmp_path: Path
) -> None:
    world.outlet(articles=4)
    settings = settings_for(world, tmp_path)
    crawl_pass(settings)
    before = len(world.requests())
    report = crawl_pass(settings)
    again = world.requests(since=before)
    assert report.new == 0 and report.unchanged + report.not_modified == len(again)
    listings = [one for one in again if not one.path.startswith("/news/")]
    assert {one.path: one.status for one in listings} == {FEED: 304, SITEMAP: 304, SECTION: 304}
    assert all(one.conditional for one in listings)


def test_no_site_is_asked_twice_at_a_time_or_sooner_than_its_delay_after_an_answer(
    world: World, settings_for: SettingsFor, tmp_path: Path
) -> None:
    polite, slow = world.outlet(articles=4), world.outlet(articles=3)
    polite.delay = 0.25
    slow.robots = "User-agent: *\nCrawl-delay: 0.4\n"
    slow.behave("/rss", redirect("/rss-moved"))
    slow.behave("/rss-moved", text("<rss version='2.0'><channel></channel></rss>", "application/rss+xml"))
    settings = settings_for(world, tmp_path)
    began = time.monotonic()
    crawl_pass(settings)
    assert min(gaps(world.requests(site=polite.site))) >= 0.25
    assert min(gaps(world.requests(site=slow.site))) >= 0.4, "from robots.txt on, also between the hops of a redirect"
    wasted = time.monotonic() - began - 0.4 * len(world.requests(site=slow.site))
    assert wasted < 3, "sites wait for themselves, not for each other"


def test_every_request_says_who_we_are(world: World, settings_for: SettingsFor, tmp_path: Path) -> None:
    world.outlet(articles=1)
    crawl_pass(settings_for(world, tmp_path, **{"crawler.contact": "https://watch.example/bot"}))
    assert {one.headers["user-agent"] for one in world.requests()} == {"marsad/0.1.0 (+https://watch.example/bot)"}
    assert not [one for one in world.requests() if "cookie" in one.headers or "referer" in one.headers]


def test_what_robots_txt_forbids_is_never_asked_for(world: World, settings_for: SettingsFor, tmp_path: Path) -> None:
    outlet = world.outlet(articles=3)
    secret = outlet.add(path="/private/1")
    settings = settings_for(world, tmp_path)
    crawl_pass(settings)
    assert outcomes(settings)[secret.url] == "robots"
    assert world.requests(path="/private/1") == []
    assert world.requests(site=outlet.site)[0].path == "/robots.txt"
    assert len(world.requests(site=outlet.site, path="/robots.txt")) == 1


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_robots_txt_in_trouble_forbids_everything_for_now(
    world: World, settings_for: SettingsFor, tmp_path: Path, status: int
) -> None:
    outlet = world.outlet(articles=2)
    outlet.behave("/robots.txt", failing(status))
    settings = settings_for(world, tmp_path)
    report = crawl_pass(settings)
    assert {one.path for one in world.requests(site=outlet.site)} == {"/robots.txt"}
    assert report.new == 0


def test_a_missing_robots_txt_allows_everything(world: World, settings_for: SettingsFor, tmp_path: Path) -> None:
    world.outlet(articles=2).robots = None
    settings = settings_for(world, tmp_path)
    assert crawl_pass(settings).new >= 2


def test_hostile_and_broken_pages_end_in_outcomes_of_their_own_and_the_rest_is_stored(
    world: World, settings_for: SettingsFor, tmp_path: Path
) -> None:
    outlet = world.outlet(articles=12)
    listed = [one for one in outlet.articles if one.via]
    behaviours = {
        "too_large": (header_bomb, gzip_bomb, huge(9 << 20)),
        "not_found": (failing(404),),
        "gone": (failing(410),),
        "forbidden": (failing(403),),
        "redirect_loop": (redirect("?again"),),
        "http_error": (redirect(""),),
        "refused_address": (redirect("http://10.1.1.1/news/1"),),
        "out_of_scope": (redirect("http://elsewhere.example.net/news/1"),),
    }
    expected: dict[str, str] = {}
    victims = iter(listed)
    for outcome, several in behaviours.items():
        for behaviour in several:
            victim = next(victims)
            outlet.behave(victim.path, behaviour)
            expected[victim.url] = outcome
    settings = settings_for(world, tmp_path)
    crawl_pass(settings)
    got = outcomes(settings)
    assert {url: got[url] for url in expected} == expected
    assert [got[one.url] for one in victims] == ["stored"] * 2
    assert leased(settings) == 0


def test_a_redirect_to_a_foreign_host_is_not_followed(world: World, settings_for: SettingsFor, tmp_path: Path) -> None:
    outlet, other = world.outlet(articles=2), world.outlet(articles=1, endpoints=())
    moved = next(one for one in outlet.articles if one.via)
    outlet.behave(moved.path, redirect(f"{other.origin}/elsewhere"))
    settings = settings_for(world, tmp_path)
    crawl_pass(settings, only=[outlet.id])
    assert world.requests(site=other.site) == []
    assert outcomes(settings)[moved.url] == "out_of_scope"


def test_a_redirect_within_the_host_makes_an_alias_of_the_stored_article(
    world: World, settings_for: SettingsFor, tmp_path: Path
) -> None:
    outlet = world.outlet(articles=2)
    target = next(one for one in outlet.articles if one.via)
    old = outlet.add(path="/news/2020/1/1/7")
    outlet.behave(old.path, redirect(target.url, 301))
    settings = settings_for(world, tmp_path)
    crawl_pass(settings)
    got = outcomes(settings)
    assert (got[old.url], got[target.url]) == ("alias", "stored")


def test_trouble_that_may_pass_stays_pending_and_is_had_at_the_next_look(
    world: World, settings_for: SettingsFor, tmp_path: Path
) -> None:
    outlet = world.outlet(articles=4)
    broken, cut, *_ = [one for one in outlet.articles if one.via]
    outlet.behave(broken.path, fail_then_ok(1, 502))
    outlet.behave(cut.path, reset)
    settings = settings_for(world, tmp_path)
    report = crawl_pass(settings)
    assert report.failures == 2
    assert [outcomes(settings)[one.url] for one in (broken, cut)] == [None, None]
    outlet.behaviour.pop(cut.path)
    crawl_pass(settings)
    assert [outcomes(settings)[one.url] for one in (broken, cut)] == ["stored", "stored"]


def test_a_page_in_windows_1256_is_stored_in_arabic(world: World, settings_for: SettingsFor, tmp_path: Path) -> None:
    outlet = world.outlet(articles=1)
    one = next(one for one in outlet.articles if one.via)
    outlet.behave(one.path, windows_1256)
    settings = settings_for(world, tmp_path)
    crawl_pass(settings)
    assert outcomes(settings)[one.url] == "stored"


def test_only_the_sources_that_were_asked_for_are_visited(
    world: World, settings_for: SettingsFor, tmp_path: Path
) -> None:
    wanted, other = world.outlet(articles=2), world.outlet(articles=2)
    crawl_pass(settings_for(world, tmp_path), only=[wanted.id])
    assert world.requests(site=wanted.site) and not world.requests(site=other.site)


def test_a_feed_that_has_moved_for_good_is_read_where_it_is_now(
    world: World, settings_for: SettingsFor, tmp_path: Path
) -> None:
    outlet = world.outlet(articles=3, endpoints=("feed",))
    moved_to = "/feeds/all.xml"
    outlet.behave(FEED, redirect(moved_to, 301))
    outlet.behave(moved_to, text(outlet.answer(FEED).body.decode(), "application/rss+xml"))
    settings = settings_for(world, tmp_path)
    assert crawl_pass(settings).listed == 3


def test_nothing_is_asked_of_addresses_outside_the_allowed_networks(
    world: World, settings_for: SettingsFor, tmp_path: Path
) -> None:
    world.outlet(articles=2)
    settings = settings_for(world, tmp_path, **{"crawler.allow_networks": "10.0.0.0/8"})
    report = crawl_pass(settings)
    assert world.requests() == []
    assert report.note == "" and attempts(settings) > 0


def test_a_video_behind_an_articles_address_is_not_downloaded(
    world: World, settings_for: SettingsFor, tmp_path: Path
) -> None:
    outlet = world.outlet(articles=2)
    clip = next(one for one in outlet.articles if one.via)
    outlet.behave(clip.path, text("x" * 3_000_000, "video/mp4"))
    settings = settings_for(world, tmp_path)
    crawl_pass(settings)
    assert outcomes(settings)[clip.url] == "not_article"
    assert tally(settings)["stored"] > 0


def test_a_request_that_was_never_answered_gets_a_second_chance_after_the_delay(
    world: World, settings_for: SettingsFor, tmp_path: Path
) -> None:
    outlet = world.outlet(articles=2)
    one = next(one for one in outlet.articles if one.via)

    async def silent_at_first(exchange: Exchange) -> None:
        if exchange.number == 1:
            raise Reset
        await conditional(exchange)

    outlet.behave(one.path, silent_at_first)
    settings = settings_for(world, tmp_path, **{"crawler.delay": 0.1})
    crawl_pass(settings)
    assert outcomes(settings)[one.url] == "stored"
    assert len(world.requests(path=one.path)) == 2
    assert min(gaps(world.requests())) >= 0.1
