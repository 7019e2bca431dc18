"""Documents that somebody else has read: the same way through comparison and copies as fetched ones."""

from collections import Counter, deque
from concurrent.futures import Future
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row

from index.database import urls
from index.documents.arrivals import Placed, owned, place
from index.documents.recording import Recorded
from index.documents.sequence import touch
from index.follower import Sink, follow
from index.frontier.addresses import address, list_new
from index.frontier.decided import link_aliases
from index.frontier.events import note
from index.rows import change, url_named
from index.store import Store
from news.copies.fingerprints import fingerprint
from news.documents import Article, DecisionKind, FoundKind, FoundVia, Outcome, ReadArticle

WAITING: Final = 50  # operations before we wait for the writer; also the largest transaction that others wait for
NAMES: Final = {
    DecisionKind.NEW: "new",
    DecisionKind.DUPLICATE: "copies",
    DecisionKind.REVISION: "revisions",
    DecisionKind.UNCHANGED: "unchanged",
    DecisionKind.SAME_DOCUMENT: "same_document",
}


def import_article(conn: Connection, read: ReadArticle, found_via: FoundVia, now: datetime) -> Recorded:
    """Store an imported article. Its URL's row is `stored` from the start and was never fetched; its source is the one
    that the import names, known or not, unless the address was listed before. What was removed on request stays
    removed."""
    article = read.article
    row = url_named(conn, article.url)
    if row is not None and row.outcome == Outcome.REMOVED.value:
        return Recorded(document_id=None, decision=None, listed=0, outcome=Outcome.REMOVED)
    read = owned(read, article.url, row.source if row else article.source)
    placed = place(conn, read, row.document_id if row else None, found_via, now)
    alias = placed.decision.kind is DecisionKind.SAME_DOCUMENT
    if row is None or row.document_id is None:
        _decide(conn, row or _listed(conn, read, found_via, now), placed, alias, now)
    outcome = Outcome.ALIAS if alias else Outcome.STORED
    return Recorded(document_id=placed.document_id, decision=placed.decision, listed=0, outcome=outcome)


def _listed(conn: Connection, read: ReadArticle, found_via: FoundVia, now: datetime) -> Row[Any]:
    article = read.article
    new = address(article.requested_url, article.url, title=article.title)
    list_new(conn, [new], found_via, article.source, now, by_domain=False)
    row = url_named(conn, article.url)
    assert row is not None
    return row


def _decide(conn: Connection, row: Row[Any], placed: Placed, alias: bool, now: datetime) -> None:
    values = {
        "outcome": (Outcome.ALIAS if alias else Outcome.STORED).value,
        "outcome_at": now,
        "reason": placed.decision.reason if alias else None,
        "document_id": placed.document_id,
        "next_visit_at": None,
    }
    change(conn, urls, row.id, values)
    note(conn, row.id, "imported", now, reason=placed.decision.reason)
    link_aliases(conn, row.id, placed.document_id)
    if alias:
        touch(conn, [placed.document_id], now)


class Importer:
    """Takes articles in one by one; the writer makes large transactions of what waits. Ends with `finish`."""

    def __init__(self, store: Store, index: Sink, now: datetime, file: str | None = None) -> None:
        self.now = now
        self._store = store
        self._index = index
        self._found_via = FoundVia(kind=FoundKind.IMPORT, url=file)
        self._waiting: deque[Future[Recorded]] = deque()
        self._counts: Counter[str] = Counter()

    def add(self, article: Article) -> None:
        read = ReadArticle(article=article, fingerprint=fingerprint(article.title, article.text))
        self._waiting.append(
            self._store.writer.submit(lambda conn: import_article(conn, read, self._found_via, self.now))
        )
        while len(self._waiting) > WAITING:
            self._count(self._waiting.popleft().result())

    def finish(self) -> dict[str, int]:
        """Wait for all, bring the search index up to them, and say how many came to what."""
        while self._waiting:
            self._count(self._waiting.popleft().result())
        follow(self._store, self._index)
        return {name: self._counts[name] for name in (*NAMES.values(), "removed")}

    def _count(self, recorded: Recorded) -> None:
        self._counts[NAMES[recorded.decision.kind] if recorded.decision else "removed"] += 1
