"""Template news: families of texts that an outlet prints again and again, filled with ever other events."""

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.copies.telling import Telling

FOLDER = Path(__file__).parent
_SLOT = re.compile(r"\{(\w+?)(?::(\d+)-(\d+))?\}")
# Slots that are filled from another slot's list.
_AS = {"leader": "foreign", "ambassador": "foreign", "place": "district"}
_PEOPLE = frozenset(("person", "minister", "dead"))
_CHOICES = {
    "direction": ("مرتفعا", "منخفضا", "على ارتفاع", "على تراجع"),
    "quarter": ("الأول", "الثاني", "الثالث", "الرابع"),
    "decade": ("الثاني", "الثالث", "الرابع"),
    "post": ("وكيلا", "متحدثا رسميا", "مديرا عاما", "مستشارا", "نائبا"),
}


@dataclass(frozen=True, slots=True)
class Family:
    """`event`: the slots that make one event another; two texts that agree in all of them are never paired."""

    name: str
    event: tuple[str, ...]
    titles: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a family, as any outlet may tell it."""

    family: Family
    filled: Mapping[str, str]

    def told(self, title: int = 0) -> Telling:
        return Telling(self._put(self.family.titles[title % len(self.family.titles)]), self._put(self.family.text))

    def _put(self, pattern: str) -> str:
        return _SLOT.sub(lambda slot: self.filled[slot[1]], pattern)

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(self.filled[slot] for slot in self.family.event if slot in self.filled)


SEEN, UNSEEN, THIRD = "template_news.txt", "template_news_unseen.txt", "template_news_third.txt"


@cache
def families(file: str = SEEN) -> tuple[Family, ...]:
    blocks = (FOLDER / file).read_text(encoding="utf-8").split("\n== ")[1:]
    return tuple(map(_family, blocks))


def _family(block: str) -> Family:
    head, titles, text = block.strip().split("\n", 2)
    name, event = head.split(" ! ")
    return Family(name, tuple(event.split()), tuple(title.strip() for title in titles.split("|")), text)


@cache
def _lists() -> dict[str, tuple[str, ...]]:
    lines = (FOLDER / "slots.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split(": ", 1) for line in lines if line and not line.startswith("#"))
    return {name: tuple(values.split("، ")) for name, values in rows} | _CHOICES


def event(family: Family, chance: random.Random) -> Event:
    filled: dict[str, str] = {}
    for name, low, high in _SLOT.findall("\n".join((*family.titles, family.text))):
        while name not in filled:
            value = str(chance.randint(int(low), int(high))) if low else _value(name, chance)
            if low or value not in filled.values():
                filled[name] = value
    return Event(family, filled)


def _value(name: str, chance: random.Random) -> str:
    kind = name.rstrip("0123456789")
    lists = _lists()
    if kind in _PEOPLE:
        return f"{chance.choice(lists['first'])} {chance.choice(lists['first'])} {chance.choice(lists['family'])}"
    return chance.choice(lists[_AS.get(kind, kind)])


def other_event(first: Event, chance: random.Random) -> Event:
    """Another event of the same family: at least half of what makes the event differs."""
    while True:
        second = event(first.family, chance)
        differs = sum(mine != theirs for mine, theirs in zip(first.key, second.key, strict=True))
        if 2 * differs >= len(first.key):
            return second


def events(number: int, chance: random.Random, file: str = SEEN) -> Iterator[Event]:
    """As many of each family as come out even."""
    for at in range(number):
        yield event(families(file)[at % len(families(file))], chance)
