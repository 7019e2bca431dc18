"""Teasers: links whose words, or whose picture's neighbours, name an article."""

from dataclasses import dataclass, field
from itertools import islice

from news.extract.dom import Anchor, Layout, Line
from news.extract.furniture import phrase_of
from news.extract.headings import is_button, kind_of

MIN_TITLE = 12  # characters; shorter links are sections, people and buttons
LONG_TITLE = 25  # characters; a headline may begin like a heading: «أهم ما جاء في…»
_CARD_LINES = 6
_CLIMB = 3
_FILES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".svg", ".mp4", ".mp3", ".pdf")


@dataclass(slots=True, eq=False)
class Cards:
    """The teaser links of each line, by line index; a link on a picture counts for the lines beside the picture."""

    by_line: dict[int, list[Anchor]] = field(default_factory=dict)

    def on(self, line: Line) -> list[Anchor]:
        return self.by_line.get(line.index, [])


def find_cards(layout: Layout) -> Cards:
    cards = Cards()
    for line in layout.lines:
        if line.link_share > 0.5 and (line.linked == len(line.text) or phrase_of(line.text) is None):
            teasers = [
                anchor for anchor in line.anchors if not anchor.signs and is_title(anchor.heading or anchor.text)
            ]
            if teasers:
                cards.by_line[line.index] = teasers
    for anchor in layout.anchors:
        if not anchor.text or is_button(anchor.text):
            _attach(layout, anchor, cards)
    return cards


def is_title(text: str) -> bool:
    return len(text) >= MIN_TITLE and not is_button(text) and (len(text) >= LONG_TITLE or kind_of(text) is None)


def _attach(layout: Layout, anchor: Anchor, cards: Cards) -> None:
    """Give a link without words of its own the lines of the smallest box around it, if those have no link of theirs."""
    if anchor.href.startswith("#") or anchor.href.lower().endswith(_FILES):
        return
    for box in anchor.box.ancestors(_CLIMB):
        inside = layout.of(box)
        lines = list(islice((line for line in inside if not is_button(line.text)), _CARD_LINES + 1))
        if not lines:
            continue
        if len(lines) <= _CARD_LINES and all(link.href == anchor.href for line in inside for link in line.anchors):
            for line in lines:
                cards.by_line.setdefault(line.index, []).append(anchor)
        return
