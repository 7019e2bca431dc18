"""What outlets do to a text that is not theirs: changed words, cut ends, added paragraphs, another order."""

import random
import re
from collections.abc import Callable, Sequence

Edit = Callable[[str, float, Sequence[str], random.Random], str]

_SENTENCE = re.compile(r"(?<=[.!؟])\s+|\n")
_DATELINES = ("القاهرة - وكالات:", "دبي (رويترز) -", "عواصم - أ ف ب -", "الرياض - واس:", "متابعات:", "واشنطن، وكالات،")
_TAILS = (
    "وللمزيد من الأخبار تابعوا صفحاتنا على مواقع التواصل الاجتماعي.",
    "يذكر أن هذا الخبر نشر في وقت سابق نقلا عن وكالات الأنباء.",
    "حقوق النشر محفوظة، ويسمح بالاقتباس شريطة الإشارة إلى المصدر.",
)


def replace_words(text: str, share: float, vocabulary: Sequence[str], chance: random.Random) -> str:
    """Each word with probability `share` is another word of the press, as frequent as words are."""
    return _each_word(text, lambda word: chance.choice(vocabulary) if chance.random() < share else word)


def touch_words(text: str, share: float, vocabulary: Sequence[str], chance: random.Random) -> str:
    """Replaced, dropped or with a word put in behind, a third each."""

    def touched(word: str) -> str:
        if chance.random() >= share:
            return word
        return chance.choice((chance.choice(vocabulary), "", f"{word} {chance.choice(vocabulary)}"))

    return _each_word(text, touched)


def rewrite_sentences(text: str, share: float, vocabulary: Sequence[str], chance: random.Random) -> str:
    """So many of the sentences have every word replaced, as by an editor who tells them anew."""
    told = sentences(text)
    chosen = set(chance.sample(range(len(told)), round(share * len(told))))
    anew = [replace_words(one, 0.8, vocabulary, chance) if at in chosen else one for at, one in enumerate(told)]
    return "\n".join(anew)


def cut(text: str, share: float, vocabulary: Sequence[str], chance: random.Random) -> str:
    """The first part of it, `share` of the words gone."""
    words = text.split(" ")
    return " ".join(words[: max(12, round(len(words) * (1 - share)))])


def doubled(text: str, share: float, vocabulary: Sequence[str], chance: random.Random) -> str:
    """The page that shows its text twice."""
    return f"{text}\n{text}"


def reordered(text: str, share: float, vocabulary: Sequence[str], chance: random.Random) -> str:
    told = sentences(text)
    moved = told[1:]
    chance.shuffle(moved)
    return "\n".join([*told[:1], *moved])


def framed(text: str, share: float, vocabulary: Sequence[str], chance: random.Random) -> str:
    """With the outlet's own dateline and closing words."""
    return f"{chance.choice(_DATELINES)} {text}\n{chance.choice(_TAILS)}"


def lengthened(text: str, share: float, vocabulary: Sequence[str], chance: random.Random) -> str:
    """With background of the outlet's own after it, `share` of the text's length."""
    count = round(len(text.split()) * share)
    return f"{text}\n{' '.join(chance.choice(vocabulary) for _ in range(count))}"


def _each_word(text: str, change: Callable[[str], str]) -> str:
    return "\n".join(" ".join(filter(None, map(change, line.split()))) for line in text.split("\n"))


def sentences(text: str) -> list[str]:
    return [sentence for sentence in _SENTENCE.split(text) if sentence.strip()]
