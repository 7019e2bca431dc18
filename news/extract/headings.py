"""The headings over lists of links: those that mean *about this story*, and those that do not."""

import re
from enum import Enum
from functools import lru_cache

from news.extract.phrase_lists import fold, phrases

MAX_HEADING = 60  # characters
FOLDED = 160  # characters of a line that phrases are looked for in
_MAX_BUTTON = 25


class Heading(Enum):
    ABOUT = "about"  # the links below continue this story
    WEAK = "weak"  # they may
    OTHER = "other"  # they do not: most read, latest, more of a section, comments


_is_about = re.compile(phrases("links_about")).fullmatch
_is_weak = re.compile(phrases("links_weak")).fullmatch
_is_other = re.compile(phrases("links_other")).fullmatch
_is_button = re.compile(phrases("buttons")).fullmatch
_lead = re.compile(
    rf"\W*(?P<lead>{phrases('links_leads')}|{phrases('links_about')})(?P<mark>[\s\d]*[:.…\-–—|»«>\"“]+)?\s*"
).match
EDGES = " \t:.…-–—_|»«<>*•●▪■►▶▼↓+\"'“”[]()!،؛/\\#"


@lru_cache(maxsize=4096)
def kind_of(text: str) -> Heading | None:
    """What a heading says of the links below it; None for any other text."""
    if len(text) > MAX_HEADING:
        return None
    folded = " ".join(fold(text).strip(EDGES).split())
    if not folded:
        return None
    if _is_weak(folded):
        return Heading.WEAK
    if _is_about(folded):
        return Heading.ABOUT
    return Heading.OTHER if _is_other(folded) else None


@lru_cache(maxsize=1024)
def is_button(text: str) -> bool:
    """«اقرأ المزيد» and its like, on a link that names nothing."""
    if len(text) > _MAX_BUTTON:
        return False
    return _is_button(" ".join(fold(text).strip(EDGES).split())) is not None


def split_lead(text: str) -> tuple[str, str] | None:
    """«اقرأ أيضا: عنوان» as its lead and the rest; None where the line does not begin so.

    Without a mark after it the lead must be one that begins no sentence of its own.
    """
    folded = fold(text[:FOLDED])
    found = _lead(folded)
    if found is None or not found["lead"].strip():
        return None
    words = len(folded[: found.end("lead")].split())
    parts = text.split(None, words)
    rest = parts[words] if len(parts) > words else ""
    lead = " ".join(parts[:words]).strip(EDGES)
    return lead, rest.lstrip(EDGES)
