"""The one reader of dates, for feeds, sitemaps, pages and the command line.

A wrong date is worse than none: an unknown month, an impossible day, a range, a future, or two readings of which
neither is likelier give None.

    text ─ fold, lex ─► string of kinds ─ grammar ─► days ─ the nearest clock each ─► moments in the outlet's zone
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal, cast

from news.dates.calendars import Setting, at_clock, of_day, setting
from news.dates.clocks import Clock, Doubt, hour_of_day, make_clock
from news.dates.grammar import FURNITURE, Core, find_cores
from news.dates.lexer import Tokens, fold, lex
from news.dates.spans import find_spans
from news.dates.stamps import read_stamp
from news.documents import Calendar, ParsedDate, Precision

Label = Literal["published", "modified"]


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date and the stretch text[start:end] it was read from; `label` is what the words before it call it."""

    date: ParsedDate
    start: int
    end: int
    label: Label | None = None


@dataclass(slots=True)
class _Time:
    first: int
    last: int
    clock: Clock | Doubt


_TIMELY: Final = re.compile(r"[cah]")
_HOUR_ALONE: Final = re.compile(r"h:?(d)([aAG])?|(d)(a)")
_HALF_BESIDE: Final = re.compile(r"(a)[,:]?c|c\((a)\)")
_CLOCK_RANGE: Final = re.compile(r"c[\-sv](?=c)")
_GAP: Final = re.compile(rf"[{FURNITURE}]*")
_HEADER_GAP: Final = re.compile(rf"[{FURNITURE}c]*")
_LABEL: Final = re.compile(rf"([lu])[{FURNITURE}c]*$")
_REACH: Final = 12  # tokens between a label and its date
_BIDI: Final = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_SAME_DAY_IN_BOTH_CALENDARS: Final = 3  # days that sightings of the moon and Umm al-Qura may differ, generously


def parse_date(text: str, *, now: datetime, timezone: str = "UTC", country: str = "") -> ParsedDate | None:
    """The date of a text, or None. `now` is aware; `timezone` an IANA name, for dates without an offset."""
    return best_of(find_dates(text, now=now, timezone=timezone, country=country))


def best_of(found: Sequence[FoundDate]) -> ParsedDate | None:
    """The one that a text is about, of all that it holds."""
    return min(found, key=_rank).date if found else None


def _rank(found: FoundDate) -> tuple[bool, int, bool]:
    """Days before months; published, unlabelled, modified; Gregorian before Hijri; then in the text's order."""
    label = {"published": 0, None: 1, "modified": 2}[found.label]
    return found.date.precision in (Precision.MONTH, Precision.YEAR), label, found.date.calendar is Calendar.HIJRI


def find_dates(text: str, *, now: datetime, timezone: str = "UTC", country: str = "") -> list[FoundDate]:
    """Every date of a text in its order."""
    place = setting(now, timezone, country)
    stamp = read_stamp(text.strip(), place)
    if isinstance(stamp, Doubt):
        return []
    if stamp is not None:
        return [_found(stamp, text, 0, len(text))]
    folded, places = fold(text)
    tokens = lex(folded)
    cores = list(find_cores(tokens, place))
    if cores:
        dates = _dates(cores, tokens, folded, place)
    else:
        dates = [(date, first, last, None) for date, first, last in find_spans(tokens, place)]
    at = [*places, len(text)] if places else range(len(text) + 1)
    spans = [(at[tokens.starts[first]], at[tokens.ends[last - 1]]) for _, first, last, _ in dates]
    return [_found(date, text, *span, label) for (date, _, _, label), span in zip(dates, spans, strict=True)]


def _found(date: ParsedDate, text: str, start: int, end: int, label: Label | None = None) -> FoundDate:
    evidence = text[start:end].strip().strip(_BIDI).strip()
    with_evidence = ParsedDate(
        value=date.value, precision=date.precision, calendar=date.calendar, evidence=evidence, offset=date.offset
    )
    return FoundDate(with_evidence, start, end, label)


def _dates(
    cores: list[Core], tokens: Tokens, folded: str, place: Setting
) -> list[tuple[ParsedDate, int, int, Label | None]]:
    cores = _without_translations(cores, tokens.kinds)
    times = _attach(cores, _times(cores, tokens, folded), tokens.kinds)
    dates, read_to = [], 0
    for number, core in enumerate(cores):
        time = times.get(number)
        first = min(core.first, time.first if time else core.first)
        last = max(core.last, time.last if time else core.last)
        date = _moment(core, time, place)
        if date is not None and not (core.weak and not _stands_alone(core, time, tokens.kinds)):
            starts = core.first if core.weekday_at is None else core.weekday_at
            dates.append((date, max(min(first, starts), read_to), last, _label(tokens.kinds[read_to:first])))
        read_to = last
    return dates


def _moment(core: Core, time: _Time | None, place: Setting) -> ParsedDate | None:
    if core.day is None:
        return None
    if core.precision is not Precision.DAY:
        return of_day(core.day, place, core.precision, core.calendar)
    return at_clock(core.day, time.clock if time else None, place, core.calendar)


def _label(kinds: str) -> Label | None:
    match = _LABEL.search(kinds, max(0, len(kinds) - _REACH))
    if match is None:
        return None
    return "published" if match[1] == "l" else "modified"


def _stands_alone(core: Core, time: _Time | None, kinds: str) -> bool:
    """Whether only furniture shares the segment, between dividers, of a date that a sentence might merely mention."""
    parts = sorted([(core.first, core.last)] + ([(time.first, time.last)] if time else []))
    first, last = parts[0][0], parts[-1][1]
    start = max(kinds.rfind("s", 0, first), kinds.rfind("|", 0, first)) + 1
    end = min([at for at in (kinds.find("s", last), kinds.find("|", last)) if at >= 0], default=len(kinds))
    gaps = zip([start, *(part[1] for part in parts)], [*(part[0] for part in parts), end], strict=True)
    return all(_GAP.fullmatch(kinds, *gap) for gap in gaps)


def _without_translations(cores: list[Core], kinds: str) -> list[Core]:
    """A header that gives the day in both calendars is one date: the Gregorian."""
    kept: list[Core] = []
    for core in cores:
        if kept and _same_day(kept[-1], core) and _HEADER_GAP.fullmatch(kinds, kept[-1].last, core.first):
            other = kept.pop()
            core = replace(
                core if core.calendar is Calendar.GREGORIAN else other,
                first=other.first, last=core.last, weekday_at=other.weekday_at,
            )  # fmt: skip
        kept.append(core)
    return kept


def _same_day(one: Core, other: Core) -> bool:
    if one.day is None or other.day is None or one.calendar is other.calendar:
        return False
    return one.precision is other.precision and abs((one.day - other.day).days) <= _SAME_DAY_IN_BOTH_CALENDARS


def _times(cores: list[Core], tokens: Tokens, folded: str) -> list[_Time]:
    """The clocks of a text, but those of a range («10:00 - 11:30»), and the hours without minutes."""
    kinds = tokens.kinds
    if not _TIMELY.search(kinds):
        return []
    ranges = {at for match in _CLOCK_RANGE.finditer(kinds) for at in (match.start(), match.end())}
    found = [
        _Time(at, at + 1, cast("Clock | Doubt", tokens.values[at]))
        for at, kind in enumerate(kinds)
        if kind == "c" and at not in ranges
    ]
    if "a" in kinds or "h" in kinds:
        _halve(found, tokens, folded)
        inside = {at for core in cores for at in range(core.first, core.last)}
        hours = (match for match in _HOUR_ALONE.finditer(kinds) if match.start(1) not in inside)
        found += [_hour(match, tokens) for match in hours if match.start(3) not in inside]
    return found


def _hour(match: re.Match[str], tokens: Tokens) -> _Time:
    digit, half = (1, 2) if match[1] else (3, 4)
    word = cast(str, tokens.values[match.start(half)]) if match[half] else None
    hour = cast(int, tokens.values[match.start(digit)])
    return _Time(match.start(), match.end(), make_clock(hour, None, None, word, None))


def _halve(times: list[_Time], tokens: Tokens, folded: str) -> None:
    """«مساء 10:30», «10:30 (مساء)»: the half of the day apart from its clock."""
    by_place = {time.first: time for time in times}
    for match in _HALF_BESIDE.finditer(tokens.kinds):
        at, half = (match.end() - 1, match.start(1)) if match[1] else (match.start(), match.start(2))
        time = by_place.get(at)
        if time and isinstance(time.clock, Clock) and folded[tokens.ends[at] - 1].isdigit():
            hour = hour_of_day(time.clock.hour, time.clock.minute, cast(str, tokens.values[half]))
            time.clock = hour if isinstance(hour, Doubt) else time.clock._replace(hour=hour)
            time.first, time.last = match.span()


def _attach(cores: list[Core], times: list[_Time], kinds: str) -> dict[int, _Time]:
    """The clock of each core by its number: the nearest behind mere furniture, rather after than before."""
    if not times:
        return {}
    starts = [core.first for core in cores]
    pairs = []
    for time in times:
        following = bisect_right(starts, time.first)
        for number in range(max(0, following - 1), min(following + 1, len(cores))):
            distance = _distance(cores[number], time, kinds)
            if distance is not None:
                pairs.append((distance, number >= following, number, time))
    taken: dict[int, _Time] = {}
    used: set[int] = set()
    for _, _, number, time in sorted(pairs, key=lambda pair: pair[:3]):
        if number not in taken and time.first not in used:
            taken[number] = time
            used.add(time.first)
    return taken


def _distance(core: Core, time: _Time, kinds: str) -> int | None:
    if time.first < core.last and time.last > core.first:
        return 0
    first, last = (core.last, time.first) if time.first >= core.last else (time.last, core.first)
    return last - first if _GAP.fullmatch(kinds, first, last) else None
