"""Counting what the press repeats: words, band keys and each outlet's lines, in bounded memory.

The same documents in the same order always give the same counts, and a census read back from its bytes goes on as the
one that wrote them would have: what is dropped is dropped at counts of documents, never by the clock.
"""

import struct
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from news.arabic import words
from news.copies.knowledge import Counts, Knowledge, buckets, line_hash, no_counts

# What was met once in so many documents is forgotten again: lossy counting (Manku and Motwani 2002).
ROUND: Final = 2000
# Entries of a counter that survive a round; beyond, the rarest go.
MOST: Final = 50_000
# A band key that more of the documents share proposes strangers.
FREQUENT: Final = 0.0005
FREQUENT_AT_LEAST: Final = 30
# An outlet's line in more of its documents is furniture.
FURNITURE: Final = 0.02
FURNITURE_AT_LEAST: Final = 10
LONGEST_LINE: Final = 600

_HEAD: Final = struct.Struct("<4q")


@dataclass(slots=True, eq=False)
class Census:
    """`outlets`: documents by the hash of their outlet's name."""

    documents: int = 0
    counts: Counts = field(default_factory=no_counts)
    keys: Counter[int] = field(default_factory=Counter)
    lines: Counter[int] = field(default_factory=Counter)
    outlets: Counter[int] = field(default_factory=Counter)
    outlet_of: dict[int, int] = field(default_factory=dict)

    def add(self, source: str, title: str, text: str, bands: Iterable[int]) -> None:
        self.documents += 1
        self.counts[buckets(words(f"{title}\n{text}"))] += 1
        self.keys.update(set(bands))
        outlet = line_hash(source, "")
        self.outlets[outlet] += 1
        met = {line_hash(source, line) for line in text.split("\n") if len(line) <= LONGEST_LINE}
        self.lines.update(met)
        self.outlet_of.update(dict.fromkeys(met, outlet))
        if self.documents % ROUND == 0:
            self._forget()

    def freeze(self) -> Knowledge:
        """What is known now. Forgets like the end of a round, so that what is kept is all there is."""
        self._forget()
        often = max(FREQUENT * self.documents, FREQUENT_AT_LEAST)
        return Knowledge(
            documents=self.documents,
            counts=self.counts.copy(),
            frequent=frozenset(key for key, count in self.keys.items() if count >= often),
            furniture=frozenset(line for line, count in self.lines.items() if count >= self._often(line)),
        )

    def _often(self, line: int) -> float:
        return max(FURNITURE * self.outlets[self.outlet_of[line]], FURNITURE_AT_LEAST)

    def _forget(self) -> None:
        self.keys = _without_singles(self.keys)
        self.lines = _without_singles(self.lines)
        self.outlet_of = {line: self.outlet_of[line] for line in self.lines}

    def to_bytes(self) -> bytes:
        self._forget()
        head = _HEAD.pack(self.documents, len(self.keys), len(self.lines), len(self.outlets))
        owners = np.array([self.outlet_of[line] for line in self.lines], dtype="<i8").tobytes()
        body = (_packed(self.keys), _packed(self.lines), owners, _packed(self.outlets), self.counts.tobytes())
        return zlib.compress(head + b"".join(body), 6)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Census":
        raw = memoryview(zlib.decompress(data))
        documents, keys, lines, outlets = _HEAD.unpack_from(raw)
        numbers = np.frombuffer(raw[_HEAD.size : _HEAD.size + 8 * (2 * keys + 3 * lines + 2 * outlets)], dtype="<i8")
        of_keys, of_lines, owners, of_outlets = np.split(numbers, np.cumsum([2 * keys, 2 * lines, lines]))
        counted = _unpacked(of_lines)
        return cls(
            documents=documents,
            counts=np.frombuffer(raw[_HEAD.size + 8 * len(numbers) :], dtype="<u4").copy(),
            keys=_unpacked(of_keys),
            lines=counted,
            outlets=_unpacked(of_outlets),
            outlet_of=dict(zip(counted, owners.tolist(), strict=True)),
        )


def _without_singles(counter: Counter[int]) -> Counter[int]:
    least = 2
    kept = Counter({key: count for key, count in counter.items() if count >= least})
    while len(kept) > MOST:
        least += 1
        kept = Counter({key: count for key, count in kept.items() if count >= least})
    return kept


def _packed(counter: Counter[int]) -> bytes:
    return np.array([*counter.keys(), *counter.values()], dtype="<i8").tobytes()


def _unpacked(numbers: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Counter[int]:
    keys, counts = np.split(numbers, 2)
    return Counter(dict(zip(keys.tolist(), counts.tolist(), strict=True)))
