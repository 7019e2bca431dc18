"""Copies of one text: connected components of accepted pairs, led by the first seen."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, func, select, update

from index.database import documents
from index.documents.sequence import touch

# Up to this size all members are indexed anew for every new copy; beyond it only for every second, fourth, eighth …
# one, so that the cost of an arrival does not grow with its cluster. The store itself always counts exactly.
HEARD_BY_ALL = 64


_MINE: Final = documents.c.cluster_id == bindparam("cluster")
_BY_AGE: Final = documents.c.first_seen_at, documents.c.row
_MEMBERS: Final = select(documents.c.id).where(_MINE).order_by(*_BY_AGE)
_LEADER: Final = _MEMBERS.where(documents.c.duplicate_of.is_(None)).limit(1)


def members(conn: Connection, cluster_id: str) -> list[str]:
    """Ids of a cluster's documents, the first seen first."""
    return list(conn.execute(_MEMBERS, {"cluster": cluster_id}).scalars())


def leader(conn: Connection, cluster_id: str) -> str:
    """The first seen: the one that the others are copies of."""
    return str(conn.execute(_LEADER, {"cluster": cluster_id}).scalar_one())


def by_age(conn: Connection, cluster_ids: Sequence[str]) -> list[str]:
    """Oldest first: where clusters turn out to be one, the older one's id stays."""
    if len(cluster_ids) < 2:
        return list(cluster_ids)
    query = select(documents.c.cluster_id).where(documents.c.cluster_id.in_(cluster_ids))
    oldest = func.min(documents.c.first_seen_at), func.min(documents.c.row)
    return list(conn.execute(query.group_by(documents.c.cluster_id).order_by(*oldest)).scalars())


def merge(conn: Connection, kept: str, given_up: str, now: datetime) -> None:
    """One cluster of two: the documents of `given_up` join `kept`, and all of both get their new leader."""
    conn.execute(update(documents).where(documents.c.cluster_id == given_up).values(cluster_id=kept))
    lead(conn, kept, now)


def lead(conn: Connection, cluster_id: str, now: datetime) -> None:
    """Make the first seen the leader, and tell the indices about every member."""
    ids = members(conn, cluster_id)
    if ids:
        mine = documents.c.cluster_id == cluster_id
        conn.execute(update(documents).where(mine, documents.c.id != ids[0]).values(duplicate_of=ids[0]))
        conn.execute(update(documents).where(documents.c.id == ids[0]).values(duplicate_of=None))
        touch(conn, ids, now)


def renamed(conn: Connection, cluster_id: str, leader_id: str, now: datetime) -> None:
    """The indices keep each copy under its leader's title."""
    touch(conn, [id_ for id_ in members(conn, cluster_id) if id_ != leader_id], now)


def grown(conn: Connection, cluster_id: str, newcomer: str, now: datetime) -> None:
    """Members other than the newcomer have one copy more."""
    touch(conn, heard_by([id_ for id_ in members(conn, cluster_id) if id_ != newcomer]), now)


def heard_by(others: Sequence[str]) -> list[str]:
    step = 1 << max(0, len(others).bit_length() - HEARD_BY_ALL.bit_length() + 1)
    return list(others) if len(others) % step == 0 else list(others[:1])
