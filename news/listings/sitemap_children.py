"""Which sitemaps of an index can hold today's articles."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from news.documents import Source

_FRESH = timedelta(hours=48)
_ENDS = 3
_NO_ARTICLES = re.compile(
    r"categor|tags?\b|taxonom|author|users?\b|\bpages?\b|page-sitemap|image|video|static|section", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    url: str
    lastmod: str | None


def worth_a_visit(children: Sequence[Child], source: Source, now: datetime) -> tuple[str, ...]:
    """The children to visit now, in the order of the index.

    An index with lastmods: those changed within 48 hours. Otherwise, those whose address carries the date of today or
    yesterday (in UTC or where the outlet is), else of this month. Otherwise nothing is known: the first
    and the last three, as indices are sorted by age in either direction, leaving out what by its name holds tags,
    pages, pictures and the like, unless nothing else is there.
    """
    dated = [(child, changed) for child in children if (changed := _changed(child.lastmod)) is not None]
    if dated:
        return _unique(child.url for child, changed in dated if now - changed < _FRESH)
    days = _days(source, now)
    for pattern in (_day_pattern(days), _month_pattern(days)):
        if of_today := _unique(child.url for child in children if pattern.search(child.url)):
            return of_today
    urls = _unique(child.url for child in children)
    urls = tuple(url for url in urls if not _NO_ARTICLES.search(url)) or urls
    return urls if len(urls) <= 2 * _ENDS else urls[:_ENDS] + urls[-_ENDS:]


def _unique(urls: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(urls))


def _changed(lastmod: str | None) -> datetime | None:
    """W3C date and time; a day ends when it is over, and without a zone it is taken as UTC."""
    if lastmod is None:
        return None
    try:
        changed = datetime.fromisoformat(lastmod)
    except ValueError:
        return None
    if len(lastmod) == len("2026-11-23"):
        changed += timedelta(days=1)
    return changed if changed.tzinfo else changed.replace(tzinfo=UTC)


def _days(source: Source, now: datetime) -> tuple[date, ...]:
    today = {now.astimezone(UTC).date(), now.astimezone(ZoneInfo(source.timezone)).date()}
    return tuple(sorted(today | {day - timedelta(days=1) for day in today}))


def _day_pattern(days: Sequence[date]) -> re.Pattern[str]:
    """2026-08-14, 2026/8/14, 20260814, 14-08-2026, yyyy=2026&mm=8&dd=14"""
    forms = (
        form
        for day in days
        for form in (
            rf"{day.year}\D{{1,7}}0?{day.month}\D{{1,7}}0?{day.day}",
            rf"{day:%Y%m%d}",
            rf"0?{day.day}\D0?{day.month}\D{day.year}",
        )
    )
    return re.compile(rf"(?<!\d)(?:{'|'.join(forms)})(?!\d)")


def _month_pattern(days: Sequence[date]) -> re.Pattern[str]:
    """2026-08, 2026/8, 202608, yyyy=2026&mm=8"""
    months = {(day.year, day.month) for day in days}
    forms = (rf"{year}\D{{1,7}}0?{month}|{year}{month:02}" for year, month in sorted(months))
    return re.compile(rf"(?<!\d)(?:{'|'.join(forms)})(?!\d)")
