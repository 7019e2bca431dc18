"""A query's words as the terms of one field, names for the same thing beside each other."""

from collections.abc import Sequence
from functools import cache

from news import wordlists
from news.analysis import Field, analyse

Alternatives = tuple[tuple[str, ...], ...]
"""Sequences of terms of which any one will do: a word, and other names for it."""


def sequence(text: str, field: Field) -> tuple[str, ...]:
    return tuple(token.term for token in analyse(text, field))


def alternatives(text: str, field: Field) -> list[Alternatives]:
    """The terms of `text` in order; where a name with synonyms stands, all its names. `exact` knows no synonyms."""
    terms = sequence(text, field)
    groups = {} if field == "exact" else _groups(field)
    found: list[Alternatives] = []
    at = 0
    while at < len(terms):
        name = _longest(terms, at, groups)
        found.append(groups[name] if name else ((terms[at],),))
        at += len(name) or 1
    return found


def _longest(terms: Sequence[str], at: int, groups: dict[tuple[str, ...], Alternatives]) -> tuple[str, ...]:
    for length in range(min(4, len(terms) - at), 0, -1):
        name = tuple(terms[at : at + length])
        if name in groups:
            return name
    return ()


@cache
def _groups(field: Field) -> dict[tuple[str, ...], Alternatives]:
    """Each name's terms to those of its group. A name of two groups joins them."""
    groups: dict[tuple[str, ...], Alternatives] = {}
    for names in wordlists.synonyms():
        own = [sequence(name, field) for name in names]
        group = tuple(dict.fromkeys([*own, *(other for name in own for other in groups.get(name, ()))]))
        groups.update(dict.fromkeys(group, group))
    return groups
