"""robots.txt comes before anything of its origin, and what waits for one that cannot be read is not lost."""

import pytest

from index import frontier
from index.frontier.visits import VisitKind
from news.documents import EndpointKind, Link
from tests.index.press import FEED, SITE, Press


def test_robots_txt_is_asked_for_before_anything_of_its_origin(press: Press) -> None:
    press.tick()
    (visit,) = press.claim()
    assert (visit.kind, visit.url) == (VisitKind.ROBOTS, f"{SITE}/robots.txt")
    assert press.claim() == []
    press.robots(visit, 200, "User-agent: *\nDisallow: /private")
    (visit,) = press.claim()
    assert (visit.kind, visit.listing, visit.url) == (VisitKind.ENDPOINT, EndpointKind.FEED, FEED)
    assert visit.robots == "User-agent: *\nDisallow: /private"


def test_robots_txt_is_asked_for_again_after_a_day(press: Press) -> None:
    press.poll()
    press.later(hours=25)
    press.do(lambda conn: frontier.void_leases(conn))
    assert [visit.kind for visit in press.claim()] == [VisitKind.ROBOTS]


@pytest.mark.parametrize("status", [None, 503, 429])
def test_what_waits_for_an_unreadable_robots_txt_is_neither_fetched_nor_lost(press: Press, status: int | None) -> None:
    press.tick()
    (visit,) = press.claim()
    press.robots(visit, status, None)
    assert press.claim() == []
    assert press.see(lambda conn: frontier.remaining(conn, press.now)).ready == 0
    press.later(minutes=61)
    assert [visit.kind for visit in press.claim()] == [VisitKind.ROBOTS]


def test_urls_listed_after_their_origins_robots_txt_failed_wait_as_well(press: Press) -> None:
    feed = press.poll()
    press.later(hours=24)
    press.list_links(Link(url=f"{SITE}/news/1"), Link(url="https://live.example.com/2"), visit=feed)
    for visit in press.claim():
        assert visit.kind is VisitKind.ROBOTS
        press.robots(visit, 500, None)
    visits = press.claim_past_robots()
    assert len(visits) == 1, "the other host of the site may be fetched"
    press.do(lambda conn: frontier.give_back(conn, visits, press.now))
    press.later(hours=2)
    assert len(press.claim_past_robots()) == 1


def test_a_404_for_robots_txt_allows_everything(press: Press) -> None:
    press.tick()
    (visit,) = press.claim()
    press.robots(visit, 404, "<html>")
    (visit,) = press.claim()
    assert visit.robots is None
