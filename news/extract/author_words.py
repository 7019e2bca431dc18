"""The words around names: who is an agency, who is nobody, and where datelines are written."""

import re

from news.arabic import normalise
from news.extract.phrase_lists import phrase_words, phrases

_agency = re.compile(phrases("agencies")).fullmatch
_nobody = re.compile(phrases("nobodies")).fullmatch
_TWO_WORDS = frozenset(map(normalise, ("رام الله", "أبو ظبي", "الدار البيضاء", "تل أبيب", "نيو دلهي")))


def is_agency(folded: str) -> bool:
    return _agency(folded) is not None


def is_nobody(folded: str) -> bool:
    return _nobody(folded) is not None


def is_person(text: str) -> bool:
    """Whether two to four words, the first of them a first name, can be a person's full name and nothing else."""
    parts = normalise(text).split()
    if not 2 <= len(parts) <= 4 or parts[0] not in phrase_words("given_names"):
        return False
    return all(len(part) > 1 and part.isalpha() for part in parts)


def is_place(folded: str) -> bool:
    """Whether a stretch is a dateline: one place or several, nothing else."""
    if folded in _TWO_WORDS:
        return True
    return bool(folded) and all(word.strip("()،,.") in phrase_words("places") for word in folded.split())
