"""The frontier, the policy and the health of a simulated day: real rows in a real store, a moved clock, a scripted
press. Only the network and, where texts are not kept, the reading of articles are left out."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from benchmarks.day.press import Outlet
from benchmarks.day.trouble import Outage, Stretch, failure, within
from crawler.network import NetworkWatch, Verdict
from index import frontier
from index.documents.recording import record_article
from index.frontier.visits import FailureClass, Fetched, Policy, Visit, VisitKind
from index.health import healths
from index.store import Store
from news.documents import Listing, Outcome

STEP = timedelta(seconds=5)
LONGEST_STEP = timedelta(minutes=5)
LOOK_EVERY = timedelta(minutes=20)
FIRST_POLLS_APART = timedelta(seconds=1)
IN_FLIGHT = 100
DELAY = 3.0
MAX_AGE = timedelta(days=30)


@dataclass(slots=True)
class Day:
    """The moved clock and what was counted on the way. `away`: while our own line is down; `keep`: store the texts."""

    store: Store
    outlets: dict[str, Outlet]
    policy: Policy
    start: datetime
    away: Stretch | None = None
    keep: bool = True
    now: datetime = field(init=False)
    counts: Counter[str] = field(default_factory=Counter)
    stored_at: dict[str, datetime] = field(default_factory=dict)
    shown: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _watch: NetworkWatch[Visit] = field(init=False)
    _look_at: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.now = self._look_at = self.start
        self._watch = NetworkWatch(sites=len(self.outlets))
        sources = {id_: one.source for id_, one in self.outlets.items()}
        write = self.store.writer.submit
        write(lambda conn: frontier.sync_sources(conn, sources, self.start, default_delay=DELAY)).result()
        write(lambda conn: frontier.spread_due(conn, self.start, FIRST_POLLS_APART)).result()

    def run_until(self, end: datetime) -> None:
        while self.now < end:
            self.store.writer.submit(self._step).result()
            if self.now >= self._look_at:
                self._look_at_health()
                self._look_at = self.now + LOOK_EVERY

    def _step(self, conn: Connection) -> None:
        """What a tick and a round of claims do, with answers that come at once; then on to the next moment."""
        frontier.mark_due(conn, self.now)
        visits = self._claim(conn)
        for visit in visits:
            self._visit(conn, visit)
            frontier.site_served(conn, visit.site, self.now, DELAY)
        self._settle(conn)
        busy = visits or self._watch.holding or self._watch.away
        self.now = self.now + STEP if busy else self._next(conn)

    def _claim(self, conn: Connection) -> list[Visit]:
        room = IN_FLIGHT - self._watch.holding
        if self._watch.away:
            room = int(self._watch.may_probe(self._seconds()))
        return frontier.claim(conn, run="day", now=self.now, limit=room, busy_sites=()) if room else []

    def _next(self, conn: Connection) -> datetime:
        moments = (frontier.next_due(conn, self.now), frontier.remaining(conn, self.now).next_at)
        later = min((at for at in moments if at is not None), default=self.now + LONGEST_STEP)
        return min(max(later, self.now + STEP), self.now + LONGEST_STEP)

    def _visit(self, conn: Connection, visit: Visit) -> None:
        outlet = self.outlets[visit.source]
        outage = self._outage(outlet)
        self.counts[visit.kind.value] += 1
        if outage is not None and outage.kind is FailureClass.NETWORK:
            self._unanswered(conn, visit)
            return
        for held in self._watch.answered(self._seconds()).theirs:
            self._fails(conn, held)
        if outage is not None:
            self._fails(conn, visit)
        elif visit.kind is VisitKind.ROBOTS:
            frontier.record_robots(conn, visit, 404, None, self.now)
        elif visit.kind is VisitKind.ENDPOINT:
            self._poll(conn, visit, outlet)
        else:
            self._fetch(conn, visit, outlet)

    def _outage(self, outlet: Outlet) -> Outage | None:
        if self.away is not None and within(self.away, self.now):
            return Outage(self.away, FailureClass.NETWORK, None)
        return outlet.outage(self.now)

    def _unanswered(self, conn: Connection, visit: Visit) -> None:
        """Ours or theirs? Held back until that is clear, as the crawler does."""
        verdict = self._watch.failed(visit, visit.site, self._seconds(), self._seconds())
        if verdict is Verdict.OURS:
            self._ours(conn, [visit])
        elif verdict is Verdict.THEIRS:
            self._fails(conn, visit)

    def _settle(self, conn: Connection) -> None:
        cleared = self._watch.tick(self._seconds())
        self._ours(conn, cleared.ours)
        for visit in cleared.theirs:
            self._fails(conn, visit)

    def _ours(self, conn: Connection, visits: Sequence[Visit]) -> None:
        self.counts["not counted, our own line"] += len(visits)
        frontier.give_back(conn, visits, self.now)

    def _fails(self, conn: Connection, visit: Visit) -> None:
        outage = self._outage(self.outlets[visit.source]) or Outage((self.now, self.now), FailureClass.NETWORK, None)
        self.counts[f"{visit.kind.value} failed"] += 1
        if visit.kind is VisitKind.ROBOTS:
            frontier.record_robots(conn, visit, outage.status, None, self.now)
        else:
            frontier.record_failure(conn, visit, failure(outage, self.now), self.policy, self.now)

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
        self.stored_at.setdefault(visit.url, self.now)
        page = _answer(200, self.now)
        if self.keep:
            article = outlet.article(visit.url, self.now)
            record_article(conn, visit, article, page, outlet.source, self.policy, self.now, MAX_AGE)
        else:
            # As one more address of a document that is there: pages that give nothing would be a trouble of their own.
            frontier.record_outcome(conn, visit, Outcome.ALIAS, "not kept", page, self.policy, self.now)

    def _look_at_health(self) -> None:
        with self.store.read() as conn:
            for id_, health in healths(conn, self.now).items():
                self.shown[health].add(id_)

    def _seconds(self) -> float:
        return (self.now - self.start).total_seconds()


def _answer(status: int, now: datetime) -> Fetched:
    return Fetched(status=status, etag=None, last_modified=None, body_hash="page", at=now)
