"""Which section an article stands in: breadcrumb, then the head, then a label at the headline, then the menu's entry
there, then a line below the text, then the address."""

import re
from collections.abc import Sequence
from urllib.parse import unquote

from news.arabic import arabic_share, words
from news.documents import Source
from news.extract import jsonld
from news.extract.dom import Anchor, Layout, Line, clean
from news.extract.explain import Explanation
from news.extract.headline import alike
from news.extract.metadata import Metadata
from news.extract.names import Role
from news.extract.outlet import squeezed
from news.extract.phrase_lists import phrases
from news.extract.section_links import FRONT, filed_below, in_menu, is_known

_HOME = re.compile(phrases("home"))
_GENERIC = re.compile(phrases("general_sections"))
_SEGMENT = re.compile(r"[^\W\d_][^\W_]*(?:[-_ ][^\W_]+){0,3}")
_PASSED = frozenset(
    {
        "amp", "ar", "arabic", "article", "articles", "content", "details", "home", "index", "m", "news",
        "node", "page", "pages", "post", "posts", "read", "show", "stories", "story", "view",
    }
)  # fmt: skip
_TAG_LINK = re.compile(r"/(?:tags?|topics?|author|keywords?)[/?]", re.IGNORECASE)
_LABEL = re.compile(
    r"(?:^|[\s_-])(?:cat|category|categories|section|kicker|overline|eyebrow|channel|rubric)(?:$|[\s_-])"
    r"|(?:post|news|article|entry)-?cat\b|cat(?:egory)?-?(?:name|title|link)",
    re.IGNORECASE,
)
_TRAIL = 10  # lines above the headline among which a breadcrumb stands
_STEP_WORDS = 4
_MENU = 3  # entries beside «الرئيسية» that are the site's menu
_STEP = re.compile(r"[»«›‹>/\\|•\-–←]")
_ABOVE, _BELOW = 4, 8  # lines around the headline in which its section is named
_NAMED = re.compile(r"(?:ال)?(?:قسم|تصنيف|باب)\s*:\s*(.{2,40})")
_KICKER_NAME = re.compile(r"kicker|overline|eyebrow", re.IGNORECASE)
_NOT_HERE = frozenset((Role.NAVIGATION, Role.SIDEBAR, Role.POPULAR, Role.RELATED, Role.COMMENTS))


def section_of(
    layout: Layout,
    headline: int | None,
    meta: Metadata,
    outlet: frozenset[str],
    title: str,
    url: str,
    source: Source,
    text: tuple[int, int],
    explain: Explanation | None = None,
) -> str | None:
    """The innermost section that is none of everything. `headline`: the number of its line; `outlet`: the outlet's own
    names, which are none; `text`: first and last line.
    """
    trail = _visible_trail(layout) or _written_trail(layout, headline) or _stated_trail(meta)
    labels = _labels(layout, headline) if headline is not None else []
    shown = [*in_menu(layout, headline, text[0], (title, meta.title)), *filed_below(layout, text[1])]
    stated = _stated_sections(meta, [*labels, *shown])
    folders = _from_path(url, source)
    if explain is not None:
        explain.note("section", breadcrumb=trail, head=stated, labels=labels, shown=shown, address=folders)
    candidates = [clean(name) for name in (*reversed(trail), *stated, *labels, *shown, *folders)]
    named = [name for name in candidates if _is_section(name, title) and squeezed(name) not in outlet]
    return next((name for name in named if not _is_generic(name)), next(iter(named), None))


def _stated_sections(meta: Metadata, labels: Sequence[str]) -> list[str]:
    """Of several in one place the one that the page shows at its headline goes first."""
    several = jsonld.texts_of(meta.article.get("articleSection"))
    shown = [name for name in several if name in labels]
    told = [name for key in ("article:section", "section", "parsely-section") for name in meta.meta.get(key, ())[:1]]
    return [*told[:1], *shown, *reversed(several)]


def _is_section(name: str, title: str) -> bool:
    folded = " ".join(words(name))
    if not folded or len(name) > 50 or len(name.split()) > 6 or _HOME.fullmatch(folded) or folded.isdigit():
        return False
    return alike(name, title) < 0.85 and not title.startswith(name.rstrip(".… "))


def _is_generic(name: str) -> bool:
    return _GENERIC.fullmatch(" ".join(words(name))) is not None


def _visible_trail(layout: Layout) -> list[str]:
    for box in layout.boxes:
        if box.role is Role.BREADCRUMB and not box.hidden and 0 < box.size <= 12:
            trail = [anchor.text for line in layout.of(box) for anchor in line.anchors if _leads_to_section(anchor)]
            if trail:
                linked = [step for step in trail if not _is_home(step)]
                return list(dict.fromkeys(trail if linked else [*trail, *_unlinked_step(layout.of(box))]))
    return []


def _unlinked_step(lines: Sequence[Line]) -> list[str]:
    """«<a>الرئيسية</a> » بيانات»: the section itself, where the trail ends with it."""
    last = lines[-1]
    after = last.text.rpartition(last.anchors[-1].text)[2] if last.anchors else last.text
    step = after.strip(" »«›‹>/\\|•·-–←")
    return [step] if 0 < len(step.split()) <= _STEP_WORDS else []


def _written_trail(layout: Layout, headline: int | None) -> list[str]:
    """«الرئيسية » اقتصاد » …» on a line above the headline, in a box of any name."""
    for line in reversed(layout.lines[max((headline or 0) - _TRAIL, 0) : headline or 0]):
        first, *others = [anchor.text for anchor in line.anchors if _leads_to_section(anchor)] or [""]
        parted = _STEP.search(line.text[len(first) : len(first) + 4]) or (len(others) < _MENU and line.link_share > 0.9)
        if first and others and parted and _is_home(first) and line.text.startswith(first):
            return others
    return []


def _is_home(step: str) -> bool:
    return _HOME.fullmatch(" ".join(words(step))) is not None


def _leads_to_section(anchor: Anchor) -> bool:
    return bool(anchor.text) and not anchor.href.startswith("#") and not _TAG_LINK.search(anchor.href)


def _stated_trail(meta: Metadata) -> list[str]:
    for one in meta.objects:
        if "BreadcrumbList" in jsonld.types_of(one):
            items = one.get("itemListElement")
            steps = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
            return [jsonld.text_of(item.get("name")) or jsonld.text_of(item.get("item")) for item in steps]
    return []


def _labels(layout: Layout, headline: int) -> list[str]:
    """Links at the headline that a class or `rel` calls its category, and one that stands alone right above it."""
    near = layout.lines[max(headline - _ABOVE, 0) : headline + _BELOW]
    lines = [line for line in near if not any(box.role in _NOT_HERE for box in line.box.ancestors(6))]
    named = [anchor.text for line in lines for anchor in line.anchors if _is_label(anchor, line)]
    named += [line.text for line in lines if not line.anchors and _is_unlinked_label(line)]
    named += [found[1].strip() for line in lines if (found := _NAMED.fullmatch(line.text))]
    above = [line.text for line in lines if _is_kicker(line, headline)]
    return [name for name in (*named, *above) if len(name.split()) <= 4]


def _is_label(anchor: Anchor, line: Line) -> bool:
    if not anchor.text or anchor.signs:
        return False
    names = (anchor.names, *(box.names for box in line.box.ancestors(2) if box.size <= 3))
    if "category" in anchor.rel.split() or line.box.itemprop in ("about", "articleSection"):
        return True
    return any(_LABEL.search(one) for one in names if one)


def _is_unlinked_label(line: Line) -> bool:
    """A category's name; what stands in a kicker without a link is more often about the story."""
    names = line.box.names
    return _LABEL.search(names) is not None and (_KICKER_NAME.search(names) is None or is_known(line.text))


def _is_kicker(line: Line, headline: int) -> bool:
    if line.index != headline - 1 or line.box.hidden:
        return False
    if line.link_share < 1 and not (line.level > 1 and is_known(line.text)):
        return False
    if any(FRONT.fullmatch(anchor.href.partition("#")[0]) for anchor in line.anchors):
        return False
    return any(box.first >= headline - 2 and box.last > headline for box in line.box.ancestors(3))


def _from_path(url: str, source: Source) -> list[str]:
    """The first folder of the address that readers would know as a section: of an Arabic outlet an Arabic one."""
    segments = [unquote(part) for part in url.split("?")[0].rstrip("/").split("/")[3:]]
    named = [part for part in segments[:-1] if part.lower() not in _PASSED and _SEGMENT.fullmatch(part)]
    known = [part for part in named if source.language != "ar" or arabic_share(part) > 0.5]
    return [known[0].replace("-", " ").replace("_", " ")] if known else []
