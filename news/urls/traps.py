"""Addresses that a site can make without end."""

import re
from collections import Counter

_LONGEST = 2048
_DEEPEST = 16
_MOST_PARAMETERS = 12
_CALENDAR_SEGMENTS = frozenset(("calendar", "calender", "ical", "events-calendar", "%D8%AA%D9%82%D9%88%D9%8A%D9%85"))
_CALENDAR_PARAMETERS = re.compile(r"(?:^|&)(?:tribe-bar-date|eventdisplay|(?:outlook-)?ical|cal(?:endar)?)=", re.I)
_ESCAPED_ESCAPES = re.compile(r"%25(?:25)+")


def trap(url: str) -> str | None:
    """Why this address looks like one of endlessly many, or None. Takes the escaped form."""
    if len(url) > _LONGEST:
        return f"longer than {_LONGEST} characters"
    if _ESCAPED_ESCAPES.search(url):
        return "escapes escaped again and again"
    path, _, query = url.partition("#")[0].partition("?")
    return _path_trap([segment for segment in path.split("/")[3:] if segment]) or _query_trap(query)


def _path_trap(segments: list[str]) -> str | None:
    if len(segments) > _DEEPEST:
        return f"more than {_DEEPEST} path segments"
    counts = Counter(segment for segment in segments if not segment.isdigit())  # /2026/8/8/8 is a date and an hour
    if counts and max(counts.values()) > 2:
        return "a path segment again and again"
    if not _CALENDAR_SEGMENTS.isdisjoint(segment.lower() for segment in segments[:-1]):
        return "a calendar"
    return None


def _query_trap(query: str) -> str | None:
    if not query:
        return None
    names = Counter(part.partition("=")[0] for part in query.split("&"))
    if names.total() > _MOST_PARAMETERS:
        return f"more than {_MOST_PARAMETERS} parameters"
    if max(names.values()) > 3:
        return "a parameter again and again"
    return "a calendar" if _CALENDAR_PARAMETERS.search(query) else None
