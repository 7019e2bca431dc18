"""What the index would not take: why, and sending it again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from index.database import documents, rejected
from index.documents.stored import BATCH, get_documents
from index.elastic.index import ElasticIndex
from index.elastic.verdicts import ElasticError


@dataclass(frozen=True, slots=True)
class Refused:
    """`url` is None when the document has left the store since."""

    id: str
    url: str | None
    at: datetime
    reason: str


def refused(index: ElasticIndex) -> list[Refused]:
    """The latest first."""
    joined = rejected.outerjoin(documents, documents.c.id == rejected.c.document_id)
    query = select(rejected.c.document_id, documents.c.url, rejected.c.at, rejected.c.reason).select_from(joined)
    query = query.where(rejected.c.follower == index.follower).order_by(rejected.c.at.desc())
    with index.place.store.read() as conn:
        return [Refused(row.document_id, row.url, row.at, row.reason) for row in conn.execute(query)]


def send_again(index: ElasticIndex) -> int:
    """In their present version, which the index has never taken. Returns how many it takes now."""
    index.sink.try_now()
    position = index.position()
    ids = [row.id for row in refused(index)]
    taken = 0
    for start in range(0, len(ids), BATCH):
        with index.place.store.read() as conn:
            found = list(get_documents(conn, ids[start : start + BATCH]).values())
        report = index.write(found, [], position)
        taken += report.sent
        if index.sink.trouble is not None:
            raise ElasticError(index.sink.trouble)
    return taken
