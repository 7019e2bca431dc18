"""The passage of a document that shows best why it was found, with the matches marked.

Matches are found by analysing the text again, so that they are the same letters whichever back end found the document:
the whole word as it is written, clitics and marks included.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final, NamedTuple

from index.embedded.fts import phrase_names, prefixes
from index.queries import Leaf, Or, Phrase, Prefix, Query, Title, Words
from index.queries.terms import alternatives
from news.analysis import Field, Token, analyse

WORDS: Final = 30
STRETCH: Final = 400  # Characters; some two passages.
_BEFORE: Final = 6  # Words shown before the first match, to read it in its sentence.


@dataclass(frozen=True, slots=True)
class Pattern:
    """Terms of one chain in a row; the last may be a beginning only."""

    field: Field
    terms: tuple[str, ...]
    prefix: bool = False


class Match(NamedTuple):
    """Tokens `first` to `last` (inclusive) are the query's part number `part`."""

    first: int
    last: int
    part: int


def patterns(query: Query, *, exact: bool = False) -> list[list[Pattern]]:
    """What to mark: for each part of the query the ways in which it may stand in a text."""
    field: Field = "exact" if exact else "stem"
    leaves = [leaf for node in query.required for leaf in (node.nodes if isinstance(node, Or) else (node,))]
    return [part for leaf in leaves for part in _parts(leaf, field) if part]


def snippet(texts: Sequence[str], wanted: list[list[Pattern]]) -> str:
    """From the first stretch of `texts` with the most parts of the query in it; else the beginning of the first that
    says anything. HTML-escaped, matches between <mark> and </mark>."""
    best = ""
    most = 0
    for stretch in (stretch for text in texts for stretch in _stretches(text)):
        tokens = {field: analyse(stretch.text, field) for field in _fields(wanted)}
        found = _matches(tokens, wanted)
        parts = len({match.part for match in found})
        if parts > most or not best:
            most = parts
            best = _passage(stretch, next(iter(tokens.values())), found)
        if most == len(wanted) > 0:
            break
    return best


class Stretch(NamedTuple):
    """Some paragraphs of a text; whether more of it comes before and after."""

    text: str
    follows: bool
    goes_on: bool


def _stretches(text: str) -> Iterable[Stretch]:
    """A text paragraph by paragraph, short ones together with the next: most matches stand near the beginning, and
    what comes after them need not be analysed."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + STRETCH)
        end = len(text) if end < 0 else end
        yield Stretch(text[start:end], start > 0, end < len(text))
        start = end + 1


def _fields(wanted: list[list[Pattern]]) -> set[Field]:
    return {pattern.field for part in wanted for pattern in part} or {"exact"}


def _parts(leaf: Leaf, field: Field) -> Iterable[list[Pattern]]:
    if isinstance(leaf, Title):
        return _parts(leaf.node, field)
    if isinstance(leaf, Words):
        return [[Pattern(field, terms) for terms in names] for names in alternatives(leaf.text, field)]
    if isinstance(leaf, Phrase):
        return [[Pattern(field, terms) for terms in phrase_names(leaf.text, field)]]
    if isinstance(leaf, Prefix):
        return [[Pattern(chain, terms, prefix=True) for chain, terms in prefixes(leaf, field)]]
    return []


def _matches(tokens: dict[Field, list[Token]], wanted: list[list[Pattern]]) -> list[Match]:
    found: set[Match] = set()
    for field, text in tokens.items():
        places: dict[str, list[int]] = {}
        for token in text:
            places.setdefault(token.term, []).append(token.position)
        for number, part in enumerate(wanted):
            for pattern in part:
                if pattern.field == field and pattern.terms:
                    found.update(_standing(pattern, text, places, number))
    return sorted(found)


def _standing(pattern: Pattern, text: list[Token], places: dict[str, list[int]], number: int) -> Iterable[Match]:
    *whole, last = pattern.terms
    length = len(pattern.terms)
    if whole:
        starts = places.get(whole[0], [])
    elif pattern.prefix:
        starts = [at for term, ats in places.items() if term.startswith(last) for at in ats]
    else:
        starts = places.get(last, [])
    for start in starts:
        there = [token.term for token in text[start : start + length]]
        if there[:-1] == whole and len(there) == length and _same(there[-1], last, pattern.prefix):
            yield Match(start, start + length - 1, number)


def _same(term: str, wanted: str, prefix: bool) -> bool:
    return term.startswith(wanted) if prefix else term == wanted


def _passage(stretch: Stretch, tokens: list[Token], found: list[Match]) -> str:
    text = stretch.text
    if not tokens:
        return escape(text[: 8 * WORDS])
    first = _start(found, len(tokens))
    last = min(first + WORDS, len(tokens)) - 1
    start = 0 if first == 0 else tokens[first].start
    end = len(text) if last == len(tokens) - 1 else tokens[last].end
    marked = sorted({at for match in found for at in range(match.first, match.last + 1) if first <= at <= last})
    pieces: list[str] = []
    at = start
    for token in (tokens[position] for position in marked):
        pieces += (escape(text[at : token.start]), f"<mark>{escape(text[token.start : token.end])}</mark>")
        at = token.end
    pieces.append(escape(text[at:end]))
    shown = " ".join("".join(pieces).split())
    before, after = start or stretch.follows, end < len(text) or stretch.goes_on
    return f"{'… ' if before else ''}{shown}{' …' if after else ''}"


def _start(found: list[Match], length: int) -> int:
    """Where to begin so that most parts of the query are seen, then most matches, then as early as may be."""
    best, start = (0, 0), 0
    for number, match in enumerate(found):
        window = [other for other in found[number:] if other.last < match.first + WORDS - _BEFORE]
        shown = (len({other.part for other in window}), len(window))
        if shown > best:
            best, start = shown, match.first - _BEFORE
    return max(0, min(start, length - WORDS))
