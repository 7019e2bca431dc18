"""How common words are in the press: a frozen snapshot, so that a decision made on it can be explained later."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

from news.copies.fingerprints import word_hash

# One counter a hashed word; twice the vocabulary of a year of news, 4 MB.
BUCKETS: Final = 2**20
# Below this a word's share of the documents says too little.
ENOUGH: Final = 1000
# Of the documents; a word above it does not tell one event from another. Measured on three weeks of Saudi papers.
RARE: Final = 0.002

Counts = NDArray[np.uint32]


def buckets(words: Iterable[str]) -> NDArray[np.int64]:
    return np.array(sorted({word_hash(word) % BUCKETS for word in words}), dtype=np.int64)


def no_counts() -> Counts:
    return np.zeros(BUCKETS, dtype="<u4")


def line_hash(source: str, line: str) -> int:
    """Of a line in one outlet's texts, signed like a band's key."""
    return int.from_bytes(blake2b(f"{source}\n{line.strip()}".encode(), digest_size=8).digest(), "little", signed=True)


@dataclass(frozen=True, slots=True, eq=False)
class Knowledge:
    """In how many of `documents` each word was met; the band keys that so many texts share that they propose nothing;
    and the lines (by `line_hash`) that an outlet puts under everything it publishes."""

    documents: int = 0
    counts: Counts = field(default_factory=no_counts)
    frequent: frozenset[int] = frozenset()
    furniture: frozenset[int] = frozenset()

    @property
    def is_enough(self) -> bool:
        return self.documents >= ENOUGH

    def is_rare(self, word: str) -> bool:
        """Whether few documents hold the word. A word never met is rare."""
        return bool(self.rare(np.array([word_hash(word)], dtype=np.uint64))[0])

    def rare(self, hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """The same of many, by their `word_hash`."""
        places = (hashes % np.uint64(BUCKETS)).astype(np.int64)
        found: NDArray[np.bool_] = self.counts[places] < RARE * self.documents
        return found

    def told(self, source: str, text: str) -> str:
        """The text without its outlet's furniture; the text itself where nothing else is left."""
        if not self.furniture:
            return text
        lines = text.split("\n")
        kept = [line for line in lines if line_hash(source, line) not in self.furniture]
        return "\n".join(kept) if kept and len(kept) < len(lines) else text

    def telling_keys(self, bands: Iterable[int]) -> list[int]:
        """The band keys worth looking up; all of them where the text has none but frequent ones."""
        distinct = list(dict.fromkeys(bands))
        return [key for key in distinct if key not in self.frequent] or distinct


EMPTY: Final = Knowledge()
