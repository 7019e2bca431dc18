from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from index.database import urls
from index.documents.forgetting import forget
from index.documents.importing import Importer, import_article
from index.documents.recording import Recorded
from index.store import Store, find_document
from news.documents import Article, DecisionKind, FoundKind, FoundVia, Outcome
from tests.index.press import NOW, OTHER_TEXT, SITE, TEXT, Press, date, read_article
from tests.index.test_follower import Shelf

FILE = FoundVia(kind=FoundKind.IMPORT, url="archive.jsonl")


def bring(press: Press, url: str, text: str = TEXT, **known: Any) -> Recorded:
    read = read_article(url, text, press.now, **known)
    return press.do(lambda conn: import_article(conn, read, FILE, press.now))


def kind_of(recorded: Recorded) -> DecisionKind | None:
    return recorded.decision.kind if recorded.decision else None


def test_an_import_is_born_stored_and_never_fetched(press: Press) -> None:
    published = date(NOW - timedelta(days=900))
    recorded = bring(press, "https://www.example.net/1", source="archive", published=published)
    assert recorded.outcome is Outcome.STORED
    row = press.see(lambda conn: conn.execute(select(urls)).one())
    assert (row.outcome, row.source, row.fetched_at, row.next_visit_at) == ("stored", "archive", None, None)
    found = press.see(lambda conn: find_document(conn, "https://www.example.net/1"))
    assert found is not None
    assert (found.source, found.published, found.found_via) == ("archive", published, FILE)
    assert press.claim_past_robots() == []


def test_importing_twice_changes_nothing(press: Press) -> None:
    assert kind_of(bring(press, f"{SITE}/1")) is DecisionKind.NEW
    assert kind_of(bring(press, f"{SITE}/1")) is DecisionKind.UNCHANGED
    assert kind_of(bring(press, f"{SITE}/1", OTHER_TEXT)) is DecisionKind.REVISION


def test_copies_meet_whatever_their_age_and_order(press: Press) -> None:
    old = NOW - timedelta(days=3000)
    for days, name in ((10, "b"), (0, "a"), (3, "c")):
        published = date(old + timedelta(days=days))
        known = {"source": name, "published": published, "title": "افتتاح خط"}
        recorded = bring(press, f"https://www.example.net/{name}", TEXT, **known)
    assert kind_of(recorded) is DecisionKind.DUPLICATE
    found = press.see(lambda conn: find_document(conn, "https://www.example.net/c"))
    assert found is not None and found.copies == 2


def test_an_import_of_a_pending_url_spares_its_fetch(press: Press) -> None:
    press.list_paths("/news/1")
    bring(press, f"{SITE}/news/1", source="archive")
    row = press.see(lambda conn: conn.execute(select(urls)).one())
    assert (row.outcome, row.source) == ("stored", "akhbar")
    assert press.claim_past_robots() == []


def test_an_import_does_not_bring_back_what_was_removed(press: Press) -> None:
    bring(press, f"{SITE}/1")
    press.do(lambda conn: forget(conn, url=f"{SITE}/1", now=press.now, reason="asked"))
    assert bring(press, f"{SITE}/1").outcome is Outcome.REMOVED
    assert press.see(lambda conn: find_document(conn, f"{SITE}/1")) is None


def test_the_same_article_under_two_addresses_is_one_document(press: Press) -> None:
    bring(press, f"{SITE}/1")
    again = bring(press, f"{SITE}/weekly/1")
    assert (kind_of(again), again.outcome) == (DecisionKind.SAME_DOCUMENT, Outcome.ALIAS)


@pytest.mark.slow
def test_an_importer_says_how_many_came_to_what_and_indexes_them(press: Press, store: Store) -> None:
    shelf = Shelf()
    importer = Importer(store, shelf, press.now)
    words = OTHER_TEXT.split()
    for number in range(0, 450):
        url = f"https://www.example.net/{number % 449}"
        text = f"{' '.join(words[number % 20 :])} {number % 449} " * 2
        importer.add(
            Article(url=url, requested_url=url, source="archive", title=f"{number}", text=text, fetched_at=press.now)
        )
    counts = importer.finish()
    assert sum(counts.values()) == 450
    assert counts["unchanged"] + counts["revisions"] == 1
    assert len(shelf.held) == store.count_documents() == counts["new"] + counts["copies"]
