"""The outlet's own names, which stand where an author's should and on every headline's end."""

import re
from collections.abc import Iterable

from news.arabic import words
from news.documents import Source
from news.extract import jsonld
from news.extract.dom import Layout
from news.extract.metadata import Metadata

PARTED = re.compile(r"\s+[|\-–—:»«•·~]+\s+|\s*[|»]\s*")  # how titles part the headline from other names
_OWNERS = frozenset({"Organization", "NewsMediaOrganization", "WebSite", "Corporation"})
_MAX = 5  # words of an outlet's name


def squeezed(name: str) -> str:
    """A name without blanks, hyphens and the like, for which no two writers use the same."""
    return "".join(words(name))


def outlet_names(meta: Metadata, source: Source) -> frozenset[str]:
    """What the source, the page's head and its address call the outlet, squeezed."""
    host = source.homepage.split("//")[-1].split("/")[0].removeprefix("www.")
    owners = [jsonld.text_of(one.get("name")) for one in meta.objects if jsonld.types_of(one) & _OWNERS]
    named = (source.name, meta.site_name, meta.ld("publisher"), *owners)
    parts = (part for name in named for part in (name, *PARTED.split(name)))
    addressed = (source.id, host, host.split(".")[0], meta.first("twitter:site").lstrip("@"))
    folded = {squeezed(name) for name in (*parts, *addressed) if name}
    return frozenset({name for one in folded if one for name in (one, "ال" + one, one.removeprefix("ال"))} - {""})


def shown_names(layout: Layout, source: Source) -> frozenset[str]:
    """What links to the front page say, in words or by their picture, squeezed."""
    host = source.homepage.split("//")[-1].split("/")[0]
    front = re.compile(
        rf"(?:(?:https?:)?//(?:www\.)?{re.escape(host.removeprefix('www.'))})?/?(?:index\.\w+)?", re.IGNORECASE
    )
    links = (anchor for anchor in layout.anchors if anchor.href and front.fullmatch(anchor.href))
    names = {
        squeezed(name) for link in links for name in (link.text, link.alt, link.label) if 0 < len(name.split()) <= _MAX
    }
    return frozenset(names - {""})


def title_ends(meta: Metadata) -> frozenset[str]:
    """What the page's title adds to its headline, squeezed: the outlet's name as a rule, sometimes a section's."""
    parts = PARTED.split(meta.title)
    return frozenset(squeezed(part) for part in _ends(parts) if 0 < len(part.split()) <= _MAX)


def _ends(parts: list[str]) -> Iterable[str]:
    return (*parts[1:], *(parts[:1] if len(parts) > 1 else ()))
