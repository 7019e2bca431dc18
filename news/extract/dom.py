"""A page as the lines a reader sees, after which nothing else needs to visit its tree.

A `Line` is a stretch of text between two block boundaries or `<br>`; a `Box` is a block element and knows the half-open
range of lines inside it. All rules on body, related coverage and dates read lines and boxes only.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from news.extract.names import Role

MAX_LINES = 20_000  # lines, or links, of one page; the longest live blogs have some 5,000
MAX_BOXES = 60_000
HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
# Direction marks, zero-width space, soft hyphen, byte order mark: never part of a word.
_INVISIBLE = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffc]+")
_OBJECT = "\ufffc"  # in place of an object; the one of them that counts as printable


def clean(text: str) -> str:
    """Text as it is kept: no invisible controls, one blank between words."""
    if not text.isprintable() or "  " in text or text[:1] == " " or text[-1:] == " ":
        text = " ".join(text.split())
        if not text.isprintable():
            return " ".join(_INVISIBLE.sub("", text).split())
    if _OBJECT not in text:
        return text
    return " ".join(_INVISIBLE.sub("", text).split())


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
