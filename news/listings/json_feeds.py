"""JSON Feed 1.0 and 1.1."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from news.documents import Link, Listing, NotDocument, Source
from news.listings.links import date_of, plain, unique, unreadable
from news.urls import join


def read_json_feed(text: str, base: str, source: Source, now: datetime) -> Listing | NotDocument:
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:
        return unreadable(f"broken JSON: {error}")
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        return unreadable("JSON, but not a JSON Feed")
    problems: list[str] = []
    links = unique(_links(feed["items"], base, source, now, problems))
    return Listing(links=links, problems=tuple(problems))


def _links(items: list[Any], base: str, source: Source, now: datetime, problems: list[str]) -> Iterator[Link]:
    for number, item in enumerate(items, 1):
        entry = item if isinstance(item, dict) else {}
        if (url := _url(entry, base)) is None:
            problems.append(f"entry {number}: no usable link ({plain(_text(entry, 'title')) or 'no title'})")
            continue
        yield Link(
            url=url,
            title=plain(_text(entry, "title")),
            summary=plain(_text(entry, "summary") or _text(entry, "content_text")),
            published=date_of(_text(entry, "date_published") or _text(entry, "date_modified"), source, now),
            language=_text(entry, "language"),
        )


def _url(entry: Mapping[str, Any], base: str) -> str | None:
    """`id` is an address in many feeds, but only an absolute one can be told from a number."""
    for key in ("url", "external_url"):
        if (href := _text(entry, key)) and (url := join(base, href)):
            return url
    identity = _text(entry, "id") or ""
    return join(base, identity) if identity.startswith(("http://", "https://")) else None


def _text(entry: Mapping[str, Any], key: str) -> str | None:
    value = entry.get(key)
    return value if isinstance(value, str) else None
