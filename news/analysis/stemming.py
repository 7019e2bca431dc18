"""From a token to its three terms: exact, light (without article and clitics) and stem (without endings, too).

Every step is one that a search node has as a token filter: a regular expression (`pattern_replace`), a list of words
(`stemmer_override`, which also marks a word as finished; `keyword_marker`, which does only that) or Lucene's own light
stemmer. The order of the chain, with the patterns of `rules` and the
tables of `lexicon`:

    exact   lowercase → decimal_digit → [على kept apart from علي] → arabic_normalization
    light   lowercase → decimal_digit → arabic_normalization → keep_article() → ARTICLE
            → names() → whole() → JOINED (و ف) → names() → whole() → PREPOSITION (ب ل ك) → names()
    stem    the same with forms() for whole() → forms() → RUN → ENDINGS → stemmer "arabic"

Regular expressions do not know of finished words: on a node those after `names()` stand in a `condition` filter.
forms() and whole() stop at the same words. So light is a function of exact's letters and stem one of light: what meets
in light meets in stem.
"""

from news.analysis import lexicon
from news.analysis.rules import JOINED, ON, PREPOSITION, normalise, python, unlisted_stem

_on, _joined, _preposition = (python(rule[0]) for rule in (ON, JOINED, PREPOSITION))


def exact(token: str) -> str:
    return normalise(_on.sub(r"\1ے", token))


def light(normalised: str) -> str:
    """A name or a listed word as soon as taking letters off leads to one; else what is left."""
    term = lexicon.without_article(normalised)
    names, forms = lexicon.names(), lexicon.forms()
    for clitic in (None, _joined, _preposition):
        term = clitic.sub("", term) if clitic else term
        if term in names:
            return names[term]
        if term in forms or term[0] not in "وفبلك":
            return term
    return term


def stem(term: str) -> str:
    """The stem of a light term. Never feed it a stem: Lucene's stemmer is not idempotent."""
    if term in lexicon.names():
        return term
    return lexicon.forms().get(term) or unlisted_stem(term)
