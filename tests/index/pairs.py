"""Pairs of words that a search has to bring together or keep apart, and how many of them an index gets right."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Literal, NamedTuple

FILE = Path(__file__).with_name("pairs.tsv")

Finds = Callable[[str], set[str]]
"""A query to the texts of those that it finds, each text being one document."""


class Pair(NamedTuple):
    verdict: Literal["meet", "apart"]
    kind: str
    one: str
    other: str
    held_out: bool


def read() -> list[Pair]:
    lines = [line.split("\t") for line in FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    kinds = (list(group) for _, group in groupby(lines, key=lambda line: line[1]))
    return [
        Pair("meet" if verdict == "meet" else "apart", kind, one, other, held_out=bool(number % 2))
        for group in kinds
        for number, (verdict, kind, one, other) in enumerate(group)
    ]


def texts(pairs: Iterable[Pair]) -> list[str]:
    return sorted({text for pair in pairs for text in (pair.one, pair.other)})


def right(pair: Pair, finds: Finds) -> bool:
    """Both ways, for both words are asked for by somebody."""
    if pair.verdict == "meet":
        return pair.other in finds(pair.one) and pair.one in finds(pair.other)
    return pair.other not in finds(pair.one) and pair.one not in finds(pair.other)


class Score(NamedTuple):
    meet: float
    apart: float
    wrong: tuple[Pair, ...]

    def __str__(self) -> str:
        return f"meet {self.meet:.3f}, apart {self.apart:.3f}"


def score(pairs: Sequence[Pair], finds: Finds) -> Score:
    wrong = tuple(pair for pair in pairs if not right(pair, finds))
    shares = [_share(pairs, wrong, verdict) for verdict in ("meet", "apart")]
    return Score(shares[0], shares[1], wrong)


def _share(pairs: Sequence[Pair], wrong: Sequence[Pair], verdict: str) -> float:
    of, failed = (sum(pair.verdict == verdict for pair in some) for some in (pairs, wrong))
    return 1 - failed / of if of else 1.0


def by_kind(pairs: Sequence[Pair], finds: Finds) -> dict[str, tuple[int, int]]:
    """Of each kind how many are right, and how many there are."""
    groups = groupby(sorted(pairs, key=attrgetter("kind")), key=attrgetter("kind"))
    return {kind: _count(list(group), finds) for kind, group in groups}


def _count(pairs: list[Pair], finds: Finds) -> tuple[int, int]:
    return sum(right(pair, finds) for pair in pairs), len(pairs)
