"""Names that sign a text: in a dateline above it or at its beginning, or alone on its last line."""

import re
from collections.abc import Iterator, Sequence

from news.arabic import normalise
from news.extract.author_words import is_agency, is_nobody, is_person, is_place, may_be_person
from news.extract.dom import Line
from news.extract.outlet import squeezed

QUOTED = re.compile('[«»"“”]')
PIECES = re.compile(r"\s*[-–—ـ/|():،]+\s*|\s+من\s+")
# «القاهرة - فلان - …»: a mark stands behind the name too; a comma there goes on with a sentence.
_BEGUN = re.compile(r"\s*([^\-–—ـ/|():،]{2,30}?)\s*[\-–—ـ/|:(]+\s*([^\-–—ـ/|():،]{5,40}?)\s*[\-–—ـ/|:()]")
_DATELINE = re.compile(r"([^:.؛؟!«»\"“”]{2,60}:?(?=\s|$)(?:[^:.،؛؟!«»\"“”]{5,40}$)?)")
_FIGURES = re.compile(r"[\s|(,،\-–]+(?=\d)")  # a date or a clock behind the name
_OPENING = 80  # characters of a text that can hold its dateline
_MAX_NAME = 40  # characters


def signatures(text: str, above: Sequence[Line], below: Sequence[Line], outlet: frozenset[str]) -> Iterator[str]:
    """Who signs above the text or at its beginning, else alone on its last line or in bold below it."""
    opening, _, rest = text.partition("\n")
    for line in (*(line.text for line in above), opening):
        if (name := _dateline_name(line, outlet)) is not None:
            yield name
            return
    bold = [line.text for line in below if line.bold and not line.anchors and not line.level]
    for last in (rest.rpartition("\n")[2], *bold):
        if len(last) <= _MAX_NAME and is_person(last):
            yield last
            return


def _dateline_name(text: str, outlet: frozenset[str]) -> str | None:
    """The one person of «القاهرة - فلان:» or «فلان من البصرة: …» beside a place or the outlet."""
    text = _FIGURES.split(QUOTED.sub("", text), maxsplit=1)[0]
    begun = _BEGUN.match(text[:_OPENING])
    if begun is not None and is_place(normalise(begun[1])) and is_person(begun[2]):
        return begun[2]
    dateline = _DATELINE.match(text)
    if dateline is None:
        return None
    pieces = PIECES.split(dateline[1].strip(" :-–—ـ"))
    people = [piece for piece in pieces if is_person(piece)]
    others = [piece for piece in pieces if piece not in people]
    marked = dateline[1].endswith(":") and len(pieces) > 1
    if marked and not people and is_place(normalise(pieces[0])) and may_be_person(pieces[-1]):
        return None if squeezed(pieces[-1]) in outlet else pieces[-1]
    if not people and len(pieces) > 2 and is_place(normalise(pieces[0])):
        people = _beside_outlet(pieces, outlet)
        others = [piece for piece in pieces if piece not in people]
    marked = marked and pieces[-1:] == people
    if len(people) == 1 and others and all(_locates(piece, outlet, marked) for piece in others):
        return people[0]
    return None


def _beside_outlet(pieces: Sequence[str], outlet: frozenset[str]) -> list[str]:
    """The name in «نابلس - <outlet> - فلان -», where nothing but a reporter's can stand."""
    if not any(squeezed(piece) in outlet for piece in pieces):
        return []
    rest = [piece for piece in pieces if piece and squeezed(piece) not in outlet and not is_place(normalise(piece))]
    return rest if len(rest) == 1 and may_be_person(rest[0]) else []


def _locates(piece: str, outlet: frozenset[str], marked: bool) -> bool:
    """Whether a piece of a dateline may be a place or the outlet; an agency's reporters are the agency's.

    In «… - فلان:» (`marked`) any few words are a place: no list has all the small ones.
    """
    folded = normalise(piece)
    if is_agency(folded):
        return False
    if is_nobody(folded):
        return True
    return squeezed(piece) in outlet or is_place(folded) or (marked and len(piece.split()) <= 3)
