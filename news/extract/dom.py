"""A page as the lines a reader sees: one walk over the parsed tree, after which nothing else needs to visit it.

A `Line` is a stretch of text between two block boundaries or `<br>`; a `Box` is a block element and knows the half-open
range of lines inside it. All rules on body, related coverage and dates read lines and boxes only.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from news.extract.names import BREAKING, Role, role_of

_SKIPPED = frozenset(
    {
        "amp-ad", "amp-analytics", "amp-embed", "applet", "audio", "base", "button", "canvas", "datalist",
        "del", "dialog", "embed", "head", "iframe", "input", "link", "map", "math", "meta", "meter", "noscript",
        "object", "option", "progress", "script", "select", "style", "svg", "template", "textarea", "title",
        "video",
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
_PLAIN = frozenset(
    {"b", "strong", "i", "em", "u", "font", "br", "wbr", "sup", "sub", "bdi", "bdo", "mark", "q", "s", "tt"}
)
MAX_LINES = 20_000  # lines, or links, of one page; the longest live blogs have some 5,000
MAX_BOXES = 60_000
_BOLD = frozenset({"b", "strong"})
HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
# Direction marks, zero-width space, soft hyphen, byte order mark: never part of a word.
_INVISIBLE = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffc]+")
_DATING = frozenset(("time", "abbr", "span"))
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_JOINT = "\x1f"  # where two inline elements touch: a blank in a line of labels, nothing in running text
_LABELS = 120  # characters of a line of labels
_MENUS = frozenset(("nav", "footer"))
_MENU = 8_000  # characters with all blanks
_TELLING = re.compile(r"ذات (?:ال)?(?:صلة|علاقة)|[اأإ]قر[أا]|متعلق|هذ[ها] (?:القصة|الموضوع|الخبر)|\d{1,2}:\d\d")
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def clean(text: str) -> str:
    """Text as it is kept: no invisible controls, one blank between words."""
    if not text.isascii() and _INVISIBLE.search(text):
        text = _INVISIBLE.sub("", text)
    return " ".join(text.split())


@dataclass(slots=True, eq=False)
class Box:
    """A block element. `first` and `last` bound its lines; `role` is what its tag, class or id says it is."""

    tag: str
    names: str
    parent: "Box | None"
    role: Role
    order: int
    first: int
    last: int = 0
    hidden: bool = False
    itemprop: str = ""

    def ancestors(self, limit: int = 64) -> "Iterator[Box]":
        """The box itself, then outwards."""
        box: Box | None = self
        while box is not None and limit:
            yield box
            box, limit = box.parent, limit - 1

    def within(self, other: "Box") -> bool:
        return other.first <= self.first and self.last <= other.last and other.order <= self.order

    @property
    def size(self) -> int:
        return self.last - self.first

    @property
    def is_paragraph(self) -> bool:
        return self.tag == "p" and not self.names


@dataclass(slots=True, eq=False)
class Anchor:
    """One `<a>`: its address as written, all its text, the heading inside it, and the alternative text of its picture.

    `line` is the number of lines before it; `signs` is set for a link on an author's name.
    """

    href: str
    box: Box
    line: int
    signs: bool = False
    rel: str = ""
    names: str = ""
    label: str = ""
    text: str = ""
    heading: str = ""
    alt: str = ""
    parts: list[str] = field(default_factory=list)
    heading_parts: list[str] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Line:
    """One line of text. `level` is 1-6 in a heading; `linked` counts the characters inside links."""

    text: str
    box: Box
    index: int
    level: int = 0
    linked: int = 0
    anchors: tuple[Anchor, ...] = ()
    datetime: str = ""
    bold: bool = False

    @property
    def link_share(self) -> float:
        return self.linked / len(self.text) if self.text else 0.0


@dataclass(slots=True, eq=False)
class Layout:
    """All lines and boxes of a page in document order, and running sums over the lines."""

    lines: list[Line] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    chars: list[int] = field(default_factory=lambda: [0])
    linked: list[int] = field(default_factory=lambda: [0])

    @property
    def overfull(self) -> bool:
        """Whether the walk stopped because this is no page that anybody reads."""
        return len(self.lines) >= MAX_LINES or len(self.anchors) >= MAX_LINES or len(self.boxes) >= MAX_BOXES

    def length(self, box: Box) -> int:
        return self.chars[box.last] - self.chars[box.first]

    def link_share(self, box: Box) -> float:
        length = self.length(box)
        return (self.linked[box.last] - self.linked[box.first]) / length if length else 0.0

    def of(self, box: Box) -> list[Line]:
        return self.lines[box.first : box.last]


def layout(*roots: LexborNode | None) -> Layout:
    """The lines below the given nodes, one after the other."""
    reader = _Reader()
    for root in roots:
        if root is not None:
            reader.read(root)
    reader.finish()
    return reader.layout


class _Reader:
    """The walk: depth first without recursion, for pages nested deeper than Python's stack."""

    def __init__(self) -> None:
        self.layout = Layout()
        self.box = Box(tag="body", names="", parent=None, role=Role.NONE, order=0, first=0)
        self.layout.boxes.append(self.box)
        self.anchor: Anchor | None = None
        self.level = 0
        self.bold = 0
        self.parts: list[str] = []
        self.linked = 0
        self.strong = 0
        self.anchors: list[Anchor] = []
        self.datetime = ""
        self.after_anchor = False
        self.full = False

    def read(self, root: LexborNode) -> None:
        stack: list[tuple[LexborNode, str]] = []
        node = root.first_child
        while True:
            while node is not None and not self.full:
                tag = node.tag or ""
                if tag == "-text":
                    text = node.text_content or ""
                    if not text.isspace():
                        self._text(text)
                    elif self.parts:
                        self.parts.append(" ")
                elif tag == "br":
                    self._break()
                elif not self._skips(node, tag):
                    opened = self._open(node, tag)
                    child = node.first_child
                    if child is not None:
                        stack.append((node, opened))
                        node = child
                        continue
                    if opened:
                        self._close(opened)
                node = node.next
            if not stack or self.full:
                break
            parent, opened = stack.pop()
            if opened:
                self._close(opened)
            node = parent.next
        self._flush()

    def finish(self) -> None:
        self.box.last = len(self.layout.lines)

    def _skips(self, node: LexborNode, tag: str) -> bool:
        return tag in _SKIPPED or tag[:1] in "-!_" or (tag in _MENUS and self._is_menu(node, tag))

    def _is_menu(self, node: LexborNode, tag: str) -> bool:
        """A menu of the site or the foot of the page: half of many pages, and nothing is read there."""
        if role_of(tag, _names(node.attributes)) is not Role.NAVIGATION:
            return False
        if any(box.tag == "article" or box.role is Role.BODY for box in self.box.ancestors(12)):
            return False
        text = node.text()
        if len(text) >= _MENU or _TELLING.search(text):
            return False
        return node.css_first("[class*=crumb], [id*=crumb], h1") is None

    def _text(self, text: str) -> None:
        self.parts.append(text)
        self.after_anchor = False
        anchor = self.anchor
        if anchor is not None:
            anchor.parts.append(text)
            if self.level:
                anchor.heading_parts.append(text)
            self.linked += len(text.strip())
            if not self.anchors or self.anchors[-1] is not anchor:
                self.anchors.append(anchor)
        if self.bold:
            self.strong += len(text.strip())

    def _break(self) -> None:
        if self.level:
            self.parts.append(" ")
        else:
            self._flush()

    def _open(self, node: LexborNode, tag: str) -> str:
        """Enter an element; the answer tells `_close` what has to be left again."""
        if tag in _PLAIN:
            if tag not in _BOLD:
                return ""
            self.bold += 1
            return "bold"
        attributes = node.attributes
        if tag == "img":
            self._picture(attributes.get("alt") or "")
            return ""
        if tag == "a":
            return self._open_anchor(attributes)
        names = _names(attributes)
        role = role_of(tag, names)
        if tag in _INLINE and role not in BREAKING and "display:block" not in (attributes.get("style") or ""):
            opened = self._open_inline()
        else:
            opened = self._open_box(tag, names, role, attributes)
        if tag in _DATING:
            self._date(tag, attributes)
        return opened

    def _open_inline(self) -> str:
        """Labels that only their style parts («<span>…</span><span>…»): their words must not run together."""
        if self.parts and not self.level and not self.box.is_paragraph:
            self.parts.append(_JOINT)
        return ""

    def _date(self, tag: str, attributes: dict[str, str | None]) -> None:
        stated = attributes.get("datetime") if tag == "time" else attributes.get("title")
        if stated and not self.datetime and (tag == "time" or _ISO.match(stated)):
            self.datetime = stated

    def _open_box(self, tag: str, names: str, role: Role, attributes: dict[str, str | None]) -> str:
        if self.parts:
            self._flush()
        layout = self.layout
        box = Box(tag, names, self.box, role, len(layout.boxes), len(layout.lines))
        if attributes:
            box.hidden = _is_hidden(attributes)
            box.itemprop = attributes.get("itemprop") or ""
        box.hidden = box.hidden or self.box.hidden
        layout.boxes.append(box)
        self.full = self.full or len(layout.boxes) >= MAX_BOXES
        self.box = box
        if tag in HEADINGS:
            self.level = int(tag[1])
            return "heading"
        return "box"

    def _open_anchor(self, attributes: dict[str, str | None]) -> str:
        href = attributes.get("href")
        if not href or self.anchor is not None:
            return ""
        if self.parts and self.after_anchor:
            self.parts.append(_JOINT)
        label = attributes.get("title") or attributes.get("aria-label") or ""
        rel = attributes.get("rel") or ""
        anchor = Anchor(href, self.box, len(self.layout.lines), rel=rel, label=label)
        anchor.names = _names(attributes)
        anchor.signs = "author" in rel.split() or role_of("a", anchor.names) is Role.BYLINE
        self.layout.anchors.append(anchor)
        self.full = self.full or len(self.layout.anchors) >= MAX_LINES
        self.anchor = anchor
        return "anchor"

    def _picture(self, alt: str) -> None:
        if self.anchor is not None and alt and not self.anchor.alt:
            self.anchor.alt = clean(alt)

    def _close(self, opened: str) -> None:
        if opened == "bold":
            self.bold -= 1
        elif opened == "anchor":
            self._close_anchor()
        else:
            if self.parts:
                self._flush()
            if opened == "heading":
                self.level = 0
            self.box.last = len(self.layout.lines)
            self.box = self.box.parent or self.box

    def _close_anchor(self) -> None:
        if self.anchor is not None:
            self.anchor.text = clean("".join(self.anchor.parts))
            self.anchor.heading = clean("".join(self.anchor.heading_parts))
        self.anchor = None
        self.after_anchor = True

    def _flush(self) -> None:
        if not self.parts:
            return
        if self.anchor is not None:
            self.anchor.parts.append(" ")
        text = "".join(self.parts)
        if _JOINT in text and len(text) > _LABELS:
            text = text.replace(_JOINT, "")
        text = clean(text)
        if text:
            self._add(text)
        self.parts.clear()
        self.anchors.clear()
        self.linked = self.strong = 0
        self.datetime = ""

    def _add(self, text: str) -> None:
        layout = self.layout
        length = len(text)
        line = Line(text, self.box, len(layout.lines), self.level, min(self.linked, length))
        line.anchors = tuple(self.anchors)
        line.datetime = self.datetime
        line.bold = self.strong >= 0.8 * length
        layout.lines.append(line)
        layout.chars.append(layout.chars[-1] + length)
        layout.linked.append(layout.linked[-1] + line.linked)
        self.full = len(layout.lines) >= MAX_LINES or len(layout.anchors) >= MAX_LINES


def _names(attributes: dict[str, str | None]) -> str:
    """Class, id and role in one string."""
    if not attributes:
        return ""
    names = attributes.get("class") or ""
    for key in ("id", "role"):
        if key in attributes:
            names = f"{names} {attributes[key] or ''}"
    return names.strip()


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    style = attributes.get("style")
    return bool(style and _HIDING.search(style))
