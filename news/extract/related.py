"""The coverage that an article points to: what stands under «حول هذه القصة» and its like, and what does not."""

import re
from collections.abc import Iterable, Iterator, Sequence

from selectolax.lexbor import LexborHTMLParser

from news import urls
from news.documents import Related
from news.extract.blocks import Block
from news.extract.cards import Cards, find_cards
from news.extract.chosen import nodes
from news.extract.dom import Box, Layout
from news.extract.explain import Explanation
from news.extract.headings import MAX_HEADING, Heading, kind_of
from news.extract.jsonld import texts_of
from news.extract.metadata import Metadata
from news.extract.names import Role
from news.extract.teasers import Context, read_teasers
from news.extract.walk import layout as lines_of

_RELATED_NAME = re.compile(
    r"related(?!-?(?:tag|topic|search|video))|see-?also|more-?on(?!e)|read-?also|also-?read|embedded-content",
    re.IGNORECASE,
)
_IN_TEXT_NAME = re.compile(r"read-?more", re.IGNORECASE)  # elsewhere it is the name of buttons
_WEAK_SHARE = 0.3  # of the teasers of a list with a weak heading that must touch the subject
_FEW = 3  # teasers; a shorter list is too small to judge by its words


def read_related(
    layout: Layout,
    cards: Cards,
    blocks: Sequence[Block],
    context: Context,
    meta: Metadata,
    parser: LexborHTMLParser,
    explain: Explanation | None = None,
) -> list[Related]:
    """The teasers of all lists about this story in the page's order, each address once; what the head names last."""
    chosen = _chosen(parser, context)
    if chosen:
        return _once([chosen])
    lists = [block for block in blocks if block.kind is not Heading.OTHER] + _named_blocks(layout, cards, blocks)
    lists += _quoted_links(layout, cards, lists, context)
    lists.sort(key=lambda block: block.first)
    read = [(block, read_teasers(layout, cards, block, context)) for block in lists]
    sure = [one for block, one in read if block.kind is Heading.ABOUT and _credible(layout, block, one, context)]
    weak = [one for block, one in read if block.kind is Heading.WEAK and context.on_subject(one, _WEAK_SHARE)]
    kept = sure or weak
    if explain is not None:
        for block, one in read:
            explain.note("related", heading=block.heading, kind=block.kind.value, teasers=len(one), kept=one in kept)
    return _once([*kept, _stated(layout, meta, context)])


def _chosen(parser: LexborHTMLParser, context: Context) -> list[Related]:
    """What the source's own selector points at."""
    found = nodes(parser, context.source.selectors.related)
    if not found:
        return []
    part = lines_of(*found)
    if not part.lines:
        return []
    headed = kind_of(part.lines[0].text) is not None
    heading = part.lines[0].text if headed else None
    block = Block(heading=heading, kind=Heading.ABOUT, first=0 if headed else -1, last=len(part.lines))
    return read_teasers(part, find_cards(part), block, context)


def _stated(layout: Layout, meta: Metadata, context: Context) -> list[Related]:
    """JSON-LD relatedLink and rel=related, with the words of the same link on the page."""
    addresses = [*texts_of(meta.article.get("relatedLink")), *meta.links.get("related", ())]
    addresses += [address for address in _wholes(meta) if urls.matches_article(context.source, address)]
    addresses += [anchor.href for anchor in layout.anchors if "related" in anchor.rel.split()]
    found = []
    for address in addresses:
        url = context.address(address)
        if url is not None:
            same = (one for one in layout.anchors if one.text and urls.join(context.base, one.href) == url)
            named = (one.heading or one.text for one in same)
            found.append(Related(url=url, title=next(named, "")))
    return found


def _wholes(meta: Metadata) -> Iterator[str]:
    """Addresses of what JSON-LD says this article is a part of: a dossier, or the site itself."""
    value = meta.article.get("isPartOf")
    for one in value if isinstance(value, list) else [value]:
        address = (one.get("url") or one.get("@id")) if isinstance(one, dict) else one
        joined = urls.join(meta.base, address) if isinstance(address, str) else None
        if joined is not None:
            yield joined


def _once(lists: Iterable[Sequence[Related]]) -> list[Related]:
    kept: dict[str, Related] = {}
    for found in lists:
        for one in found:
            kept.setdefault(urls.canonical(one.url), one)
    return [
        Related(url=one.url, title=one.title, heading=one.heading, teaser=one.teaser, position=position)
        for position, one in enumerate(kept.values())
    ]


def _credible(layout: Layout, block: Block, found: Sequence[Related], context: Context) -> bool:
    """A list of which all pieces are old and none touches the subject was filled by a machine.

    Outlets exist that put months-old pieces of other sections under «مواضيع ذات علاقة».
    """
    if block.inline or len(found) < _FEW or not context.is_stale(layout.lines[block.first + 1 : block.last]):
        return True
    return context.on_subject(found)


def _named_blocks(layout: Layout, cards: Cards, blocks: Sequence[Block]) -> list[Block]:
    """Boxes whose class says related, without a heading that we know."""
    named: list[Block] = []
    end = 0
    for box in layout.boxes:
        if box.role is not Role.RELATED or box.first < end or not _is_named(box):
            continue
        lines = layout.of(box)
        if box.hidden or not any(map(cards.on, lines)) or any(_overlaps(block, box) for block in blocks):
            continue
        if any(outer.role in _ELSEWHERE for outer in box.ancestors(8)):
            continue
        headed = not cards.on(lines[0]) and len(lines[0].text) <= MAX_HEADING
        heading = lines[0].text if headed else None
        named.append(Block(heading=heading, kind=Heading.ABOUT, first=box.first - (not headed), last=box.last))
        end = box.last
    return named


def _quoted_links(layout: Layout, cards: Cards, blocks: Sequence[Block], context: Context) -> list[Block]:
    """Quotations amid the text that hold nothing but a link to another piece of the same outlet."""
    found: list[Block] = []
    for box in layout.boxes:
        lines = layout.of(box)
        if box.tag != "blockquote" or len(lines) != 1 or any(_overlaps(block, box) for block in blocks):
            continue
        anchors = cards.on(lines[0])
        inner = lines[0].link_share == 1 and len({anchor.href for anchor in anchors}) == 1
        if inner and urls.in_scope(context.source, urls.join(context.base, anchors[0].href) or ""):
            found.append(Block(heading=None, kind=Heading.ABOUT, first=box.first - 1, last=box.last))
    return found


def _is_named(box: Box) -> bool:
    if _RELATED_NAME.search(box.names):
        return True
    in_text = any(outer.role is Role.BODY for outer in box.ancestors(4))
    return in_text and _IN_TEXT_NAME.search(box.names) is not None


_ELSEWHERE = (Role.NAVIGATION, Role.POPULAR, Role.ADVERTISEMENT)


def _overlaps(block: Block, box: Box) -> bool:
    return block.first < box.last and box.first < block.last
