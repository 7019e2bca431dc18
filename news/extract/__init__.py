"""An article from a page: title, text, authors, dates and what it points to.

bytes ─ decode ─ parse once ─► metadata (head, JSON-LD)
                     └─ layout (lines, boxes) ─► headline ─► body ─► text
                                  └─ cards ─► headed lists ─► related
everything ─ gate ─► Article | NotDocument
"""

from datetime import datetime

from selectolax.lexbor import LexborHTMLParser

from news.documents import Article, NotDocument, Outcome, Page, ParsedDate, Source
from news.encodings import decode
from news.extract.about import image_of, language_of, own_address, summary_of
from news.extract.authors import find_authors
from news.extract.chosen import drop, texts
from news.extract.dom import MAX_LINES
from news.extract.explain import Explanation
from news.extract.gate import Seen, refuse, refuse_answer
from news.extract.metadata import Metadata, read_metadata
from news.extract.published import Clock, find_published
from news.extract.reading import Read, read_page
from news.extract.related import read_related
from news.extract.robots_meta import read_wishes
from news.extract.sectioning import section_of
from news.extract.teasers import Context
from news.extract.topic import Subject

__all__ = ["Explanation", "extract"]


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
    parser = LexborHTMLParser(html)
    meta = read_metadata(parser, page.url)
    wishes = read_wishes(meta.meta, page.headers)
    if wishes.noindex:
        return NotDocument(outcome=Outcome.NOINDEX, reason="the page asks not to be indexed")
    drop(parser, source.selectors)
    clock = Clock(now, source)
    read = read_page(parser, html, meta, source, clock, listed_title, explain)
    if read is None:
        return NotDocument(outcome=Outcome.TOO_LARGE, reason=f"more than {MAX_LINES} lines or links")
    url = own_address(meta, page.url, source)
    chosen = texts(parser, source.selectors.published)
    dates = find_published(meta, read.nearby, url, clock, chosen=chosen, listed=listed_published, explain=explain)
    dated = dates.published is not None and dates.origin != "feed"
    listed = listed_title is not None or listed_published is not None
    refused = refuse(Seen(page, html, meta, source, read, dated, listed)) or _refuse_language(meta, source, read)
    if refused is not None:
        return refused
    byline = find_authors(meta, source, read.nearby, texts(parser, source.selectors.author), explain)
    section = section_of(read.layout, read.headline, meta, read.title, url, source, explain)
    context = Context(meta.base, url, source, Subject(read.title, read.text), clock, dates.published)
    return Article(
        url=url,
        requested_url=page.requested_url,
        source=source.id,
        title=read.title,
        text=read.text,
        summary=summary_of(meta, read.title, read.text),
        authors=byline.authors,
        credits=byline.credits,
        section=section,
        published=dates.published,
        published_from=dates.origin,
        modified=dates.modified,
        language=language_of(read.title, read.text, meta, source),
        image_url=image_of(meta),
        related=tuple(read_related(read.layout, read.cards, read.blocks, context, meta, parser, explain)),
        fetched_at=page.fetched_at,
        noarchive=wishes.noarchive,
        nofollow=wishes.nofollow,
    )


def _refuse_language(meta: Metadata, source: Source, read: Read) -> NotDocument | None:
    if source.language != "ar":
        return None
    language = language_of(read.title, read.text, meta, source)
    return None if language == "ar" else NotDocument(outcome=Outcome.NOT_ARABIC, reason=f"language: {language}")
