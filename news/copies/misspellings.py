"""Whether two words are one word, once spelt wrongly. What could be another word is another word."""

import re
from typing import Final

from news.copies.likeness import is_number, likeness

_DOUBLED = re.compile(r"(.)\1+")
_FINAL_ALEF = re.compile("وا$")
_CONFUSED = str.maketrans({"ظ": "ض", "ذ": "د", "ء": "", "غ": "ج", "ق": "ك"})
_VOWELS = re.compile("(?<=.)[اوي](?=.)")
# Shorter words have too many neighbours that are words as well.
_LONG: Final = 6
_NAME: Final = 4
# Letters that make another tense or person of a verb, or bind another word to a noun.
_CLITICS = frozenset("وفبلكسيتناه")


def same_word(old: str, new: str) -> bool:
    """`old` and `new` are normalised words."""
    if old == new:
        return True
    if is_number(old) or is_number(new) or min(len(old), len(new)) < 3:
        return False
    if _folded(old) == _folded(new):
        return True
    if old[0] != new[0]:
        return False
    return _foreign(old, new) or _transposed(old, new)


def slip(old: str, new: str) -> bool:
    """One letter put in, left out or mistaken inside a long word: a slip only where something else says so."""
    if min(len(old), len(new)) < _LONG - 1 or old[0] != new[0] or abs(len(old) - len(new)) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    rest_old, rest_new = old[start:], new[start:]
    return rest_old[1:] == rest_new[1:] or rest_old[1:] == rest_new or rest_old == rest_new[1:]


def _folded(word: str) -> str:
    return _FINAL_ALEF.sub("و", _DOUBLED.sub(r"\1", word.translate(_CONFUSED)))


def _foreign(old: str, new: str) -> bool:
    """Names from abroad and long words that differ in how their vowels are written. Both must be names or the like:
    of a common word the vowels make another word (قتل, قاتل, قتيل)."""
    one, other = likeness(old), likeness(new)
    if not (one.telling and other.telling) or min(len(old), len(new)) < _NAME or old[-1] != new[-1]:
        return False
    bones = _VOWELS.sub("", old)
    return len(bones) >= _NAME and bones == _VOWELS.sub("", new)


def _transposed(old: str, new: str) -> bool:
    if len(old) != len(new) or len(old) < _LONG:
        return False
    differing = [at for at, (a, b) in enumerate(zip(old, new, strict=True)) if a != b]
    if len(differing) != 2 or differing[1] != differing[0] + 1 or differing[0] < 2:
        return False
    return old[differing[0]] == new[differing[1]] and old[differing[1]] == new[differing[0]]
