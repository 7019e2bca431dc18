"""Queries in the language of SQLite's FTS5, over the columns that `index.embedded.generations` fills.

Each text has three columns, one for each chain's terms; `facets` holds the source, day and month as terms, and the
first three letters of each word: FTS5 puts together all words that begin alike at each search, and those begin many.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import singledispatch
from hashlib import sha256
from itertools import product
from math import prod
from typing import Final

from index.queries import Leaf, Or, Phrase, Prefix, Query, Source, Title, Words
from index.queries.terms import Alternatives, Groups, alternatives, sequence
from news.analysis import FIELDS, Field

TEXTS: Final = ("title", "summary", "text")
COLUMNS: Final = (*(f"{text}_{field}" for text in TEXTS for field in FIELDS), "facets")
# Terms hold no other ASCII signs; whatever lies above ASCII is a letter to this tokenizer anyhow.
TOKENIZER: Final = "ascii tokenchars '.,:;_'''"
_BEGINNING: Final = 3  # letters
_MOST_PHRASES = 32  # A phrase with several names in it is all their combinations; beyond these, only as written.


class Beginning(Prefix):
    """So few letters that they are terms by themselves."""

    __slots__ = ()


def beginnings(columns: Sequence[str]) -> list[str]:
    """The terms for the first letters of all words. `columns`: each text's, in the order of `COLUMNS`."""
    told = [words for column, words in zip(COLUMNS, columns, strict=False) if column.endswith(("_exact", "_light"))]
    return sorted({f"b{word[:_BEGINNING]}" for words in told for word in words.split() if len(word) > 1})


def quick(query: Query) -> Query:
    """The same documents, found sooner, but none of them worth more than another."""
    required = [Or(tuple(map(_quick, node.nodes))) if isinstance(node, Or) else _quick(node) for node in query.required]
    return Query(tuple(required), tuple(map(_quick, query.excluded)))


def _quick(node: Leaf) -> Leaf:
    """Where both chains look for the same letters."""
    if isinstance(node, Prefix):
        exact, light = (terms for _, terms in prefixes(node, "light"))
        if exact == light and len(exact) == 1 and len(exact[0]) <= _BEGINNING:
            return Beginning(exact[0])
    return node


def source_term(source: str) -> str:
    """Hashed: imported sources may have any name."""
    return f"s{sha256(source.encode()).hexdigest()[:16]}"


def date_terms(at: datetime) -> str:
    """The day and the month."""
    return f"{_day(at)} {_month(at)}"


def range_terms(first: datetime, last: datetime) -> list[str]:
    """The days and, where they are whole, the months that cover a range: a common word's hits of all other days are
    never looked at."""
    terms: list[str] = []
    day = first.replace(hour=0, minute=0, second=0, microsecond=0)
    while day <= last:
        following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        whole = day.day == 1 and following <= last
        terms.append(_month(day) if whole else _day(day))
        day = following if whole else day + timedelta(days=1)
    return terms


def _day(at: datetime) -> str:
    return f"d{at:%Y%m%d}"


def _month(at: datetime) -> str:
    return f"m{at:%Y%m}"


def expression(
    query: Query, field: Field, facets: Iterable[str] = (), *, any_word: bool = False, own: Groups = ()
) -> str | None:
    """None when no word is left to look for. `facets`: of each string's terms one has to be there. `own`: synonyms
    besides those that ship."""
    nodes = [(node, _node(node, field, any_word, own)) for node in query.required]
    words = [part for node, part in nodes if part and not isinstance(node, Source)]
    filters = [part for node, part in nodes if isinstance(node, Source)] + list(map(_facet, facets))
    if not words and not any(isinstance(node, Source) for node, _ in nodes):
        return None
    wanted = [f"({(' OR ' if any_word else ' AND ').join(words)})"] if words else []
    found = " AND ".join(wanted + filters)
    left_out = [part for node in query.excluded if (part := _node(node, field, False, own))]
    return f"({found}) NOT ({' OR '.join(left_out)})" if left_out else found


def phrase_names(text: str, field: Field, own: Groups = ()) -> list[tuple[str, ...]]:
    """All ways to write a phrase: with each name in it by each of its names."""
    names = alternatives(text, field, own)
    if prod(map(len, names)) > _MOST_PHRASES:
        return [sequence(text, field)]
    return [tuple(term for name in one for term in name) for one in product(*names)] if names else []


def _node(node: Leaf | Or, field: Field, any_word: bool, own: Groups) -> str:
    if not isinstance(node, Or):
        return _leaf(node, field, any_word, TEXTS, own)
    parts = [part for leaf in node.nodes if (part := _leaf(leaf, field, False, TEXTS, own))]
    return f"({' OR '.join(parts)})" if parts else ""


@singledispatch
def _leaf(node: Leaf, field: Field, any_word: bool, texts: Iterable[str], own: Groups) -> str:
    raise TypeError(f"no part of a query: {node!r}")


@_leaf.register
def _(node: Words, field: Field, any_word: bool, texts: Iterable[str], own: Groups) -> str:
    parts = [_any(names, field, texts) for names in alternatives(node.text, field, own)]
    return f"({(' OR ' if any_word else ' AND ').join(parts)})" if parts else ""


@_leaf.register
def _(node: Phrase, field: Field, any_word: bool, texts: Iterable[str], own: Groups) -> str:
    names = phrase_names(node.text, field, own)
    return _any(tuple(names), field, texts) if names else ""


@_leaf.register
def _(node: Prefix, field: Field, any_word: bool, texts: Iterable[str], own: Groups) -> str:
    """Beginnings have no stem: they are looked for as written and, but for `exact`, behind article and clitics."""
    chains: dict[tuple[str, ...], list[Field]] = {}
    for chain, terms in prefixes(node, field):
        chains.setdefault(terms, []).append(chain)
    parts = [_in(f"{_quoted(terms)} *", fields, texts) for terms, fields in chains.items() if terms]
    return f"({' OR '.join(parts)})" if parts else ""


@_leaf.register
def _(node: Beginning, field: Field, any_word: bool, texts: Iterable[str], own: Groups) -> str:
    return f"facets : ({_quoted([f'b{node.text}'])}{'' if len(node.text) == _BEGINNING else ' *'})"


@_leaf.register
def _(node: Title, field: Field, any_word: bool, texts: Iterable[str], own: Groups) -> str:
    return _leaf(node.node, field, any_word, ("title",), own)


@_leaf.register
def _(node: Source, field: Field, any_word: bool, texts: Iterable[str], own: Groups) -> str:
    return _facet(source_term(node.id))


def prefixes(node: Prefix, field: Field) -> list[tuple[Field, tuple[str, ...]]]:
    """The chains in which a beginning is looked for, and its terms there."""
    chains: tuple[Field, ...] = ("exact",) if field == "exact" else ("exact", "light")
    return [(chain, sequence(node.text, chain)) for chain in chains]


def _facet(terms: str) -> str:
    return f"facets : ({' OR '.join(_quoted([term]) for term in terms.split())})"


def _any(names: Alternatives, field: Field, texts: Iterable[str]) -> str:
    return _in(" OR ".join(map(_quoted, names)), [field], texts)


def _in(phrases: str, fields: Iterable[Field], texts: Iterable[str]) -> str:
    return f"{{{' '.join(f'{text}_{field}' for field in fields for text in texts)}}} : ({phrases})"


def _quoted(terms: Iterable[str]) -> str:
    return f'"{" ".join(terms)}"'
