"""Pages on which parsing would take minutes, told by their text alone.

A tree is built in time that grows with the square of its depth, and an element with that of its attributes' number.
Nobody reads such pages: browsers themselves cut the tree at 512 levels (Chromium's `kMaximumHTMLParserDOMTreeDepth`).
"""

import re
from collections.abc import Iterator

MAX_DEPTH = 5_000  # levels; pages out of office programs reach some hundreds
MAX_ATTRIBUTES = 5_000  # of one element
_FEW_TAGS = 10_000  # fewer can nest as they like
_SHORT = 30_000  # characters that cannot hold too many attributes
_TAG = re.compile(r"<(\\?/)?([a-zA-Z]+)")  # scripts write `<\/div>`
# Never closed, or closed by the next of their kind.
_FLAT = frozenset(
    {
        "area", "base", "body", "br", "col", "dd", "dt", "embed", "head", "hr", "html", "img", "input", "li", "link",
        "meta", "option", "p", "param", "source", "td", "th", "tr", "track", "wbr",
        "circle", "ellipse", "image", "line", "path", "polygon", "polyline", "rect", "stop", "use",
    }
)  # fmt: skip


def too_complex(html: str) -> str | None:
    """What is too much of this page, None for all pages that people write."""
    if len(html) < _SHORT:
        return None
    if html.count("<") > _FEW_TAGS and _depth(html) > MAX_DEPTH:
        return f"elements nested deeper than {MAX_DEPTH}"
    if any(map(_is_overloaded, _long_pieces(html))):
        return f"more than {MAX_ATTRIBUTES} attributes of one element"
    return None


def _long_pieces(html: str) -> Iterator[str]:
    """The tags that stand, with the text behind them, in more characters than are short: found in as few steps."""
    at = 0
    while len(html) - at > _SHORT:
        last = html.rfind("<", at + 1, at + _SHORT + 1)
        if last < 0:
            last = html.find("<", at + _SHORT + 1)
            yield html[at:last] if last > 0 else html[at:]
        at = last if last > 0 else len(html)


def _is_overloaded(piece: str) -> bool:
    return len(piece.partition(">")[0].split()) > MAX_ATTRIBUTES


def _depth(html: str) -> int:
    """At most so many elements are open at once."""
    depth = deepest = 0
    for closing, name in _TAG.findall(html):
        if name.lower() in _FLAT:
            continue
        depth = max(depth - 1, 0) if closing else depth + 1
        deepest = max(deepest, depth)
    return deepest
