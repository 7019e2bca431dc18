"""The wording of Arabic pages, kept as text files in `phrases/`: one alternative a line, `#` before a remark.

Each line is a regular expression over folded text (`news.arabic.normalise`), so one spelling of a word stands for all.
`<name> = …` defines a part for the lines below it.
"""

import re
from functools import cache, lru_cache
from importlib.resources import files

from news.arabic import normalise

_DEFINITION = re.compile(r"(<\w+>) = (.+)")
_CLASS = re.compile(r"(\\[A-Z])")  # `\S` must not be folded to `\s`


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Folded as the phrases are; remembered, because several rules look at the same line."""
    return normalise(text)


@cache
def phrases(name: str) -> str:
    """The alternatives of one file as one group of a regular expression."""
    parts: dict[str, str] = {}
    alternatives: list[str] = []
    for line in _lines(name):
        definition = _DEFINITION.fullmatch(line)
        if definition:
            parts[definition[1]] = definition[2]
            continue
        for part, meaning in parts.items():
            line = line.replace(part, meaning)
        alternatives.append("".join(part if _CLASS.fullmatch(part) else normalise(part) for part in _CLASS.split(line)))
    return f"(?:{'|'.join(alternatives)})"


@cache
def phrase_words(name: str) -> frozenset[str]:
    """The folded words of one file."""
    return frozenset(normalise(word) for line in _lines(name) for word in line.split())


def _lines(name: str) -> list[str]:
    text = files("news.extract").joinpath("phrases", f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
