"""Finding in one generation of the embedded index: which documents, in which order, and how many."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, islice, starmap
from typing import Final, NamedTuple

from index.embedded.fts import COLUMNS, expression, quick, range_terms, source_term
from index.embedded.generations import Generation, milliseconds
from index.queries import Query, without_or
from index.queries.terms import Groups
from news.analysis import Field
from news.documents import SearchQuery

COUNTED: Final = 10_000  # Totals are exact up to here.
ALL_WORDS: Final = 0.3  # How much more a document is worth that has every one of the words joined by OR.
_MOST_TERMS: Final = 150  # A longer range (eight years) leaves most of the index in: then the dates alone are asked.
_WEIGHTS: Final = ", ".join("0.0" if column == "facets" else "1.0" for column in COLUMNS)  # Wherever a word stands.


class Hit(NamedTuple):
    """`time` is what «newest» sorts by, in milliseconds."""

    id: str
    cluster: str = ""
    time: int = 0
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Hits in order, and how many match before copies are folded."""

    hits: tuple[Hit, ...] = ()
    total: int = 0
    relation: str = "eq"


@dataclass(frozen=True, slots=True)
class _Match:
    """One FTS5 expression, and what is asked of the row beside it."""

    expression: str
    since: int | None
    until: int | None

    @property
    def condition(self) -> str:
        bounds = (("at >= ?", self.since), ("at < ?", self.until))
        return "".join(f" AND {text}" for text, bound in bounds if bound is not None)

    @property
    def beginnings(self) -> bool:
        return '" *' in self.expression

    @property
    def parameters(self) -> tuple[str | int, ...]:
        return (self.expression, *(bound for bound in (self.since, self.until) if bound is not None))


class Finder:
    def __init__(self, conn: sqlite3.Connection, generation: Generation, own: Groups = ()) -> None:
        """`own`: synonyms besides those that ship."""
        self._conn = conn
        self._at = generation
        self._own = own

    def find(self, query: SearchQuery, tree: Query) -> Found:
        """What meets in `exact` or `light` meets in `stem`: that chain alone says which documents are found."""
        widest: Field = "exact" if query.exact else "stem"
        asked = tree if query.exact else quick(tree)
        match = self._match(query, asked, widest, any_word=False)
        if match is None:
            return Found()
        if query.sort != "best":
            return self._newest(match, query)
        any_word = not self._any(match)
        if any_word:
            match = self._match(query, asked, widest, any_word=True) or match
        return Found(tuple(self._best(query, tree, any_word)), *self._total(match))

    def _match(self, query: SearchQuery, tree: Query, field: Field, *, any_word: bool) -> _Match | None:
        days = self._days(query)
        if days == "":
            return None
        source = source_term(query.source) if query.source is not None else None
        text = expression(tree, field, filter(None, (source, days)), any_word=any_word, own=self._own)
        bounds = (milliseconds(at) if at else None for at in (query.since, query.until))
        return _Match(text, *bounds) if text else None

    def _days(self, query: SearchQuery) -> str | None:
        """The days and months between `since` and `until`: None = do not ask, empty = there are none."""
        if query.since is None and query.until is None:
            return None
        low, high = self._bound("min"), self._bound("max")
        if low is None or high is None:
            return ""
        first = max(low, milliseconds(query.since)) if query.since else low
        last = min(high, milliseconds(query.until) - 1) if query.until else high
        terms = range_terms(_moment(first), _moment(last))
        return " ".join(terms) if len(terms) <= _MOST_TERMS else None

    def _bound(self, which: str) -> int | None:
        """One at a time: SQLite finds either at an end of the index, and both only by reading all of it."""
        found: int | None = self._conn.execute(f"SELECT {which}(at) FROM {self._at.live}").fetchone()[0]
        return found

    def _newest(self, match: _Match, query: SearchQuery) -> Found:
        """Rows are numbered by time. What a beginning of a word leads to is costly to put together, and so walked once;
        anything else is counted sooner by a query of its own."""
        rows = self._conn.execute(f"{self._rows(match)} ORDER BY fts.rowid DESC", match.parameters)
        hits, walked, ended = self._shown(rows, query)
        if ended or (match.beginnings and not match.condition):
            return Found(hits, *_told(walked + len(rows.fetchmany(max(0, COUNTED + 1 - walked)))))
        rows.close()
        return Found(hits, *self._total(match))

    def _shown(self, rows: sqlite3.Cursor, query: SearchQuery) -> tuple[tuple[Hit, ...], int, bool]:
        """Hits, how many rows were walked, and whether these are all: the walk ends where nothing newer can follow."""
        found: list[Hit] = []
        seen: set[str] = set()
        walked = 0
        some: list[tuple[int]] = []
        until: int | None = None
        while some := rows.fetchmany(2 * query.limit):
            walked += len(some)
            for row, id_, cluster, time in self._live([row for (row,) in some]):
                if until is not None and row < until:
                    break
                found.append(Hit(id_, cluster, time))
                seen.add(id_ if query.all_copies else cluster)
                if until is None and len(seen) >= query.limit:
                    until = row - self._at.displaced(self._conn)
            if until is not None and some[-1][0] < until:
                break
        found.sort(key=lambda hit: (-hit.time, hit.id))
        return tuple(islice(_folded(found, query.all_copies), query.limit)), walked, not some

    def _live(self, rows: list[int]) -> list[tuple[int, str, str, int]]:
        places = ", ".join("?" * len(rows))
        query = f"SELECT rowid, document, cluster, time FROM {self._at.live} WHERE rowid IN ({places})"
        return self._conn.execute(f"{query} ORDER BY rowid DESC", rows).fetchall()

    def _best(self, query: SearchQuery, tree: Query, any_word: bool) -> Iterator[Hit]:
        """Each chain by bm25, a document by its best: what is found as written comes before what shares a stem."""
        chains: tuple[Field, ...] = ("exact",) if query.exact else ("exact", "light", "stem")
        matches = [(self._match(query, tree, field, any_word=any_word), 1.0) for field in chains]
        if (together := without_or(tree)) != tree:
            matches.append((self._match(query, together, chains[-1], any_word=False), 1 + ALL_WORDS))
        asked = max(4 * query.limit, 40)
        while True:
            ranked = [self._ranked(match, worth, asked) for match, worth in matches if match]
            hits = list(_folded(_merged(ranked), query.all_copies))
            if len(hits) >= query.limit or all(len(rows) < asked for rows in ranked):
                return islice(hits, query.limit)
            asked *= 4

    def _ranked(self, match: _Match, worth: float, limit: int) -> list[Hit]:
        select = self._select(match, f"-bm25({self._at.fts}, {_WEIGHTS}) * {worth} AS score")
        query = f"{select} ORDER BY score DESC, live.time DESC, live.document LIMIT {limit}"
        return list(starmap(Hit, self._conn.execute(query, match.parameters)))

    def _select(self, match: _Match, more: str) -> str:
        return f"SELECT live.document, live.cluster, live.time, {more}{self._from(match)}"

    def _from(self, match: _Match) -> str:
        return (
            f" FROM {self._at.fts} AS fts CROSS JOIN {self._at.live} AS live ON live.rowid = fts.rowid "
            f"WHERE {self._at.fts} MATCH ?{match.condition}"
        )

    def _rows(self, match: _Match) -> str:
        """Without dates only the dead rows have to be known, and they are few."""
        fts, dead = self._at.fts, self._at.dead
        if match.condition:
            return f"SELECT fts.rowid{self._from(match)}"
        return f"SELECT rowid FROM {fts} AS fts WHERE {fts} MATCH ? AND rowid NOT IN (SELECT rowid FROM {dead})"

    def _any(self, match: _Match) -> bool:
        return self._count(match, 1) > 0

    def _total(self, match: _Match) -> tuple[int, str]:
        return _told(self._count(match, COUNTED + 1))

    def _count(self, match: _Match, limit: int) -> int:
        rows = f"SELECT count(*) FROM ({self._rows(match)} LIMIT {limit})"
        return int(self._conn.execute(rows, match.parameters).fetchone()[0])


def _told(total: int) -> tuple[int, str]:
    return (COUNTED, "gte") if total > COUNTED else (total, "eq")


def _folded(hits: Iterable[Hit], all_copies: bool) -> Iterator[Hit]:
    """Of each cluster the first."""
    seen: set[str] = set()
    for hit in hits:
        if all_copies or hit.cluster not in seen:
            seen.add(hit.cluster)
            yield hit


def _merged(ranked: Iterable[Iterable[Hit]]) -> list[Hit]:
    best: dict[str, Hit] = {}
    for hit in chain.from_iterable(ranked):
        if hit.id not in best or (hit.score or 0) > (best[hit.id].score or 0):
            best[hit.id] = hit
    return sorted(best.values(), key=lambda hit: (-(hit.score or 0), -hit.time, hit.id))


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)
