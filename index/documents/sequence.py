"""The store's clock: numbers that only grow, and that all who follow the store go by."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, func, select, update
from sqlalchemy.dialects.sqlite import insert

from index.columns import microseconds
from index.database import documents, meta, tombstones

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
    """A hybrid clock: it stays ahead of what a power cut took back, and of itself when the clock is set back."""
    return max(last_seq(conn) + 1, microseconds(now))


def raise_floor(conn: Connection, seq: int) -> None:
    """A follower has seen `seq`: whatever is stored from now on must come after it."""
    if seq > last_seq(conn):
        row = {"key": FLOOR, "value": str(seq)}
        conn.execute(insert(meta).values(row).on_conflict_do_update(index_elements=["key"], set_={"value": str(seq)}))


def touch(conn: Connection, ids: list[str], now: datetime) -> None:
    """Give documents whose indexed fields changed a new seq each, so that the indices take them again."""
    seq = next_seq(conn, now)
    rows = [{"id_": id_, "seq": seq + offset} for offset, id_ in enumerate(ids)]
    if rows:
        conn.execute(_TOUCH, rows)
