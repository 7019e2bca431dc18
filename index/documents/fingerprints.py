"""Fingerprints in the store: kept beside the documents, and found again by their bands within a few weeks."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection, Row, bindparam, delete, desc, func, insert, select

from index.columns import EPOCH
from index.database import bands, fingerprints
from index.documents.metkeys import met_keys
from news.documents import Fingerprint

DAY: Final = timedelta(days=1)
DAYS: Final = 7  # of a week
# Copies appear within days. Later weeks are looked at as well: a backlog comes newest first, and imports in any order.
WEEKS_BEFORE: Final = 8
WEEKS_AFTER: Final = 4


# One look-up for each pair; IN over weeks and keys would look up every key in every week.
_ASKED: Final = func.json_each(bindparam("pairs")).table_valued("value", name="asked")
_SHARED: Final = (
    select(bands.c.document, func.count().label("bands"))
    .select_from(_ASKED)
    .join(
        bands,
        (bands.c.week == func.json_extract(_ASKED.c.value, "$[0]"))
        & (bands.c.key == func.json_extract(_ASKED.c.value, "$[1]")),
    )
    .group_by(bands.c.document)
    .order_by(desc("bands"), bands.c.document)
    .limit(bindparam("limit_"))
    .subquery()
)
_KEPT: Final = select(
    fingerprints.c.document, fingerprints.c.minhash, fingerprints.c.content_hash, fingerprints.c.bands
)
_SIMILAR: Final = _KEPT.join(_SHARED, _SHARED.c.document == fingerprints.c.document).order_by(desc(_SHARED.c.bands))
_SAME: Final = _KEPT.where(fingerprints.c.content_hash == bindparam("content")).limit(bindparam("limit_"))
_KEY_BITS: Final = 60
_KEY_MASK: Final = 2**_KEY_BITS - 1
_KEEP: Final = insert(fingerprints)
# By the driver alone: SQLAlchemy needs as long for the parameters as SQLite for the rows.
KEEP_BANDS: Final = f"INSERT INTO {bands.name} (week, key, document) VALUES (?, ?, ?)"


def day_of(moment: datetime) -> int:
    return (moment - EPOCH) // DAY


def keep_fingerprint(conn: Connection, document: int, fingerprint: Fingerprint, day: int) -> None:
    week = day // DAYS
    values = {
        "document": document,
        "week": week,
        "content_hash": bytes.fromhex(fingerprint.content_hash),
        "minhash": fingerprint.minhash,
        "shingles": fingerprint.shingles,
        "bands": _packed(fingerprint.bands),
    }
    conn.execute(_KEEP, values)
    met_keys(conn).note(document, week, fingerprint.bands)
    conn.exec_driver_sql(KEEP_BANDS, band_rows(fingerprint.bands, day, document))


def band_rows(keys: Iterable[int], day: int, document: int) -> list[tuple[int, int, int]]:
    """As they stand in the table, in its order."""
    week, weekday = divmod(day, DAYS)
    return [(week, key, document) for key in sorted({_of_day(key, weekday) for key in keys})]


def _of_day(key: int, weekday: int) -> int:
    """A key of 60 bits below its day: so the keys of one day, which come together, stand together in the week's part of
    the table, and an article's keys fall on pages that others of that day have fallen on."""
    return weekday << _KEY_BITS | key >> 4 & _KEY_MASK


def drop_fingerprints(conn: Connection, document: int) -> None:
    row = conn.execute(select(fingerprints).where(fingerprints.c.document == document)).first()
    if row is None:
        return
    keys = [_of_day(key, weekday) for key in unpacked(row.bands) for weekday in range(DAYS)]
    mine = (bands.c.week == row.week) & bands.c.key.in_(keys) & (bands.c.document == document)
    conn.execute(delete(bands).where(mine))
    conn.execute(delete(fingerprints).where(fingerprints.c.document == document))


def sharing(conn: Connection, content_hash: str, keys: Sequence[int], day: int, limit: int) -> Sequence[Row[Any]]:
    """Documents (document, minhash, content_hash, bands) that have one of the keys, those with most of them first; the
    very same words come first of all, however long ago."""
    same = conn.execute(_SAME, {"content": bytes.fromhex(content_hash), "limit_": limit}).all()
    week = day // DAYS
    met = met_keys(conn).met(range(week - WEEKS_BEFORE, week + WEEKS_AFTER + 1), keys)
    pairs = [(met_in, _of_day(key, weekday)) for met_in, key in met for weekday in range(DAYS)]
    alike = conn.execute(_SIMILAR, {"pairs": json.dumps(pairs), "limit_": limit}).all() if pairs else []
    found: dict[int, Any] = {row.document: row for row in (*same, *alike)}
    return list(found.values())


def _packed(keys: tuple[int, ...]) -> bytes:
    return np.array(keys, dtype="<i8").tobytes()


def unpacked(data: bytes) -> list[int]:
    return [int(key) for key in np.frombuffer(data, dtype="<i8")]
