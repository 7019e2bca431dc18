"""From a text to tokens: what each stretch of it may mean in a date.

The result is a string of kinds, one letter a token, with values and positions beside it; the letters are those of
`news.dates.words`, and: d a number of one or two digits, y a year, n another number, c a clock, punctuation for itself,
s a dash between blanks, | a strong divider, x anything that has no place in a date.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

from news.dates.calendars import LAST_YEAR
from news.dates.clocks import CLOCK, read_clock
from news.dates.words import COMPOUNDS, LEADS, SHORT_MONTHS, WORDS, Month, Word

# Harakat, tatweel, combining accents, bidi and zero-width marks: no part of any word here.
_MARKS: Final = re.compile(
    "[\u0300-\u036f\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_FOLDS: Final = tuple(
    (letter, plain)
    for plain, letters in {
        "ا": "أإآٱ", "ي": "ىیئ", "ه": "ة", "و": "ؤ", "ك": "ک", "e": "éèê", "u": "ûù", "/": "؍⁄", "-": "−‐‑",
    }.items()
    for letter in letters
)  # fmt: skip
_LEX: Final = re.compile(
    rf"(?P<clock>{CLOCK})|(?P<number>\d+)|(?P<short>[كت][12١٢۱۲](?!\w))|(?P<word>[^\W\d_]+)"
    r"|(?P<divider>[|•·\n])|(?P<dash>\s-\s|[–—])|(?P<mark>[^\w\s]|_)"
)
_PLAIN_MARKS: Final = frozenset("/-.,():+")
_OTHER_MARKS: Final = {"،": ",", "؛": ",", ";": ",", "[": "(", "]": ")", "\\": "/", "…": ","}
_COMMA_CATEGORIES: Final = frozenset({"So", "Co", "Cf", "Pi", "Pf", "Po", "Ps", "Pe", "Pd"})
_UNKNOWN: Final = Word("x")
_TUESDAY: Final = re.compile(r"m(?=[,.]?d[/.\-]d[/.\-]y)")  # a month before a whole date: «mar» is mardi there
_FIRST_YEAR: Final = 1300  # Hijri


class Tokens(NamedTuple):
    kinds: str
    values: list[object]
    starts: list[int]
    ends: list[int]


def fold(text: str) -> tuple[str, list[int] | None]:
    """The text as words are looked up, and for each of its letters the place in the text (None: the same place)."""
    places = None
    if not text.isascii():
        if _MARKS.search(text):
            places = [place for place, letter in enumerate(text) if not _MARKS.match(letter)]
            text = "".join([text[place] for place in places])
        text = text.replace("İ", "I")
        for letter, plain in _FOLDS:
            text = text.replace(letter, plain)
    return text.lower(), places


def _number(text: str) -> tuple[str, object]:
    if len(text) <= 2:
        return "d", int(text)
    if len(text) == 4 and _FIRST_YEAR <= (value := int(text)) <= LAST_YEAR:
        return "y", value
    return "n", int(text[:9])


@lru_cache(maxsize=256)
def _mark(text: str) -> str:
    if text in _PLAIN_MARKS:
        return text
    if text in _OTHER_MARKS:
        return _OTHER_MARKS[text]
    return "," if unicodedata.category(text) in _COMMA_CATEGORIES else "x"


def _token(group: str | None, text: str, match: re.Match[str]) -> tuple[str, object]:
    if group == "number":
        return _number(text)
    if group == "mark":
        return _mark(text), None
    if group == "clock":
        return "c", read_clock(match)
    if group == "short":
        return "m", Month(SHORT_MONTHS[f"{text[0]}{int(text[1])}"])
    return "|" if group == "divider" else "s", None


def lex(text: str) -> Tokens:
    """The tokens of a folded text."""
    kinds: list[str] = []
    values: list[object] = []
    starts: list[int] = []
    ends: list[int] = []
    lead, lead_at = "", 0
    for match in _LEX.finditer(text):
        group, found = match.lastgroup, match[0]
        start, end = match.span()
        kind, value = WORDS.get(found, _UNKNOWN) if group == "word" else _token(group, found, match)
        word = found if group == "word" else str(value) if kind == "d" else ""
        joined = f"{lead} {word}" if lead else word
        if joined in COMPOUNDS:
            kind, value = COMPOUNDS[joined]
            start = starts[lead_at]
            del kinds[lead_at:], values[lead_at:], starts[lead_at:], ends[lead_at:]
        lead, lead_at = _lead(joined, word, lead_at if lead else len(kinds), len(kinds))
        kinds.append(kind)
        values.append(value)
        starts.append(start)
        ends.append(end)
    for match in _TUESDAY.finditer("".join(kinds)) if "mar" in text else ():
        if text[starts[match.start()] : ends[match.start()]] == "mar":
            kinds[match.start()], values[match.start()] = WORDS["mardi"]
    return Tokens("".join(kinds), values, starts, ends)


def _lead(joined: str, word: str, begun_at: int, at: int) -> tuple[str, int]:
    """What a compound may go on from: «اول من», else its last word, else nothing."""
    if joined in LEADS:
        return joined, begun_at
    return (word, at) if word in LEADS else ("", 0)
