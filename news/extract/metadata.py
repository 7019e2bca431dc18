"""What a page's head says of it: meta elements, links and JSON-LD, read once."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser

from news import urls
from news.extract import jsonld
from news.extract.dom import clean
from news.extract.jsonld import ARTICLE_TYPES, MEDIA_TYPES, Object

_TOLD = 'meta[content], link[rel][href], script[type^="application/ld+json"], base[href]'


@dataclass(slots=True)
class Metadata:
    """`meta` by lower-case property or name, in the page's order; `article` the JSON-LD object that is this page's."""

    meta: dict[str, list[str]] = field(default_factory=dict)
    links: dict[str, list[str]] = field(default_factory=dict)
    title: str = ""
    language: str = ""
    base: str = ""
    objects: list[Object] = field(default_factory=list)
    article: Object = field(default_factory=dict)

    def first(self, *names: str) -> str:
        for name in names:
            for value in self.meta.get(name, ()):
                if value:
                    return value
        return ""

    def ld(self, *keys: str) -> str:
        return next((clean(found) for key in keys if (found := jsonld.text_of(self.article.get(key)))), "")

    @property
    def types(self) -> set[str]:
        return jsonld.types_of(self.article)

    @property
    def site_name(self) -> str:
        return self.first("og:site_name", "application-name", "twitter:app:name:iphone")


def read_metadata(parser: LexborHTMLParser, page_url: str) -> Metadata:
    found = Metadata(base=page_url)
    base = ""
    for node in parser.css(_TOLD):
        attributes, tag = node.attributes, node.tag
        if tag == "meta":
            _add_meta(found, attributes)
        elif tag == "link":
            for rel in (attributes.get("rel") or "").lower().split():
                found.links.setdefault(rel, []).append((attributes.get("href") or "").strip())
        elif tag == "script":
            found.objects.extend(jsonld.read(node.text()))
        else:
            base = base or attributes.get("href") or ""
    title = parser.css_first("head > title") or parser.css_first("title")
    found.title = clean(title.text()) if title is not None else ""
    root = parser.css_first("html")
    found.language = ((root.attributes.get("lang") or "") if root is not None else "").lower()
    found.base = (base and urls.join(page_url, base)) or page_url
    found.article = _own_article(found, page_url)
    return found


def _add_meta(found: Metadata, attributes: dict[str, str | None]) -> None:
    content = clean(attributes.get("content") or "")
    if not content:
        return
    for key in ("property", "name", "itemprop"):
        name = (attributes.get(key) or "").strip().lower()
        if name:
            found.meta.setdefault(name if key != "itemprop" else "itemprop:" + name, []).append(content)


def _own_article(found: Metadata, page_url: str) -> Object:
    """The article object of this page: by its address, else by its headline, else the only one or the first."""
    for kinds in (ARTICLE_TYPES, MEDIA_TYPES):
        matching = [one for one in found.objects if jsonld.types_of(one) & kinds]
        if matching:
            return _best(matching, found, page_url)
    loose = [one for one in found.objects if "headline" in one and "datePublished" in one]
    return _best(loose, found, page_url) if loose else {}


def _best(objects: list[Object], found: Metadata, page_url: str) -> Object:
    here = {
        identity
        for address in (page_url, *found.links.get("canonical", ()))
        if (identity := _identity(page_url, address))
    }
    for one in objects:
        if any(_identity(page_url, address) in here for address in _addresses(one)):
            return one
    title = found.first("og:title") or found.title
    for one in objects:
        headline = jsonld.text_of(one.get("headline"))
        if headline and headline[:40] in title:
            return one
    # Several articles and none of them this page: a list of others.
    return objects[0] if len(objects) <= 2 else {}


def _addresses(one: Object) -> Iterable[str]:
    for key in ("url", "@id", "mainEntityOfPage"):
        yield from jsonld.texts_of(one.get(key))
        if isinstance(one.get(key), dict):
            yield from jsonld.texts_of(one[key].get("@id"))


def _identity(base: str, address: str) -> str | None:
    joined = urls.join(base, address)
    return urls.canonical(joined) if joined else None
