"""Which tokens make a day: regular expressions on the string of kinds, and the reading of what they match.

Years are never guessed from other text, days never from a month: what matches in form but is no day keeps its place, so
that no part of it is read as something else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, cast

from news.dates.calendars import Setting, gregorian, hijri, may_be_persian
from news.dates.lexer import Tokens
from news.dates.words import Month
from news.documents import Calendar, Precision

# What may stand around a date without being part of a sentence.
FURNITURE: Final = r"wfluhjYvaAGHEob,\-s.():|"
_SEP: Final = r"[,/.\-s]{0,2}"
_OF: Final = r"[fYj]*"
_MONTH: Final = r"m(?:[/\-,s]?m|\(m\)){0,2}"
_DAY: Final = r"(?:do?|D(?=f))"
_CORE: Final = re.compile(
    rf"(?P<ymd>y(?P<a>[/.\-s])d(?P=a)d)"
    rf"|(?P<dmy>d(?P<b>[/.\-s])d(?P=b)y)"
    rf"|(?P<named>{_DAY}{_SEP}{_OF}{_MONTH}{_SEP}{_OF}y|y{_SEP}{_MONTH}{_SEP}d|{_MONTH}{_SEP}do?{_SEP}y|{_MONTH}dcy|yw{_SEP}d{_MONTH})"
    rf"|(?P<mail>d{_SEP}m{_SEP}d(?=,?c))"
    rf"|(?P<qualified>{_DAY}{_SEP}{_OF}{_MONTH}{_OF}[pqF])"
    rf"|(?P<yearless>{_DAY}{_SEP}{_OF}{_MONTH}|{_MONTH}{_SEP}do?)"
    rf"|(?P<month>(?:E{_OF})?(?:{_MONTH}{_SEP}{_OF}y|{_MONTH}{_OF}[pqF]))"
)
_REACH: Final = 8  # tokens between a weekday and its date
_RANGE_BEFORE: Final = re.compile(r"(?:[dD][/.\-sv]|[ny][/.\-]|m[\-sv])$")
_RANGE_AFTER: Final = re.compile(r"[\-sv](?:[dDm])")
_NOUN_BEFORE: Final = re.compile(r"[xwiYm]$")
_WEEKS_OF_A_MONTH: Final = 5
_WEEKDAY_BEFORE: Final = re.compile(r"w[,\-sfj(.]*$")
_WEEKDAY_AFTER: Final = re.compile(r"[HG,\-s(]*w")


@dataclass(slots=True)
class Core:
    """The tokens [first, last) of a date. `day` is None where they are no day; `weak` ones need their segment alone."""

    first: int
    last: int
    day: date | None = None
    precision: Precision = Precision.DAY
    calendar: Calendar = Calendar.GREGORIAN
    weak: bool = False
    weekday_at: int | None = None


@dataclass(frozen=True, slots=True)
class Fields:
    form: str
    kinds: str
    numbers: tuple[int, ...]
    year: int | None
    month: Month | None
    era: str
    weekday: int | None


def find_cores(tokens: Tokens, place: Setting) -> Iterator[Core]:
    for match in _CORE.finditer(tokens.kinds):
        core = Core(match.start(), match.end())
        era = tokens.kinds[core.last : core.last + 1]
        if era in ("G", "H") and tokens.kinds[core.last - 1] in "yd":
            core.last += 1
        weekday = _weekday(core, tokens)
        fields = _fields(match, tokens, era, weekday)
        if fields is not None and not _in_a_range(core, tokens) and not _adjective(core, tokens):
            _read(core, fields, place)
        yield core


def _weekday(core: Core, tokens: Tokens) -> int | None:
    if before := _WEEKDAY_BEFORE.search(tokens.kinds, max(0, core.first - _REACH), core.first):
        core.weekday_at = before.start()
        return cast(int, tokens.values[before.start()])
    after = _WEEKDAY_AFTER.match(tokens.kinds, core.last)
    return cast(int, tokens.values[after.end() - 1]) if after else None


def _in_a_range(core: Core, tokens: Tokens) -> bool:
    """«5-7 نوفمبر 2020», «1/2/2020/5»: a stretch of days, or no date at all."""
    if _RANGE_BEFORE.search(tokens.kinds, max(0, core.first - 2), core.first):
        return True
    if tokens.kinds[core.last - 1] == "m" and _RANGE_AFTER.match(tokens.kinds, core.last):
        return True
    after = tokens.kinds[core.last : core.last + 2]
    if len(after) < 2 or after[0] not in "/.-" or after[1] not in "dny":
        return False
    tight = zip(tokens.ends[core.last - 1 : core.last + 1], tokens.starts[core.last : core.last + 2], strict=True)
    return all(end == start for end, start in tight)


def _adjective(core: Core, tokens: Tokens) -> bool:
    """«الأسبوع الثاني من شباط», «الأحد الأول من مايو»: a part of the month, or a weekday of it, not its second day."""
    if tokens.kinds[core.first] != "D" or cast(int, tokens.values[core.first]) > _WEEKS_OF_A_MONTH:
        return False
    return _NOUN_BEFORE.search(tokens.kinds, max(0, core.first - 1), core.first) is not None


def _fields(match: re.Match[str], tokens: Tokens, era: str, weekday: int | None) -> Fields | None:
    """None where two names of the month disagree."""
    kinds = match[0]
    pairs = list(zip(kinds, tokens.values[match.start() : match.end()], strict=True))
    months = {cast(Month, value) for kind, value in pairs if kind == "m"}
    if len(months) > 1:
        return None
    numbers = tuple(cast(int, value) for kind, value in pairs if kind in "dD")
    year = next((cast(int, value) for kind, value in pairs if kind == "y"), None)
    form = next(name for name in _FORMS if match[name] is not None)
    return Fields(form, kinds, numbers, year, next(iter(months), None), era, weekday)


_FORMS: Final = ("ymd", "dmy", "named", "mail", "qualified", "yearless", "month")


def _read(core: Core, fields: Fields, place: Setting) -> None:
    if fields.form in ("ymd", "dmy"):
        core.day, core.calendar = _numeric(fields, place)
    elif fields.month is not None and fields.form in ("named", "month") and fields.year is not None:
        core.day, core.calendar = _named(fields, fields.year, fields.month)
    elif fields.month is not None and not fields.month.hijri and fields.era != "H":
        core.day = _without_year(fields, fields.month.number, place)
    core.weak = fields.form == "yearless" or (fields.form == "month" and fields.year is not None)
    if fields.form == "month":
        core.precision = Precision.MONTH


def _named(fields: Fields, year: int, month: Month) -> tuple[date | None, Calendar]:
    day = fields.numbers[0] if fields.numbers else 1
    if month.hijri:
        weekday = fields.weekday if fields.numbers else None
        return (None if fields.era == "G" else hijri(year, month.number, day, weekday)), Calendar.HIJRI
    return (None if fields.era == "H" else gregorian(year, month.number, day)), Calendar.GREGORIAN


def _numeric(fields: Fields, place: Setting) -> tuple[date | None, Calendar]:
    year, (first, second) = cast(int, fields.year), fields.numbers
    day, month = (second, first) if fields.form == "ymd" else (first, second)
    if year < 1500:
        known = fields.era == "H" or (fields.era != "G" and not may_be_persian(year, place))
        return (hijri(year, month, day, fields.weekday) if known else None), Calendar.HIJRI
    if fields.era == "H":
        return None, Calendar.HIJRI
    if fields.form == "ymd":
        return gregorian(year, month, day), Calendar.GREGORIAN
    return _day_first(year, day, month, fields.weekday, place), Calendar.GREGORIAN


def _day_first(year: int, day: int, month: int, weekday: int | None, place: Setting) -> date | None:
    """Day first, unless only the other order is a day, or only the other one falls on the weekday written beside it."""
    usual, american = gregorian(year, month, day), gregorian(year, day, month)
    if usual is None or american is None or usual == american:
        return usual or american
    fits = [each for each in (usual, american) if each.weekday() == weekday]
    if len(fits) == 1:
        return fits[0]
    return None if place.country == "US" else usual


def _without_year(fields: Fields, month: int, place: Setting) -> date | None:
    day = fields.numbers[0] if fields.numbers else 1
    if fields.form == "mail":
        # RFC 5322, 4.3: two digits below 50 are of this century.
        short = fields.numbers[1]
        return gregorian(short + (2000 if short < 50 else 1900), month, day) if short > 9 else None
    found = _qualified(fields, month, day, place) if fields.kinds[-1] in "pqF" else _latest(month, day, place)
    if found is None or not fields.numbers or fields.weekday in (None, found.weekday()):
        return found
    return None


def _qualified(fields: Fields, month: int, day: int, place: Setting) -> date | None:
    """«الماضي» is of an earlier month, «الجاري» of this one, «من العام الماضي» of last year."""
    today, qualifier = place.today, fields.kinds[-1]
    if qualifier == "F":
        return None
    if fields.kinds[-2] == "Y":
        return gregorian(today.year - (qualifier == "p"), month, day)
    if qualifier == "q":
        return gregorian(today.year, month, day) if month == today.month else None
    if month == today.month and fields.numbers and day <= today.day:
        return None  # «11 نوفمبر الماضي» on the 23rd of November: some mean this year's
    return gregorian(today.year - (month >= today.month), month, day)


def _latest(month: int, day: int, place: Setting) -> date | None:
    """The last day of this name; the 29th of February may be eight years back."""
    days = (gregorian(place.today.year - back, month, day) for back in range(9))
    return next((each for each in days if each is not None and each <= place.today), None)
