"""Lists of links with a heading over them: where each begins and ends, whatever its markup."""

from collections.abc import Iterator
from dataclasses import dataclass

from news.extract.cards import LONG_TITLE, Cards
from news.extract.dom import Box, Layout, Line
from news.extract.headings import EDGES, MAX_HEADING, Heading, is_button, kind_of, split_lead
from news.extract.names import Role

REACH = 7  # lines between a heading and its first link: captions, dates and labels of a card
_GAP_LINES = 3
_EXCERPT = 500  # characters of a teaser's text
_PROSE = 60
_CLIMB = 6
_NAVIGATION = Role.NAVIGATION


@dataclass(slots=True, eq=False)
class Block:
    """Lines `first` to `last` (half-open); the first is the heading itself, or an inline «اقرأ أيضا: …»."""

    heading: str | None
    kind: Heading
    first: int
    last: int
    inline: bool = False

    def holds(self, line: Line) -> bool:
        return self.first <= line.index < self.last


def find_blocks(layout: Layout, cards: Cards) -> list[Block]:
    """All headed lists of links, in the order of the page."""
    blocks: list[Block] = []
    end = 0
    for line in layout.lines:
        if line.index < end or (len(line.text) > MAX_HEADING and not line.anchors):
            continue
        if line.box.hidden or line.box.role is _NAVIGATION:
            continue
        block = _inline(line, cards) or _headed(layout, line, cards)
        if block is not None:
            blocks.append(block)
            end = block.last
    return blocks


def _inline(line: Line, cards: Cards) -> Block | None:
    """«اقرأ أيضا: <a>…</a>» on one line of its own."""
    if not line.anchors or line.level == 1:
        return None
    lead = split_lead(line.text) if cards.on(line) else None
    if lead is None or 2 * line.linked < len(lead[1]):
        return None
    return Block(heading=lead[0], kind=Heading.ABOUT, first=line.index, last=line.index + 1, inline=True)


def _headed(layout: Layout, line: Line, cards: Cards) -> Block | None:
    text = _heading_words(line)
    kind = kind_of(text)
    if kind is None or line.level == 1 or (line.link_share > 0.5 and not _may_head(line)):
        return None
    outer = _outer(layout, line, cards)
    if outer is None:
        return None
    last = _end(layout, line, outer, cards)
    return Block(heading=text.strip(EDGES), kind=kind, first=line.index, last=last) if last > line.index + 1 else None


def _heading_words(line: Line) -> str:
    """Of several tabs side by side the first one, whose list is the one that is shown."""
    if len(line.anchors) > 1 and line.link_share > 0.9 and all(anchor.href[:1] == "#" for anchor in line.anchors):
        return line.anchors[0].text
    return line.text


def _may_head(line: Line) -> bool:
    """A linked heading leads to its section, or is a tab; other such links stand in menus, or are buttons."""
    return line.level > 0 or all(anchor.href[:1] in "#." for anchor in line.anchors)


def _outer(layout: Layout, line: Line, cards: Cards) -> Box | None:
    """The smallest box around the heading that also holds a teaser soon after it."""
    for later in layout.lines[line.index + 1 : line.index + 1 + REACH]:
        if cards.on(later):
            return next((box for box in line.box.ancestors(_CLIMB) if box.last > later.index), None)
        if _is_heading(later):
            return None
    return None


def _end(layout: Layout, heading: Line, outer: Box, cards: Cards) -> int:
    """One past the last line of the list.

    Between two teasers a line of prose can be an excerpt. Amid the article prose ends the list at once, unless teasers
    and excerpts take strict turns.
    """
    runs = _until_heading(heading, list(_runs(layout, outer, heading.index + 1)), cards)
    before = sum(map(_is_prose, layout.lines[outer.first : heading.index]))
    if before > 1 and not _takes_turns(runs, cards):
        last = _last_teaser(runs, cards, excerpts=False)
    else:
        last = _last_teaser(runs, cards, excerpts=True)
        if 1 < last == len(runs) - 1 and _takes_turns(runs, cards):
            last += 1
    return runs[last - 1][-1].index + 1 if last else heading.index + 1


def _last_teaser(runs: list[list[Line]], cards: Cards, *, excerpts: bool) -> int:
    """How many of the runs belong to the list."""
    last = lines = prose = 0
    for number, run in enumerate(runs, 1):
        teasers = sum(1 for line in run if cards.on(line))
        if teasers and sum(len(line.text) for line in run if _is_prose(line)) > _EXCERPT * teasers:
            break
        if teasers:
            last, lines, prose = number, 0, 0
            continue
        lines += len(run)
        prose += sum(len(line.text) for line in run if _is_prose(line))
        if lines > _GAP_LINES or prose > (_EXCERPT if excerpts else 0):
            break
    return last


def _takes_turns(runs: list[list[Line]], cards: Cards) -> bool:
    """Whether flat teasers and their excerpts alternate to the end."""
    kinds = ["teaser" if cards.on(run[0]) else "excerpt" for run in runs if len(run) == 1]
    turns = ["teaser", "excerpt"] * (len(kinds) // 2 + 1)
    return len(kinds) == len(runs) >= 3 and kinds == turns[: len(kinds)]


def _is_prose(line: Line) -> bool:
    return len(line.text) >= _PROSE and line.link_share < 0.5


def _runs(layout: Layout, outer: Box, start: int) -> Iterator[list[Line]]:
    """Runs of lines that share a child of `outer`; a bare line is a run of its own."""
    run: list[Line] = []
    owner: Box | None = None
    for line in layout.lines[start : outer.last]:
        top = _child_of(line.box, outer)
        if run and (top is None or top is not owner):
            yield run
            run = []
        run.append(line)
        owner = top
    if run:
        yield run


def _child_of(box: Box, outer: Box) -> Box | None:
    for inner in box.ancestors():
        if inner.parent is outer:
            return inner
    return None


def _until_heading(heading: Line, runs: list[list[Line]], cards: Cards) -> list[list[Line]]:
    """The runs before the next heading, the last one cut where the heading stands inside it."""
    kept: list[list[Line]] = []
    for run in runs:
        cut = next((at for at, line in enumerate(run) if _ends_list(heading, line, run, cards)), None)
        if cut is None:
            kept.append(run)
            continue
        if cut:
            kept.append(run[:cut])
        break
    return kept


def _is_heading(line: Line) -> bool:
    if kind_of(line.text) is None or is_button(line.text):
        return False
    return line.link_share < 0.5 or (line.level > 0 and len(line.text) < LONG_TITLE)


def _ends_list(heading: Line, line: Line, run: list[Line], cards: Cards) -> bool:
    if line.level == 1 or _is_heading(line) or _inline(line, cards):
        return True
    if not line.level or line.link_share > 0.5:
        return False
    if heading.level:
        return line.level <= heading.level
    # Below a heading that is none by its tag, an unlinked one is a card's title if its run has one address only.
    return len({anchor.href for each in run for anchor in each.anchors}) > 1
