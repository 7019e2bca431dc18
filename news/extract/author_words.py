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
    known = phrase_words("given_names")
    if not 2 <= len(parts) <= 4 or parts[0] not in known:
        return False
    if not phrase_words("not_in_names").isdisjoint(parts[1:]) or (parts[:2] == ["اشرف", "علي"] and "على" in text):
        return False  # first names are verbs, too: «أشرف والي تيارت», «أشرف على»
    if text.split()[0] == "على" and parts[1] not in known:  # the word «on», which Egyptians write for the name as well
        return False
    return all(len(part) > 1 and part.isalpha() for part in parts)


def is_place(folded: str) -> bool:
    """Whether a stretch is a dateline: one place or several, nothing else."""
    if folded in _TWO_WORDS:
        return True
    return bool(folded) and all(word.strip("()،,.") in phrase_words("places") for word in folded.split())


def may_be_person(text: str) -> bool:
    """Whether a text where a person stands can be a name: no list has all first names."""
    folded = normalise(text)
    parts = folded.split()
    if not 2 <= len(parts) <= 3 or text.startswith("ال") or not all(len(one) > 1 and one.isalpha() for one in parts):
        return False
    return not (is_agency(folded) or is_nobody(folded) or is_place(folded))
