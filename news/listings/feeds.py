"""RSS 0.9x, 1.0, 2.0 and Atom, as outlets really write them; JSON Feed by way of `news.listings.json_feeds`."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import feedparser
from lxml import etree

from news.documents import Link, Listing, NotDocument, Outcome, Page, Source
from news.encodings import decode
from news.extract.complexity import too_complex
from news.listings.json_feeds import read_json_feed
from news.listings.links import date_of, empty, plain, unique, unreadable
from news.listings.xml_text import as_xml
from news.urls import join

_ROOT = re.compile(r"<(?:[a-z0-9]+:)?(rss|feed|rdf|html|urlset|sitemapindex)[\s>]", re.IGNORECASE)
_HTML = re.compile(r"<!doctype\s+html|<html[\s>]|<body[\s>]", re.IGNORECASE)
# Al Riyadh: «<link>>https://…»; feedparser would take it for a relative address
_STRAY_BRACKET = re.compile(r"(<(?:link|guid)\b[^<>]*>(?:<!\[CDATA\[)?)(?:\s|>|&gt;)+(?=https?:)", re.IGNORECASE)
_ENTRY_START = re.compile(r"<(?:item|entry)[\s>]", re.IGNORECASE)
_ENTRY_END = re.compile(r"</(?:item|entry)\s*>", re.IGNORECASE)
_PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}
_LONGEST_TTL = timedelta(days=366)


def read_feed(page: Page, source: Source, now: datetime) -> Listing | NotDocument:
    """The entries of a feed in its own order. A feed without entries is a feed; a web page is none."""
    text, _ = decode(page.body, page.headers.get("content-type"))
    text = text.lstrip("\ufeff \t\r\n")
    if not text:
        return empty("an empty answer")
    if text[0] in "{[":
        return read_json_feed(text, page.url, source, now)
    root = _ROOT.search(text)
    if root is None or root[1].lower() not in ("rss", "feed", "rdf"):
        return unreadable("HTML instead of a feed" if _HTML.search(text) else "not a feed")
    if (excess := too_complex(text)) is not None:
        return NotDocument(outcome=Outcome.TOO_LARGE, reason=excess)
    whole, cut_off = _without_torn_entry(_STRAY_BRACKET.sub(r"\1", as_xml(text)))
    parsed = _parse(whole, page.url)
    if parsed is None:
        return unreadable("broken XML")
    if not parsed.entries and parsed.bozo and not cut_off:
        return unreadable(f"broken XML: {parsed.bozo_exception}")
    problems = ["cut off within an entry"] if cut_off else []
    links = unique(_links(parsed, page.url, source, now, problems))
    return Listing(links=links, problems=tuple(problems), ttl=_ttl(parsed.feed))


def _parse(text: str, url: str) -> Any:
    """What feedparser makes of a feed, or None.

    On end tags without a start its lenient parser may fail itself; then the tags are put in order first.
    """
    for prepared in (str.encode, _in_order):
        try:
            return _feedparser(prepared(text), url)
        except (LookupError, ValueError, AttributeError, TypeError):
            continue
    return None


def _feedparser(xml: bytes, url: str) -> Any:
    """Never with a bare string, which it might take for an address or the name of a file."""
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    return feedparser.parse(BytesIO(xml), response_headers=headers, sanitize_html=False, resolve_relative_uris=False)


def _in_order(text: str) -> bytes:
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(text.encode(), parser)
    return b"" if root is None else bytes(etree.tostring(root, encoding="utf-8"))


def _without_torn_entry(text: str) -> tuple[str, bool]:
    """Half an entry may hold half an address."""
    end = 0
    for end_tag in _ENTRY_END.finditer(text):
        end = end_tag.end()
    torn = _ENTRY_START.search(text, end)
    return (text[: torn.start()], True) if torn else (text, False)


def _links(parsed: Any, base: str, source: Source, now: datetime, problems: list[str]) -> Iterator[Link]:
    front = {base, parsed.feed.get("link") or base}
    seen: set[tuple[str, str]] = set()
    for number, entry in enumerate(parsed.entries, 1):
        title = plain(entry.get("title"))
        if (url := _url(entry, base, front)) is None:
            problems.append(f"entry {number}: no usable link ({title or 'no title'})")
            continue
        identity = entry.get("id", ""), title or ""
        if all(identity) and identity in seen:  # with the title: some feeds give every entry the same guid
            continue
        seen.add(identity)
        yield Link(
            url=url,
            title=title,
            summary=plain(entry.get("summary")),
            published=date_of(_date(entry), source, now),
            language=entry.get("language") or None,
        )


def _url(entry: Any, base: str, front: set[str]) -> str | None:
    """The outlet's own address of an entry: not a counter's, not that of the whole site."""
    alternates = [link.get("href") for link in entry.get("links", ()) if link.get("rel") == "alternate"]
    identity = entry.get("id", "")
    permalink = identity if identity.startswith(("http://", "https://")) else None
    for href in (entry.get("feedburner_origlink"), entry.get("link"), *alternates, permalink):
        url = join(base, href) if href else None
        if url and not _is_front(url, front):
            return url
    return None


def _is_front(url: str, front: set[str]) -> bool:
    parts = urlsplit(url)
    return (parts.path in ("", "/") and not parts.query) or url in front


def _date(entry: Any) -> str | None:
    if text := entry.get("published"):
        return str(text)
    text = entry.get("updated") if "updated" in entry else None
    return str(text) if text else None


def _ttl(feed: Any) -> timedelta | None:
    """How long the feed says it stays the same: RSS 2.0 `ttl` in minutes, or the syndication module's period."""
    try:
        if minutes := float(feed.get("ttl") or 0):
            ttl = timedelta(minutes=minutes)
        else:
            hours = _PERIODS.get(str(feed.get("sy_updateperiod", "")).strip().lower(), 0)
            ttl = timedelta(hours=hours / float(feed.get("sy_updatefrequency") or 1))
    except (ValueError, OverflowError, ZeroDivisionError):
        return None
    return ttl if timedelta() < ttl <= _LONGEST_TTL else None
