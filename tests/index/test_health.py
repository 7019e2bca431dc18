"""Silence against an outlet's own habit, lists that are suddenly empty, and how both end by themselves."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from index.database import endpoints
from index.frontier.polls import EMPTIES_BORNE, EMPTY_AGAIN
from index.health import failing, healths
from news.documents import Endpoint, EndpointKind, Link
from tests.index.press import SITE, Press, date, outlet

DAY_OF_WORK = range(6, 20)


def health(press: Press) -> str:
    return press.see(lambda conn: healths(conn, press.now))["akhbar"]


def endpoint_row(press: Press) -> Any:
    return press.see(lambda conn: conn.execute(select(endpoints).where(endpoints.c.enabled)).one())


def look(press: Press, count: int, window: int = 20) -> None:
    """A poll of a feed that has printed `count` articles so far."""
    press.list_paths(*(f"/news/{number}" for number in range(count, max(count - window, 0), -1)))


def print_daily(press: Press, hours: range, days: int, before: int = 0, rest: Iterable[int] = ()) -> int:
    """One article in each of these hours of each day, with a poll every two; how many there are then."""
    count, end = before, press.now + timedelta(days=days)
    while press.now < end:
        count += sum(hour in hours for hour in (press.now.hour, press.now.hour + 1)) * (press.now.weekday() not in rest)
        look(press, count)
        press.later(hours=2)
    return count


def look_on(press: Press, count: int, hours: float) -> None:
    """Nothing new for so long, with a poll every two hours."""
    end = press.now + timedelta(hours=hours)
    while press.now < end:
        press.later(hours=2)
        look(press, count)


def test_an_outlet_that_prints_all_day_is_silent_after_a_day_without_and_ok_with_its_next_article(press: Press) -> None:
    count = print_daily(press, DAY_OF_WORK, days=8)
    assert health(press) == "ok"
    look_on(press, count, hours=16)
    assert health(press) == "ok", "a night and a quiet morning are no silence"
    look_on(press, count, hours=12)
    assert health(press) == "silent"
    look(press, count + 1)
    assert health(press) == "ok"


def test_an_outlet_that_prints_once_a_week_is_not_silent_in_between(press: Press) -> None:
    for week in range(1, 4):
        look(press, week)
        look_on(press, week, hours=7 * 24 - 2)
        assert health(press) == "ok"
        press.later(hours=2)


def test_a_day_of_rest_that_was_seen_before_is_no_silence(press: Press) -> None:
    friday, saturday = 4, 5
    count = print_daily(press, DAY_OF_WORK, days=10, rest=(friday, saturday))
    while press.now.weekday() != friday:
        count = print_daily(press, DAY_OF_WORK, days=1, before=count)
    look_on(press, count, hours=48)
    assert health(press) == "ok"


def test_a_young_acquaintance_is_given_a_day(press: Press) -> None:
    count = print_daily(press, range(24), days=1)
    look_on(press, count, hours=20)
    assert health(press) == "ok"
    look_on(press, count, hours=8)
    assert health(press) == "silent"


def test_the_dates_of_a_first_list_tell_what_gaps_are_usual(press: Press) -> None:
    ages = (1, 2, 3, 30, 31, 32)
    press.list_links(
        *(Link(url=f"{SITE}/news/{age}", published=date(press.now - timedelta(hours=age))) for age in ages)
    )
    assert endpoint_row(press).usual_gap == timedelta(hours=27)


def test_a_feed_without_an_entry_where_there_used_to_be_some_is_failing_and_recovers(press: Press) -> None:
    look(press, 10)
    for _ in range(EMPTIES_BORNE):
        press.later(hours=1)
        press.list_links()
        assert health(press) == "ok"
    press.later(hours=1)
    press.list_links()
    assert health(press) == "failing"
    (trouble,) = press.see(failing)["akhbar"]
    assert trouble["reason"] == "3 answers in a row had no entry, where there used to be 10"
    press.later(hours=1)
    look(press, 11)
    assert health(press) == "ok"
    assert endpoint_row(press).empties is None


def test_an_empty_list_is_asked_for_in_full_until_it_has_entries_and_teaches_nothing(press: Press) -> None:
    look(press, 10)
    habit = endpoint_row(press).habit
    press.later(hours=1)
    press.list_links()
    row = endpoint_row(press)
    assert (row.etag, row.body_hash, row.habit, row.entries) == (None, None, habit, 10)
    assert row.next_fetch_at - press.now <= EMPTY_AGAIN * 1.05
    assert row.leased_by is None


def test_a_news_sitemap_may_be_empty(press: Press) -> None:
    sitemap = Endpoint(kind=EndpointKind.SITEMAP, url=f"{SITE}/news.xml")
    press.source = outlet("akhbar", SITE, endpoints=(sitemap,))
    press.watch()
    look(press, 10)
    for _ in range(EMPTIES_BORNE + 1):
        press.later(hours=1)
        press.list_links()
    assert health(press) == "ok"
    assert endpoint_row(press).entries == 0


@pytest.mark.parametrize("children", [(), (f"{SITE}/news-sitemap.xml",)])
def test_a_feed_that_never_had_an_entry_or_names_others_is_not_failing(press: Press, children: tuple[str, ...]) -> None:
    for _ in range(EMPTIES_BORNE + 1):
        press.do(lambda conn: conn.execute(update(endpoints).values(visit_at=None)))
        own = update(endpoints).where(endpoints.c.parent.is_(None)).values(visit_at=press.now)
        press.do(lambda conn: conn.execute(own))  # noqa: B023
        (visit,) = press.claim_past_robots()
        press.list_links(visit=visit, children=children)
        press.later(hours=1)
    assert health(press) == "ok"
