"""What one poll changes in an endpoint's row: its schedule by the policy, its validators, its health."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp
from typing import Any, Final
from zlib import crc32

from sqlalchemy import Connection, Row, func, select, update

from index.database import endpoints
from index.frontier import sites
from index.frontier.habit import Habit, longest_gap
from index.frontier.visits import FailureClass, Fetched, Policy, Poll, Visit
from index.rows import change, row_of
from news.documents import EndpointKind
from news.urls import site_of

MOVES_BEFORE_FOLLOWED: Final = 3
MOVING_FOR: Final = timedelta(days=1)
MOVES_AT_ONCE: Final = 3  # redirects in a row that an endpoint is moved along
CHILD_TRIES: Final = 5
TRIES_WHERE_MOVED: Final = 3
# How slowly a long gap without news is forgotten.
GAPS_FADE: Final = timedelta(days=30)
# A child sets the pace of its index only if the index has named it within this time.
NAMED_LATELY: Final = timedelta(days=2)


# An outlet's list is never without an entry; once may be a restart of its server, three times is a fault.
EMPTIES_BORNE: Final = 2
EMPTY_AGAIN: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What an endpoint's answer held: so many entries, so many of them never seen before; the dates it gave them.
    `wanted`: the new ones that may become articles, being neither too old nor elsewhere. `names_others`: it is an index
    of other lists."""

    entries: int = 0
    new: int = 0
    wanted: int = 0
    unchanged: bool = False
    ttl: timedelta | None = None
    dates: Sequence[datetime] = ()
    names_others: bool = False


def succeeded(conn: Connection, visit: Visit, fetched: Fetched, polled: Polled, policy: Policy, now: datetime) -> None:
    row = row_of(conn, endpoints, visit.id)
    if _is_bare(row, polled):
        _without_entries(conn, visit, row, fetched, policy, now)
        return
    habit = _learned(row, polled, now)
    following = policy.next_fetch(_poll(row, fetched, polled, habit, now))
    values = _validators(row, fetched, polled) | _moving(row, fetched, now) | _news(row, polled, now)
    if fetched.status != 304:  # which says nothing about a failure to read what came before
        values |= {"failures": 0, "failure": None, "reason": None, "last_full_at": now}
    values |= {
        "leased_by": None,
        "visit_at": None,
        "interval": following.interval,
        "next_fetch_at": None if row.parent else now + spread(row.url, following.wait),
        "pace": following.pace,
        "habit": habit.pack(),
        "empties": None,
        "last_status": fetched.status,
        "last_fetch_at": now,
        "last_success_at": now,
        "unchanged": row.unchanged + 1 if polled.unchanged else 0,
    }
    if following.overflowed and row.last_success_at is not None:
        values["overflowed_at"] = now
    change(conn, endpoints, row.id, values)
    sites.answered(conn, visit.site)
    if row.parent is not None:
        _pace_parent(conn, row.parent, now)
    if polled.unchanged and row.last_changed_at is not None:
        _ask_children_again(conn, row, now)


def _is_bare(row: Row[Any], polled: Polled) -> bool:
    """Not an entry where there used to be some. A news sitemap is right to be so when two days were without news."""
    listed = polled.entries or polled.unchanged or polled.names_others
    return bool(row.entries) and not listed and row.kind != EndpointKind.SITEMAP.value


def _without_entries(
    conn: Connection, visit: Visit, row: Row[Any], fetched: Fetched, policy: Policy, now: datetime
) -> None:
    """Nothing is learned from it, and it is not believed when it says that nothing changed since."""
    empties = (row.empties or 0) + 1
    forgotten = {"empties": empties, "etag": None, "last_modified": None, "body_hash": None}
    if empties > EMPTIES_BORNE:
        change(conn, endpoints, row.id, forgotten)
        reason = f"{empties} answers in a row had no entry, where there used to be {row.entries}"
        failed(
            conn, visit, FailureClass.UNREADABLE, reason, policy, now, status=fetched.status,
            retry_after=fetched.retry_after,
        )  # fmt: skip
    else:
        wait = max(min(row.interval, EMPTY_AGAIN), fetched.retry_after or timedelta(0))
        following = None if row.parent else now + spread(row.url, wait)
        asked = {"leased_by": None, "visit_at": None, "next_fetch_at": following, "last_fetch_at": now}
        change(conn, endpoints, row.id, {**forgotten, **asked, "last_status": fetched.status})
    sites.answered(conn, visit.site)


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
        interval=row.interval, at=now, habit=Habit.unpack(row.habit), entries=row.entries or 0, new=0,
        unchanged=False, failures=failures, failure=kind, status=status, retry_after=retry_after,
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
        "pace": following.pace,
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


def _learned(row: Row[Any], polled: Polled, now: datetime) -> Habit:
    """At its first poll all entries are new, which says nothing about its habit; their dates may."""
    habit = Habit.unpack(row.habit)
    if row.last_success_at is None:
        return habit.with_dates(polled.dates, now)
    return habit.with_poll(row.last_success_at, now, polled.new)


def _poll(row: Row[Any], fetched: Fetched, polled: Polled, habit: Habit, now: datetime) -> Poll:
    ttl = max((hint for hint in (polled.ttl, fetched.max_age) if hint is not None), default=None)
    first = row.last_success_at is None
    before = row.entries or 0
    return Poll(
        interval=row.interval,
        at=now,
        habit=habit,
        # A list that starts anew every midnight is short then, not renewed as a whole.
        entries=before if polled.unchanged else max(polled.entries, before),
        new=0 if first else polled.new,
        unchanged=polled.unchanged,
        failures=0,
        status=fetched.status,
        retry_after=fetched.retry_after,
        ttl=ttl,
        index=not polled.entries and (polled.names_others or (polled.unchanged and not before)),
        overflowed_at=row.overflowed_at,
    )


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
    """When something new came last that is worth fetching, and the longest gap that is usual, which `silent` is judged
    by. A gap counts up to the last look that found nothing: what came while nobody looked was no silence."""
    if polled.unchanged:
        return {}
    values: dict[str, Any] = {"last_changed_at": now, "entries": polled.entries}
    if polled.wanted:
        values["last_new_at"] = now
        if row.last_new_at is None:
            values["usual_gap"] = longest_gap(polled.dates, now)
        else:
            fade = exp(-((now - row.last_new_at) / GAPS_FADE))
            values["usual_gap"] = max(row.last_success_at - row.last_new_at, (row.usual_gap or timedelta(0)) * fade)
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


def _pace_parent(conn: Connection, parent: int, now: datetime) -> None:
    """A list of lists is asked as often as the liveliest of them: it has no news of its own."""
    mine = (endpoints.c.parent == parent) & endpoints.c.enabled & endpoints.c.last_success_at.is_not(None)
    named = endpoints.c.named_at >= now - NAMED_LATELY
    query = select(func.min(endpoints.c.interval)).where(mine & named)
    interval: timedelta | None = conn.execute(query).scalar()
    row = row_of(conn, endpoints, parent)
    if interval is None or row.failures or row.last_fetch_at is None:
        return
    following = max(now, row.last_fetch_at + spread(row.url, interval))
    change(conn, endpoints, parent, {"interval": interval, "next_fetch_at": following})
