"""From a token to its three terms: exact, light (without article, names without clitics) and stem.

Every step is one that a search node has as a token filter: a regular expression (`pattern_replace`), a list of words
(`stemmer_override`, which also marks a word as finished) or Lucene's own light stemmer. The order of the chain:

    exact   lowercase → decimal_digit → [على kept apart from علي] → arabic_normalization
    light   lowercase → decimal_digit → arabic_normalization → KEEP_ARTICLE → ARTICLE → names()
    stem    light → forms() → JOINED (و ف) → forms() → PREPOSITION (ب ل ك) → forms() → RUN → ENDINGS → stemmer "arabic"

Regular expressions do not know of finished words: on a node those after `names()` stand in a `condition` filter.
So light is a function of exact's letters and stem one of light: what meets in light meets in stem.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from news import wordlists
from news.analysis import charfilter

Rule = tuple[str, str]

_HAMZA_L = "ءل"  # How a root's own ال is written in terms, out of reach of ARTICLE.
ARTICLE = (r"^(?:[وف]?(?:[بك])?ال(?:ال)?|[وف]?لل(?:ال)?)(?=\p{L}{3,})", "")
# The preposition على and the name علي are one after Lucene's normalisation; exact keeps them apart by a rare letter.
ON = (r"^([وف]?عل)ى$", "$1ے")
JOINED = (r"^[وف](?=\p{L}{3,})", "")
PREPOSITION = (r"^[بلك](?=\p{L}{3,})", "")
RUN = (r"^[وفبلك]+(?=\p{L}{3,})", "")
ENDINGS = (
    # حكومتها, دولتين: the ة that became ت is ه again (as normalised), for the stemmer to take.
    (r"(?<=\p{L}{2}[\u0621-\u0626\u0628-\u064A])ت(?:هما|هم|ها|ه|ين|ان)$", "ه"),
    (r"(?<=\p{L}ات)(?:هما|هم|ها|ه)$", ""),
    (r"(?<=\p{L}{4})(?:هما|هم)$", ""),
    # The accusative's alef (وزيرا) and the plural of verbs (قالوا).
    (r"(?<=\p{L}{3})(?:وا|ا)$", ""),
)
NAME_PREFIXES = ("", "و", "ف", "ب", "ل", "ك", "وب", "ول")
_PRONOUNS = ("ه", "ها", "هم", "هما", "ا")
_WORD_ENDINGS = (*_PRONOUNS, "ي", "و", "ين", "ان", "ون", "ات", "ت", "وا")
_FEMININE_ENDINGS = ("ته", "تها", "تهم", "تهما", "تي", "تين", "تان", "ات", "اتها", "اته", "اتهم")
_NISBA_ENDINGS = ("", "ه", "ا", "ين", "ون", "ان", "ات", "تين", "تان", "و")

_PREFIXES = ("ال", "وال", "بال", "كال", "فال", "لل", "و")
_SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "ية", "ه", "ة", "ي")
_NORMALISED = str.maketrans({**dict.fromkeys("آأإ", "ا"), "ى": "ي", "ة": "ه", **dict.fromkeys("ـًٌٍَُِّْ")})


def python(pattern: str) -> re.Pattern[str]:
    r"""A chain's pattern for Python, which has no \p{L}."""
    return re.compile(pattern.replace(r"\p{L}", r"[^\W\d_]"))


_article, _on, _joined, _preposition, _run = (python(rule[0]) for rule in (ARTICLE, ON, JOINED, PREPOSITION, RUN))
_endings = tuple((python(pattern), new) for pattern, new in ENDINGS)


def normalise(token: str) -> str:
    """lowercase, decimal_digit and arabic_normalization: what all three begin with."""
    return _lowered(token).translate(_NORMALISED)


def exact(token: str) -> str:
    return normalise(_on.sub(r"\1ے", token))


def light(normalised: str) -> tuple[str, bool]:
    """The term, and whether it is a name: then nothing more is done to it."""
    term = _without_article(normalised)
    name = names().get(term)
    return (term, False) if name is None else (name, True)


def stem(term: str, finished: bool) -> str:
    """The stem of a light term. Never feed it a stem: Lucene's stemmer is not idempotent."""
    return term if finished else _stemmed(term, forms())


def arabic_stem(term: str) -> str:
    """Lucene's light stemmer (Larkey's light10): one prefix, then each suffix once, never below two letters."""
    for prefix in _PREFIXES:
        if term.startswith(prefix) and len(term) >= (4 if len(prefix) == 1 else len(prefix) + 2):
            term = term[len(prefix) :]
            break
    for suffix in _SUFFIXES:
        if term.endswith(suffix) and len(term) >= len(suffix) + 2:
            term = term[: -len(suffix)]
    return term


@cache
def keep_article() -> tuple[Rule, Rule, Rule]:
    """Rules that come before ARTICLE, taking clitics and article off where it would go wrong: two turn a root's own
    ال into ءل, the third leaves one ل of للجنة (to the committee), which is not the article and جنة."""
    prefix = "^[وف]?(?:[بكل]?(?:ال)?|لل)"
    ending = f"(?:{'|'.join((*_WORD_ENDINGS, 'تين', 'تان'))})?"
    entries = wordlists.entries("keep_article.txt")
    words = [_plain(entry.rstrip("+")) + ending * entry.endswith("+") for entry in entries]
    bare = "|".join(word.removeprefix("ال") for word in words if word.startswith("ال"))
    after = "|".join(word for word in words if not word.startswith("ال"))
    with_l = "|".join(form[1:] for form in _with_l())
    return (
        (f"{prefix}ال(?=(?:{bare})$)", _HAMZA_L),
        (f"{prefix}(?=(?:{after})$)(.)ال", f"$1{_HAMZA_L}"),
        (f"^[وف]?لل(?=(?:{with_l})$)", "ل"),
    )


def _with_l() -> Iterator[str]:
    for word in map(_plain, wordlists.entries("clitic_words.txt")):
        if word.startswith("ل"):
            endings = ("ه", *_FEMININE_ENDINGS) if word.endswith("ه") else ("", *_WORD_ENDINGS)
            yield f"{word.removesuffix('ه')}(?:{'|'.join(endings)})"


@cache
def names() -> dict[str, str]:
    """Names with each clitic before them, to the name. What looks like clitic and name but is a word stays a word."""
    plain = [_without_article(_plain(name)) for name in wordlists.entries("names.txt")]
    words = {_plain(word) for word in wordlists.entries("clitic_words.txt")}
    rules = {name: name for name in plain}
    for name in plain:
        for prefix in () if name.startswith(_HAMZA_L) else NAME_PREFIXES:
            if prefix + name not in words:
                rules.setdefault(prefix + name, name)
    return rules


@cache
def forms() -> dict[str, str]:
    """Light terms to the stem they share: words that only look as if they had clitics or suffixes, adjectives of
    places, broken plurals; then the inflected forms of all these, where they are not a word of their own."""
    whole = [_light(word) for name in ("clitic_words.txt", "whole_words.txt") for word in wordlists.entries(name)]
    rules = {term: term for term in whole}
    for place, adjective, *plurals in wordlists.rows("nisba.tsv"):
        target = _target(place, rules)
        for form in (*(_light(adjective) + ending for ending in _NISBA_ENDINGS), *map(_light, plurals)):
            rules.setdefault(form, target)
    broken = _plurals(rules)
    for form, target in (*broken.items(), *_inflected(whole, rules), *_possessed(broken)):
        rules.setdefault(form, target)
    return rules


def _plurals(rules: dict[str, str]) -> dict[str, str]:
    singulars = {_light(row[0]) for row in wordlists.rows("plurals.tsv")}
    return {
        plural: rules.get(plural) or _target(singular, rules)
        for singular, *plurals in reversed(wordlists.rows("plurals.tsv"))
        for plural in map(_light, plurals)
        if plural not in singulars
    }


def _inflected(words: list[str], rules: dict[str, str]) -> Iterator[tuple[str, str]]:
    for word in words:
        feminine = word.endswith("ه")
        for ending in _FEMININE_ENDINGS if feminine else _WORD_ENDINGS:
            yield (word[:-1] if feminine else word) + ending, rules[word]


def _possessed(plurals: dict[str, str]) -> Iterator[tuple[str, str]]:
    for plural, target in plurals.items():
        for ending in _PRONOUNS:
            yield plural[:-1] + "ت" + ending if plural.endswith("ه") else plural + ending, target


def _target(word: str, rules: dict[str, str]) -> str:
    term, finished = light(_plain(word))
    return term if finished else _stemmed(term, rules)


def _light(word: str) -> str:
    return light(_plain(word))[0]


def _stemmed(term: str, rules: dict[str, str]) -> str:
    for clitic in (None, _joined, _preposition):
        term = clitic.sub("", term) if clitic else term
        if term in rules:
            return rules[term]
    if term[0] in "وفبلك":
        term = _run.sub("", term)
    if term[-1] in "هامن":
        for pattern, new in _endings:
            term = pattern.sub(new, term)
    return arabic_stem(term)


def _without_article(term: str) -> str:
    head = term[:5]
    if "ال" in head or "لل" in head:
        for pattern, new in _kept():
            term = pattern.sub(new, term)
    return _article.sub("", term) if "ل" in head else term


@cache
def _kept() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((python(pattern), new.replace("$1", r"\1")) for pattern, new in keep_article())


def _plain(word: str) -> str:
    return normalise(charfilter.apply(word).text)


def _lowered(token: str) -> str:
    """Letter by letter, as Java does it: a whole-word rule would give final sigma and dotted I other forms."""
    if token.isascii():
        return token.lower()
    if min(token) >= "ء" and max(token) <= "ي":
        return token
    if any(map(str.isupper, token)):
        token = "".join("i" if letter == "İ" else letter.lower() for letter in token)
    if any(map(str.isdecimal, token)):
        token = "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in token)
    return token
