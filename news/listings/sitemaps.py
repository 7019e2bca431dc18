"""Sitemaps and their indices, with the news namespace; also gzipped, and as plain lists of addresses."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any

from lxml import etree

from news.documents import Link, Listing, NotDocument, Outcome, Page, Source
from news.encodings import decode
from news.listings.feeds import read_feed
from news.listings.links import date_of, empty, plain, unique, unreadable
from news.listings.sitemap_children import Child, worth_a_visit
from news.listings.xml_text import as_xml
from news.urls import join

_LARGEST = 50 * 1024 * 1024  # the limit of the sitemap protocol
_GZIP = b"\x1f\x8b"
_ROOT = re.compile(r"<(?:[a-z0-9]+:)?(urlset|sitemapindex|rss|feed|rdf|html)[\s>]", re.IGNORECASE)
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9a-f]+);)", re.IGNORECASE)


def read_sitemap(page: Page, source: Source, now: datetime) -> Listing | NotDocument:
    """The articles of a sitemap in its own order, or of an index the children that are worth a visit now.

    Only news:publication_date is a publication date; lastmod moves whenever a page is rebuilt.
    """
    try:
        body = _expanded(page.body)
    except (zlib.error, EOFError) as error:
        return unreadable(f"broken gzip: {error}")
    if body is None:
        return NotDocument(outcome=Outcome.TOO_LARGE, reason=f"more than {_LARGEST} bytes unpacked")
    text, _ = decode(body, page.headers.get("content-type"))
    text = text.lstrip("\ufeff \t\r\n")
    if not text:
        return empty("an empty answer")
    root = _ROOT.search(text)
    kind = root[1].lower() if root else None
    if kind in ("urlset", "sitemapindex"):
        return _read_xml(text, page.url, source, now)
    if kind in ("rss", "feed", "rdf"):  # the protocol allows a feed in place of a sitemap
        return read_feed(replace(page, body=body), source, now)
    if kind is None and not text.startswith("<"):
        return _read_lines(text)
    return unreadable("HTML instead of a sitemap" if kind == "html" else "not a sitemap")


def _expanded(body: bytes) -> bytes | None:
    """Gunzipped as often as it was gzipped, for servers do it twice; None beyond the limit."""
    while body.startswith(_GZIP):
        stream = zlib.decompressobj(wbits=31)
        body = stream.decompress(body, _LARGEST + 1)
        if len(body) > _LARGEST:
            return None
        if not stream.eof:
            raise EOFError("it ends too early")
    return body


def _read_lines(text: str) -> Listing | NotDocument:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    urls = [join(line, line) if line.startswith(("http://", "https://")) else None for line in lines]
    if not any(urls):
        return unreadable("not a sitemap")
    problems = tuple(f"line {number}: not an address" for number, url in enumerate(urls, 1) if url is None)
    return Listing(links=unique(Link(url=url) for url in urls if url), problems=problems)


def _read_xml(text: str, base: str, source: Source, now: datetime) -> Listing | NotDocument:
    text = _BARE_AMPERSAND.sub("&amp;", as_xml(text))
    links: list[Link] = []
    children: list[Child] = []
    problems: list[str] = []
    try:
        for number, (kind, fields) in enumerate(_entries(text.encode()), 1):
            if (url := join(base, fields.get("loc", ""))) is None:
                problems.append(f"entry {number}: no usable address ({fields.get('loc', '')[:200]!r})")
            elif kind == "sitemap":
                children.append(Child(url=url, lastmod=fields.get("lastmod")))
            else:
                links.append(_link(url, fields, source, now))
    except etree.XMLSyntaxError as error:
        problems.append(f"broken XML: {error}")
        if not links and not children:
            return unreadable(problems[-1])
    return Listing(links=unique(links), children=worth_a_visit(children, source, now), problems=tuple(problems))


def _link(url: str, fields: dict[str, str], source: Source, now: datetime) -> Link:
    return Link(
        url=url,
        title=plain(fields.get("title")),
        published=date_of(fields.get("publication_date"), source, now),
        language=fields.get("language"),
    )


def _entries(xml: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    """«url» or «sitemap» and the texts of its own and its news children, by local name."""
    parser = etree.iterparse(
        BytesIO(xml),
        events=("end",),
        tag=("{*}url", "{*}sitemap"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    for _, element in parser:
        yield element.tag.rpartition("}")[2], _texts(element)
        element.clear()
        while element.getprevious() is not None:  # else a million empty elements stay
            del element.getparent()[0]


def _texts(element: Any) -> dict[str, str]:
    texts: dict[str, str] = {}
    for child in element:
        name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        if name == "news":
            texts.update(_texts(child))
        elif name == "publication":
            texts.update({key: text for key, text in _texts(child).items() if key == "language"})
        elif child.text and (text := child.text.strip()):
            texts.setdefault(name, text)
    return texts
