"""What an article may be a copy of: stored documents that share bands with it, and the decision about them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, select

from index.database import documents
from index.documents.fingerprints import sharing, unpacked
from index.documents.frequencies import Frequencies
from index.documents.metkeys import met_keys
from news.copies.duplicates import Judged, conclude, judge
from news.copies.fingerprints import fingerprint, resemble, similarity
from news.copies.knowledge import Knowledge
from news.documents import Candidate, Decision, Fingerprint, ReadArticle

PROPOSED: Final = 400  # documents whose MinHash is looked at; a burst of template news shares bands by the hundred
COMPARED: Final = 40  # documents whose words are read, and not in a cluster that the article belongs to already
AT_ONCE: Final = 5

_LAST: Final = select(func.coalesce(func.max(documents.c.row), 0))
_LOAD: Final = select(
    documents.c.row, documents.c.id, documents.c.cluster_id, documents.c.duplicate_of, documents.c.source,
    documents.c.title, documents.c.text, documents.c.first_seen_at, documents.c.published_at,
).where(documents.c.row.in_(bindparam("rows", expanding=True)))  # fmt: skip


def decided(conn: Connection, read: ReadArticle, day: int) -> tuple[Decision, list[str]]:
    """What the article is, and the ids of the clusters it belongs to: more than one when it joins them."""
    knowledge = frequencies_of(conn).knowledge
    judged: list[Judged] = []
    clusters: dict[str, None] = {}
    proposed = _proposed(conn, read.fingerprint, knowledge, day)
    while proposed and len(judged) < COMPARED:
        found = _loaded(conn, proposed[:AT_ONCE])
        proposed = proposed[AT_ONCE:]
        new = judge(read.article, read.fingerprint, [one for one in found if one.cluster_id not in clusters], knowledge)
        judged += new
        clusters |= dict.fromkeys(one.candidate.cluster_id for one in new if one.accepted)
    return conclude(read.article, judged), list(clusters)


def prepare(conn: Connection) -> None:
    """Between two documents: learn from what was stored, here or by another process."""
    last = conn.execute(_LAST).scalar_one()
    frequencies_of(conn).advance(conn, last)
    met_keys(conn).catch_up(conn, last)


def without_furniture(conn: Connection, read: ReadArticle) -> ReadArticle:
    """With the fingerprint of what the article itself tells."""
    article = read.article
    told = frequencies_of(conn).knowledge.told(article.source, article.text)
    if told == article.text:
        return read
    return replace(read, fingerprint=fingerprint(article.title, told))


def _proposed(conn: Connection, mine: Fingerprint, knowledge: Knowledge, day: int) -> list[Any]:
    """The most similar ones first."""
    found = sharing(conn, mine.content_hash, knowledge.telling_keys(mine.bands), day, PROPOSED)
    content_hash = bytes.fromhex(mine.content_hash)
    alike = [
        (1.0 if row.content_hash == content_hash else similarity(mine.minhash, row.minhash), row)
        for row in found
        if row.content_hash == content_hash or resemble(mine, row.minhash, unpacked(row.bands))
    ]
    alike.sort(key=lambda pair: (-pair[0], pair[1].document))
    return [row for _, row in alike]


def _loaded(conn: Connection, proposed: Sequence[Any]) -> list[Candidate]:
    found = {row.row: row for row in conn.execute(_LOAD, {"rows": [row.document for row in proposed]})}
    return [_candidate(found[row.document], row) for row in proposed if row.document in found]


def _candidate(document: Any, fingerprint: Any) -> Candidate:
    return Candidate(
        id=document.id,
        cluster_id=document.cluster_id,
        duplicate_of=document.duplicate_of,
        source=document.source,
        title=document.title,
        text=document.text,
        minhash=fingerprint.minhash,
        content_hash=fingerprint.content_hash.hex(),
        first_seen_at=document.first_seen_at,
        published_at=document.published_at,
    )


def frequencies_of(conn: Connection) -> Frequencies:
    """They live as long as the writer's connection, and so are never ahead of what it committed: after a failed
    transaction the connection is given up."""
    counts: Frequencies | None = conn.info.get("frequencies")
    if counts is None:
        counts = conn.info["frequencies"] = Frequencies(conn)
    return counts
