"""Guessing the form of an outlet's article addresses from a handful of them."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from news.urls import decoded_path

_FORMS_AT_MOST = 3
_FEWEST = 3  # examples of one form; fewer may be an accident
_SHARE = 0.15  # of all examples that one form must cover

# The kinds of one path segment: the first that fits. A segment with an extension is split off it beforehand.
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("date", re.compile(r"\d{4}-\d{2}-\d{2}")),
    ("year", re.compile(r"(?:19|20)\d{2}")),
    ("number", re.compile(r"\d+")),
    ("number-slug", re.compile(r"\d{4,}-.+")),
    ("slug-number", re.compile(r".+-\d{4,}")),
    ("id", re.compile(r"(?=[a-z0-9]*\d)(?=[0-9]*[a-z])[a-z0-9]{6,16}")),
    ("word", re.compile(r"[A-Za-z_]{1,20}(?:-[A-Za-z_]{1,20}){0,2}")),
    ("slug", re.compile(r".+")),
)
# Words that belong to the form itself. Any other is taken for a section's name, of which the examples show but some.
_FIXED = re.compile(
    "ar|arabic|articles?|content|details?|home|item|na?|news|newsdetails|node|online|pages?|posts?|press|read|show"
    "|story|stories|view|web",
    re.IGNORECASE,
)
_EXTENSION = re.compile(r"(.+)(\.(?:html?|aspx?|php|shtml))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Address:
    segments: tuple[tuple[str, str, str], ...]  # kind, stem, extension
    numbers: dict[str, str]  # query keys whose values are numbers

    @property
    def form(self) -> tuple[object, ...]:
        kinds = tuple((kind, extension.lower()) for kind, _, extension in self.segments)
        return (kinds, tuple(sorted(self.numbers)))


def article_forms(urls: Sequence[str], others: Sequence[str] = ()) -> tuple[str, ...]:
    """Regular expressions on the decoded path, the commonest form first; none where no form stands out.

    `others` are addresses of what is no article (the homepage, the sections): a form that matches one is dropped.
    """
    paths = dict.fromkeys(decoded_path(url) for url in urls)
    groups: dict[object, list[_Address]] = defaultdict(list)
    for path in paths:
        address = _read(path)
        groups[address.form].append(address)
    enough = max(_FEWEST, _SHARE * len(paths))
    common = sorted((group for group in groups.values() if len(group) >= enough), key=len, reverse=True)
    forms = dict.fromkeys(form for group in common if (form := _expression(group)))
    avoid = [decoded_path(url) for url in others]
    return tuple(form for form in forms if not any(re.search(form, path) for path in avoid))[:_FORMS_AT_MOST]


def _read(path: str) -> _Address:
    bare, _, query = path.partition("?")
    *front, last = (_segment(segment) for segment in bare.split("/")[1:])
    if any(kind in ("date", "year", "number") for kind, _, _ in front) and last[0] not in ("number", "end"):
        last = ("slug", *last[1:])  # the front tells enough: headlines may begin or end with anything
    segments = (*front, last)
    numbers = {key: value for key, value in parse_qsl(query) if value.isdecimal()}
    return _Address(segments, numbers)


def _segment(segment: str) -> tuple[str, str, str]:
    match = _EXTENSION.fullmatch(segment)
    stem, extension = (match[1], match[2]) if match else (segment, "")
    kind = next((kind for kind, pattern in _KINDS if pattern.fullmatch(stem)), "end")  # the end: a trailing slash
    return kind, stem, extension


def _expression(group: Sequence[_Address]) -> str | None:
    """None where nothing in the form would tell an article from any other page."""
    columns = list(zip(*(address.segments for address in group), strict=True))
    parts = [_part(column) for column in columns]
    telling = any(_tells(column) for column in columns)
    expression = "^/" + "/".join(parts)
    key = _key(group)
    if not telling and key is None:
        return None
    if not telling:
        return rf"{expression}\?(?:.*&)?{_literal(key or '')}=\d+"
    closed = columns[-1][0][0] not in ("slug", "number-slug", "end")
    return f"{expression}$" if closed else expression


def _tells(column: Sequence[tuple[str, str, str]]) -> bool:
    """Whether the segment holds a date, a headline with its number, or a number or id that differs between articles."""
    kind, stems = column[0][0], {stem for _, stem, _ in column}
    if kind in ("date", "year", "number-slug", "slug-number"):
        return True
    return kind in ("number", "id") and len(stems) > 1


def _key(group: Sequence[_Address]) -> str | None:
    """The query's number that differs most: that is the article's."""
    keys = group[0].numbers
    counts = {key: len({address.numbers[key] for address in group}) for key in keys}
    best = max(counts, key=lambda key: counts[key], default=None)
    return best if best is not None and counts[best] > 1 else None


def _part(column: Sequence[tuple[str, str, str]]) -> str:
    kind = column[0][0]
    stems = [stem for _, stem, _ in column]
    extension = _literal(column[0][2])
    if kind == "word" and len(set(stems)) == 1 and (extension or _FIXED.fullmatch(stems[0])):
        return _literal(stems[0]) + extension
    shortest = min(map(len, stems))
    number = rf"\d{{{shortest - 1},}}" if kind == "number" and shortest > 4 else r"\d+"
    body = {
        "date": r"\d{4}-\d{2}-\d{2}",
        "year": r"\d{4}",
        "number": number,
        "number-slug": r"\d{4,}-[^/]+",
        "slug-number": r"[^/]+-\d{4,}",
        "id": "[a-z0-9]{6,16}",
        "word": "[A-Za-z_-]+",
        "slug": "[^/]+",
        "end": "",
    }[kind]
    return body + extension


def _literal(text: str) -> str:
    return re.escape(text).replace(r"\-", "-")
