import sqlite3
from functools import partial

from sqlalchemy import Connection, Table, func, select

from index.database import FILE, bands, documents, fingerprints, related, revisions, tombstones, urls
from index.documents.forgetting import forget
from index.documents.importing import import_article
from index.documents.stored import tombstones_after
from index.store import cluster, find_document
from news.documents import FoundKind, FoundVia, Outcome
from tests.index.press import OTHER_TEXT, SITE, TEXT, Press, read_article
from tests.index.press import related as links
from tests.index.test_recording import copy_in

SECRET = "كلمة نادرة جدا"


def rows_in(table: Table, conn: Connection) -> int:
    return conn.execute(select(func.count()).select_from(table)).scalar_one()


def forget_url(press: Press, url: str) -> int:
    return press.do(lambda conn: forget(conn, url=url, now=press.now, reason="the outlet asked"))


def test_text_revisions_links_and_fingerprints_go_and_a_tombstone_stays(press: Press) -> None:
    recorded = press.publish("/news/1", TEXT + SECRET, related=links("/r1"))
    press.later(minutes=31)
    (visit,) = [visit for visit in press.claim_past_robots() if visit.revisit] or press.claim_past_robots()
    press.store_article(visit, press.article("/news/1", OTHER_TEXT + SECRET))
    assert forget_url(press, f"{SITE}/news/1?utm_source=x") == 1
    for table in (documents, revisions, related, fingerprints, bands):
        assert press.see(partial(rows_in, table)) == 0
    stone = press.see(lambda conn: conn.execute(select(tombstones)).one())
    assert (stone.document_id, stone.reason) == (recorded.document_id, "the outlet asked")
    row = press.see(lambda conn: conn.execute(select(urls).where(urls.c.url == f"{SITE}/news/1")).one())
    assert (row.outcome, row.title, row.document_id, row.next_visit_at) == ("removed", None, None, None)
    assert press.see(lambda conn: tombstones_after(conn, 0, 10)) == [(recorded.document_id, stone.seq)]


def test_nothing_of_the_words_is_left_in_the_file(press: Press) -> None:
    press.publish("/news/1", (TEXT + SECRET) * 20)
    forget_url(press, f"{SITE}/news/1")
    folder = press.store.folder
    press.store.close()
    with sqlite3.connect(folder / FILE) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert SECRET.encode() not in (folder / FILE).read_bytes()


def test_its_headline_leaves_the_related_links_of_others_and_the_indices_hear_of_it(press: Press) -> None:
    press.publish("/news/1")
    pointing = press.publish("/news/2", OTHER_TEXT, related=links("/news/1", "/news/3"))
    seq = select(documents.c.seq).where(documents.c.id == pointing.document_id)
    before = press.see(lambda conn: conn.execute(seq).scalar_one())
    forget_url(press, f"{SITE}/news/1")
    assert press.see(lambda conn: conn.execute(select(related.c.url)).scalars().all()) == [f"{SITE}/news/3"]
    assert press.see(lambda conn: conn.execute(seq).scalar_one()) > before
    press.later(minutes=31)
    (again,) = [visit for visit in press.claim_past_robots() if visit.revisit] or press.claim_past_robots()
    press.store_article(again, press.article("/news/2", OTHER_TEXT, related=links("/news/1", "/news/3")))
    assert press.see(lambda conn: conn.execute(select(related.c.url)).scalars().all()) == [f"{SITE}/news/3"]


def test_what_was_forgotten_is_not_fetched_again_however_it_is_listed(press: Press) -> None:
    press.publish("/news/1")
    forget_url(press, f"{SITE}/news/1")
    press.list_paths("/news/1")
    assert press.claim_past_robots() == []
    press.list_paths("/news/1?id=2")
    (visit,) = press.claim_past_robots()
    assert press.store_article(visit, press.article("/news/1")).outcome is Outcome.REMOVED
    assert press.see(lambda conn: find_document(conn, f"{SITE}/news/1")) is None


def test_what_is_forgotten_while_it_is_fetched_stays_forgotten(press: Press) -> None:
    press.list_paths("/news/1")
    (visit,) = press.claim_past_robots()
    assert forget_url(press, f"{SITE}/news/1") == 1
    recorded = press.store_article(visit, press.article("/news/1"))
    assert (recorded.outcome, recorded.document_id) == (Outcome.REMOVED, None)
    assert press.store.count_documents() == 0


def test_a_cluster_whose_leader_is_forgotten_gets_a_new_one(press: Press) -> None:
    first = press.publish("/news/1")
    second, third = (copy_in(press, tld, TEXT) for tld in ("org", "net"))
    forget_url(press, f"{SITE}/news/1")
    found = press.see(lambda conn: cluster(conn, str(first.document_id)))
    assert [document.id for document in found] == [second.document_id, third.document_id]
    assert [document.duplicate_of for document in found] == [None, second.document_id]
    assert [document.copies for document in found] == [1, 1]


def test_a_whole_source_can_be_forgotten_what_is_pending_included(press: Press) -> None:
    press.publish("/news/1")
    press.list_paths("/news/2")
    copy_in(press, "org", TEXT)
    assert press.do(lambda conn: forget(conn, source="akhbar", now=press.now, reason="asked")) == 2
    assert press.store.count_documents() == 1
    assert press.do(lambda conn: forget(conn, source="akhbar", now=press.now, reason="asked")) == 0


def test_an_unknown_address_is_forgotten_by_nobody(press: Press) -> None:
    assert forget_url(press, f"{SITE}/never") == 0
    assert forget_url(press, "nonsense") == 0


def test_an_import_of_a_forgotten_documents_copy_does_not_lead_back_to_it(press: Press) -> None:
    press.publish("/news/1")
    forget_url(press, f"{SITE}/news/1")
    read = read_article("https://www.example.net/1", TEXT, press.now, source="archive")
    recorded = press.do(lambda conn: import_article(conn, read, FoundVia(kind=FoundKind.IMPORT, url=None), press.now))
    assert recorded.document_id is not None
    found = press.see(lambda conn: find_document(conn, str(recorded.document_id)))
    assert found is not None and found.duplicate_of is None
