from datetime import UTC, datetime, timedelta

import pytest

from index.frontier.visits import Failure, FailureClass, Poll
from news.documents import Outcome
from scheduler.policy import LONGEST, REVISITS, SHORTEST, AdaptivePolicy

POLICY = AdaptivePolicy()
NOW = datetime(2026, 11, 23, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


def poll(**given: object) -> Poll:
    return Poll(**{"interval": QUARTER, "entries": 30, "new": 0, "unchanged": False, "failures": 0, **given})  # type: ignore[arg-type]


def failure(kind: FailureClass, **given: object) -> Failure:
    return Failure(kind=kind, outcome=Outcome.TIMEOUT, reason="", at=NOW, **given)  # type: ignore[arg-type]


def test_a_feed_full_of_news_is_polled_twice_as_often_and_said_to_overflow() -> None:
    following = POLICY.next_fetch(poll(new=25))
    assert (following.interval, following.overflowed) == (QUARTER / 2, True)


def test_a_feed_with_some_news_keeps_its_pace() -> None:
    assert POLICY.next_fetch(poll(new=12)).interval == QUARTER


@pytest.mark.parametrize(("given", "factor"), [({"new": 3}, 1.2), ({"unchanged": True}, 1.25), ({"entries": 0}, 1.2)])
def test_a_quiet_feed_is_polled_less_often(given: dict[str, object], factor: float) -> None:
    assert POLICY.next_fetch(poll(**given)).interval == QUARTER * factor


def test_the_interval_stays_between_five_minutes_and_a_day() -> None:
    assert POLICY.next_fetch(poll(new=30, interval=SHORTEST)).interval == SHORTEST
    assert POLICY.next_fetch(poll(unchanged=True, interval=LONGEST)).interval == LONGEST


def test_what_the_server_asks_for_is_waited_for_but_not_for_ever() -> None:
    assert POLICY.next_fetch(poll(ttl=timedelta(minutes=40))).wait == timedelta(minutes=40)
    assert POLICY.next_fetch(poll(ttl=timedelta(days=7))).wait == timedelta(hours=1)
    assert POLICY.next_fetch(poll(retry_after=timedelta(hours=2))).wait == timedelta(hours=2)
    assert POLICY.next_fetch(poll(retry_after=timedelta(days=90))).wait == LONGEST


def test_a_feed_that_fails_is_polled_slower_and_slower_but_never_dropped() -> None:
    waits = [
        POLICY.next_fetch(poll(failure=FailureClass.CLIENT, failures=count)).wait for count in (1, 5, 30, 40, 90, 900)
    ]
    assert waits == sorted(waits)
    assert waits[0] == QUARTER * 2
    assert waits[2] <= LONGEST
    assert waits[-1] == timedelta(days=30)


def test_a_feed_that_is_gone_is_looked_at_again_after_a_month() -> None:
    assert POLICY.next_fetch(poll(failure=FailureClass.CLIENT, failures=1, status=410)).wait == timedelta(days=30)


def test_a_failed_article_is_retried_over_days_and_then_decided() -> None:
    waits = [POLICY.next_retry(failure(FailureClass.TIMEOUT), attempts) for attempts in range(1, 9)]
    assert waits[-1] is None
    known = [wait for wait in waits if wait]
    assert known == sorted(known)
    assert sum(known, timedelta()) > timedelta(days=3)


def test_an_answer_that_says_no_is_not_asked_again() -> None:
    assert POLICY.next_retry(failure(FailureClass.CLIENT), 1) is None


def test_retry_after_is_obeyed_up_to_a_day() -> None:
    assert POLICY.next_retry(failure(FailureClass.THROTTLED, retry_after=timedelta(hours=3)), 1) == timedelta(hours=3)
    assert POLICY.next_retry(failure(FailureClass.THROTTLED, retry_after=timedelta(days=9)), 1) == LONGEST


def test_an_article_is_looked_at_again_four_times() -> None:
    age, visits = timedelta(0), []
    while wait := POLICY.next_revisit(age):
        age += wait
        visits.append(age)
    assert tuple(visits) == REVISITS
