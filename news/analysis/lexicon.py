"""The tables that the analysis chain needs besides its rules, made from the word lists when first asked for."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain

from news import wordlists
from news.analysis import charfilter, conjugation, misspelling
from news.analysis.rules import ARTICLE, Rule, normalise, python, unlisted_stem

_CLITICS = tuple("وفبلك")
_HAMZA_L = "ءل"  # How a root's own ال is written in terms, out of reach of ARTICLE.
_PRONOUNS = ("ه", "ها", "هم", "هما", "ا")
_WORD_ENDINGS = (*_PRONOUNS, "ي", "و", "ين", "ان", "ون", "ات", "ت", "وا")
_FEMININE_ENDINGS = ("ته", "تها", "تهم", "تهما", "تي", "تين", "تان", "ات", "اتها", "اته", "اتهم")
_NISBA_ENDINGS = ("", "ه", "ا", "ين", "ون", "ان", "ات", "تين", "تان", "و")

_article = python(ARTICLE[0])


def without_article(term: str) -> str:
    head = term[:5]
    if "ال" in head or "لل" in head:
        for pattern, new in _kept_articles():
            term = pattern.sub(new, term)
    return _article.sub("", term) if "ل" in head else term


@cache
def keep_article() -> tuple[Rule, Rule, Rule]:
    """Rules that come before ARTICLE, taking clitics and article off where it would go wrong: two turn a root's own
    ال into ءل, the third leaves one ل of للجنة (to the committee), which is not the article and جنة."""
    prefix = "^[وف]?(?:[بكل]?(?:ال)?|لل)"
    words = _words("keep_article.txt")
    bare = _alternatives(word.removeprefix("ال") for word in words if word.startswith("ال"))
    after = _alternatives(word for word in words if not word.startswith("ال"))
    return (
        (f"{prefix}ال(?=(?:{bare})$)", _HAMZA_L),
        (f"{prefix}(?=(?:{after})$)(.)ال", f"$1{_HAMZA_L}"),
        (f"^[وف]?لل(?=(?:{_with_l()})$)", "ل"),
    )


def _alternatives(words: Iterable[str]) -> str:
    """+ after a word stands for any ending."""
    listed = dict.fromkeys(words)
    endless = "|".join(word for word in listed if not word.endswith("+"))
    ended = "|".join(word[:-1] for word in listed if word.endswith("+"))
    return f"{endless}|(?:{ended})(?:{'|'.join((*_WORD_ENDINGS, 'تين', 'تان'))})?"


def _with_l() -> str:
    """Without their ل."""
    words = dict.fromkeys(word for name in ("plurals.tsv", "clitic_words.txt") for word in _words(name))
    beginning = [word[1:] for word in words if word.startswith("ل")]
    feminine = "|".join(word[:-1] for word in beginning if word.endswith("ه"))
    others = "|".join(word for word in beginning if not word.endswith("ه"))
    return f"(?:{others})(?:{'|'.join(_WORD_ENDINGS)})?|(?:{feminine})(?:ه|{'|'.join(_FEMININE_ENDINGS)})"


@cache
def names() -> dict[str, str]:
    """Names, without article, to the spelling that stands for all of theirs."""
    rows = (*((name,) for name in _words("names.txt")), *_rows("spellings.txt"))
    known = {without_article(name): without_article(row[0]) for row in rows for name in row}
    return dict(_misspelt(known)) | known


@cache
def forms() -> dict[str, str]:
    """Light terms to the stem they share: words that only look as if they had clitics or suffixes, adjectives of
    places, broken plurals; then the inflected forms of all these and of verbs, where they are not a word of their own,
    and last how people misspell them."""
    plurals = [tuple(map(without_article, row)) for row in _rows("plurals.tsv")]
    listed = map(without_article, (*_words("clitic_words.txt"), *_words("whole_words.txt")))
    begun = (row[0] for row in plurals if row[0].startswith(_CLITICS))
    spellings = (tuple(map(without_article, row)) for row in _rows("word_spellings.txt"))
    rules = {spelling: row[0] for row in spellings for spelling in row}
    rules |= {term: rules.get(term, term) for term in chain(listed, begun)}
    words = tuple(rules)
    rules |= dict(_adjectives(rules))
    broken = dict(reversed([*_broken(plurals, rules)]))
    rules |= broken
    listed_words = frozenset(words)
    singulars = {row[0]: _target(row[0], rules) for row in plurals}
    verbs = ((form, target) for form, target in _conjugated(rules) if form not in singulars)
    rules = _added(chain(_inflected(words, rules), _possessed(broken), verbs), listed_words) | rules
    known = singulars.keys() | names().keys()
    misspelt = ((form, target) for form, target in _misspelt({**singulars, **rules}) if form not in known)
    return _added(misspelt, listed_words) | rules


@cache
def whole() -> tuple[str, ...]:
    """Those of `forms` from which the rules would take a clitic off."""
    return tuple(term for term in forms() if term.startswith(_CLITICS))


def _added(forms: Iterable[tuple[str, str]], listed: frozenset[str]) -> dict[str, str]:
    """The first target of each that is no word behind a clitic."""
    first = dict(reversed([*forms]))
    for form in [form for form in first if form.startswith(_CLITICS) and _begun_by_clitic(form, listed)]:
        del first[form]
    return first


def _begun_by_clitic(form: str, listed: frozenset[str]) -> bool:
    """«لبوتين» is «to Putin» sooner than two lionesses, «وعودة» «and a return» sooner than his promises."""
    return (form.startswith(_CLITICS) and form[1:] in names()) or (form.startswith(("و", "ف")) and form[1:] in listed)


def _adjectives(rules: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for places, adjectives, *plurals in _cells("nisba.tsv"):
        target = _target(without_article(places[0]), rules)
        for adjective in map(without_article, adjectives):
            yield from ((adjective + ending, target) for ending in _NISBA_ENDINGS)
        yield from ((without_article(form), target) for form in chain(places[1:], *plurals))


def _broken(plurals: Sequence[Sequence[str]], rules: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """A plural of two singulars goes to the first, unless it is a singular itself."""
    singulars = {row[0] for row in plurals}
    for singular, *forms_ in plurals:
        yield from ((form, _target(singular, rules)) for form in forms_ if form not in singulars)


def _inflected(words: Iterable[str], rules: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for word in words:
        feminine = word.endswith("ه")
        for ending in _FEMININE_ENDINGS if feminine else _WORD_ENDINGS:
            yield (word[:-1] if feminine else word) + ending, rules[word]


def _possessed(plurals: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for plural, target in plurals.items():
        for ending in _PRONOUNS[_noun_with_ending(plural) :]:
            yield plural[:-1] + "ت" + ending if plural.endswith("ه") else plural + ending, target


def _conjugated(rules: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """To what the verbal noun leads to or, without one, the past."""
    for (past,), (present,), *nouns in _cells("verbs.tsv"):
        target = next((_target(noun, rules) for (noun,) in nouns), rules.get(past, past))
        yield from ((form, target) for (form,) in nouns)
        yield from ((without_article(form), target) for form in conjugation.forms(past, present))


def _misspelt(words: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    some = [word for word in words if "ء" in word or "ظ" in word or "ض" in word]
    return ((spelling, words[word]) for word in some for spelling in misspelling.spellings(word))


def _noun_with_ending(plural: str) -> bool:
    """With ه these are far more often a noun than a plural and its pronoun: تجار and تجارة, معاهد and معاهدة."""
    return plural[2:3] == "ا" and (len(plural) == 4 or (len(plural) == 5 and plural[0] == "م"))


def _target(term: str, rules: Mapping[str, str]) -> str:
    return names().get(term) or rules.get(term) or unlisted_stem(term)


def _words(name: str) -> tuple[str, ...]:
    return tuple(word for row in _rows(name) for word in row)


def _rows(name: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(word for cell in row for word in cell) for row in _cells(name))


@cache
def _kept_articles() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((python(pattern), new.replace("$1", r"\1")) for pattern, new in keep_article())


@cache
def _cells(name: str) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """Lines, tab-separated columns, words: the whole list normalised at once, as words are in terms."""
    text = normalise(charfilter.apply("\n".join(wordlists.lines(name))).text)
    return tuple(tuple(tuple(cell.split()) for cell in line.split("\t")) for line in text.split("\n"))
