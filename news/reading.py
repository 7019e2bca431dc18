"""One fetched page in, what it says out: the work of an extraction process."""

from datetime import datetime

from news.copies.fingerprints import fingerprint
from news.documents import (
    Article,
    EndpointKind,
    Listing,
    NotDocument,
    Page,
    ParsedDate,
    ReadArticle,
    Source,
)
from news.extract import extract
from news.listings.feeds import read_feed
from news.listings.sections import read_section
from news.listings.sitemaps import read_sitemap

READERS = {
    EndpointKind.FEED: read_feed,
    EndpointKind.SITEMAP: read_sitemap,
    EndpointKind.SECTION: read_section,
}


def read_listing(page: Page, kind: EndpointKind, source: Source, now: datetime) -> Listing | NotDocument:
    return READERS[kind](page, source, now)


def read_article(
    page: Page,
    source: Source,
    now: datetime,
    *,
    listed_title: str | None = None,
    listed_published: ParsedDate | None = None,
) -> ReadArticle | NotDocument:
    article = extract(page, source, now, listed_title=listed_title, listed_published=listed_published)
    if isinstance(article, NotDocument):
        return article
    return with_fingerprint(article)


def with_fingerprint(article: Article) -> ReadArticle:
    return ReadArticle(article=article, fingerprint=fingerprint(article.title, article.text))


def read(
    page: Page,
    listing: EndpointKind | None,
    source: Source,
    now: datetime,
    listed_title: str | None = None,
    listed_published: ParsedDate | None = None,
) -> Listing | ReadArticle | NotDocument:
    """Read a listing where `listing` says of what kind it is, else an article."""
    if listing is not None:
        return read_listing(page, listing, source, now)
    return read_article(page, source, now, listed_title=listed_title, listed_published=listed_published)
