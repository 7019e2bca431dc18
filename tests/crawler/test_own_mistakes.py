"""A page that our own reader fails at: its outlet has done nothing wrong, and the next version may read it. And one
that takes so long that it has to come again."""

import sys
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from crawler import engine
from crawler.pool import Pool
from index import frontier
from index.database import urls
from index.store import Store
from marsad.config import Settings
from tests.conftest import SettingsFor
from tests.crawler.passes import crawl_pass, outcomes
from tests.site import World
from tests.site.behaviours import text

FAILING = (sys.executable, "-m", "tests.crawler.failing_worker")


def reopen(settings: Settings, version: str) -> int:
    with Store.open(settings.data) as store:
        return store.writer.submit(lambda conn: frontier.reopen_mistakes(conn, version)).result()


@pytest.fixture
def failed_at(
    world: World, settings_for: SettingsFor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Settings, str]:
    """The settings after a pass in which the reader raised at one article, and the article's URL."""
    outlet = world.outlet(endpoints=("feed",), articles=0)
    outlet.hops = 0
    url = outlet.fill(1)[0].url
    settings = settings_for(world, tmp_path)
    reopen(settings, "1")
    monkeypatch.setattr(engine, "Pool", partial(Pool, command=FAILING))
    crawl_pass(settings)
    monkeypatch.undo()
    return settings, url


def test_a_page_that_our_reader_failed_at_says_so_and_is_not_asked_for_again_by_the_same_version(
    failed_at: tuple[Settings, str], world: World
) -> None:
    settings, url = failed_at
    assert outcomes(settings) == {url: "parse_error"}
    with Store.open(settings.data, readonly=True) as store, store.read() as conn:
        reason: str = conn.execute(select(urls.c.reason)).scalar_one()
    assert reason.startswith("our own mistake: KeyError")
    asked = len(world.requests())
    assert reopen(settings, "1") == 0
    crawl_pass(settings, everything=False)
    assert len(world.requests()) == asked


def test_a_new_version_reads_what_the_former_one_failed_at(failed_at: tuple[Settings, str]) -> None:
    settings, url = failed_at
    assert reopen(settings, "2") == 1
    assert outcomes(settings) == {url: None}
    crawl_pass(settings, everything=False)
    assert outcomes(settings) == {url: "stored"}
    assert reopen(settings, "3") == 0


def test_a_slow_page_that_finds_no_room_stays_pending_and_is_tried_again(
    world: World, settings_for: SettingsFor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outlet = world.outlet(endpoints=("feed",))
    slow = outlet.add()
    outlet.behave(slow.path, text("hang"))
    settings = settings_for(world, tmp_path)
    monkeypatch.setattr(engine, "Pool", partial(Pool, command=FAILING))
    monkeypatch.setattr(engine, "SLOW_PAGES", 0)
    report = crawl_pass(settings)
    assert (report.failures, outcomes(settings)) == (1, {slow.url: None})
    with Store.open(settings.data, readonly=True) as store, store.read() as conn:
        row = conn.execute(select(urls)).one()
    assert "take long to read" in row.reason and row.next_visit_at > row.first_listed_at
