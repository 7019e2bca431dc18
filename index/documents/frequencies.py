"""The store's knowledge of what the press repeats: a follower that counts, and freezes what it counted.

It folds the documents in the order of their first seq, so a given history always gives the same snapshots. Between two
snapshots decisions rest on the older one; what was counted since lives in memory and is counted anew after a restart.
"""

from typing import Final

from sqlalchemy import Connection, bindparam, insert, select

from index.database import documents, fingerprints, knowledge
from index.documents.fingerprints import unpacked
from news.copies.census import Census
from news.copies.knowledge import EMPTY, Knowledge

# A snapshot after so many documents at first; then whenever the count has grown by half, at most every LONGEST.
FIRST: Final = 1000
GROWTH: Final = 1.5
LONGEST: Final = 5000
BATCH: Final = 200
# Counting falls on these documents in every run, restarted or not.
STEP: Final = 100
# Old snapshots are kept so that a decision can be explained later.
KEPT: Final = 10

_AHEAD: Final = (
    select(documents.c.created_seq, documents.c.source, documents.c.title, documents.c.text, fingerprints.c.bands)
    .join(fingerprints, fingerprints.c.document == documents.c.row)
    .where(documents.c.created_seq > bindparam("position"), documents.c.row <= bindparam("last"))
    .order_by(documents.c.created_seq)
    .limit(BATCH)
)


class Frequencies:
    """The latest snapshot, and the counts on the way to the next. Used by the writer's thread alone."""

    def __init__(self, conn: Connection) -> None:
        row = conn.execute(select(knowledge).order_by(knowledge.c.id.desc()).limit(1)).first()
        self._census: Census = Census.from_bytes(row.data) if row else Census()
        self.knowledge: Knowledge = self._census.freeze() if row else EMPTY
        self._position: int = row.position if row else 0
        self._counted = 0

    def advance(self, conn: Connection, newest: int) -> None:
        """Count what was stored up to the last full STEP before `newest`, and freeze a snapshot where it is time.
        Called between two documents: what a decision rests on depends on what was stored before it, and on nothing
        else."""
        last = newest // STEP * STEP
        while self._counted < last:
            found = conn.execute(_AHEAD, {"position": self._position, "last": last}).all()
            for row in found:
                self._census.add(row.source, row.title, row.text, unpacked(row.bands))
                self._position = row.created_seq
                if self._census.documents >= self._next():
                    self._freeze(conn)
            if len(found) < BATCH:
                self._counted = last

    def _next(self) -> int:
        done = self.knowledge.documents
        return FIRST if not done else min(int(done * GROWTH), done + LONGEST)

    def _freeze(self, conn: Connection) -> None:
        self.knowledge = self._census.freeze()
        values = {"position": self._position, "documents": self._census.documents, "data": self._census.to_bytes()}
        conn.execute(insert(knowledge).values(values))
        newest = conn.execute(select(knowledge.c.id).order_by(knowledge.c.id.desc()).limit(1)).scalar_one()
        conn.execute(knowledge.delete().where(knowledge.c.id <= newest - KEPT))


def at_position(conn: Connection, position: int) -> Knowledge:
    """The snapshot that was in force when the store had counted up to `position`, to explain an old decision."""
    before = select(knowledge).where(knowledge.c.position <= position).order_by(knowledge.c.id.desc()).limit(1)
    row = conn.execute(before).first()
    return Census.from_bytes(row.data).freeze() if row else EMPTY
