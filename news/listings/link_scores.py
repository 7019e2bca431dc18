"""How much a link looks like an article's: by the form of its address, its words, its place, and its like."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from news.urls import site_of

ARTICLE = 4.0  # from here on it is one
_NEARLY = 2.0  # enough where most links of the same form are articles
_ENOUGH_ALIKE = 5

# scores by the number of words, from the most
_HEADLINE = ((7, 3.0), (5, 2.5), (4, 2.0), (3, 0.5), (0, -1.0))
_SLUG = ((5, 2.0), (4, 1.5), (3, 0.5), (0, 0.0))

_BETWEEN_WORDS = re.compile(r"[-_.\s+]+")
_DATE = re.compile(r"/(?:19|20)\d\d(?:/[a-z_-]+)?[/-]\d{1,2}(?:[/-]\d{1,2})?(?:[/-]|$)|/20\d{6}(?:\D|$)")
_NUMBER = re.compile(r"\d{5,}")
_IDENTIFIER = re.compile(r"(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{8,}")
_ID_PARAMETER = re.compile(r"(?:^|&)(?:\w*id|news|article|story|nid|serial|n|p|a)=[\w-]*\d", re.IGNORECASE)
_EXTENSION = re.compile(r"\.(?:s?html?|aspx?|php|jsp)$", re.IGNORECASE)
_FILE = re.compile(r"\.(?:pdf|jpe?g|png|gif|webp|svg|mp[34]|zip|apk|docx?|xlsx?|xml|rss|json|css|js)$", re.IGNORECASE)
_NEVER = frozenset(
    (
        "tag", "tags", "category", "categories", "author", "authors", "writer", "writers", "topic", "topics", "page",
        "search", "login", "signin", "register", "signup", "contact", "contact-us", "contactus", "about", "about-us",
        "aboutus", "privacy", "privacy-policy", "terms", "rss", "feed", "feeds", "account", "user", "users", "cart",
        "subscribe", "newsletter", "advertise", "share", "sharer", "wp-login.php", "calendar", "archive", "archives",
    )
)  # fmt: skip
_PAGINATION = re.compile(r"(?:^|&)(?:page|pg|start|offset|s|q|query|search)=", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Teaser:
    """All links of a page to one address. `address` is what the form of the address says, from `address_score`."""

    url: str
    text: str
    heading: bool
    picture: bool
    framed: bool
    address: float


def scores(teasers: Sequence[Teaser]) -> list[float]:
    """A score each. A weak one is lifted to `ARTICLE` where most of its like are articles by themselves."""
    own = [_score(teaser) for teaser in teasers]
    shapes = [_shape(teaser.url) for teaser in teasers]
    alike: dict[str, list[float]] = defaultdict(list)
    for shape, score in zip(shapes, own, strict=True):
        alike[shape].append(score)
    article_shapes = {shape for shape, found in alike.items() if _are_articles(found)}
    return [
        ARTICLE if _NEARLY <= score < ARTICLE and shape in article_shapes else score
        for shape, score in zip(shapes, own, strict=True)
    ]


def _are_articles(found: Sequence[float]) -> bool:
    strong = sum(score >= ARTICLE for score in found)
    return strong >= _ENOUGH_ALIKE and 2 * strong > len(found)


def _score(teaser: Teaser) -> float:
    if teaser.address < 0:
        return teaser.address
    headline = _by_count(len(teaser.text.split()), _HEADLINE)
    return teaser.address + headline + teaser.heading + 0.5 * teaser.picture - 4 * teaser.framed


def address_score(canonical_url: str) -> float:
    """From -1 (never an article) to 4 (a date, a number and a slug)."""
    path, _, query = canonical_url.split("/", 3)[3].partition("?")
    path = unquote(path, errors="replace").rstrip("/")
    segments = [segment.lower() for segment in path.split("/") if segment]
    if not segments and not query:
        return -1
    if _FILE.search(path) or not _NEVER.isdisjoint(segments) or _PAGINATION.search(query):
        return -1
    last = _EXTENSION.sub("", segments[-1]) if segments else ""
    if last in ("index", "default") and len(segments) > 1:
        last = segments[-2]
    score = 1.5 * bool(_DATE.search("/" + path)) + _slug_score(last)
    if _NUMBER.search(path) or _ID_PARAMETER.search(query) or _IDENTIFIER.fullmatch(last):
        score += 1.5
    return score


def _slug_score(segment: str) -> float:
    return _by_count(len([word for word in _BETWEEN_WORDS.split(segment) if word]), _SLUG)


def _by_count(words: int, table: Sequence[tuple[int, float]]) -> float:
    return next(score for fewest, score in table if words >= fewest)


def _shape(url: str) -> str:
    """The form of an address: its site, its words where they are few, and kinds of segments elsewhere."""
    path, _, query = url.split("/", 3)[3].partition("?")
    segments = [_kind(_EXTENSION.sub("", unquote(segment, errors="replace"))) for segment in path.split("/")]
    names = Counter(part.partition("=")[0] for part in query.split("&") if part)
    return " ".join((site_of(url), "/".join(segments), *sorted(names)))


def _kind(segment: str) -> str:
    if segment.isdigit():
        return "0"
    if _NUMBER.search(segment) or _IDENTIFIER.fullmatch(segment.lower()) or _slug_score(segment):
        return "*"
    return segment
