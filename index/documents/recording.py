"""A fetched article into the store, in one transaction.

the URL's row ─► whose document is it? ─┬─ known: compare ─► unchanged | revision
                                        └─ new: candidates by bands ─► decide ─► new | duplicate | same_document
document + fingerprint + bands + related edges + newly listed URLs + this URL's outcome
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from index.database import urls
from index.documents.arrivals import Placed, owned, owner_row, place, unwanted
from index.documents.sequence import touch
from index.frontier import sites
from index.frontier.addresses import address, list_new
from index.frontier.decided import decide, decided_again, link_aliases, next_revisit_at, set_removed, validators
from index.frontier.events import note
from index.frontier.listing import list_related
from index.frontier.visits import Fetched, Policy, Visit
from index.rows import change, row_of, url_named
from news.documents import Decision, DecisionKind, FoundKind, FoundVia, Outcome, ReadArticle, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """`outcome` is the URL's; without a document there is no decision. `listed`: newly listed related links."""

    document_id: str | None
    decision: Decision | None
    listed: int
    outcome: Outcome


def record_article(
    conn: Connection,
    visit: Visit,
    read: ReadArticle,
    fetched: Fetched,
    source: Source,
    policy: Policy,
    now: datetime,
    max_age: timedelta | None = None,
) -> Recorded:
    """`max_age`: what a listing led to and what turns out to be older is `too_old`; None: kept at any age."""
    sites.answered(conn, visit.site)
    return record_read(conn, row_of(conn, urls, visit.id), read, fetched, source, policy, now, max_age)


def record_read(
    conn: Connection,
    row: Row[Any],
    read: ReadArticle,
    fetched: Fetched,
    source: Source,
    policy: Policy,
    now: datetime,
    max_age: timedelta | None,
) -> Recorded:
    """The same of a page that was fetched at any time: nothing is learnt about its site."""
    values = {**validators(fetched), "extracted_at": row.extracted_at or now}
    owner = owner_row(conn, row, read)
    refused = unwanted(conn, row, read.article, now, max_age)
    if Outcome.REMOVED.value in (row.outcome, owner.outcome if owner else None):
        refused = Outcome.REMOVED, "removed on request, under this or its canonical address"
    if refused:
        return _refuse(conn, row, *refused, fetched, policy, now, values)
    read = owned(read, owner.url if owner else read.article.url, owner.source if owner else row.source)
    found_via = FoundVia(kind=FoundKind(row.found_kind), url=row.found_url)
    placed = place(conn, read, owner.document_id if owner else None, found_via, now)
    note(conn, row.id, placed.decision.kind.value, now, status=fetched.status, reason=placed.decision.reason)
    if placed.decision.kind is not DecisionKind.SAME_DOCUMENT:
        owner = owner or _listed_now(conn, row, read, found_via, now)
        if owner.id != row.id:
            _store(conn, owner, placed, policy, now, {"extracted_at": owner.extracted_at or now})
    else:
        owner = None
    outcome = _end(conn, row, owner, placed, fetched, policy, now, values)
    listed = 0
    if not read.article.nofollow:
        hop = min(row.hop, owner.hop) if owner else row.hop
        listed = list_related(conn, read.article.related, row.url, hop, source, now)
    return Recorded(document_id=placed.document_id, decision=placed.decision, listed=listed, outcome=outcome)


def _refuse(
    conn: Connection,
    row: Row[Any],
    outcome: Outcome,
    reason: str,
    fetched: Fetched,
    policy: Policy,
    now: datetime,
    values: dict[str, Any],
) -> Recorded:
    note(conn, row.id, outcome.value, now, status=fetched.status, reason=reason)
    if row.outcome is None:
        decide(conn, row, outcome, reason, fetched, now, values)
    else:
        decided_again(conn, row, outcome.value, policy, now, {"last_status": fetched.status})
    return Recorded(document_id=None, decision=None, listed=0, outcome=Outcome(row.outcome or outcome))


def _listed_now(conn: Connection, row: Row[Any], read: ReadArticle, found_via: FoundVia, now: datetime) -> Row[Any]:
    """The canonical URL's row, made because its document is stored under it."""
    url = read.article.url
    list_new(conn, [address(url, url, title=row.title, hop=row.hop)], found_via, row.source, now)
    row_now = url_named(conn, url)
    assert row_now is not None
    return row_now


def _end(
    conn: Connection,
    row: Row[Any],
    owner: Row[Any] | None,
    placed: Placed,
    fetched: Fetched,
    policy: Policy,
    now: datetime,
    values: dict[str, Any],
) -> Outcome:
    """The end of the visited URL: it owns the document, or it is one of its other addresses."""
    if row.outcome is not None:
        decided_again(conn, row, placed.decision.kind.value, policy, now, values)
        set_removed(conn, row.document_id, None, now)
        return Outcome(row.outcome)
    if owner is not None and owner.id == row.id:
        _store(conn, row, placed, policy, now, {**values, "leased_by": None})
        return Outcome.STORED
    alias = {"document_id": placed.document_id, "alias_of": owner.id if owner else None}
    reason = f"its canonical address is {owner.url}" if owner else placed.decision.reason
    decide(conn, row, Outcome.ALIAS, reason, fetched, now, {**values, **alias})
    link_aliases(conn, row.id, placed.document_id)
    touch(conn, [placed.document_id], now)
    return Outcome.ALIAS


def _store(
    conn: Connection, row: Row[Any], placed: Placed, policy: Policy, now: datetime, values: dict[str, Any]
) -> None:
    """Make a URL the owner of its document, unless it has one already, its own or as an alias."""
    if row.document_id is not None:
        return
    stored = {"outcome": Outcome.STORED.value, "outcome_at": now, "reason": None, "document_id": placed.document_id}
    following = next_revisit_at(conn, placed.document_id, policy, now)
    values = {"fetched_at": row.fetched_at or now, "next_visit_at": following, "attempts": 0, **stored, **values}
    change(conn, urls, row.id, values)
    link_aliases(conn, row.id, placed.document_id)
