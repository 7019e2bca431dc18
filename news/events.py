"""What tells one event from another when the words are the same: the countries, numbers and names of title and lead.

Template news («القيادة تهنئ رئيس …», prices, weather, results) shares its words and differs in these.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from news.arabic import words

LEAD_WORDS: Final = 40

# و and ف, then ب ل ك, then the article: what stands before a country's name or a number word.
_PREFIXES = re.compile("^(?:[وف]?(?:[بك]?ال|لل)|[وف]?[بلك]|[وف])(?=..)")

_UNITS = "واحد اثنان ثلاث اربع خمس ست سبع ثمان تسع عشر".split()
_NUMBER_WORDS: Final[Mapping[str, str]] = {
    **{f"{word}{ending}": str(number) for number, word in enumerate(_UNITS, 1) for ending in ("", "ه")},
    "ثمانيه": "8", "ثماني": "8", "اثنين": "2", "مءه": "100", "ماءه": "100", "مءتين": "200", "الف": "1000",
    **{f"{tens}{ending}": str(number) for number, tens in zip(range(20, 100, 10),
       "عشر ثلاث اربع خمس ست سبع ثمان تسع".split(), strict=True) for ending in ("ون", "ين")},
}  # fmt: skip

_MONTHS: Final = (
    "يناير جانفي", "فبراير فيفري شباط", "مارس اذار", "ابريل افريل نيسان", "مايو ماي ايار", "يونيو يونيه جوان حزيران",
    "يوليو يوليه جويليه يوليوز تموز", "اغسطس اوت غشت اب", "سبتمبر شتنبر ايلول", "اكتوبر", "نوفمبر نونبر", "ديسمبر دجنبر",
)  # fmt: skip
_MONTH_OF: Final = {name: names.split()[0] for names in _MONTHS for name in names.split()}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a headline and its lead name: countries and months by the first form in their list, numbers as digits."""

    countries: frozenset[str]
    title_countries: frozenset[str]
    numbers: frozenset[str]
    title_numbers: frozenset[str]
    months: frozenset[str]
    title_months: frozenset[str]


@lru_cache(maxsize=4096)
def facts(title: str, text: str) -> Facts:
    """`text` may be the whole body: only its first words are looked at."""
    heading = words(title)
    lead = words(text[: LEAD_WORDS * 12])[:LEAD_WORDS]
    title_countries, title_numbers = frozenset(_countries(heading)), frozenset(_numbers(heading))
    title_months = frozenset(_months(heading))
    return Facts(
        countries=title_countries | frozenset(_countries(lead)),
        title_countries=title_countries,
        numbers=title_numbers | frozenset(_numbers(lead)),
        title_numbers=title_numbers,
        months=title_months | frozenset(_months(lead)),
        title_months=title_months,
    )


def contradiction(one: Facts, other: Facts) -> str | None:
    """In what two articles name different things, in words; None where neither denies the other.

    A rewritten headline may leave a country or a number out; it does not put another in its place. So what one title
    has alone counts only where the other title, too, has something alone that the first article's lead lacks.
    """
    for what, mine, theirs, all_mine, all_theirs in (
        ("countries", one.title_countries, other.title_countries, one.countries, other.countries),
        ("numbers", one.title_numbers, other.title_numbers, one.numbers, other.numbers),
        ("months", one.title_months, other.title_months, one.months, other.months),
    ):
        only_mine, only_theirs = mine - all_theirs, theirs - all_mine
        if only_mine and only_theirs:
            return f"different {what}: {'، '.join(sorted(only_mine))} / {'، '.join(sorted(only_theirs))}"
    return None


def _countries(heading: list[str]) -> Iterator[str]:
    forms = _forms()
    for word in heading:
        if found := forms.get(word) or forms.get(_PREFIXES.sub("", word, count=1)):
            yield found


def _numbers(heading: list[str]) -> Iterator[str]:
    for word in heading:
        if word.isdigit():
            yield word.lstrip("0") or "0"
        elif number := _NUMBER_WORDS.get(word):
            yield number


def _months(heading: list[str]) -> Iterator[str]:
    for word in heading:
        if month := _MONTH_OF.get(word) or _MONTH_OF.get(_PREFIXES.sub("", word, count=1)):
            yield month


@cache
def _forms() -> dict[str, str]:
    lines = files("news").joinpath("words/dup_countries.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    return {form: row[0] for row in rows for form in row}
