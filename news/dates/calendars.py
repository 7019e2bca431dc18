"""From the fields of a date to a moment: calendars, the outlet's zone, and what is not believed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from hijridate import Hijri

from news.dates.clocks import Clock, Doubt
from news.documents import Calendar, ParsedDate, Precision

TOLERANCE: Final = timedelta(minutes=10)
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199
# A solar Persian year begins in March of the Gregorian year that is so much greater.
_PERSIAN_LAG: Final = 621


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when a text is read."""

    now: datetime
    zone: ZoneInfo
    country: str
    today: date


@lru_cache(maxsize=64)
def setting(now: datetime, timezone: str, country: str) -> Setting:
    zone = ZoneInfo(timezone)
    return Setting(now.astimezone(UTC), zone, country.upper(), now.astimezone(zone).date())


def gregorian(year: int, month: int, day: int) -> date | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


@lru_cache(maxsize=1024)
def hijri(year: int, month: int, day: int, weekday: int | None = None) -> date | None:
    """Umm al-Qura; where the moon was sighted a day earlier or later, the weekday written beside the date says so."""
    try:
        converted = Hijri(year, month, day).to_gregorian()
    except (ValueError, OverflowError):
        return None
    found = date(converted.year, converted.month, converted.day)
    if weekday is None:
        return found
    near = (found + timedelta(days=shift) for shift in (0, -1, 1))
    return next((each for each in near if each.weekday() == weekday), found)


def may_be_persian(year: int, place: Setting) -> bool:
    """Whether a bare year such as 1399 could be one of the solar Persian calendar."""
    return place.country == "IR" or year <= place.today.year - _PERSIAN_LAG


def _zone_of(clock: Clock, local: datetime, place: Setting) -> tzinfo | None:
    if clock.zone is None:
        return place.zone
    if isinstance(clock.zone, int):
        return timezone(timedelta(minutes=clock.zone))
    if "/" in clock.zone:
        return ZoneInfo(clock.zone)
    return place.zone if local.replace(tzinfo=place.zone).tzname() == clock.zone else None


def _precision(clock: Clock) -> Precision:
    if clock.minute is None:
        return Precision.HOUR
    return Precision.MINUTE if clock.second is None else Precision.SECOND


def parsed(moment: datetime, precision: Precision, calendar: Calendar = Calendar.GREGORIAN) -> ParsedDate:
    """`moment` is aware, in the zone it was written in."""
    # Local mean times of long ago have seconds; the offset has none, and value and offset must give the words' clock.
    offset = round((moment.utcoffset() or timedelta(0)).total_seconds() / 60)
    value = moment.replace(tzinfo=UTC) - timedelta(minutes=offset)
    return ParsedDate(value=value, precision=precision, calendar=calendar, offset=offset)


def of_day(
    day: date, place: Setting, precision: Precision = Precision.DAY, calendar: Calendar = Calendar.GREGORIAN
) -> ParsedDate | None:
    if day > place.today:
        return None
    return parsed(datetime.combine(day, time.min, place.zone), precision, calendar)


def at_clock(
    day: date, clock: Clock | Doubt | None, place: Setting, calendar: Calendar = Calendar.GREGORIAN
) -> ParsedDate | None:
    """A day with its time: None if there is no such time or it lies ahead, the day alone if the zone is unknown."""
    if clock is Doubt.IMPOSSIBLE:
        return None
    if not isinstance(clock, Clock):
        return of_day(day, place, calendar=calendar)
    local = datetime.combine(day, time(clock.hour, clock.minute or 0, clock.second or 0))
    zone = _zone_of(clock, local, place)
    if zone is None:
        return of_day(day, place, calendar=calendar)
    found = parsed(local.replace(tzinfo=zone), _precision(clock), calendar)
    return found if found.value <= place.now + TOLERANCE else None


def latest_clock(clock: Clock | Doubt, place: Setting) -> ParsedDate | None:
    """The last time that the clock of a text without a day showed this."""
    return at_clock(place.today, clock, place) or at_clock(place.today - timedelta(days=1), clock, place)


def months_before(day: date, months: int) -> date | None:
    """The first of the month so many months before."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return gregorian(year, month + 1, 1)


def before_now(unit: str, count: int, place: Setting) -> ParsedDate | None:
    """«منذ 3 ساعات» and its like, as precise as its unit."""
    if unit in ("minute", "hour"):
        moment = (place.now - timedelta(**{f"{unit}s": count})).replace(second=0, microsecond=0)
        return parsed(moment.astimezone(place.zone), Precision(unit))
    if unit in ("day", "week"):
        return of_day(place.today - timedelta(days=count * (7 if unit == "week" else 1)), place)
    day = months_before(place.today, count * (12 if unit == "year" else 1))
    if day is None:
        return None
    return of_day(day.replace(month=1) if unit == "year" else day, place, Precision(unit))
