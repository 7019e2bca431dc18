"""What changed between two fetches of one article, and whether a reader would care."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby
from typing import Final

from news.arabic import words

# Lines that a page counts up or stamps by itself.
_COUNTER = re.compile(r"(?:آخر|اخر) تحديث|عدد (?:المشاهدات|القراءات|الزيارات|التعليقات)|\b(?:مشاهدة|قراءة|تعليق)\b", re.I)
_COUNTER_LENGTH: Final = 80
# difflib is quadratic: above this the difference of two texts is told by paragraph.
WORDS_COMPARED: Final = 3000


class ChangeKind(StrEnum):
    UNCHANGED = "unchanged"
    TRIVIAL = "trivial"
    MEANINGFUL = "meaningful"


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one version."""

    title: str
    summary: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """`changed` names the parts: title, lead, text, numbers."""

    kind: ChangeKind
    changed: tuple[str, ...] = ()


def compare(old: Wording, new: Wording) -> Change:
    """Trivial: the same letters but for marks, punctuation and spelling variants, or only counters and stamps."""
    if old == new:
        return Change(ChangeKind.UNCHANGED)
    before, after = words(_told(old.text)), words(_told(new.text))
    titles = words(old.title), words(new.title)
    if before == after and titles[0] == titles[1]:
        return Change(ChangeKind.TRIVIAL)
    changed = []
    if titles[0] != titles[1]:
        changed.append("title")
    if words(_lead(old.text)) != words(_lead(new.text)):
        changed.append("lead")
    if before != after:
        changed.append("text")
    if _numbers([*titles[0], *before]) != _numbers([*titles[1], *after]):
        changed.append("numbers")
    return Change(ChangeKind.MEANINGFUL, tuple(changed))


def diff_words(old: str, new: str) -> list[tuple[str, str]]:
    """The way from `old` to `new` as (operation, words): «=» kept, «-» taken out, «+» put in."""
    before, after = old.split(), new.split()
    joint = " "
    if max(len(before), len(after)) > WORDS_COMPARED:
        before, after, joint = old.split("\n"), new.split("\n"), "\n"
    steps: list[tuple[str, str]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            steps.append(("=", joint.join(before[i1:i2])))
            continue
        if i2 > i1:
            steps.append(("-", joint.join(before[i1:i2])))
        if j2 > j1:
            steps.append(("+", joint.join(after[j1:j2])))
    return steps


def _told(text: str) -> str:
    """The text without the short lines that a page counts or stamps by itself."""
    return "\n".join(
        line for line in text.split("\n") if len(line) > _COUNTER_LENGTH or not _COUNTER.search(line)
    )


def _lead(text: str) -> str:
    return next((line for line in text.split("\n") if len(line) > _COUNTER_LENGTH), text.split("\n", 1)[0])


def _numbers(body: list[str]) -> list[tuple[str, int]]:
    numbers = sorted(word for word in body if word.isdigit())
    return [(number, len(list(group))) for number, group in groupby(numbers)]
