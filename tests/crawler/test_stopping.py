"""Stopping, pausing, and lines and disks that fail: nothing is lost, nobody is punished for it."""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from sqlalchemy import Connection

from crawler.engine import Gate, Progress
from index.store import Store
from marsad.config import Settings
from tests.conftest import SettingsFor
from tests.crawler.passes import attempts, crawl_pass, leased, outcomes
from tests.site import World
from tests.site.behaviours import hang, redirect, slow

# Whole crawls over sockets, one after the other.
pytestmark = pytest.mark.slow


def test_a_stop_lets_downloads_finish_and_gives_the_rest_back(
    world: World, settings_for: SettingsFor, tmp_path: Path
) -> None:
    outlet = world.outlet(articles=10)
    for one in outlet.articles:
        outlet.behave(one.path, slow(0.4))
    settings = settings_for(world, tmp_path)

    async def stop_soon(stop: asyncio.Event, gate: Gate, store: Store) -> None:
        await asyncio.sleep(1.2)
        stop.set()

    began = time.monotonic()
    report = crawl_pass(settings, until_idle=False, during=stop_soon)
    assert time.monotonic() - began < 5
    assert leased(settings) == 0
    assert report.new == list(outcomes(settings).values()).count("stored")
    assert None in outcomes(settings).values()
    rest = crawl_pass(settings)
    assert rest.new and None not in outcomes(settings).values()


def test_a_stop_between_the_two_halves_of_a_redirect_finishes_the_second(
    world: World, settings_for: SettingsFor, tmp_path: Path
) -> None:
    outlet = world.outlet(endpoints=("feed",))
    moved = outlet.add(path="/news/2020/1/1/7")
    outlet.behave(moved.path, redirect("/news/2020/1/1/8", 301))
    outlet.add(path="/news/2020/1/1/8", via=())
    settings = settings_for(world, tmp_path, **{"crawler.delay": 1})

    async def stop_in_between(stop: asyncio.Event, gate: Gate, store: Store) -> None:
        while not world.requests(path=moved.path):
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.2)
        stop.set()

    crawl_pass(settings, until_idle=False, during=stop_in_between)
    assert outcomes(settings)[moved.url] == "alias"
    crawl_pass(settings)
    assert len(world.requests(path=moved.path)) == 1


@pytest.mark.slow
def test_a_stop_cuts_off_what_hangs_and_gives_it_back_uncounted(
    world: World, settings_for: SettingsFor, tmp_path: Path
) -> None:
    outlet = world.outlet(articles=2)
    for one in outlet.articles:
        outlet.behave(one.path, hang)
    settings = settings_for(world, tmp_path)

    async def stop_soon(stop: asyncio.Event, gate: Gate, store: Store) -> None:
        await asyncio.sleep(1)
        stop.set()

    began = time.monotonic()
    crawl_pass(settings, until_idle=False, during=stop_soon)
    assert time.monotonic() - began < 17
    assert leased(settings) == 0 and attempts(settings) == 0


def test_a_closed_gate_stops_all_claims_until_it_opens(world: World, settings_for: SettingsFor, tmp_path: Path) -> None:
    world.outlet(articles=3)
    settings = settings_for(world, tmp_path)
    states: list[str] = []
    while_closed: list[int] = []

    async def close_and_open(stop: asyncio.Event, gate: Gate, store: Store) -> None:
        gate.close("disk_low")
        await asyncio.sleep(0.5)
        while_closed.append(len(world.requests()))
        gate.open()
        await asyncio.sleep(2.5)
        stop.set()

    def seen(progress: Progress) -> None:
        states.append(progress.state)

    report = crawl_pass(settings, until_idle=False, during=close_and_open, on_progress=seen)
    assert while_closed == [0]
    assert report.new >= 3
    assert states and states[-1] == "stopping"


def test_when_no_site_can_be_reached_the_pass_says_so_and_counts_nothing(
    world: World, settings_for: SettingsFor, tmp_path: Path
) -> None:
    for _ in range(4):
        world.outlet(articles=1)
    settings = settings_for(world, tmp_path)
    for number in range(1, 5):
        move(settings, f"127.0.1.{number}", f"127.0.9.{number}")
    began = time.monotonic()
    report = crawl_pass(settings)
    assert "network" in report.note
    assert time.monotonic() - began < 20
    assert world.requests() == []
    assert attempts(settings) == 0 and leased(settings) == 0


def test_one_dead_site_among_others_is_its_own_trouble(world: World, settings_for: SettingsFor, tmp_path: Path) -> None:
    for _ in range(4):
        world.outlet(articles=2)
    settings = settings_for(world, tmp_path)
    move(settings, "127.0.1.1", "127.0.9.1")
    report = crawl_pass(settings)
    assert report.note == "" and report.new >= 6
    assert attempts(settings) == 0, "its robots.txt could not be had: nothing of it was tried"
    assert crawl_pass(settings, everything=False).fetched == 0, "and it is left alone for a while"


@pytest.mark.slow
def test_a_line_that_comes_back_is_noticed_and_no_outlet_has_been_blamed(
    settings_for: SettingsFor, tmp_path: Path
) -> None:
    with World() as gone:
        for _ in range(4):
            gone.outlet(articles=2)
        settings = settings_for(gone, tmp_path)
        port = gone.port
    states: list[str] = []

    async def reconnect(stop: asyncio.Event, gate: Gate, store: Store) -> None:
        while "network_away" not in states:
            await asyncio.sleep(0.1)
        with World(port=port) as back:
            for _ in range(4):
                back.outlet(articles=2)
            for _ in range(300):
                await asyncio.sleep(0.1)
                if len({one.site for one in back.requests(status=200) if one.path.startswith("/news/")}) == 4:
                    break
            stop.set()
            await asyncio.sleep(0.5)

    def seen(progress: Progress) -> None:
        states.append(progress.state)

    report = crawl_pass(settings, until_idle=False, during=reconnect, on_progress=seen)
    assert report.new >= 4
    assert attempts(settings) == 0


def move(settings: Settings, old: str, new: str) -> None:
    """Change an address in the source files: nobody listens at the new one."""
    assert settings.sources is not None
    for file in settings.sources.glob("*.toml"):
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_a_full_disk_ends_a_pass_with_its_reason_and_the_next_one_goes_on(
    world: World, settings_for: SettingsFor, tmp_path: Path
) -> None:
    outlet = world.outlet(articles=12)
    settings = settings_for(world, tmp_path)

    async def fill_up(stop: asyncio.Event, gate: Gate, store: Store) -> None:
        """As many pages as the store has now, and not one more."""
        while len(world.requests(site=outlet.site)) < 6:
            await asyncio.sleep(0.01)

        def cap(conn: Connection) -> None:
            conn.exec_driver_sql("PRAGMA max_page_count = 1")

        await asyncio.wrap_future(store.writer.submit(cap))

    report = crawl_pass(settings, during=fill_up)
    assert "full" in report.failed
    assert crawl_pass(settings).failed == ""
    assert None not in outcomes(settings).values()


@pytest.mark.slow
def test_the_service_waits_for_a_store_that_cannot_be_written_and_goes_on_by_itself(
    world: World, settings_for: SettingsFor, tmp_path: Path
) -> None:
    outlet = world.outlet(articles=12)
    settings = settings_for(world, tmp_path)
    states: list[str] = []

    async def fill_up(stop: asyncio.Event, gate: Gate, store: Store) -> None:
        while len(world.requests(site=outlet.site)) < 6:
            await asyncio.sleep(0.01)

        def cap(conn: Connection) -> None:
            conn.exec_driver_sql("PRAGMA max_page_count = 1")

        await asyncio.wrap_future(store.writer.submit(cap))
        for _ in range(250):
            await asyncio.sleep(0.1)
            with store.read() as conn:
                if not conn.exec_driver_sql("SELECT count(*) FROM urls WHERE outcome IS NULL").scalar():
                    break
        stop.set()

    def seen(progress: Progress) -> None:
        states.append(progress.state)

    report = crawl_pass(settings, until_idle=False, during=fill_up, on_progress=seen)
    assert report.failed == "" and "store_failed" in states
    assert None not in outcomes(settings).values() and leased(settings) == 0


def test_a_mistake_while_recording_ends_the_crawl_loudly(
    world: World, settings_for: SettingsFor, tmp_path: Path
) -> None:
    """A store that is closed under the crawl is nothing that a site can do."""
    world.outlet(articles=3)
    settings = settings_for(world, tmp_path)

    async def pull_the_rug(stop: asyncio.Event, gate: Gate, store: Store) -> None:
        while len(world.requests()) < 3:
            await asyncio.sleep(0.01)
        await asyncio.to_thread(store.writer.close)

    report = crawl_pass(settings, during=pull_the_rug)
    assert "could not be kept" in report.failed


@pytest.mark.slow
def test_scrapys_own_command_makes_the_same_pass(world: World, settings_for: SettingsFor, tmp_path: Path) -> None:
    world.outlet(articles=3)
    settings = settings_for(world, tmp_path)
    environment = {
        **os.environ,
        "MARSAD_DATA": str(settings.data),
        "MARSAD_SOURCES": str(settings.sources),
        "MARSAD_ALLOW_NETWORKS": "127.0.0.0/8",
        "MARSAD_DELAY": "0",
    }
    command = [sys.executable, "-m", "scrapy", "crawl", "press", "-L", "WARNING"]
    subprocess.run(command, cwd=Path(__file__).parents[2], env=environment, check=True, timeout=60)
    assert set(outcomes(settings).values()) == {"stored"}
    assert leased(settings) == 0


@pytest.mark.slow
def test_a_crawl_that_is_killed_leaves_no_process_behind_and_the_next_one_goes_on(
    world: World, settings_for: SettingsFor, tmp_path: Path
) -> None:
    outlet = world.outlet(articles=30)
    settings = settings_for(world, tmp_path)
    script = (
        "import sys; from marsad.config import load_settings; from tests.crawler.passes import crawl_pass;"
        "crawl_pass(load_settings(overrides=dict(pair.split('=', 1) for pair in sys.argv[1:]), environ={}))"
    )
    pairs = [f"data={settings.data}", f"sources={settings.sources}", "crawler.allow_networks=127.0.0.0/8"]
    command = [sys.executable, "-c", script, *pairs, "crawler.delay=0.02", "crawler.workers=1"]
    with subprocess.Popen(command, cwd=Path(__file__).parents[2]) as crawl:
        while len(world.requests(site=outlet.site)) < 12:
            time.sleep(0.02)
        family = psutil.Process(crawl.pid).children(recursive=True)
        crawl.kill()
    assert family
    gone, alive = psutil.wait_procs(family, timeout=5)
    assert gone and not alive
    crawl_pass(settings, everything=False)
    assert None not in outcomes(settings).values() and leased(settings) == 0
    fetched = [one.path for one in world.requests(site=outlet.site) if one.path.startswith("/news/")]
    assert len(fetched) <= len(set(fetched)) + 1, "only what was under way is fetched again"
