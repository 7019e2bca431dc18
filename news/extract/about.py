"""The smaller facts of an article: its own address, summary, section, picture and language."""

import re
from urllib.parse import unquote

from news import urls
from news.arabic import is_arabic, words
from news.documents import Source
from news.extract import jsonld
from news.extract.dom import Anchor, Layout, clean
from news.extract.headline import alike
from news.extract.metadata import Metadata
from news.extract.names import Role
from news.extract.phrase_lists import phrases

_TAG = re.compile(r"<[^>]+>")
_HOME = re.compile(phrases("home"))
_GENERIC_SECTION = re.compile(phrases("general_sections"))
_SECTION_SEGMENT = re.compile(r"[^\W\d_][^\W_]*(?:[-_ ][^\W_]+){0,3}")
_PASSED = frozenset(
    {
        "amp", "ar", "arabic", "article", "articles", "content", "details", "home", "index", "m", "news",
        "node", "page", "pages", "post", "posts", "read", "show", "stories", "story", "view",
    }
)  # fmt: skip
_TAG_LINK = re.compile(r"/(?:tags?|topics?|author|keywords?)[/?]", re.IGNORECASE)
_MIN_SUMMARY = 40


def own_address(meta: Metadata, page_url: str, source: Source) -> str:
    """The canonical address: what the page declares, if it can be believed, else where it was found."""
    here = urls.canonical(page_url)
    for declared in (*meta.links.get("canonical", ()), *meta.meta.get("og:url", ())):
        joined = urls.join(meta.base if not declared.startswith("/") else page_url, declared)
        if joined is None:
            continue
        candidate = urls.canonical(joined)
        if _believable(candidate, here, source):
            return candidate
    return here


def _believable(candidate: str, here: str, source: Source) -> bool:
    """On the same registered domain, not a front page, and an article's address where this page's own is one."""
    if urls.site_of(candidate) != urls.site_of(here) or not candidate.split("/", 3)[3]:
        return False
    if candidate == urls.canonical(source.homepage):
        return False
    return not (urls.matches_article(source, here) and not urls.matches_article(source, candidate))


def summary_of(meta: Metadata, title: str, text: str) -> str | None:
    """A description of this article; the outlet's slogan shares no words with it."""
    stock = set(words(f"{title} {text}"))
    for raw in (
        meta.ld("description"),
        *meta.meta.get("og:description", ()),
        *meta.meta.get("description", ()),
        meta.first("twitter:description"),
    ):
        described = clean(_TAG.sub(" ", raw))
        own = [word for word in words(described) if len(word) > 2]
        if len(described) < _MIN_SUMMARY or not own or alike(described, title) >= 0.95:
            continue
        if sum(word in stock for word in own) >= 0.5 * len(own):
            return described
    return None


def section_of(layout: Layout, meta: Metadata, title: str, url: str, source: Source) -> str | None:
    """Breadcrumb, then meta, then JSON-LD, then the address: the innermost section that is none of everything."""
    trail = _visible_trail(layout) or _stated_trail(meta)
    stated = [*meta.meta.get("article:section", ())[:1], *reversed(jsonld.texts_of(meta.article.get("articleSection")))]
    outlet = {"".join(words(name)) for name in (source.name, meta.site_name) if name}
    candidates = [clean(name) for name in (*reversed(trail), *stated, *_from_path(url))]
    named = [name for name in candidates if _is_section(name, title) and "".join(words(name)) not in outlet]
    return next((name for name in named if not _is_generic(name)), next(iter(named), None))


def _is_section(name: str, title: str) -> bool:
    folded = " ".join(words(name))
    if not folded or len(name) > 50 or len(name.split()) > 6 or _HOME.fullmatch(folded) or folded.isdigit():
        return False
    return alike(name, title) < 0.85 and not title.startswith(name.rstrip(".… "))


def _is_generic(name: str) -> bool:
    return _GENERIC_SECTION.fullmatch(" ".join(words(name))) is not None


def _visible_trail(layout: Layout) -> list[str]:
    for box in layout.boxes:
        if box.role is Role.BREADCRUMB and not box.hidden and 0 < box.size <= 12:
            trail = [anchor.text for line in layout.of(box) for anchor in line.anchors if _leads_to_section(anchor)]
            if trail:
                return list(dict.fromkeys(trail))
    return []


def _leads_to_section(anchor: Anchor) -> bool:
    return bool(anchor.text) and not _TAG_LINK.search(anchor.href)


def _stated_trail(meta: Metadata) -> list[str]:
    for one in meta.objects:
        if "BreadcrumbList" in jsonld.types_of(one):
            items = one.get("itemListElement")
            steps = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
            return [jsonld.text_of(item.get("name")) or jsonld.text_of(item.get("item")) for item in steps]
    return []


def _from_path(url: str) -> list[str]:
    segments = [unquote(part) for part in url.split("?")[0].split("/")[3:]]
    named = [part for part in segments[:-1] if part.lower() not in _PASSED and _SECTION_SEGMENT.fullmatch(part)]
    return [named[0].replace("-", " ").replace("_", " ")] if named else []


def image_of(meta: Metadata) -> str | None:
    image = meta.article.get("image")
    if isinstance(image, list):
        image = image[0] if image else None
    stated = (
        jsonld.text_of(image.get("url") or image.get("@list") or image.get("contentUrl"))
        if isinstance(image, dict)
        else jsonld.text_of(image)
    )
    for raw in (
        stated,
        meta.first("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src"),
        meta.ld("thumbnailUrl"),
    ):
        if raw and (joined := urls.join(meta.base, raw)):
            return joined
    return None


def language_of(title: str, text: str, meta: Metadata, source: Source) -> str:
    """By the letters: an outlet's `lang` attribute is often that of its software."""
    if is_arabic(f"{title}\n{text[:4000]}"):
        return "ar"
    stated = meta.language.split("-")[0]
    if source.language != "ar":
        return source.language
    return stated if stated and stated != "ar" else "und"
