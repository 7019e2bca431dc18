"""The links of a listing page with what can be seen of each: its words, its heading, where it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from selectolax.lexbor import LexborHTMLParser, LexborNode

from news.extract.names import Role, role_of
from news.listings.links import plain
from news.urls import join

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_HEADING_SELECTOR = ", ".join(_HEADINGS)
_FRAME = frozenset((Role.NAVIGATION, Role.BREADCRUMB, Role.TAGS, Role.SHARE, Role.COMMENTS, Role.BYLINE))
_CARD_LEVELS = 3  # how far above a link its card's heading may stand


class Words(IntEnum):
    """Where a link's words come from, the best last."""

    NONE = 0
    ATTRIBUTE = 1
    TEXT = 2
    HEADING = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """`framed`: in the page's navigation, footer, breadcrumb and the like."""

    url: str
    text: str
    words: Words
    picture: bool
    framed: bool


def anchors_of(html: str, url: str) -> Iterator[Anchor]:
    """Every link that leads somewhere, in the page's order."""
    tree = LexborHTMLParser(html)
    tree.strip_tags(["script", "style", "noscript", "template"])
    declared = tree.css_first("base[href]")
    base = join(url, declared.attributes.get("href") or "") if declared else None
    framed: dict[int, bool] = {}
    for node in tree.css("a[href]"):
        target = join(base or url, node.attributes.get("href") or "")
        if target is None:
            continue
        text, words = _title(node)
        picture = node.css_first("img, picture") is not None
        yield Anchor(url=target, text=text, words=words, picture=picture, framed=_is_framed(node, framed))


def _title(node: LexborNode) -> tuple[str, Words]:
    text = _text(node)
    if text:
        inside = node.css_first(_HEADING_SELECTOR)
        if inside is not None and (heading := _text(inside)):
            return heading, Words.HEADING
        return text, Words.HEADING if _is_in_heading(node) else Words.TEXT
    if above := _heading_of_card(node):
        return above, Words.HEADING
    picture = node.css_first("img[alt]")
    attribute = plain(node.attributes.get("title")) or plain(picture.attributes.get("alt") if picture else None)
    return (attribute, Words.ATTRIBUTE) if attribute else ("", Words.NONE)


def _text(node: LexborNode) -> str:
    return " ".join(node.text(deep=True, separator=" ").split())


def _is_in_heading(node: LexborNode) -> bool:
    parent = node.parent
    return parent is not None and (
        parent.tag in _HEADINGS or (parent.parent is not None and parent.parent.tag in _HEADINGS)
    )


def _heading_of_card(node: LexborNode) -> str | None:
    """The only heading of the box around a link without words of its own: a picture, or a layer over the card."""
    box = node.parent
    for _ in range(_CARD_LEVELS):
        if box is None or box.tag in ("body", "html"):
            return None
        if headings := box.css(_HEADING_SELECTOR):
            return _text(headings[0]) or None if len(headings) == 1 else None
        box = box.parent
    return None


def _is_framed(node: LexborNode, known: dict[int, bool]) -> bool:
    """Whether the link or any box around it is part of the frame; `known` holds the boxes already judged."""
    path: list[int] = []
    box: LexborNode | None = node
    framed = False
    while box is not None and box.tag != "body":
        if box.mem_id in known:
            framed = known[box.mem_id]
            break
        path.append(box.mem_id)
        attributes = box.attributes
        if role_of(box.tag or "", f"{attributes.get('class') or ''} {attributes.get('id') or ''}".strip()) in _FRAME:
            framed = True
            break
        box = box.parent
    known.update(dict.fromkeys(path, framed))
    return framed
