"""The second opinion: trafilatura, asked only where our own reading leaves most of a page's prose unread."""

from collections.abc import Sequence

from news.arabic import is_arabic
from news.extract.blocks import Block
from news.extract.body import is_prose
from news.extract.dom import Layout, clean
from news.extract.furniture import phrase_of

_SUSPICIOUS = 300  # characters of text; a longer one is trusted
_LEFT_OUT = 3  # times as much prose on the page as in the text


def distrusts(layout: Layout, blocks: Sequence[Block], text: str) -> bool:
    """Whether a short text stands on a page with much more prose: a flash on a plain page is not distrusted."""
    if len(text) >= _SUSPICIOUS:
        return False
    listed = {index for block in blocks for index in range(block.first, block.last)}
    prose = sum(
        len(line.text)
        for line in layout.lines
        if is_prose(line) and not line.box.hidden and line.index not in listed and phrase_of(line.text) is None
    )
    return prose > _LEFT_OUT * max(len(text), 100)


def second_opinion(html: str, text: str, *, arabic: bool) -> str:
    """What trafilatura reads, if it is clearly more and in the same script; else the text as it was."""
    import trafilatura  # takes a third of a second to import, and few pages need it

    found = trafilatura.extract(html, fast=True, include_comments=False, include_tables=False) or ""
    other = "\n".join(line for line in map(clean, found.split("\n")) if line)
    if len(other) < 2 * len(text) or (arabic and not is_arabic(other)):
        return text
    return other
