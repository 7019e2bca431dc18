"""Copies of one text: connected components of accepted pairs, led by the first seen."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update

from index.database import documents
from index.sequence import touch

# Up to here every member hears of every new copy; beyond, only of every second, fourth, eighth … one, so that the
# cost of an arrival does not grow with its cluster. The store itself always counts exactly.
HEARD_BY_ALL = 64


def members(conn: Connection, cluster_id: str) -> list[str]:
    """Ids of a cluster's documents, the first seen first."""
    query = select(documents.c.id).where(documents.c.cluster_id == cluster_id)
    return list(conn.execute(query.order_by(documents.c.first_seen_at, documents.c.row)).scalars())


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


def grown(conn: Connection, cluster_id: str, newcomer: str, now: datetime) -> None:
    """Members other than the newcomer have one copy more."""
    touch(conn, heard_by([id_ for id_ in members(conn, cluster_id) if id_ != newcomer]), now)


def heard_by(others: Sequence[str]) -> list[str]:
    step = 1 << max(0, len(others).bit_length() - HEARD_BY_ALL.bit_length() + 1)
    return list(others) if len(others) % step == 0 else list(others[:1])
