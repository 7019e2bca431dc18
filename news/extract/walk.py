"""From the tags of a page to its lines and boxes, in one pass."""

import re
from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice

from selectolax.lexbor import LexborNode

from news.extract.dom import HEADINGS, MAX_BOXES, MAX_LINES, Anchor, Box, Layout, Line, clean
from news.extract.markup import Kind, Tag, end_of, pieces_of, tag_of, text_of, unescaped
from news.extract.names import Role

_JOINT = "\x1f"  # where two inline elements touch: a blank in a line of labels, nothing in running text
_LABELS = 120  # characters of a line of labels
_BOLD_SHARE = 0.8
_MENU = 8_000  # characters with all blanks
_MENU_TAGS = 4_000
_NO_MENU = re.compile(r'<h1\b|\s(?:class|id)="[^"]*crumb')
_TELLING = re.compile(
    r"ذات (?:ال)?(?:صلة|علاقة)|[اأإ]قر[أا]|متعلق|هذ[ها] (?:القصة|الموضوع|الخبر)|\d{1,2}:\d\d|رئيسية\s*[»›/>]"
)


def layout(*roots: LexborNode | None) -> Layout:
    """The lines below the given nodes, one after the other."""
    reader = _Reader()
    for root in roots:
        if root is not None:
            reader.read(pieces_of(root))
    reader.finish()
    return reader.layout


_MENU_KIND, _SKIPPED, _BYLINE = Kind.MENU, Kind.SKIPPED, Role.BYLINE  # to name an enum's member costs a search


class _Reader:
    """`open` holds what the elements around the current place have to undo: a box, a link, or None.

    Of a box there is only its tag until something is in it: a third of all boxes stay empty. `unmade` are those tags,
    with their places in `open`.
    """

    def __init__(self) -> None:
        self.layout = Layout()
        self.box = Box(tag="body", names="", parent=None, role=Role.NONE, order=0, first=0)
        self.layout.boxes.append(self.box)
        self.open: list[Tag | Box | Anchor | None] = []
        self.unmade: list[tuple[int, Tag]] = []
        self.full = False
        self.level = 0
        self.bold = 0
        self.anchor: Anchor | None = None
        self.anchor_parts: list[str] = []
        self.heading_parts: list[str] = []
        self.after_anchor = False
        self.parts: list[str] = []
        self.anchors: list[Anchor] = []
        self.linked = 0
        self.strong = 0
        self.datetime = ""

    def read(self, pieces: Sequence[str]) -> None:
        parts = self.parts
        places = enumerate(pieces)
        for at, piece in places:
            raw, _, text = piece.partition(">")
            tag = tag_of(raw)
            kind = tag.kind
            if kind >= _MENU_KIND and (end := self._passed(pieces, at, tag)) is not None:
                deque(islice(places, end - at), maxlen=0)
                text = pieces[end].partition(">")[2]
            elif kind:
                _HANDLERS[kind](self, tag)
                if self.full:
                    break
            if text:
                if not text.isspace():
                    self._text(text)
                elif parts:
                    parts.append(" ")
        self._flush()
        self.open.clear()
        self.unmade.clear()

    def finish(self) -> None:
        self.layout.boxes[0].last = len(self.layout.lines)

    def _passed(self, pieces: Sequence[str], at: int, tag: Tag) -> int | None:
        """Where an element ends in which nothing is read; None where this one is read after all."""
        if tag.kind is _SKIPPED:
            return end_of(pieces, at, tag.name)
        end = end_of(pieces, at, tag.name, _MENU_TAGS)
        return end if end - at < _MENU_TAGS and self._is_menu(pieces[at + 1 : end], pieces[at]) else None

    def _is_menu(self, inside: Sequence[str], first: str) -> bool:
        """A menu of the site or the foot of the page: half of many pages, and nothing is read there."""
        self._make()
        if any(box.tag == "article" or box.role is Role.BODY for box in self.box.ancestors(12)):
            return False
        text = text_of((first, *inside))
        if len(text) >= _MENU or _TELLING.search(text):
            return False
        markup = "<" + "<".join(inside)
        return not ("<h1" in markup or "crumb" in markup) or _NO_MENU.search(markup) is None

    def _text(self, text: str) -> None:
        if "&" in text:
            text = unescaped(text)
        if self.unmade:
            self._make()
        self.parts.append(text)
        self.after_anchor = False
        if self.anchor is not None:
            self.anchor_parts.append(text)
            if self.level:
                self.heading_parts.append(text)
            self.linked += len(text.strip())
            if not self.anchors or self.anchors[-1] is not self.anchor:
                self.anchors.append(self.anchor)
        if self.bold:
            self.strong += len(text.strip())

    def _break(self, tag: Tag) -> None:
        if self.level:
            self.parts.append(" ")
        else:
            self._flush()

    def _bold(self, tag: Tag) -> None:
        self.bold += 1

    def _end_of_bold(self, tag: Tag) -> None:
        self.bold -= 1

    def _picture(self, tag: Tag) -> None:
        if tag.label and self.anchor is not None and not self.anchor.alt:
            self.anchor.alt = clean(tag.label)

    def _inline(self, tag: Tag) -> None:
        """Labels that only their style parts («<span>…</span><span>…»): their words must not run together."""
        self.open.append(None)
        if self.parts and not self.level and not self.box.is_paragraph:
            self.parts.append(_JOINT)
        if tag.datetime and not self.datetime:
            self.datetime = tag.datetime

    def _box(self, tag: Tag) -> None:
        if self.parts:
            self._flush()
        self.unmade.append((len(self.open), tag))
        self.open.append(tag)
        if tag.level:
            self.level = tag.level
        if tag.datetime:
            self.datetime = tag.datetime

    def _make(self) -> None:
        """The boxes around the current place that were tags so far."""
        boxes, first = self.layout.boxes, len(self.layout.lines)
        for place, tag in self.unmade:
            outer = self.box
            hidden = tag.hidden or outer.hidden
            box = Box(tag.name, tag.names, outer, tag.role, len(boxes), first, 0, hidden, tag.itemprop)
            boxes.append(box)
            self.open[place] = self.box = box
        self.unmade.clear()
        self.full = self.full or len(boxes) >= MAX_BOXES

    def _link(self, tag: Tag) -> None:
        if not tag.href or self.anchor is not None:
            self.open.append(None)
            return
        if self.parts and self.after_anchor:
            self.parts.append(_JOINT)
        if self.unmade:
            self._make()
        layout, signs = self.layout, tag.role is _BYLINE
        self.anchor = Anchor(tag.href, self.box, len(layout.lines), signs, tag.rel, tag.names, tag.label)
        layout.anchors.append(self.anchor)
        self.full = self.full or len(layout.anchors) >= MAX_LINES
        self.open.append(self.anchor)

    def _end(self, tag: Tag) -> None:
        opened = self.open.pop() if self.open else None
        if opened is None:
            return
        if isinstance(opened, Anchor):
            self._end_of_link(opened)
            return
        if self.parts:
            self._flush()
        if tag.name in HEADINGS:
            self.level = 0
        if isinstance(opened, Tag):
            self.unmade.pop()
            return
        opened.last = len(self.layout.lines)
        self.box = opened.parent or opened

    def _end_of_link(self, anchor: Anchor) -> None:
        anchor.text = clean("".join(self.anchor_parts))
        if self.heading_parts:
            anchor.heading = clean("".join(self.heading_parts))
            self.heading_parts.clear()
        self.anchor_parts.clear()
        self.anchor = None
        self.after_anchor = True

    def _flush(self) -> None:
        if not self.parts:
            return
        if self.anchor is not None:
            self.anchor_parts.append(" ")
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
        linked = min(self.linked, length)
        bold = self.strong >= _BOLD_SHARE * length
        layout.lines.append(
            Line(text, self.box, len(layout.lines), self.level, linked, tuple(self.anchors), self.datetime, bold)
        )
        layout.chars.append(layout.chars[-1] + length)
        layout.linked.append(layout.linked[-1] + linked)
        self.full = self.full or len(layout.lines) >= MAX_LINES


_HANDLERS: dict[Kind, Callable[[_Reader, Tag], None]] = {
    Kind.END: _Reader._end,
    Kind.BOX: _Reader._box,
    Kind.MENU: _Reader._box,
    Kind.INLINE: _Reader._inline,
    Kind.LINK: _Reader._link,
    Kind.PICTURE: _Reader._picture,
    Kind.BREAK: _Reader._break,
    Kind.BOLD: _Reader._bold,
    Kind.END_OF_BOLD: _Reader._end_of_bold,
}
