"""The rules of the analysis chain: what is done to a token without any list of words.

Patterns are written in the dialect that Java and Python share, for a search node gets them as they stand.
"""

import re
import unicodedata

from news.analysis import misspelling

Rule = tuple[str, str]

ARTICLE = (r"^(?:[وف]?(?:[بك])?ال(?:ال)?|[وف]?لل(?:ال)?)(?=\p{L}{3,})", "")
# The preposition على and the name علي are one after Lucene's normalisation; exact keeps them apart by a rare letter.
ON = (r"^([وف]?عل)ى$", "$1ے")
JOINED = (r"^[وف](?=\p{L}{3,})", "")
PREPOSITION = (r"^[بلك](?=\p{L}{3,})", "")
RUN = (r"^[وفبلك]+(?=\p{L}{3,})", "")
ENDINGS = (
    *misspelling.RULES,
    # حكومتها, دولتين: the ة that became ت is ه again (as normalised), for the stemmer to take.
    (r"(?<=\p{L}{2}[\u0621-\u0626\u0628-\u064A])ت(?:هما|هم|ها|ه|نا|ين|ان|ي)$", "ه"),
    (r"(?<=\p{L}ات)(?:هما|هم|ها|ه|نا)$", ""),
    (r"(?<=\p{L}{4})(?:هما|هم)$", ""),
    # The accusative's alef (وزيرا) and the plural of verbs (قالوا), and their feminine (قالت).
    (r"(?<=\p{L}{3})(?:وا|ا)$", ""),
    (r"(?<=\p{L}{2}[\u0621-\u0626\u0628-\u064A])ت$", ""),
    misspelling.TOOTH,
)

_PREFIXES = ("ال", "وال", "بال", "كال", "فال", "لل", "و")
_SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "ية", "ه", "ة", "ي")
_NORMALISED = str.maketrans({**dict.fromkeys("آأإ", "ا"), "ى": "ي", "ة": "ه", **dict.fromkeys("ـًٌٍَُِّْ")})


def python(pattern: str) -> re.Pattern[str]:
    r"""A chain's pattern for Python, which has no \p{L}."""
    return re.compile(pattern.replace(r"\p{L}", r"[^\W\d_]"))


_CLITICS = "وفبلك"
_run = python(RUN[0])
_endings = tuple((python(pattern), new.replace("$1", r"\1")) for pattern, new in ENDINGS)


def normalise(token: str) -> str:
    """lowercase, decimal_digit and arabic_normalization: what all three begin with."""
    return _lowered(token).translate(_NORMALISED)


def unlisted_stem(term: str) -> str:
    """By the rules alone."""
    if term[0] in _CLITICS:
        term = _run.sub("", term)
    if term[-1] in "هامنتي" or "ء" in term or "ظ" in term:
        for pattern, new in _endings:
            term = pattern.sub(new, term)
    return arabic_stem(term)


def arabic_stem(term: str) -> str:
    """Lucene's light stemmer (Larkey's light10): one prefix, then each suffix once, never below two letters."""
    for prefix in _PREFIXES:
        if term.startswith(prefix) and len(term) >= (4 if len(prefix) == 1 else len(prefix) + 2):
            term = term[len(prefix) :]
            break
    for suffix in _SUFFIXES:
        if term.endswith(suffix) and len(term) >= len(suffix) + 2:
            term = term[: -len(suffix)]
    return term


def _lowered(token: str) -> str:
    """Letter by letter, as Java does it: a whole-word rule would give final sigma and dotted I other forms."""
    if token.isascii():
        return token.lower()
    if min(token) >= "ء" and max(token) <= "ي":
        return token
    if any(map(str.isupper, token)):
        token = "".join("i" if letter == "İ" else letter.lower() for letter in token)
    if any(map(str.isdecimal, token)):
        token = "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in token)
    return token
