"""Holding the search index against the store, document by document and version by version, and mending what differs."""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Final

from elasticsearch import Elasticsearch
from sqlalchemy import Connection, select

from index.columns import microseconds
from index.database import documents, rejected
from index.documents.sequence import last_seq, raise_floor, touch
from index.elastic import bulk, inventory
from index.elastic.caretaker import Caretaker
from index.elastic.inventory import Held
from index.elastic.names import month_in, month_start
from index.elastic.standing import Standing
from index.follower import position_of

log = logging.getLogger(__name__)

_BATCH: Final = 1000


@dataclass(slots=True)
class Differences:
    """`missing` and `stale` (another version than the store's) are ids; `unknown` is what the store does not have.
    What is still to be sent, and what was put aside, is none of these."""

    compared: int = 0
    missing: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    unknown: list[Held] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.missing or self.stale or self.unknown)


def compare(place: Caretaker, mine: Standing) -> Differences:
    """Month by month, so that memory holds one of them."""
    found = Differences()
    for index in sorted(mine.filled):
        month = month_in(index)
        if month is not None:
            _compare_month(place, mine, index, month, found)
    return found


def mend(place: Caretaker, mine: Standing, differences: Differences, now: datetime) -> None:
    """What is unknown goes; the rest is changed in the store, and so sent again with a version above all others."""
    _delete(place.client, differences.unknown)
    highest = inventory.highest_seq(place.client, place.names.every_index(mine.generation))
    again = [*differences.missing, *differences.stale]

    def change(conn: Connection) -> None:
        raise_floor(conn, highest)
        touch(conn, again, now)

    place.store.writer.submit(change).result()


def recover(place: Caretaker, mine: Standing, now: datetime) -> None:
    """After a power cut or a restore the index may hold what the store has lost."""
    highest = inventory.highest_seq(place.client, place.names.every_index(mine.generation))
    with place.store.read() as conn:
        if highest <= last_seq(conn):
            return
    differences = compare(place, mine)
    mend(place, mine, differences, now)
    log.warning(
        "The search index was ahead of the store: %d documents dropped there, %d sent again",
        len(differences.unknown),
        len(differences.missing) + len(differences.stale),
    )


def drop_unknown(client: Elasticsearch, pattern: str, known: Callable[[Collection[str]], Collection[str]]) -> int:
    dropped = 0
    documents_there = inventory.held(client, pattern)
    while some := list(islice(documents_there, _BATCH)):
        there = set(known([one.id for one in some]))
        unknown = [one for one in some if one.id not in there]
        _delete(client, unknown)
        dropped += len(unknown)
    return dropped


def _compare_month(place: Caretaker, mine: Standing, index: str, month: str, found: Differences) -> None:
    there = {held.id: held for held in inventory.held(place.client, index)}
    with place.store.read() as conn:
        name = mine.follower(place.names)
        position = position_of(conn, name)
        aside = set(conn.execute(select(rejected.c.document_id).where(rejected.c.follower == name)).scalars())
        for id_, seq in _stored(conn, month):
            held = there.pop(id_, None)
            if held is not None and held.version > seq:  # of a future that the store has lost
                found.stale.append(id_)
            elif seq > position or id_ in aside:
                continue
            elif held is None:
                found.missing.append(id_)
            elif held.version < seq:
                found.stale.append(id_)
            found.compared += 1
    found.unknown += there.values()  # one in a month that is not its own is doubled, and goes, too


def _stored(conn: Connection, month: str) -> Iterator[tuple[str, int]]:
    start = month_start(month)
    end = start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
    seen = documents.c.first_seen_at
    # A document's first seq is never before it was seen: this bound has an index.
    bound = documents.c.created_seq >= microseconds(start)
    for row in conn.execute(select(documents.c.id, documents.c.seq).where(bound, seen >= start, seen < end)):
        yield row.id, row.seq


def _delete(client: Elasticsearch, unwanted: Iterable[Held]) -> None:
    actions = [bulk.delete_action(one.index, one.id, one.version, one.seq_no, one.primary_term) for one in unwanted]
    bulk.send(client, actions)
