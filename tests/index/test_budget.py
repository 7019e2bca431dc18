"""What has no end is bounded: traps, a site's day, a site's queue. And a site's rest outlives a crash."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from index import frontier
from index.database import urls
from index.frontier import budget
from index.frontier.visits import Failure, FailureClass
from index.ledger import status
from news.documents import Endpoint, EndpointKind, Link, Outcome
from tests.index.press import SITE, Press, date, outlet, related

SECTION = Endpoint(kind=EndpointKind.SITEMAP, url=f"{SITE}/sitemap.xml")


@pytest.fixture
def small(press: Press, monkeypatch: pytest.MonkeyPatch) -> Press:
    """A sitemap of a site that may have four addresses a day; feeds eight."""
    monkeypatch.setattr(budget, "A_DAY", 4)
    press.source = outlet("akhbar", SITE, endpoints=(SECTION,))
    press.watch()
    return press


def outcomes(press: Press) -> dict[str, str | None]:
    rows = press.see(lambda conn: conn.execute(select(urls.c.url, urls.c.outcome)).all())
    return {row.url.removeprefix(SITE): row.outcome for row in rows}


def dated(press: Press, *hours: int) -> list[Link]:
    return [Link(url=f"{SITE}/news/{hour}", published=date(press.now - timedelta(hours=hour))) for hour in hours]


def test_of_more_than_a_days_budget_the_newest_are_kept_and_the_rest_is_counted(small: Press) -> None:
    small.list_links(*dated(small, 9, 1, 5, 3, 7, 2))
    found = outcomes(small)
    assert {path for path, outcome in found.items() if outcome == "over_budget"} == {"/news/9", "/news/7"}
    books = small.see(lambda conn: status(conn, now=small.now, position=0, backend="embedded"))["totals"]
    assert (books["listed"], books["pending"], books["dropped"]) == (6, 4, {"over_budget": 2})


def test_what_found_no_room_gets_it_when_it_is_listed_on_another_day(small: Press) -> None:
    links = dated(small, 9, 1, 5, 3, 7, 2)
    small.list_links(*links)
    small.list_links(*links)
    assert list(outcomes(small).values()).count("over_budget") == 2
    small.later(days=1)
    small.list_links(*links)
    assert set(outcomes(small).values()) == {None}


def test_a_feed_has_room_left_when_a_sitemap_has_used_up_the_day(small: Press) -> None:
    small.list_links(*dated(small, *range(1, 9)))
    small.source = outlet("akhbar", SITE)
    small.watch()
    small.list_paths("/urgent/1", "/urgent/2")
    assert outcomes(small)["/urgent/1"] is None


def test_related_links_count_as_well(small: Press) -> None:
    small.list_links(*dated(small, 1, 2, 3))
    (visit,) = small.claim_past_robots(limit=1)
    paths = tuple(f"/r{number}" for number in range(5))
    small.store_article(visit, small.article("/news/1", related=related(*paths)))
    found = outcomes(small)
    assert [found[path] for path in paths].count("over_budget") == 4


def test_a_queue_that_is_full_takes_no_more_until_it_is_shorter(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "WAITING", 1)
    press.list_paths("/news/1", "/news/2", "/news/3")
    assert sorted(map(str, outcomes(press).values())) == ["None", "None", "over_budget"]
    (visit,) = press.claim_past_robots(limit=1)
    press.store_article(visit, press.article("/news/1"))
    press.list_paths("/news/1", "/news/2", "/news/3")
    assert "over_budget" not in outcomes(press).values()


def test_one_site_that_floods_takes_nothing_from_another(small: Press) -> None:
    small.source = outlet("akhbar", SITE, endpoints=(SECTION,), allowed_domains=("example.com", "example.org"))
    small.watch()
    small.list_links(*dated(small, *range(1, 9)), Link(url="https://www.example.org/1"))
    rows = small.see(lambda conn: conn.execute(select(urls.c.outcome).where(urls.c.site == "example.org")).all())
    assert [row.outcome for row in rows] == [None]


@pytest.mark.parametrize(
    "path",
    [
        "/calendar/2031/07", "/a/b/a/b/a/b", "/x?" + "&".join(f"p{number}=1" for number in range(13)), "/" + "x" * 2048,
        "/x?page=1&page=2&page=3&page=4", "/" + "d/1/" * 9,
    ],
)  # fmt: skip
def test_a_trap_is_counted_and_never_asked_for(press: Press, path: str) -> None:
    press.list_paths(path)
    assert set(outcomes(press).values()) == {"trap"}
    assert press.claim_past_robots() == []


def test_after_a_crash_the_sites_of_what_was_under_way_rest_for_their_delay(press: Press) -> None:
    press.list_paths("/news/1")
    (visit,) = press.claim_past_robots()
    press.do(lambda conn: frontier.site_served(conn, visit.site, press.now, 6.0))
    press.later(seconds=30)  # an answer so slow, and then the crash
    press.do(lambda conn: frontier.void_leases(conn, now=press.now))
    press.later(seconds=5.9)
    assert press.claim(run="run-2") == []
    press.later(seconds=0.2)
    assert len(press.claim(run="run-2")) == 1


def test_a_sites_delay_back_off_and_retry_after_outlive_a_restart(press: Press) -> None:
    press.list_paths("/news/1")
    (visit,) = press.claim_past_robots()
    told = Failure(
        kind=FailureClass.THROTTLED, outcome=Outcome.HTTP_ERROR, reason="HTTP 429", at=press.now, status=429,
        retry_after=timedelta(hours=2),
    )  # fmt: skip
    press.do(lambda conn: frontier.record_failure(conn, visit, told, press.policy, press.now))
    press.do(lambda conn: frontier.void_leases(conn, now=press.now))
    press.poll_all()
    press.later(minutes=119)
    assert press.claim(run="run-2") == []
    press.later(minutes=2)
    assert press.claim(run="run-2")


def test_an_article_is_looked_at_again_after_half_an_hour_three_hours_a_day_and_three_days(press: Press) -> None:
    press.publish("/news/1")
    began, looks = press.now, []
    for _ in range(60 * 24 * 4 // 10):
        press.later(minutes=10)
        for visit in press.claim_past_robots():
            looks.append((press.now - began, visit.revisit))
            press.unchanged(visit)
    assert [round(age / timedelta(hours=1)) for age, _ in looks] == [0, 3, 24, 72]
    assert all(revisit for _, revisit in looks)
