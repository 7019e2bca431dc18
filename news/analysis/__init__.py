"""The analysis chain: text to terms, the same for documents and queries, for the embedded index and for a node.

char filters (`charfilter`) → standard tokenizer (`tokenizer`) → token filters (`stemming`).
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Literal, NamedTuple

from news.analysis import charfilter, stemming, tokenizer
from news.analysis.rules import normalise

VERSION = 4
"""Of the chain and its lists: an index built by another version has to be built again."""

Field = Literal["light", "stem", "exact"]
FIELDS: tuple[Field, ...] = ("exact", "light", "stem")


class Token(NamedTuple):
    """`start` and `end` are offsets in the text as it was given, marks and clitics within."""

    term: str
    start: int
    end: int
    position: int


class Terms(NamedTuple):
    """The three terms of one token."""

    exact: str
    light: str
    stem: str


def analyse(text: str, field: Field) -> list[Token]:
    chosen = FIELDS.index(field)
    filtered = charfilter.apply(text)
    original: Callable[[int], int] = filtered.original
    return [
        Token(terms_of(token)[chosen], original(start), original(end), position)
        for position, (token, start, end) in enumerate(tokenizer.tokens(filtered.text))
    ]


def analyse_all(text: str) -> list[Terms]:
    """All three terms of each token in order: what an index needs."""
    return list(map(terms_of, tokenizer.terms(charfilter.apply(text).text)))


@lru_cache(maxsize=1 << 16)
def terms_of(token: str) -> Terms:
    """Bounded: the words of the press repeat, and the chain costs fifty times what the cache does."""
    normalised = normalise(token)
    light = stemming.light(normalised)
    exact = stemming.exact(token) if token[-1] == "ى" else normalised
    return Terms(exact, light, stemming.stem(light))
