"""How a site wants to be treated: its pace, and how long it is left alone when it is in trouble."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Integer, Select, bindparam, cast, literal, select, update
from sqlalchemy.dialects.sqlite import insert

from index.columns import Moment
from index.database import sites
from index.frontier.visits import Failure, FailureClass

SHORTEST_BACKOFF: Final = timedelta(minutes=1)
LONGEST_BACKOFF: Final = timedelta(hours=1)
LONGEST_ASKED: Final = timedelta(hours=24)
# So many requests in a row without any answer, and the site itself is down, not a page of it.
UNANSWERED: Final = 8


_ENSURE: Final = insert(sites).on_conflict_do_nothing()
_TROUBLED: Final = (sites.c.failures > 0) | sites.c.backoff_until.is_not(None)
_ANSWERED: Final = (
    update(sites)
    .where(sites.c.site == bindparam("name"), _TROUBLED)
    .values(failures=0, backoff_until=None, backoff_asked=False)
)
_SERVED: Final = insert(sites)
_PACED: Final = _SERVED.on_conflict_do_update(
    index_elements=["site"], set_={"next_ok_at": _SERVED.excluded.next_ok_at, "delay": _SERVED.excluded.delay}
)


def ensure(conn: Connection, names: Iterable[str]) -> None:
    rows = [{"site": name} for name in dict.fromkeys(names)]
    if rows:
        conn.execute(_ENSURE, rows)


def site_served(conn: Connection, site: str, ended_at: datetime, delay: float) -> None:
    """The site answered, or failed to, at `ended_at`; its next request may start `delay` seconds later."""
    conn.execute(_PACED, {"site": site, "next_ok_at": ended_at + timedelta(seconds=delay), "delay": delay})


def rest(conn: Connection, names: Select[tuple[str]], now: datetime) -> None:
    """Leave these sites alone for their delay from `now` on."""
    resting = sites.c.site.in_(names) & sites.c.delay.is_not(None)
    later = literal(now, Moment()).op("+")(cast(sites.c.delay * 1_000_000, Integer))
    conn.execute(update(sites).where(resting).values(next_ok_at=later))


def answered(conn: Connection, site: str) -> None:
    """Any answer to read ends a site's troubles."""
    conn.execute(_ANSWERED, {"name": site})


def failed(conn: Connection, site: str, failure: Failure) -> None:
    """Leave a throttling site alone as a whole, and one that has stopped answering; others just go on."""
    ensure(conn, [site])
    before = conn.execute(select(sites.c.failures).where(sites.c.site == site)).scalar_one()
    wait = _wait(failure, before + 1)
    if failure.kind is FailureClass.THROTTLED or _is_unanswered(failure):
        values: dict[str, object] = {"failures": before + 1}
        if wait is not None:
            values |= {"backoff_until": failure.at + wait, "backoff_asked": failure.retry_after is not None}
        conn.execute(update(sites).where(sites.c.site == site).values(**values))
    else:
        answered(conn, site)


def _wait(failure: Failure, failures: int) -> timedelta | None:
    if failure.kind is FailureClass.THROTTLED:
        if failure.retry_after is not None:
            return min(failure.retry_after, LONGEST_ASKED)
        return _doubled(failures)
    return _doubled(failures - UNANSWERED + 1) if failures >= UNANSWERED else None


def _doubled(times: int) -> timedelta:
    factor: int = 2 ** min(times - 1, 12)
    return min(SHORTEST_BACKOFF * factor, LONGEST_BACKOFF)


def _is_unanswered(failure: Failure) -> bool:
    return failure.kind in (FailureClass.NETWORK, FailureClass.TIMEOUT)
