"""Listing pages, for outlets without feeds: which of a page's links are articles."""

from collections.abc import Iterable
from datetime import datetime

from news.documents import Link, Listing, NotDocument, Page, Source
from news.encodings import decode
from news.listings.anchors import Anchor, Words, anchors_of
from news.listings.link_scores import ARTICLE, Teaser, address_score, scores
from news.listings.links import empty, unreadable
from news.urls import canonical, matches_article

_CARD_WORDS = 40  # longer texts are a whole card's, with its summary and date
_FEWEST_WORDS = 4  # of a headline in the page's frame


def read_section(page: Page, source: Source, now: datetime) -> Listing | NotDocument:
    """The articles that a page lists, in its order, each under the best of its headlines.

    An outlet's `articles` patterns decide alone. Where it has none, or where none of its links matches (the outlet
    changed its addresses), links are judged by their words, their place and the form of their address.
    """
    text, _ = decode(page.body, page.headers.get("content-type"))
    if not text.strip():
        return empty("an empty answer")
    if "<" not in text:
        return unreadable("not a web page")
    teasers = _teasers(anchors_of(text, page.url), page.url)
    matching = [teaser for teaser in teasers if _is_known(source, teaser)]
    if source.articles and matching:
        return Listing(links=_links(matching))
    scored = scores(teasers)
    links = _links(teaser for teaser, score in zip(teasers, scored, strict=True) if score >= ARTICLE)
    problems = ["no link matches the outlet's articles patterns"] if source.articles else []
    if not links:
        problems.append("no link looks like an article")
    return Listing(links=links, problems=tuple(problems))


def _is_known(source: Source, teaser: Teaser) -> bool:
    if not matches_article(source, teaser.url):
        return False
    return not teaser.framed or len(teaser.text.split()) >= _FEWEST_WORDS


def _links(teasers: Iterable[Teaser]) -> tuple[Link, ...]:
    return tuple(Link(url=teaser.url, title=teaser.text or None) for teaser in teasers)


def _teasers(anchors: Iterable[Anchor], page_url: str) -> list[Teaser]:
    """One for all links to the same address, without those to this page."""
    groups: dict[str, list[Anchor]] = {}
    for anchor in anchors:
        groups.setdefault(canonical(anchor.url), []).append(anchor)
    groups.pop(canonical(page_url), None)
    return [_teaser(key, group) for key, group in groups.items()]


def _teaser(key: str, group: list[Anchor]) -> Teaser:
    best = max(group, key=_headline_rank)
    return Teaser(
        url=group[0].url,
        text=best.text,
        heading=best.words is Words.HEADING,
        picture=any(anchor.picture for anchor in group),
        framed=all(anchor.framed for anchor in group),
        address=address_score(key),
    )


def _headline_rank(anchor: Anchor) -> tuple[int, int]:
    words = len(anchor.text.split())
    return (0, -words) if words > _CARD_WORDS else (anchor.words, words)
