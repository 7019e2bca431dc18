"""The books: what became of every URL, summed by SQL over the rows themselves, so that nothing can disagree."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, func, select

from index.columns import microseconds
from index.database import documents, rejected, sources, tombstones, urls
from index.follower import pending_after
from index.health import failing, healths, last_successes, paces
from index.trail import why
from news.documents import Outcome

__all__ = ["status", "why"]

FIGURES: Final = ("listed", "fetched", "extracted", "stored", "indexed", "searchable", "pending")


@dataclass(slots=True)
class Account:
    """listed = stored + pending + the sum of dropped."""

    listed: int = 0
    fetched: int = 0
    extracted: int = 0
    stored: int = 0
    indexed: int = 0
    searchable: int = 0
    pending: int = 0
    dropped: Counter[str] = field(default_factory=Counter)

    def figures(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in FIGURES} | {"dropped": dict(self.dropped)}


def status(
    conn: Connection,
    *,
    now: datetime,
    position: int,
    backend: str,
    searchable: Mapping[str, int] | None = None,
    rejected_by: str | None = None,
) -> dict[str, Any]:
    """The JSON of `marsad status` but for its `service`. `position` and `searchable` (documents by source that a
    search sees) come from the search index; `rejected_by` is its name as a follower, where it may reject."""
    accounts = _accounts(conn, position, searchable, rejected_by)
    health, last_success, troubles, polling = healths(conn, now), last_successes(conn), failing(conn), paces(conn)
    rows = [
        {
            "id": id_,
            **account.figures(),
            "last_success_at": _iso(last_success.get(id_)),
            "health": health.get(id_, "ok"),
            "failing": troubles.get(id_, []),
            "polling": polling.get(id_, []),
        }
        for id_, account in sorted(accounts.items())
    ]
    return {
        "sources": rows,
        "totals": _total(accounts.values()).figures(),
        "index": _index(conn, now, position, backend, rejected_by),
    }


def _accounts(
    conn: Connection, position: int, searchable: Mapping[str, int] | None, rejected_by: str | None
) -> defaultdict[str, Account]:
    accounts: defaultdict[str, Account] = defaultdict(Account)
    for known in conn.execute(select(sources.c.id).where(sources.c.known)).scalars():
        accounts[known] = Account()
    counts = (func.count().label("listed"), func.count(urls.c.fetched_at), func.count(urls.c.extracted_at))
    query = select(urls.c.source, urls.c.outcome, *counts).group_by(urls.c.source, urls.c.outcome)
    for source, outcome, listed, fetched, extracted in conn.execute(query):
        account = accounts[source]
        account.listed += listed
        account.fetched += fetched
        account.extracted += extracted
        if outcome is None:
            account.pending += listed
        elif outcome == Outcome.STORED.value:
            account.stored += listed
        else:
            account.dropped[outcome] += listed
    unsent = _unsent(conn, position, rejected_by)
    for id_, account in accounts.items():
        account.indexed = account.stored - unsent[id_]
        account.searchable = account.indexed if searchable is None else min(searchable.get(id_, 0), account.stored)
    return accounts


def _unsent(conn: Connection, position: int, rejected_by: str | None) -> Counter[str]:
    """Documents by source that the search index never took."""
    ahead = select(documents.c.source, func.count()).where(documents.c.created_seq > position)
    counts = Counter(_pairs(conn, ahead.group_by(documents.c.source)))
    if rejected_by is not None:
        joined = rejected.join(documents, documents.c.id == rejected.c.document_id)
        refused = select(documents.c.source, func.count()).select_from(joined)
        mine = (rejected.c.follower == rejected_by) & (documents.c.created_seq <= position)
        counts += Counter(_pairs(conn, refused.where(mine).group_by(documents.c.source)))
    return counts


def _pairs(conn: Connection, query: Any) -> dict[str, int]:
    return dict(tuple(row) for row in conn.execute(query))


def _total(accounts: Iterable[Account]) -> Account:
    total = Account()
    for account in accounts:
        for name in FIGURES:
            setattr(total, name, getattr(total, name) + getattr(account, name))
        total.dropped += account.dropped
    return total


def _index(conn: Connection, now: datetime, position: int, backend: str, rejected_by: str | None) -> dict[str, Any]:
    refused = 0
    if rejected_by is not None:
        query = select(func.count()).select_from(rejected).where(rejected.c.follower == rejected_by)
        refused = conn.execute(query).scalar_one()
    return {
        "backend": backend,
        "pending": pending_after(conn, position),
        "rejected": refused,
        "lag_seconds": _lag(conn, now, position),
    }


def _lag(conn: Connection, now: datetime, position: int) -> float:
    """The age of the oldest change not yet sent: a seq is the microsecond it was made, or a little later."""
    oldest = [
        conn.execute(select(func.min(table.c.seq)).where(table.c.seq > position)).scalar()
        for table in (documents, tombstones)
    ]
    waiting = min((seq for seq in oldest if seq is not None), default=None)
    return 0.0 if waiting is None else round(max(0, microseconds(now) - waiting) / 1e6, 3)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
