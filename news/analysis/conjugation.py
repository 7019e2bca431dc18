"""The forms of a verb in the press, from its past and its present: the third person, and the future."""

from collections.abc import Iterable, Iterator

_PAST = ("", "ت", "وا", "ه", "ها", "هم", "ته", "تها", "تهم")
_PRESENT = ("", "ون", "ه", "ها", "هم")
_PERSONS = ("ي", "ت", "سي", "ست")


def forms(past: str, present: str) -> Iterator[str]:
    """As terms are written: without marks, with ا for all its kinds and ي for ى."""
    yield from _joined(past, _PAST)
    for person in _PERSONS:
        yield from _joined(person + present[1:], _PRESENT)


def _joined(verb: str, endings: Iterable[str]) -> Iterator[str]:
    """A last ي is ا before an object and gone before the endings of gender and number: نفى, نفاها, نفت, ينفون. It stays
    where it is spoken: توفيت."""
    for ending in endings:
        if verb.endswith("ي") and ending:
            yield verb[:-1] + ("ا" if ending.startswith("ه") else "") + ending
        yield verb + ending
