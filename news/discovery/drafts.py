"""The source file of an outlet that was just discovered, ready to be corrected by hand."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from news.arabic import arabic_share, is_arabic
from news.discovery.article_forms import article_forms
from news.documents import Endpoint, EndpointKind, Page, Source
from news.encodings import decode
from news.urls import in_scope, site_of

# Newsrooms sit in one zone per country here: month names and weekends follow the country, local times the zone.
ZONES = {
    "AE": "Asia/Dubai",
    "BH": "Asia/Bahrain",
    "DJ": "Africa/Djibouti",
    "DZ": "Africa/Algiers",
    "EG": "Africa/Cairo",
    "IQ": "Asia/Baghdad",
    "JO": "Asia/Amman",
    "KM": "Indian/Comoro",
    "KW": "Asia/Kuwait",
    "LB": "Asia/Beirut",
    "LY": "Africa/Tripoli",
    "MA": "Africa/Casablanca",
    "MR": "Africa/Nouakchott",
    "OM": "Asia/Muscat",
    "PS": "Asia/Hebron",
    "QA": "Asia/Qatar",
    "SA": "Asia/Riyadh",
    "SD": "Africa/Khartoum",
    "SO": "Africa/Mogadishu",
    "SY": "Asia/Damascus",
    "TN": "Africa/Tunis",
    "YE": "Asia/Aden",
}
_TITLE_ENDS = re.compile(r"\s+[|–—:-]\s+|\s*\|\s*")
_MOSTLY = 0.5
_LONGEST_NAME = 5  # words; longer ones are mottos and headlines
_MINOR = 0.1  # share of the sampled articles from which another domain counts as the outlet's own


def draft_source(
    homepage: Page, endpoints: Sequence[Endpoint], articles: Sequence[str], *, taken: Collection[str] = ()
) -> dict[str, Any]:
    """The TOML of a new source. `endpoints` were tried; `articles` are addresses that they listed; `taken` ids in use.

    Country and zone are guesses from the page's language and the domain: left out where nothing tells them.
    """
    text, _ = decode(homepage.body, homepage.headers.get("content-type"))
    tree = LexborHTMLParser(text)
    site = site_of(homepage.url)
    country = _country(tree, site)
    domains = _domains(site, articles)
    sections = [endpoint.url for endpoint in endpoints if endpoint.kind is EndpointKind.SECTION]
    draft: dict[str, Any] = {
        "id": _identity(site, taken),
        "name": _name(tree) or site,
        "homepage": homepage.url,
        "country": country,
        "timezone": ZONES.get(country or ""),
        "language": _language(tree),
        "allowed_domains": domains if domains != [site] else None,
        "articles": list(article_forms(articles, [homepage.url, *sections])) or None,
        "endpoints": [_endpoint(endpoint) for endpoint in endpoints],
    }
    return {key: value for key, value in draft.items() if value}


def owner_of(sources: Mapping[str, Source], url: str) -> Source | None:
    """The source to which this address already belongs, if any."""
    return next((source for source in sources.values() if in_scope(source, url)), None)


def _identity(site: str, taken: Collection[str]) -> str:
    whole = re.sub(r"[^a-z0-9]+", "-", site.lower()).strip("-")
    first = whole if site.replace(".", "").isdecimal() or "[" in site else whole.split("-")[0]
    tries: Iterable[str] = (first, whole, *(f"{whole}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in tries if name and name not in taken)


def _name(tree: LexborHTMLParser) -> str:
    """The site's name as its readers write it: an Arabic one before a Latin one, and of a title its shortest part."""
    metas = [tree.css_first(f"meta[{name}]") for name in ("property='og:site_name'", "name='application-name'")]
    names = [(meta.attributes.get("content") or "").strip() for meta in metas if meta is not None]
    title = tree.css_first("head title")
    if title is not None:
        names += sorted((part.strip() for part in _TITLE_ENDS.split(title.text())), key=len)
    names = [" ".join(name.split()) for name in names if 0 < len(name.split()) <= _LONGEST_NAME]
    return next((name for name in names if arabic_share(name) > _MOSTLY), names[0] if names else "")


def _lang(tree: LexborHTMLParser) -> list[str]:
    root = tree.css_first("html")
    return re.split(r"[-_]", (root.attributes.get("lang") or "") if root is not None else "")


def _language(tree: LexborHTMLParser) -> str:
    """What the page is written in, before what its `lang` says: themes ship with «en» and nobody changes it."""
    said = _lang(tree)[0].lower()
    if (tree.body is not None and is_arabic(tree.body.text(separator=" "))) or not re.fullmatch(r"[a-z]{2,3}", said):
        return "ar"
    return said


def _country(tree: LexborHTMLParser, site: str) -> str | None:
    """The domain's ending tells more than the page's language, where every site builder writes ar-SA."""
    ending = site.rpartition(".")[2].upper()
    region = _lang(tree)[-1].upper()
    return next((code for code in (ending, region) if code in ZONES), None)


def _domains(site: str, articles: Sequence[str]) -> list[str]:
    counts = Counter(map(site_of, articles))
    others = [domain for domain, count in counts.most_common() if domain != site and count > _MINOR * len(articles)]
    return [site, *others]


def _endpoint(endpoint: Endpoint) -> dict[str, Any]:
    table = {"kind": endpoint.kind.value, "url": endpoint.url, "enabled": endpoint.enabled}
    words = {"confidence": endpoint.confidence, "evidence": endpoint.evidence, "notes": endpoint.notes}
    return {**table, **{key: value for key, value in words.items() if value}, "checked_at": endpoint.checked_at}
