"""How a source does, judged by the rows of its endpoints against its own habits. No source is ever called dead."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, func, select

from index.database import endpoints, robots, sites, sources

# Silent: nothing new for several times its usual gap; a night or a quiet morning is no silence.
PATIENCE: Final = 8
SHORTEST_SILENCE: Final = timedelta(hours=12)
LONGEST_SILENCE: Final = timedelta(days=14)
OVERFLOW_SHOWN: Final = timedelta(hours=24)


def healths(conn: Connection, now: datetime) -> dict[str, str]:
    """ok, silent, overflowing, failing, backing_off or disabled, by source; one that only imports know is ok."""
    polled = defaultdict(list)
    query = select(endpoints).where(endpoints.c.enabled, endpoints.c.parent.is_(None))
    for row in conn.execute(query):
        polled[row.source].append(row)
    troubled = _troubled_sites(conn, now)
    known = conn.execute(select(sources.c.id, sources.c.enabled)).all()
    return {row.id: _health(row.enabled, polled[row.id], troubled, now) for row in known}


def last_successes(conn: Connection) -> dict[str, datetime]:
    query = select(endpoints.c.source, func.max(endpoints.c.last_success_at).label("at")).group_by(endpoints.c.source)
    return {row.source: row.at for row in conn.execute(query) if row.at is not None}


def _troubled_sites(conn: Connection, now: datetime) -> set[str]:
    """Sites that are left alone for now, by their own wish, for their silence, or for want of their robots.txt."""
    backing_off = select(sites.c.site).where(sites.c.backoff_until > now)
    blocked = select(robots.c.site).where(robots.c.unreachable, robots.c.expires_at > now)
    return {*conn.execute(backing_off).scalars(), *conn.execute(blocked).scalars()}


def _health(enabled: bool, polled: Sequence[Any], troubled: set[str], now: datetime) -> str:
    if not enabled or not polled:
        return "disabled"
    if all(row.site in troubled for row in polled):
        return "backing_off"
    tried = [row for row in polled if row.last_fetch_at is not None]
    if tried and all(row.failures for row in tried):
        return "failing"
    if any(row.overflowed_at is not None and now - row.overflowed_at < OVERFLOW_SHOWN for row in polled):
        return "overflowing"
    return "silent" if _is_silent(polled, now) else "ok"


def _is_silent(polled: Sequence[Any], now: datetime) -> bool:
    """By the endpoint that had news last."""
    told = [row for row in polled if row.last_new_at is not None and row.usual_gap is not None]
    if not told:
        return False
    latest = max(told, key=lambda row: row.last_new_at)
    patience = min(max(latest.usual_gap * PATIENCE, SHORTEST_SILENCE), LONGEST_SILENCE)
    return bool(now - latest.last_new_at > patience)
