"""How a list that is read through another one sets its pace, and what of many endpoints is looked at at all."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from index import frontier
from index.database import endpoints, sites, sources
from index.frontier.visits import Visit
from news.documents import Link
from tests.index.press import SITE, Press, outlet

CHILD = f"{SITE}/news-sitemap.xml"


def row_at(press: Press, url: str) -> Any:
    return press.see(lambda conn: conn.execute(select(endpoints).where(endpoints.c.url == url)).one())


def next_visit(press: Press) -> Visit:
    """Of the endpoint that is due next, at its time."""
    due = press.see(lambda conn: frontier.next_due(conn, press.now))
    assert due is not None
    press.now = due
    assert press.tick() == 1
    (visit,) = [visit for visit in press.claim_past_robots() if visit.listing is not None]
    return visit


def articles(first: int, count: int) -> list[Link]:
    return [Link(url=f"{SITE}/news/{number}", title="عنوان") for number in range(first, first + count)]


def test_an_index_is_asked_as_often_as_the_liveliest_list_that_it_names(press: Press) -> None:
    index = f"{SITE}/rss.xml"
    for round_ in range(6):
        press.list_links(visit=next_visit(press), children=(CHILD,))
        (visit,) = [visit for visit in press.claim_past_robots() if visit.url == CHILD]
        press.list_links(*articles(20 * round_, 60), visit=visit)
    assert row_at(press, index).interval == row_at(press, CHILD).interval
    assert row_at(press, index).interval < timedelta(minutes=12)
    assert row_at(press, index).next_fetch_at - press.now < timedelta(minutes=13)


def test_a_feed_that_moved_to_another_site_is_asked_by_what_is_read_there(press: Press) -> None:
    elsewhere = "https://feeds.example.org/akhbar"
    press.source = outlet("akhbar", SITE, allowed_domains=("example.com", "example.org"))
    press.watch()
    first = row_at(press, f"{SITE}/rss.xml").interval
    for _ in range(6):
        press.redirect(next_visit(press), elsewhere)
        (visit,) = [visit for visit in press.claim_past_robots() if visit.url == elsewhere]
        press.list_links(*articles(0, 30), visit=visit)
    assert row_at(press, f"{SITE}/rss.xml").interval > first, "nothing new came"
    assert row_at(press, f"{SITE}/rss.xml").last_success_at == press.now


def test_a_list_that_starts_anew_at_midnight_did_not_overflow(press: Press) -> None:
    press.list_links(*articles(0, 40))
    press.later(hours=1)
    press.list_links(*articles(100, 3))
    assert row_at(press, f"{SITE}/rss.xml").overflowed_at is None
    press.later(hours=1)
    press.list_links(*articles(200, 40))
    assert row_at(press, f"{SITE}/rss.xml").overflowed_at == press.now


def test_a_site_without_anything_to_do_is_not_looked_at(press: Press) -> None:
    watched = [outlet(f"outlet-{number}", f"https://www.outlet-{number}.example") for number in range(40)]
    press.watch(*watched)
    assert press.tick() == 40
    assert len(press.claim(limit=100)) == 40
    assert press.claim(limit=100) == [], "each is under way"
    assert len(press.see(lambda conn: conn.execute(select(sites)).all())) >= 40


def test_very_many_sources_may_be_switched_off(press: Press) -> None:
    """More than a statement may have parameters."""
    row = {"name": "", "enabled": False, "known": True, "delay": 3.0, "related_hops": 0}
    off = [{"id": f"off-{number}", **row} for number in range(33_000)]
    press.do(lambda conn: conn.execute(sources.insert(), off))
    press.tick()
    assert {visit.source for visit in press.claim_past_robots()} == {"akhbar"}
