"""What an adaptive schedule is measured against: fixed intervals, and doubling and halving by the share that is new."""

from dataclasses import dataclass
from datetime import timedelta

from index.frontier.visits import NextFetch, Poll
from scheduler.policy import LONGEST, SHORTEST, AdaptivePolicy

MOST_NEW = 0.67
SOME_NEW = 0.33


@dataclass(frozen=True, slots=True)
class Fixed(AdaptivePolicy):
    """Every endpoint in the same rhythm, whatever it has; failures as ever."""

    every: timedelta

    def next_fetch(self, poll: Poll) -> NextFetch:
        if poll.failure:
            return AdaptivePolicy.next_fetch(self, poll)
        return NextFetch(interval=self.every, wait=self.every, pace="fixed")


@dataclass(frozen=True, slots=True)
class Doubling(AdaptivePolicy):
    """Twice as often while most entries are new, a little more rarely while few are: it knows of no hours."""

    def next_fetch(self, poll: Poll) -> NextFetch:
        if poll.failure:
            return AdaptivePolicy.next_fetch(self, poll)
        share = poll.new / poll.entries if poll.entries else 0.0
        factor = 0.5 if share >= MOST_NEW else 1.0 if share >= SOME_NEW else 1.25 if poll.unchanged else 1.2
        interval = min(max(poll.interval * factor, SHORTEST), LONGEST)
        return NextFetch(interval=interval, wait=interval, pace="doubling", overflowed=share >= MOST_NEW)
