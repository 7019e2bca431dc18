"""A document as `extract`, `export` and `show` print it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from news.copies.origins import guess_origin
from news.documents import Article, Document, ParsedDate, Related, Spread


def iso(value: datetime | None) -> str | None:
    return value.isoformat(timespec="seconds") if value else None


def iso_date(date: ParsedDate | None) -> str | None:
    return iso(date.local) if date else None


def _related(links: Sequence[Related]) -> list[dict[str, str | None]]:
    return [{"url": link.url, "title": link.title, "heading": link.heading} for link in links]


def _origin(article: Article | Document) -> dict[str, Any] | None:
    """A guess, and what it rests on."""
    guess = guess_origin(article.credits, article.text)
    return {"guess": guess.name, "evidence": guess.evidence, "certainty": guess.certainty} if guess else None


def _spread(spread: Spread | None) -> dict[str, Any] | None:
    if spread is None:
        return None
    return {
        "documents": spread.documents,
        "outlets": spread.outlets,
        "first_seen_at": iso(spread.first_seen_at),
        "last_seen_at": iso(spread.last_seen_at),
    }


def _shared(article: Article | Document) -> dict[str, Any]:
    """The fields that a page alone tells."""
    return {
        "url": article.url,
        "requested_url": article.requested_url,
        "source": article.source,
        "title": article.title,
        "summary": article.summary,
        "text": article.text,
        "authors": list(article.authors),
        "credits": list(article.credits),
        "section": article.section,
        "published_at": iso_date(article.published),
        "published_from": article.published_from,
        "published_precision": article.published.precision.value if article.published else None,
        "modified_at": iso_date(article.modified),
        "language": article.language,
        "image_url": article.image_url,
        "related": _related(article.related),
        "origin": _origin(article),
    }


def article_dict(article: Article) -> dict[str, Any]:
    """An extracted page: null where only the store could know."""
    return {
        "id": None,
        **_shared(article),
        "stories": None,
        "first_seen_at": None,
        "fetched_at": iso(article.fetched_at),
        "revision": None,
        "cluster_id": None,
        "duplicate_of": None,
        "found_via": None,
        "spread": None,
    }


def document_dict(document: Document) -> dict[str, Any]:
    return {
        "id": document.id,
        **_shared(document),
        "stories": list(document.stories),
        "first_seen_at": iso(document.first_seen_at),
        "fetched_at": iso(document.fetched_at),
        "revision": document.revision,
        "cluster_id": document.cluster_id,
        "duplicate_of": document.duplicate_of,
        "found_via": {"kind": document.found_via.kind.value, "url": document.found_via.url},
        "removed_at": iso(document.removed_at),
        "copies": document.copies,
        "spread": _spread(document.spread),
        "urls": list(document.urls),
    }
