"""A text as it is compared with others: its words, what they are like, its shingles and its numbers in their places."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

from news.arabic import words
from news.copies.fingerprints import word_hash
from news.copies.likeness import is_number, likeness

# Beyond these words a text is compared no further: reports of that length differ early or not at all.
LONGEST: Final = 1500

Context = tuple[str, ...]
Run = tuple[str, ...]
Forms = tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Wording:
    """What is looked at first: most candidates share too little of it."""

    title: tuple[str, ...]
    body: tuple[str, ...]
    shingles: frozenset[int]


@dataclass(frozen=True, slots=True, eq=False)
class Portrait:
    """`like` runs beside `body`. `met`: all that any word of title and body may be like. `telling`: of each word that
    can tell an event all that it may be like, and beside it in `hashes` its `word_hash`. `subject`: those of the title
    that the body comes back to. `numbers`: runs of numbers by the two words before them, and by the two behind."""

    title: tuple[str, ...]
    body: tuple[str, ...]
    like: tuple[str, ...]
    title_like: frozenset[str]
    met: frozenset[str]
    telling: tuple[Forms, ...]
    hashes: NDArray[np.uint64]
    subject: frozenset[str]
    numbers: dict[Context, frozenset[Run]]

    def lacks(self, word: str) -> bool:
        return self.met.isdisjoint(likeness(word).forms)

    def lacks_of(self, headline: Sequence[str]) -> float:
        """The share of a headline's telling words that title and body lack."""
        telling = [word for word in headline if likeness(word).telling]
        return sum(map(self.lacks, telling)) / max(1, len(telling))


@lru_cache(maxsize=512)
def wording(title: str, text: str) -> Wording:
    body = tuple(words(text)[:LONGEST])
    # Of their hashes: a few hundred tuples for each text would cost the garbage collector more than the comparison.
    shingles = frozenset(map(hash, zip(body, body[1:], body[2:], strict=False)))
    return Wording(tuple(words(title)), body, shingles or frozenset((hash(body),)))


@lru_cache(maxsize=512)
def portrait(title: str, text: str) -> Portrait:
    told = wording(title, text)
    heading, body = told.title, told.body
    known = {word: likeness(word) for word in dict.fromkeys((*body, *heading))}
    like = tuple([known[word].form for word in body])
    in_body = frozenset(like)
    telling = {one.form: word for word, one in known.items() if one.telling}
    return Portrait(
        title=heading,
        body=body,
        like=like,
        title_like=frozenset(known[word].form for word in heading),
        met=frozenset().union(*(one.forms for one in known.values())),
        telling=tuple([known[word].forms for word in telling.values()]),
        hashes=np.fromiter(map(word_hash, telling.values()), dtype=np.uint64, count=len(telling)),
        subject=frozenset(word for word in heading if known[word].telling and known[word].form in in_body),
        numbers=_numbers(body, like, known),
    )


def shared_shingles(one: Wording, other: Wording) -> tuple[float, float]:
    """The Jaccard similarity that MinHash estimates, and the share of the shorter text that the longer one has."""
    shared = len(one.shingles & other.shingles)
    sizes = len(one.shingles), len(other.shingles)
    return shared / (sum(sizes) - shared), shared / min(sizes)


def shared_words(one: Portrait, other: Portrait) -> float:
    """Of the different words of the shorter text, the share that the longer one has."""
    mine, theirs = frozenset(one.body), frozenset(other.body)
    return len(mine & theirs) / max(1, min(len(mine), len(theirs)))


def _numbers(body: Sequence[str], like: Sequence[str], known: Iterable[str]) -> dict[Context, frozenset[Run]]:
    numbers = frozenset(filter(is_number, known))
    found: dict[Context, set[Run]] = {}
    for start, end in _runs([at for at, word in enumerate(body) if word in numbers]):
        run = tuple(like[start:end])
        if start >= 2:
            found.setdefault(("after", *like[start - 2 : start]), set()).add(run)
        if end + 2 <= len(like):
            found.setdefault(("before", *like[end : end + 2]), set()).add(run)
    return {context: frozenset(runs) for context, runs in found.items()}


def _runs(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Half-open stretches of neighbours."""
    for _, group in groupby(enumerate(places), key=lambda pair: pair[1] - pair[0]):
        run = [place for _, place in group]
        yield run[0], run[-1] + 1
