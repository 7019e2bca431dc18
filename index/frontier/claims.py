"""Handing out visits: one a site, only where the site may be fetched now, each leased to the run that asks."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, select, update

from index.database import endpoints, urls
from index.database import robots as robots_rows
from index.frontier import robots, sites
from index.frontier.due import Asked, Due, due_work, next_moment, ready_count
from index.frontier.visits import Visit, VisitKind

ROUNDS: Final = 8


@dataclass(frozen=True, slots=True)
class Remaining:
    """`ready`: visits due now, also those that only wait for their site's delay, not those of sites backing off.
    `next_at`: when the next of them may start or, where there are none, when the next one is due."""

    ready: int
    next_at: datetime | None


def claim(
    conn: Connection,
    *,
    run: str,
    now: datetime,
    limit: int,
    busy_sites: Collection[str],
    only_sources: Collection[str] | None = None,
) -> list[Visit]:
    """At most `limit` visits, one a site, none of `busy_sites`; a stale robots.txt goes before what it governs."""
    asked = _asked(now, only_sources)
    busy = set(busy_sites)
    visits: list[Visit] = []
    for _ in range(ROUNDS):  # more than one only where an origin turns out to be blocked by its robots.txt
        found = due_work(conn, asked, busy, limit - len(visits))
        allowed = _without_blocked(conn, found, now)
        for due, rule in allowed:
            busy.add(due.site)
            if rule is None or not (rule.known or rule.leased):
                visits.append(_robots_visit(conn, due, run))
            elif rule.known:
                visits.append(due.visit(run, rule.body, now))
        if len(allowed) == len(found):
            break
    _lease(conn, endpoints, [visit.id for visit in visits if visit.kind is VisitKind.ENDPOINT], run)
    _lease(conn, urls, [visit.id for visit in visits if visit.kind is VisitKind.ARTICLE], run)
    return visits


def give_back(conn: Connection, visits: Iterable[Visit], now: datetime) -> None:
    """Undo claims: nothing was fetched, nothing counts, and they may be claimed again at once."""
    tables = {VisitKind.ENDPOINT: endpoints, VisitKind.ARTICLE: urls, VisitKind.ROBOTS: robots_rows}
    given: defaultdict[tuple[VisitKind, str], list[int]] = defaultdict(list)
    for visit in visits:
        given[visit.kind, visit.run].append(visit.id)
    for (kind, run), ids in given.items():
        table = tables[kind]
        mine = table.c.id.in_(ids) & (table.c.leased_by == run)
        conn.execute(update(table).where(mine).values(leased_by=None))


def void_leases(conn: Connection, run: str | None = None, *, now: datetime | None = None) -> int:
    """Give back what other runs than `run` left behind; for whoever has just taken the data folder's lock.

    Nobody knows when the requests under way at a crash ended: with `now` their sites rest for their delay from then.
    """
    voided = 0
    for table in (endpoints, urls, robots_rows):
        others = table.c.leased_by.is_not(None)
        stale = others if run is None else others & (table.c.leased_by != run)
        if now is not None:
            sites.rest(conn, select(table.c.site).where(stale), now)
        voided += conn.execute(update(table).where(stale).values(leased_by=None)).rowcount
    return voided


def remaining(conn: Connection, now: datetime, only_sources: Collection[str] | None = None) -> Remaining:
    asked = _asked(now, only_sources)
    return Remaining(ready=ready_count(conn, asked), next_at=next_moment(conn, asked))


def _asked(now: datetime, only: Collection[str] | None) -> Asked:
    return Asked(now, None if only is None else frozenset(only))


def _without_blocked(conn: Connection, found: Sequence[Due], now: datetime) -> list[tuple[Due, robots.Rules | None]]:
    """The work whose origin allows it or has not been asked; the rest is put off, with all of its origin."""
    rules = robots.rules(conn, {due.origin for due in found}, now)
    allowed = []
    for due in found:
        rule = rules.get(due.origin)
        if rule is not None and rule.blocked_until is not None:
            robots.postpone(conn, due.site, due.origin, rule.blocked_until)
        else:
            allowed.append((due, rule))
    return allowed


def _robots_visit(conn: Connection, due: Due, run: str) -> Visit:
    return Visit(
        kind=VisitKind.ROBOTS,
        id=robots.lease(conn, due.origin, due.site, run),
        url=f"{due.origin}/robots.txt",
        source=due.row.source,
        site=due.site,
        run=run,
        delay=due.delay,
    )


def _lease(conn: Connection, table: Any, ids: Sequence[int], run: str) -> None:
    if ids:
        conn.execute(update(table).where(table.c.id.in_(ids)).values(leased_by=run))
