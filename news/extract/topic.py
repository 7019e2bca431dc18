"""Whether a headline shares words with an article: rough, and only ever asked of whole lists."""

import re
from collections import Counter
from functools import cached_property, lru_cache

from news.arabic import normalise, words
from news.extract.phrase_lists import phrase_words

_PREFIXES = ("وال", "بال", "فال", "كال", "لل", "ال", "و", "ب", "ل", "ف")
_COMMON = phrase_words("common_words")
_WORD = re.compile(r"\w+")
_REPEATED = 3  # times that an article says what it is about
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
    return [stem(word) for word in words(text) if _is_telling(word)]


def _is_telling(word: str) -> bool:
    return len(word) >= 3 and word not in _COMMON and not word.isdigit()


class Subject:
    """The stems that an article is about: those of its headline, and those its text repeats. Found when first asked."""

    def __init__(self, title: str, text: str) -> None:
        self.title = title
        self._text = text

    @cached_property
    def _folded(self) -> str:
        """Title and text as they are compared."""
        return normalise(f"{self.title}\n{self._text}")

    @cached_property
    def _headline(self) -> frozenset[str]:
        return frozenset(_stems(self.title))

    @cached_property
    def _repeated(self) -> frozenset[str]:
        counts: Counter[str] = Counter()
        for word, count in Counter(_WORD.findall(self._folded)).items():
            if _is_telling(word):
                counts[stem(word)] += count
        return frozenset(word for word, count in counts.items() if count >= _REPEATED)

    def mentions(self, word: str) -> bool:
        """Whether a folded word stands in title or text, be it as a part of another."""
        return word in self._folded

    def touched_by(self, headline: str) -> bool:
        stems = _stems(headline)
        return not self._headline.isdisjoint(stems) or not self._repeated.isdisjoint(stems)
