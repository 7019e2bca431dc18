"""A store of as many documents as wanted, recombined from the corpus's articles.

A document has the title and summary of an article and as many paragraphs as it: about half of them its own, the rest
from other articles of its section. So documents are as long as real ones, and words that stand together in the press
do here. Some are copies: the same text a little later, from another outlet, in the first one's cluster.

What the import path would do besides (fingerprints, bands, decisions) is left out, as no search reads it: the rows of
documents and addresses are written as they would be, and the search index is filled by its follower.
"""

import random
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, insert

from benchmarks.corpus import rows
from index.database import documents, urls
from index.store import Store

OUTLETS: Final = 100
A_DAY: Final = 2000
COPIES: Final = 0.1
OWN: Final = 0.5  # Of the paragraphs.
_RECENT: Final = 500  # Documents among which a copy has its original.
_STEP: Final = 5000


@dataclass(frozen=True, slots=True)
class Telling:
    title: str
    summary: str | None
    section: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Made:
    number: int
    outlet: str
    telling: Telling
    cluster: int

    @property
    def id(self) -> str:
        return _id(self.number)

    @property
    def url(self) -> str:
        return f"https://{self.outlet}.example/news/2026/{self.number * 7919 % 10_000_019}"


def tellings() -> list[Telling]:
    return [
        Telling(row["title"], row["abstract"] or None, row["cat"], tuple(filter(None, row["text"].split("\n"))))
        for row in rows()
    ]


def recombined(count: int, chance: random.Random) -> Iterator[Made]:
    found = tellings()
    pools: defaultdict[str, list[str]] = defaultdict(list)
    for one in found:
        pools[one.section] += one.paragraphs
    outlets = [f"outlet{number}" for number in range(OUTLETS)]
    shares = [1 / (rank + 3) for rank in range(OUTLETS)]  # a few outlets publish much, most of them little
    recent: deque[Made] = deque(maxlen=_RECENT)
    for number in range(1, count + 1):
        outlet = chance.choices(outlets, shares)[0]
        if recent and chance.random() < COPIES:
            made = replace(chance.choice(recent), number=number, outlet=outlet)
        else:
            made = Made(number, outlet, _mixed(chance.choice(found), pools, chance), number)
        recent.append(made)
        yield made


def _mixed(one: Telling, pools: dict[str, list[str]], chance: random.Random) -> Telling:
    pool = pools[one.section]
    kept = [own if chance.random() < OWN else chance.choice(pool) for own in one.paragraphs]
    return replace(one, paragraphs=tuple(kept))


def fill(store: Store, count: int, now: datetime, seed: int = 3) -> None:
    """The latest document is from `now`, the others before it, so many a day."""
    made = recombined(count, random.Random(seed))
    first = now - timedelta(days=count / A_DAY)
    while some := list(islice(made, _STEP)):
        store.writer.submit(partial(_insert, made=some, first=first)).result()


def _insert(conn: Connection, made: Sequence[Made], first: datetime) -> None:
    conn.execute(insert(documents), [_document(one, first) for one in made])
    conn.execute(insert(urls), [_address(one, first) for one in made])


def _document(one: Made, first: datetime) -> dict[str, Any]:
    seen = _seen(one, first)
    return {
        "row": one.number, "id": one.id, "seq": one.number, "created_seq": one.number, "source": one.outlet,
        "cluster_id": _id(one.cluster), "duplicate_of": None if one.cluster == one.number else _id(one.cluster),
        "first_seen_at": seen, "fetched_at": seen, "revision": 1, "revised_at": seen, "url": one.url,
        "requested_url": one.url, "found_kind": "feed", "language": "ar", "section": one.telling.section,
        "published_at": seen - timedelta(minutes=20), "published_precision": "minute",
        "published_calendar": "gregorian", "published_offset": 0, "published_from": "json-ld", "authors": (),
        "credits": (), "stories": (),
        "title": one.telling.title, "summary": one.telling.summary, "text": "\n".join(one.telling.paragraphs),
    }  # fmt: skip


def _address(one: Made, first: datetime) -> dict[str, Any]:
    seen = _seen(one, first)
    return {
        "url": one.url, "source": one.outlet, "site": f"{one.outlet}.example", "outcome": "stored", "outcome_at": seen,
        "document_id": one.id, "hop": 0, "found_kind": "feed", "first_listed_at": seen, "priority_at": seen,
        "attempts": 1,
    }  # fmt: skip


def _seen(one: Made, first: datetime) -> datetime:
    return first + one.number * timedelta(days=1 / A_DAY)


def _id(number: int) -> str:
    return sha256(f"recombined {number}".encode()).hexdigest()[:32]
