"""A query's words as the terms of one field, names for the same thing beside each other."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from news import wordlists
from news.analysis import Field, analyse

Alternatives = tuple[tuple[str, ...], ...]
"""Sequences of terms of which any one will do: a word, and other names for it."""

Groups = tuple[tuple[str, ...], ...]
"""Names for the same thing, group by group, as people write them."""


class _Names(NamedTuple):
    """Each name's terms to those of its group, and how many terms the longest name has."""

    groups: dict[tuple[str, ...], Alternatives]
    longest: int


def sequence(text: str, field: Field) -> tuple[str, ...]:
    return tuple(token.term for token in analyse(text, field))


def alternatives(text: str, field: Field, own: Groups = ()) -> list[Alternatives]:
    """The terms of `text` in order; where a name with synonyms stands, all its names. `exact` knows no synonyms.

    `own` are groups besides those that ship.
    """
    terms = sequence(text, field)
    names = _Names({}, 0) if field == "exact" else _names(field, own)
    found: list[Alternatives] = []
    at = 0
    while at < len(terms):
        name = _longest(terms, at, names)
        found.append(names.groups[name] if name else ((terms[at],),))
        at += len(name) or 1
    return found


def _longest(terms: Sequence[str], at: int, names: _Names) -> tuple[str, ...]:
    for length in range(min(names.longest, len(terms) - at), 0, -1):
        name = tuple(terms[at : at + length])
        if name in names.groups:
            return name
    return ()


@lru_cache(maxsize=8)
def _names(field: Field, own: Groups) -> _Names:
    """A name of two groups joins them."""
    groups: dict[tuple[str, ...], Alternatives] = {}
    for names in (*wordlists.synonyms(), *own):
        written = [terms for name in names if (terms := sequence(name, field))]
        group = tuple(dict.fromkeys([*written, *(other for name in written for other in groups.get(name, ()))]))
        groups.update(dict.fromkeys(group, group))
    return _Names(groups, max(map(len, groups), default=0))
