"""What tells one event from another when the words are the same.

Template news (telegrams, prices, weather, results, obituaries) shares its wording and differs in who, where and how
much. A copy under another headline shares its body: what its title names is in the other's body too. So two texts
tell of different events when

- each title names something that its own body comes back to and that the other article lacks altogether, and the
  titles are one pattern, or the two stand in the same place of the lead;
- the leads name different places at the same place;
- more of the numbers in the same surroundings differ than agree.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from news.copies.likeness import likeness, month, place
from news.copies.portraits import Portrait, Run

LEAD_WORDS: Final = 80
# Of the shorter title's words: above it the two titles are one pattern.
SAME_PATTERN: Final = 0.5
# A slot of a template holds a name or a figure, not a sentence.
SLOT_WORDS: Final = 6
# The first words may be the outlet's dateline, «القاهرة - وكالات».
DATELINE: Final = 4
# So many surroundings of numbers are the same, and none differs: one event, whatever the titles say.
SAME_NUMBERS: Final = 8


@dataclass(frozen=True, slots=True)
class Slot:
    """Words that stand in the same place of two leads, and that the other article lacks."""

    mine: frozenset[str]
    theirs: frozenset[str]
    in_dateline: bool


def contradiction(one: Portrait, other: Portrait) -> str | None:
    """In what two articles of similar wording name different things, in words; None where neither denies the other.
    The same whichever comes first."""
    one, other = sorted((one, other), key=lambda each: (each.title, each.body))
    agreed, differing = _numbers(one, other)
    if len(differing) > agreed:
        return _told("numbers", *differing[0])
    slots = list(_slots(one, other))
    if found := _places(slots):
        return _told("places", *found)
    if agreed >= SAME_NUMBERS and not differing:
        return None
    mine, theirs = (frozenset(filter(b.lacks, a.subject)) for a, b in ((one, other), (other, one)))
    if mine and theirs and (_one_pattern(one, other) or _in_slots(mine, theirs, slots)):
        return _told("subjects", mine, theirs)
    return None


def _numbers(one: Portrait, other: Portrait) -> tuple[int, list[tuple[frozenset[str], frozenset[str]]]]:
    """How many surroundings have a number in common, and the numbers of those that have none. Where only a part of a
    run stands in the other text, a word was lost: that says neither."""
    agreed, differing = 0, []
    for context in sorted(one.numbers.keys() & other.numbers.keys()):
        mine, theirs = one.numbers[context], other.numbers[context]
        if not mine.isdisjoint(theirs):
            agreed += 1
        elif not any(set(a) <= set(b) or set(b) <= set(a) for a in mine for b in theirs):
            differing.append((_joined(mine), _joined(theirs)))
    return agreed, differing


def _joined(runs: frozenset[Run]) -> frozenset[str]:
    return frozenset(".".join(run) for run in runs)


def _one_pattern(one: Portrait, other: Portrait) -> bool:
    shorter = min(len(one.title_like), len(other.title_like))
    return bool(shorter) and len(one.title_like & other.title_like) >= SAME_PATTERN * shorter


def _slots(one: Portrait, other: Portrait) -> Iterator[Slot]:
    matcher = SequenceMatcher(None, one.like[:LEAD_WORDS], other.like[:LEAD_WORDS], autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "replace" or max(i2 - i1, j2 - j1) > SLOT_WORDS:
            continue
        mine = frozenset(filter(other.lacks, filter(_tells, one.body[i1:i2])))
        theirs = frozenset(filter(one.lacks, filter(_tells, other.body[j1:j2])))
        if mine and theirs:
            yield Slot(mine, theirs, min(i1, j1) < DATELINE)


def _places(slots: list[Slot]) -> tuple[frozenset[str], frozenset[str]] | None:
    for slot in slots:
        for what in (place, month):
            mine, theirs = (frozenset(filter(what, words)) for words in (slot.mine, slot.theirs))
            if mine and theirs and not slot.in_dateline:
                return mine, theirs
    return None


def _in_slots(mine: frozenset[str], theirs: frozenset[str], slots: list[Slot]) -> bool:
    """Whether both subjects stand where the leads differ."""
    in_mine, in_theirs = _forms(*(slot.mine for slot in slots)), _forms(*(slot.theirs for slot in slots))
    return not (in_mine.isdisjoint(_forms(mine)) or in_theirs.isdisjoint(_forms(theirs)))


def _forms(*groups: frozenset[str]) -> frozenset[str]:
    return frozenset(likeness(word).form for words in groups for word in words)


def _tells(word: str) -> bool:
    return likeness(word).telling


def _told(what: str, mine: frozenset[str], theirs: frozenset[str]) -> str:
    return f"different {what}: {'، '.join(sorted(mine))} / {'، '.join(sorted(theirs))}"
