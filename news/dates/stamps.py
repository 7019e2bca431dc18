"""Dates that programs write: ISO 8601 and digits only. A whole text or nothing."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from news.dates.calendars import FIRST_YEAR, TOLERANCE, Setting, at_clock, gregorian, of_day, parsed
from news.dates.clocks import Doubt, make_clock
from news.documents import ParsedDate, Precision

_ISO: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:([T ])(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?\s?(Z|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII | re.IGNORECASE,
)
_BASIC: Final = re.compile(
    r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?(?:[.,]\d+)?(Z|[+-]\d\d(?::?\d\d)?)?)?", re.ASCII | re.IGNORECASE
)
_YEAR_MONTH: Final = re.compile(r"(\d{4})(?:-(\d\d))?", re.ASCII)
_EPOCH: Final = re.compile(r"[1-9]\d{9}(?:\d{3})?", re.ASCII)
_FIRST_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)


def _dated(fields: tuple[str | None, ...], place: Setting) -> ParsedDate | None:
    year, month, day, hour, minute, second, zone = fields
    found = gregorian(int(year or 0), int(month or 0), int(day or 0))
    if found is None or hour is None:
        return of_day(found, place) if found else None
    seconds = int(second) if second else None
    return at_clock(found, make_clock(int(hour), int(minute or 0), seconds, None, (zone or "").lower()), place)


def _epoch(text: str, place: Setting) -> ParsedDate | None:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(text[:10]))
    return parsed(moment, Precision.SECOND) if _FIRST_EPOCH <= moment <= place.now + TOLERANCE else None


def _year_or_month(year: str, month: str | None, place: Setting) -> ParsedDate | None:
    found = gregorian(int(year), int(month or 1), 1)
    return of_day(found, place, Precision.MONTH if month else Precision.YEAR) if found else None


def read_stamp(text: str, place: Setting) -> ParsedDate | Doubt | None:
    """None if the text is no stamp; IMPOSSIBLE if it is one, of no day that was."""
    if not text[:4].isdigit():
        return None
    if iso := _ISO.fullmatch(text):
        if int(iso[1]) < FIRST_YEAR:
            return None  # perhaps a Hijri year
        opening_hours = iso[4] == " " and iso[7] is None and ":" in (iso[8] or "") and (iso[8] or "").startswith("-")
        if opening_hours:
            return Doubt.IMPOSSIBLE
        return _dated(iso.group(1, 2, 3, 5, 6, 7, 8), place) or Doubt.IMPOSSIBLE
    if _EPOCH.fullmatch(text):
        return _epoch(text, place) or Doubt.IMPOSSIBLE
    if basic := _BASIC.fullmatch(text):
        return _dated(basic.groups(), place) or Doubt.IMPOSSIBLE
    if (short := _YEAR_MONTH.fullmatch(text)) and int(short[1]) >= FIRST_YEAR:
        return _year_or_month(short[1], short[2], place) or Doubt.IMPOSSIBLE
    return None
