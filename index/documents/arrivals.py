"""Whose document an arriving article is, and what becomes of it in `documents`."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from index.database import documents, fingerprints, urls
from index.documents import clusters
from index.documents.identity import document_id
from index.documents.sequence import touch
from index.documents.similar import decided, frequencies_of, prepare, without_furniture
from index.documents.versions import COARSE, Newcomer, add_document, add_edges, day, revise
from index.rows import row_of, url_named
from news.copies.fingerprints import similarity
from news.copies.revisions import ChangeKind, Wording, compare
from news.copies.stories import on_topic
from news.documents import Article, Decision, DecisionKind, FoundKind, FoundVia, Outcome, ReadArticle

LISTINGS = frozenset({FoundKind.FEED.value, FoundKind.SITEMAP.value, FoundKind.SECTION.value})
# A canonical address whose document shares less than this with the page is a mistake of the outlet's templates.
SAME_PAGE = 0.2


class Placed(NamedTuple):
    document_id: str
    decision: Decision


def unwanted(
    conn: Connection, row: Row[Any], article: Article, now: datetime, max_age: timedelta | None
) -> tuple[Outcome, str] | None:
    """Why an article that was read is not kept; never asked of what is kept already."""
    if row.outcome is not None:
        return None
    if max_age is not None and row.hop == 0 and row.found_kind in LISTINGS and _is_before(article, now - max_age):
        return Outcome.TOO_OLD, f"published before {now - max_age:%Y-%m-%d}"
    if row.hop > 1 and not _stays_on_topic(conn, row.found_url, article):
        return Outcome.OFF_TOPIC, f"{row.hop} links away, and not about what {row.found_url} is about"
    return None


def _is_before(article: Article, oldest: datetime) -> bool:
    published = article.published
    return published is not None and published.precision not in COARSE and published.value < oldest


def _stays_on_topic(conn: Connection, parent: str | None, article: Article) -> bool:
    joined = urls.join(documents, documents.c.id == urls.c.document_id)
    query = select(documents.c.title, documents.c.text).select_from(joined).where(urls.c.url == parent)
    first = conn.execute(query).first()
    if first is None:
        return True
    second = f"{article.title}\n{article.text}"
    return on_topic(f"{first.title}\n{first.text}", second, frequencies_of(conn).knowledge).on_topic


def owner_row(conn: Connection, row: Row[Any], read: ReadArticle) -> Row[Any] | None:
    """The row of the article's canonical URL; None where that was never listed. A URL that has a document keeps it,
    and a canonical URL that leads to something else altogether is not believed."""
    if row.document_id is not None or read.article.url == row.url:
        return row
    other = url_named(conn, read.article.url)
    if other is not None and other.document_id is not None and not _is_same_page(conn, other.document_id, read):
        return row
    return other


def _is_same_page(conn: Connection, id_: str, read: ReadArticle) -> bool:
    joined = documents.join(fingerprints, fingerprints.c.document == documents.c.row)
    query = select(documents.c.title, fingerprints.c.minhash).select_from(joined).where(documents.c.id == id_)
    stored = conn.execute(query).one()
    return stored.title == read.article.title or similarity(stored.minhash, read.fingerprint.minhash) >= SAME_PAGE


def place(conn: Connection, read: ReadArticle, known: str | None, found_via: FoundVia, now: datetime) -> Placed:
    """`known`: the document that the article's address already has. The article's url and source are its owner's."""
    return _place_new(conn, read, found_via, now) if known is None else _place_again(conn, read, known, now)


def _place_again(conn: Connection, read: ReadArticle, id_: str, now: datetime) -> Placed:
    old = row_of(conn, documents, id_)
    article = read.article
    before, after = (Wording(one.title, one.summary, one.text) for one in (old, article))
    change = compare(before, after)
    if change.kind is ChangeKind.MEANINGFUL:
        revise(conn, old, read, change.changed, now)
        reason = f"changed: {', '.join(change.changed)}"
        return Placed(id_, Decision(kind=DecisionKind.REVISION, of=id_, reason=reason))
    if add_edges(conn, old.row, article.related):
        touch(conn, [id_], now)
    reason = "the same words" if change.kind is ChangeKind.UNCHANGED else "no difference that matters"
    return Placed(id_, Decision(kind=DecisionKind.UNCHANGED, of=id_, reason=reason))


def _place_new(conn: Connection, read: ReadArticle, found_via: FoundVia, now: datetime) -> Placed:
    prepare(conn)
    read = without_furniture(conn, read)
    decision, found = decided(conn, read, day(read.article, now))
    joined = clusters.by_age(conn, found)
    for given_up in joined[1:]:
        clusters.merge(conn, joined[0], given_up, now)
    if decision.kind is DecisionKind.SAME_DOCUMENT:
        assert decision.of is not None
        return Placed(decision.of, decision)
    id_ = document_id(read.article.url)
    newcomer = Newcomer(
        id=id_,
        source=read.article.source,
        cluster_id=joined[0] if joined else id_,
        duplicate_of=clusters.leader(conn, joined[0]) if joined else None,
        found_via=found_via,
    )
    add_document(conn, read, newcomer, now)
    if joined:
        clusters.grown(conn, joined[0], id_, now)
    return Placed(id_, replace(decision, of=newcomer.duplicate_of) if joined else decision)


def owned(read: ReadArticle, url: str, source: str) -> ReadArticle:
    """The article under its owner's name."""
    article = read.article
    if article.url == url and article.source == source:
        return read
    return replace(read, article=replace(article, url=url, source=source))
