"""The labelled pairs. docs/duplicates.md says how each kind was labelled."""

import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from email.utils import parsedate_to_datetime
from itertools import combinations
from typing import Any

from benchmarks.copies import agency, edits
from benchmarks.copies.telling import Pair, Telling
from benchmarks.copies.templates import SEEN, THIRD, UNSEEN, events, other_event
from news.arabic import words

Row = dict[str, Any]

# Of a kind, where there are so many.
EACH = 300
# Synthetic edits are made of texts of at least so many words: of shorter ones nothing is left.
LONG = 60
EDITS: dict[str, tuple[edits.Edit, float]] = {
    "5 % of words replaced": (edits.replace_words, 0.05),
    "15 % of words replaced": (edits.replace_words, 0.15),
    "15 % of words touched": (edits.touch_words, 0.15),
    "25 % of words touched": (edits.touch_words, 0.25),
    "30 % of sentences rewritten": (edits.rewrite_sentences, 0.3),
    "50 % of sentences rewritten": (edits.rewrite_sentences, 0.5),
    "cut by 30 %": (edits.cut, 0.3),
    "cut by 60 %": (edits.cut, 0.6),
    "doubled": (edits.doubled, 0.0),
    "paragraphs in another order": (edits.reordered, 0.0),
    "framed by the outlet": (edits.framed, 0.0),
    "half as long again": (edits.lengthened, 0.5),
}


def pairs(rows: Sequence[Row], chance: random.Random, each: int = EACH) -> Iterator[Pair]:
    yield from real(rows)
    yield from edited(rows, chance, each)
    yield from template(chance, each, SEEN, "template:")
    yield from template(chance, each, UNSEEN, "template: unseen")
    yield from template_copies(rows, chance, each)
    yield from strangers(rows, chance, each)
    yield from template(random.Random(12), each, THIRD, "template: third")
    yield from agency.pairs(rows, random.Random(13), each)


def real(rows: Sequence[Row]) -> Iterator[Pair]:
    """Pairs of the corpus, labelled by the exact share of the shorter text's 3-shingles that the longer one has, and
    by time. Where one report tells far more than the other, the shared words are a small part of both together."""
    tellings = [telling(row) for row in rows]
    shingles = [_shingles(one.text) for one in tellings]
    times = [parsedate_to_datetime(row["time"]) for row in rows]
    for i, j in _proposed(tellings):
        least = min(len(shingles[i]), len(shingles[j]))
        contained = len(shingles[i] & shingles[j]) / least if least >= LONG else 0.0
        both = len(shingles[i] | shingles[j])
        alike = len(shingles[i] & shingles[j]) / both if both else 0.0
        if kind := _real_kind(rows[i], rows[j], contained, alike, abs(times[i] - times[j])):
            if "again" in kind and words(tellings[i].text) == words(tellings[j].text):
                continue
            yield Pair(kind, "apart" not in kind, tellings[i], tellings[j])


def _real_kind(one: Row, other: Row, contained: float, alike: float, apart: timedelta) -> str | None:
    soon = apart <= timedelta(hours=48)
    if one["src"] != other["src"]:
        if soon and contained >= 0.5:
            return "copied across outlets" if alike >= 0.3 else "copied into a far longer report"
        return "rewritten across outlets" if soon and contained >= 0.35 else None
    if contained >= 0.8 and soon:
        return "published again by the outlet"
    return "days apart on one subject" if 0 < contained < 0.5 and apart > timedelta(days=3) else None


def edited(rows: Sequence[Row], chance: random.Random, each: int) -> Iterator[Pair]:
    """Another row's title is never taken: half keep their own, half are told by their lead's words."""
    long = [row for row in rows if len(row["text"].split()) >= LONG]
    vocabulary = [word for row in chance.sample(rows, 300) for word in row["text"].split()]
    for kind, (edit, share) in EDITS.items():
        for row in chance.sample(long, each):
            first = telling(row)
            text = edit(first.text, share, vocabulary, chance)
            yield Pair(kind, True, first, Telling(_retold(first, chance), text))


def _retold(one: Telling, chance: random.Random) -> str:
    if chance.random() < 0.5:
        return one.title
    lead = one.text.split()[:14]
    return " ".join(lead[chance.randint(0, 4) :])


def template(chance: random.Random, each: int, file: str, kind: str) -> Iterator[Pair]:
    """Two events of one family. Six in ten under one headline's pattern; else each under any of the family's."""
    for first in events(each * 4, chance, file):
        second = other_event(first, chance)
        title = chance.randrange(3)
        other = title if chance.random() < 0.6 else chance.randrange(3)
        yield Pair(f"{kind} {first.family.name}", False, first.told(title), second.told(other))


def template_copies(rows: Sequence[Row], chance: random.Random, each: int) -> Iterator[Pair]:
    """One event of a template, told by two outlets: other title, dateline, words touched or the end cut."""
    vocabulary = [word for row in chance.sample(rows, 300) for word in row["text"].split()]
    changes = (
        (edits.framed, 0.0), (edits.cut, 0.3), (edits.touch_words, 0.05), (edits.touch_words, 0.1), (edits.doubled, 0.0)
    )  # fmt: skip
    for told in events(each * 2, chance):
        edit, share = chance.choice(changes)
        second = told.told(chance.randrange(3))
        text = edit(second.text, share, vocabulary, chance)
        yield Pair("copy of a template text", True, told.told(chance.randrange(3)), Telling(second.title, text))


def strangers(rows: Sequence[Row], chance: random.Random, each: int) -> Iterator[Pair]:
    for _ in range(each):
        one, other = chance.sample(rows, 2)
        yield Pair("strangers", False, telling(one), telling(other))


def telling(row: Row) -> Telling:
    return Telling(row["title"], row["text"])


def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    body = words(text)
    return frozenset(zip(body, body[1:], body[2:], strict=False))


def _proposed(tellings: Sequence[Telling]) -> Iterator[tuple[int, int]]:
    """All pairs that share three neighbouring words which few texts have: nothing that MinHash would overlook."""
    holders: dict[tuple[str, ...], list[int]] = {}
    for at, one in enumerate(tellings):
        for shingle in _shingles(one.text):
            holders.setdefault(shingle, []).append(at)
    shared: dict[tuple[int, int], int] = {}
    for found in holders.values():
        if 2 <= len(found) <= 12:
            for pair in combinations(found, 2):
                shared[pair] = shared.get(pair, 0) + 1
    return (pair for pair, count in sorted(shared.items()) if count >= 8)
