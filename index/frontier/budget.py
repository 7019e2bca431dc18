"""How many new addresses a site may have listed in a day, and how many may wait: a bound on what has no end.

Beyond it an address is `over_budget`, the oldest first, and gets its chance when it is listed again on another day.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, literal, select, update

from index.columns import EPOCH
from index.database import sites, urls
from index.frontier.addresses import Address
from index.frontier.due import FRESH
from index.frontier.sites import ensure
from news.documents import FoundKind, Outcome
from news.urls import site_of

# The busiest outlet prints a fifth of this. What a feed names is news: a flood from elsewhere leaves it as much again.
A_DAY: Final = 5_000
WAITING: Final = 10_000
FEED_FACTOR: Final = 2


def admit(conn: Connection, found: Sequence[Address], kind: FoundKind, now: datetime) -> list[Address]:
    """The same addresses; those that are still to be fetched and find no room are decided."""
    wanted = defaultdict(list)
    for item in found:
        if item.outcome is None:
            wanted[site_of(item.url)].append(item)
    ensure(conn, wanted)
    refused: dict[str, Address] = {}
    for site, items in wanted.items():
        room, reason = _room(conn, site, kind, now)
        if len(items) > room:
            items.sort(key=lambda item: item.published.value if item.published else now, reverse=True)
            refused |= {item.url: item for item in _refused(items[room:], reason)}
        _spend(conn, site, min(room, len(items)), now)
    return [refused.get(item.url, item) for item in found]


def _refused(items: Iterable[Address], reason: str) -> list[Address]:
    return [replace(item, outcome=Outcome.OVER_BUDGET, reason=reason) for item in items]


def _room(conn: Connection, site: str, kind: FoundKind, now: datetime) -> tuple[int, str]:
    """How many more, and what stands in the way of more than that."""
    factor = FEED_FACTOR if kind is FoundKind.FEED else 1
    today = A_DAY * factor - _spent(conn, site, now)
    waiting = WAITING * factor - _waiting(conn, site, WAITING * factor)
    if waiting < today:
        return max(waiting, 0), f"{WAITING * factor} addresses of {site} are waiting already"
    return max(today, 0), f"{A_DAY * factor} addresses of {site} were listed today already"


def _spent(conn: Connection, site: str, now: datetime) -> int:
    query = select(sites.c.budget_used).where(sites.c.site == site, sites.c.budget_day == _day(now))
    return conn.execute(query).scalar() or 0


def _waiting(conn: Connection, site: str, at_most: int) -> int:
    some = select(literal(1)).select_from(urls).where(urls.c.site == site, FRESH).limit(at_most).subquery()
    return conn.execute(select(func.count()).select_from(some)).scalar_one()


def _spend(conn: Connection, site: str, count: int, now: datetime) -> None:
    used = _spent(conn, site, now) + count
    conn.execute(update(sites).where(sites.c.site == site).values(budget_day=_day(now), budget_used=used))


def _day(now: datetime) -> int:
    return (now - EPOCH).days
