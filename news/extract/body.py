"""Where the article's text stands: boxes scored by the prose in them, in the manner of Readability, over the lines."""

import itertools
from dataclasses import dataclass

from news.extract.dom import Box, Layout, Line
from news.extract.names import Role

PROSE_LENGTH = 25  # characters; shorter lines are labels, datelines and captions as often as prose
PROSE_LINKED = 0.45
_SHARES = (1.0, 0.6, 0.35, 0.2, 0.1)  # of a line's weight, for its home box and those around it
_LEVELS = 5
_NEVER_TEXT = (Role.NAVIGATION, Role.COMMENTS, Role.ADVERTISEMENT, Role.CAPTION, Role.BREADCRUMB)
_LITTLE = 250  # characters of prose in a body that is not trusted


@dataclass(slots=True, eq=False)
class Body:
    """The chosen box, the lines in it that may be text, the score it was chosen by, and the best of the others."""

    box: Box
    lines: list[Line]
    score: float
    ranked: list[tuple[float, Box]]

    @property
    def prose(self) -> int:
        return sum(len(line.text) for line in self.lines if is_prose(line))


def noisy_boxes(layout: Layout, headline: Line | None, *, trusting: bool = True) -> set[int]:
    """Orders of the boxes in which no article text stands, by role or because they are hidden.

    A box of such a name that holds the headline, or half of the page's prose, is named for what it lies beside, not for
    what it is. A quotation stands in the text whatever embeds it. `trusting` is off where names have led astray.
    """
    prose = _running(layout)
    total = prose[-1] or 1
    noisy: set[int] = set()
    for box in layout.boxes:
        if box.parent is not None and box.parent.order in noisy:
            if box.tag != "blockquote" or box.parent.role is not Role.SHARE:
                noisy.add(box.order)
        elif prose[box.last] - prose[box.first] < _tolerance(box, trusting) * total and not _heads(box, headline):
            noisy.add(box.order)
    return noisy


def _heads(box: Box, headline: Line | None) -> bool:
    """Whether a box holds the headline with the article below it; a header holds the headline only."""
    if headline is None or box.hidden or box.tag == "header":
        return False
    return box.first <= headline.index < box.last


def _tolerance(box: Box, trusting: bool) -> float:
    """The share of the page's prose from which on a box is not what its name says; 0 for boxes of no such name."""
    if box.hidden or box.tag == "header" or (box.role.noise and (trusting or box.role in _NEVER_TEXT)):
        return 0.5
    return 0.25 if trusting and box.role in (Role.BYLINE, Role.DATE) else 0.0


def _running(layout: Layout) -> list[int]:
    """Running sum of the characters of prose."""
    sums = [0]
    for line in layout.lines:
        sums.append(sums[-1] + (len(line.text) if is_prose(line) else 0))
    return sums


def is_prose(line: Line) -> bool:
    return len(line.text) >= PROSE_LENGTH and line.link_share < PROSE_LINKED


def weight(line: Line) -> float:
    """How much a line speaks for being article text."""
    text = line.text
    commas = text.count(",") + text.count("،") + text.count("؛") + text.count(".")
    return (1 + min(commas, 6) * 0.6 + min(len(text) / 100, 3)) * (1 - line.link_share)


def home(line: Line) -> Box:
    """The box whose text a line is: around the paragraph element, or the box that holds bare lines."""
    box = line.box
    while box.size == 1 and box.parent is not None:
        box = box.parent
    return box


def candidates(layout: Layout, noisy: set[int]) -> list[tuple[float, Box]]:
    """Boxes with their scores, best first."""
    scores: dict[int, float] = {}
    for line in layout.lines:
        if line.box.order in noisy or not is_prose(line):
            continue
        value = weight(line)
        for share, box in zip(_SHARES, home(line).ancestors(len(_SHARES)), strict=False):
            scores[box.order] = scores.get(box.order, 0.0) + value * share
    ranked = [
        (score * _fitness(layout, layout.boxes[order], noisy), layout.boxes[order]) for order, score in scores.items()
    ]
    ranked.sort(key=lambda pair: -pair[0])
    return ranked


def _fitness(layout: Layout, box: Box, noisy: set[int]) -> float:
    length = linked = 0
    for line in layout.of(box):
        if line.box.order not in noisy:
            length += len(line.text)
            linked += line.linked
    fit = 1 - linked / length if length else 0.0
    if box.role is Role.BODY or box.itemprop == "articleBody":
        fit *= 1.3
    elif box.tag == "article":
        fit *= 1.1
    elif box.tag == "body":
        fit *= 0.8
    return fit


def find_body(layout: Layout, headline: Line | None) -> Body | None:
    body = _find_alone(layout, headline)
    end = _next_article(layout, headline) if body is not None else None
    if body is not None and end is not None:
        body.lines = [line for line in body.lines if line.index < end]
    return body


def _next_article(layout: Layout, headline: Line | None) -> int | None:
    """The first line of another article that the page goes on with, in a box like the one of this article."""
    if headline is None or not headline.level:
        return None
    for line in layout.lines[headline.index + 1 :]:
        if line.level != headline.level or line.box.names != headline.box.names or line.text == headline.text:
            continue
        shared = next((box for box in headline.box.ancestors() if box.last > line.index), None)
        ours, theirs = _part_of(headline.box, shared), _part_of(line.box, shared)
        if ours is None or theirs is None or ours.tag != theirs.tag or ours.names != theirs.names:
            continue
        if _holds_prose(layout, headline, ours) and _holds_prose(layout, line, theirs):
            return theirs.first
    return None


def _holds_prose(layout: Layout, headline: Line, box: Box) -> bool:
    """Whether some of a box below a headline in it is long prose, as no teaser's excerpt is."""
    below = layout.lines[headline.index + 1 : box.last]
    return sum(len(line.text) for line in below if is_prose(line)) >= _LITTLE


def _part_of(box: Box, outer: Box | None) -> Box | None:
    """The child of `outer` in which a box stands, if it is not the box itself."""
    return next((inner for inner in box.ancestors() if inner.parent is outer and inner is not box), None)


def _find_alone(layout: Layout, headline: Line | None) -> Body | None:
    body = _find(layout, noisy_boxes(layout, headline))
    if body is None or body.prose < _LITTLE:
        second = _find(layout, noisy_boxes(layout, headline, trusting=False))
        if second is not None and (body is None or second.prose > 2 * body.prose):
            return second
    return body


def _find(layout: Layout, noisy: set[int]) -> Body | None:
    ranked = candidates(layout, noisy)
    if not ranked:
        return None
    score, box = ranked[0]
    clean = _clean_prose(layout, noisy)
    parts = _parts(layout, box, noisy, clean)
    lines = [line for part in parts for line in layout.of(part) if line.box.order not in noisy]
    if len(parts) == 1:
        lines += _around(layout, box, noisy, clean)
    return Body(box=box, lines=sorted(set(lines), key=lambda line: line.index), score=score, ranked=ranked[:5])


def _clean_prose(layout: Layout, noisy: set[int]) -> list[int]:
    """Running sum of the characters of prose outside noisy boxes."""
    sums = [0]
    for line in layout.lines:
        counted = line.box.order not in noisy and is_prose(line)
        sums.append(sums[-1] + (len(line.text) if counted else 0))
    return sums


def _around(layout: Layout, core: Box, noisy: set[int], clean: list[int]) -> list[Line]:
    """Text split over several boxes: the prose beside the core, level by level, where there is clearly more of it."""
    found: list[Line] = []
    inner = core
    for outer in list(core.ancestors(_LEVELS))[1:]:
        gained = clean[outer.last] - clean[outer.first] - (clean[inner.last] - clean[inner.first])
        if gained > 0:
            beside = [
                line
                for child in _children(layout, outer)
                if child is not inner
                for line in _prose_of(layout, child, noisy, clean)
            ]
            bare = [line for line in layout.of(outer) if line.box is outer and is_prose(line)]
            found += beside + bare
        inner = outer
    length = clean[core.last] - clean[core.first]
    return found if sum(len(line.text) for line in found) > 0.15 * length else []


def _prose_of(layout: Layout, box: Box, noisy: set[int], clean: list[int]) -> list[Line]:
    """The lines of a box that is prose for the most part."""
    if box.order in noisy or box.last == box.first:
        return []
    prose, length = clean[box.last] - clean[box.first], layout.length(box)
    if prose < 0.7 * length or prose < 80 or layout.link_share(box) > 0.25:
        return []
    return [line for line in layout.of(box) if line.box.order not in noisy]


def _children(layout: Layout, outer: Box) -> list[Box]:
    inside = layout.boxes[outer.order + 1 :]
    return [box for box in itertools.takewhile(lambda box: box.first < outer.last, inside) if box.parent is outer]


def _parts(layout: Layout, box: Box, noisy: set[int], clean: list[int]) -> list[Box]:
    """The box and its likes: a long article cut by pictures into several boxes of one class."""
    if not box.names:
        return [box]
    likes = [
        other
        for other in layout.boxes
        if other.tag == box.tag
        and other.names == box.names
        and other.order not in noisy
        and clean[other.last] > clean[other.first]
    ]
    if not 1 < len(likes) <= 40 or any(two.first < one.last for one, two in itertools.pairwise(likes)):
        return [box]
    first, last = likes[0].first, likes[-1].last
    inside = sum(clean[one.last] - clean[one.first] for one in likes)
    one_headline = not any(line.level == 1 for line in layout.lines[first + 1 : last])
    return likes if one_headline and inside >= 0.85 * (clean[last] - clean[first]) else [box]
