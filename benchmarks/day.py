"""A day of 300 endpoints in minutes: frontier, policy and health under a moved clock, over a scripted fetcher.

python -m benchmarks.day                       24 hours; prints figures, exits 1 below 99.9 %
python -m benchmarks.day --many 100000         cost of a tick and of start-up with so many endpoints
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Connection, func, select, update

from benchmarks.day_press import Outage, Outlet, failure, press
from benchmarks.shared import percentile
from index import frontier
from index.database import documents, endpoints, urls
from index.documents.recording import record_article
from index.frontier.visits import Fetched, Visit, VisitKind
from index.health import healths
from index.store import Store
from news.documents import Listing, Source
from scheduler.policy import AdaptivePolicy

START = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
STEP = timedelta(seconds=5)
DELAY = 3.0
MAX_AGE = timedelta(days=30)
LOOK_EVERY = timedelta(minutes=10)
WANTED = 0.999
TROUBLE = ("failing", "backing_off")


@dataclass(slots=True)
class Day:
    """The moved clock and what was counted on the way."""

    store: Store
    outlets: dict[str, Outlet]
    now: datetime
    policy: AdaptivePolicy = field(default_factory=AdaptivePolicy)
    counts: Counter[str] = field(default_factory=Counter)
    stored_at: dict[str, datetime] = field(default_factory=dict)
    look_at: datetime = START
    seen_in_trouble: set[str] = field(default_factory=set)

    def run_until(self, end: datetime) -> None:
        while self.now < end:
            self.store.writer.submit(self._step).result()
            if self.now >= self.look_at:
                self._look_at_health()
                self.look_at = self.now + LOOK_EVERY

    def _step(self, conn: Connection) -> None:
        """What a tick and a round of claims do, with answers that come at once; then on to the next moment."""
        frontier.mark_due(conn, self.now)
        visits = frontier.claim(conn, run="day", now=self.now, limit=100, busy_sites=())
        for visit in visits:
            self._visit(conn, visit)
            frontier.site_served(conn, visit.site, self.now, DELAY)
        self.counts["steps"] += 1
        self.now = self.now + STEP if visits else self._next(conn)

    def _next(self, conn: Connection) -> datetime:
        moments = (frontier.next_due(conn, self.now), frontier.remaining(conn, self.now).next_at)
        later = min((at for at in moments if at is not None), default=self.now + timedelta(minutes=5))
        return min(max(later, self.now + STEP), self.now + timedelta(minutes=5))

    def _visit(self, conn: Connection, visit: Visit) -> None:
        outlet = self.outlets[visit.source]
        outage = outlet.outage(self.now)
        self.counts[visit.kind.value] += 1
        if visit.kind is VisitKind.ROBOTS:
            frontier.record_robots(conn, visit, outage.status if outage else 404, None, self.now)
        elif outage is not None:
            self.counts[f"{visit.kind.value} failed"] += 1
            frontier.record_failure(conn, visit, failure(outage, self.now), self.policy, self.now)
        elif visit.kind is VisitKind.ENDPOINT:
            self._poll(conn, visit, outlet)
        else:
            self._fetch(conn, visit, outlet)

    def _poll(self, conn: Connection, visit: Visit, outlet: Outlet) -> None:
        fetched = outlet.answer(visit, self.now)
        if fetched.status == 304 or fetched.body_hash == visit.body_hash:
            self.counts["polls answered by 304"] += fetched.status == 304
            frontier.record_unchanged(conn, visit, fetched, self.policy, self.now)
            return
        listing = Listing(links=tuple(outlet.links(self.now)))
        frontier.record_listing(conn, visit, listing, fetched, outlet.source, self.policy, self.now, MAX_AGE)

    def _fetch(self, conn: Connection, visit: Visit, outlet: Outlet) -> None:
        if visit.revisit:
            frontier.record_unchanged(conn, visit, _answer(304, self.now), self.policy, self.now)
            return
        article = outlet.article(visit.url, self.now)
        record_article(conn, visit, article, _answer(200, self.now), outlet.source, self.policy, self.now, MAX_AGE)
        self.stored_at.setdefault(visit.url, self.now)

    def _look_at_health(self) -> None:
        with self.store.read() as conn:
            self.seen_in_trouble |= {id_ for id_, health in healths(conn, self.now).items() if health in TROUBLE}


def _answer(status: int, now: datetime) -> Fetched:
    return Fetched(status=status, etag=None, last_modified=None, body_hash="page", at=now)


def simulate(folder: Path, asked: argparse.Namespace) -> dict[str, Any]:
    outlets = {one.source.id: one for one in press(asked.endpoints, START, asked.hours, Random(asked.seed))}
    with Store.open(folder) as store:
        sources = {id_: one.source for id_, one in outlets.items()}
        store.writer.submit(lambda conn: frontier.sync_sources(conn, sources, START, default_delay=DELAY)).result()
        day = Day(store, outlets, START)
        day.run_until(START + timedelta(hours=asked.hours))
        closing = day.now
        polled = dict(day.counts)
        listed = {id_: frozenset(one.listed_at_a_poll) for id_, one in outlets.items()}
        day.run_until(closing + timedelta(hours=1))  # what was listed last is fetched, with the polls of that hour
        return figures(day, polled, listed)


def figures(day: Day, counts: dict[str, int], listed: dict[str, frozenset[int]]) -> dict[str, Any]:
    ours = {
        outlet.url(article): outlet.printed[article]
        for id_, outlet in day.outlets.items()
        for article in range(outlet.window, len(outlet.printed))
        if article in listed[id_]
    }
    published = sum(len(outlet.printed) - outlet.window for outlet in day.outlets.values())
    lags = [(day.stored_at[url] - at).total_seconds() / 60 for url, at in ours.items() if url in day.stored_at]
    overlooked = Counter(
        str(outlet.server)
        for outlet in day.outlets.values()
        for article in range(outlet.window, len(outlet.printed))
        if outlet.url(article) not in day.stored_at and article in listed[outlet.source.id]
    )
    between = sum(
        article not in outlet.listed_at_a_poll and outlet.printed[article] < (outlet.polled_at or START)
        for outlet in day.outlets.values()
        for article in range(outlet.window, len(outlet.printed))
    )
    down = {id_ for id_, one in day.outlets.items() if any(_noticeable(outage) for outage in one.outages)}
    with day.store.read() as conn:
        after = healths(conn, day.now)
        overflowed = conn.execute(select(func.count()).where(endpoints.c.overflowed_at.is_not(None))).scalar_one()
        pending = conn.execute(select(func.count()).where(urls.c.outcome.is_(None))).scalar_one()
        stored = conn.execute(select(func.count()).select_from(documents)).scalar_one()
    polls = counts["endpoint"]
    return {
        "published": published,
        "listed_at_a_poll": len(ours),
        "stored_of_these": len(lags),
        "share": round(len(lags) / len(ours), 5),
        "listed_but_not_stored_by_server": dict(overlooked),
        "gone_from_the_feed_between_two_polls": between,
        "published_to_stored_minutes": {
            "p50": round(statistics.median(lags), 1),
            "p95": round(percentile(lags, 0.95), 1),
            "max": round(max(lags), 1),
        },
        "polls": polls,
        "polls_per_article": round(polls / max(len(lags), 1), 2),
        "polls_answered_by_304": round(counts.get("polls answered by 304", 0) / polls, 3),
        "failed_visits": counts.get("endpoint failed", 0) + counts.get("article failed", 0),
        "feeds_said_to_overflow": overflowed,
        "sources_down_over_an_hour": len(down),
        "of_these_shown_in_trouble": len(down & day.seen_in_trouble),
        "in_trouble_without_cause": len(day.seen_in_trouble - {one for one in day.outlets if day.outlets[one].outages}),
        "still_in_trouble_at_the_end": sum(after[id_] in TROUBLE for id_ in down),
        "documents": stored,
        "pending": pending,
    }


def _noticeable(outage: Outage) -> bool:
    return outage.end - outage.start > timedelta(hours=1)


def many(folder: Path, count: int) -> dict[str, Any]:
    """What a tick and a start cost when so many endpoints are known, in seconds."""
    sources = {one.source.id: one.source for one in press(count, START, 0, Random(1))}
    later = START + timedelta(days=1)
    spent: dict[str, Any] = {"endpoints": count}
    with Store.open(folder) as store:
        write = partial(_timed, spent, store)
        write("first start: sources into rows", partial(_sync, sources))
        write("tick with all due", lambda conn: frontier.mark_due(conn, START))
        write("claim of 100 visits with all due", partial(_claim, START))
        write("void the leases", lambda conn: frontier.void_leases(conn, now=START))
    with Store.open(folder) as store:
        write = partial(_timed, spent, store)
        write("second start: sources compared with rows", partial(_sync, sources))
        write("rest", _all_at_rest)
        write("tick with nothing due", lambda conn: frontier.mark_due(conn, START))
        write("round of claims with nothing due", partial(_claim, START))
        write("a thousand become due", _thousand_due)
        write("tick with a thousand due", lambda conn: frontier.mark_due(conn, START))
        write("claim of 100 visits with a thousand due", partial(_claim, START))
        write("when is the next one due", lambda conn: frontier.next_due(conn, START))
        write("what remains", lambda conn: frontier.remaining(conn, START))
        write("health of all", lambda conn: len(healths(conn, later)))
    return spent


def _timed(spent: dict[str, Any], store: Store, what: str, operation: Callable[[Connection], object]) -> None:
    began = time.perf_counter()
    store.writer.submit(operation).result()
    spent[what] = round(time.perf_counter() - began, 4)


def _sync(sources: dict[str, Source], conn: Connection) -> None:
    frontier.sync_sources(conn, sources, START, default_delay=DELAY)


def _claim(now: datetime, conn: Connection) -> int:
    return len(frontier.claim(conn, run="many", now=now, limit=100, busy_sites=()))


def _all_at_rest(conn: Connection) -> None:
    values = {"visit_at": None, "next_fetch_at": START + timedelta(hours=1), "leased_by": None}
    conn.execute(update(endpoints).values(**values))


def _thousand_due(conn: Connection) -> None:
    conn.execute(update(endpoints).where(endpoints.c.id <= 1000).values(next_fetch_at=START))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.day", description=__doc__)
    parser.add_argument("--endpoints", type=int, default=300)
    parser.add_argument("--hours", type=float, default=24)
    parser.add_argument("--many", type=int, default=0, help="measure so many endpoints instead of a day")
    parser.add_argument("--seed", type=int, default=20261123)
    asked = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="day-") as name:
        found = many(Path(name), asked.many) if asked.many else simulate(Path(name), asked)
    print(json.dumps(found, indent=2))
    print(f"measured in {time.monotonic() - began:.0f} s", file=sys.stderr)
    sys.exit(found.get("share", 1) < WANTED)


if __name__ == "__main__":
    main()
