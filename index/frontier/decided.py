"""How a visit ends in a URL's row: the first decides it, a later one only says what it saw."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, func, select, update

from index.database import documents, urls
from index.documents.sequence import touch
from index.frontier.visits import Fetched, Policy
from index.rows import change
from news.documents import Outcome

_BORN: Final = select(
    documents.c.first_seen_at,
    func.min(documents.c.first_seen_at, func.coalesce(documents.c.published_at, documents.c.first_seen_at)).label("at"),
).where(documents.c.id == bindparam("id_"))
_GONE: Final = update(documents).where(documents.c.id == bindparam("id_"), documents.c.removed_at.is_(None))
_BACK: Final = update(documents).where(documents.c.id == bindparam("id_"), documents.c.removed_at.is_not(None))
_LED_HERE: Final = select(urls.c.id).where(
    urls.c.alias_of.in_(bindparam("ids", expanding=True)), urls.c.document_id.is_(None)
)


def validators(fetched: Fetched) -> dict[str, Any]:
    return {
        "etag": fetched.etag,
        "last_modified": fetched.last_modified,
        "body_hash": fetched.body_hash,
        "last_status": fetched.status,
    }


def arrived(fetched: Fetched | None) -> bool:
    """Whether the page itself came, not only a word about it."""
    return fetched is not None and 200 <= fetched.status < 300


def decide(
    conn: Connection,
    row: Row[Any],
    outcome: Outcome,
    reason: str | None,
    fetched: Fetched | None,
    now: datetime,
    values: dict[str, Any],
) -> None:
    """The end of a pending URL."""
    if arrived(fetched) and row.fetched_at is None:
        values = {"fetched_at": now, **values}
    ended = {"outcome": outcome.value, "outcome_at": now, "reason": reason, "leased_by": None, "next_visit_at": None}
    change(conn, urls, row.id, {**ended, **values})


def decided_again(
    conn: Connection, row: Row[Any], last_visit: str, policy: Policy, now: datetime, values: dict[str, Any]
) -> None:
    """A later visit of a decided URL: its outcome stays, and the next look is planned by the document's age."""
    seen = {"last_visit": last_visit, "last_visit_at": now, "leased_by": None, "attempts": 0}
    following = next_revisit_at(conn, row.document_id, policy, now) if row.outcome == Outcome.STORED.value else None
    change(conn, urls, row.id, {"next_visit_at": following, **seen, **values})


def next_revisit_at(conn: Connection, document_id: str | None, policy: Policy, now: datetime) -> datetime | None:
    """Planned by the article's age since it was published or first seen, whichever is earlier. Old coverage is seldom
    edited: where its age leaves no revisit, it gets one, when the last revisit of a fresh article would be."""
    born = conn.execute(_BORN, {"id_": document_id}).first()
    if born is None:
        return None
    wait = policy.next_revisit(now - born.at) or _last_look(policy, now - born.first_seen_at)
    return None if wait is None else now + wait


def _last_look(policy: Policy, age: timedelta) -> timedelta | None:
    """The wait until the last revisit that the policy plans for something seen `age` ago."""
    wait = policy.next_revisit(age)
    while wait is not None and (further := policy.next_revisit(age + wait)) is not None:
        wait += further
    return wait


def set_removed(conn: Connection, document_id: str | None, removed_at: datetime | None, now: datetime) -> None:
    """The page is gone since `removed_at`, or it is there (again); the indices hear of it when that is news."""
    statement = _BACK if removed_at is None else _GONE
    if document_id is not None and conn.execute(statement, {"id_": document_id, "removed_at": removed_at}).rowcount:
        touch(conn, [document_id], now)


def link_aliases(conn: Connection, url_id: int, document_id: str) -> None:
    """Addresses that led to this one before it had a document, over any number of redirects."""
    found = [url_id]
    while found:
        found = list(conn.execute(_LED_HERE, {"ids": found}).scalars())
        for id_ in found:
            change(conn, urls, id_, {"document_id": document_id})
