"""The store's knowledge of how common words are: a follower that counts, and freezes what it counted.

It folds the documents in the order of their first seq, so a given history always gives the same snapshots. Between two
snapshots decisions rest on the older one; what was counted since lives in memory and is counted anew after a restart.
"""

from typing import Final

import numpy as np
from sqlalchemy import Connection, insert, select

from index.database import documents, knowledge
from news.arabic import words
from news.knowledge import EMPTY, Counts, Knowledge, buckets, no_counts

# A snapshot after so many documents at first; then whenever the count has grown by half, at most every LONGEST.
FIRST: Final = 1000
GROWTH: Final = 1.5
LONGEST: Final = 20_000
BATCH: Final = 200
# Old snapshots are kept so that a decision can be explained later.
KEPT: Final = 20


class Frequencies:
    """The latest snapshot, and the counts on the way to the next. Used by the writer's thread alone."""

    def __init__(self, conn: Connection) -> None:
        row = conn.execute(select(knowledge).order_by(knowledge.c.id.desc()).limit(1)).first()
        self.knowledge: Knowledge = Knowledge.from_bytes(row.documents, row.data) if row else EMPTY
        self._position: int = row.position if row else 0
        self._documents: int = self.knowledge.documents
        self._counts: Counts = self.knowledge.counts.copy() if row else no_counts()

    def advance(self, conn: Connection) -> None:
        """Count what was stored since; freeze a snapshot where it is time. Called between two documents."""
        columns = (documents.c.created_seq, documents.c.title, documents.c.text)
        ahead = select(*columns).where(documents.c.created_seq > self._position)
        for row in conn.execute(ahead.order_by(documents.c.created_seq).limit(BATCH)).all():
            met: np.ndarray[tuple[int], np.dtype[np.int64]] = buckets(words(f"{row.title}\n{row.text}"))
            self._counts[met] += 1
            self._position = row.created_seq
            self._documents += 1
            if self._documents >= self._next():
                self._freeze(conn)

    def _next(self) -> int:
        done = self.knowledge.documents
        return FIRST if not done else min(int(done * GROWTH), done + LONGEST)

    def _freeze(self, conn: Connection) -> None:
        self.knowledge = Knowledge(self._documents, self._counts.copy())
        data = self.knowledge.to_bytes()
        conn.execute(
            insert(knowledge).values(position=self._position, documents=self._documents, data=data)
        )
        newest = conn.execute(select(knowledge.c.id).order_by(knowledge.c.id.desc()).limit(1)).scalar_one()
        conn.execute(knowledge.delete().where(knowledge.c.id <= newest - KEPT))
