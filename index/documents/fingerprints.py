"""Fingerprints in the store: kept beside the documents, and found again by their bands within a few weeks."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection, Row, bindparam, delete, desc, func, insert, select

from index.columns import EPOCH
from index.database import bands, fingerprints
from index.documents.metkeys import met_keys
from news.documents import Fingerprint

WEEK: Final = timedelta(days=7)
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
_KEPT: Final = select(fingerprints.c.document, fingerprints.c.minhash, fingerprints.c.content_hash)
_SIMILAR: Final = _KEPT.join(_SHARED, _SHARED.c.document == fingerprints.c.document).order_by(desc(_SHARED.c.bands))
_SAME: Final = _KEPT.where(fingerprints.c.content_hash == bindparam("content")).limit(bindparam("limit_"))
_KEEP: Final = insert(fingerprints)
_KEEP_BANDS: Final = insert(bands)


def week_of(moment: datetime) -> int:
    return (moment - EPOCH) // WEEK


def keep_fingerprint(conn: Connection, document: int, fingerprint: Fingerprint, week: int) -> None:
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
    rows = [{"week": week, "key": key, "document": document} for key in dict.fromkeys(fingerprint.bands)]
    if rows:
        conn.execute(_KEEP_BANDS, rows)


def drop_fingerprints(conn: Connection, document: int) -> None:
    row = conn.execute(select(fingerprints).where(fingerprints.c.document == document)).first()
    if row is None:
        return
    keys = unpacked(row.bands)
    mine = (bands.c.week == row.week) & bands.c.key.in_(keys) & (bands.c.document == document)
    conn.execute(delete(bands).where(mine))
    conn.execute(delete(fingerprints).where(fingerprints.c.document == document))


def sharing(conn: Connection, content_hash: str, keys: Sequence[int], week: int, limit: int) -> Sequence[Row[Any]]:
    """Documents (document, minhash, content_hash) that have one of the band keys, those with most of them first; those
    with the very same words come first of all, however long ago."""
    same = conn.execute(_SAME, {"content": bytes.fromhex(content_hash), "limit_": limit}).all()
    weeks = range(week - WEEKS_BEFORE, week + WEEKS_AFTER + 1)
    pairs = met_keys(conn).met(weeks, keys)
    alike = conn.execute(_SIMILAR, {"pairs": json.dumps(pairs), "limit_": limit}).all() if pairs else []
    found: dict[int, Any] = {row.document: row for row in (*same, *alike)}
    return list(found.values())


def _packed(keys: tuple[int, ...]) -> bytes:
    return np.array(keys, dtype="<i8").tobytes()


def unpacked(data: bytes) -> list[int]:
    return [int(key) for key in np.frombuffer(data, dtype="<i8")]
