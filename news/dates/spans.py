"""Spans of time before now, and days named from today: «منذ ساعتين», «قبل 3 أيام و4 ساعات», «أمس 14:30», «07:46».

They are said of the moment of reading, so a sentence that holds one («قال أمس …») says nothing: it must stand alone.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Final, cast

from news.dates.calendars import Setting, at_clock, before_now, latest_clock, of_day, parsed
from news.dates.clocks import Clock, Doubt
from news.dates.grammar import FURNITURE
from news.dates.lexer import Tokens
from news.dates.words import Unit
from news.documents import ParsedDate, Precision

_AMOUNT: Final = r"[dnk]?[ijY](?:k(?![ijY]))?"  # «ساعة واحدة» says the number after
_AMOUNTS: Final = rf"{_AMOUNT}(?:,?v?{_AMOUNT})*"
_SPAN: Final = re.compile(rf"(?:^|(?<=[s|]))[flu,.\-():]*(?P<span>r{_AMOUNTS}|{_AMOUNTS}g)[flu,.\-():]*(?=[s|]|$)")
_PART: Final = re.compile(r"([dnk])?([ijY])")
_AROUND: Final = re.compile(rf"[{FURNITURE}]*")
_NOW: Final = re.compile(r"[flu,.\-():s|]*N[,.\-():s|]*")
_MINUTES: Final = {"minute": 1, "hour": 60, "day": 1440, "week": 10080}
_MONTHS: Final = {"month": 1, "year": 12}
_MOST: Final = 1000

Found = tuple[ParsedDate, int, int]


def find_spans(tokens: Tokens, place: Setting) -> Iterator[Found]:
    """Dates with the tokens [first, last) they were read from."""
    found = _alone(tokens, place)
    if found is not None:
        yield found, 0, len(tokens.kinds)
        return
    for match in _SPAN.finditer(tokens.kinds):
        first, last = match.span("span")
        if (date := _span(tokens, first, last, place)) is not None:
            yield date, first, last


def _span(tokens: Tokens, first: int, last: int, place: Setting) -> ParsedDate | None:
    amounts = []
    for part in _PART.finditer(tokens.kinds, first, last):
        unit = cast(Unit, tokens.values[part.start(2)])
        number = cast(int, tokens.values[part.start(1)]) if part[1] else None
        count = unit.amount if number is None or unit.amount == 0 else number
        if count is None or count > _MOST:
            return None
        amounts.append((unit.name, count))
    return _before(amounts, place)


def _before(amounts: list[tuple[str, int]], place: Setting) -> ParsedDate | None:
    """As precise as the smallest unit. Months and years do not mix with units of a known length."""
    for table in (_MINUTES, _MONTHS):
        if all(unit in table for unit, _ in amounts):
            smallest = min((unit for unit, _ in amounts), key=table.__getitem__)
            total = sum(table[unit] * count for unit, count in amounts)
            return before_now(smallest, total // table[smallest], place)
    return None


def _alone(tokens: Tokens, place: Setting) -> ParsedDate | None:
    kinds = tokens.kinds
    if _NOW.fullmatch(kinds):
        return parsed(place.now.replace(second=0, microsecond=0).astimezone(place.zone), Precision.MINUTE)
    if kinds.count("c") > 1 or kinds.count("b") > 1 or not _AROUND.fullmatch(kinds.replace("c", "")):
        return None
    clock = cast("Clock | Doubt", tokens.values[kinds.index("c")]) if "c" in kinds else None
    if "b" in kinds:
        return _named_day(cast(int, tokens.values[kinds.index("b")]), clock, place)
    return _clock_alone(clock, tokens, place) if isinstance(clock, Clock) else None


def _named_day(shift: int, clock: Clock | Doubt | None, place: Setting) -> ParsedDate | None:
    """«اليوم» without a clock is more often a newspaper's name than a date."""
    if shift == 0 and not isinstance(clock, Clock):
        return None
    day = place.today + timedelta(days=shift)
    return at_clock(day, clock, place) if clock else of_day(day, place)


def _clock_alone(clock: Clock, tokens: Tokens, place: Setting) -> ParsedDate | None:
    found = latest_clock(clock, place)
    if found is None or found.precision is Precision.DAY:
        return None
    weekdays = {cast(int, value) for kind, value in zip(tokens.kinds, tokens.values, strict=True) if kind == "w"}
    return found if weekdays <= {found.value.astimezone(place.zone).weekday()} else None
