"""Whether what a source lists becomes documents: a feed that is read, and full, says nothing of the pages behind it."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, bindparam, func, or_, select, union_all

from index.columns import EPOCH
from index.database import sources, urls
from news.documents import Outcome

# A night in which the pages could not be had is no sign yet, nor are a few pages that were no articles.
BARREN_FOR: Final = timedelta(hours=24)
BARREN_TRIES: Final = 20
# So many rows of each outcome are looked at, out of the ledger's index: a source may have hundreds of thousands.
LOOKED_AT: Final = 200

# Another address of a document that is stored is none in vain.
_FRUIT: Final = (Outcome.STORED, Outcome.ALIAS)
_NOT_IN_VAIN: Final = frozenset({*_FRUIT, Outcome.REMOVED})

_STORED: Final = select(
    sources.c.id,
    *(
        select(func.max(urls.c.fetched_at))
        .where(urls.c.source == sources.c.id, urls.c.outcome == outcome.value)
        .scalar_subquery()
        for outcome in _FRUIT
    ),
)


@dataclass(frozen=True, slots=True)
class InVain:
    """Addresses that were tried `since` the last one that was stored, and gave nothing, by outcome; those that wait
    for another try are `pending`. `first_at`: when the earliest of them was listed."""

    since: datetime | None
    first_at: datetime
    outcomes: Counter[str]

    def is_long(self, looked_at: datetime) -> bool:
        """Whether it says something of the source. Of one that never gave anything a single address does."""
        if self.since is None:
            return looked_at - self.first_at >= BARREN_FOR
        return looked_at - self.since >= BARREN_FOR and self.outcomes.total() >= BARREN_TRIES


def last_stored(conn: Connection) -> dict[str, datetime]:
    """When a page that gave a document was last fetched for the first time, by source; imports are not fetched."""
    found = {id_: [at for at in moments if at is not None] for id_, *moments in conn.execute(_STORED)}
    return {id_: max(moments) for id_, moments in found.items() if moments}


def in_vain(conn: Connection, source: str, since: datetime | None) -> InVain | None:
    rows = conn.execute(_tried(since is not None), {"source_": source, "since_": since or EPOCH}).all()
    if not rows:
        return None
    outcomes = Counter({row.outcome or "pending": row.tried for row in rows})
    return InVain(since, min(row.first_at for row in rows), outcomes)


@cache
def _tried(newest: bool) -> Select[Any]:
    """What was decided by its listing alone (too old, outside the source's domains) was decided as it was listed."""
    found = union_all(
        *(_of_outcome(outcome, newest) for outcome in (None, *sorted(set(Outcome) - _NOT_IN_VAIN)))
    ).subquery()
    decided = and_(found.c.outcome_at > found.c.first_listed_at, found.c.outcome_at > bindparam("since_"))
    failing = and_(found.c.outcome.is_(None), found.c.attempts > 0, found.c.first_listed_at > bindparam("since_"))
    earliest = func.min(found.c.first_listed_at).label("first_at")
    chosen = select(found.c.outcome, func.count().label("tried"), earliest)
    return chosen.where(or_(decided, failing)).group_by(found.c.outcome)


def _of_outcome(outcome: Outcome | None, newest: bool) -> Select[Any]:
    """The latest, or the earliest, in the order of the index `urls_ledger`."""
    order = (urls.c.fetched_at, urls.c.extracted_at, urls.c.id)
    named = urls.c.outcome.is_(None) if outcome is None else urls.c.outcome == outcome.value
    return select(
        select(urls.c.outcome, urls.c.outcome_at, urls.c.first_listed_at, urls.c.attempts)
        .where(urls.c.source == bindparam("source_"), named)
        .order_by(*(column.desc() if newest else column for column in order))
        .limit(LOOKED_AT)
        .subquery()
    )
