"""JSON-LD as it really stands in pages: lists, graphs, comments around it, broken strings."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

Object = dict[str, Any]

ARTICLE_TYPES = frozenset(
    {
        "AdvertiserContentArticle", "AnalysisNewsArticle", "Article", "AskPublicNewsArticle",
        "BackgroundNewsArticle", "BlogPosting", "LiveBlogPosting", "NewsArticle", "OpinionNewsArticle",
        "Report", "ReportageNewsArticle", "ReviewNewsArticle", "SatiricalArticle", "ScholarlyArticle",
        "SocialMediaPosting", "TechArticle",
    }
)  # fmt: skip
MEDIA_TYPES = frozenset(["VideoObject", "AudioObject", "ImageGallery", "MediaGallery", "PodcastEpisode"])
_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*.*?\*/)|(?:-->|//\s*\]\]>|\]\]>)\s*$|;\s*$", re.DOTALL
)
_TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")
_MISSING_VALUE = re.compile(r":\s*(?=[,}])")
_FIELD = re.compile(
    r'"(@type|headline|datePublished|dateModified|dateCreated|articleSection|url|description|isAccessibleForFree)"\s*:\s*"((?:[^"\\]|\\.)*)"'
)
_OPENINGS, _CLOSINGS = ("{", "["), ("}", "]")  # of JSON that nothing is wrapped around
_DEPTH = 6


def read(text: str) -> list[Object]:
    """All objects of one script, flattened; of text that no repair makes JSON, the fields that stand out."""
    objects: list[Object] = []
    for value in _parse(text):
        objects.extend(_flatten(value, _DEPTH))
    return objects


def types_of(value: Object) -> set[str]:
    kind = value.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return {str(one).rsplit("/", 1)[-1] for one in kinds if one}


def text_of(value: Any) -> str:
    """The first text in a value: itself, its name, its @value, its first element."""
    if isinstance(value, str):
        return html.unescape(value).strip()
    if isinstance(value, list):
        return next((found for found in map(text_of, value) if found), "")
    if isinstance(value, dict):
        return next(
            (found for key in ("name", "@value", "@list", "url", "@id") if (found := text_of(value.get(key)))), ""
        )
    return ""


def texts_of(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [found for one in values if (found := text_of(one))]


def _parse(text: str) -> list[Any]:
    text = text.strip()
    if text[:1] not in _OPENINGS or text[-1:] not in _CLOSINGS:
        text = _WRAPPING.sub("", _WRAPPING.sub("", text)).strip()
    if not text:
        return []
    for attempt in (text, _MISSING_VALUE.sub(": null", _TRAILING_COMMA.sub("", text))):
        found = _decode_all(attempt)
        if found:
            return found
    fields: Object = {}
    for key, value in _FIELD.findall(text):
        fields.setdefault(key, _unescaped(value))
    return [fields] if fields else []


def _decode_all(text: str) -> list[Any]:
    """Every JSON value in a row: some pages set several objects into one script."""
    decoder = json.JSONDecoder(strict=False)
    found: list[Any] = []
    at = 0
    while at < len(text):
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return found
        found.append(value)
        while at < len(text) and text[at] in " \t\r\n,;":
            at += 1
    return found


def _unescaped(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:
        return text


def _flatten(value: Any, depth: int) -> Iterator[Object]:
    if depth == 0:
        return
    if isinstance(value, list):
        for one in value:
            yield from _flatten(one, depth - 1)
    elif isinstance(value, dict):
        yield value
        for key in (
            "@graph",
            "mainEntity",
            "mainEntityOfPage",
            "itemListElement" if "Breadcrumb" not in str(value.get("@type")) else "",
        ):
            inner = value.get(key) if key else None
            if isinstance(inner, (dict, list)):
                yield from _flatten(inner, depth - 1)
