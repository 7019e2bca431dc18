"""The fields of an indexed document, and the version of all that decides how it is indexed."""

import json
from functools import cache
from hashlib import sha256
from typing import Any, Final

from index.elastic import analysis
from news.analysis import Field

TEXTS: Final = ("title", "summary", "text")
FIELDS: Final[tuple[Field, ...]] = ("light", "stem", "exact")

Properties = dict[str, Any]


def field_name(text: str, field: Field) -> str:
    """The field itself is light."""
    return text if field == "light" else f"{text}.{field}"


def text_fields(field: Field, texts: tuple[str, ...] = TEXTS) -> list[str]:
    return [field_name(text, field) for text in texts]


def properties() -> Properties:
    return {
        "id": keyword(),
        "seq": {"type": "long"},
        "url": keyword(2048),
        "requested_url": keyword(2048),
        "urls": keyword(2048),
        "host": keyword(),
        "source": keyword(),
        "source_name": keyword(),
        "country": keyword(),
        "title": text(keyword=keyword(1024)),
        "summary": text(),
        "text": text(),
        "authors": keyword(),
        "credits": keyword(),
        "section": keyword(),
        "language": keyword(),
        "image_url": stored_only(),
        "published_at": date(),
        "published_from": keyword(),
        "published_precision": keyword(),
        "modified_at": date(),
        "first_seen_at": date(),
        "fetched_at": date(),
        "indexed_at": date(),
        "removed_at": date(),
        # When it was published or, where that is unknown, first seen; and what «newest first» goes by.
        "at": date(),
        "newest_at": date(),
        "revision": {"type": "integer"},
        "related": {
            "properties": {"url": keyword(2048), "title": keyword(1024), "heading": keyword(1024)},
        },
        "stories": keyword(),
        "cluster_id": keyword(),
        "cluster_title": keyword(1024),
        "duplicate_of": keyword(),
        "copies": {"type": "integer"},
        "spread": {
            "properties": {
                "documents": {"type": "integer"},
                "outlets": {"type": "integer"},
                "first_seen_at": date(),
                "last_seen_at": date(),
            },
        },
        "origin": {
            "properties": {"guess": keyword(), "evidence": keyword(), "certainty": {"type": "float"}},
        },
        "found_via": {"properties": {"kind": keyword(), "url": keyword(2048)}},
    }


def settings() -> dict[str, Any]:
    return {
        "analysis": analysis.settings(),
        "index": {
            "number_of_shards": 1,
            "auto_expand_replicas": "0-1",
            "codec": "best_compression",
            "refresh_interval": "5s",
            # What an unfielded query in Kibana searches. No boosts: they cost more than any analyzer wins.
            "query": {"default_field": [name for field in FIELDS for name in text_fields(field)]},
        },
    }


@cache
def version() -> str:
    """Of the mapping and the analysis, but not of the synonyms: those change without indexing anew."""
    told = settings()
    told["analysis"]["filter"] |= {name: {} for name in analysis.synonyms(())}
    return sha256(json.dumps([told, properties()], sort_keys=True).encode()).hexdigest()[:12]


def text(**more: Any) -> Properties:
    """`offsets`: highlighting long texts without analysing them again."""

    def field(name: Field, **options: Any) -> Properties:
        asked = analysis.analyzer_for(name, search=True)
        return {"type": "text", "analyzer": analysis.analyzer_for(name), "search_analyzer": asked, **options}

    sub_fields = {"stem": field("stem", index_options="offsets"), "exact": field("exact"), **more}
    return field("light", index_options="offsets", fields=sub_fields)


def keyword(longest: int = 512) -> Properties:
    """In characters. Longer values stay in the document and are left out of the index: 32,766 bytes is its limit."""
    return {"type": "keyword", "ignore_above": longest}


def stored_only() -> Properties:
    return {"type": "keyword", "index": False, "doc_values": False}


def date() -> Properties:
    return {"type": "date"}
