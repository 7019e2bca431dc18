"""How much of one text is in another: the metric of the article-extraction-benchmark, 4-gram shingles of words."""

import re
from collections import Counter

_WORD = re.compile(r"\w+")


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    return Counter(tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3))) if words else Counter()


def precision_recall(wanted: str, found: str) -> tuple[float, float]:
    gold, ours = shingles(wanted), shingles(found)
    right = (gold & ours).total()
    return right / ours.total() if ours else 0.0, right / gold.total() if gold else 1.0
