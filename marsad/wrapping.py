"""Lines for a terminal that are broken between words and keep the direction of the paragraph they come from."""

from typing import Final
from unicodedata import bidirectional

from rich.cells import cell_len

RIGHT_TO_LEFT: Final = frozenset({"R", "AL"})
STRONG: Final = RIGHT_TO_LEFT | {"L"}
RIGHT_TO_LEFT_MARK, LEFT_TO_RIGHT_MARK = "\u200f", "\u200e"


def wrapped(paragraph: str, width: int) -> list[str]:
    """Lines of at most `width` cells; a word that is wider stands whole on a line of its own.

    A terminal takes each line for a paragraph of its own and lays it out by its first letter (Unicode UAX #9, rule P2).
    So a line that would turn round, as an Arabic one that begins with a Latin name, begins with an invisible mark.
    """
    lines = _filled(paragraph.split(" "), width)
    whole = _is_right_to_left(paragraph)
    mark = RIGHT_TO_LEFT_MARK if whole else LEFT_TO_RIGHT_MARK
    return [line if _is_right_to_left(line) in (whole, None) else mark + line for line in lines]


def _filled(words: list[str], width: int) -> list[str]:
    lines = [words[0]]
    for word in words[1:]:
        longer = f"{lines[-1]} {word}"
        if cell_len(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _is_right_to_left(text: str) -> bool | None:
    """By the first letter that has a direction; None where none has."""
    strong = next((kind for letter in text if (kind := bidirectional(letter)) in STRONG), None)
    return None if strong is None else strong in RIGHT_TO_LEFT
