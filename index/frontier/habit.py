"""What an endpoint usually does: how many new entries come in each hour of the day, learned from its own polls.

A mean over all hours would be asleep when the morning comes; a short memory alone notices the morning after it began.
Hours are those of UTC: time zone, weekend and fasting month need not be known where the habit itself is.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import exp
from typing import Final, Self

HOUR: Final = timedelta(hours=1)
DAY: Final = 24
# Of an hour that is seen once a day, so many days count; of the last hours, so many.
MEMORY_DAYS: Final = 7.0
MEMORY_HOURS: Final = 1.0
# An hour of the day is believed as much as the mean of all after so many hours of looking at it.
DOUBT: Final = 1.0
# What lies further back teaches nothing about today.
LOOKED_BACK: Final = timedelta(days=7)
# A list whose entries were dated by the minute it was made says nothing about when they came.
FEWEST_DATES: Final = 4
SHORTEST_SPAN: Final = HOUR

_LAYOUT: Final = struct.Struct(f"<{2 * DAY + 2}f")


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """Entries that were new, and hours looked at, by hour of the day and of late; both fade."""

    entries: tuple[float, ...] = (0.0,) * DAY
    hours: tuple[float, ...] = (0.0,) * DAY
    late_entries: float = 0.0
    late_hours: float = 0.0

    @property
    def known_hours(self) -> float:
        """Hours looked at, as far as they still count: 24 after a day, some 100 after a week, never above 168."""
        return sum(self.hours)

    @property
    def mean(self) -> float:
        """New entries an hour. The next one may come at any moment, so one more than was seen counts."""
        return (sum(self.entries) + 1) / (self.known_hours + 0.25)

    @property
    def lately(self) -> float:
        """New entries an hour in the last one or two."""
        return self.late_entries / (self.late_hours + 0.25)

    def rate(self, hour: int) -> float:
        """New entries an hour to be expected at this hour of the day (any integer)."""
        hour %= DAY
        return (self.entries[hour] + DOUBT * self.mean) / (self.hours[hour] + DOUBT)

    def with_poll(self, since: datetime, now: datetime, new: int) -> Self:
        """`new` entries came between two looks, nobody knows when: spread evenly."""
        elapsed = max((now - since) / HOUR, 0.0)
        fade = exp(-elapsed / MEMORY_HOURS)
        entries, hours = list(self.entries), list(self.hours)
        _spread(entries, hours, since, now, new)
        return type(self)(
            entries=tuple(entries),
            hours=tuple(hours),
            late_entries=self.late_entries * fade + new,
            late_hours=self.late_hours * fade + elapsed,
        )

    def with_dates(self, dates: Sequence[datetime], now: datetime) -> Self:
        """The dates of a first list are a history of their own, where they can be believed."""
        told = sorted(at for at in dates if at <= now)
        if len(told) < FEWEST_DATES or told[-1] - told[0] < SHORTEST_SPAN:
            return self
        entries, hours = list(self.entries), list(self.hours)
        began = max(told[0], now - LOOKED_BACK)
        moments = [began, *(at for at in told if at > began)]
        for before, at in pairwise(moments):
            _spread(entries, hours, before, at, 1)
        _spread(entries, hours, moments[-1], now, 0)
        return type(self)(entries=tuple(entries), hours=tuple(hours))

    def pack(self) -> bytes:
        return _LAYOUT.pack(*self.entries, *self.hours, self.late_entries, self.late_hours)

    @classmethod
    def unpack(cls, data: bytes | None) -> Self:
        """What an unknown version wrote is forgotten: it is learned again within a day."""
        if data is None or len(data) != _LAYOUT.size:
            return cls()
        values = _LAYOUT.unpack(data)
        return cls(entries=values[:DAY], hours=values[DAY:-2], late_entries=values[-2], late_hours=values[-1])


def longest_gap(dates: Sequence[datetime], now: datetime) -> timedelta | None:
    """The longest time without an entry in a first list's last days, where its dates can be believed."""
    told = sorted(at for at in dates if now - LOOKED_BACK <= at <= now)
    if len(told) < FEWEST_DATES or told[-1] - told[0] < SHORTEST_SPAN:
        return None
    return max(after - before for before, after in pairwise(told))


def _spread(entries: list[float], hours: list[float], start: datetime, end: datetime, new: int) -> None:
    """Credit the hours of the day between two moments with an even share of `new`; what they knew fades."""
    whole = max((end - start) / HOUR, 1e-6)
    for hour, part in _parts(max(start, end - LOOKED_BACK), end):
        fade = exp(-part / MEMORY_DAYS)
        entries[hour] = entries[hour] * fade + new * part / whole
        hours[hour] = hours[hour] * fade + part


def _parts(start: datetime, end: datetime) -> Iterator[tuple[int, float]]:
    """The hours of the day that a span touches, in order, and how much of each, in hours. An instant touches one."""
    at = start.astimezone(UTC)
    if at >= end:
        yield at.hour, 1e-6
    while at < end:
        following = min(at.replace(minute=0, second=0, microsecond=0) + HOUR, end.astimezone(UTC))
        yield at.hour, (following - at) / HOUR
        at = following
