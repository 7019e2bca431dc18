"""A source file: TOML text in, a `Source` out, or what is wrong with it in words."""

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import PurePath
from typing import Any

from news.documents import Endpoint, EndpointKind, Selectors, Source
from news.sources import values as values
from news.sources.durations import parse_duration
from news.sources.fields import Fields, SourceError, Table

__all__ = ["SourceError", "overlay", "parse_duration", "parse_source", "parse_table", "read_source"]

LISTS = {"feeds": EndpointKind.FEED, "sitemaps": EndpointKind.SITEMAP, "sections": EndpointKind.SECTION}
KEYS = (
    *("id", "name", "homepage", "country", "timezone", "language", *LISTS, "articles", "delay", "allowed_domains"),
    *("interval", "enabled", "related", "selectors", "endpoints"),
)
SELECTOR_KEYS = ("title", "body", "author", "published", "related", "remove")
ENDPOINT_KEYS = ("kind", "url", "enabled", "confidence", "evidence", "notes", "checked_at")
CONFIDENCES = ("high", "medium", "low")


def parse_source(text: str, file_name: str) -> Source:
    """Raises `SourceError` for the first thing wrong; `read_source` tells all of them."""
    source, problems = read_source(parse_table(text, file_name), file_name)
    if source is None:
        raise problems[0]
    return source


def parse_table(text: str, file_name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise SourceError(file_name, "", f"is no readable TOML: {error}") from None


def read_source(table: Table, file_name: str) -> tuple[Source | None, list[SourceError]]:
    """The source, or None and every problem that its table has."""
    problems: list[SourceError] = []
    fields = Fields(table, file_name, problems)
    fields.only(KEYS)
    source = Source(
        id=_identity(fields),
        name=fields.required("name", example="الجزيرة نت"),
        homepage=fields.required("homepage", example="https://www.example.com/", check=values.address),
        country=fields.text("country", example="QA", check=values.country),
        timezone=fields.text("timezone", "UTC", example="Asia/Qatar", check=values.zone),
        language=fields.text("language", "ar", example="ar", check=values.language),
        endpoints=_endpoints(fields),
        articles=fields.texts("articles", "regular expressions", example=r"^/news/\\d+", check=values.expression),
        delay=fields.seconds("delay"),
        allowed_domains=_domains(fields),
        interval=_interval(fields),
        enabled=fields.flag("enabled", True),
        related_hops=_hops(fields),
        selectors=_selectors(fields),
    )
    return (None if problems else source), problems


def overlay(base: Table, user: Table) -> dict[str, Any]:
    """`base` with what the user changed: key by key, tables likewise, endpoints by their address."""
    merged = dict(base)
    for key, value in user.items():
        below = merged.get(key)
        if key == "endpoints" and _are_tables(value) and (below is None or _are_tables(below)):
            merged[key] = _merge_endpoints(below or [], value)
        elif isinstance(value, Mapping) and isinstance(below, Mapping):
            merged[key] = {**below, **value}
        else:
            merged[key] = value
    return merged


def _are_tables(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, Mapping) for item in value)


def _merge_endpoints(base: list[Table], user: list[Table]) -> list[Table]:
    merged: dict[object, Table] = {}
    for number, endpoint in enumerate((*base, *user)):
        url = endpoint.get("url")
        key = url if isinstance(url, str) else number  # one without an address stays apart, to be complained of later
        merged[key] = {**merged.get(key, {}), **endpoint}
    return list(merged.values())


def _identity(fields: Fields) -> str:
    name = PurePath(fields.file).stem
    found = fields.text("id", name, example=name, check=values.identifier)
    if "id" not in fields.table:
        fields.allow("id", name, values.identifier)
    elif found != name:
        fields.wrong("id", f'must be the name of its file, found {found!r}; write id = "{name}" or rename the file')
    return found


def _domains(fields: Fields) -> tuple[str, ...]:
    domains = fields.texts("allowed_domains", "domains", example="example.com", check=values.domain)
    return tuple(dict.fromkeys(domain.lower() for domain in domains))


def _endpoints(fields: Fields) -> tuple[Endpoint, ...]:
    """The short lists and the long form as one list; the long form tells more, so it wins on the same address."""
    listed = {
        url: kind
        for key, kind in LISTS.items()
        for url in fields.texts(key, "addresses", example="https://www.example.com/…", check=values.address)
    }
    endpoints = {url: Endpoint(kind=kind, url=url) for url, kind in listed.items()}
    seen: set[str] = set()
    for table in fields.each("endpoints"):
        endpoint = _endpoint(table, listed)
        if endpoint is None:
            continue
        if endpoint.url in seen:
            table.wrong("url", f"stands here a second time: {endpoint.url}; remove one of the two")
        seen.add(endpoint.url)
        endpoints[endpoint.url] = endpoint
    return tuple(endpoints.values())


def _endpoint(fields: Fields, listed: Mapping[str, EndpointKind]) -> Endpoint | None:
    """`kind` may be left out where one of the short lists already tells it."""
    fields.only(ENDPOINT_KEYS)
    url = fields.required("url", example="https://www.example.com/rss", check=values.address)
    known = listed.get(url)
    check = values.one_of(*EndpointKind)
    kind = fields.text("kind", known, check=check) if known else fields.required("kind", example="feed", check=check)
    confidence = fields.text("confidence", check=values.one_of(*CONFIDENCES))
    if not url or not kind:
        return None
    return Endpoint(
        kind=EndpointKind(kind),
        url=url,
        enabled=fields.flag("enabled", True),
        confidence=confidence or None,
        evidence=fields.text("evidence"),
        notes=fields.text("notes"),
        checked_at=_moment(fields),
    )


def _moment(fields: Fields) -> str:
    """TOML has dates of its own: both the quoted and the bare form are accepted."""
    value = fields.table.get("checked_at", "")
    return str(value.isoformat()) if hasattr(value, "isoformat") else fields.text("checked_at", example="2026-10-08")


def _interval(fields: Fields) -> timedelta:
    return parse_duration(fields.text("interval", "15m", example="15m", check=values.duration))


def _hops(fields: Fields) -> int:
    related = fields.inner("related")
    related.only(("hops",))
    return related.count("hops", 1)


def _selectors(fields: Fields) -> Selectors:
    inner = fields.inner("selectors")
    inner.only(SELECTOR_KEYS)
    texts = {key: inner.text(key, example=".story", check=values.selector) for key in SELECTOR_KEYS if key != "remove"}
    return Selectors(**texts, remove=inner.texts("remove", "CSS selectors", example=".ad", check=values.selector))
