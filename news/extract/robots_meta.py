"""What a page asks of robots: meta elements and the X-Robots-Tag header, for us and for all."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

AGENT = "marsad"
_ALL = "robots"
_VALUED = frozenset(("max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"))
_AGENT_PREFIX = re.compile(r"\s*([a-z0-9_-]+)\s*:\s*(.*)$", re.IGNORECASE | re.DOTALL)


class Wishes(NamedTuple):
    noindex: bool
    nofollow: bool
    noarchive: bool


def read_wishes(meta: Mapping[str, list[str]], headers: Mapping[str, str]) -> Wishes:
    """Rules for all robots and for ours, those for other agents left out."""
    rules: set[str] = set()
    for name in ("robots", AGENT):
        for content in meta.get(name, ()):
            rules.update(_rules(content.split(",")))
    rules.update(_header_rules(headers.get("x-robots-tag", "")))
    everything = "none" in rules
    return Wishes(
        noindex=everything or "noindex" in rules,
        nofollow=everything or "nofollow" in rules,
        noarchive="noarchive" in rules or "nocache" in rules,
    )


def joined(lines: Iterable[str]) -> str:
    """Several X-Robots-Tag lines as one: a line without a name of its own is given that of all robots."""
    return ", ".join(line if _agent(line) else f"{_ALL}: {line}" for line in lines)


def _header_rules(header: str) -> set[str]:
    """`noindex, googlebot: nofollow, noarchive`: a name governs what follows, to the next name."""
    rules: set[str] = set()
    agent = _ALL
    for part in header.split(","):
        if named := _agent(part):
            agent, part = named
        if agent in (AGENT, _ALL):
            rules.update(_rules([part]))
    return rules


def _agent(part: str) -> tuple[str, str] | None:
    """The robot that a part names, and its rule."""
    named = _AGENT_PREFIX.match(part)
    return (named[1].lower(), named[2]) if named and named[1].lower() not in _VALUED else None


def _rules(parts: Iterable[str]) -> set[str]:
    return {part.strip().lower() for part in parts}
