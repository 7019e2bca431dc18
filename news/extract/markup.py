"""A tree as its serialised text, cut into tags and what stands between them.

The parser has mended the page, so what it writes is regular: every element but the void ones is closed, attributes are
quoted, and neither `<` nor `>` stands inside a value. Cutting that text costs a small part of what asking the tree for
every node does, and most tags of a page are spelled alike, so each spelling is understood once.
"""

import re
from collections.abc import Iterable, Sequence
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from news.extract.dom import HEADINGS
from news.extract.names import BREAKING, Role, role_of

_VOID = frozenset({"area", "base", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track"})
_SKIPPED = frozenset(
    {
        "amp-ad", "amp-analytics", "amp-embed", "applet", "audio", "button", "canvas", "datalist", "del", "dialog",
        "head", "map", "math", "meter", "noscript", "object", "option", "progress", "select", "template", "textarea",
        "title", "video",
    }
)  # fmt: skip
_INLINE = frozenset(
    {
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "dfn", "em", "font", "i",
        "img", "ins", "kbd", "label", "mark", "nobr", "output", "picture", "q", "rb", "rp", "rt", "ruby", "s",
        "small", "source", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
    }
)  # fmt: skip
# Inline elements whose class says nothing.
_PLAIN = frozenset({"i", "em", "u", "font", "wbr", "sup", "sub", "bdi", "bdo", "mark", "q", "s", "tt"})
_UNMARKED = _PLAIN | _SKIPPED | _VOID  # elements whose end needs no look
_BOLD = frozenset(("b", "strong"))
_MENUS = frozenset(("nav", "footer"))
_DATING = frozenset(("time", "abbr", "span"))
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NAME = re.compile(r"/?([^\s/]+)")
# Where comments, drawings, and the elements begin whose content is written as it stands, with its `<` and `>`.
_UNREAD = re.compile(r"<(?:!--|(script|style|svg|iframe|noembed|noframes|plaintext|xmp)(?=[\s>]))")
_ATTRIBUTE = re.compile(r'\s([^\s=>]+)="([^"]*)"')


class Kind(IntEnum):
    """What a tag does to the lines."""

    IGNORED = 0
    END = 1  # of a box, an inline element or a link
    BOX = 2
    INLINE = 3
    LINK = 4
    PICTURE = 5
    BREAK = 6
    BOLD = 7
    END_OF_BOLD = 8
    MENU = 9  # a box that may be a menu of the site
    SKIPPED = 10  # nothing in it is read


class Tag(NamedTuple):
    """One tag. `label` is a link's title or a picture's alternative text, `datetime` what a date states to machines."""

    kind: Kind
    name: str = ""
    names: str = ""
    role: Role = Role.NONE
    level: int = 0
    hidden: bool = False
    itemprop: str = ""
    datetime: str = ""
    href: str = ""
    rel: str = ""
    label: str = ""


def pieces_of(root: LexborNode) -> list[str]:
    """What stands inside a node, from tag to tag: each piece is a tag without its `<`, and the text that follows it.

    The first one has no tag.
    """
    return (">" + _readable(root.inner_html or "").replace("&nbsp;", "\xa0")).split("<")


def _readable(html: str) -> str:
    kept, at = [], 0
    for found in _UNREAD.finditer(html):
        if found.start() < at:
            continue
        closing = f"</{found[1]}>" if found[1] else "-->"
        end = html.find(closing, found.end())
        if end >= 0:
            kept.append(html[at : found.start()])
            at = end + len(closing)
    return "".join((*kept, html[at:]))


def text_of(pieces: Iterable[str]) -> str:
    return "".join([piece.partition(">")[2] for piece in pieces])


def end_of(pieces: Sequence[str], at: int, name: str, limit: int = 1_000_000) -> int:
    """Where the element that begins at a piece ends, within so many tags; the last of them, where it does not."""
    last = min(len(pieces), at + limit) - 1
    opening, closing = (name + ">", name + " "), f"/{name}>"
    depth = 0
    for place in range(at, last + 1):
        if pieces[place].startswith(closing):
            depth -= 1
            if depth == 0:
                return place
        elif pieces[place].startswith(opening):
            depth += 1
    return last


def unescaped(text: str) -> str:
    if "&" not in text:
        return text
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")


@lru_cache(maxsize=4096)
def tag_of(raw: str) -> Tag:
    found = _NAME.match(raw)
    name = found[1] if found else ""
    if raw[:1] == "/":
        return _end(name)
    if name in _SKIPPED:
        return Tag(Kind.SKIPPED, name)
    if name == "br" or name in _BOLD:
        return Tag(Kind.BREAK if name == "br" else Kind.BOLD, name)
    attributes = {key: unescaped(value) for key, value in _ATTRIBUTE.findall(raw)}
    if name == "img":
        return Tag(Kind.PICTURE, name, label=attributes.get("alt", ""))
    if name in _PLAIN or name in _VOID or not name:
        return Tag(Kind.IGNORED, name)
    return _link(attributes) if name == "a" else _element(name, attributes)


def _end(name: str) -> Tag:
    if name in _BOLD:
        return Tag(Kind.END_OF_BOLD, name)
    return Tag(Kind.IGNORED if name in _UNMARKED else Kind.END, name)


def _link(attributes: dict[str, str]) -> Tag:
    href, rel = attributes.get("href", ""), attributes.get("rel", "")
    label = attributes.get("title") or attributes.get("aria-label") or ""
    names = _names(attributes)
    role = Role.BYLINE if "author" in rel.split() else role_of("a", names)
    return Tag(Kind.LINK, "a", names, role, href=href, rel=rel, label=label)


def _element(name: str, attributes: dict[str, str]) -> Tag:
    names = _names(attributes)
    role = role_of(name, names)
    kind = Kind.BOX
    if name in _INLINE and role not in BREAKING and "display:block" not in attributes.get("style", ""):
        kind = Kind.INLINE
    elif name in _MENUS and role is Role.NAVIGATION:
        kind = Kind.MENU
    level = int(name[1]) if name in HEADINGS else 0
    hidden, itemprop = _is_hidden(attributes), attributes.get("itemprop", "")
    return Tag(kind, name, names, role, level, hidden, itemprop, _datetime(name, attributes))


def _datetime(name: str, attributes: dict[str, str]) -> str:
    """`datetime`, or what microformats (`title`), microdata and RDFa (`content`) say beside what is shown."""
    if name == "time" and attributes.get("datetime"):
        return attributes["datetime"]
    titled = attributes.get("title", "") if name in _DATING else ""
    return next((stated for stated in (titled, attributes.get("content", "")) if _ISO.match(stated)), "")


def _names(attributes: dict[str, str]) -> str:
    """Class, id and role in one string."""
    return " ".join(attributes[key] for key in ("class", "id", "role") if key in attributes).strip()


def _is_hidden(attributes: dict[str, str]) -> bool:
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    return _HIDING.search(attributes.get("style", "")) is not None
