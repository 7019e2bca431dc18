"""The time of day as it is written: «09:23 ص», «14h30», "10:00:00 +0300", «02:21 (GMT+0400)», «18:00 بتوقيت غرينتش»."""

import re
from collections.abc import Mapping
from enum import Enum
from typing import Final, NamedTuple

from news.dates.words import CITIES, ZONES


class Doubt(Enum):
    IMPOSSIBLE = "impossible"  # no such time of day: whatever stands beside it is not to be trusted either
    UNSURE = "unsure"  # a time of day, but which one cannot be told: the day still holds


class Clock(NamedTuple):
    """`zone`: minutes east of UTC, an IANA name, an abbreviation that only the outlet's zone can explain, or None."""

    hour: int
    minute: int | None
    second: int | None
    zone: int | str | None = None


_HALVES: Final = {
    **dict.fromkeys(("ص", "صباحا", "صباح", "am", "a.m.", "a.m", "قبل الظهر", "فجرا", "بعد منتصف الليل"), "am"),
    **dict.fromkeys(
        ("م", "pm", "p.m.", "p.m", "بعد الظهر", "بعد الظهيره", "عصرا", "مساء", "مسا", "مساءا", "مساا"), "pm"
    ),
    **dict.fromkeys(("منتصف الليل",), "midnight"),
    **dict.fromkeys(("ظهرا", "الظهر"), "noon"),
    **dict.fromkeys(("ليلا",), "night"),
}


def _either(names: Mapping[str, object]) -> str:
    return "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in sorted(names, key=len, reverse=True))


HALF: Final = rf"(?:{_either(_HALVES)})(?!\w)"
# A negative offset with a colon needs seconds before it, or «08:00-09:00» would be a zone instead of an opening hour.
_OFFSET: Final = r"(?:\+\d\d(?::?\d\d)?|-\d{4}|(?(second)-\d\d(?::?\d\d)?|(?!)))(?![\d/.:-])"
_IN: Final = r"ب?(?:ال)?توقيت\s+"
_NAMED: Final = rf"(?:{_IN})?(?:{_either(ZONES)}|ت\.?\s?غ)(?!\w)\.?(?:\s*[+-]\s*\d{{1,2}}(?::?\d\d)?(?!\d))?"
_CITY: Final = rf"{_IN}(?:{_either(CITIES)}|\w+)(?!\w)|(?<=\()(?:{_either(CITIES)})(?=\))"
CLOCK: Final = (
    r"(?P<zone_before>(?:gmt|utc)\s+)?(?P<hour>\d{1,2})(?:\s?:\s?|h)(?P<minute>\d\d)(?:\s?:\s?(?P<second>\d\d)(?:[.,]\d{1,9})?)?(?![\d:])"
    rf"(?:\s*(?P<half>{HALF}))?(?:\s*\(?(?P<zone>{_OFFSET}|{_NAMED}|{_CITY})\)?)?"
)
_SIGNED: Final = re.compile(r"([+-])\s*(\d{1,2}?):?(\d\d)?$")
_PLACE: Final = re.compile(r".*توقيت\s+(.+)$")


def _offset(sign: str, hours: str, minutes: str | None) -> int | Doubt:
    total = int(hours) * 60 + int(minutes or 0)
    if total > 14 * 60 or total % 15:
        return Doubt.IMPOSSIBLE
    return -total if sign == "-" else total


def read_zone(text: str) -> int | str | Doubt:
    """The zone of a folded text such as «+03:00», «gmt+3», «بتوقيت مكه المكرمه»."""
    if signed := _SIGNED.search(text):
        return _offset(*signed.groups())
    place = _PLACE.match(text)
    name = " ".join((place[1] if place else text).split()).rstrip(".")
    if name == "المحلي":
        return ""
    if name in ZONES:
        minutes = ZONES[name]
        return name.upper() if minutes is None else minutes
    if name.replace(".", "").replace(" ", "") == "تغ":
        return 0
    return CITIES.get(name, Doubt.UNSURE)


def _at_noon_or_midnight(half: str, hour: int) -> int | Doubt:
    """Hours 1 to 12 with «ظهرا», «ليلا», «منتصف الليل»."""
    if half == "midnight":
        return 0 if hour == 12 else Doubt.IMPOSSIBLE
    if half == "night":
        return hour % 12 if hour == 12 or hour < 6 else hour + 12
    return hour if hour in (11, 12) else hour + 12


def hour_of_day(hour: int, minute: int | None, half: str | None) -> int | Doubt:
    """The hour 0–23 of a time with its half of the day, or why there is none."""
    if hour > 23 or (minute or 0) > 59:
        return Doubt.IMPOSSIBLE
    if half is None:
        return hour if minute is not None or hour > 12 else Doubt.UNSURE
    kind = _HALVES[" ".join(half.split())]
    if hour > 12:
        return Doubt.IMPOSSIBLE if kind == "am" else hour
    if hour == 0:
        return Doubt.IMPOSSIBLE if kind in ("pm", "noon") else 0
    if kind == "am":
        return hour % 12
    if kind == "pm":
        # «الساعة 12 مساء» is midnight to a writer and noon to a program; programs also write the minutes.
        return Doubt.UNSURE if hour == 12 and minute is None else hour % 12 + 12
    return _at_noon_or_midnight(kind, hour)


def make_clock(hour: int, minute: int | None, second: int | None, half: str | None, zone: str | None) -> Clock | Doubt:
    actual = hour_of_day(hour, minute, half)
    if isinstance(actual, Doubt):
        return actual
    if second is not None and second > 60:
        return Doubt.IMPOSSIBLE
    where = read_zone(zone) if zone else None
    if isinstance(where, Doubt):
        return where
    return Clock(actual, minute, None if second is None else min(second, 59), where if where != "" else None)


def read_clock(match: re.Match[str]) -> Clock | Doubt:
    hour, minute, second, half, zone, before = match.group("hour", "minute", "second", "half", "zone", "zone_before")
    return make_clock(int(hour), int(minute), int(second) if second else None, half, zone or (before or "").strip())
