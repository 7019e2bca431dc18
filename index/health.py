"""How a source does, judged by the rows of its endpoints against its own habits. No source is ever called dead."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, func, select

from index.database import endpoints, robots, sites, sources
from index.frontier.habit import Habit
from index.frontier.robots import origin_of
from index.yields import in_vain, last_stored

# Silent: nothing new for much longer than the longest gap that is usual; a night or a quiet morning is no silence,
# nor, where no week has been seen yet, a day of rest.
PATIENCE: Final = 2.5
SHORTEST_SILENCE: Final = timedelta(hours=12)
SHORTEST_WHILE_NEW: Final = timedelta(hours=24)
LONGEST_SILENCE: Final = timedelta(days=14)
HOURS_OF_A_WEEK: Final = 100.0  # as a habit counts them, which forgets
HOURS_OF_A_DAY: Final = 22.0
OVERFLOW_SHOWN: Final = timedelta(hours=24)

_WATCHED: Final = select(
    *(endpoints.c[name] for name in ("source", "parent", "site", "url", "moved_url", "failures", "last_fetch_at")),
    *(endpoints.c[name] for name in ("last_success_at", "last_new_at", "overflowed_at", "usual_gap", "habit")),
).where(endpoints.c.enabled)


class Troubled(NamedTuple):
    """Sites and origins that are left alone for now: by their own wish, for their silence, for want of robots.txt."""

    sites: set[str]
    origins: set[str]

    def include(self, row: Any) -> bool:
        return row.site in self.sites or bool(self.origins and origin_of(row.moved_url or row.url) in self.origins)


def healths(conn: Connection, now: datetime) -> dict[str, str]:
    """ok, silent, empty, fruitless, overflowing, failing, backing_off or disabled, by source; one that only imports
    know is ok."""
    watched = defaultdict(list)
    for row in conn.execute(_WATCHED):
        watched[row.source].append(row)
    troubled, stored = _troubled(conn, now), last_stored(conn)
    known = conn.execute(select(sources.c.id, sources.c.enabled)).all()
    return {
        row.id: _health(row.enabled, watched[row.id], troubled, now)
        or _yield(conn, row.id, watched[row.id], stored.get(row.id))
        or _freshness(watched[row.id], now)
        for row in known
    }


def last_successes(conn: Connection) -> dict[str, datetime]:
    return _latest(conn, endpoints.c.last_success_at)


def last_news(conn: Connection) -> dict[str, datetime]:
    """When something new was last listed, by source."""
    return _latest(conn, endpoints.c.last_new_at)


def failing(conn: Connection) -> dict[str, list[dict[str, Any]]]:
    """The endpoints that could not be read at their last poll, with the class of error and its words, by source."""
    columns = [endpoints.c[name] for name in ("source", "url", "failure", "reason", "failures")]
    query = select(*columns).where(endpoints.c.enabled, endpoints.c.failures > 0).order_by(endpoints.c.id)
    found = defaultdict(list)
    for source, *values in conn.execute(query):
        found[source].append(dict(zip(("url", "failure", "reason", "failures"), values, strict=True)))
    return dict(found)


def paces(conn: Connection) -> dict[str, list[dict[str, Any]]]:
    """How often each endpoint is asked, and why so, by source. What an index names is asked with it."""
    names = ("source", "url", "interval", "pace", "next_fetch_at", "entries", "last_new_at")
    columns = [endpoints.c[name] for name in names]
    query = select(*columns).where(endpoints.c.enabled, endpoints.c.parent.is_(None)).order_by(endpoints.c.id)
    found = defaultdict(list)
    for row in conn.execute(query):
        found[row.source].append(
            {
                "url": row.url,
                "interval_seconds": round(row.interval.total_seconds()),
                "why": row.pace or "a first guess",
                "next_at": row.next_fetch_at.isoformat(timespec="seconds") if row.next_fetch_at else None,
                "entries": row.entries,
                "last_new_at": row.last_new_at.isoformat(timespec="seconds") if row.last_new_at else None,
            }
        )
    return dict(found)


def _latest(conn: Connection, moment: Any) -> dict[str, datetime]:
    query = select(endpoints.c.source, func.max(moment).label("at")).group_by(endpoints.c.source)
    return {row.source: row.at for row in conn.execute(query) if row.at is not None}


def _troubled(conn: Connection, now: datetime) -> Troubled:
    backing_off = select(sites.c.site).where(sites.c.backoff_until > now)
    blocked = select(robots.c.origin).where(robots.c.unreachable, robots.c.expires_at > now)
    return Troubled(set(conn.execute(backing_off).scalars()), set(conn.execute(blocked).scalars()))


def _health(enabled: bool, watched: Sequence[Any], troubled: Troubled, now: datetime) -> str | None:
    """What is wrong with reading its lists, if anything. `watched`: its endpoints, and the sitemaps that these name,
    which have a say in what is new only."""
    polled = [row for row in watched if row.parent is None]
    if not enabled or not polled:
        return "disabled"
    if all(troubled.include(row) for row in polled):
        return "backing_off"
    tried = [row for row in polled if row.last_fetch_at is not None]
    if tried and all(row.failures for row in tried):
        return "failing"
    return None


def _yield(conn: Connection, source: str, watched: Sequence[Any], stored_at: datetime | None) -> str | None:
    """What is wrong with the pages that its lists led to: none became a document for long. Asked of the ledger only
    where there was news since the last one that did."""
    looked, news = _looked(watched), _last_new(watched)
    if looked is None or news is None or (stored_at is not None and news.last_new_at <= stored_at):
        return None
    tried = in_vain(conn, source, stored_at)
    return "fruitless" if tried is not None and tried.is_long(looked) else None


def _freshness(watched: Sequence[Any], now: datetime) -> str:
    if any(row.overflowed_at is not None and now - row.overflowed_at < OVERFLOW_SHOWN for row in watched):
        return "overflowing"
    if _is_empty(watched):
        return "empty"
    return "silent" if _is_silent(watched) else "ok"


def _is_empty(watched: Sequence[Any]) -> bool:
    """Nothing to fetch was ever in any of its lists, and they were looked at for a day, or their dates go back as far:
    without entries, or with none but old ones and such as lead elsewhere."""
    if _looked(watched) is None or _last_new(watched) is not None:
        return False
    if any(row.parent is None and row.last_fetch_at is None for row in watched):
        return False
    return max(Habit.unpack(row.habit).known_hours for row in watched) >= HOURS_OF_A_DAY


def _looked(watched: Sequence[Any]) -> datetime | None:
    return max((row.last_success_at for row in watched if row.last_success_at is not None), default=None)


def _last_new(watched: Sequence[Any]) -> Any:
    """The endpoint that had news last."""
    told = [row for row in watched if row.last_new_at is not None]
    return max(told, key=lambda row: row.last_new_at, default=None)


def _is_silent(watched: Sequence[Any]) -> bool:
    """By the endpoint that had news last, at our last look: while we did not look ourselves nobody was silent."""
    latest, looked = _last_new(watched), _looked(watched)
    if latest is None or looked is None:
        return False
    gap = looked - latest.last_new_at
    if gap <= SHORTEST_SILENCE:
        return False
    usual = LONGEST_SILENCE if latest.usual_gap is None else latest.usual_gap * PATIENCE
    known = Habit.unpack(latest.habit).known_hours >= HOURS_OF_A_WEEK
    patience = max(usual, SHORTEST_SILENCE if known else SHORTEST_WHILE_NEW)
    return bool(gap > min(patience, LONGEST_SILENCE))
