"""Which keys were ever met in which week: a Bloom filter in front of the bands.

An article has 56 keys, of which nearly all are new, and a dozen weeks in which each would be looked up; a copy's keys
are all known, in one of the weeks. The filter leaves the few pairs that somebody has. It may say yes of a pair that
nobody has, and never no of one that somebody has; the bands table is the truth, and the filter is made anew from it.

A pair sets four bits in each of two words: two places in memory to look at, where eight bits anywhere would be eight.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, bindparam, select

from index.database import fingerprints

# Words of 64 bits for each document. One pair in four thousand is then a false yes.
ROOM: Final = 16
SMALLEST: Final = 2**20  # words, 8 MB
LARGEST: Final = 2**24  # 128 MB
# Documents, the latest stored, that the largest filter reads again: more than arrive in the weeks that are searched.
READ_AGAIN: Final = LARGEST // ROOM
BATCH: Final = 10_000

I64 = NDArray[np.int64]
U64 = NDArray[np.uint64]

_WEEKS: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX: Final = (np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9))
_HALF, _PLACE, _BIT, _ONE = np.uint64(32), np.uint64(40), np.uint64(63), np.uint64(1)
_SHIFTS: Final = tuple(map(np.uint64, (6, 12, 18)))

_AHEAD: Final = (
    select(fingerprints.c.document, fingerprints.c.week, fingerprints.c.bands)
    .where(fingerprints.c.document > bindparam("after"))
    .order_by(fingerprints.c.document)
    .limit(BATCH)
)


class MetKeys:
    """Used by the writer's thread alone."""

    def __init__(self) -> None:
        self._words: U64 = np.zeros(SMALLEST, dtype=np.uint64)
        self._first = 0
        self._last: int | None = None

    def catch_up(self, conn: Connection, last: int) -> None:
        """Read what is stored up to document `last` and was not noted: at first, and what another process wrote."""
        if self._last is None or last - self._first > self._bearable():
            self._begin(last)
        while self._last is not None and self._last < last:
            found = conn.execute(_AHEAD, {"after": self._last}).all()
            keys = [np.frombuffer(row.bands, dtype="<i8") for row in found]
            if keys:
                self._set(np.repeat([row.week for row in found], [len(mine) for mine in keys]), np.concatenate(keys))
            self._last = found[-1].document if found else last

    def _bearable(self) -> int:
        """Documents beyond which the filter is made anew, larger, or without what is too old."""
        room = len(self._words) // ROOM
        return room if len(self._words) < LARGEST else room + room // 2

    def _begin(self, last: int) -> None:
        self._last = self._first = max(0, last - READ_AGAIN)
        wanted = ROOM * (last - self._first)
        self._words = np.zeros(max(SMALLEST, 1 << (wanted - 1).bit_length()), dtype=np.uint64)

    def note(self, document: int, week: int, keys: Sequence[int]) -> None:
        self._set(np.array(week, dtype="<i8"), np.array(keys, dtype="<i8"))
        if self._last is not None and document == self._last + 1:
            self._last = document

    def met(self, weeks: Sequence[int], keys: Sequence[int]) -> list[tuple[int, int]]:
        """The pairs of week and key worth looking up."""
        pairs = _mixed(np.array(weeks, dtype="<i8")[:, None], np.array(keys, dtype="<i8")).ravel()
        kept = np.arange(len(pairs))
        for mix in _MIX:
            places, bits = self._placed(pairs, mix)
            known = np.flatnonzero(self._words[places] & bits == bits)
            pairs, kept = pairs[known], kept[known]
        return [(weeks[at // len(keys)], keys[at % len(keys)]) for at in kept.tolist()]

    def _set(self, weeks: I64, keys: I64) -> None:
        pairs = _mixed(weeks, keys)
        for mix in _MIX:
            np.bitwise_or.at(self._words, *self._placed(pairs, mix))

    def _placed(self, pairs: U64, mix: np.uint64) -> tuple[I64, U64]:
        """For each pair its word, and its bits there."""
        hashes = pairs * mix
        places = (hashes >> _PLACE).astype(np.int64) & (len(self._words) - 1)
        hashes ^= hashes >> _HALF
        bits = _ONE << (hashes & _BIT)
        for shift in _SHIFTS:
            bits |= _ONE << ((hashes >> shift) & _BIT)
        return places, bits


def _mixed(weeks: I64, keys: I64) -> U64:
    """A number for each pair."""
    bits = keys.view(np.uint64)
    mixed: U64 = (bits ^ (bits >> np.uint64(29))) + weeks.astype(np.uint64) * _WEEKS
    return mixed


def met_keys(conn: Connection) -> MetKeys:
    """Of the writer's connection; superfluous bits of operations that were undone do no harm."""
    found: MetKeys | None = conn.info.get("met_keys")
    if found is None:
        found = conn.info["met_keys"] = MetKeys()
    return found
