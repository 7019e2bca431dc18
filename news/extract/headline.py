"""The article's headline: the visible one where it can be told, else what the head says without the outlet's name."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from news.arabic import words
from news.documents import Source
from news.extract.dom import Layout, Line
from news.extract.furniture import phrase_of
from news.extract.headings import kind_of
from news.extract.metadata import Metadata
from news.extract.names import Role
from news.extract.outlet import shown_names

_SEPARATOR = re.compile(r"\s+[|\-–—:»«•·~]+\s+|\s*[|»]\s*")
_CLIPPED = re.compile(r"\s*(?:\.{2,}|…)\s*$")
_ENOUGH = 0.72  # of the words of two headlines alike
_MAX = 300
_NAME = 6  # words of a title that can be the outlet's name
_KICKER = 4  # words
_WORDS, _DIGITS = 4, 6  # at least so many words, at most so many digits are a headline that nothing marks
_BELOW = 8  # lines below a headline among which the text begins
_PROSE = 80  # characters
_OUTSIDE = frozenset((Role.NAVIGATION, Role.SIDEBAR, Role.POPULAR, Role.BREADCRUMB, Role.RELATED))
_UPPER = 400  # lines from the top among which a headline stands


class Headline(NamedTuple):
    """`line` is where it stands among the page's lines, None where it is not visible."""

    text: str
    line: Line | None
    origin: str


def find_headline(layout: Layout, meta: Metadata, source: Source, listed: str | None) -> Headline | None:
    names = _site_names(meta, source) | shown_names(layout, source)
    stated = [text for text in _stated(meta, names) if not _is_site(text, names)]
    visible = [line for line in _headings(layout) if not _is_site(line.text, names)]
    agreed = _agreeing(visible, stated or ([listed] if listed else []))
    if agreed is not None:
        return Headline(_without_kicker(agreed.text, stated), agreed, "page")
    lone = _lone_h1(visible)
    if lone is not None:
        return Headline(lone.text, lone, "page")
    alone = _part_alone(layout, [*stated, meta.title]) or _above_prose(layout, visible, meta)
    if alone is not None:
        return Headline(alone.text, alone, "page")
    parted = _after_topic(layout, [*stated, meta.title])
    if parted is not None:
        return parted
    for text in (*stated, listed or ""):
        if text:
            return Headline(_CLIPPED.sub("…", text), _first_alike(layout, text), "meta")
    first = next(iter(visible), None)
    return Headline(first.text, first, "page") if first else None


def _without_kicker(text: str, stated: Iterable[str]) -> str:
    """The end of a heading that the head calls the title, where a few words about it stand before it there."""
    for title in stated:
        before = text.removesuffix(title)
        if before != text and before.strip() and len(title.split()) >= 4 and len(before.split()) <= _KICKER:
            return title
    return text


def alike(left: str, right: str) -> float:
    """How much two headlines are one: 1 where one is the beginning of the other, else their words' similarity."""
    ours, theirs = _words(left), _words(right)
    if not ours or not theirs:
        return 0.0
    shorter, longer = sorted((ours, theirs), key=len)
    if len(shorter) >= 4 and longer[: len(shorter)] == shorter:
        return 1.0
    if ours == theirs:
        return 1.0
    shared = 2 * len(set(ours) & set(theirs)) / (len(set(ours)) + len(set(theirs)))
    return shared if shared < 0.5 else SequenceMatcher(None, ours, theirs, autojunk=False).ratio()


@lru_cache(maxsize=1024)
def _words(text: str) -> list[str]:
    return words(_CLIPPED.sub("", text))


def _stated(meta: Metadata, names: set[str]) -> list[str]:
    raw = [
        meta.ld("headline", "name"),
        meta.first("og:title", "twitter:title", "itemprop:headline", "title"),
        meta.title,
    ]
    return [text for one in raw if (text := without_site(one, names))]


def without_site(title: str, names: set[str]) -> str:
    """A title without the parts that name the outlet or its section: from the end, then from the beginning."""
    before, colon, after = title.partition(":")
    if colon and after.strip(": ") and _fold(before) in names:
        title = after.strip(": ")
    parts = _SEPARATOR.split(title)
    marks = _SEPARATOR.findall(title)
    while len(parts) > 1 and (_is_site(parts[-1], names) or not parts[-1].strip()):
        parts.pop()
        marks.pop()
    while len(parts) > 1 and (_is_site(parts[0], names) or not parts[0].strip()):
        parts.pop(0)
        marks.pop(0)
    if len(parts) > 1 and "|" in marks[-1] and len(parts[-1].split()) <= 4 <= len(" ".join(parts[:-1]).split()):
        parts.pop()
        marks.pop()
    joined = parts[0] + "".join(mark + part for mark, part in zip(marks, parts[1:], strict=True))
    return joined.strip()[:_MAX]


def _site_names(meta: Metadata, source: Source) -> set[str]:
    host = source.homepage.split("//")[-1].split("/")[0].removeprefix("www.")
    names = [source.name, meta.site_name, host, host.split(".")[0], source.id.replace("-", " ")]
    return {folded for name in names if (folded := _fold(name))}


def _fold(text: str) -> str:
    return "".join(words(text))


def _is_site(text: str, names: set[str]) -> bool:
    if len(text) > 2 * max(map(len, names), default=0) + 40:
        return False
    folded = _fold(text)
    if folded in names:
        return True
    # «موقع كذا الإخباري», "CNNArabic.com": the name with a few words around it.
    return len(text.split()) <= 5 and any(
        len(name) >= 4 and name in folded and len(name) * 2 > len(folded) for name in names
    )


def _headings(layout: Layout) -> list[Line]:
    found = []
    for line in layout.lines:
        if (
            (line.level in (1, 2, 3) or _is_titled(line.box.names) or line.box.itemprop in ("headline", "name"))
            and not line.box.hidden
            and 6 <= len(line.text) <= _MAX
            and kind_of(line.text) is None
        ):
            found.append(line)
    return found


@lru_cache(maxsize=4096)
def _is_titled(names: str) -> bool:
    folded = names.lower()
    return "title" in folded or "headline" in folded


def _agreeing(visible: Iterable[Line], stated: list[str]) -> Line | None:
    """The heading most like what the head says; of equals the higher, then the first."""
    tokens = {token for text in stated for token in text.split()}
    best: Line | None = None
    best_rank = (0.0, -8, 0)
    for line in visible:
        if tokens.isdisjoint(line.text.split()):
            continue
        likeness = max(alike(line.text, text) for text in stated)
        rank = (round(likeness, 1), -(line.level or 7), -line.index)
        if likeness >= _ENOUGH and rank > best_rank:
            best, best_rank = line, rank
    return best


def _lone_h1(visible: Iterable[Line]) -> Line | None:
    """The only h1 that reads like a headline: an outlet may word its head for search engines."""
    h1 = [line for line in visible if line.level == 1 and len(line.text.split()) >= 3 and not _is_outside(line)]
    return h1[0] if len({line.text for line in h1}) == 1 else None


def _above_prose(layout: Layout, visible: Iterable[Line], meta: Metadata) -> Line | None:
    """The heading over the page's first prose, where the head knows a few words only and the page does not show them:
    the outlet's own name.
    """
    named = meta.ld("headline", "name") or meta.first("og:title", "twitter:title", "itemprop:headline")
    if named or len(meta.title.split()) > _NAME or _first_alike(layout, meta.title) is not None:
        return None
    for line in visible:  # headings
        below = layout.lines[line.index + 1 : line.index + 1 + _BELOW]
        heads = line.level and line.link_share < 0.5 and len(line.text.split()) >= 3 and not _is_outside(line)
        if heads and any(len(other.text) >= _PROSE and other.link_share < 0.3 for other in below):
            return line
    return _longest_above_prose(layout)


def _longest_above_prose(layout: Layout) -> Line | None:
    """On pages without headings: the longest of the few lines over the prose that is neither link, date nor label."""
    prose = next((line for line in layout.lines[:_UPPER] if len(line.text) >= _PROSE and line.link_share < 0.3), None)
    above = layout.lines[max(prose.index - _BELOW, 0) : prose.index] if prose is not None else []
    return max(filter(_may_head, above), key=lambda line: len(line.text), default=None)


def _may_head(line: Line) -> bool:
    text = line.text
    if line.anchors or line.box.hidden or _is_outside(line) or line.box.role in (Role.CAPTION, Role.DATE, Role.BYLINE):
        return False
    if text.endswith((".", "،", ":")) or sum(map(str.isdigit, text)) > _DIGITS or phrase_of(text) is not None:
        return False
    return len(text.split()) >= _WORDS


def _is_outside(line: Line) -> bool:
    return any(box.role in _OUTSIDE for box in line.box.ancestors(6))


def _part_alone(layout: Layout, stated: Iterable[str]) -> Line | None:
    """A line that is the head's title but for what a bar or dash parts from it: section, date, outlet."""
    parts = {part.strip() for text in stated for part in _SEPARATOR.split(text) if len(part.split()) >= 4}
    if not parts:
        return None
    lines = [line for line in layout.lines[:_UPPER] if line.link_share < 0.5 and 6 <= len(line.text) <= _MAX]
    exact = next((line for line in lines if line.text in parts), None)
    return exact or next((line for line in lines for part in parts if _is_damaged(line.text, part)), None)


def _after_topic(layout: Layout, stated: Iterable[str]) -> Headline | None:
    """«أخبار العراق: …»: a line that ends with a part of the head's title, behind the topic that it is filed under."""
    parts = {part.strip() for text in stated for part in _SEPARATOR.split(text) if len(part.split()) >= 4}
    for line in layout.lines[:_UPPER] if parts else ():
        topic, colon, rest = line.text.partition(": ")
        if colon and rest in parts and len(topic.split()) <= _KICKER and line.link_share < 0.5:
            return Headline(rest, line, "page")
    return None


def _is_damaged(text: str, part: str) -> bool:
    """Whether two titles differ by a word that a bad byte spoilt."""
    ours, theirs = text.split(), part.split()
    if len(ours) != len(theirs) or "\ufffd" not in text + part:
        return False
    return all(one == other or "\ufffd" in one + other for one, other in zip(ours, theirs, strict=True))


def _first_alike(layout: Layout, title: str) -> Line | None:
    for line in layout.lines:
        if 0.5 < len(line.text) / max(len(title), 1) < 2 and line.link_share < 0.5 and alike(line.text, title) >= 0.9:
            return line
    return None
