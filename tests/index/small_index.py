"""Documents of a few words for an embedded index, and short ways to write and find them."""

import hashlib
from datetime import UTC, datetime

from index.embedded import EmbeddedIndex
from index.embedded.finding import Found
from news.documents import Document, FoundKind, FoundVia, ParsedDate, Precision, SearchQuery

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def document(
    name: str,
    title: str = "خبر",
    text: str = "",
    *,
    seq: int = 1,
    source: str = "jazeera",
    seen: datetime = NOON,
    published: datetime | None = None,
    cluster: str = "",
    kind: FoundKind = FoundKind.FEED,
    summary: str | None = None,
) -> Document:
    return Document(
        id=identity(name),
        seq=seq,
        url=f"https://news.example/{name}",
        requested_url=f"https://news.example/{name}",
        source=source,
        title=title,
        summary=summary,
        text=text,
        authors=(),
        credits=(),
        section=None,
        published=ParsedDate(value=published, precision=Precision.SECOND) if published else None,
        published_from=None,
        modified=None,
        language="ar",
        image_url=None,
        related=(),
        stories=(),
        first_seen_at=seen,
        fetched_at=seen,
        revision=1,
        cluster_id=cluster or identity(name),
        duplicate_of=None,
        found_via=FoundVia(kind=kind, url=None),
    )


def identity(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def write(index: EmbeddedIndex, *documents: Document) -> None:
    index.write(documents, [], max(each.seq for each in documents))


def names(*given: str) -> list[str]:
    return [identity(name) for name in given]


def find(index: EmbeddedIndex, text: str, **asked: object) -> Found:
    found = index.search(SearchQuery(text=text, **asked))  # type: ignore[arg-type]
    assert isinstance(found, Found)
    return found


def ids(index: EmbeddedIndex, text: str, **asked: object) -> list[str]:
    return [hit.id for hit in find(index, text, **asked).hits]
