"""A document as it is indexed: as it is printed, and what people sort, filter and group by."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from index.embedded.generations import filter_time, milliseconds, sort_time
from news.documents import Document, Source
from news.rendering import document_dict, iso


def indexed(document: Document, sources: Mapping[str, Source], cluster_title: str, now: datetime) -> dict[str, Any]:
    source = sources.get(document.source)
    return {
        **document_dict(document),
        "seq": document.seq,
        "host": urlsplit(document.url).hostname,
        "source_name": source.name if source else document.source,
        "country": source.country if source and source.country else None,
        "cluster_title": cluster_title,
        # To the millisecond, as the embedded index orders.
        "at": milliseconds(filter_time(document)),
        "newest_at": milliseconds(sort_time(document)),
        "indexed_at": iso(now),
    }
