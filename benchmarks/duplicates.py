"""How many copies are found and how many template texts are wrongly joined, on labelled pairs.

    python -m benchmarks.duplicates [--each 300] [--wrong]

docs/duplicates.md says how the pairs were labelled. A pair counts as joined when the two share a band of MinHash and
the decision joins them. It is asked three times: knowing nothing of word frequencies, knowing those of the corpus, and
knowing those of the corpus and of the template texts, as after months of them.
"""

import argparse
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.copies.labelled import EACH, Row, pairs
from benchmarks.copies.telling import Pair, article, candidate
from benchmarks.corpus import rows
from news.copies.census import Census
from news.copies.duplicates import decide
from news.copies.fingerprints import fingerprint, resemble
from news.copies.knowledge import EMPTY, Knowledge
from news.documents import Decision, DecisionKind, Fingerprint

GROUPS = ("template: third ", "template: unseen ", "template: ")


@dataclass(frozen=True, slots=True)
class Asked:
    pair: Pair
    decision: Decision
    proposed: bool

    @property
    def joined(self) -> bool:
        return self.proposed and self.decision.kind is not DecisionKind.NEW


def ask(asked: Iterable[Pair], knowledge: Knowledge) -> list[Asked]:
    return [_ask(pair, knowledge) for pair in asked]


def _ask(pair: Pair, knowledge: Knowledge) -> Asked:
    mine, theirs = (fingerprint(one.title, one.text) for one in (pair.one, pair.other))
    decision = decide(article(pair.one), mine, [candidate(pair.other)], knowledge)
    return Asked(pair, decision, _proposed(mine, theirs))


def _proposed(one: Fingerprint, other: Fingerprint) -> bool:
    return not set(one.bands).isdisjoint(other.bands) and resemble(one, other.minhash, other.bands)


def learnt(found: Sequence[Row], told: Iterable[Pair] = ()) -> Knowledge:
    census = Census()
    for row in found:
        census.add(row["src"], row["title"], row["text"], ())
    for pair in told:
        for one in (pair.one, pair.other):
            census.add("one", one.title, one.text, ())
    return census.freeze()


def table(name: str, answers: Sequence[Asked]) -> None:
    by_kind: defaultdict[tuple[bool, str], list[Asked]] = defaultdict(list)
    for one in answers:
        by_kind[one.pair.is_copy, one.pair.kind].append(one)
    print(f"\n{name}")
    for (is_copy, kind), mine in sorted(by_kind.items(), key=lambda item: (not item[0][0], item[0][1])):
        if not kind.startswith("template: "):
            proposed = sum(one.proposed for one in mine) / len(mine)
            label = "copy" if is_copy else "apart"
            print(f"  {label:5} {kind:36} n {len(mine):4}  joined {_joined(mine):.3f}  (proposed {proposed:.3f})")
    _templates(by_kind)
    print(f"  all copies {_joined([one for one in answers if one.pair.is_copy]):.3f}")


def _templates(by_kind: Mapping[tuple[bool, str], Sequence[Asked]]) -> None:
    for group in GROUPS[::-1]:
        mine = {kind: found for (_, kind), found in by_kind.items() if _group(kind) == group}
        wrong = {kind.removeprefix(group): f"{_joined(found):.2f}" for kind, found in mine.items() if _joined(found)}
        everyone = [one for found in mine.values() for one in found]
        print(f"  apart {group.strip():36} n {len(everyone):4}  joined {_joined(everyone):.3f}  {wrong or ''}")


def _group(kind: str) -> str:
    return next((group for group in GROUPS if kind.startswith(group)), "")


def _joined(answers: Sequence[Asked]) -> float:
    return sum(one.joined for one in answers) / len(answers) if answers else 0.0


def measure(each: int, show_wrong: bool) -> None:
    found = list(rows())
    labelled = list(pairs(found, random.Random(11), each))
    templates = [pair for pair in labelled if pair.kind.startswith("template: ")]
    known = {
        "knowing nothing": EMPTY,
        "knowing the corpus": learnt(found),
        "knowing the corpus and the templates": learnt(found, templates[::2]),
    }
    for name, knowledge in known.items():
        answers = ask(labelled, knowledge)
        table(name, answers)
        if show_wrong:
            for one in answers:
                if one.joined != one.pair.is_copy:
                    print(f"    {one.pair.kind}: {one.pair.one.title} | {one.pair.other.title} | {one.decision.reason}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=EACH, help="pairs of a kind")
    parser.add_argument("--wrong", action="store_true", help="print every pair judged wrongly")
    asked = parser.parse_args()
    measure(asked.each, asked.wrong)
