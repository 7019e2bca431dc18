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
from index.queries.terms import Groups, alternatives
from news.analysis import FIELDS, Field, charfilter, terms_of, tokenizer

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


def patterns(query: Query, *, exact: bool = False, own: Groups = ()) -> list[list[Pattern]]:
    """What to mark: for each part of the query the ways in which it may stand in a text. `own`: synonyms besides those
    that ship."""
    field: Field = "exact" if exact else "stem"
    leaves = [leaf for node in query.required for leaf in (node.nodes if isinstance(node, Or) else (node,))]
    return [part for leaf in leaves for part in _parts(leaf, field, own) if part]


def snippet(texts: Sequence[str], wanted: list[list[Pattern]]) -> str:
    """From the first stretch of `texts` with the most parts of the query in it; else the beginning of the first that
    says anything. HTML-escaped, matches between <mark> and </mark>."""
    best: tuple[Stretch, _Words, list[Match]] | None = None
    most = 0
    for stretch in (stretch for text in texts for stretch in _stretches(text) if not stretch.text.isspace()):
        words = _Words(stretch.text)
        found = _matches(words, wanted)
        parts = len({match.part for match in found})
        if parts > most or best is None:
            best, most = (stretch, words, found), parts
        if most == len(wanted) > 0:
            break
    return _passage(*best) if best else ""


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


def _parts(leaf: Leaf, field: Field, own: Groups) -> Iterable[list[Pattern]]:
    if isinstance(leaf, Title):
        return _parts(leaf.node, field, own)
    if isinstance(leaf, Words):
        return [[Pattern(field, terms) for terms in names] for names in alternatives(leaf.text, field, own)]
    if isinstance(leaf, Phrase):
        return [[Pattern(field, terms) for terms in phrase_names(leaf.text, field, own)]]
    if isinstance(leaf, Prefix):
        return [[Pattern(chain, terms, prefix=True) for chain, terms in prefixes(leaf, field)]]
    return []


class _Words:
    """A text's words as terms, and where they stand in it as it is written, marks and clitics within."""

    def __init__(self, text: str) -> None:
        self._filtered = charfilter.apply(text)
        self._words = tokenizer.terms(self._filtered.text)
        self._terms: dict[Field, list[str]] = {}

    def __len__(self) -> int:
        return len(self._words)

    def terms(self, field: Field) -> list[str]:
        if field not in self._terms:
            chain = FIELDS.index(field)
            self._terms[field] = [terms_of(word)[chain] for word in self._words]
        return self._terms[field]

    def spans(self) -> list[tuple[int, int]]:
        """From the filtered text: `original` leads on. Costs more than the terms, and one stretch of many is shown."""
        return [(start, end) for _, start, end in tokenizer.tokens(self._filtered.text)]

    def original(self, offset: int) -> int:
        return self._filtered.original(offset)


def _matches(words: _Words, wanted: list[list[Pattern]]) -> list[Match]:
    found: set[Match] = set()
    for number, part in enumerate(wanted):
        for pattern in part:
            if pattern.terms:
                found.update(_standing(pattern, words.terms(pattern.field), number))
    return sorted(found)


def _standing(pattern: Pattern, terms: Sequence[str], number: int) -> Iterable[Match]:
    *whole, last = pattern.terms
    length = len(pattern.terms)
    if whole:
        starts = _places(whole[0], terms)
    elif pattern.prefix:
        starts = [at for at, term in enumerate(terms) if term.startswith(last)]
    else:
        starts = _places(last, terms)
    for start in starts:
        there = list(terms[start : start + length])
        if there[:-1] == whole and len(there) == length and _same(there[-1], last, pattern.prefix):
            yield Match(start, start + length - 1, number)


def _places(wanted: str, terms: Sequence[str]) -> list[int]:
    return [at for at, term in enumerate(terms) if term == wanted] if wanted in terms else []


def _same(term: str, wanted: str, prefix: bool) -> bool:
    return term.startswith(wanted) if prefix else term == wanted


def _passage(stretch: Stretch, words: _Words, found: list[Match]) -> str:
    text, length = stretch.text, len(words)
    if not length:
        return escape(text[: 8 * WORDS])
    first = _start(found, length)
    last = min(first + WORDS, length) - 1
    spans = [(words.original(start), words.original(end)) for start, end in words.spans()[first : last + 1]]
    start = 0 if first == 0 else spans[0][0]
    end = len(text) if last == length - 1 else spans[-1][1]
    marked = sorted({at for match in found for at in range(match.first, match.last + 1) if first <= at <= last})
    pieces: list[str] = []
    at = start
    for from_, to in (spans[position - first] for position in marked):
        pieces += (escape(text[at:from_]), f"<mark>{escape(text[from_:to])}</mark>")
        at = to
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
