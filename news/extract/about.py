"""The smaller facts of an article: its own address, summary, picture and language."""

import re

from news import urls
from news.arabic import is_arabic, words
from news.documents import Source
from news.extract import jsonld
from news.extract.dom import clean
from news.extract.headline import alike
from news.extract.metadata import Metadata
from news.extract.topic import Subject

_TAG = re.compile(r"<[^>]+>")
_FRONT = re.compile(r"(?:ar/?|(?:ar/)?(?:index|default|home)(?:\.\w+)?)", re.IGNORECASE)
_MIN_SUMMARY = 40
_SAMPLE = 1500  # characters of a text that tell its language


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
    if candidate == urls.canonical(source.homepage) or _FRONT.fullmatch(candidate.split("/", 3)[3]):
        return False
    return not (urls.matches_article(source, here) and not urls.matches_article(source, candidate))


def summary_of(meta: Metadata, subject: Subject) -> str | None:
    """A description of this article; the outlet's slogan shares no words with it."""
    for raw in (
        meta.ld("description"),
        *meta.meta.get("og:description", ()),
        *meta.meta.get("description", ()),
        meta.first("twitter:description"),
    ):
        described = clean(_TAG.sub(" ", raw))
        own = [word for word in words(described) if len(word) > 2]
        if len(described) < _MIN_SUMMARY or not own or alike(described, subject.title) >= 0.95:
            continue
        if sum(map(subject.mentions, own)) >= 0.5 * len(own):
            return described
    return None


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
    if is_arabic(f"{title}\n{text[:_SAMPLE]}"):
        return "ar"
    stated = meta.language.split("-")[0]
    if source.language != "ar":
        return source.language
    return stated if stated and stated != "ar" else "und"
