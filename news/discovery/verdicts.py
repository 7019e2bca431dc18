"""What the first look at an endpoint tells, in words for whoever asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from news.documents import EndpointKind, Listing, NotDocument

FROZEN_AFTER = timedelta(days=30)  # whatever is older would not be fetched any more
_AHEAD = timedelta(minutes=10)  # outlets schedule items: a date beyond this is no news of today
_FEWEST_LINKS = 3  # fewer article links than these are an accident on a page of any other kind
_NOUNS = {EndpointKind.FEED: "entry", EndpointKind.SITEMAP: "address", EndpointKind.SECTION: "article link"}
_PLURALS = {"entry": "entries", "address": "addresses"}
_SPANS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointVerdict:
    """`works`: worth polling. `newest` is the latest believable date among the entries, if they have dates."""

    works: bool
    entries: int
    newest: datetime | None
    words: str


def judge_endpoint(kind: EndpointKind, found: Listing | NotDocument, now: datetime) -> EndpointVerdict:
    if isinstance(found, NotDocument):
        return EndpointVerdict(works=False, entries=0, newest=None, words=found.reason)
    entries = len(found.links)
    dates = [link.published.value for link in found.links if link.published is not None]
    newest = max((date for date in dates if date <= now + _AHEAD), default=None)
    works, words = _judge(kind, found, newest, now)
    if works and newest is None and dates:
        words += ", all dated in the future"
    return EndpointVerdict(works=works, entries=entries, newest=newest, words=words)


def _judge(kind: EndpointKind, listing: Listing, newest: datetime | None, now: datetime) -> tuple[bool, str]:
    entries = counted(len(listing.links), _NOUNS[kind])
    if not listing.links:
        if listing.children:
            return True, f"an index of which {counted(len(listing.children), 'sitemap')} may hold news"
        return False, "; ".join(("empty", *listing.problems[:1]))
    if kind is EndpointKind.SECTION and len(listing.links) < _FEWEST_LINKS:
        return False, f"only {entries}"
    if newest is None:
        return True, entries if kind is EndpointKind.SECTION else f"{entries}, without dates"
    if now - newest > FROZEN_AFTER and not listing.children:
        return False, f"frozen: newest entry {span(now - newest)} old"
    return True, f"{entries}, newest {span(now - newest)} ago"


def counted(number: int, noun: str) -> str:
    if number == 1:
        return f"1 {noun}"
    return f"{number:,} {_PLURALS.get(noun, noun + 's')}"


def span(length: timedelta) -> str:
    """A length of time in its largest whole unit: «12 minutes», «93 days»."""
    seconds = max(0, int(length.total_seconds()))
    noun, size = next((unit for unit in _SPANS if seconds >= unit[1]), _SPANS[-1])
    return counted(seconds // size, noun)
