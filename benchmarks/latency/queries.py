"""What people ask a press archive: words of differing frequency, headlines half remembered, phrases, beginnings, one
outlet, a span of days. Each kind by its name."""

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from benchmarks.corpus import rows
from news.documents import SearchQuery

_WORD: Final = re.compile(r"[\u0621-\u064a]{3,}")
_COMMON, _RARE = 0.1, 0.002  # Shares of the articles that a word stands in.


class Asked(NamedTuple):
    kind: str
    query: SearchQuery


class _Vocabulary(NamedTuple):
    common: list[str]
    middling: list[str]
    rare: list[str]


def queries(now: datetime, days: int, outlets: Sequence[str], seed: int) -> list[Asked]:
    """Some 280, in an order in which the kinds alternate. `days`: how far back the documents reach."""
    chance = random.Random(seed)
    found = list(rows())
    words = _vocabulary([row["text"] for row in found])
    titles = [title for row in found if len(title := _WORD.findall(row["title"])) >= 4]
    asked = [
        *_words(words, titles, chance),
        *_forms(words, titles, chance),
        *_filtered(words, now, days, outlets, chance),
    ]
    chance.shuffle(asked)
    return asked


def _vocabulary(texts: list[str]) -> _Vocabulary:
    standing = Counter(word for text in texts for word in sorted(set(_WORD.findall(text))))
    common, rare = _COMMON * len(texts), _RARE * len(texts)
    return _Vocabulary(
        [word for word, number in standing.items() if number >= common],
        [word for word, number in standing.items() if rare <= number < common],
        [word for word, number in standing.items() if 2 <= number < rare],
    )


def _words(words: _Vocabulary, titles: list[list[str]], chance: random.Random) -> Iterator[Asked]:
    for kind, some in words._asdict().items():
        for word in chance.sample(some, 20):
            yield Asked(f"one {kind} word", SearchQuery(text=word))
    for number, name in ((2, "two"), (3, "three"), (4, "four")):
        for title in chance.sample(titles, 25):
            yield Asked(f"{name} words of a title", SearchQuery(text=" ".join(chance.sample(title, number))))


def _forms(words: _Vocabulary, titles: list[list[str]], chance: random.Random) -> Iterator[Asked]:
    for title in chance.sample(titles, 30):
        at = chance.randrange(len(title) - 2)
        yield Asked("phrase", SearchQuery(text=f'"{" ".join(title[at : at + chance.choice((2, 3))])}"'))
    for word in chance.sample(words.middling, 20):
        yield Asked("beginning of a word", SearchQuery(text=f"{word[: chance.choice((3, 4, 5))]}*"))
    for one, other in zip(chance.sample(words.common, 15), chance.sample(words.middling, 15), strict=True):
        yield Asked("without a word", SearchQuery(text=f"{other} -{one}"))
        yield Asked("one word or another", SearchQuery(text=f"{other} OR {one}"))


def _filtered(
    words: _Vocabulary, now: datetime, days: int, outlets: Sequence[str], chance: random.Random
) -> Iterator[Asked]:
    for number, word in enumerate(chance.sample(words.common, 15) + chance.sample(words.middling, 15)):
        yield Asked("one outlet", SearchQuery(text=word, source=outlets[number % len(outlets)]))
    for number, word in enumerate(chance.sample(words.common, 20) + chance.sample(words.middling, 20)):
        span = (1, 7, 31)[number % 3]
        since = now - timedelta(days=chance.randrange(span, max(days, span + 1)))
        yield Asked("some days", SearchQuery(text=word, since=since, until=since + timedelta(days=span)))
