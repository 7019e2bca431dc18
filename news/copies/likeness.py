"""What two outlets' spellings of one word have in common, and whether a word can tell one event from another.

Coarser than a search stem: names from abroad are written with ever other vowels and with غ, ج, ق or ك for one sound.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final, NamedTuple

from news import wordlists

# و and ف, then ب ل ك, then the article: what stands before a noun.
# «لـالبرازيل», as a page writes that puts a name behind a fixed «لـ», is «للبرازيل».
_PREFIXES = re.compile("^(?:[وف]?(?:[بكل]?ال|لل)|[وف]?[بلك]|[وف])(?=..)")
_ARTICLE = re.compile("^[وف]?(?:[بكل]?ال|لل)(?=..)")
_SUFFIXES = re.compile("(?<=...)(?:هما|ها|هم|ين|ون|ان|ات|يه|ته|ه|ي|ا|ت)$")
_VOWELS = re.compile("(?<=.)[اويء]")
_SOUNDS = str.maketrans("غجقصطضظذزث", "كككستدددسس")
_SHORTEST: Final = 3

_UNITS = ["واحد", "اثنان", "ثلاث", "اربع", "خمس", "ست", "سبع", "ثمان", "تسع", "عشر"]
_ORDINALS: Final = (
    "اول اولي", "ثاني ثانيه", "ثالث ثالثه", "رابع رابعه", "خامس خامسه", "سادس سادسه", "سابع سابعه", "ثامن ثامنه",
    "تاسع تاسعه", "عاشر عاشره",
)  # fmt: skip
_NUMBERS: Final[Mapping[str, str]] = {
    **{f"{word}{ending}": str(number) for number, word in enumerate(_UNITS, 1) for ending in ("", "ه")},
    **{f"{prefix}{form}": str(number) for number, forms in enumerate(_ORDINALS, 1) for form in forms.split()
       for prefix in ("", "ال", "وال", "بال", "لل")},
    "ثمانيه": "8", "ثماني": "8", "اثنين": "2", "مءه": "100", "ماءه": "100", "مءتين": "200", "الف": "1000",
    **{f"{tens}{ending}": str(number) for number, tens in zip(range(20, 100, 10),
       ["عشر", "ثلاث", "اربع", "خمس", "ست", "سبع", "ثمان", "تسع"], strict=True) for ending in ("ون", "ين")},
}  # fmt: skip
_MONTHS: Final = (
    "يناير جانفي", "فبراير فيفري شباط", "مارس اذار", "ابريل افريل نيسان", "مايو ماي ايار", "يونيو يونيه جوان حزيران",
    "يوليو يوليه جويليه يوليوز تموز", "اغسطس اوت غشت اب", "سبتمبر شتنبر ايلول", "اكتوبر", "نوفمبر نونبر",
    "ديسمبر دجنبر", "محرم", "صفر", "رمضان", "شوال", "شعبان", "رجب",
)  # fmt: skip


class Likeness(NamedTuple):
    """`form` is the same for a word's spellings, its inflections, a country's names and people, a number's digits and
    word; `forms` all that another spelling may come to; `telling`: it may name who, what or where."""

    form: str
    forms: tuple[str, ...]
    telling: bool


@lru_cache(maxsize=200_000)
def likeness(word: str) -> Likeness:
    if known := (word.lstrip("0") or "0") if word.isdigit() else place(word) or month(word):
        return Likeness(known, (known,), True)
    if number := _NUMBERS.get(word):
        return Likeness(number, (number,), word not in _common())
    bare = without_prefix(word)
    form, whole, written = (_sounds(one) for one in (_SUFFIXES.sub("", bare), bare, word))
    return Likeness(form, tuple({form, whole, written}), _is_telling(word, bare))


def _sounds(word: str) -> str:
    consonants = _VOWELS.sub("", word)
    return (consonants if len(consonants) >= _SHORTEST else word).translate(_SOUNDS)


def _is_telling(word: str, bare: str) -> bool:
    """No word of the common list in any of its forms. The endings of a foreign name look like a plural's."""
    forms = {word, bare, _ARTICLE.sub("", word), _SUFFIXES.sub("", bare)}
    return len(bare) >= _SHORTEST and forms.isdisjoint(_common())


def is_number(word: str) -> bool:
    return word.isdigit() or word in _NUMBERS


def place(word: str) -> str | None:
    """The country or city that the word names, by its first form in the list."""
    places = _places()
    return places.get(word) or places.get(without_prefix(word)) or places.get(_ARTICLE.sub("", word))


def month(word: str) -> str | None:
    months = _months()
    return months.get(word) or months.get(without_prefix(word))


def without_prefix(word: str) -> str:
    return _PREFIXES.sub("", word, count=1) if len(word) > _SHORTEST else word


@cache
def _months() -> dict[str, str]:
    return {name: names.split()[0] for names in _MONTHS for name in names.split()}


@cache
def _common() -> frozenset[str]:
    return frozenset(wordlists.entries("dup_common.txt"))


@cache
def _places() -> dict[str, str]:
    rows = (line.split() for name in ("dup_cities.txt", "dup_countries.txt") for line in wordlists.lines(name))
    return {form: row[0] for row in rows for form in row}
