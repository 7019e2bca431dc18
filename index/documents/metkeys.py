"""Which band keys were ever met in which week: a Bloom filter in front of the bands.

An article has 48 keys, of which nearly all are new, and a dozen weeks in which each would be looked up; a copy's keys
are all known, in one of the weeks. The filter leaves the few pairs that somebody has. It may say yes of a pair that
nobody has, and never no of one that somebody has; the bands table is the truth, and the filter is made anew from it.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, bindparam, select

from index.database import fingerprints

# Bits, 64 MB; three of them stand for one pair. With a million documents one pair in eighty is a false yes.
SIZE: Final = 2**29
# Documents, the latest stored, that a new filter reads again: more than arrive in the weeks that are searched. After as
# many new ones it is made anew, without what is too old.
READ_AGAIN: Final = 1_000_000
BATCH: Final = 20_000

I64 = NDArray[np.int64]
U64 = NDArray[np.uint64]

_MIX: Final = np.array([0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93], dtype=np.uint64)
_WEEKS: Final = np.uint64(0x9E3779B97F4A7C15)
_UPPER: Final = np.uint64(35)
_BYTE, _BIT, _ONE = np.uint64(3), np.uint64(7), np.uint64(1)

_AHEAD: Final = (
    select(fingerprints.c.document, fingerprints.c.week, fingerprints.c.bands)
    .where(fingerprints.c.document > bindparam("after"))
    .order_by(fingerprints.c.document)
    .limit(BATCH)
)


class MetKeys:
    """Used by the writer's thread alone."""

    def __init__(self) -> None:
        self._empty()

    def _empty(self) -> None:
        self._bits: NDArray[np.uint8] = np.zeros(SIZE // 8, dtype=np.uint8)
        self._last: int | None = None
        self._first = 0

    def catch_up(self, conn: Connection, last: int) -> None:
        """Read what is stored up to document `last` and was not noted: at first, and what another process wrote."""
        if self._last is not None and last - self._first > 2 * READ_AGAIN:
            self._empty()
        if self._last is None:
            self._last = self._first = max(0, last - READ_AGAIN)
        while self._last < last:
            found = conn.execute(_AHEAD, {"after": self._last}).all()
            for row in found:
                self._set(row.week, np.frombuffer(row.bands, dtype="<i8"))
            self._last = found[-1].document if found else last

    def note(self, document: int, week: int, keys: Sequence[int]) -> None:
        self._set(week, np.array(keys, dtype="<i8"))
        if self._last is not None and document == self._last + 1:
            self._last = document

    def met(self, weeks: Sequence[int], keys: Sequence[int]) -> list[tuple[int, int]]:
        """The pairs of week and key worth looking up."""
        pairs = _mixed(np.array(weeks, dtype="<i8")[:, None], np.array(keys, dtype="<i8")).ravel()
        kept = np.arange(len(pairs))
        for mix in _MIX:
            number = (pairs * mix) >> _UPPER
            known = np.flatnonzero((self._bits[number >> _BYTE] >> (number & _BIT)) & 1)
            pairs, kept = pairs[known], kept[known]
        return [(weeks[at // len(keys)], keys[at % len(keys)]) for at in kept.tolist()]

    def _set(self, week: int, keys: I64) -> None:
        number = (_mixed(np.array(week, dtype="<i8"), keys) * _MIX[:, None]).ravel() >> _UPPER
        np.bitwise_or.at(self._bits, number >> _BYTE, (_ONE << (number & _BIT)).astype(np.uint8))


def _mixed(weeks: I64, keys: I64) -> U64:
    """A number for each pair. What is taken of its products are the upper bits, which are the well mixed ones."""
    bits = keys.view(np.uint64)
    mixed: U64 = (bits ^ (bits >> np.uint64(29))) + weeks.astype(np.uint64) * _WEEKS
    return mixed


def met_keys(conn: Connection) -> MetKeys:
    """Of the writer's connection; superfluous bits of operations that were undone do no harm."""
    found: MetKeys | None = conn.info.get("met_keys")
    if found is None:
        found = conn.info["met_keys"] = MetKeys()
    return found
