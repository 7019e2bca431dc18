"""One line of an import file, read into an article."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from news.arabic import is_arabic
from news.dates import parse_date
from news.documents import Article, ParsedDate
from news.urls import canonical

REQUIRED = ("url", "title", "text", "source")


@dataclass(frozen=True, slots=True)
class GoodLine:
    """A line's article; `warning` says what of the line could not be used."""

    article: Article
    warning: str | None = None


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that gives no article; `problem` says why and what was expected."""

    problem: str


def parse_line(line: bytes, now: datetime) -> GoodLine | BadLine | None:
    """The article of one JSON line; None for an empty one. A date that cannot be read is left out, never guessed."""
    if not line.strip():
        return None
    try:
        fields = json.loads(line)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        return BadLine(f"is not a JSON object in UTF-8 ({error})")
    if not isinstance(fields, dict):
        return BadLine("is not a JSON object")
    if wrong := [key for key in REQUIRED if not isinstance(fields.get(key), str) or not fields[key].strip()]:
        return BadLine(f"`{wrong[0]}` must be a text that is not empty")
    try:
        url = canonical(fields["url"])
    except ValueError:
        return BadLine(f"`url` is no web address: {fields['url'][:100]!r}")
    raw = fields.get("published_at")
    published = parse_date(raw, now=now) if isinstance(raw, str) else None
    warning = None if published or raw is None else f"`published_at` is no date that is understood: {str(raw)[:60]!r}"
    return GoodLine(_article(fields, url, published, now), warning)


def _article(fields: Mapping[str, Any], url: str, published: ParsedDate | None, now: datetime) -> Article:
    authors = fields.get("authors") or ()
    text = _clean(fields["text"])
    return Article(
        url=url,
        requested_url=fields["url"],
        source=fields["source"].strip(),
        title=_clean(fields["title"]).replace("\n", " "),
        summary=_clean(fields["summary"]) if isinstance(fields.get("summary"), str) else None,
        text=text,
        authors=tuple(str(author) for author in ([authors] if isinstance(authors, str) else authors)),
        section=fields["section"] if isinstance(fields.get("section"), str) else None,
        published=published,
        language="ar" if is_arabic(text) else "und",
        fetched_at=now.astimezone(UTC),
    )


def _clean(text: str) -> str:
    """Lone surrogates cannot be stored as UTF-8; lines are trimmed and empty ones dropped."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())
