"""An article from a page: title, text, authors, dates and what it points to.

bytes ─ decode ─ parse once ─► metadata (head, JSON-LD)
                     └─ layout (lines, boxes) ─► headline ─► body ─► text
                                  └─ cards ─► headed lists ─► related
everything ─ gate ─► Article | NotDocument
"""

from datetime import datetime
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser

from news.documents import Article, NotDocument, Outcome, Page, ParsedDate, Source
from news.encodings import decode
from news.extract.about import image_of, language_of, own_address, summary_of
from news.extract.authors import find_authors
from news.extract.chosen import drop, texts
from news.extract.complexity import too_complex
from news.extract.dom import MAX_LINES
from news.extract.explain import Explanation
from news.extract.gate import Seen, refuse, refuse_answer, refuse_head
from news.extract.metadata import Metadata, read_metadata
from news.extract.outlet import outlet_names, shown_names
from news.extract.published import Clock, find_published
from news.extract.reading import read_page
from news.extract.related import read_related
from news.extract.robots_meta import Wishes, read_wishes
from news.extract.sectioning import section_of
from news.extract.teasers import Context
from news.extract.topic import Subject
from news.extract.walk import layout

__all__ = ["Explanation", "extract"]


class _Opened(NamedTuple):
    """A page that nothing in its head speaks against."""

    page: Page
    html: str
    parser: LexborHTMLParser
    meta: Metadata
    wishes: Wishes


def extract(
    page: Page,
    source: Source,
    now: datetime,
    *,
    listed_title: str | None = None,
    listed_published: ParsedDate | None = None,
    explain: Explanation | None = None,
) -> Article | NotDocument:
    """Read one fetched page. What the listing said of it is the last resort for title and date."""
    refused = refuse_answer(page)
    if refused is not None:
        return refused
    html, _ = decode(page.body, page.headers.get("content-type"))
    if (excess := too_complex(html)) is not None:
        return NotDocument(outcome=Outcome.TOO_LARGE, reason=excess)
    parser = LexborHTMLParser(html)
    meta = read_metadata(parser, page.url)
    wishes = read_wishes(meta.meta, page.headers)
    refused = refuse_head(meta, html, lambda: layout(parser.body).chars[-1], noindex=wishes.noindex)
    if refused is not None:
        return refused
    drop(parser, source.selectors)
    return _article(_Opened(page, html, parser, meta, wishes), source, now, listed_title, listed_published, explain)


def _article(
    opened: _Opened,
    source: Source,
    now: datetime,
    listed_title: str | None,
    listed_published: ParsedDate | None,
    explain: Explanation | None,
) -> Article | NotDocument:
    page, html, parser, meta = opened.page, opened.html, opened.parser, opened.meta
    clock = Clock(now, source)
    read = read_page(parser, html, meta, source, clock, listed_title, explain)
    if read is None:
        return NotDocument(outcome=Outcome.TOO_LARGE, reason=f"more than {MAX_LINES} lines or links")
    url = own_address(meta, page.url, source)
    chosen = texts(parser, source.selectors.published)
    dates = find_published(
        meta, read.nearby, url, clock, own=read.own, chosen=chosen, listed=listed_published, explain=explain
    )
    dated = dates.published is not None and dates.origin != "feed"
    listed = listed_title is not None or listed_published is not None
    refused = refuse(Seen(page, html, meta, source, read, dated, listed))
    if refused is not None:
        return refused
    language = language_of(read.title, read.text, meta, source)
    if source.language == "ar" != language:
        return NotDocument(outcome=Outcome.NOT_ARABIC, reason=f"language: {language}")
    signed = texts(parser, source.selectors.author)
    outlet = outlet_names(meta, source)
    called = outlet | shown_names(read.layout, source)
    byline = find_authors(meta, source, called, read.nearby, read.text, read.own, signed, explain)
    section = section_of(read.layout, read.headline, meta, outlet, read.title, url, source, read.bounds, explain)
    subject = Subject(read.title, read.text)
    context = Context(meta.base, url, source, subject, clock, dates.published)
    return Article(
        url=url,
        requested_url=page.requested_url,
        source=source.id,
        title=read.title,
        text=read.text,
        summary=summary_of(meta, subject),
        authors=byline.authors,
        credits=byline.credits,
        section=section,
        published=dates.published,
        published_from=dates.origin,
        modified=dates.modified,
        language=language,
        image_url=image_of(meta),
        related=tuple(read_related(read.layout, read.cards, read.blocks, context, meta, parser, explain)),
        fetched_at=page.fetched_at,
        noarchive=opened.wishes.noarchive,
        nofollow=opened.wishes.nofollow,
    )
