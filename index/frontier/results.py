"""What a visit came back with, when it was no listing and no article."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row

from index.columns import date_of
from index.database import endpoints, urls
from index.documents.sequence import touch
from index.frontier import polls, sites
from index.frontier.addresses import Address, known_rows, list_new
from index.frontier.decided import decide, decided_again, next_revisit_at, set_removed, validators
from index.frontier.events import note, times_noted
from index.frontier.listing import name_child
from index.frontier.visits import Failure, FailureClass, Fetched, Policy, Visit, VisitKind
from index.rows import change, row_of
from news.documents import FoundKind, FoundVia, Outcome, Source
from news.urls import canonical, fetchable, in_scope, site_of, trap

GONE: Final = frozenset({Outcome.GONE, Outcome.NOT_FOUND})
MOST_SPELLINGS: Final = 4
REDIRECT: Final = "redirect"
CLASSES: Final = {
    Outcome.PARSE_ERROR: FailureClass.UNREADABLE,
    Outcome.NOT_ARTICLE: FailureClass.UNREADABLE,
    Outcome.NO_TEXT: FailureClass.UNREADABLE,
    Outcome.TOO_LARGE: FailureClass.UNREADABLE,
    Outcome.TIMEOUT: FailureClass.TIMEOUT,
}


def record_unchanged(conn: Connection, visit: Visit, fetched: Fetched, policy: Policy, now: datetime) -> None:
    """The server says 304, or sent the same bytes again."""
    if visit.kind is VisitKind.ENDPOINT:
        polls.succeeded(conn, visit, fetched, polls.Polled(unchanged=True), policy, now)
        return
    row = row_of(conn, urls, visit.id)
    values: dict[str, Any] = {"last_status": fetched.status}
    if fetched.status != 304:
        values |= validators(fetched)
    decided_again(conn, row, "unchanged", policy, now, values)
    note(conn, visit.id, "unchanged", now, status=fetched.status)
    set_removed(conn, row.document_id, None, now)
    sites.answered(conn, visit.site)


def record_outcome(
    conn: Connection,
    visit: Visit,
    outcome: Outcome,
    reason: str,
    fetched: Fetched | None,
    policy: Policy,
    now: datetime,
) -> None:
    """The visit is over and gave no document. A first visit decides the URL; a later one never changes `stored`."""
    status = fetched.status if fetched else None
    if fetched is not None:
        sites.answered(conn, visit.site)
    if visit.kind is VisitKind.ENDPOINT:
        kind = CLASSES.get(outcome, FailureClass.CLIENT)
        retry_after = fetched.retry_after if fetched else None
        polls.failed(conn, visit, kind, reason, policy, now, status=status, retry_after=retry_after)
        return
    row = row_of(conn, urls, visit.id)
    note(conn, visit.id, outcome.value, now, status=status, reason=reason)
    values: dict[str, Any] = {"last_status": status}
    if row.outcome is None:
        decide(conn, row, outcome, reason, fetched, now, values)
        return
    decided_again(conn, row, outcome.value, policy, now, values)
    if outcome in GONE:
        set_removed(conn, row.document_id, now, now)


def record_failure(conn: Connection, visit: Visit, failure: Failure, policy: Policy, now: datetime) -> bool:
    """No answer to read. Retried with growing gaps until the policy has enough; then the URL is decided. Whether it
    will be tried again."""
    if visit.kind is VisitKind.ROBOTS:
        raise ValueError("a robots.txt that cannot be read is recorded by record_robots")
    sites.failed(conn, visit.site, failure)
    if visit.kind is VisitKind.ENDPOINT:
        polls.failed(
            conn, visit, failure.kind, failure.reason, policy, now, status=failure.status,
            retry_after=failure.retry_after,
        )  # fmt: skip
        return True
    row = row_of(conn, urls, visit.id)
    note(conn, visit.id, failure.kind.value, now, status=failure.status, reason=failure.reason)
    attempts = row.attempts + 1
    wait = policy.next_retry(failure, attempts)
    values = {"attempts": attempts, "last_status": failure.status, "leased_by": None, "reason": failure.reason}
    if row.outcome is not None:
        _retry_revisit(conn, row, failure, wait, policy, now)
    elif wait is not None:
        change(conn, urls, row.id, {"next_visit_at": now + wait, **values})
    else:
        decide(conn, row, failure.outcome, failure.reason, None, now, values)
    return row.outcome is not None or wait is not None


def record_redirect(
    conn: Connection,
    visit: Visit,
    target: str,
    fetched: Fetched | None,
    source: Source | None,
    policy: Policy,
    now: datetime,
) -> None:
    """The address led to another one that has to be fetched on its own: at its own site's pace."""
    try:
        url = canonical(target)
    except ValueError:
        record_outcome(conn, visit, Outcome.HTTP_ERROR, f"redirects to {target}", fetched, policy, now)
        return
    if source is None or not in_scope(source, url):
        record_outcome(conn, visit, Outcome.OUT_OF_SCOPE, f"redirects to {target}", fetched, policy, now)
    elif visit.kind is VisitKind.ENDPOINT:
        _redirected_endpoint(conn, visit, target, policy, now)
    else:
        _redirected_url(conn, visit, url, target, fetched, policy, now)


def _redirected_endpoint(conn: Connection, visit: Visit, target: str, policy: Policy, now: datetime) -> None:
    """Within the site the endpoint is asked for at the target from now on; elsewhere the target is read in its own
    site's turn, each time, and this endpoint keeps its schedule."""
    row = row_of(conn, endpoints, visit.id)
    if site_of(target) != row.site:
        name_child(conn, visit, target, visit.depth, now)
        polls.passed_on(conn, visit, now)
    elif row.moving_seen < polls.MOVES_AT_ONCE:
        moved = {"moved_url": fetchable(target), "moving_seen": row.moving_seen + 1}
        change(conn, endpoints, row.id, {**moved, "visit_at": now, "leased_by": None})
    else:
        reason = f"redirects again and again, to {target} at last"
        polls.failed(conn, visit, FailureClass.UNREADABLE, reason, policy, now)


def _redirected_url(
    conn: Connection, visit: Visit, url: str, target: str, fetched: Fetched | None, policy: Policy, now: datetime
) -> None:
    row = row_of(conn, urls, visit.id)
    status = fetched.status if fetched else None
    sites.answered(conn, visit.site)
    note(conn, row.id, REDIRECT, now, status=status, reason=target)
    if url == row.url:
        _ask_there(conn, row, target, policy, now)
        return
    other = _listed_target(conn, row, url, target, now)
    if row.outcome is not None:
        decided_again(conn, row, Outcome.ALIAS.value, policy, now, {"last_status": status})
        return
    values = {"alias_of": other.id, "document_id": other.document_id, "last_status": status}
    decide(conn, row, Outcome.ALIAS, f"redirects to {target}", fetched, now, values)
    if other.document_id is not None:
        touch(conn, [other.document_id], now)


def _ask_there(conn: Connection, row: Row[Any], target: str, policy: Policy, now: datetime) -> None:
    """A redirect to another spelling of the same address (its scheme, say): fetched there, in its own turn."""
    if times_noted(conn, row.id, REDIRECT) > MOST_SPELLINGS:
        reason = f"redirects to {target} and back"
        if row.outcome is None:
            decide(conn, row, Outcome.REDIRECT_LOOP, reason, None, now, {})
        else:
            decided_again(conn, row, Outcome.REDIRECT_LOOP.value, policy, now, {})
        return
    again = None if row.outcome is None else now
    change(conn, urls, row.id, {"fetch_url": fetchable(target), "leased_by": None, "next_visit_at": again})


def _listed_target(conn: Connection, row: Row[Any], url: str, target: str, now: datetime) -> Row[Any]:
    """The target's row; a new one is found as the redirecting one was."""
    why = trap(url)
    found_via = FoundVia(kind=FoundKind(row.found_kind), url=row.found_url)
    if url not in known_rows(conn, [url]):
        listed = Address(
            url=url,
            fetch_url=fetchable(target),
            title=row.title,
            published=date_of(row, "listed"),
            hop=row.hop,
            outcome=Outcome.TRAP if why else None,
            reason=why,
        )
        list_new(conn, [listed], found_via, row.source, now)
    return known_rows(conn, [url])[url]


def _retry_revisit(
    conn: Connection, row: Row[Any], failure: Failure, wait: timedelta | None, policy: Policy, now: datetime
) -> None:
    """A revisit that failed is tried again, or left out until the next one."""
    at = now + wait if wait is not None else next_revisit_at(conn, row.document_id, policy, now)
    seen = {"last_visit": failure.kind.value, "last_visit_at": now, "last_status": failure.status, "leased_by": None}
    attempts = row.attempts + 1 if wait is not None else 0
    change(conn, urls, row.id, {"next_visit_at": at, "attempts": attempts, **seen})
