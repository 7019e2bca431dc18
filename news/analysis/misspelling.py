"""Ways in which many people write a word besides the dictionary's: rules for any word, and for those of a list."""

import re
from collections.abc import Iterator

# Of a hamza between alef and one of these, with which no ending begins: قائد, طائرة, خسائر are قايد, طايرة, خساير.
_HAMZA = (r"(?<=ا)ء(?=[بجحدذرزسشصضطظعغفقلمث])", "ي")
# مؤتمر, مؤسسة are موتمر, موسسة; مئة is not.
_SEAT = (r"^مء(?=\p{L}{2}[\u0621-\u0628\u062A-\u064A])", "مو")
# Shorter words with one for the other are words of their own, حظر and حضر: what is counted has no endings any more.
TOOTH = (r"^(?=\p{L}{5})(\p{L}*)ظ", "$1ض")
# A last hamza is not heard: صحراء is صحرا, which is صحر with the accusative's alef.
_LAST = (r"(?<=\p{L}{3})اء(?:ات|هما|ها|هم|ه|يين|يون|يات|يه|ي|ين|ان|ا)?$", "")

RULES = (_HAMZA, _SEAT, _LAST)

_SHORTEST = 4  # letters of a listed word in which one may be exchanged
_hamza = re.compile(_HAMZA[0])


def spellings(word: str) -> Iterator[str]:
    """Of a listed word, as terms are written."""
    if len(word) < _SHORTEST:
        return
    if "ء" in word:
        yield _hamza.sub("ي", word)
        if word.startswith("مء") and len(word) > _SHORTEST:
            yield f"مو{word[2:]}"
        if word.endswith("اء") and len(word) > _SHORTEST:
            yield word[:-1]
    if "ظ" in word:
        yield word.replace("ظ", "ض")
    if "ض" in word:
        yield word.replace("ض", "ظ")
