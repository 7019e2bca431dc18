"""From the lines of the chosen box to the article's text: what is furniture leaves, what repeats the head leaves."""

import re
from collections.abc import Callable, Sequence

from news.extract.blocks import Block
from news.extract.dom import Line
from news.extract.explain import Explanation
from news.extract.furniture import furniture
from news.extract.headings import EDGES
from news.extract.headline import Headline, alike
from news.extract.names import Role
from news.extract.phrase_lists import fold, phrases

_LABEL = 40  # characters of a lead line that can be a category, a dateline or a date
_COMMENTS_HEADING = 60  # characters
_ENOUGH = 200  # characters of text that a heading of comments stands below
_heads_comments = re.compile(phrases("comment_headings")).fullmatch
_ENDINGS = (".", "؟", "!", "…", ":", "»", '"', "”", "،", ")", "؛", "'", "’")


def text_lines(
    lines: Sequence[Line],
    blocks: Sequence[Block],
    headline: Headline | None,
    is_date: Callable[[str], bool],
    explain: Explanation | None = None,
) -> list[Line]:
    """`lines`: those of the body; what stands before the headline is not the article's."""
    title = headline.text if headline else ""
    start = headline.line.index if headline and headline.line else -1
    if sum(len(line.text) for line in lines if line.index > start) < 0.5 * sum(len(line.text) for line in lines):
        start = -1
    kept: list[Line] = []
    for line in lines:
        if line.index <= start:
            continue
        reason = "list of links" if any(block.holds(line) for block in blocks) else furniture(line)
        if reason is None:
            kept.append(line)
        elif explain is not None:
            explain.note("left out", line=line.text[:120], reason=reason)
    kept = _until_comments(kept)
    return _without_tail(_without_head(kept, title, headline.line.index if headline and headline.line else -1, is_date))


def _without_head(lines: list[Line], title: str, headline: int, is_date: Callable[[str], bool]) -> list[Line]:
    """Headline, category, dateline and date before the first paragraph are told elsewhere."""
    first = next((at for at, line in enumerate(lines) if _begins(line, title, is_date)), None)
    if first is None:
        return [line for line in lines if not _repeats(line, title) and not is_date(line.text)]
    head = [line for line in lines[:first] if _is_subhead(line, lines[first], headline) and not _repeats(line, title)]
    head = [line for line in head if not is_date(line.text)]
    return head + [line for line in lines[first:] if not (line.level and _repeats(line, title))]


def _begins(line: Line, title: str, is_date: Callable[[str], bool]) -> bool:
    return _is_sentence(line) and not _repeats(line, title) and not is_date(line.text)


def _is_subhead(line: Line, sentence: Line, headline: int) -> bool:
    """A heading in the text's own box. One that shares its box with the headline is the deck below it."""
    if line.level < 2 or len(line.text.split()) < 3:
        return False
    shared = next((box for box in line.box.ancestors() if box.last > sentence.index), None)
    return shared is None or not shared.first <= headline < line.index


def _is_sentence(line: Line) -> bool:
    return len(line.text) >= _LABEL and not line.level


def _repeats(line: Line, title: str) -> bool:
    return len(line.text) < 2 * len(title) + 20 and alike(line.text, title) >= 0.85


def _until_comments(lines: list[Line]) -> list[Line]:
    """What readers say stands below, sometimes in the text's own box."""
    for at, line in enumerate(lines):
        if len(line.text) <= _COMMENTS_HEADING and _heads_comments(" ".join(fold(line.text).strip(EDGES).split())):
            before = sum(len(other.text) for other in lines[:at])
            if before >= _ENOUGH:
                return lines[:at]
    return lines


def _without_tail(lines: list[Line]) -> list[Line]:
    """Headings over nothing and loose labels after the last sentence."""
    while lines and _is_loose(lines[-1]):
        lines = lines[:-1]
    return lines


def _is_loose(line: Line) -> bool:
    if line.level:
        return True
    if line.box.tag in ("li", "blockquote", "td", "p") and line.box.role is not Role.DATE and len(line.text) >= 15:
        return False
    return len(line.text) < _LABEL and not line.text.endswith(_ENDINGS)
