"""When an article was published: JSON-LD, meta, `time`, visible text from the headline outwards, address, listing."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from news.dates import FoundDate, best_of, find_dates
from news.documents import ParsedDate, Precision, Source
from news.extract.dom import Layout, Line
from news.extract.explain import Explanation
from news.extract.metadata import Metadata
from news.extract.names import Role
from news.urls import decoded_path

MAX_DATE_LINE = 140  # characters; a longer line mentions a date, it does not state one
_META = (
    "article:published_time", "og:article:published_time", "article:published", "og:published_time", "datepublished",
    "itemprop:datepublished", "publishdate", "publish-date", "publish_date", "pubdate", "publication_date",
    "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date", "dc.date.created", "sailthru.date",
    "parsely-pub-date", "cxenseparse:recs:publishtime", "date", "article.published", "article:post_date",
    "itemprop:datecreated", "og:pubdate",
)  # fmt: skip
_META_MODIFIED = (
    "article:modified_time", "og:updated_time", "article:updated_time", "itemprop:datemodified", "last-modified",
    "lastmod", "dcterms.modified", "revised", "og:modified_time",
)  # fmt: skip
_IN_PATH = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?=[/\-_.]|$)|/((?:19|20)\d\d)(\d\d)(\d\d)(?=[/\-_])")
_HALF = r"(?:[صم]|am|pm|صباحا?ً?|مساءً?)"
_TIME_OF_DAY = re.compile(rf"(?:\D{{0,12}}\s)?\d{{1,2}}[:.]\d\d(?::\d\d)?\s*{_HALF}?", re.IGNORECASE)
_CLOCK_ALONE = re.compile(
    rf"(?:في|الساعة|at|[|،,\-–])?\s*(?P<clock>\d{{1,2}}:\d\d(?::\d\d)?\s*{_HALF}?)"
    r"\s*(?P<zone>ت\s?م|GMT|بتوقيت .{3,20})?",
    re.IGNORECASE,
)
CLUE = re.compile(r"\d|منذ|قبل|[أا]مس|اليوم|ال[آا]ن|ago|today|yesterday|now", re.IGNORECASE)
_WORDY = 30  # characters; a date that is longer has more digits than those of a day
_SHORT = 80  # characters of a line that a clock can belong to
# The form that .NET writes by itself: no country that puts the day first marks the halves of the day in English.
_AMERICAN = re.compile(r"\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d\d(?::\d\d)? [AP]M", re.IGNORECASE)
_MONTHS = 12
_HALF_YEAR = timedelta(days=182)
_HALF_YEARS = range(-10, 3)  # systems keep a rule for years after a country gave it up
_FINE = (Precision.MINUTE, Precision.SECOND)
_COARSE = (Precision.MONTH, Precision.YEAR)

ReadDate = Callable[[str], ParsedDate | None]


class Dated(NamedTuple):
    published: ParsedDate | None
    origin: str | None
    modified: ParsedDate | None


@dataclass(frozen=True, slots=True)
class Clock:
    """What a date without a zone is read by. One page says the same date in several places: each is read once."""

    now: datetime
    source: Source
    known: dict[str, list[FoundDate]] = field(default_factory=dict, compare=False, repr=False)

    def read(self, text: str) -> ParsedDate | None:
        return best_of(self.find(text))

    def is_date(self, text: str) -> bool:
        """Whether a short line states a date and nothing else worth keeping."""
        if len(text) > _WORDY and sum(map(str.isdigit, text)) <= 2:
            return False
        found = self.find(text) if len(text) <= MAX_DATE_LINE and CLUE.search(text) else []
        return bool(found) and sum(one.end - one.start for one in found) >= 0.5 * len(text)

    def find(self, text: str) -> list[FoundDate]:
        found = self.known.get(text)
        if found is None:
            found = find_dates(text, now=self.now, timezone=self.source.timezone, country=self.source.country)
            self.known[text] = found
        return found

    def is_of_other_season(self, date: ParsedDate) -> bool:
        """Whether the date's offset is none that the outlet's zone had then, but one that it had in these years."""
        if date.offset == self.offset_at(date.value):
            return False
        return any(date.offset == self.offset_at(date.value + half * _HALF_YEAR) for half in _HALF_YEARS)

    def offset_at(self, moment: datetime) -> int:
        """Minutes east of UTC of the outlet's zone."""
        try:
            offset = moment.astimezone(ZoneInfo(self.source.timezone)).utcoffset()
        except (ZoneInfoNotFoundError, ValueError):
            return 0
        return int((offset or timedelta()).total_seconds() // 60)


def find_published(
    meta: Metadata,
    nearby: Sequence[Line],
    url: str,
    clock: Clock,
    *,
    own: int = 0,
    chosen: Sequence[str] = (),
    listed: ParsedDate | None = None,
    explain: Explanation | None = None,
) -> Dated:
    """`nearby`: lines that may date the article, of which the first `own` stand at its headline; what these say goes
    before all others. `chosen`: what the source's own selector gave.
    """
    visible = [*_with_clocks(nearby, clock), *_visible(nearby[:own], clock), *_visible(nearby[own:], clock)]
    in_path = _in_path(url, clock)
    days = {one.local.date().isoformat() for one in (*(found.date for found in visible), in_path) if one is not None}
    stated = [read for one in _stated(meta, clock) if (read := _in_order(one, days, clock)) is not None]
    told = [("page", date) for text in chosen if (date := clock.read(text))]
    published, origin = _first(told) or _first(_settled(stated, visible, clock)) or (None, None)
    if published is None:
        seen = _best_visible(visible)
        published, origin = (seen, "page") if seen else (None, None)
    elif origin != "page":
        published, origin = _refined(published, origin, visible)
    if published is None:
        published, origin = (in_path, "url") if in_path else (listed, "feed" if listed else None)
        if in_path and listed and _same_day(in_path, listed) and listed.precision in _FINE:
            published, origin = listed, "feed"
    if explain is not None:
        explain.note("published", stated=[(where, date.evidence) for where, date in stated],
                     visible=[(found.label, found.date.evidence) for found in visible], chosen=origin)  # fmt: skip
    return Dated(published, origin, _modified(meta, visible, published, clock))


def _first(dates: Iterable[tuple[str, ParsedDate]]) -> tuple[ParsedDate, str] | None:
    return next(((date, origin) for origin, date in dates), None)


def _stated(meta: Metadata, clock: Clock) -> list[tuple[str, ParsedDate]]:
    texts = [("json-ld", meta.ld(key)) for key in ("datePublished", "uploadDate", "dateCreated")]
    texts += [("meta", value) for name in _META for value in meta.meta.get(name, ())[:1]]
    found = [(origin, date) for origin, text in texts if text and (date := clock.read(text))]
    return [(origin, _day_if_midnight(date)) for origin, date in found if date.precision not in _COARSE]


def _in_order(stated: tuple[str, ParsedDate], days: Set[str], clock: Clock) -> tuple[str, ParsedDate] | None:
    """«12/9/2026 7:35:00 PM»: systems write their country's order or the American one. The page's own `days`, in ISO
    form, decide; where they do not, neither is believed.
    """
    origin, read = stated
    local = read.local
    ambiguous = _AMERICAN.fullmatch(read.evidence) and local.day <= _MONTHS and local.day != local.month
    if not ambiguous or local.date().isoformat() in days:
        return stated
    swapped = clock.read(local.replace(day=local.month, month=local.day).strftime("%Y-%m-%d %H:%M:%S"))
    known = swapped is not None and swapped.local.date().isoformat() in days
    return (
        (origin, replace(swapped, precision=read.precision, evidence=read.evidence))
        if swapped is not None and known
        else None
    )


def _day_if_midnight(date: ParsedDate) -> ParsedDate:
    """Midnight to the second is what systems write that know the day only."""
    local = date.local
    if date.precision in _FINE and (local.hour, local.minute, local.second) == (0, 0, 0):
        return replace(date, precision=Precision.DAY)
    return date


def _visible(nearby: Sequence[Line], clock: Clock) -> list[FoundDate]:
    found: list[FoundDate] = []
    seen: set[str] = set()
    for text in _date_texts(nearby):
        if text in seen or len(text) > MAX_DATE_LINE or not CLUE.search(text):
            continue
        seen.add(text)
        found += [one for one in clock.find(text) if one.date.precision not in _COARSE and not _is_clock(one)]
    return found


def _with_clocks(nearby: Sequence[Line], clock: Clock) -> Iterator[FoundDate]:
    """A day with the clock that stands alone on the next line, or, where it names its zone, below the text."""
    clocks = {line.index: found for line in nearby if (found := _CLOCK_ALONE.fullmatch(line.text))}
    zoned = next((found["clock"] for found in clocks.values() if found["zone"]), None)
    for line in nearby if clocks else ():
        if len(line.text) > _SHORT or line.index in clocks or not any(map(str.isdigit, line.text)):
            continue
        found = next((clocks[at] for at in (line.index + 1, line.index + 2) if at in clocks), None)
        time = found["clock"] if found else zoned
        for day in clock.find(line.text) if time else ():
            if day.date.precision is Precision.DAY:
                yield from (replace(one, label=day.label) for one in clock.find(f"{day.date.evidence} {time}")[:1])


def _is_clock(found: FoundDate) -> bool:
    """A time of day without its day is that of a ticker as often as not."""
    return _TIME_OF_DAY.fullmatch(found.date.evidence) is not None


def _date_texts(nearby: Sequence[Line]) -> Iterator[str]:
    """`time` attributes, then boxes named for dates as a whole («<time>02:00</time> 1/12/2020»), then single lines."""
    for line in nearby:
        if line.datetime:
            yield line.datetime
    boxes = {}
    for line in nearby:
        for box in reversed(list(line.box.ancestors(3))):
            if box.role is Role.DATE and box.size <= 4:
                boxes[box.order] = box
    for box in boxes.values():
        yield " ".join(line.text for line in nearby_in_order(nearby, box.first, box.last))
    for line in nearby:
        yield line.text


def nearby_in_order(nearby: Sequence[Line], first: int, last: int) -> list[Line]:
    return sorted((line for line in nearby if first <= line.index < last), key=lambda line: line.index)


def _settled(
    stated: list[tuple[str, ParsedDate]], visible: Sequence[FoundDate], clock: Clock
) -> list[tuple[str, ParsedDate]]:
    """What the head states, its zone put right where the page itself shows that it is wrong."""
    return [(origin, _true_zone(date, [other for _, other in stated], visible, clock)) for origin, date in stated]


def _true_zone(
    date: ParsedDate, others: Sequence[ParsedDate], visible: Sequence[FoundDate], clock: Clock
) -> ParsedDate:
    """Local hours labelled UTC, or with the offset of the zone's other season: the visible clock, or another statement,
    shows the same hours in the outlet's zone.
    """
    if date.precision not in _FINE or not (date.offset == 0 or clock.is_of_other_season(date)):
        return date
    for witness in (*others, *(found.date for found in visible)):
        offset = witness.offset
        credible = offset != date.offset and (offset or clock.offset_at(witness.value) == 0)
        if credible and witness.precision in _FINE and _hours(witness) == _hours(date):
            local = date.local.replace(tzinfo=timezone(timedelta(minutes=offset)))
            return replace(date, value=local.astimezone(timezone.utc), offset=offset)  # noqa: UP017
    return date


def _hours(date: ParsedDate) -> tuple[int, ...]:
    return date.local.timetuple()[:5]


def _best_visible(visible: Sequence[FoundDate]) -> ParsedDate | None:
    """The first labelled as publication, else the first that is no update; the finer of one day."""
    labelled = [found.date for found in visible if found.label == "published"]
    plain = [found.date for found in visible if found.label is None]
    rest = [found.date for found in visible]
    first = next(iter(labelled or plain or rest), None)
    if first is not None and first.precision is Precision.MINUTE:
        return next((date for date in rest if date.value.replace(second=0) == first.value), first)
    if first is None or first.precision in _FINE:
        return first
    finer = (date for date in (labelled or plain or rest) if date.precision in _FINE and _same_day(date, first))
    return next(finer, first)


def _refined(published: ParsedDate, origin: str | None, visible: Sequence[FoundDate]) -> tuple[ParsedDate, str | None]:
    """A bare day from the head takes the clock that the page shows for the same day."""
    if published.precision in _FINE:
        return published, origin
    for found in visible:
        if found.label != "modified" and found.date.precision in _FINE and _same_day(found.date, published):
            return found.date, "page"
    return published, origin


def _same_day(one: ParsedDate, other: ParsedDate) -> bool:
    return one.local.date() == other.local.date()


def _in_path(url: str, clock: Clock) -> ParsedDate | None:
    try:
        found = _IN_PATH.search(decoded_path(url).partition("?")[0])
    except ValueError:
        return None
    if found is None:
        return None
    year, month, day = found.groups()[:3] if found[1] else found.groups()[3:]
    return clock.read(f"{year}-{int(month):02}-{int(day):02}")


def _modified(
    meta: Metadata, visible: Sequence[FoundDate], published: ParsedDate | None, clock: Clock
) -> ParsedDate | None:
    """The last edit; one before the publication is a system's own time and says nothing."""
    texts = [meta.ld("dateModified"), *(value for name in _META_MODIFIED for value in meta.meta.get(name, ())[:1])]
    dates = [date for text in texts if text and (date := clock.read(text))]
    dates += [found.date for found in visible if found.label == "modified"]
    for date in dates:
        true = _true_zone(date, [published] if published else [], visible, clock)
        if date.precision not in _COARSE and (published is None or true.value >= published.value):
            return true
    return None


def lines_near(
    layout: Layout, headline: int | None, first: int, last: int, excluded: Callable[[Line], bool], begun: int = 0
) -> tuple[list[Line], int]:
    """Lines that may date or sign an article, and how many of them, the first ones, stand at its headline.

    Those are the lines between headline and text, then those above the headline in the box that holds both, nearest
    first. The last lines of the text and those after it follow, and the top of the page, which often shows the day it
    is read, comes last. `first` and `last` bound the text; where it opens with a standfirst, `begun` is the line that
    goes on.
    """
    start = headline if headline is not None and headline <= first else max(first - 8, 0)
    top = start
    if headline == start and start < len(layout.lines):
        top = next((box.first for box in layout.lines[start].box.ancestors() if box.last > first), start)
    above = range(start - 1, max(start - 9, -1), -1)
    own = [*range(start, max(first + 2, begun)), *(index for index in above if index >= top)]
    others = [*range(max(last - 2, first + 2, begun), last + 6), *(index for index in above if index < top)]

    def kept(numbers: Iterable[int]) -> list[Line]:
        lines = (layout.lines[index] for index in numbers if 0 <= index < len(layout.lines))
        return [line for line in lines if not excluded(line)]

    at_headline = kept(own)
    return [*at_headline, *kept(index for index in dict.fromkeys(others) if index not in own)], len(at_headline)
