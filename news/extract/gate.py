"""Whether a page is an article at all, and if not, what it is: an outcome with its reason, never an exception."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from news import urls
from news.arabic import normalise
from news.documents import NotDocument, Outcome, Page, Source
from news.extract import jsonld
from news.extract.body import is_prose
from news.extract.dom import Line
from news.extract.metadata import Metadata
from news.extract.names import Role
from news.extract.phrase_lists import phrases
from news.extract.reading import Read

MAX_BODY = 8 * 1024 * 1024  # bytes of a page; the crawler takes no more either
MIN_WORDS = 8  # of a flash that is an article by all other signs
ENOUGH_WORDS = 30  # of a text that speaks for itself
_TEASER_WORDS = 150
_LITTLE_TEXT = 1500  # characters on the whole page
_HARDLY_ANY = 400
_HEAD = 100_000  # characters of markup that are searched for marks

_STATUS = {
    401: Outcome.FORBIDDEN,
    403: Outcome.FORBIDDEN,
    404: Outcome.NOT_FOUND,
    410: Outcome.GONE,
    451: Outcome.FORBIDDEN,
}
_HTML = re.compile(r"text/html|application/xhtml|text/plain|application/xml|text/xml|^$", re.IGNORECASE)
_CHALLENGE_TITLE = re.compile(phrases("challenge_titles"))
_CHALLENGE_MARK = re.compile(phrases("challenge_marks"))
_SCRIPT = re.compile(phrases("scripts"))
_APP_ROOT = re.compile(
    r"""id=["']?(?:root|app|__next|__nuxt|___gatsby|main-app|application)["'\s>]|"""
    r"<app-root|data-reactroot|ng-app|ng-version",
    re.IGNORECASE,
)
_ERROR = re.compile(phrases("errors"))
_OWN_PAGE = re.compile(phrases("own_pages"))
_PAYWALL = re.compile(phrases("paywalls"))
_SEARCHES = (normalise("نتائج البحث"), normalise("نتيجة البحث"), "search results")
_LISTING_TYPES = frozenset(
    {
        "AboutPage", "CollectionPage", "ContactPage", "ItemList", "ProfilePage", "SearchResultsPage",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a page once it was read."""

    page: Page
    html: str
    meta: Metadata
    source: Source
    read: Read
    dated: bool
    listed: bool


def refuse_answer(page: Page) -> NotDocument | None:
    """What the answer alone tells, before anything is parsed."""
    if page.status >= 400:
        return NotDocument(outcome=_STATUS.get(page.status, Outcome.HTTP_ERROR), reason=f"status {page.status}")
    if len(page.body) > MAX_BODY:
        return NotDocument(outcome=Outcome.TOO_LARGE, reason=f"{len(page.body)} bytes")
    kind = page.headers.get("content-type", "").partition(";")[0].strip()
    if not _HTML.search(kind):
        return NotDocument(outcome=Outcome.NOT_ARTICLE, reason=f"content type {kind}")
    if not page.body.strip():
        return NotDocument(outcome=Outcome.NO_TEXT, reason="empty answer")
    return None


def refuse_head(meta: Metadata, html: str, chars: Callable[[], int], *, noindex: bool) -> NotDocument | None:
    """What the head tells. A challenge asks not to be indexed, but the article behind it does not.

    The mark of a challenge counts on a page of hardly any text (`chars`) that calls itself nothing: networks set theirs
    into articles too.
    """
    if not noindex:
        return None
    titled = _CHALLENGE_TITLE.search(normalise(meta.title)) is not None
    bare = not meta.article and not meta.first("og:type")
    if titled or (bare and _CHALLENGE_MARK.search(normalise(html[:_HEAD])) and chars() < _HARDLY_ANY):
        return NotDocument(outcome=Outcome.CHALLENGE, reason=f"a bot challenge: {meta.title[:60]}".rstrip(": "))
    return NotDocument(outcome=Outcome.NOINDEX, reason="the page asks not to be indexed")


def refuse(seen: Seen) -> NotDocument | None:
    """The first reason that this page gives no document."""
    count = len(seen.read.text.split())
    if count < ENOUGH_WORDS:
        short = _refuse_without_text(seen, count)
        if short is not None:
            return short
    if _is_front_page(seen):
        return _not_article("the front page")
    named = _refuse_by_name(seen, count)
    if named is not None:
        return named
    if _is_listing(seen):
        return _not_article("a list of articles")
    if _is_paywalled(seen, count):
        return NotDocument(outcome=Outcome.PAYWALLED, reason=f"a teaser of {count} words before a paywall")
    return _refuse_by_length(seen, count)


def _not_article(reason: str) -> NotDocument:
    return NotDocument(outcome=Outcome.NOT_ARTICLE, reason=reason)


def _refuse_without_text(seen: Seen, count: int) -> NotDocument | None:
    total = seen.read.layout.chars[-1]
    if total > _LITTLE_TEXT:
        return None
    marked = count < MIN_WORDS and _CHALLENGE_MARK.search(normalise(seen.html[:_HEAD]))
    if marked or _CHALLENGE_TITLE.search(normalise(seen.meta.title)):
        return NotDocument(outcome=Outcome.CHALLENGE, reason=f"a bot challenge: {seen.meta.title[:60]}")
    if total >= _HARDLY_ANY or count >= MIN_WORDS:
        return None
    if _APP_ROOT.search(seen.html) or _SCRIPT.search(normalise(seen.html[:_HEAD])):
        reason = f"{total} characters of text and a script that draws the rest"
        return NotDocument(outcome=Outcome.NEEDS_SCRIPT, reason=reason)
    return None


def _is_front_page(seen: Seen) -> bool:
    here = urls.canonical(seen.page.url)
    return not here.split("/", 3)[3] or here == urls.canonical(seen.source.homepage)


def _refuse_by_name(seen: Seen, count: int) -> NotDocument | None:
    """Error, account and policy pages that arrive with status 200."""
    headings = [normalise(seen.read.title), normalise(seen.meta.title)]
    headings += [normalise(line.text) for line in seen.read.layout.lines if line.level == 1][:2]
    strong = seen.dated or bool(seen.meta.article) or bool(urls.matches_article(seen.source, seen.page.url))
    if count < (60 if strong else 150) and any(_ERROR.fullmatch(text) for text in headings if text):
        return _not_article("an error page behind status 200")
    if not (strong and count >= ENOUGH_WORDS) and any(_OWN_PAGE.fullmatch(text) for text in headings if text):
        return _not_article("a page of the site, not of the news")
    if (
        not seen.meta.article
        and headings[0].startswith(_SEARCHES)
        and not urls.matches_article(seen.source, seen.page.url)
    ):
        return _not_article("the results of a search")
    return None


def _is_listing(seen: Seen) -> bool:
    """Prose that comes in as many pieces as there are links to other articles around it."""
    types = {kind for one in seen.meta.objects for kind in jsonld.types_of(one)}
    if types & _LISTING_TYPES and not seen.meta.article and not seen.dated:
        return True
    if urls.matches_article(seen.source, seen.page.url):
        return False
    body, lines = seen.read.body, seen.read.layout.lines
    if body:
        lines = lines[body[0].index : body[-1].index + 1]
    hrefs = {anchor.href for line in lines if not _aside(line) for anchor in seen.read.cards.on(line)}
    teasers = sum(urls.in_scope(seen.source, urls.join(seen.meta.base, href) or "") for href in hrefs)
    prose = sum(is_prose(line) for line in lines if not seen.read.cards.on(line))
    signed = seen.dated and bool(seen.meta.article)
    return teasers >= (10 if signed else 5) and teasers >= (1.5 if signed else 0.6) * prose


def _aside(line: Line) -> bool:
    return any(box.role in (Role.RELATED, Role.POPULAR, Role.TAGS, Role.SHARE) for box in line.box.ancestors(6))


def _is_paywalled(seen: Seen, count: int) -> bool:
    if count > 2 * _TEASER_WORDS:
        return False
    free = seen.meta.article.get("isAccessibleForFree")
    if str(free).lower() in ("false", "no") or seen.meta.first("article:content_tier").lower() in ("locked", "metered"):
        return True
    return count <= _TEASER_WORDS and any(
        _PAYWALL.search(normalise(line.text))
        for line in seen.read.layout.lines
        if len(line.text) < 200 and not line.box.hidden and not _heads_links(line, seen.read)
    )


def _heads_links(line: Line, read: Read) -> bool:
    """«محتوى مدفوع» over a list of links says that these are advertisements."""
    after = read.layout.lines[line.index + 1 : line.index + 2]
    return any(read.cards.on(other) for other in after)


def _refuse_by_length(seen: Seen, count: int) -> NotDocument | None:
    match = urls.matches_article(seen.source, seen.page.url)
    kind = seen.meta.first("og:type").lower()
    signs = sum((seen.dated, bool(seen.meta.article) or "article" in kind, match is True, seen.listed))
    if count >= ENOUGH_WORDS:
        return (
            None
            if signs or count >= 5 * ENOUGH_WORDS
            else _not_article("neither date nor any other sign of an article")
        )
    if count >= MIN_WORDS and signs >= 2:
        return None
    if signs and seen.read.title:
        return NotDocument(outcome=Outcome.NO_TEXT, reason=f"{count} words of text")
    return _not_article(f"{count} words of text and no sign of an article")
