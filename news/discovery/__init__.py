"""Where an outlet may list its articles, as its homepage and its robots.txt tell: candidates to be tried."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from news.discovery.article_forms import article_forms
from news.discovery.drafts import draft_source, owner_of
from news.discovery.verdicts import EndpointVerdict, judge_endpoint
from news.documents import EndpointKind, Page
from news.encodings import decode
from news.listings.section_names import NEWS, NO_LISTING, NO_LISTING_PATH
from news.urls import canonical, decoded_path, host_of, join, site_of

__all__ = [
    "Candidate",
    "EndpointVerdict",
    "article_forms",
    "candidates",
    "draft_source",
    "feeds_in",
    "judge_endpoint",
    "owner_of",
    "sections_in",
    "sitemaps_in",
    "usual_places",
]

_FEED_TYPE = re.compile(r"application/(?:(?:rss|atom|rdf)\+xml|feed\+json|xml)|text/xml")
_COMMENTS = re.compile(r"comments?\b|تعليقات", re.IGNORECASE)
_FEED_PATH = re.compile(r"(?:^|[/.?=_-])(?:rss\d*|feeds?|atom)(?:$|[/.?&=_-])", re.IGNORECASE)
_NEWS_SITEMAP = re.compile(r"news|أخبار", re.IGNORECASE)
_SITEMAP_LINE = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
# The places that the outlets of the catalogue use most.
_FEED_PLACES = ("rss", "feed", "rss.xml", "feed.xml", "rssFeed/0", "rss/latestNews")
_SITEMAP_PLACES = ("news-sitemap.xml", "sitemap-news.xml", "googlenews.xml", "sitemap.xml")

_LONGEST_NAME = 4  # words in the name of a section; headlines are longer
_DEEPEST = 3
_NAVIGATION = ("nav", "header", "menu", "navigation", "navbar")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An address that may list articles. `certain`: the outlet names it itself; else it is a guess worth one try."""

    kind: EndpointKind
    url: str
    evidence: str
    certain: bool = True


def candidates(homepage: Page, robots: str | None) -> list[Candidate]:
    """Everything worth a try, the likeliest of each kind first; sections last, for they are the weakest kind."""
    tree = _tree(homepage)
    found = [*_feeds(tree, homepage.url), *sitemaps_in(robots or "", homepage.url)]
    found += [*usual_places(homepage.url), *_sections(tree, homepage.url)]
    return list(_once(found))


def feeds_in(page: Page) -> list[Candidate]:
    """Feeds that the page declares in its head, then those it merely links to on its own site."""
    return list(_once(_feeds(_tree(page), page.url)))


def sitemaps_in(robots: str, homepage: str) -> list[Candidate]:
    """The sitemaps that a robots.txt names, those of news first."""
    named = [url for line in _SITEMAP_LINE.findall(robots) if (url := join(homepage, line)) is not None]
    named.sort(key=lambda url: _NEWS_SITEMAP.search(urlsplit(url).path) is None)
    return list(_once(Candidate(kind=EndpointKind.SITEMAP, url=url, evidence="named in robots.txt") for url in named))


def usual_places(homepage: str) -> list[Candidate]:
    """Guesses: below the homepage's own path first («/ar/rss»), then at the root."""
    path = urlsplit(homepage).path.strip("/")
    roots = [f"/{path}/", "/"] if path and "." not in path else ["/"]
    places = [(EndpointKind.FEED, root + place) for root in roots for place in _FEED_PLACES]
    places += [(EndpointKind.SITEMAP, root + place) for root in roots for place in _SITEMAP_PLACES]
    return [
        Candidate(kind=kind, url=url, evidence="a usual place", certain=False)
        for kind, place in places
        if (url := join(homepage, place)) is not None
    ]


def sections_in(page: Page) -> list[Candidate]:
    """Links to listing pages of the same host: short names, shallow paths. The likeliest come first, all are there."""
    return list(_once(_sections(_tree(page), page.url)))


def _tree(page: Page) -> LexborHTMLParser:
    text, _ = decode(page.body, page.headers.get("content-type"))
    return LexborHTMLParser(text)


def _feeds(tree: LexborHTMLParser, base: str) -> Iterator[Candidate]:
    for link in tree.css("link[rel~=alternate i][href]"):
        kind = (link.attributes.get("type") or "").lower().partition(";")[0].strip()
        title = link.attributes.get("title") or ""
        url = join(base, link.attributes["href"] or "")
        if url and _FEED_TYPE.fullmatch(kind) and not _COMMENTS.search(f"{title} {url}"):
            yield Candidate(kind=EndpointKind.FEED, url=url, evidence="declared in the page's head")
    for anchor in tree.css("a[href]"):
        url = join(base, anchor.attributes["href"] or "")
        if url and site_of(url) == site_of(base) and _FEED_PATH.search(decoded_path(url)) and not _COMMENTS.search(url):
            yield Candidate(kind=EndpointKind.FEED, url=url, evidence="linked on the homepage", certain=False)


def _sections(tree: LexborHTMLParser, base: str) -> list[Candidate]:
    home, host = canonical(base).rstrip("/"), _bare_host(base)
    found: list[tuple[tuple[bool, int, bool], Candidate]] = []
    for anchor in tree.css("a[href]"):
        url = join(base, anchor.attributes["href"] or "")
        name = " ".join(anchor.text().split())
        if url is None or _bare_host(url) != host or canonical(url).rstrip("/") == home:
            continue
        segments = _path_of_section(name, decoded_path(url))
        if segments:
            rank = (NEWS.search(f"{name} {segments[-1]}") is None, len(segments), not _in_navigation(anchor))
            evidence = f"«{name}» on the homepage"
            found.append((rank, Candidate(kind=EndpointKind.SECTION, url=url, evidence=evidence, certain=False)))
    return [candidate for _, candidate in sorted(found, key=lambda pair: pair[0])]


def _bare_host(url: str) -> str:
    return host_of(url).removeprefix("www.")


def _path_of_section(name: str, path: str) -> list[str]:
    """The segments of a path that may be a section's; none where it or the link's name speaks against it."""
    segments = [segment for segment in path.partition("?")[0].split("/") if segment]
    named = len(name.split()) <= _LONGEST_NAME and any(letter.isalpha() for letter in name)
    if not named or len(segments) > _DEEPEST or re.search(r"\d{4,}", path):
        return []
    return [] if NO_LISTING.search(name) or NO_LISTING_PATH.search(path) else segments


def _in_navigation(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None and parent.tag != "body":
        marks = f"{parent.tag} {parent.attributes.get('role') or ''} {parent.attributes.get('class') or ''}".lower()
        if any(word in _NAVIGATION for word in re.split(r"[\s_-]+", marks)):
            return True
        parent = parent.parent
    return False


def _once(found: Iterable[Candidate]) -> Iterator[Candidate]:
    seen: set[str] = set()
    for candidate in found:
        key = canonical(candidate.url)
        if key not in seen:
            seen.add(key)
            yield candidate
