"""Whatever happens in whatever order, the books balance and every document has its one owner."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import func, select

from index import frontier, ledger
from index.database import documents, urls
from index.documents.forgetting import forget
from index.documents.importing import import_article
from index.follower import follow
from index.frontier.visits import Failure, FailureClass, Visit, VisitKind
from index.store import Store, export
from news.documents import FoundKind, FoundVia, Link, Listing, Outcome
from tests.index.press import MAX_AGE, OTHER_TEXT, SITE, TEXT, Press, outlet, read_article, related
from tests.index.test_follower import Shelf

HOSTS = (SITE, "https://www.example.org", "https://m.example.com")
ADDRESSES = [f"{host}/{number}" for host in HOSTS for number in range(4)]
TEXTS = (TEXT, TEXT.replace("اثنتي عشرة", "عشر"), OTHER_TEXT, "نص قصير لا يشبه غيره في شيء أبدا")
address = st.sampled_from(ADDRESSES)
text = st.sampled_from(TEXTS)


class Life(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = Store.open(Path(self.folder.name))
        self.press = Press(self.store)
        self.outlets = {id_: outlet(id_, host) for id_, host in (("akhbar", SITE), ("jarida", HOSTS[1]))}
        self.press.watch(*self.outlets.values())
        self.shelf = Shelf()
        self.visits: list[Visit] = []
        self.runs = 1

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    def take(self, *kinds: VisitKind) -> Visit | None:
        """One of the visits that are under way."""
        found = next((visit for visit in self.visits if visit.kind in kinds), None)
        if found:
            self.visits.remove(found)
        return found

    @rule(minutes=st.sampled_from([0, 1, 61, 60 * 24 * 3]))
    def time_passes(self, minutes: int) -> None:
        self.press.later(minutes=minutes)
        self.press.tick()

    @rule()
    def everything_is_asked_for(self) -> None:
        self.press.tick(everything=True)

    @rule(limit=st.integers(1, 3))
    def visits_are_claimed(self, limit: int) -> None:
        busy = [visit.site for visit in self.visits]
        self.visits += self.press.claim(limit=limit, run=f"run-{self.runs}", busy_sites=busy)

    @rule(status=st.sampled_from([200, 404, 503, None]))
    def robots_txt_is_read(self, status: int | None) -> None:
        if visit := self.take(VisitKind.ROBOTS):
            self.press.robots(visit, status, "" if status == 200 else None)

    @rule(links=st.lists(address, max_size=5))
    def a_listing_is_read(self, links: list[str]) -> None:
        if visit := self.take(VisitKind.ENDPOINT):
            listing = Listing(links=tuple(Link(url=link) for link in links))
            press, source = self.press, self.outlets[visit.source]
            press.do(
                lambda conn: frontier.record_listing(
                    conn, visit, listing, press.fetched(), source, press.policy, press.now, MAX_AGE
                )
            )

    @rule(text=text, canonical=st.none() | address, links=st.lists(st.integers(0, 9), max_size=3))
    def an_article_is_read(self, text: str, canonical: str | None, links: list[int]) -> None:
        if visit := self.take(VisitKind.ARTICLE):
            self.press.source = self.outlets[visit.source]
            known: dict[str, Any] = {"source": visit.source, "related": related(*(f"/{link}" for link in links))}
            self.press.store_article(visit, read_article(canonical or visit.url, text, self.press.now, **known))

    @rule(there=address)
    def a_redirect_leads_away(self, there: str) -> None:
        if visit := self.take(VisitKind.ARTICLE):
            self.press.source = self.outlets[visit.source]
            self.press.redirect(visit, there)

    @rule(texts=st.lists(st.tuples(address, text), min_size=1, max_size=4))
    def an_outlet_publishes(self, texts: list[tuple[str, str]]) -> None:
        """The common case, from the listing to the store."""
        told = dict(texts)
        self.visits_are_given_back()
        self.press.poll_all()
        for visit in self.press.claim_past_robots(run=f"run-{self.runs}"):
            self.visits.append(visit)
            if visit.kind is VisitKind.ENDPOINT:
                self.a_listing_is_read(list(told))
        for visit in self.press.claim_past_robots(run=f"run-{self.runs}", busy_sites=[v.site for v in self.visits]):
            self.press.source = self.outlets[visit.source]
            text = told.get(visit.url, TEXT)
            self.press.store_article(visit, read_article(visit.url, text, self.press.now, source=visit.source))

    @rule(outcome=st.sampled_from([Outcome.NOT_FOUND, Outcome.PAYWALLED, Outcome.ROBOTS]))
    def a_visit_gives_no_document(self, outcome: Outcome) -> None:
        if visit := self.take(VisitKind.ARTICLE, VisitKind.ENDPOINT):
            press = self.press
            press.do(
                lambda conn: frontier.record_outcome(
                    conn, visit, outcome, "so", press.fetched(404), press.policy, press.now
                )
            )

    @rule(kind=st.sampled_from(FailureClass))
    def a_visit_fails(self, kind: FailureClass) -> None:
        if visit := self.take(VisitKind.ARTICLE, VisitKind.ENDPOINT):
            press = self.press
            told = Failure(kind=kind, outcome=Outcome.TIMEOUT, reason="no answer", at=press.now)
            press.do(lambda conn: frontier.record_failure(conn, visit, told, press.policy, press.now))

    @rule()
    def nothing_has_changed(self) -> None:
        if visit := self.take(VisitKind.ENDPOINT):
            self.press.unchanged(visit)

    @rule()
    def visits_are_given_back(self) -> None:
        self.press.give_back(*self.visits)
        self.visits.clear()

    @rule()
    def the_process_dies(self) -> None:
        self.runs += 1
        self.press.do(lambda conn: frontier.void_leases(conn))
        self.visits.clear()

    @rule(url=address, text=text, archive=st.sampled_from(["archive", "library"]))
    def an_archive_is_imported(self, url: str, text: str, archive: str) -> None:
        read = read_article(url, text, self.press.now, source=archive)
        found_via = FoundVia(kind=FoundKind.IMPORT, url=None)
        self.press.do(lambda conn: import_article(conn, read, found_via, self.press.now))

    @rule(url=address)
    def somebody_asks_for_removal(self, url: str) -> None:
        self.press.do(lambda conn: forget(conn, url=url, now=self.press.now, reason="asked"))

    @rule()
    def the_index_follows(self) -> None:
        follow(self.store, self.shelf, batch=3)
        with self.store.read() as conn:
            assert self.shelf.held == {document.id: document for document in export(conn)}

    @invariant()
    def the_books_balance(self) -> None:
        with self.store.read() as conn:
            told = ledger.status(conn, now=self.press.now, position=self.shelf.at, backend="embedded")
            stored = conn.execute(select(documents.c.source, func.count()).group_by(documents.c.source))
            assert {row[0]: row[1] for row in stored} == {
                account["id"]: account["stored"] for account in told["sources"] if account["stored"]
            }
        for account in [*told["sources"], told["totals"]]:
            assert account["listed"] == account["stored"] + account["pending"] + sum(account["dropped"].values())
            assert 0 <= account["indexed"] <= account["stored"]

    @invariant()
    def every_document_has_one_owner(self) -> None:
        with self.store.read() as conn:
            ids = set(conn.execute(select(documents.c.id)).scalars())
            rows = conn.execute(select(urls.c.outcome, urls.c.document_id)).all()
        assert sorted(row.document_id for row in rows if row.outcome == "stored") == sorted(ids)
        assert all(row.outcome in ("stored", "alias") and row.document_id in ids for row in rows if row.document_id)

    @invariant()
    def every_cluster_is_led_by_its_first(self) -> None:
        with self.store.read() as conn:
            columns = (documents.c.id, documents.c.cluster_id, documents.c.duplicate_of, documents.c.first_seen_at)
            rows = {row.id: row for row in conn.execute(select(*columns))}
        for row in rows.values():
            leader = rows[row.duplicate_of or row.id]
            assert leader.cluster_id == row.cluster_id and leader.duplicate_of is None
            assert leader.first_seen_at <= row.first_seen_at

    @invariant()
    def what_is_leased_is_under_way(self) -> None:
        with self.store.read() as conn:
            leased = set(conn.execute(select(urls.c.id).where(urls.c.leased_by.is_not(None))).scalars())
        assert leased >= {visit.id for visit in self.visits if visit.kind is VisitKind.ARTICLE}


TestLife = pytest.mark.slow(Life.TestCase)
TestLife.settings = settings(
    max_examples=25, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
