"""New rows of `urls`: an address that was never met is listed once, under its canonical form, for ever."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, insert, select

from index.columns import date_values
from index.database import domains, urls
from index.frontier import sites
from news.documents import FoundVia, Outcome, ParsedDate
from news.urls import fetchable, site_of

CHUNK: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """What is known of an address when it is listed. With an `outcome` it is decided at once, unfetched."""

    url: str
    fetch_url: str
    title: str | None = None
    published: ParsedDate | None = None
    hop: int = 0
    outcome: Outcome | None = None
    reason: str | None = None


def address(url: str, canonical_url: str, **known: Any) -> Address:
    return Address(url=canonical_url, fetch_url=fetchable(url), **known)


_KNOWN: Final = select(
    urls.c.id, urls.c.url, urls.c.source, urls.c.outcome, urls.c.document_id, urls.c.hop, urls.c.title,
    urls.c.fetched_at, urls.c.listed_at,
).where(urls.c.url.in_(bindparam("found", expanding=True)))  # fmt: skip
_OWNERS: Final = (
    select(domains).where(domains.c.domain.in_(bindparam("names", expanding=True))).order_by(domains.c.source)
)
_LIST: Final = insert(urls)


def known_rows(conn: Connection, found: Collection[str]) -> dict[str, Row[Any]]:
    """The rows there are already, by canonical URL; of each what a further listing may change."""
    wanted = list(found)
    rows: dict[str, Row[Any]] = {}
    for start in range(0, len(wanted), CHUNK):
        rows |= {row.url: row for row in conn.execute(_KNOWN, {"found": wanted[start : start + CHUNK]})}
    return rows


def list_new(
    conn: Connection,
    new: Sequence[Address],
    found_via: FoundVia,
    listed_by: str,
    now: datetime,
    *,
    by_domain: bool = True,
) -> None:
    """Insert rows for addresses that have none. Each belongs to the source that owns its registered domain, else to
    the one that listed it; without `by_domain`, to the one that listed it in any case."""
    if not new:
        return
    places = {item.url: site_of(item.url) for item in new}
    owners = owners_of(conn, places.values()) if by_domain else {}
    sites.ensure(conn, places.values())
    rows = [_row(item, places[item.url], owners, found_via, listed_by, now) for item in new]
    conn.execute(_LIST, rows)


def owners_of(conn: Connection, names: Iterable[str]) -> dict[str, list[str]]:
    """The sources that each domain belongs to; more than one where outlets share a domain."""
    owners: dict[str, list[str]] = {}
    for row in conn.execute(_OWNERS, {"names": list(set(names))}):
        owners.setdefault(row.domain, []).append(row.source)
    return owners


def owner(owners: Sequence[str], listed_by: str) -> str:
    return owners[0] if owners and listed_by not in owners else listed_by


def _row(
    item: Address, site: str, owners: dict[str, list[str]], found_via: FoundVia, listed_by: str, now: datetime
) -> dict[str, Any]:
    moment = item.published.value if item.published else now
    return {
        "url": item.url,
        "fetch_url": None if item.fetch_url == item.url else item.fetch_url,
        "source": owner(owners.get(site, ()), listed_by),
        "site": site,
        "outcome": item.outcome.value if item.outcome else None,
        "outcome_at": now if item.outcome else None,
        "reason": item.reason,
        "hop": item.hop,
        "found_kind": found_via.kind.value,
        "found_url": found_via.url,
        "title": item.title,
        **date_values("listed", item.published),
        "first_listed_at": now,
        "priority_at": min(moment, now),
    }
