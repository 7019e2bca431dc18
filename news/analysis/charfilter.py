"""What is done to the characters before they are cut into tokens: the char filters of the analysis chain.

Each step is a table or a regular expression that a search node takes as it stands (`mapping` and `pattern_replace`
char filters), so that both sides index the same terms. Patterns are written in the dialect that Java and Python share.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from news.arabic import MARKS

# A full stop or colon with Arabic letters on both sides is a lost space, never part of a word.
# (The sign leads the pattern so that the search can jump to it.)
SPLIT = (r"[.:](?<=[\u0621-\u064A][.:])(?=[\u0621-\u064A])", " ")
# Many put a space after «and», which belongs to the next word: قال و أضاف. Left out, so that phrases stay phrases.
LONE = ("(?<![\\p{L}\\p{N}])\u0648(?= +[\u0621-\u064a])", " ")
# Compound names are written with and without the space: عبد الله, أبو مازن.
JOIN = (
    r"(?<![\u0621-\u064A])([\u0648\u0641]?[\u0628\u0643\u0644]?"
    r"(?:\u0639\u0628\u062F(?= +\u0627\u0644[\u0621-\u064A]{2})|[\u0623\u0627]\u0628\u0648(?= +[\u0621-\u064A]{2}))) +",
    "$1",
)
_LETTERS = {
    **dict.fromkeys("ؤئ", "ء"),
    **dict.fromkeys("ٱٲٳ", "ا"),
    **dict.fromkeys("کڪگڭ", "ك"),
    **dict.fromkeys("یېےۍ", "ي"),
    **dict.fromkeys("ھہەۀ", "ه"),
    # Sounds that Arabic has no letter for, as its readers write them otherwise: ڤيروس, پاريس, the Maghreb's ڭ and ڨ.
    **dict.fromkeys("پ", "ب"),
    **dict.fromkeys("ڤڥڢ", "ف"),
    **dict.fromkeys("چژ", "ج"),
    **dict.fromkeys("ڨڧ", "ق"),
    "ۃ": "ة",
    "_": " ",
}
_SEATS = {"و\u0654": "ء", "ي\u0654": "ء", "ى\u0654": "ء", "ا\u0653": "آ", "ا\u0654": "أ", "ا\u0655": "إ"}
_PRESENTATION = (*range(0xFB50, 0xFE00), *range(0xFE70, 0xFEFD))


class Filtered(NamedTuple):
    """Text after the char filters, and what leads from its offsets back to those of the text as it came."""

    text: str
    corrections: tuple["Corrections", ...] = ()

    def original(self, offset: int) -> int:
        for corrections in reversed(self.corrections):
            offset = corrections.apply(offset)
        return offset


class Corrections(NamedTuple):
    """From each of `offsets` on, the text before the filter lay `differences` further (or nearer)."""

    offsets: list[int]
    differences: list[int]

    def apply(self, offset: int) -> int:
        at = bisect_right(self.offsets, offset)
        return offset + self.differences[at - 1] if at else offset


@cache
def mapping() -> dict[str, str]:
    """The rules of `ar_chars`: presentation forms opened, marks and controls dropped, foreign seats made Arabic."""
    dropped = dict.fromkeys(_expand(MARKS), "")
    plain = str.maketrans({**dropped, **_LETTERS})
    opened = {
        chr(code): unicodedata.normalize("NFKC", chr(code)).translate(plain).strip()
        for code in _PRESENTATION
        if unicodedata.normalize("NFKC", chr(code)) != chr(code)
    }
    return {**dropped, **_SEATS, **_LETTERS, **opened}


def apply(text: str) -> Filtered:
    # Chained `replace` beats `translate` fifty to one on Arabic text.
    for letter in "ؤئ":
        text = text.replace(letter, "ء")
    if "_" in text:
        text = text.replace("_", " ")
    corrections = []
    mapped = _mapped(bool(_seat_mark.search(text)))
    if mapped.search(text):
        text, changed = _substitute(mapped, text)
        corrections.append(changed)
    text = _split.sub(SPLIT[1], text)
    if "و " in text:
        text = _lone.sub(LONE[1], text)
    if ("عبد " in text or "بو " in text) and _join.search(text):
        text, changed = _substitute(_join, text)
        corrections.append(changed)
    return Filtered(text, tuple(corrections))


@cache
def _mapped(seats: bool) -> re.Pattern[str]:
    """Everything that `mapping` holds but the letters that `apply` has replaced; the longer rules first, if needed."""
    single = "".join(rule for rule in mapping() if len(rule) == 1 and rule not in "ؤئ_")
    return re.compile("|".join([*(_SEATS if seats else ()), f"[{re.escape(single)}]"]))


_seat_mark = re.compile("[\u0653-\u0655]")
_split = re.compile(SPLIT[0])
_lone = re.compile(LONE[0].replace(r"[\p{L}\p{N}]", r"[^\W_]"))
_join = re.compile(JOIN[0])


def _substitute(pattern: re.Pattern[str], text: str) -> tuple[str, Corrections]:
    """Replaces, and notes the difference of length where Lucene's char filters would note it."""
    corrections = Corrections([], [])
    pieces: list[str] = []
    length = read = shift = 0
    for found in pattern.finditer(text):
        kept = text[read : found.start()]
        new = found[1] if pattern.groups else mapping()[found[0]]
        pieces += (kept, new)
        length += len(kept) + len(new)
        read = found.end()
        for offset, difference in _shifts(length, len(found[0]), len(new), shift):
            corrections.offsets.append(offset)
            corrections.differences.append(difference)
        shift += len(found[0]) - len(new)
    pieces.append(text[read:])
    return "".join(pieces), corrections


def _shifts(end: int, old: int, new: int, shift: int) -> Iterator[tuple[int, int]]:
    """A shorter text shifts what follows at once; a longer one letter by letter, so that no letter is left without one.

    `end` is where the new text ends, `shift` what was shifted before.
    """
    if new < old:
        yield end, shift + old - new
    for extra in range(new - old):
        yield end - (new - old) + extra, shift - extra - 1


def _expand(ranges: str) -> Iterator[str]:
    for first, last in re.findall("(.)(?:-(.))?", ranges, re.DOTALL):
        yield from map(chr, range(ord(first), ord(last or first) + 1))
