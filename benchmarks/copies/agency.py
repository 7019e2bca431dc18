"""What outlets make of an agency's report, beside what only looks like it: real articles, told again.

Other than in `benchmarks.copies.edits`, what is put in are sentences of the press, and what is retold keeps its names.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from benchmarks.copies import edits
from benchmarks.copies.telling import Pair, Telling

Row = dict[str, Any]

# Of the report that is told again; shorter ones leave nothing to cut.
LONG = 80
# Words of a report shortened to its lead.
LEAD = 20
RETOLD = 0.8
# Words in a row that an editor changes at once.
PHRASE = 4

Change = Callable[[Telling, Telling, Sequence[str], random.Random], Telling]


def pairs(rows: Sequence[Row], chance: random.Random, each: int) -> Iterator[Pair]:
    """`each` pairs of every kind: a report, and what another outlet made of it or of two reports."""
    long = [row for row in rows if len(row["text"].split()) >= LONG and len(edits.sentences(row["text"])) >= 4]
    beside = _neighbours(long)
    vocabulary = [word for row in chance.sample(rows, 300) for word in row["text"].split()]
    for kind, (is_copy, change) in KINDS.items():
        for row in chance.sample(long, each):
            first, second = telling(row), telling(chance.choice(beside[row["src"], row["cat"]]))
            if first.text != second.text:
                yield Pair(f"agency: {kind}", is_copy, first, change(first, second, vocabulary, chance))


def telling(row: Row) -> Telling:
    return Telling(row["title"], row["text"])


def _neighbours(rows: Sequence[Row]) -> dict[tuple[str, str], list[Row]]:
    """Reports of one outlet and section: what shares its words without being its copy."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row["src"], row["cat"]), []).append(row)
    return found


def _another_headline(one: Telling, _: Telling, vocabulary: Sequence[str], chance: random.Random) -> Telling:
    return Telling(_headline(one, chance), edits.framed(one.text, 0, vocabulary, chance))


def _to_the_lead(one: Telling, _: Telling, vocabulary: Sequence[str], chance: random.Random) -> Telling:
    kept: list[str] = []
    for sentence in edits.sentences(one.text):
        kept.append(sentence)
        if sum(len(each.split()) for each in kept) >= LEAD:
            break
    return Telling(_headline(one, chance), "\n".join(kept))


def _with_background(one: Telling, other: Telling, vocabulary: Sequence[str], chance: random.Random) -> Telling:
    """Some sentences of another report of that section, up to the length of this one; behind it or in the middle."""
    mine = edits.sentences(one.text)
    more: list[str] = []
    most = chance.uniform(0.3, 1.0) * len(one.text)
    for sentence in edits.sentences(other.text):
        if len(" ".join(more)) + len(sentence) > most:
            break
        more.append(sentence)
    at = len(mine) if chance.random() < 0.5 else len(mine) // 2
    return Telling(_headline(one, chance), "\n".join([*mine[:at], *more, *mine[at:]]))


def _any_order(one: Telling, _: Telling, vocabulary: Sequence[str], chance: random.Random) -> Telling:
    mine = edits.sentences(one.text)
    return Telling(_headline(one, chance), "\n".join(chance.sample(mine, len(mine))))


def _changed(low: float, high: float) -> Change:
    def change(one: Telling, _: Telling, vocabulary: Sequence[str], chance: random.Random) -> Telling:
        """Words in ones, or in phrases, as the report goes."""
        longest = chance.choice((1, PHRASE))
        return Telling(one.title, _phrases(one.text, chance.uniform(low, high), longest, vocabulary, chance))

    return change


def _phrases(text: str, share: float, longest: int, vocabulary: Sequence[str], chance: random.Random) -> str:
    lines: list[str] = []
    for line in text.split("\n"):
        words = line.split()
        at = 0
        while at < len(words):
            length = chance.randint(1, longest)
            if chance.random() < share:
                words[at : at + length] = chance.choices(vocabulary, k=len(words[at : at + length]))
            at += length
        lines.append(" ".join(words))
    return "\n".join(lines)


def _half_retold(one: Telling, _: Telling, vocabulary: Sequence[str], chance: random.Random) -> Telling:
    """Half of the sentences in other words; numbers stay, and what the report or its headline comes back to."""
    met = Counter(one.text.split())
    named = {word for word in met if met[word] > 1 or word in one.title.split() or any(map(str.isdigit, word))}
    mine = edits.sentences(one.text)
    chosen = set(chance.sample(range(len(mine)), round(len(mine) / 2)))

    def retold(word: str) -> str:
        return word if word in named or chance.random() >= RETOLD else chance.choice(vocabulary)

    told = [" ".join(map(retold, each.split())) if at in chosen else each for at, each in enumerate(mine)]
    return Telling(_headline(one, chance), "\n".join(told))


def _doubled(one: Telling, _: Telling, vocabulary: Sequence[str], chance: random.Random) -> Telling:
    return Telling(one.title, edits.framed(edits.doubled(one.text, 0, vocabulary, chance), 0, vocabulary, chance))


def _merged(one: Telling, other: Telling, vocabulary: Sequence[str], chance: random.Random) -> Telling:
    """Two agencies' reports of two events made one: half of the sentences of each, under the other's headline."""
    halves = [mine[: (len(mine) + 1) // 2] for mine in map(edits.sentences, (one.text, other.text))]
    chance.shuffle(halves)
    return Telling(other.title, "\n".join([*halves[0], *halves[1]]))


def _followed_up(one: Telling, other: Telling, vocabulary: Sequence[str], chance: random.Random) -> Telling:
    """Another event's report that ends with the last third of this one as its background."""
    mine = edits.sentences(one.text)
    return Telling(other.title, "\n".join([other.text, *mine[-max(1, len(mine) // 3) :]]))


def _headline(one: Telling, chance: random.Random) -> str:
    """Six to ten words in a row from one of the first sentences."""
    words = chance.choice(edits.sentences(one.text)[:4]).split()
    start = chance.randint(0, max(0, len(words) - 10))
    return " ".join(words[start : start + chance.randint(6, 10)])


KINDS: dict[str, tuple[bool, Change]] = {
    "under another headline": (True, _another_headline),
    "shortened to the lead": (True, _to_the_lead),
    "extended with background": (True, _with_background),
    "sentences in any order": (True, _any_order),
    "15 to 30 % of words changed": (True, _changed(0.15, 0.3)),
    "30 to 50 % of words changed": (True, _changed(0.3, 0.5)),
    "half retold, names kept": (True, _half_retold),
    "doubled": (True, _doubled),
    "two reports merged": (False, _merged),
    "another event with its background": (False, _followed_up),
}
