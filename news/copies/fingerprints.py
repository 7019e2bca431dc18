"""MinHash of word 3-shingles: what of a text survives a new headline, a cut end and some changed words.

Broder 1997 (resemblance), and Leskovec et al., «Mining of Massive Datasets», 3.4 (bands). SimHash at its usual
distance finds one in a hundred of the rewritten wire stories that these find.

Resemblance says little of a report that was cut to its lead, or put into one three times as long: so the lead has bands
of its own, the headline has a key, and so have a sample of the runs of eight words, which nobody writes twice by chance
(Manber 1994, sampling by the hash, so that both texts choose the same).
"""

from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b, sha256
from typing import Final

import numpy as np
from numpy.typing import NDArray

from news.arabic import words
from news.copies.likeness import likeness
from news.documents import Fingerprint

VALUES: Final = 96
# Of texts with a Jaccard similarity of .2, 32 bands of 2 rows propose 73 in a hundred, of .3 they propose 95.
BANDS: Final = 32
ROWS: Final = 2
SHINGLE: Final = 3
LEAD_WORDS: Final = 40
LEAD_BANDS: Final = 7
# A headline of fewer telling words is many a text's.
HEADLINE: Final = 3
RUN: Final = 8
SAMPLED: Final = np.uint64(8)  # of so many runs one is a key
RUNS: Final = 16
# Of an article, at most: of its text, its lead, its headline and its runs.
KEYS: Final = BANDS + LEAD_BANDS + 1 + RUNS
# Estimated Jaccard of 3-shingles below which whole texts are not worth comparing.
LEAST_SIMILAR: Final = 0.05

U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]

# Fixed for ever: a stored fingerprint must stay comparable. Multipliers are odd, so each is a permutation of 64 bits.
_random = np.random.Generator(np.random.PCG64(20260101))
_MULTIPLY: Final[U64] = _random.integers(0, 2**64, VALUES, dtype=np.uint64) | np.uint64(1)
_ADD: Final[U64] = _random.integers(0, 2**64, VALUES, dtype=np.uint64)
_PLACES: Final[U64] = _random.integers(0, 2**64, SHINGLE, dtype=np.uint64) | np.uint64(1)
_RUN_PLACES: Final[U64] = _random.integers(0, 2**64, RUN, dtype=np.uint64) | np.uint64(1)
_FIRST_LEAD: Final = 64  # the leads' bands are numbered apart from the texts'
_SAMPLE: Final = np.uint64(40)
_BAND_MULTIPLY: Final = np.uint64(0x9E3779B97F4A7C15)
_SHIFT: Final = np.uint64(32)
_HIGHEST: Final = np.uint64(2**64 - 1)


@lru_cache(maxsize=100_000)
def word_hash(word: str) -> int:
    """64 bits that are the same on every machine and in every run."""
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little")


def fingerprint(title: str, text: str) -> Fingerprint:
    """The fingerprint of an article. The title is not in the MinHash: outlets rewrite it."""
    body, heading = words(text), words(title)
    hashes = np.fromiter(map(word_hash, body), dtype=np.uint64, count=len(body))
    whole, lead = _minhashes(hashes)
    content = sha256(f"{' '.join(heading)}\n{' '.join(body)}".encode()).hexdigest()
    return Fingerprint(
        minhash=whole.tobytes(),
        bands=(
            *_band_keys(whole, BANDS, 0),
            *_band_keys(lead, LEAD_BANDS, _FIRST_LEAD),
            _headline_key(heading, content),
            *_run_keys(hashes),
        ),
        content_hash=content,
        shingles=max(len(body) - SHINGLE + 1, 1 if body else 0),
    )


def _minhashes(hashes: U64) -> tuple[U32, U32]:
    """Of the whole text and of its lead, 96 values of 32 bits. A text shorter than one shingle counts as one; an empty
    one has all bits set."""
    if not len(hashes):
        nothing = np.full(VALUES, 0xFFFFFFFF, dtype="<u4")
        return nothing, nothing
    if len(hashes) < SHINGLE:
        hashes = np.pad(hashes, (0, SHINGLE - len(hashes)))
    permuted = _rolled(hashes, _PLACES)[:, None] * _MULTIPLY + _ADD
    lead = permuted[: LEAD_WORDS - SHINGLE + 1].min(axis=0)
    whole = np.minimum(lead, permuted[LEAD_WORDS - SHINGLE + 1 :].min(axis=0, initial=_HIGHEST))
    return (whole >> _SHIFT).astype("<u4"), (lead >> _SHIFT).astype("<u4")


def _rolled(hashes: U64, places: U64) -> U64:
    """A hash for each row of as many words as there are places."""
    count = len(hashes) - len(places) + 1
    rows = sum((hashes[at : at + count] * place for at, place in enumerate(places)), np.zeros(count, np.uint64))
    rows ^= rows >> _SHIFT
    return rows


def _band_keys(values: U32, count: int, first: int) -> tuple[int, ...]:
    """A key for each band, signed as SQLite stores integers; the band's number, from `first`, is mixed in."""
    rows = values[: count * ROWS].astype(np.uint64).reshape(count, ROWS)
    keys = ((rows[:, 0] << _SHIFT | rows[:, 1]) + np.arange(first, first + count, dtype=np.uint64)) * _BAND_MULTIPLY
    return tuple(keys.view(np.int64).tolist())


def _headline_key(heading: list[str], content: str) -> int:
    """Of what the words of a headline are like, in any order; where it says too little, of the very words alone."""
    telling = {one.form for one in map(likeness, heading) if one.telling}
    told = " ".join(sorted(telling)) if len(telling) >= HEADLINE else content
    return int.from_bytes(blake2b(told.encode(), digest_size=8).digest(), "little", signed=True)


def _run_keys(hashes: U64) -> tuple[int, ...]:
    """The lowest of those whose hash has them sampled."""
    if len(hashes) < RUN:
        return ()
    runs = _rolled(hashes, _RUN_PLACES) * _BAND_MULTIPLY
    sampled = np.unique(runs[(runs >> _SAMPLE) % SAMPLED == 0])
    return tuple(sampled[:RUNS].view(np.int64).tolist())


def resemble(mine: Fingerprint, minhash: bytes, bands: Iterable[int]) -> bool:
    """Whether two texts are worth comparing word by word: alike as a whole, or in their leads or headlines."""
    if similarity(mine.minhash, minhash) >= LEAST_SIMILAR:
        return True
    return not frozenset(mine.bands[BANDS : BANDS + LEAD_BANDS + 1]).isdisjoint(bands)


def similarity(one: bytes, other: bytes) -> float:
    """The estimated Jaccard similarity of two texts' shingles, in steps of 1/96."""
    return float(np.count_nonzero(np.frombuffer(one, "<u4") == np.frombuffer(other, "<u4"))) / VALUES
