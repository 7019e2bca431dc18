"""What an hour of the service is held against: the outlets' log, their clock, and the store when all is over."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy import select

from benchmarks.replay.checks import Checks
from benchmarks.service_hour.press import LivePress, Published
from benchmarks.service_hour.watch import Watch
from benchmarks.shared import percentile, spread
from index.columns import EPOCH
from index.database import documents
from index.store import Store
from tests.site.log import Seen, gaps
from tests.site.outlet import FEED, SECTION, SITEMAP

Where = tuple[str, str]  # site and decoded path, as the servers' log has them
LISTINGS = (FEED, SITEMAP, SECTION)
WANTED = 0.999
SEARCHABLE_WITHIN = 10.0
EPSILON = 0.010  # of clocks that two processes read


def late(checks: Checks, watch: Watch, requests: Sequence[Seen], until: float) -> None:
    """From the last byte of an article's first answer to the first search that finds it."""
    answered: dict[Where, float] = {}
    for one in _articles_sent(requests):
        if one.end is not None and one.end < until:
            answered.setdefault((one.site, one.path), one.end)
    found = {_where(url): at for url, at in watch.seen.items()}
    lags = [found[where] - at for where, at in answered.items() if where in found]
    missed = sorted(answered.keys() - found.keys())
    detail = f"{len(lags)} of {len(answered)} {missed[:3] or ''}"
    checks.that("what was fetched while the node was up was found", not missed, detail)
    checks.that("no search went unanswered", not watch.failed, f"{len(watch.failed)} of {watch.asked}")
    p95 = percentile(lags, 0.95) if lags else float("inf")
    checks.that(f"fetched to searchable: p95 within {SEARCHABLE_WITHIN:g} s", p95 <= SEARCHABLE_WITHIN, f"{p95:.2f} s")
    print(f"         {spread(lags, 's') if lags else 'nothing was fetched'}")


def complete(checks: Checks, press: LivePress, requests: Sequence[Seen], data: Path) -> Mapping[Where, datetime]:
    """When each document was stored."""
    with Store.open(data, readonly=True) as store, store.read() as conn:
        rows = conn.execute(select(documents.c.url, documents.c.created_seq)).all()
    stored = {_where(row.url): EPOCH + timedelta(microseconds=row.created_seq) for row in rows}
    polls = [one for one in requests if one.path in LISTINGS and one.status in (200, 304)]
    wanted = _listed_at_a_poll(press, polls)
    kept = [one for one in wanted if _where(one.url) in stored]
    share = len(kept) / max(1, len(wanted))
    detail = f"{len(kept)} of {len(wanted)}; {len(press.printed)} were printed in all"
    checks.that("what a feed still listed at a poll is stored", share >= WANTED, detail)
    lags = [(stored[_where(one.url)] - one.when).total_seconds() for one in kept]
    minutes = [lag / 60 for lag in lags] or [0.0]
    print(f"         published to stored: {spread(minutes, 'min')}, mean {statistics.mean(minutes):.2f} min")
    unchanged = sum(one.status == 304 for one in polls)
    print(f"         {len(polls)} polls, {len(polls) / max(1, len(kept)):.2f} an article; "
          f"{unchanged / len(polls):.1%} answered 304")  # fmt: skip
    return stored


def polite(checks: Checks, requests: Sequence[Seen], delay: float) -> None:
    sites: dict[str, list[Seen]] = defaultdict(list)
    for one in requests:
        sites[one.site].append(one)
    waits = [gap for mine in sites.values() for gap in gaps(mine)]
    shortest = min(waits)
    detail = f"shortest {shortest:.3f} s of {len(waits)} on {len(sites)} sites"
    checks.that(
        f"from an answer to the next request of a site at least {delay:g} s", shortest >= delay - EPSILON, detail
    )
    checks.that("never two requests of a site under way", shortest >= 0, f"{sum(gap < 0 for gap in waits)} overlaps")
    agents = {one.headers.get("user-agent", "") for one in requests}
    checks.that("one name in all requests", len(agents) == 1, agents)


def balanced(
    checks: Checks, status: Mapping[str, Any], press: LivePress, requests: Sequence[Seen], stored: Collection[Where]
) -> None:
    """`status` against itself, against the store and against the outlets' own log."""
    rows = {row["id"]: row for row in status["sources"]} | {"total": status["totals"]}
    off = [id_ for id_, row in rows.items() if row["listed"] != _accounted(row)]
    checks.that("status balances, for each source and in total", not off, off or status["totals"])
    checks.that("stored is what is stored", status["totals"]["stored"] == len(stored), len(stored))
    sent: dict[str, set[str]] = defaultdict(set)
    for one in _articles_sent(requests):
        sent[one.site].add(one.path)
    told = {desk.outlet.site: rows[desk.outlet.id] for desk in press.desks.values()}
    differing = {site: (row["fetched"], row["stored"], len(sent[site])) for site, row in told.items()
                 if not row["fetched"] == row["stored"] == len(sent[site])}  # fmt: skip
    whole = sum(map(len, sent.values()))
    checks.that("fetched and stored, for each source, are what its server sent", not differing, differing or whole)
    again = sum(count > 1 for count in Counter((one.site, one.path) for one in _articles_sent(requests)).values())
    print(f"         {again} articles were sent in full again after an edit; {len(requests)} requests in all")


def _listed_at_a_poll(press: LivePress, polls: Sequence[Seen]) -> list[Published]:
    """Printed since the watching began, and in a listing when it was read."""
    new = {one.url for one in press.printed}
    found = {one.url: one for poll in polls for one in press.desks[poll.site].listed(poll.start) if one.url in new}
    return list(found.values())


def _where(url: str) -> Where:
    parts = urlsplit(url)
    return parts.hostname or "", unquote(parts.path)


def _articles_sent(requests: Sequence[Seen]) -> list[Seen]:
    return [one for one in requests if one.status == 200 and one.path.startswith("/news/")]


def _accounted(row: Mapping[str, Any]) -> int:
    return int(row["stored"] + row["pending"] + sum(row["dropped"].values()))
