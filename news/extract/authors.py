"""Who wrote an article: people only. Agencies and the outlet itself are credits, places are datelines."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from news.arabic import arabic_share, normalise
from news.documents import Source
from news.extract import jsonld
from news.extract.author_words import is_agency, is_nobody, is_person, is_place, may_be_person
from news.extract.credits import BETWEEN_PEOPLE, MAX_BYLINE, credit_names, reporting, without_aside
from news.extract.dom import Anchor, Line, clean
from news.extract.explain import Explanation
from news.extract.metadata import Metadata
from news.extract.names import Role
from news.extract.outlet import squeezed, title_ends
from news.extract.phrase_lists import phrases
from news.extract.signatures import PIECES, QUOTED, signatures

MAX_AUTHORS = 8
_MAX_SIGNATURE = 9  # words of an unlinked line in an author's box; a longer one tells of the author
_BIO = re.compile(r"bio|desc|about-?text|excerpt", re.IGNORECASE)
_MARK = r"(?:\s*[:：/|,،\-–—]+\s*|\s+)"
_lead = re.compile(rf"\W*(?:{phrases('author_leads')}{_MARK})+")
_byline = re.compile(rf"\W*{phrases('byline_leads')}{_MARK}(?=\S)")
_photographer = re.compile(rf"\W*{phrases('photographers')}\b")
# «أحمد علي ومحمد سعيد»: the و is «and», except where it begins a common name.
_AND = re.compile(
    r"(?<=\S)\s+و(?!ليد|ائل|سام|فاء|جدي|ديع|صفي|ردة|سيم|ضاح|داد|حيد|هيب|هبة|جيه|صال|لاء|اصف|ادي|اثق|الي|لاية|زير|زارة|كيل|كالة)(?=\S{3,}\s+\S{2,})"
)
_NAME = re.compile(r"[^\W\d_][^\W\d_'’.\-]*['’.\-]?(?:[ \-'’][^\W\d_][^\W\d_'’.\-]*['’.]?){1,5}")
_OFFICE = re.compile(r"(?:ال)?(?:كاتب|صحفي|صحافي|مراسل)ة?\s+")
_PERSON_PATH = re.compile(r"/(?:authors?|writers?|columnists?|journalists?|reporters?|kuttab|katib)/", re.IGNORECASE)
_WRITES = re.compile(
    r"(?:^|[\s|])(?:كتب(?:ت|ها|ه)?|بقلم|إعداد|اعداد|تقرير|تحرير|كتابة|متابعة|حوار)(?:\s*[:：/]\s*|\s+[-–—ـ]\s+)"
)
# «كتب ربيع الهاشم في "الجمهور":»: whose piece it is, and where it was first printed.
_WROTE_IN = re.compile(r"كتب(?:ت)?\s+(\S+(?:\s+\S+){1,3}?)\s+(?:في|ل)\s*[\"“”«'].{2,40}[\"“”»']\s*[:：.]?")
_TRANSLATION = re.compile(r"\W*(?:ترجم[ةه]|ترجمها|نقلها? إلى العربية)\b(?!\s+و)")
_INITIALS = re.compile(r"(?:[^\W\d_]\.\s?){1,2}[^\W\d_]{3,}")  # two words after one letter follow a title
_COUNT = re.compile(r"[:：]\s*[\d.,]+\W*$")  # «مرات القراءة: 231»: a label, whatever box it stands in
# A date behind the name, as in «محمد سعيد الأحد، 15 نوفمبر 2026»; an outlet's number («فرانس 24») is none.
_DATED = re.compile(
    r"[\s|(,،\-–—·•]+(?:(?:ال)?(?:أحد|احد|[إا]ثنين|ثلاثاء|[أا]ربعاء|خميس|جمعة|سبت)[\s،,:|\-–]*(?=\d)"
    r"|(?=\d{1,4}\s*[/.\-]\s*\d|\d{1,2}\s+[^\W\d]{3,}[\s،,]+\d{4}))"
)
_HANDLE = re.compile(r"https?:|www\.|@|\.com\b|\d")
_TITLES = re.compile(r"^(?:د|أ|م|ا)\s*[./]\s*|^(?:الدكتور|الأستاذ|الكاتب الصحفي)ة?\s+(?=\S+\s+\S)")


class Byline(NamedTuple):
    authors: tuple[str, ...]
    credits: tuple[str, ...]


def find_authors(
    meta: Metadata,
    source: Source,
    names: frozenset[str],
    nearby: Sequence[Line],
    text: str = "",
    own: int = 0,
    chosen: Sequence[str] = (),
    explain: Explanation | None = None,
) -> Byline:
    """`names`: the outlet's own, also those that links to the front page show; `nearby`: lines around the headline, of
    which the first `own` stand at it, and at both ends of the `text`; `chosen`: what the source's selector gave.

    The first place that names a person decides; a place may name several. Names that the head writes in Latin letters
    give way to those that the page shows in Arabic ones, and who translated to whoever wrote.
    """
    outlet = names | title_ends(meta)
    places = (
        ("selector", [*chosen], names),
        ("head", _stated(meta), outlet),
        ("page", list(_visible(nearby, own)), names),
        ("text", list(signatures(text, nearby[:own], nearby[own:], outlet)), outlet),
    )
    people: dict[str, str] = {}
    credits: dict[str, str] = {}
    for place, raws, others in places:
        if explain is not None and raws:
            explain.note("authors", where=place, texts=raws)
        found: dict[str, str] = {}
        translators: dict[str, str] = {}
        for raw in raws:
            for name in _split(raw):
                _sort(name, others, translators if _translated(raw) else found, credits)
        found = found or translators
        if found and (not people or _is_better(found, people)):
            people = found
        if people and not (place == "head" and source.language == "ar" and _is_foreign(people)):
            break
    for line in nearby:
        for name in credit_names(line.text) or reporting(line.text):
            credits.setdefault(normalise(name), name)
    return Byline(tuple(people.values())[:MAX_AUTHORS], tuple(credits.values()))


def _translated(raw: str) -> bool:
    return _TRANSLATION.match(raw) is not None


def _is_foreign(people: dict[str, str]) -> bool:
    return all(arabic_share(name) == 0 for name in people)


def _is_better(found: dict[str, str], people: dict[str, str]) -> bool:
    return _is_foreign(people) and not _is_foreign(found)


def is_byline(text: str) -> bool:
    """Whether a line says who wrote, in so many words, and nothing else."""
    if len(text) > MAX_BYLINE or len(text.split()) > 12 or text.endswith((".", "؟", "!", "…")) or QUOTED.search(text):
        return False
    folded = normalise(text)
    lead = _byline.match(folded)
    if lead is None:
        return False
    names = [name for name in _split(text) if not any(map(str.isdigit, name))]  # the rest dates the line
    return bool(names) and all(
        _NAME.fullmatch(name) or is_agency(normalise(name)) or is_place(normalise(name)) for name in names
    )


def signs(line: Line) -> bool:
    """Whether a line names who wrote, or links to one, and could be taken for a teaser."""
    return line.box.role is Role.BYLINE or is_person(line.text) or any(map(_names_person, line.anchors))


def _stated(meta: Metadata) -> list[str]:
    names = [name for key in ("author", "creator") for name in _people(meta.article.get(key), meta)]
    for key in (
        "author",
        "article:author",
        "dc.creator",
        "parsely-author",
        "sailthru.author",
        "itemprop:author",
        "byl",
        "dcterms.creator",
    ):
        names += meta.meta.get(key, ())
    return names


def _people(value: Any, meta: Metadata) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            if "Organization" in "".join(jsonld.types_of(one)):
                continue
            if "name" not in one and "@id" in one:
                one = next((other for other in meta.objects if other.get("@id") == one["@id"] and "name" in other), {})
        yield from jsonld.texts_of(one)


def _visible(nearby: Sequence[Line], own: int) -> Iterator[str]:
    for at, line in enumerate(nearby):
        if len(line.text) > MAX_BYLINE or line.level == 1:
            continue
        signing = [anchor.text for anchor in line.anchors if anchor.signs or (at < own and _names_person(anchor))]
        if is_byline(line.text):
            yield line.text
        elif (wrote := _WROTE_IN.fullmatch(line.text)) and at < own and may_be_person(wrote[1]):
            yield wrote[1]
        elif signing:
            yield from signing
        elif _in_byline_box(line):
            yield from (anchor.text for anchor in line.anchors) if line.link_share > 0.6 else [line.text]
        elif at < own:
            alone = line.text.strip(" -–—·•|")
            named = _is_signature(alone) and line.box.role is not Role.CAPTION and _beside_date(line, nearby[:own])
            yield from [alone] if named else _introduced(line.text)


def _is_signature(text: str) -> bool:
    return is_person(text) or _INITIALS.fullmatch(text) is not None


def _beside_date(line: Line, lines: Sequence[Line]) -> bool:
    beside = (other for other in lines if abs(other.index - line.index) == 1)
    return any(other.box.role is Role.DATE or _DATED.match(f" {other.text}") for other in beside)


def _names_person(anchor: Anchor) -> bool:
    return is_person(anchor.text) or links_writer(anchor)


def links_writer(anchor: Anchor) -> bool:
    """Whether a link leads to a writer's own page and its words can be his name."""
    return _PERSON_PATH.search(anchor.href) is not None and may_be_person(anchor.text)


def _introduced(text: str) -> Iterator[str]:
    """«الكاتب فلان», «17-10-2024 | كتب: فلان |»: a person after a word that says what he did."""
    for lead in (_OFFICE.match(text), _WRITES.search(text)):
        name = PIECES.split(text[lead.end() :])[0].strip() if lead else ""
        if is_person(name):
            yield name
    name, *dated = _DATED.split(text, maxsplit=1)
    if dated and _is_signature(name):
        yield name


def _in_byline_box(line: Line) -> bool:
    if any(box.role in (Role.COMMENTS, Role.SIDEBAR, Role.NAVIGATION, Role.CAPTION) for box in line.box.ancestors(6)):
        return False
    boxes = list(line.box.ancestors(3))
    if any(_BIO.search(box.names) for box in boxes) or _COUNT.search(line.text):
        return False
    if line.link_share < 0.5 and len(line.text.split()) > _MAX_SIGNATURE:
        return False
    return any(box.role is Role.BYLINE or box.itemprop == "author" for box in boxes if box.size <= 6)


def _split(raw: str) -> list[str]:
    """Names as written, without what introduces them; a photographer's is none."""
    text = clean(raw)
    if _photographer.match(normalise(text)):
        return []
    text = _DATED.split(text, maxsplit=1)[0]
    lead = _lead.match(normalise(text) + " ")
    if lead is not None:
        text = _without_words(text, len(lead[0].split()))
    parts = [part for whole in BETWEEN_PEOPLE.split(text) for part in _AND.split(whole)]
    return [name for part in parts for name in without_aside(part)]


def _without_words(text: str, count: int) -> str:
    parts = text.split(None, count)
    return parts[count].lstrip(" :：/|-–—") if len(parts) > count else ""


def _sort(name: str, outlet: frozenset[str], people: dict[str, str], credits: dict[str, str]) -> None:
    folded = normalise(name)
    if _HANDLE.search(name) or is_place(folded):
        return
    if is_agency(folded):
        credits.setdefault(folded, name)
        return
    name = name if _INITIALS.fullmatch(name) else _TITLES.sub("", name)
    if squeezed(name) in outlet or is_nobody(folded) or not _NAME.fullmatch(name) or len(name) > 50:
        return
    people.setdefault(normalise(name), name)
