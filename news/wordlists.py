"""The word lists of the analysis chain, read from the package."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files


def lines(name: str) -> Iterator[str]:
    """The lines of a list in `news/words`, without comments and blank lines."""
    text = (files("news") / "words" / name).read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line.strip() and not line.startswith("#"))


@cache
def entries(name: str) -> tuple[str, ...]:
    return tuple(word for line in lines(name) for word in line.split())


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """Tab-separated columns; several words of one column become columns of their own."""
    return tuple(tuple(word for cell in line.split("\t") for word in cell.split()) for line in lines(name))


@cache
def synonyms() -> tuple[tuple[str, ...], ...]:
    """Groups of names for one thing; compound names are written as one word, too."""
    groups = (tuple(name.strip() for name in line.split(",")) for line in lines("synonyms.txt"))
    return (*groups, *((line, line.replace(" ", "")) for line in lines("compounds.txt")))
