"""The analysis chain as settings of a search index, from the same tables as `news.analysis`.

Three analyzers for texts (`ar_exact`, `ar_light`, `ar_stem`) and, for queries, the same with synonyms at their end:
rules are parsed through the chain before them, so that a name with its article or clitic finds its synonyms, too.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Final

from index.queries.terms import Groups, sequence
from news import wordlists
from news.analysis import FIELDS, Field, charfilter, lexicon, rules

CHAR_FILTERS: Final = ("ar_chars", "ar_split", "ar_lone", "ar_join")
_NORMALISED: Final = ("lowercase", "decimal_digit", "arabic_normalization")
# Regular expressions do not know of finished words, so they ask.
_UNFINISHED: Final = {"source": "token.isKeyword() == false"}
_SYNONYMS: Final = "ar_synonyms"


def settings() -> dict[str, Any]:
    return {"char_filter": char_filters(), "filter": {**_filters(), **synonyms()}, "analyzer": analyzers()}


def char_filters() -> dict[str, Any]:
    mappings = [f"{_escaped(old)} => {_escaped(new)}" for old, new in charfilter.mapping().items()]
    return {
        "ar_chars": {"type": "mapping", "mappings": mappings},
        "ar_split": _pattern(*charfilter.SPLIT),
        "ar_lone": _pattern(*charfilter.LONE),
        "ar_join": _pattern(*charfilter.JOIN),
    }


def analyzers() -> dict[str, Any]:
    """`ar_exact` has no search analyzer of its own: what is asked for as written knows no synonyms."""
    texts = {f"ar_{field}": list(_chain(field)) for field in FIELDS}
    queries = {f"{analyzer_for(field)}_search": [*texts[analyzer_for(field)], f"{_SYNONYMS}_{field}"]
               for field in FIELDS if field != "exact"}  # fmt: skip
    return {name: _analyzer(filters) for name, filters in {**texts, **queries}.items()}


def analyzer_for(field: Field, *, search: bool = False) -> str:
    return f"ar_{field}_search" if search and field != "exact" else f"ar_{field}"


def synonyms(groups: Groups | None = None) -> dict[str, Any]:
    """The filters that a changed list of synonyms changes, and nothing else."""
    names = wordlists.synonyms() if groups is None else groups
    lists = {field: [", ".join(group) for group in _joined(names, field)] for field in FIELDS if field != "exact"}
    return {f"{_SYNONYMS}_{field}": {"type": "synonym_graph", "synonyms": lines} for field, lines in lists.items()}


def _joined(groups: Groups, field: Field) -> Iterator[tuple[str, ...]]:
    """Groups that share a name are one group, by the terms of `field`."""
    found: list[dict[tuple[str, ...], str]] = []
    for group in groups:
        names = {sequence(name, field): name for name in group}
        for other in [other for other in found if other.keys() & names.keys()]:
            found.remove(other)
            names = other | names
        found.append(names)
    return (tuple(names.values()) for names in found if len(names) > 1)


def _chain(field: Field) -> Iterator[str]:
    if field == "exact":
        yield from (*_NORMALISED[:2], "ar_on", _NORMALISED[2])
        return
    yield from _NORMALISED
    yield from _numbered("ar_keep_article", lexicon.keep_article())
    words = "ar_forms" if field == "stem" else "ar_whole"
    yield from ("ar_article", "ar_names", words, "ar_joined", "ar_names", words, "ar_preposition", "ar_names")
    if field == "stem":
        yield from (words, "ar_run")
        yield from _numbered("ar_ending", rules.ENDINGS)
        yield "ar_stemmer"


@cache
def _filters() -> Mapping[str, Any]:
    keep = zip(_numbered("ar_keep_article", lexicon.keep_article()), lexicon.keep_article(), strict=True)
    endings = zip(_numbered("ar_ending", rules.ENDINGS), rules.ENDINGS, strict=True)
    cut = [("ar_joined", rules.JOINED), ("ar_preposition", rules.PREPOSITION), ("ar_run", rules.RUN), *endings]
    return {
        "ar_on": _pattern(*rules.ON),
        **{name: _pattern(*rule) for name, rule in keep},
        "ar_article": _pattern(*rules.ARTICLE),
        "ar_names": _override(lexicon.names()),
        "ar_whole": {"type": "keyword_marker", "keywords": list(lexicon.whole())},
        "ar_forms": _override(_told()),
        **{f"{name}_rule": _pattern(*rule) for name, rule in cut},
        **{name: {"type": "condition", "filter": [f"{name}_rule"], "script": _UNFINISHED} for name, _ in cut},
        "ar_stemmer": {"type": "stemmer", "language": "arabic"},
    }


def _told() -> dict[str, str]:
    """Without the words of which the rules after the list make the same: half the settings, on every index."""
    kept = set(lexicon.whole())
    forms = lexicon.forms().items()
    return {form: stem for form, stem in forms if form in kept or rules.unlisted_stem(form) != stem}


def _numbered(name: str, rules: Iterable[rules.Rule]) -> list[str]:
    return [f"{name}_{number}" for number, _ in enumerate(rules, 1)]


def _analyzer(filters: list[str]) -> dict[str, Any]:
    return {"type": "custom", "char_filter": list(CHAR_FILTERS), "tokenizer": "standard", "filter": filters}


def _pattern(pattern: str, replacement: str) -> dict[str, Any]:
    return {"type": "pattern_replace", "pattern": pattern, "replacement": replacement}


def _override(words: Mapping[str, str]) -> dict[str, Any]:
    """Words of one target share a rule: the settings are part of every index's state."""
    by_target: dict[str, list[str]] = {}
    for word, target in words.items():
        by_target.setdefault(target, []).append(word)
    lines = [f"{', '.join(group)} => {target}" for target, group in by_target.items()]
    return {"type": "stemmer_override", "rules": lines}


def _escaped(text: str) -> str:
    return "".join(f"\\u{ord(letter):04x}" for letter in text)
