"""Every type that passes between the stages: frozen values named for what is known by then.

Datetimes are aware and in UTC. Where an outlet's own offset matters to a reader it is kept beside the value, in
minutes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from enum import StrEnum


class EndpointKind(StrEnum):
    FEED = "feed"
    SITEMAP = "sitemap"
    SECTION = "section"


class FoundKind(StrEnum):
    FEED = "feed"
    SITEMAP = "sitemap"
    SECTION = "section"
    RELATED = "related"
    STORY = "story"
    IMPORT = "import"


class Outcome(StrEnum):
    """How the first visit of a URL ended. The values are also the metric names."""

    STORED = "stored"
    ALIAS = "alias"
    NOT_ARTICLE = "not_article"
    NOT_ARABIC = "not_arabic"
    NO_TEXT = "no_text"
    TOO_OLD = "too_old"
    OFF_TOPIC = "off_topic"
    OUT_OF_SCOPE = "out_of_scope"
    OVER_BUDGET = "over_budget"
    TRAP = "trap"
    ROBOTS = "robots"
    NOINDEX = "noindex"
    PAYWALLED = "paywalled"
    CHALLENGE = "challenge"
    NEEDS_SCRIPT = "needs_script"
    NOT_FOUND = "not_found"
    GONE = "gone"
    FORBIDDEN = "forbidden"
    HTTP_ERROR = "http_error"
    TIMEOUT = "timeout"
    TOO_LARGE = "too_large"
    REFUSED_ADDRESS = "refused_address"
    REDIRECT_LOOP = "redirect_loop"
    PARSE_ERROR = "parse_error"
    REMOVED = "removed"


class Precision(StrEnum):
    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Calendar(StrEnum):
    GREGORIAN = "gregorian"
    HIJRI = "hijri"


class DecisionKind(StrEnum):
    NEW = "new"
    UNCHANGED = "unchanged"
    REVISION = "revision"
    SAME_DOCUMENT = "same_document"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where an outlet lists its articles, and how we came to believe so."""

    kind: EndpointKind
    url: str
    enabled: bool = True
    confidence: str | None = None
    evidence: str = ""
    notes: str = ""
    checked_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """Optional CSS overrides of one outlet; an empty string means the general rules."""

    title: str = ""
    body: str = ""
    author: str = ""
    published: str = ""
    related: str = ""
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One outlet. `articles` are regular expressions on the decoded path (and query) of an article's address."""

    id: str
    name: str
    homepage: str
    country: str = ""
    timezone: str = "UTC"
    language: str = "ar"
    endpoints: tuple[Endpoint, ...] = ()
    articles: tuple[str, ...] = ()
    delay: float | None = None
    allowed_domains: tuple[str, ...] = ()
    interval: timedelta = timedelta(minutes=15)
    enabled: bool = True
    related_hops: int = 1
    selectors: Selectors = field(default_factory=Selectors)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundVia:
    """The listing, article or file that led us to a URL."""

    kind: FoundKind
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedDate:
    """A date as far as its text tells it: `value` in UTC, `offset` the minutes east of UTC it was written in."""

    value: datetime
    precision: Precision
    calendar: Calendar = Calendar.GREGORIAN
    evidence: str = ""
    offset: int = 0

    @property
    def local(self) -> datetime:
        return self.value.astimezone(timezone(timedelta(minutes=self.offset)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address that a listing named as an article, absolute, as it was written."""

    url: str
    title: str | None = None
    summary: str | None = None
    published: ParsedDate | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a feed, sitemap or section page held.

    `children` are the sitemaps that a sitemap index names and that are worth a visit now; `problems` says in words
    what was wrong with it, entry by entry; a listing that is none at all is a `NotDocument`.
    """

    links: tuple[Link, ...] = ()
    children: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    ttl: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A fetched answer. Header names are lower-case; `url` is where the redirects ended."""

    requested_url: str
    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """One teaser of an article's related coverage, in the page's order."""

    url: str
    title: str
    heading: str | None = None
    teaser: str | None = None
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article as read from its page, before anything is known of what the store holds."""

    url: str
    requested_url: str
    source: str
    title: str
    text: str
    summary: str | None = None
    authors: tuple[str, ...] = ()
    credits: tuple[str, ...] = ()
    section: str | None = None
    published: ParsedDate | None = None
    published_from: str | None = None
    modified: ParsedDate | None = None
    language: str = "ar"
    image_url: str | None = None
    related: tuple[Related, ...] = ()
    fetched_at: datetime
    noarchive: bool = False
    nofollow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NotDocument:
    """A page that gives no document, and why."""

    outcome: Outcome
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """MinHash of the normalised text's word 3-shingles.

    `minhash`: 96 little-endian uint32 as bytes (384 bytes). `bands`: 48 signed 64-bit keys, each of its band and two
    rows. `content_hash`: SHA-256 (hex) of the normalised title and text; equal means the same words.
    """

    minhash: bytes
    bands: tuple[int, ...]
    content_hash: str
    shingles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadArticle:
    """What a worker sends back for an article page."""

    article: Article
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A stored document that shares a band with an article."""

    id: str
    cluster_id: str
    duplicate_of: str | None
    source: str
    title: str
    text: str
    minhash: bytes
    content_hash: str
    first_seen_at: datetime
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What an article is beside what is stored. `of` is the document it repeats or revises; `similarity` in [0, 1]."""

    kind: DecisionKind
    of: str | None = None
    reason: str
    similarity: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How far one text went: in how many documents, of how many outlets, and when the first and the last were seen."""

    documents: int
    outlets: int
    first_seen_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A stored article. `id` is 128 bits of SHA-256 of its first canonical URL in hex, and never changes."""

    id: str
    seq: int
    url: str
    requested_url: str
    source: str
    title: str
    summary: str | None
    text: str
    authors: tuple[str, ...]
    credits: tuple[str, ...]
    section: str | None
    published: ParsedDate | None
    published_from: str | None
    modified: ParsedDate | None
    language: str
    image_url: str | None
    related: tuple[Related, ...]
    stories: tuple[str, ...]
    first_seen_at: datetime
    fetched_at: datetime
    revision: int
    cluster_id: str
    duplicate_of: str | None
    found_via: FoundVia
    removed_at: datetime | None = None
    copies: int = 0
    spread: Spread | None = None
    urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One version of a document's words, and in what it differs from the one before."""

    document_id: str
    revision: int
    seen_at: datetime
    title: str
    summary: str | None
    text: str
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """A search as asked. `since` and `until` are half-open bounds; `sort` is «newest» or «best»."""

    text: str
    exact: bool = False
    source: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    limit: int = 10
    sort: str = "newest"
    all_copies: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """One found document; `snippet` is HTML-escaped but for <mark> around the matches."""

    id: str
    url: str
    source: str
    title: str
    snippet: str
    published_at: str | None
    score: float | None
    copies: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """`total` counts documents before collapsing; `total_relation` is «eq», or «gte» where it stopped at 10,000."""

    query: str
    total: int
    total_relation: str
    took_ms: float
    hits: tuple[SearchHit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncReport:
    """What one run of a follower did, in documents."""

    sent: int = 0
    deleted: int = 0
    rejected: int = 0
    pending: int = 0
