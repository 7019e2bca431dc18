"""When to come back: pure rules over what an endpoint, a URL or an article has done so far."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp, sqrt
from typing import Final

from index.frontier.habit import HOUR, Habit
from index.frontier.visits import Failure, FailureClass, NextFetch, Poll

SHORTEST: Final = timedelta(minutes=5)
LONGEST: Final = timedelta(hours=24)
FORSAKEN: Final = timedelta(days=30)
GONE: Final = 410

# The interval, in hours, of a list that has one new entry an hour; one with four is asked twice as often.
AT_ONE_AN_HOUR: Final = 0.5
# A burst counts for at most so many times the endpoint's mean rate: three articles in a minute are no new habit.
HASTE: Final = 4.0
# At most this share of the list is expected to be new between two polls; the rest is room for bursts. It is smaller
# for CAREFUL_FOR after a list has overflowed.
WINDOW_SHARE: Final = 0.5
CAREFUL_SHARE: Final = 0.25
CAREFUL_FOR: Final = timedelta(days=7)
# Where this share of a list is new at once, older new entries may have left the list unseen. Not 1, for pinned entries.
RENEWED: Final = 0.9
# How long a feed's TTL or a max-age is heeded.
MOST_TTL: Final = timedelta(hours=1)

# How much of its interval a failing endpoint waits longer, per failure in a row.
STRETCH: Final = {
    FailureClass.CLIENT: 1.0,
    FailureClass.UNREADABLE: 0.5,
    FailureClass.SERVER: 0.25,
    FailureClass.TIMEOUT: 0.25,
    FailureClass.NETWORK: 0.25,
    FailureClass.THROTTLED: 0.25,
}
FAILURES_BEFORE_FORSAKEN: Final = 30

# The waits before an article is tried again: over three days for what may mend itself.
RETRIES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480, 1440, 2880))
# A page that no parser could read is given two more chances: it may have been cut short.
RETRIES_UNREADABLE: Final = RETRIES[1:3]

# Most edits come within the first hours; a look three days later catches corrections and removals.
REVISITS: Final = tuple(timedelta(minutes=minutes) for minutes in (30, 180, 1440, 4320))


@dataclass(frozen=True, slots=True)
class AdaptivePolicy:
    """The rules in force. An instance has no state; it exists to be handed to those who may not import it."""

    def next_fetch(self, poll: Poll) -> NextFetch:
        return _after_failure(poll) if poll.failure else _after_success(poll)

    def next_retry(self, failure: Failure, attempts: int) -> timedelta | None:
        """`attempts` counts the failed ones, this one included. A 4xx is an answer: it is not retried."""
        if failure.kind is FailureClass.CLIENT:
            return None
        waits = RETRIES_UNREADABLE if failure.kind is FailureClass.UNREADABLE else RETRIES
        if attempts > len(waits):
            return None
        return max(waits[attempts - 1], min(failure.retry_after or timedelta(0), LONGEST))

    def next_revisit(self, age: timedelta) -> timedelta | None:
        return next((at - age for at in REVISITS if at > age), None)


def _after_success(poll: Poll) -> NextFetch:
    """As often as it pays, and before its list can be renewed as a whole; no sooner than the server asks for."""
    overflowed = not poll.unchanged and poll.entries > 1 and poll.new >= RENEWED * poll.entries
    interval, pace = _interval(poll, careful=overflowed or _overflowed_lately(poll))
    asked = max(_asked(poll.ttl, MOST_TTL), _asked(poll.retry_after, LONGEST))
    if asked > interval:
        pace = f"the server asks for {told(asked)}"
    return NextFetch(interval=interval, wait=max(interval, asked), pace=pace, overflowed=overflowed)


def _interval(poll: Poll, *, careful: bool) -> tuple[timedelta, str]:
    if poll.index:
        return _bounded(poll.interval), "the lists that it names set the pace"
    if poll.habit.known_hours == 0:
        return _bounded(poll.interval), "a first guess"
    pays, rate = _paying(poll.habit, poll.at)
    share = CAREFUL_SHARE if careful else WINDOW_SHARE
    safe = _renewed_within(poll.habit, poll.at, max(poll.entries * share, 1.0))
    if safe < pays:
        return _bounded(safe), f"{share:.0%} of its {poll.entries} entries may be new in {told(safe)}"
    return _bounded(pays), f"{rate:.3g} new entries an hour are usual at this time"


def _paying(habit: Habit, at: datetime) -> tuple[timedelta, float]:
    """The square-root rule: for a given number of polls, all articles together wait least where the interval of each
    list goes with the inverse root of its rate (Sia, Cho, Cho: Efficient Monitoring Algorithm for Fast News Alerts)."""
    usual = (habit.rate(at.hour) + habit.rate(at.hour + 1)) / 2
    rate = max(usual, min(habit.lately, HASTE * habit.mean))
    return HOUR * AT_ONE_AN_HOUR / sqrt(rate), rate


def _renewed_within(habit: Habit, at: datetime, entries: float) -> timedelta:
    """How long until so many new entries have come, at the usual rates of the hours ahead or the recent rate, whichever
    is higher; the weight of the recent rate fades."""
    elapsed, part = 0.0, 1 - (at.minute * 60 + at.second) / 3600
    for ahead in range(LONGEST // HOUR):
        rate = max(habit.rate(at.hour + ahead), habit.lately * exp(-ahead / 2))
        if rate * part >= entries:
            return HOUR * (elapsed + entries / rate)
        entries -= rate * part
        elapsed, part = elapsed + part, 1.0
    return LONGEST


def _overflowed_lately(poll: Poll) -> bool:
    return poll.overflowed_at is not None and poll.at - poll.overflowed_at < CAREFUL_FOR


def _asked(wait: timedelta | None, most: timedelta) -> timedelta:
    return min(max(wait or timedelta(0), timedelta(0)), most)


def _after_failure(poll: Poll) -> NextFetch:
    """Wait longer and longer, never for ever: feeds come back from 404 and from dead name servers."""
    assert poll.failure is not None
    interval = _bounded(poll.interval)
    if poll.status == GONE:
        return NextFetch(interval=interval, wait=FORSAKEN, pace="the server says that it is gone for good")
    wait = interval * (1 + STRETCH[poll.failure] * poll.failures)
    ceiling = LONGEST
    if poll.failures > FAILURES_BEFORE_FORSAKEN:
        wait, ceiling = LONGEST * (poll.failures - FAILURES_BEFORE_FORSAKEN), FORSAKEN
    wait, asked = min(wait, ceiling), _asked(poll.retry_after, LONGEST)
    pace = f"the server asks for {told(asked)}" if asked > wait else f"it could not be read {poll.failures} times"
    return NextFetch(interval=interval, wait=max(wait, asked), pace=pace)


def told(span: timedelta) -> str:
    """A span in the unit that a person would use."""
    minutes = span / timedelta(minutes=1)
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.0f} h"


def _bounded(interval: timedelta) -> timedelta:
    return min(max(interval, SHORTEST), LONGEST)
