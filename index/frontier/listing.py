"""What a listing or an article points to becomes rows of the frontier: each new address once, decided or pending."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, func, select
from sqlalchemy.dialects.sqlite import insert

from index.columns import date_values
from index.database import documents, endpoints, urls
from index.database import related as edges
from index.frontier import budget, polls, sites
from index.frontier.addresses import Address, address, known_rows, list_new
from index.frontier.visits import Fetched, Policy, Visit
from index.rows import change, row_of
from news.documents import (
    EndpointKind,
    FoundKind,
    FoundVia,
    Link,
    Listing,
    Outcome,
    Related,
    Source,
)
from news.urls import canonical, in_scope, matches_article, site_of, trap

DEEPEST: Final = 2  # sitemap index → sitemap → sitemap


@dataclass(frozen=True, slots=True)
class ListingRecorded:
    """`new` addresses were never met before, `known` ones were; `unusable` links are no web addresses."""

    new: int
    known: int
    unusable: int = 0


def record_listing(
    conn: Connection,
    visit: Visit,
    listing: Listing,
    fetched: Fetched,
    source: Source,
    policy: Policy,
    now: datetime,
    max_age: timedelta,
) -> ListingRecorded:
    """One transaction: the links' rows, the child sitemaps, the endpoint's next poll."""
    assert visit.listing is not None
    links, unusable = _by_identity(listing.links)
    if visit.listing is EndpointKind.SECTION:
        links = {url: link for url, link in links.items() if matches_article(source, url) is not False}
    known = known_rows(conn, links)
    oldest = now - max_age
    new = [_listed(url, link, source, oldest) for url, link in links.items() if url not in known]
    found_via = FoundVia(kind=FoundKind(visit.listing.value), url=visit.url)
    again = [_listed(url, links[url], source, oldest) for url, row in known.items() if _was_over_budget(row)]
    admitted = budget.admit(conn, [*new, *again], found_via.kind, now)
    list_new(conn, admitted[: len(new)], found_via, visit.source, now)
    _reopen(conn, known, admitted[len(new) :])
    for url, row in known.items():
        _met_again(conn, row, links[url], source, now)
    _name_children(conn, visit, listing.children, source, now)
    dates = [link.published.value for link in links.values() if link.published is not None]
    polled = polls.Polled(
        entries=len(links),
        new=len(new),
        wanted=sum(map(_is_wanted, admitted[: len(new)])),
        ttl=listing.ttl,
        dates=dates,
        names_others=bool(listing.children),
    )
    polls.succeeded(conn, visit, fetched, polled, policy, now)
    return ListingRecorded(new=len(new), known=len(known), unusable=unusable)


def _by_identity(links: Iterable[Link]) -> tuple[dict[str, Link], int]:
    """Links by canonical URL, the first of each; and the number of those that have none."""
    found: dict[str, Link] = {}
    unusable = 0
    for link in links:
        try:
            found.setdefault(canonical(link.url), link)
        except ValueError:
            unusable += 1
    return found, unusable


def _listed(url: str, link: Link, source: Source, oldest: datetime) -> Address:
    outcome, reason = _judged(url, link, source, oldest)
    return address(link.url, url, title=link.title, published=link.published, outcome=outcome, reason=reason)


def _judged(url: str, link: Link, source: Source, oldest: datetime) -> tuple[Outcome | None, str | None]:
    """What can be decided before fetching."""
    if not in_scope(source, url):
        return Outcome.OUT_OF_SCOPE, f"outside the domains of {source.id}"
    if why := trap(url):
        return Outcome.TRAP, why
    if link.published is not None and link.published.value < oldest:
        return Outcome.TOO_OLD, f"listed with the date {link.published.value:%Y-%m-%d}"
    return None, None


def _is_wanted(item: Address) -> bool:
    return item.outcome in (None, Outcome.OVER_BUDGET)


def _was_over_budget(row: Row[Any]) -> bool:
    return bool(row.outcome == Outcome.OVER_BUDGET.value)


def _reopen(conn: Connection, known: Mapping[str, Row[Any]], admitted: Iterable[Address]) -> None:
    """There is room now for what had none when it was listed before."""
    for item in admitted:
        if item.outcome is None:
            change(conn, urls, known[item.url].id, {"outcome": None, "outcome_at": None, "reason": None})


def _met_again(conn: Connection, row: Row[Any], link: Link, source: Source, now: datetime) -> None:
    """A known address that a listing names now: related coverage becomes an article in its own right."""
    values: dict[str, Any] = {}
    if row.outcome is None and row.title is None and link.title:
        values["title"] = link.title
    if row.outcome is None and row.listed_at is None and link.published:
        values |= date_values("listed", link.published) | {"priority_at": min(link.published.value, now)}
    if row.hop > 0:
        values["hop"] = 0
    if values:
        change(conn, urls, row.id, values)
    if row.hop > 0 and row.document_id is not None:
        _follow_again(conn, row, source, now)


def _follow_again(conn: Connection, row: Row[Any], source: Source, now: datetime) -> None:
    """Its own related links, which were too many hops away until now."""
    joined = edges.join(documents, documents.c.row == edges.c.document)
    query = select(edges).select_from(joined).where(documents.c.id == row.document_id)
    found = [Related(url=edge.url, title=edge.title, position=edge.position) for edge in conn.execute(query)]
    list_related(conn, found, row.url, 0, source, now)


def list_related(conn: Connection, found: Sequence[Related], page: str, hop: int, source: Source, now: datetime) -> int:
    """List what an article at `hop` points to, within the source's domains and hops, whatever its age."""
    if hop + 1 > source.related_hops:
        return 0
    links = dict(_in_scope(found, source))
    links.pop(page, None)
    known = known_rows(conn, links)
    new = [
        address(link.url, url, title=link.title, hop=hop + 1, outcome=Outcome.TRAP if why else None, reason=why)
        for url, link in links.items()
        if url not in known
        for why in (trap(url),)
    ]
    new = budget.admit(conn, new, FoundKind.RELATED, now)
    list_new(conn, new, FoundVia(kind=FoundKind.RELATED, url=page), source.id, now)
    for row in known.values():
        _exempt(conn, row, page, hop + 1)
    return len(new)


def _in_scope(found: Sequence[Related], source: Source) -> Iterator[tuple[str, Related]]:
    for link in found:
        if in_scope(source, link.url):
            yield canonical(link.url), link


def _exempt(conn: Connection, row: Row[Any], page: str, hop: int) -> None:
    """What was too old as an entry of a listing is wanted as related coverage."""
    if row.outcome == Outcome.TOO_OLD.value and row.fetched_at is None:
        values = {"outcome": None, "outcome_at": None, "reason": None, "hop": hop}
        found = {"found_kind": FoundKind.RELATED.value, "found_url": page}
        change(conn, urls, row.id, {**values, **found})
    elif row.outcome is None and row.hop > hop:
        change(conn, urls, row.id, {"hop": hop})


def _name_children(conn: Connection, visit: Visit, children: Sequence[str], source: Source, now: datetime) -> None:
    """The sitemaps that an index names are asked for now; they are endpoints without a schedule of their own."""
    if visit.depth >= DEEPEST:
        return
    for child in children:
        if in_scope(source, child):
            name_child(conn, visit, child, visit.depth + 1, now)


def name_child(conn: Connection, visit: Visit, url: str, depth: int, now: datetime) -> None:
    site = site_of(url)
    sites.ensure(conn, [site])
    parent = row_of(conn, endpoints, visit.id)
    row = insert(endpoints).values(
        source=visit.source, kind=parent.kind, url=url, site=site, enabled=True, parent=parent.id, depth=depth,
        interval=parent.interval, named_at=now, visit_at=now,
    )  # fmt: skip
    again = {"named_at": now, "visit_at": func.coalesce(endpoints.c.visit_at, row.excluded.visit_at)}
    mine = endpoints.c.parent.is_not(None)
    conn.execute(row.on_conflict_do_update(index_elements=["source", "url"], set_=again, where=mine))
