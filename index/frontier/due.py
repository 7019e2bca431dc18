"""What may be fetched now: one query over the sites that have anything waiting, each looked up by the partial indexes.

Sites without work are never touched, so the cost of a claim depends on how much is waiting, not on how many sites and
addresses are known.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Integer, Row, Select, bindparam, func, or_, select, union_all

from index.columns import Moment, date_of
from index.database import endpoints, sites, sources, urls
from index.frontier.endpoints import DEFAULT_DELAY
from index.frontier.robots import origin_of
from index.frontier.visits import Visit, VisitKind
from news.documents import EndpointKind, FoundKind, FoundVia

UNCONDITIONAL_EVERY: Final = 8  # some servers say 304 for ever
UNCONDITIONAL_AFTER: Final = timedelta(hours=6)

# Switched off, or gone from the files.
OFF: Final = ~sources.c.enabled | ~sources.c.known
FRESH: Final = urls.c.outcome.is_(None) & urls.c.leased_by.is_(None) & urls.c.next_visit_at.is_(None)


NOW: Final = bindparam("now", type_=Moment())
WANTED: Final = (endpoints.c.visit_at <= NOW) & endpoints.c.leased_by.is_(None) & endpoints.c.enabled
TIMED: Final = (urls.c.next_visit_at <= NOW) & urls.c.leased_by.is_(None)

NOT_BACKING_OFF: Final = or_(sites.c.backoff_until.is_(None), sites.c.backoff_until <= NOW)


@dataclass(frozen=True, slots=True)
class Asked:
    """The moment and the sources (None: all) that a question is about. Sources that are off are never visited."""

    now: datetime
    only: frozenset[str] | None

    @property
    def some(self) -> bool:
        return self.only is not None

    @property
    def values(self) -> dict[str, Any]:
        return {"now": self.now, "only": list(self.only)} if self.only is not None else {"now": self.now}


@dataclass(frozen=True, slots=True)
class Due:
    """A row of `endpoints` or `urls` whose turn it is; `row` also has its source's `delay`."""

    kind: VisitKind
    row: Row[Any]

    @property
    def site(self) -> str:
        return str(self.row.site)

    @property
    def delay(self) -> float:
        return DEFAULT_DELAY if self.row.delay is None else float(self.row.delay)

    @property
    def address(self) -> str:
        elsewhere = self.row.moved_url if self.kind is VisitKind.ENDPOINT else self.row.fetch_url
        return str(elsewhere or self.row.url)

    @property
    def origin(self) -> str:
        return origin_of(self.address)

    def visit(self, run: str, rules: str | None, now: datetime) -> Visit:
        return _endpoint(self, run, rules, now) if self.kind is VisitKind.ENDPOINT else _article(self, run, rules, now)


def due_work(conn: Connection, asked: Asked, busy: Collection[str], limit: int) -> list[Due]:
    """One for each site that may be fetched now: an endpoint first, else the URL whose moment came last. So news
    goes before a backlog, and a revisit of today before the articles of last week."""
    values = {**asked.values, "busy": list(busy), "most": max(limit, 0)}
    picked = conn.execute(_picks(asked.some), values).all()
    polled = _rows(conn, endpoints, [row.endpoint for row in picked])
    waiting = _rows(conn, urls, [id_ for row in picked if row.endpoint is None for id_ in (row.fresh, row.timed)])
    found = []
    for row in picked:
        if row.endpoint is not None:
            found.append(Due(VisitKind.ENDPOINT, polled[row.endpoint]))
            continue
        fresh, timed = waiting.get(row.fresh), waiting.get(row.timed)
        latest = fresh if timed is None or (fresh and fresh.priority_at >= timed.next_visit_at) else timed
        assert latest is not None
        found.append(Due(VisitKind.ARTICLE, latest))
    return found


# Statements are built once: that takes SQLAlchemy longer than SQLite takes to answer. `some`: of some sources only.
@cache
def _picks(some: bool) -> Select[Any]:
    """Rows of (site, endpoint, fresh, timed): ids, at least one of them."""
    endpoint, fresh, timed = _firsts(some)
    columns = [sites.c.site, sites.c.next_ok_at, endpoint.label("endpoint"), fresh.label("fresh"), timed.label("timed")]
    waiting = sites.c.site.in_(_with_work()) & sites.c.site.not_in(bindparam("busy", expanding=True))
    rested = or_(sites.c.next_ok_at.is_(None), sites.c.next_ok_at <= NOW)
    free = select(*columns).where(waiting, rested, NOT_BACKING_OFF).subquery()
    any_of = or_(free.c.endpoint.is_not(None), free.c.fresh.is_not(None), free.c.timed.is_not(None))
    return select(free).where(any_of).order_by(free.c.next_ok_at).limit(bindparam("most", type_=Integer()))


def _firsts(some: bool) -> tuple[Any, Any, Any]:
    """Subqueries for one site: the endpoint that has waited longest, the newest fresh URL, and of the URLs with a time
    of their own (retries, revisits) the one whose time came last."""
    return (
        _first(endpoints, WANTED, endpoints.c.visit_at, some),
        _first(urls, FRESH, urls.c.priority_at.desc(), some),
        _first(urls, TIMED, urls.c.next_visit_at.desc(), some),
    )


def _first(table: Any, waits: ColumnElement[bool], order: Any, some: bool) -> Any:
    mine = select(table.c.id).where(table.c.site == sites.c.site, waits, *_concerning(table, some))
    return mine.order_by(order).limit(1).scalar_subquery()


def _concerning(table: Any, some: bool) -> list[ColumnElement[bool]]:
    on = table.c.source.not_in(select(sources.c.id).where(OFF))
    return [on, table.c.source.in_(bindparam("only", expanding=True))] if some else [on]


def _with_work() -> Select[Any]:
    """The sites with anything waiting, of all sources. Fresh URLs are found by a loose index scan: a recursive query
    that leaps through the index from one site to the next."""
    fresh = select(func.min(urls.c.site).label("site")).where(FRESH).cte("with_fresh", recursive=True)
    following = select(func.min(urls.c.site)).where(FRESH, urls.c.site > fresh.c.site).scalar_subquery()
    fresh = fresh.union_all(select(following).where(fresh.c.site.is_not(None)))
    wanted, timed = select(endpoints.c.site).where(WANTED), select(urls.c.site).where(TIMED)
    found = union_all(select(fresh.c.site).where(fresh.c.site.is_not(None)), wanted, timed).subquery()
    return select(found.c.site)


def _rows(conn: Connection, table: Any, ids: list[int | None]) -> dict[int | None, Row[Any]]:
    wanted = [id_ for id_ in ids if id_ is not None]
    if not wanted:
        return {}
    joined = table.outerjoin(sources, sources.c.id == table.c.source)
    query = select(table, sources.c.delay).select_from(joined).where(table.c.id.in_(wanted))
    return {row.id: row for row in conn.execute(query)}


def ready_count(conn: Connection, asked: Asked) -> int:
    return sum(conn.execute(query, asked.values).scalar_one() for query in _ready(asked.some))


@cache
def _ready(some: bool) -> tuple[Select[Any], ...]:
    waiting = ((endpoints, WANTED), (urls, FRESH), (urls, TIMED))
    return tuple(
        select(func.count())
        .select_from(table.join(sites, sites.c.site == table.c.site))
        .where(NOT_BACKING_OFF, waits, *_concerning(table, some))
        for table, waits in waiting
    )


def next_moment(conn: Connection, asked: Asked) -> datetime | None:
    """When the next visit may start: of what is due, when its site is free; else when something is due."""
    picked = conn.execute(_waiting_sites(asked.some), asked.values).scalars().all()
    if picked:
        return max(asked.now, min(at or asked.now for at in picked))
    later = [conn.execute(query, asked.values).scalar() for query in _later(asked.some)]
    return min((at for at in later if at is not None), default=None)


@cache
def _waiting_sites(some: bool) -> Select[Any]:
    """`next_ok_at` of each site with due work that is not backing off."""
    any_of = or_(*(first.is_not(None) for first in _firsts(some)))
    return select(sites.c.next_ok_at).where(sites.c.site.in_(_with_work()), NOT_BACKING_OFF, any_of)


@cache
def _later(some: bool) -> tuple[Select[Any], ...]:
    timed, wanted, resting = urls.c.next_visit_at, endpoints.c.visit_at, sites.c.backoff_until
    unleased, on = urls.c.leased_by.is_(None), endpoints.c.enabled
    return (
        select(func.min(timed)).where(timed > NOW, unleased, *_concerning(urls, some)),
        select(func.min(wanted)).where(wanted > NOW, on, *_concerning(endpoints, some)),
        select(func.min(resting)).where(resting > NOW),
    )


def _to(due: Due, run: str) -> dict[str, Any]:
    row = due.row
    return {
        "kind": due.kind, "id": row.id, "url": due.address, "source": row.source, "site": row.site,
        "run": run, "delay": due.delay,
    }  # fmt: skip


def _endpoint(due: Due, run: str, rules: str | None, now: datetime) -> Visit:
    row = due.row
    rested = row.last_full_at is None or now - row.last_full_at >= UNCONDITIONAL_AFTER
    doubtful = row.failures > 0 or row.false_validators
    in_full = rested or doubtful or row.unchanged % UNCONDITIONAL_EVERY == UNCONDITIONAL_EVERY - 1
    return Visit(
        **_to(due, run),
        attempts=row.failures,
        listing=EndpointKind(row.kind),
        depth=row.depth,
        etag=None if in_full else row.etag,
        last_modified=None if in_full else row.last_modified,
        body_hash=None if row.failures else row.body_hash,
        robots=rules,
    )


def _article(due: Due, run: str, rules: str | None, now: datetime) -> Visit:
    row = due.row
    revisit = row.outcome is not None
    asked_at = row.last_visit_at or row.fetched_at
    in_full = not revisit or asked_at is None or now - asked_at >= UNCONDITIONAL_AFTER
    return Visit(
        **_to(due, run),
        attempts=row.attempts,
        etag=None if in_full else row.etag,
        last_modified=None if in_full else row.last_modified,
        body_hash=row.body_hash if revisit else None,
        hop=row.hop,
        revisit=revisit,
        found_via=FoundVia(kind=FoundKind(row.found_kind), url=row.found_url),
        listed_title=row.title,
        listed_published=date_of(row, "listed"),
        robots=rules,
    )
