"""Which of the pages that were read go into the raw archive.

The pages of articles, unless the visit found the text that the store has already; and pages that gave no article for a
reason that may be a mistake of our extractor, so that a better one can read them again. Never a page that asks not to
be archived.
"""

import re
from collections.abc import Collection
from functools import partial
from typing import Final

from crawler.archive import FOLDER, Archive
from crawler.useragent import SOFTWARE
from index.documents.forgetting import removed_among
from index.documents.recording import Recorded
from index.documents.rereading import UNREAD
from index.store import Store
from marsad.config import Settings
from news.documents import DecisionKind, NotDocument, Page, ReadArticle

_ROBOTS_META: Final = re.compile(rb"<meta\b[^>]{0,500}?\b(?:robots|marsad)\b[^>]{0,500}>", re.IGNORECASE)
_UNWILLING: Final = re.compile(rb"\b(?:noarchive|nocache|noindex|none)\b", re.IGNORECASE)


def open_archive(store: Store, settings: Settings, run: str) -> Archive | None:
    """None where the settings keep nothing."""
    if not settings.archive.days or not settings.archive.max_gb:
        return None
    return Archive(settings.data / FOLDER, run, SOFTWARE, partial(removed_on_request, store))


def worth_keeping(page: Page, result: ReadArticle | NotDocument, recorded: Recorded | None) -> bool:
    """`recorded`: what the store made of an article."""
    if isinstance(result, NotDocument):
        return result.outcome in UNREAD and not _is_unwilling(page)
    if result.article.noarchive or recorded is None or recorded.decision is None:
        return False
    return recorded.decision.kind is not DecisionKind.UNCHANGED


def _is_unwilling(page: Page) -> bool:
    """Of a page that gave no article. Its robots directives were not parsed, so any that could forbid archiving counts,
    whichever robot it names."""
    said = page.headers.get("x-robots-tag", "").encode("latin-1", "replace")
    return any(_UNWILLING.search(words) for words in (said, *_ROBOTS_META.findall(page.body)))


def removed_on_request(store: Store, urls: Collection[str]) -> set[str]:
    with store.read() as conn:
        return removed_among(conn, urls)
