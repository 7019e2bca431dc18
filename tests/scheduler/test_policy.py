from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from index.frontier.habit import HOUR, Habit
from index.frontier.visits import Failure, FailureClass, Poll
from news.documents import Outcome
from scheduler.policy import LONGEST, REVISITS, SHORTEST, AdaptivePolicy

POLICY = AdaptivePolicy()
NOW = datetime(2026, 11, 23, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
MINUTE = timedelta(minutes=1)


def poll(**given: object) -> Poll:
    known = {
        "interval": QUARTER,
        "at": NOW,
        "habit": Habit(),
        "entries": 30,
        "new": 0,
        "unchanged": False,
        "failures": 0,
    }
    return Poll(**{**known, **given})  # type: ignore[arg-type]


def habit(rates: Callable[[int], float], days: int = 10) -> Habit:
    """Of an endpoint that was polled at the full hours, ending with NOW; `rates` says how many came in each hour."""
    known = Habit()
    for hour in range(-24 * days, 0):
        since = NOW + hour * HOUR
        known = known.with_poll(since, since + HOUR, round(rates(since.hour)))
    return known


def at_work(articles: int) -> Habit:
    """So many an hour from six to six, nothing at night."""
    return habit(lambda hour: articles if 6 <= hour < 18 else 0)


def interval(at_hour: int, known: Habit, **given: object) -> timedelta:
    return POLICY.next_fetch(poll(at=NOW + at_hour * HOUR, habit=known, **given)).interval


def failure(kind: FailureClass, **given: object) -> Failure:
    return Failure(kind=kind, outcome=Outcome.TIMEOUT, reason="", at=NOW, **given)  # type: ignore[arg-type]


def test_before_anything_is_known_the_first_guess_holds() -> None:
    following = POLICY.next_fetch(poll(interval=timedelta(minutes=20)))
    assert (following.interval, following.pace) == (timedelta(minutes=20), "a first guess")


def test_four_times_the_news_is_asked_for_twice_as_often() -> None:
    rare, frequent = interval(10, habit(lambda _: 1), entries=100), interval(10, habit(lambda _: 4), entries=100)
    assert frequent / rare == pytest.approx(0.5, rel=0.02)


def test_less_is_asked_at_night_than_by_day() -> None:
    known = at_work(6)
    assert interval(0, known) > 2 * interval(10, known)


@pytest.mark.parametrize("window", [10, 20, 50])
@pytest.mark.parametrize("articles", [2, 6, 20, 60])
def test_between_two_polls_no_more_than_half_the_window_is_expected_at_any_hour(window: int, articles: int) -> None:
    known = at_work(articles)
    for hour in range(24):
        wait = interval(hour, known, entries=window)
        came = sum(articles / 60 for minute in range(wait // MINUTE) if 6 <= (hour + minute / 60) % 24 < 18)
        assert came <= window / 2 or wait == SHORTEST


def test_a_silent_night_does_not_put_off_the_morning() -> None:
    known = at_work(10)
    assert NOW.hour == 0
    for hour in range(7):
        last = NOW + hour * HOUR
        known = known.with_poll(last - HOUR, last, 0)
        wait = interval(hour, known, entries=10)
        assert last + wait <= NOW + 6 * HOUR + HOUR / 2 * 1.2, "half the window of the first working hour"


def burst(articles: int) -> Habit:
    """So many within the last quarter of an hour where one an hour is usual."""
    return habit(lambda _: 1).with_poll(NOW, NOW + HOUR / 4, articles)


def test_a_burst_hastens_the_next_polls() -> None:
    assert interval(0, burst(12), entries=20) < interval(0, burst(0), entries=20) / 1.5


def test_a_window_that_overflowed_is_emptied_twice_as_often_for_a_week() -> None:
    usual = interval(0, burst(40), entries=10)
    assert interval(0, burst(40), entries=10, overflowed_at=NOW - timedelta(days=6)) == usual / 2
    assert interval(0, burst(40), entries=10, overflowed_at=NOW - timedelta(days=8)) == usual


@pytest.mark.parametrize(
    ("entries", "new", "overflowed"), [(30, 30, True), (30, 27, True), (30, 26, False), (1, 1, False), (0, 0, False)]
)
def test_a_list_renewed_but_for_a_pinned_entry_may_have_overflowed(entries: int, new: int, overflowed: bool) -> None:
    assert POLICY.next_fetch(poll(entries=entries, new=new)).overflowed is overflowed


def test_a_quiet_endpoint_is_asked_less_and_less_but_slowly() -> None:
    known, waits = habit(lambda _: 2), []
    for day in range(60):
        for hour in range(24):
            since = NOW + (24 * day + hour) * HOUR
            known = known.with_poll(since, since + HOUR, 0)
        waits.append(interval(0, known))
    assert waits == sorted(waits)
    assert waits[1] < 2 * interval(0, habit(lambda _: 2))
    assert HOUR * 4 < waits[-1] <= LONGEST


def test_the_interval_stays_between_five_minutes_and_a_day() -> None:
    assert interval(0, habit(lambda _: 600)) == SHORTEST
    assert POLICY.next_fetch(poll(interval=timedelta(days=90))).interval == LONGEST


def test_a_list_of_lists_keeps_the_pace_that_these_set() -> None:
    assert interval(0, habit(lambda _: 0), index=True, interval=timedelta(minutes=7)) == timedelta(minutes=7)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"habit": burst(40), "entries": 10}, "50% of its 10 entries may be new in 13 min"),
        ({"habit": habit(lambda _: 1)}, "1 new entries an hour are usual at this time"),
        ({"ttl": timedelta(minutes=45)}, "the server asks for 45 min"),
        ({"failure": FailureClass.SERVER, "failures": 3}, "it could not be read 3 times"),
        ({"failure": FailureClass.SERVER, "failures": 1, "retry_after": HOUR * 3}, "the server asks for 3 h"),
        ({"failure": FailureClass.CLIENT, "failures": 1, "status": 410}, "the server says that it is gone for good"),
    ],
)
def test_every_interval_comes_with_its_reason(given: dict[str, object], words: str) -> None:
    assert POLICY.next_fetch(poll(**given)).pace == words


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
