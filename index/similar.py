"""What an article may be a copy of: stored documents that share bands with it, and the decision about them."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, select

from index.database import documents
from index.fingerprints import sharing
from index.frequencies import Frequencies
from news.documents import Candidate, Decision, DecisionKind, ReadArticle
from news.duplicates import decide
from news.fingerprints import similarity
from news.knowledge import Knowledge

PROPOSED: Final = 200  # documents whose MinHash is looked at; a burst of template news shares bands by the hundred
COMPARED: Final = 20  # documents whose words are read
LEAST_SIMILAR: Final = 0.2
ADVANCE_EVERY: Final = 100


def candidates(conn: Connection, read: ReadArticle, week: int) -> list[Candidate]:
    """The most similar ones first, all of them at least somewhat similar."""
    proposed = sharing(conn, read.fingerprint, week, PROPOSED)
    content_hash = bytes.fromhex(read.fingerprint.content_hash)
    alike = [
        (1.0 if row.content_hash == content_hash else similarity(read.fingerprint.minhash, row.minhash), row)
        for row in proposed
    ]
    alike = sorted((pair for pair in alike if pair[0] >= LEAST_SIMILAR), key=lambda pair: -pair[0])[:COMPARED]
    return _loaded(conn, [row for _, row in alike])


def _loaded(conn: Connection, proposed: Sequence[Any]) -> list[Candidate]:
    if not proposed:
        return []
    columns = (documents.c.row, documents.c.id, documents.c.cluster_id, documents.c.duplicate_of, documents.c.source,
               documents.c.title, documents.c.text, documents.c.first_seen_at)  # fmt: skip
    query = select(*columns).where(documents.c.row.in_([row.document for row in proposed]))
    found = {row.row: row for row in conn.execute(query)}
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
    )


def decided(conn: Connection, read: ReadArticle, week: int) -> tuple[Decision, list[str]]:
    """What the article is, and the ids of the clusters it belongs to: more than one when it joins them."""
    found = candidates(conn, read, week)
    knowledge = knowledge_of(conn)
    decision = decide(read.article, read.fingerprint, found, knowledge)
    if decision.kind is not DecisionKind.DUPLICATE:
        return decision, []
    clusters = [cluster_of(conn, decision.of)]
    while others := [candidate for candidate in found if candidate.cluster_id not in clusters]:
        further = decide(read.article, read.fingerprint, others, knowledge)
        if further.kind is not DecisionKind.DUPLICATE or (cluster := cluster_of(conn, further.of)) in clusters:
            break
        clusters.append(cluster)
    return decision, clusters


def cluster_of(conn: Connection, document_id: str | None) -> str:
    return str(conn.execute(select(documents.c.cluster_id).where(documents.c.id == document_id)).scalar_one())


def knowledge_of(conn: Connection) -> Knowledge:
    """The snapshot in force. The counts live as long as the writer's connection, and so are never ahead of what it
    committed: after a failed transaction the connection is given up."""
    counts: Frequencies | None = conn.info.get("frequencies")
    if counts is None:
        counts = conn.info["frequencies"] = Frequencies(conn)
        conn.info["since_advance"] = 0
    conn.info["since_advance"] += 1
    if conn.info["since_advance"] >= ADVANCE_EVERY:
        conn.info["since_advance"] = 0
        counts.advance(conn)
    return counts.knowledge
