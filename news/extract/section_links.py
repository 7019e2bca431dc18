"""Sections that no class names: an entry of the menu that stands at the headline too, and a line below the text."""

import re

from news.arabic import normalise, words
from news.extract.dom import Anchor, Layout, Line
from news.extract.names import Role
from news.extract.outlet import PARTED
from news.extract.phrase_lists import fold, phrase_words, phrases

FRONT = re.compile(r"(?:https?://[^/]+)?/?(?:ar|arabic|index\.\w+)?/?", re.IGNORECASE)
_MENU_WORDS = 4  # of an entry
_KICKER = 3  # words
_ABOVE = 3  # lines above the headline
_BELOW = 8  # lines after the text in which its section is told
_MANY = 3  # entries above the headline are the menu itself
_filed = re.compile(rf"\W*{phrases('section_leads')}\s*[:：|]?\s*(?=\S)").match
_NOT_SECTIONS = frozenset((Role.BYLINE, Role.TAGS, Role.SHARE, Role.NAVIGATION, Role.POPULAR, Role.RELATED))


def in_menu(layout: Layout, headline: int | None, first: int, titles: tuple[str, str]) -> list[str]:
    """Names at the headline, or between it and the text (`first`), that the menu at the top of the page has too; then
    those that stand before the title in its own line, or beside it in the head.
    """
    menu: dict[str, Anchor] = {}
    for anchor in layout.anchors:
        if anchor.line >= (first if headline is None else headline):
            break
        if 0 < len(anchor.text.split()) <= _MENU_WORDS and not FRONT.fullmatch(anchor.href.partition("#")[0]):
            menu.setdefault(normalise(anchor.text), anchor)
    title, stated = titles
    kicker = layout.lines[headline].text.removesuffix(title).strip(" :|-–") if headline is not None else ""
    beside = [kicker] if is_known(kicker) else []
    beside += [part for part in (kicker, *PARTED.split(stated)) if normalise(part) in menu]
    return [*(_at_headline(layout, headline, first, menu) if headline is not None else ()), *beside]


def is_known(text: str) -> bool:
    """Whether a line without a link says a section by its words alone; else it is a kicker of the story."""
    known = phrase_words("section_words")
    parts = words(text)
    return 0 < len(parts) <= _KICKER and all(part in known or part.removeprefix("ال") in known for part in parts)


def _at_headline(layout: Layout, headline: int, first: int, menu: dict[str, Anchor]) -> list[str]:
    above = [name for line in layout.lines[max(headline - _ABOVE, 0) : headline] for name in _entries(line, menu)]
    below = [name for line in layout.lines[headline + 1 : first] for name in _entries(line, menu)]
    return [*(above if len(above) < _MANY else ()), *below]


def _entries(line: Line, menu: dict[str, Anchor]) -> list[str]:
    if line.box.hidden or any(box.role in _NOT_SECTIONS for box in line.box.ancestors(4)):
        return []
    if not line.anchors:
        entry = menu.get(normalise(line.text)) if len(line.text.split()) <= _MENU_WORDS else None
        return [line.text] if entry is not None else []
    pairs = ((anchor, menu.get(normalise(anchor.text))) for anchor in line.anchors)
    return [one.text for one, entry in pairs if entry is not None and entry is not one and entry.href == one.href]


def filed_below(layout: Layout, last: int) -> list[str]:
    """«نشر في: <a>اقتصاد</a>» after the text, which ends with line `last`, and links whose `rel` says category."""
    found: list[str] = []
    for line in layout.lines[last + 1 : last + 1 + _BELOW]:
        if any(box.role in (Role.RELATED, Role.POPULAR, Role.COMMENTS, Role.SIDEBAR) for box in line.box.ancestors(6)):
            break
        lead = _filed(fold(line.text)) if line.anchors else None
        told = lead is not None and len(line.text) <= lead.end() + sum(len(one.text) + 3 for one in line.anchors)
        found += [one.text for one in line.anchors if one.text and (told or "category" in one.rel.split())]
    return found
