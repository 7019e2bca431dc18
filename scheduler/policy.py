"""When to come back: pure rules over what an endpoint, a URL or an article has done so far."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from index.frontier.visits import Failure, FailureClass, NextFetch, Poll

SHORTEST: Final = timedelta(minutes=5)
LONGEST: Final = timedelta(hours=24)
FORSAKEN: Final = timedelta(days=30)
GONE: Final = 410

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
    """Shrink the interval while most entries are new, let it grow while few are; obey what the server asks for."""
    share = poll.new / poll.entries if poll.entries else 0.0
    overflowed = not poll.unchanged and poll.entries > 1 and share >= 0.67
    if overflowed:
        factor = 0.5
    elif share >= 0.33:
        factor = 1.0
    else:
        factor = 1.25 if poll.unchanged else 1.2
    interval = _bounded(poll.interval * factor)
    asked = max(poll.ttl or timedelta(0), timedelta(0))
    asked = max(min(asked, timedelta(hours=1)), min(poll.retry_after or timedelta(0), LONGEST))
    return NextFetch(interval=interval, wait=max(interval, asked), overflowed=overflowed)


def _after_failure(poll: Poll) -> NextFetch:
    """Wait longer and longer, never for ever: feeds come back from 404 and from dead name servers."""
    interval = _bounded(poll.interval)
    if poll.status == GONE:
        return NextFetch(interval=interval, wait=FORSAKEN)
    assert poll.failure is not None
    wait = interval * (1 + STRETCH[poll.failure] * poll.failures)
    ceiling = LONGEST
    if poll.failures > FAILURES_BEFORE_FORSAKEN:
        wait, ceiling = LONGEST * (poll.failures - FAILURES_BEFORE_FORSAKEN), FORSAKEN
    return NextFetch(interval=interval, wait=max(min(wait, ceiling), min(poll.retry_after or timedelta(0), LONGEST)))


def _bounded(interval: timedelta) -> timedelta:
    return min(max(interval, SHORTEST), LONGEST)
