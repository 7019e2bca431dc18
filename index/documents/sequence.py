"""`seq`, the store's logical clock: every change of a document gets a higher number, by which followers catch up."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, func, select, update

from index.columns import microseconds
from index.database import documents, meta, tombstones
from index.meta import write_value

FLOOR: Final = "seq_floor"

_LAST: Final = select(
    func.coalesce(select(func.max(documents.c.seq)).scalar_subquery(), 0).label("documents"),
    func.coalesce(select(func.max(tombstones.c.seq)).scalar_subquery(), 0).label("tombstones"),
    select(meta.c.value).where(meta.c.key == FLOOR).scalar_subquery().label("floor"),
)
_TOUCH: Final = update(documents).where(documents.c.id == bindparam("id_"))


def last_seq(conn: Connection) -> int:
    """The highest seq ever given, as far as the store remembers."""
    row = conn.execute(_LAST).one()
    return max(int(row.documents), int(row.tombstones), int(row.floor or 0))


def next_seq(conn: Connection, now: datetime) -> int:
    """The microsecond of `now`, or one above the last seq where that is higher: it grows even when the clock is set
    back, and stays above numbers that followers saw before a power cut took them from the store."""
    return max(last_seq(conn) + 1, microseconds(now))


def raise_floor(conn: Connection, seq: int) -> None:
    """A follower has seen `seq`: whatever is stored from now on must come after it."""
    if seq > last_seq(conn):
        write_value(conn, FLOOR, str(seq))


def touch(conn: Connection, ids: list[str], now: datetime) -> None:
    """Give documents whose indexed fields changed a new seq each, so that the indices take them again."""
    seq = next_seq(conn, now)
    rows = [{"id_": id_, "seq": seq + offset} for offset, id_ in enumerate(ids)]
    if rows:
        conn.execute(_TOUCH, rows)
