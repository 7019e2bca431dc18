"""robots.txt by origin (RFC 9309): what it said, for how long that holds, and what waits while it cannot be read."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row, func, select, update
from sqlalchemy.dialects.sqlite import insert

from index.database import endpoints, robots, urls
from index.frontier import sites
from index.frontier.visits import Visit
from index.rows import change

GOOD_FOR: Final = timedelta(hours=24)
SHORTEST_RETRY: Final = timedelta(hours=1)
LONGEST_RETRY: Final = timedelta(hours=6)
WAITING: Final = "robots.txt of {} could not be read: nothing of it may be fetched until it can"


class Rules(NamedTuple):
    """What is known of an origin's robots.txt now."""

    id: int
    known: bool
    leased: bool
    blocked_until: datetime | None
    body: str | None


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def rules(conn: Connection, origins: Collection[str], now: datetime) -> dict[str, Rules]:
    query = select(robots).where(robots.c.origin.in_(list(origins)))
    return {row.origin: _rules(row, now) for row in conn.execute(query)}


def _rules(row: Row[Any], now: datetime) -> Rules:
    valid = row.expires_at is not None and row.expires_at > now
    return Rules(
        id=row.id,
        known=valid and not row.unreachable,
        leased=row.leased_by is not None,
        blocked_until=row.expires_at if valid and row.unreachable else None,
        body=row.body,
    )


def lease(conn: Connection, origin: str, site: str, run: str) -> int:
    """The id of the origin's row, taken for a visit."""
    statement = insert(robots).values(origin=origin, site=site, leased_by=run, unreachable=False, failures=0)
    statement = statement.on_conflict_do_update(index_elements=["origin"], set_={"leased_by": run})
    return int(conn.execute(statement.returning(robots.c.id)).scalar_one())


def record_robots(conn: Connection, visit: Visit, status: int | None, body: str | None, now: datetime) -> None:
    """`status` None: unreachable. 4xx allows everything, 5xx nothing; 429 is trouble, not an answer."""
    unreachable = status is None or status >= 500 or status == 429
    failures = conn.execute(select(robots.c.failures).where(robots.c.id == visit.id)).scalar_one()
    values: dict[str, Any] = {"leased_by": None, "status": status, "fetched_at": now, "unreachable": unreachable}
    if unreachable:
        wait = min(SHORTEST_RETRY * 2 ** min(failures, 8), LONGEST_RETRY)
        values |= {"failures": failures + 1, "expires_at": now + wait, "body": None}
    else:
        said = body if status is not None and 200 <= status < 300 else None
        values |= {"failures": 0, "expires_at": now + GOOD_FOR, "body": said}
        sites.answered(conn, visit.site)
    change(conn, robots, visit.id, values)
    if unreachable:
        postpone(conn, visit.site, origin_of(visit.url), now + wait)


def postpone(conn: Connection, site: str, origin: str, until: datetime) -> None:
    """All that would be due on an origin waits until its robots.txt is asked for again."""
    address = func.coalesce(urls.c.fetch_url, urls.c.url)
    mine = (urls.c.site == site) & urls.c.leased_by.is_(None) & _below(address, origin)
    reason = WAITING.format(origin)
    fresh = urls.c.outcome.is_(None) & urls.c.next_visit_at.is_(None)
    conn.execute(update(urls).where(mine, fresh).values(next_visit_at=until, reason=reason))
    conn.execute(update(urls).where(mine, urls.c.next_visit_at < until).values(next_visit_at=until))
    polled = func.coalesce(endpoints.c.moved_url, endpoints.c.url)
    wanted = (endpoints.c.site == site) & (endpoints.c.visit_at < until) & _below(polled, origin)
    conn.execute(update(endpoints).where(wanted).values(visit_at=until, reason=reason))


def _below(address: Any, origin: str) -> Any:
    """Addresses that begin with `origin/`."""
    return func.substr(address, 1, len(origin) + 1) == origin + "/"
