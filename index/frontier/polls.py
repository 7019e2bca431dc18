"""What one poll changes in an endpoint's row: its schedule by the policy, its validators, its health."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zlib import crc32

from sqlalchemy import Connection, Row, update

from index.database import endpoints
from index.frontier import sites
from index.frontier.visits import FailureClass, Fetched, NextFetch, Policy, Poll, Visit
from index.rows import change, row_of
from news.urls import site_of

MOVES_BEFORE_FOLLOWED: Final = 3
MOVING_FOR: Final = timedelta(days=1)
MOVES_AT_ONCE: Final = 3  # redirects in a row that an endpoint is moved along
CHILD_TRIES: Final = 5
TRIES_WHERE_MOVED: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What an endpoint's answer held: so many entries, so many of them never seen before."""

    entries: int = 0
    new: int = 0
    unchanged: bool = False
    ttl: timedelta | None = None


def succeeded(conn: Connection, visit: Visit, fetched: Fetched, polled: Polled, policy: Policy, now: datetime) -> None:
    row = row_of(conn, endpoints, visit.id)
    following = _next(row, fetched, polled, policy)
    values = _validators(row, fetched, polled) | _moving(row, fetched, now) | _news(row, polled, now)
    if fetched.status != 304:  # which says nothing about a failure to read what came before
        values |= {"failures": 0, "failure": None, "reason": None, "last_full_at": now}
    values |= {
        "leased_by": None,
        "visit_at": None,
        "interval": following.interval,
        "next_fetch_at": None if row.parent else now + spread(row.url, following.wait),
        "last_status": fetched.status,
        "last_fetch_at": now,
        "last_success_at": now,
        "unchanged": row.unchanged + 1 if polled.unchanged else 0,
    }
    if following.overflowed and row.last_success_at is not None:
        values["overflowed_at"] = now
    change(conn, endpoints, row.id, values)
    sites.answered(conn, visit.site)
    if polled.unchanged and row.last_changed_at is not None:
        _ask_children_again(conn, row, now)


def failed(
    conn: Connection,
    visit: Visit,
    kind: FailureClass,
    reason: str,
    policy: Policy,
    now: datetime,
    *,
    status: int | None = None,
    retry_after: timedelta | None = None,
) -> None:
    """A failing endpoint is polled less and less, never dropped. The next answer to read is asked for in full."""
    row = row_of(conn, endpoints, visit.id)
    failures = row.failures + 1
    poll = Poll(
        interval=row.interval, entries=0, new=0, unchanged=False, failures=failures, failure=kind, status=status,
        retry_after=retry_after,
    )  # fmt: skip
    following = policy.next_fetch(poll)
    at = now + spread(row.url, following.wait)
    values: dict[str, Any] = {
        "leased_by": None,
        "failures": failures,
        "failure": kind.value,
        "reason": reason,
        "last_status": status,
        "last_fetch_at": now,
        "interval": following.interval,
        "next_fetch_at": None if row.parent else at,
        "visit_at": at if row.parent and failures < CHILD_TRIES else None,
    }
    if row.moved_url is not None and failures >= TRIES_WHERE_MOVED:  # it may be back where it was
        values |= {"moved_url": None, "moving_seen": 0}
    change(conn, endpoints, row.id, values)


def passed_on(conn: Connection, visit: Visit, now: datetime) -> None:
    """The answer led to another endpoint, which is judged by its own answers."""
    row = row_of(conn, endpoints, visit.id)
    following = None if row.parent else now + spread(row.url, row.interval)
    values = {"leased_by": None, "visit_at": None, "next_fetch_at": following, "last_fetch_at": now}
    change(conn, endpoints, row.id, {**values, "last_success_at": now, "failures": 0, "failure": None, "reason": None})


def spread(url: str, wait: timedelta) -> timedelta:
    """Up to a twentieth longer, the same for an endpoint every time: what starts together drifts apart."""
    return wait + wait * (crc32(url.encode()) % 1000 / 20_000)


def _next(row: Row[Any], fetched: Fetched, polled: Polled, policy: Policy) -> NextFetch:
    ttl = max((hint for hint in (polled.ttl, fetched.max_age) if hint is not None), default=None)
    first = row.last_success_at is None  # when all entries are new, which says nothing about the endpoint's habits
    poll = Poll(
        interval=row.interval,
        entries=0 if first else polled.entries,
        new=0 if first else polled.new,
        unchanged=polled.unchanged,
        failures=0,
        status=fetched.status,
        retry_after=fetched.retry_after,
        ttl=ttl,
    )
    return policy.next_fetch(poll)


def _validators(row: Row[Any], fetched: Fetched, polled: Polled) -> dict[str, Any]:
    """Servers that say 304 for ever are known by an ETag that stays the same when there is news."""
    if fetched.status == 304:
        return {"etag": fetched.etag or row.etag, "last_modified": fetched.last_modified or row.last_modified}
    values: dict[str, Any] = {
        "etag": fetched.etag,
        "last_modified": fetched.last_modified,
        "body_hash": fetched.body_hash,
    }
    if polled.new and fetched.etag is not None and fetched.etag == row.etag:
        values["false_validators"] = True
    return values


def _news(row: Row[Any], polled: Polled, now: datetime) -> dict[str, Any]:
    """When something new came last, and how long that usually takes: a moving average that `silent` is judged by."""
    if polled.unchanged:
        return {}
    values: dict[str, Any] = {"last_changed_at": now, "entries": polled.entries}
    if polled.new:
        values["last_new_at"] = now
        if row.last_new_at is not None:
            gap = now - row.last_new_at
            values["usual_gap"] = gap if row.usual_gap is None else row.usual_gap * 0.8 + gap * 0.2
    return values


def _moving(row: Row[Any], fetched: Fetched, now: datetime) -> dict[str, Any]:
    """A permanent redirect is believed after three identical ones over a day, within the same site."""
    target = fetched.moved_to
    if target is None or site_of(target) != row.site:
        return {"moving_to": None, "moving_since": None, "moving_seen": 0}
    if target != row.moving_to:
        return {"moving_to": target, "moving_since": now, "moving_seen": 1}
    seen = row.moving_seen + 1
    if seen < MOVES_BEFORE_FOLLOWED or now - row.moving_since < MOVING_FOR:
        return {"moving_seen": seen}
    return {"moved_url": target, "moving_to": None, "moving_since": None, "moving_seen": 0}


def _ask_children_again(conn: Connection, row: Row[Any], now: datetime) -> None:
    """An index that did not change names the same sitemaps as before, and today's may have grown."""
    named = (endpoints.c.parent == row.id) & (endpoints.c.named_at >= row.last_changed_at) & endpoints.c.enabled
    conn.execute(update(endpoints).where(named).values(visit_at=now))
