"""Whether a headline shares words with an article: rough, and only ever asked of whole lists."""

from collections import Counter
from functools import cached_property, lru_cache

from news.arabic import words
from news.extract.phrase_lists import phrase_words

_PREFIXES = ("وال", "بال", "فال", "كال", "لل", "ال", "و", "ب", "ل", "ف")
_COMMON = phrase_words("common_words")
_SUFFIXES = ("يين", "يون", "ات", "ان", "ون", "ين", "ها", "هم", "يه", "ه", "ي")


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= 3:
            word = word[len(prefix) :]
            break
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            return word[: -len(suffix)]
    return word


def _stems(text: str) -> list[str]:
    return [stem(word) for word in words(text) if len(word) >= 3 and word not in _COMMON and not word.isdigit()]


class Subject:
    """The stems that an article is about: those of its headline, and those its text repeats. Found when first asked."""

    def __init__(self, title: str, text: str) -> None:
        self._title = title
        self._text = text

    @cached_property
    def _headline(self) -> frozenset[str]:
        return frozenset(_stems(self._title))

    @cached_property
    def _repeated(self) -> frozenset[str]:
        return frozenset(word for word, count in Counter(_stems(self._text)).items() if count >= 3)

    def touched_by(self, headline: str) -> bool:
        stems = _stems(headline)
        return not self._headline.isdisjoint(stems) or not self._repeated.isdisjoint(stems)
