"""What may be fetched now: one query over the sites, each looked up in the indexes of what waits for it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select

from index.columns import date_of
from index.database import endpoints, sites, sources, urls
from index.frontier.endpoints import DEFAULT_DELAY
from index.frontier.robots import origin_of
from index.frontier.visits import Visit, VisitKind
from news.documents import EndpointKind, FoundKind, FoundVia

UNCONDITIONAL_EVERY: Final = 8  # some servers say 304 for ever
UNCONDITIONAL_AFTER: Final = timedelta(hours=6)

FRESH: Final = urls.c.outcome.is_(None) & urls.c.leased_by.is_(None) & urls.c.next_visit_at.is_(None)


@dataclass(frozen=True, slots=True)
class Asked:
    """For which moment and which sources; those in `off` are never visited."""

    now: datetime
    only: frozenset[str] | None
    off: frozenset[str]

    def concerns(self, source: ColumnElement[str]) -> list[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = []
        if self.off:
            conditions.append(source.not_in(self.off))
        if self.only is not None:
            conditions.append(source.in_(self.only))
        return conditions

    def wanted(self) -> list[ColumnElement[bool]]:
        unleased = endpoints.c.leased_by.is_(None) & endpoints.c.enabled
        return [endpoints.c.visit_at <= self.now, unleased, *self.concerns(endpoints.c.source)]

    def fresh(self) -> list[ColumnElement[bool]]:
        return [FRESH, *self.concerns(urls.c.source)]

    def timed(self) -> list[ColumnElement[bool]]:
        return [urls.c.next_visit_at <= self.now, urls.c.leased_by.is_(None), *self.concerns(urls.c.source)]


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
    picked = conn.execute(_picks(asked, busy).limit(max(limit, 0))).all()
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


def _picks(asked: Asked, busy: Collection[str]) -> Select[Any]:
    """Rows of (site, endpoint, fresh, timed): ids, at least one of them."""
    endpoint = _first(endpoints, asked.wanted(), endpoints.c.visit_at)
    fresh = _first(urls, asked.fresh(), urls.c.priority_at.desc())
    timed = _first(urls, asked.timed(), urls.c.next_visit_at.desc())
    columns = [sites.c.site, sites.c.next_ok_at, endpoint.label("endpoint"), fresh.label("fresh"), timed.label("timed")]
    free = select(*columns).where(_open(asked.now), sites.c.site.not_in(list(busy))).subquery()
    some = or_(free.c.endpoint.is_not(None), free.c.fresh.is_not(None), free.c.timed.is_not(None))
    return select(free).where(some).order_by(free.c.next_ok_at)


def _first(table: Any, conditions: list[ColumnElement[bool]], order: Any) -> Any:
    return (
        select(table.c.id).where(table.c.site == sites.c.site, *conditions).order_by(order).limit(1).scalar_subquery()
    )


def _open(now: datetime) -> ColumnElement[bool]:
    rested = or_(sites.c.next_ok_at.is_(None), sites.c.next_ok_at <= now)
    return and_(rested, _not_backing_off(now))


def _not_backing_off(now: datetime) -> ColumnElement[bool]:
    return or_(sites.c.backoff_until.is_(None), sites.c.backoff_until <= now)


def _rows(conn: Connection, table: Any, ids: list[int | None]) -> dict[int | None, Row[Any]]:
    wanted = [id_ for id_ in ids if id_ is not None]
    if not wanted:
        return {}
    joined = table.outerjoin(sources, sources.c.id == table.c.source)
    query = select(table, sources.c.delay).select_from(joined).where(table.c.id.in_(wanted))
    return {row.id: row for row in conn.execute(query)}


def ready_count(conn: Connection, asked: Asked) -> int:
    total = 0
    for table, conditions in ((endpoints, asked.wanted()), (urls, asked.fresh()), (urls, asked.timed())):
        joined = table.join(sites, sites.c.site == table.c.site)
        query = select(func.count()).select_from(joined).where(_not_backing_off(asked.now), *conditions)
        total += conn.execute(query).scalar_one()
    return total


def next_moment(conn: Connection, asked: Asked) -> datetime | None:
    """When the next visit may start: of what is due, when its site is free; else when something is due."""
    picked = conn.execute(_waiting_sites(asked)).scalars().all()
    if picked:
        return max(asked.now, min(at or asked.now for at in picked))
    later = [
        conn.execute(select(func.min(urls.c.next_visit_at)).where(
            urls.c.next_visit_at > asked.now, urls.c.leased_by.is_(None), *asked.concerns(urls.c.source))).scalar(),
        conn.execute(select(func.min(endpoints.c.visit_at)).where(
            endpoints.c.visit_at > asked.now, endpoints.c.enabled, *asked.concerns(endpoints.c.source))).scalar(),
        conn.execute(select(func.min(sites.c.backoff_until)).where(sites.c.backoff_until > asked.now)).scalar(),
    ]  # fmt: skip
    return min((at for at in later if at is not None), default=None)


def _waiting_sites(asked: Asked) -> Select[Any]:
    """`next_ok_at` of each site with due work that is not backing off."""
    some = or_(
        _first(endpoints, asked.wanted(), endpoints.c.visit_at).is_not(None),
        _first(urls, asked.fresh(), urls.c.priority_at.desc()).is_not(None),
        _first(urls, asked.timed(), urls.c.next_visit_at.desc()).is_not(None),
    )
    return select(sites.c.next_ok_at).where(_not_backing_off(asked.now), some)


def _endpoint(due: Due, run: str, rules: str | None, now: datetime) -> Visit:
    row = due.row
    rested = row.last_full_at is None or now - row.last_full_at >= UNCONDITIONAL_AFTER
    doubtful = row.failures > 0 or row.false_validators
    in_full = rested or doubtful or row.unchanged % UNCONDITIONAL_EVERY == UNCONDITIONAL_EVERY - 1
    return Visit(
        kind=VisitKind.ENDPOINT,
        id=row.id,
        url=due.address,
        source=row.source,
        site=row.site,
        run=run,
        delay=due.delay,
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
        kind=VisitKind.ARTICLE,
        id=row.id,
        url=due.address,
        source=row.source,
        site=row.site,
        run=run,
        delay=due.delay,
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
