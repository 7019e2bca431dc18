"""Who wrote an article: people only. Agencies and the outlet itself are credits, places are datelines."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from news.arabic import arabic_share, normalise
from news.documents import Source
from news.extract import jsonld
from news.extract.author_words import is_agency, is_nobody, is_person, is_place
from news.extract.dom import Anchor, Line, clean
from news.extract.explain import Explanation
from news.extract.metadata import Metadata
from news.extract.names import Role
from news.extract.outlet import outlet_names, squeezed, title_ends
from news.extract.phrase_lists import phrases

MAX_BYLINE = 90  # characters of a line that can be a byline
MAX_AUTHORS = 8
_MAX_SIGNATURE = 9  # words of an unlinked line in an author's box; a longer one tells of the author
_BIO = re.compile(r"bio|desc|about-?text|excerpt", re.IGNORECASE)
_MARK = r"(?:\s*[:：/|,،\-–—]+\s*|\s+)"
_lead = re.compile(rf"\W*(?:{phrases('author_leads')}{_MARK})+")
_byline = re.compile(rf"\W*{phrases('byline_leads')}{_MARK}(?=\S)")
_source_line = re.compile(rf"\W*{phrases('source_leads')}\s*[:：|/\-–—]\s*")
_photographer = re.compile(rf"\W*{phrases('photographers')}\b")
_BETWEEN_PEOPLE = re.compile(r"\s*[،,;؛+&]\s*|\s+and\s+|\s+و\s+|\s+/\s+")
# «أحمد علي ومحمد سعيد»: the و is «and», except where it begins a common name.
_AND = re.compile(
    r"(?<=\S)\s+و(?!ليد|ائل|سام|فاء|جدي|ديع|صفي|ردة|سيم|ضاح|داد|حيد|هيب|هبة|جيه|صال|لاء|اصف|ادي|اثق)(?=\S{3,}\s+\S{2,})"
)
_ASIDE = re.compile(r"\s+[-–—ـ|/]+\s*|\s*[-–—ـ|/]+\s+|[()\[\]«»\"“”:]+")
_NAME = re.compile(r"[^\W\d_][^\W\d_'’.\-]*['’.\-]?(?:[ \-'’][^\W\d_][^\W\d_'’.\-]*['’.]?){1,5}")
_QUOTED = re.compile('[«»"“”]')
_OFFICE = re.compile(r"(?:ال)?(?:كاتب|صحفي|صحافي|مراسل)ة?\s+")
_PERSON_PATH = re.compile(r"/(?:authors?|writers?|columnists?|journalists?|reporters?|kuttab|katib)/", re.IGNORECASE)
_DATELINE = re.compile(r"([^:.؛؟!«»\"“”]{2,60}:?(?=\s|$)(?:[^:.،؛؟!«»\"“”]{5,40}$)?)")
_PIECES = re.compile(r"\s*[-–—ـ/|():،]+\s*|\s+من\s+")
_WRITES = re.compile(r"(?:^|[\s|])(?:كتب(?:ت|ها|ه)?|بقلم|إعداد|اعداد|تقرير|تحرير)\s*[:：/]\s*")
_FIGURES = re.compile(r"[\s|(,،\-–]+(?=\d)")  # a date or a clock behind the name
_OPENING = 80  # characters of a text that can hold its dateline
_MAX_NAME = 40  # characters
_HANDLE = re.compile(r"https?:|www\.|@|\.com\b|\d")
_TITLES = re.compile(r"^(?:د|أ|م|ا)\s*[./]\s*|^(?:الدكتور|الأستاذ|الكاتب الصحفي)ة?\s+(?=\S+\s+\S)")


class Byline(NamedTuple):
    authors: tuple[str, ...]
    credits: tuple[str, ...]


def find_authors(
    meta: Metadata,
    source: Source,
    nearby: Sequence[Line],
    text: str = "",
    own: int = 0,
    chosen: Sequence[str] = (),
    explain: Explanation | None = None,
) -> Byline:
    """`nearby`: lines around the headline, of which the first `own` stand at it, and at both ends of the `text`;
    `chosen`: what the source's selector gave.

    The first place that names a person decides; a place may name several. Names that the head writes in Latin letters
    give way to those that the page shows in Arabic ones.
    """
    names = outlet_names(meta, source)
    outlet = names | title_ends(meta)
    places = (
        ("selector", [*chosen], names),
        ("head", _stated(meta), outlet),
        ("page", list(_visible(nearby, own)), names),
        ("text", list(_signatures(text, nearby[:own], nearby[own:], outlet)), outlet),
    )
    people: dict[str, str] = {}
    credits: dict[str, str] = {}
    for place, raws, others in places:
        if explain is not None and raws:
            explain.note("authors", where=place, texts=raws)
        found: dict[str, str] = {}
        for raw in raws:
            for name in _split(raw):
                _sort(name, others, found, credits)
        if found and (not people or _is_better(found, people)):
            people = found
        if people and not (place == "head" and source.language == "ar" and _is_foreign(people)):
            break
    for line in nearby:
        for name in credit_names(line.text) or _reporting(line.text):
            credits.setdefault(normalise(name), name)
    return Byline(tuple(people.values())[:MAX_AUTHORS], tuple(credits.values()))


def _is_foreign(people: dict[str, str]) -> bool:
    return all(arabic_share(name) == 0 for name in people)


def _is_better(found: dict[str, str], people: dict[str, str]) -> bool:
    return _is_foreign(people) and not _is_foreign(found)


def credit_names(text: str) -> list[str]:
    """«المصدر : الجزيرة + وكالات» as its names; nothing for any other line."""
    if len(text) > MAX_BYLINE:
        return []
    found = _source_line.match(normalise(text))
    if found is None:
        return []
    names = _BETWEEN_PEOPLE.split(re.split(r"[:：|/\-–—]", text, maxsplit=1)[-1])
    return [name.strip(" .()[]") for name in names if 1 < len(name.strip(" .()[]")) <= 40]


def is_dateline(text: str) -> bool:
    """«(أبوظبي - وام)» or «القاهرة / رويترز» alone on a line: a place and who reports from it."""
    if len(text) > 60 or text.endswith("."):
        return False
    pieces = _without_aside(text)
    known = [piece for piece in pieces if is_place(normalise(piece)) or is_agency(normalise(piece))]
    return bool(known) and (len(known) == len(pieces) or (len(pieces) == 2 and text[0] in "([" and text[-1] in ")]"))


def _reporting(text: str) -> list[str]:
    return [piece for piece in _without_aside(text) if is_agency(normalise(piece))] if is_dateline(text) else []


def is_byline(text: str) -> bool:
    """Whether a line says who wrote, in so many words, and nothing else."""
    if len(text) > MAX_BYLINE or len(text.split()) > 12 or text.endswith((".", "؟", "!", "…")) or _QUOTED.search(text):
        return False
    folded = normalise(text)
    lead = _byline.match(folded)
    if lead is None:
        return False
    names = [name for name in _split(text) if not any(map(str.isdigit, name))]  # the rest dates the line
    return bool(names) and all(
        _NAME.fullmatch(name) or is_agency(normalise(name)) or is_place(normalise(name)) for name in names
    )


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
        elif signing:
            yield from signing
        elif _in_byline_box(line):
            yield from (anchor.text for anchor in line.anchors) if line.link_share > 0.6 else [line.text]
        elif at < own:
            yield from _introduced(line.text)


def _names_person(anchor: Anchor) -> bool:
    return is_person(anchor.text) or (_PERSON_PATH.search(anchor.href) is not None and _may_be_person(anchor.text))


def _may_be_person(text: str) -> bool:
    """Whether a text where a person stands can be a name: no list has all first names."""
    folded = normalise(text)
    parts = folded.split()
    if not 2 <= len(parts) <= 3 or text.startswith("ال") or not all(len(one) > 1 and one.isalpha() for one in parts):
        return False
    return not (is_agency(folded) or is_nobody(folded) or is_place(folded))


def _introduced(text: str) -> Iterator[str]:
    """«الكاتب فلان», «17-10-2024 | كتب: فلان |»: a person after a word that says what he did."""
    for lead in (_OFFICE.match(text), _WRITES.search(text)):
        name = _PIECES.split(text[lead.end() :])[0].strip() if lead else ""
        if is_person(name):
            yield name


def _signatures(text: str, above: Sequence[Line], below: Sequence[Line], outlet: frozenset[str]) -> Iterator[str]:
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
    text = _FIGURES.split(_QUOTED.sub("", text), maxsplit=1)[0]
    begun = _PIECES.split(text[:_OPENING])
    if len(begun) > 2 and is_place(normalise(begun[0])) and is_person(begun[1]):
        return begun[1]
    dateline = _DATELINE.match(text)
    if dateline is None:
        return None
    pieces = _PIECES.split(dateline[1].strip(" :"))
    people = [piece for piece in pieces if is_person(piece)]
    others = [piece for piece in pieces if piece not in people]
    marked = dateline[1].endswith(":") and len(pieces) > 1
    if marked and not people and is_place(normalise(pieces[0])) and _may_be_person(pieces[-1]):
        return None if squeezed(pieces[-1]) in outlet else pieces[-1]
    marked = marked and pieces[-1:] == people
    if len(people) == 1 and others and all(_locates(piece, outlet, marked) for piece in others):
        return people[0]
    return None


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


def _in_byline_box(line: Line) -> bool:
    if any(box.role in (Role.COMMENTS, Role.SIDEBAR, Role.NAVIGATION, Role.CAPTION) for box in line.box.ancestors(6)):
        return False
    boxes = list(line.box.ancestors(3))
    if any(_BIO.search(box.names) for box in boxes):
        return False
    if line.link_share < 0.5 and len(line.text.split()) > _MAX_SIGNATURE:
        return False
    return any(box.role is Role.BYLINE or box.itemprop == "author" for box in boxes if box.size <= 6)


def _split(raw: str) -> list[str]:
    """Names as written, without what introduces them; a photographer's is none."""
    text = clean(raw)
    if _photographer.match(normalise(text)):
        return []
    lead = _lead.match(normalise(text) + " ")
    if lead is not None:
        text = _without_words(text, len(lead[0].split()))
    parts = [part for whole in _BETWEEN_PEOPLE.split(text) for part in _AND.split(whole)]
    return [name for part in parts for name in _without_aside(part)]


def _without_words(text: str, count: int) -> str:
    parts = text.split(None, count)
    return parts[count].lstrip(" :：/|-–—") if len(parts) > count else ""


def _without_aside(part: str) -> list[str]:
    """«حسام أبو العلا - القاهرة» as its two pieces: each is judged for what it is."""
    return [piece.strip(" .:،,") for piece in _ASIDE.split(part) if piece and piece.strip(" .:،,")]


def _sort(name: str, outlet: frozenset[str], people: dict[str, str], credits: dict[str, str]) -> None:
    folded = normalise(name)
    if _HANDLE.search(name) or is_place(folded):
        return
    if is_agency(folded):
        credits.setdefault(folded, name)
        return
    name = _TITLES.sub("", name)
    if squeezed(name) in outlet or is_nobody(folded) or not _NAME.fullmatch(name) or len(name) > 50:
        return
    people.setdefault(normalise(name), name)
