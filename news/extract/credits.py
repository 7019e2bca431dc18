"""What stands beside the people: agencies, datelines, and the credits below a text."""

import re

from news.arabic import normalise
from news.extract.author_words import is_agency, is_place
from news.extract.phrase_lists import phrases

MAX_BYLINE = 90  # characters of a line that can be a byline
MAX_DATELINE = 60  # characters
MAX_CLOSING = 250  # characters of the credits in brackets below a text
_source_line = re.compile(rf"\W*{phrases('source_leads')}\s*[:：|/\-–—]\s*")
_closing = re.compile(rf"\(\s*{phrases('closing_credits')}[^()]{{3,240}}\)\W*")
_photo_credit = re.compile(rf"\W*{phrases('photographers')}\s*[:：/\-–—]\s*\S")
BETWEEN_PEOPLE = re.compile(r"\s*[،,;؛+&]\s*|\s+and\s+|\s+و\s+|\s+/\s+")
_ASIDE = re.compile(r"\s+[-–—ـ|/]+\s*|\s*[-–—ـ|/]+\s+|[()\[\]«»\"“”:]+")


def credit_names(text: str) -> list[str]:
    """«المصدر : الجزيرة + وكالات» as its names; nothing for any other line."""
    if len(text) > MAX_BYLINE:
        return []
    found = _source_line.match(normalise(text))
    if found is None:
        return []
    names = BETWEEN_PEOPLE.split(re.split(r"[:：|/\-–—]", text, maxsplit=1)[-1])
    return [name.strip(" .()[]") for name in names if 1 < len(name.strip(" .()[]")) <= 40]


def is_dateline(text: str) -> bool:
    """«(أبوظبي - وام)» or «القاهرة / رويترز» alone on a line: a place and who reports from it."""
    if len(text) > MAX_DATELINE or text.endswith("."):
        return False
    pieces = without_aside(text)
    several = [name for one in pieces for name in BETWEEN_PEOPLE.split(one)]
    if any(is_agency(normalise(name)) for name in several):
        pieces = several  # «(أ ف ب، رويترز)»; places alone may be a list in the text
    known = [piece for piece in pieces if is_place(normalise(piece)) or is_agency(normalise(piece))]
    return bool(known) and (len(known) == len(pieces) or (len(pieces) == 2 and text[0] in "([" and text[-1] in ")]"))


def reporting(text: str) -> list[str]:
    return [piece for piece in without_aside(text) if is_agency(normalise(piece))] if is_dateline(text) else []


def is_closing_credit(text: str) -> bool:
    """«(إعداد فلان للنشرة العربية - تحرير فلان)» below the text: who wrote, who edited; or who took the pictures."""
    folded = normalise(text[: MAX_CLOSING + 1])
    if len(text) <= MAX_CLOSING and _closing.fullmatch(folded):
        return True
    return len(text) <= MAX_DATELINE and _photo_credit.match(folded) is not None


def without_aside(part: str) -> list[str]:
    """«حسام أبو العلا - القاهرة» as its two pieces: each is judged for what it is."""
    return [piece.strip(" .:،,") for piece in _ASIDE.split(part) if piece and piece.strip(" .:،,")]
