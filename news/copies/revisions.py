"""What changed between two fetches of one article, and whether a reader would care."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

from news import wordlists
from news.arabic import words
from news.copies.likeness import is_number, likeness, place
from news.copies.misspellings import same_word, slip
from news.copies.stamps import headline, told

# difflib is quadratic: above this the difference of two texts is told by paragraph.
WORDS_COMPARED: Final = 3000
_LEAD_LENGTH: Final = 80
# What stands before a name.
_TITLES: Final = frozenset(wordlists.entries("dup_titles.txt"))

Wordlist = Sequence[str]


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
    """`changed` names the parts: title, lead, text, numbers, names."""

    kind: ChangeKind
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Hunk:
    """Words taken out and words put in at one place; `before`: the word that stands before them."""

    old: tuple[str, ...]
    new: tuple[str, ...]
    before: str


def compare(old: Wording, new: Wording) -> Change:
    """Trivial: the same letters but for marks, punctuation and spelling, or only counters, stamps and labels."""
    if old == new:
        return Change(ChangeKind.UNCHANGED)
    titles = _hunks(words(headline(old.title)), words(headline(new.title)))
    texts = _hunks(words(told(old.text)), words(told(new.text)))
    if not titles and not texts:
        return Change(ChangeKind.TRIVIAL)
    changed = ["title"] if titles else []
    if _hunks(words(_lead(old.text)), words(_lead(new.text))):
        changed.append("lead")
    if texts:
        changed.append("text")
    kinds = ("numbers", _of_numbers), ("names", _of_names)
    changed += [what for what, is_of in kinds if any(map(is_of, titles + texts))]
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


def _hunks(old: Wordlist, new: Wordlist) -> list[_Hunk]:
    """Where the two differ in what they tell."""
    if old == new:
        return []
    start = _same(old, new)
    end = _same(old[start:][::-1], new[start:][::-1])
    mine, theirs = old[start : len(old) - end], new[start : len(new) - end]
    if max(len(mine), len(theirs)) > WORDS_COMPARED:
        return [_Hunk(tuple(mine), tuple(theirs), old[start - 1] if start else "")]
    found = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        hunk = _Hunk(tuple(mine[i1:i2]), tuple(theirs[j1:j2]), old[start + i1 - 1] if start + i1 else "")
        if tag != "equal" and not _is_trivial(hunk, old, new):
            found.append(hunk)
    return found


def _same(one: Wordlist, other: Wordlist) -> int:
    """How many words the two begin with in common."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (mine, theirs) in pairs if mine != theirs), min(len(one), len(other)))


def _is_trivial(hunk: _Hunk, old: Wordlist, new: Wordlist) -> bool:
    if "".join(hunk.old) == "".join(hunk.new):
        return True
    one, other = sorted((hunk.old, hunk.new), key=len)
    if not one:  # a word that stood there twice
        return len(other) == 1 and other[0] == hunk.before and not is_number(other[0])
    return len(one) == len(other) and all(
        same_word(a, b) or (slip(a, b) and _is_mended(a, b, old, new)) for a, b in zip(hunk.old, hunk.new, strict=True)
    )


def _is_mended(wrong: str, right: str, old: Wordlist, new: Wordlist) -> bool:
    """The right form stands elsewhere in the text already, the wrong one nowhere else."""
    met = {likeness(word).form for word in old}
    return likeness(right).form in met and Counter(old)[wrong] == 1 and wrong not in new


def _lead(text: str) -> str:
    lines = told(text).split("\n")
    return next((line for line in lines if len(line) > _LEAD_LENGTH), lines[0])


def _of_numbers(hunk: _Hunk) -> bool:
    old, new = (sorted(likeness(word).form for word in side if is_number(word)) for side in (hunk.old, hunk.new))
    return old != new


def _of_names(hunk: _Hunk) -> bool:
    """A place, or what follows a title: other names cannot be told from other words."""
    places = [frozenset(filter(None, map(place, side))) for side in (hunk.old, hunk.new)]
    if places[0] != places[1]:
        return True
    telling = [word for side in (hunk.old, hunk.new) for word in side if likeness(word).telling and not is_number(word)]
    return hunk.before in _TITLES and bool(telling)
