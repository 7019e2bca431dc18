"""Headline, text and lists of one page: the steps that need its lines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from news.documents import Source
from news.extract.authors import signs
from news.extract.blocks import Block, find_blocks
from news.extract.body import Body, find_body
from news.extract.cards import Cards, find_cards
from news.extract.chosen import body_nodes, texts
from news.extract.dom import Box, Layout, Line
from news.extract.explain import Explanation
from news.extract.fallback import distrusts, second_opinion
from news.extract.headline import Headline, find_headline
from news.extract.metadata import Metadata
from news.extract.names import Role
from news.extract.published import Clock, lines_near
from news.extract.text import text_lines
from news.extract.walk import layout


@dataclass(frozen=True, slots=True)
class Read:
    """`body`: the page's lines that made the text; `nearby`: those that may date or sign it, of which the first `own`
    stand at the headline; `headline`: its line.
    """

    layout: Layout
    cards: Cards
    blocks: Sequence[Block]
    title: str
    text: str
    body: Sequence[Line]
    nearby: Sequence[Line]
    own: int = 0
    headline: int | None = None

    @property
    def bounds(self) -> tuple[int, int]:
        """The first and the last line of the text; those of a text that no line made stand at the headline."""
        at = self.headline or 0
        return (self.body[0].index, self.body[-1].index) if self.body else (at, at)


def read_page(
    parser: LexborHTMLParser,
    html: str,
    meta: Metadata,
    source: Source,
    clock: Clock,
    listed_title: str | None = None,
    explain: Explanation | None = None,
) -> Read | None:
    """None for a page of so many lines or links that nobody reads it."""
    page = layout(parser.body)
    if page.overfull:
        return None
    chosen = texts(parser, source.selectors.title)
    headline = Headline(chosen[0], None, "selector") if chosen else find_headline(page, meta, source, listed_title)
    title = headline.text if headline else ""
    cards = find_cards(page)
    blocks = find_blocks(page, cards)
    body = find_body(page, headline.line if headline else None)
    lines = text_lines(body.lines, blocks, headline, clock.is_date, explain) if body else []
    text = _chosen_text(parser, source, headline, clock) or "\n".join(line.text for line in lines)
    if distrusts(page, blocks, text):
        text = second_opinion(html, text, arabic=source.language == "ar")
    if explain is not None:
        _explain(explain, headline, body, blocks)
    nearby, own = _nearby(page, cards, blocks, headline, lines)
    at = headline.line.index if headline and headline.line else None
    return Read(page, cards, blocks, title, text, lines, nearby, own, at)


def _chosen_text(parser: LexborHTMLParser, source: Source, headline: Headline | None, clock: Clock) -> str:
    """The text in the nodes that the source's selector names, cleaned by the same rules."""
    found = body_nodes(parser, source.selectors.body)
    if not found:
        return ""
    part = layout(*found)
    lines = [
        line for line in part.lines if not line.box.hidden and not any(box.role.noise for box in line.box.ancestors(6))
    ]
    blocks = find_blocks(part, find_cards(part))
    alone = Headline(headline.text, None, "") if headline else None
    return "\n".join(line.text for line in text_lines(lines or part.lines, blocks, alone, clock.is_date))


def _nearby(
    page: Layout, cards: Cards, blocks: Sequence[Block], headline: Headline | None, lines: Sequence[Line]
) -> tuple[list[Line], int]:
    at = headline.line.index if headline and headline.line else None
    text = {line.index for line in lines}
    first = lines[0].index if lines else (at or 0)
    last = lines[-1].index if lines else first
    begun = next((line.index for line in lines[1:] if line.index - first <= _STANDFIRST), first)

    def elsewhere(line: Line) -> bool:
        if (
            (line.index in text and line.text.endswith(_STOPS) and not (line.index == first and len(line.text) <= 60))
            or line.box.hidden
            or any(block.holds(line) for block in blocks)
        ):
            return True
        if cards.on(line) and line.index != at and line.box.role is not Role.DATE and not signs(line):
            return True
        if at is not None and line.index < at and any(_tells_today(box, at) for box in line.box.ancestors(6)):
            return True
        return any(box.role in _ELSEWHERE and not _is_byline_footer(box, first) for box in line.box.ancestors(8))

    nearby, own = lines_near(page, at, first, last, elsewhere, begun)
    return [*nearby, *(line for line in page.lines[:first] if _ISSUE.search(line.text) and line not in nearby)], own


def _tells_today(box: Box, headline: int) -> bool:
    """The top of a page shows the day it is read."""
    return box.last <= headline and (box.tag == "header" or _TODAY.search(box.names) is not None)


def _is_byline_footer(box: Box, first: int) -> bool:
    """A `footer` before the text is none: systems put «submitted by … on …» into one."""
    return box.tag == "footer" and box.last <= first


_TODAY = re.compile(
    r"today|current-?(?:date|time)|date-?now|now-?date|clock|ticker|weather|masthead|"
    r"top-?(?:bar|date|nav|head)|(?:site|page|main)-?(?:header|head|top)",
    re.IGNORECASE,
)
_ISSUE = re.compile(r"العدد\W{0,3}\d")  # a newspaper's line of number and day, which dates all that is below it
_STANDFIRST = 8  # lines from a standfirst to the first paragraph
_STOPS = (".", "؟", "!", "…", ":", "،", "»", '"')
_ELSEWHERE = frozenset((Role.NAVIGATION, Role.POPULAR, Role.RELATED, Role.COMMENTS))


def _explain(explain: Explanation, headline: Headline | None, body: Body | None, blocks: Sequence[Block]) -> None:
    if headline is not None:
        explain.note("title", text=headline.text, origin=headline.origin)
    for score, box in body.ranked if body else ():
        explain.note("body", box=f"{box.tag} {box.names}".strip(), score=round(score, 1), lines=box.size)
    for block in blocks:
        explain.note("lists", heading=block.heading, kind=block.kind.value, lines=block.last - block.first)
