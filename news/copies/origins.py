"""Where a copied text probably came from, guessed from its credits and from how agencies sign. Always a guess."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from news.arabic import normalise

# Names as they are signed, normalised; what is written before and behind them may vary.
_AGENCIES: Final[tuple[tuple[str, str], ...]] = (
    ("رويترز", r"رويترز|reuters"),
    ("فرانس برس", r"فرانس برس|ا ?\.? ?ف ?\.? ?ب|afp"),
    ("أسوشيتد برس", r"اسوشيي?تد ?برس|ا ?\.? ?ب|associated press"),
    ("د ب أ", r"د ?\.? ?ب ?\.? ?ا|الالمانيه|dpa"),
    ("الأناضول", r"الاناضول|anadolu"),
    ("شينخوا", r"شينخوا|xinhua"),
    ("سبوتنيك", r"سبوتنيك|sputnik"),
    ("تاس", r"تاس|tass"),
    ("إفي", r"افي|efe"),
    ("بلومبرغ", r"بلومبر[غج]|bloomberg"),
    ("واس", r"واس|وكاله الانباء السعوديه|spa"),
    ("سبأ", r"سبا|saba"),
    ("وام", r"وام|وكاله انباء الامارات|wam"),
    ("بنا", r"بنا|وكاله انباء البحرين|bna"),
    ("كونا", r"كونا|وكاله الانباء الكويتيه|kuna"),
    ("قنا", r"قنا|وكاله الانباء القطريه|qna"),
    ("العمانية", r"العمانيه|وكاله الانباء العمانيه"),
    ("بترا", r"بترا|وكاله الانباء الاردنيه|petra"),
    ("وفا", r"وفا|wafa"),
    ("سانا", r"سانا|sana"),
    ("واع", r"واع|وكاله الانباء العراقيه"),
    ("الوطنية", r"الوكاله الوطنيه للاعلام"),
    ("أ ش أ", r"ا ?\.? ?ش ?\.? ?ا|الشرق الاوسط للانباء|mena"),
    ("سونا", r"سونا|suna"),
    ("وات", r"وات|وكاله تونس افريقيا"),
    ("واج", r"واج|وكاله الانباء الجزاءريه|aps"),
    ("ومع", r"ومع|وكاله المغرب العربي|map"),
    ("وكالات", r"وكالات|الوكالات|agencies"),
)
_NAMED: Final = tuple((name, re.compile(rf"(?<!\w)(?:{form})(?!\w)")) for name, form in _AGENCIES)
# Three letters may be a word in a sentence; as a signature they stand in brackets, behind a dash, or alone.
_DATELINE = re.compile(r"^[^.\n]{0,60}?[(\-–—:/،,]\s*([^.\n]{2,40}?)\s*(?:\)|[:\-–—]|$)")
_SIGNATURE = re.compile(r"[(\[]([^()\[\]\n]{2,30})[)\]]\s*\.?\s*$")
_SAID_BY = re.compile(
    r"(?:وكاله|لوكاله|نقلا عن|بحسب|حسب|وفق|نقلت|ذكرت|افادت)\s+(?:عن\s+)?(?:وكاله\s+(?:الانباء\s+)?)?"
    r"([^\n.،:]{2,30})"
)
_SIGNS: Final = 5  # words of a signature at most
_NO_ONE: Final = "وكالات"


@dataclass(frozen=True, slots=True)
class Origin:
    """A guess. `certainty` in (0, 1]: a signed credit, a dateline or signature, a mention in the text."""

    name: str
    evidence: str
    certainty: float


def guess_origin(credits: Sequence[str], text: str) -> Origin | None:
    """Whose text it is. None where nothing says so: that it is the outlet's own is no guess we make."""
    first, last = text.split("\n", 1)[0], text.rstrip().rsplit("\n", 1)[-1]
    dateline, signature = _DATELINE.match(first[:120]), _SIGNATURE.search(last)
    found = (
        _signed(credits, "credit", 0.9)
        or _signed((dateline[1],) if dateline else (), "dateline", 0.8)
        or _signed((signature[1],) if signature else (last,) if len(last.split()) <= 2 else (), "signature", 0.8)
    )
    if found and found.name != _NO_ONE:
        return found
    return _mentioned(text) or found


def _signed(signs: Iterable[str], what: str, certainty: float) -> Origin | None:
    """An agency's name before «وكالات», which only says that it was one."""
    found = [
        (name, sign)
        for sign in signs
        if len(sign.split()) <= _SIGNS
        for name, pattern in _NAMED
        if pattern.search(normalise(sign))
    ]
    for name, sign in sorted(found, key=lambda one: one[0] == _NO_ONE):
        sure = certainty if name != _NO_ONE else certainty / 2
        return Origin(name, f"{what}: {sign.strip()}", sure)
    return None


def _mentioned(text: str) -> Origin | None:
    """«بحسب رويترز» in the text; only names that are no words."""
    for said in _SAID_BY.finditer(normalise(text)):
        for name, pattern in _NAMED:
            if len(name) > 3 and name != _NO_ONE and pattern.match(said[1]):
                return Origin(name, f"mentioned: {said[0].strip()}", 0.5)
    return None
