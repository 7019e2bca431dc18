"""Which band keys were ever met: a Bloom filter with one hash in front of the bands.

An article has 48 keys, of which nearly all are new, and a dozen weeks in which each would be looked up. The filter
leaves the few that somebody has. It may say yes of a key that nobody has, and never no of one that somebody has; the
bands table is the truth, and the filter is made anew from it with each connection.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, bindparam, select

from index.database import fingerprints

# Bits: 32 MB. A year of ten thousand articles a day sets half of them.
SIZE: Final = 2**28
# Documents, the latest stored, that a new connection reads again: more than arrive in the weeks that are searched.
READ_AGAIN: Final = 1_000_000
BATCH: Final = 20_000

_AHEAD: Final = (
    select(fingerprints.c.document, fingerprints.c.bands)
    .where(fingerprints.c.document > bindparam("after"))
    .order_by(fingerprints.c.document)
    .limit(BATCH)
)


class MetKeys:
    """Used by the writer's thread alone."""

    def __init__(self) -> None:
        self._bits: NDArray[np.uint8] = np.zeros(SIZE // 8, dtype=np.uint8)
        self._last: int | None = None

    def catch_up(self, conn: Connection, last: int) -> None:
        """Read what is stored up to document `last` and was not noted: at first, and what another process wrote."""
        if self._last is None:
            self._last = max(0, last - READ_AGAIN)
        while self._last < last:
            found = conn.execute(_AHEAD, {"after": self._last}).all()
            self._set(np.frombuffer(b"".join(row.bands for row in found), dtype="<i8"))
            self._last = found[-1].document if found else last

    def note(self, document: int, keys: Sequence[int]) -> None:
        self._set(np.array(keys, dtype="<i8"))
        if self._last is not None and document == self._last + 1:
            self._last = document

    def met(self, keys: Sequence[int]) -> list[int]:
        places, masks = _places(np.array(keys, dtype="<i8"))
        known = (self._bits[places] & masks).astype(bool).tolist()
        return [key for key, is_known in zip(keys, known, strict=True) if is_known]

    def _set(self, keys: NDArray[np.int64]) -> None:
        places, masks = _places(keys)
        np.bitwise_or.at(self._bits, places, masks)


def _places(keys: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """The upper bits of a key: it was multiplied, so they are the well mixed ones."""
    numbers = (keys.view(np.uint64) >> np.uint64(36)).astype(np.int64)
    return numbers >> 3, np.left_shift(1, numbers & 7).astype(np.uint8)


def met_keys(conn: Connection) -> MetKeys:
    """Of the writer's connection; superfluous bits of operations that were undone do no harm."""
    found: MetKeys | None = conn.info.get("met_keys")
    if found is None:
        found = conn.info["met_keys"] = MetKeys()
    return found
