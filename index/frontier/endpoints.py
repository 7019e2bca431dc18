"""The endpoints of the sources: who is polled, and when next."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from zlib import crc32

from sqlalchemy import Connection, bindparam, delete, func, literal, select, update
from sqlalchemy.dialects.sqlite import insert

from index.columns import Moment
from index.database import domains, endpoints, robots, sources, urls
from index.database import sites as site_rows
from index.frontier import sites
from index.meta import read_value, write_value
from index.rows import change
from news.documents import Endpoint, Source
from news.urls import site_of

DEFAULT_DELAY: Final = 3.0
DELAY_KEY: Final = "default_delay"

_CHILDREN: Final = (
    update(endpoints).where(endpoints.c.parent == bindparam("of")).values(enabled=bindparam("on"), visit_at=None)
)
_MOVED: Final = update(endpoints).where(endpoints.c.id == bindparam("of")).values(next_fetch_at=bindparam("at"))


def sync_sources(
    conn: Connection,
    values: Mapping[str, Source] | Iterable[Source],
    now: datetime,
    *,
    default_delay: float | None = None,
) -> None:
    """Make the rows follow the source files. What is gone from them is switched off, never deleted.

    `default_delay`: the settings' delay, which a source can only raise; without it the one in force is kept.
    """
    found = list(values.values() if isinstance(values, Mapping) else values)
    floor = _delay_in_force(conn, default_delay)
    _sync_rows(conn, found, floor)
    _sync_domains(conn, found)
    _sync_endpoints(conn, found, now)


def _delay_in_force(conn: Connection, delay: float | None) -> float:
    if delay is None:
        kept = read_value(conn, DELAY_KEY)
        return float(kept) if kept is not None else DEFAULT_DELAY
    write_value(conn, DELAY_KEY, repr(delay))
    return delay


def _sync_rows(conn: Connection, found: Iterable[Source], floor: float) -> None:
    """Only what differs is written: a start with very many sources compares, and that is all."""
    before = {row.id: row._asdict() for row in conn.execute(select(sources))}
    wanted = {
        source.id: {
            "id": source.id,
            "name": source.name,
            "enabled": source.enabled,
            "known": True,
            "delay": max(floor, source.delay or 0.0),
            "related_hops": source.related_hops,
        }
        for source in found
    }
    gone = [{**row, "enabled": False, "known": False} for id_, row in before.items() if id_ not in wanted]
    changed = [row for row in (*wanted.values(), *gone) if row != before.get(row["id"])]
    if changed:
        row = insert(sources)
        values = {name: row.excluded[name] for name in changed[0] if name != "id"}
        conn.execute(row.on_conflict_do_update(index_elements=["id"], set_=values), changed)


def _sync_domains(conn: Connection, found: Iterable[Source]) -> None:
    before = {(row.domain, row.source) for row in conn.execute(select(domains))}
    wanted = {(domain, source.id) for source in found for domain in _owned(source)}
    if gone := before - wanted:
        this = (domains.c.domain == bindparam("of")) & (domains.c.source == bindparam("by"))
        conn.execute(delete(domains).where(this), [{"of": domain, "by": source} for domain, source in gone])
    if new := wanted - before:
        conn.execute(insert(domains), [{"domain": domain, "source": source} for domain, source in sorted(new)])


def _owned(source: Source) -> set[str]:
    return {_site(domain) for domain in source.allowed_domains} or {site_of(source.homepage)}


def _site(domain: str) -> str:
    return site_of(domain if "://" in domain else f"https://{domain}/")


def _sync_endpoints(conn: Connection, found: Iterable[Source], now: datetime) -> None:
    columns = (endpoints.c.id, endpoints.c.source, endpoints.c.url, endpoints.c.kind, endpoints.c.enabled)
    query = select(*columns).where(endpoints.c.parent.is_(None))
    before = {(row.source, row.url): row for row in conn.execute(query)}
    new = []
    for source in found:
        for endpoint in source.endpoints:
            row = before.pop((source.id, endpoint.url), None)
            if row is None:
                new.append(_new_endpoint(source, endpoint, now))
            else:
                _sync_endpoint(conn, source, endpoint, row, now)
    for row in before.values():
        if row.enabled:
            _switch(conn, row.id, False, None)
    if new:
        sites.ensure(conn, [row["site"] for row in new])
        conn.execute(insert(endpoints), new)


def _new_endpoint(source: Source, endpoint: Endpoint, now: datetime) -> dict[str, Any]:
    enabled = source.enabled and endpoint.enabled
    return {
        "source": source.id,
        "kind": endpoint.kind.value,
        "url": endpoint.url,
        "site": site_of(endpoint.url),
        "enabled": enabled,
        "interval": source.interval,
        "next_fetch_at": now if enabled else None,
    }


def _sync_endpoint(conn: Connection, source: Source, endpoint: Endpoint, row: Any, now: datetime) -> None:
    enabled = source.enabled and endpoint.enabled
    if row.enabled != enabled or row.kind != endpoint.kind.value:
        change(conn, endpoints, row.id, {"kind": endpoint.kind.value})
        _switch(conn, row.id, enabled, now if enabled else None)


def _switch(conn: Connection, id_: int, enabled: bool, next_fetch_at: datetime | None) -> None:
    change(conn, endpoints, id_, {"enabled": enabled, "next_fetch_at": next_fetch_at, "visit_at": None})
    conn.execute(_CHILDREN, {"of": id_, "on": enabled})


def mark_due(
    conn: Connection, now: datetime, *, everything: bool = False, source_ids: Collection[str] | None = None
) -> int:
    """Ask for a visit of every endpoint that is due; its next fetch is moved on first, whatever comes of this one.

    `everything`: all endpoints, and all that waits for a retry or a revisit, due or not. Only what a site asked for
    itself (Retry-After) still holds. Returns the number of endpoints.
    """
    mine = endpoints.c.enabled & endpoints.c.parent.is_(None)
    if source_ids is not None:
        mine &= endpoints.c.source.in_(list(source_ids))
    if everything:
        _forgive(conn, now, source_ids)
    else:
        mine &= endpoints.c.next_fetch_at <= now
    at = literal(now, Moment())
    moved_on = at.op("+")(endpoints.c.interval)
    wanted_since = func.min(func.coalesce(endpoints.c.visit_at, at), at)
    return conn.execute(update(endpoints).where(mine).values(next_fetch_at=moved_on, visit_at=wanted_since)).rowcount


def spread_due(conn: Connection, now: datetime, step: timedelta) -> int:
    """Let what is due be due one after the other, `step` apart, in an order that stays the same: a first start and one
    after a long pause ask everybody, but not in the same second. Returns how many there are."""
    due = (endpoints.c.next_fetch_at <= now) & endpoints.c.enabled & endpoints.c.parent.is_(None)
    rows = conn.execute(select(endpoints.c.id, endpoints.c.url).where(due)).all()
    ordered = sorted(rows, key=lambda row: crc32(row.url.encode()))
    if ordered:
        conn.execute(_MOVED, [{"of": row.id, "at": now + place * step} for place, row in enumerate(ordered)])
    return len(rows)


def _forgive(conn: Connection, now: datetime, source_ids: Collection[str] | None) -> None:
    waiting = urls.c.next_visit_at.is_not(None) & urls.c.leased_by.is_(None)
    if source_ids is not None:
        waiting &= urls.c.source.in_(list(source_ids))
    conn.execute(update(urls).where(waiting).values(next_visit_at=now))
    conn.execute(update(robots).where(robots.c.unreachable).values(expires_at=now))
    backing_off = site_rows.c.backoff_until.is_not(None) & ~site_rows.c.backoff_asked
    conn.execute(update(site_rows).where(backing_off).values(backoff_until=None))


def next_due(conn: Connection, now: datetime) -> datetime | None:
    """When the next endpoint is to be asked for."""
    scheduled = endpoints.c.next_fetch_at.is_not(None) & endpoints.c.enabled
    query = select(func.min(endpoints.c.next_fetch_at)).where(scheduled)
    earliest: datetime | None = conn.execute(query).scalar()
    return max(earliest, now) if earliest else None
