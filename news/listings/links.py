"""What feeds, sitemaps and sections share: plain text, dates, and each address once."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from html import unescape

from news.dates import parse_date
from news.documents import Link, Listing, NotDocument, Outcome, ParsedDate, Source
from news.urls import canonical

_TAG = re.compile(r"<(?:/?[a-zA-Z][^<>]*|!--.*?--|!\[CDATA\[|/?)>|\]\]>", re.DOTALL)
_SURROGATE = re.compile(r"[\ud800-\udfff]+")
_ESCAPED_AT_MOST = 3


def plain(text: str | None) -> str | None:
    """A title as people read it, however often it was escaped; None where nothing is left."""
    if not text:
        return None
    for _ in range(_ESCAPED_AT_MOST):
        if "&" not in text or (decoded := unescape(text)) == text:
            break
        text = decoded
    if "<" in text:
        text = _TAG.sub(" ", text)
    return " ".join(_SURROGATE.sub("\ufffd", text).split()) or None


def date_of(text: str | None, source: Source, now: datetime) -> ParsedDate | None:
    """The date in a listing's own words: never as parsed by a library, which would read them as English."""
    return parse_date(text, now=now, timezone=source.timezone, country=source.country) if text else None


def unique(links: Iterable[Link]) -> tuple[Link, ...]:
    """Each canonical URL once, where it came first, with what any of its entries knew."""
    found: dict[str, Link] = {}
    for link in links:
        key = canonical(link.url)
        found[key] = _completed(found[key], link) if key in found else link
    return tuple(found.values())


def _completed(link: Link, other: Link) -> Link:
    return replace(
        link,
        title=link.title or other.title,
        summary=link.summary or other.summary,
        published=link.published or other.published,
        language=link.language or other.language,
    )


def unreadable(reason: str) -> NotDocument:
    return NotDocument(outcome=Outcome.PARSE_ERROR, reason=reason)


def empty(problem: str) -> Listing:
    return Listing(problems=(problem,))
