"""What a source's own selectors point at; empty where it has none or they find nothing."""

from selectolax.lexbor import LexborHTMLParser, LexborNode

from news.documents import Selectors
from news.extract.dom import clean
from news.extract.walk import layout

_MIN_BODY = 100  # characters; a selector that finds less is out of date


def drop(parser: LexborHTMLParser, selectors: Selectors) -> None:
    for selector in selectors.remove:
        for node in parser.css(selector):
            node.decompose()


def texts(parser: LexborHTMLParser, selector: str) -> list[str]:
    """The text of each node, or what its `datetime` or `content` attribute says."""
    if not selector:
        return []
    stated = [_stated(node) for node in parser.css(selector)]
    return [text for text in stated if text]


def nodes(parser: LexborHTMLParser, selector: str) -> list[LexborNode]:
    """The outermost nodes."""
    if not selector:
        return []
    found = parser.css(selector)
    ids = {node.mem_id for node in found}
    return [node for node in found if not _inside(node, ids)]


def body_nodes(parser: LexborHTMLParser, selector: str) -> list[LexborNode]:
    found = nodes(parser, selector)
    if not found:
        return []
    return found if layout(*found).chars[-1] >= _MIN_BODY else []


def _inside(node: LexborNode, ids: set[int]) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.mem_id in ids:
            return True
        parent = parent.parent
    return False


def _stated(node: LexborNode) -> str:
    attributes = node.attributes
    return clean(attributes.get("datetime") or attributes.get("content") or node.text(separator=" "))
