from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from index import frontier
from index.database import bands, documents, fingerprints, knowledge, urls
from index.documents.identity import document_id
from index.documents.recording import Recorded
from index.frontier.visits import VisitKind
from index.store import cluster, find_document, get_documents, revisions
from news.copies.census import Census
from news.copies.knowledge import ENOUGH
from news.documents import Calendar, DecisionKind, Document, FoundKind, Link, Outcome, ParsedDate, Precision
from tests.index.press import NOW, OTHER_TEXT, SITE, TEXT, Press, date, outlet, related


def document(press: Press, url_or_id: str) -> Document:
    found = press.see(lambda conn: find_document(conn, url_or_id))
    assert found is not None
    return found


def outcomes(press: Press) -> dict[str, str | None]:
    query = select(urls.c.url, urls.c.outcome)
    return press.see(lambda conn: {url.removeprefix(SITE): outcome for url, outcome in conn.execute(query)})


def kind_of(recorded: Recorded) -> DecisionKind:
    assert recorded.decision is not None
    return recorded.decision.kind


def revisit(press: Press, path: str, text: str, **known: Any) -> Recorded:
    press.later(minutes=31)
    (visit,) = press.claim_past_robots()
    assert visit.revisit and visit.url == SITE + path
    return press.store_article(visit, press.article(path, text, **known))


def test_what_was_told_comes_back_as_it_was_told(press: Press) -> None:
    published = ParsedDate(
        value=NOW - timedelta(hours=1), precision=Precision.MINUTE, calendar=Calendar.HIJRI, offset=180, evidence="٢٣"
    )
    known: dict[str, Any] = {
        "title": "افتتاح خط",
        "summary": "موجز",
        "authors": ("سعاد", "نبيل"),
        "credits": ("وكالات",),
        "section": "محليات",
        "published": published,
        "published_from": "json-ld",
        "image_url": f"{SITE}/1.jpg",
        "related": related("/r1", "/r2"),
    }
    recorded = press.publish("/news/1", **known)
    found = document(press, f"{SITE}/news/1")
    assert found.id == recorded.document_id == document_id(f"{SITE}/news/1")
    for name, value in known.items():
        assert getattr(found, name) == value
    assert found.text == TEXT
    assert (found.first_seen_at, found.revision, found.copies) == (press.now, 1, 0)
    assert (found.found_via.kind, found.found_via.url) == (FoundKind.FEED, f"{SITE}/rss.xml")
    assert found.urls == (f"{SITE}/news/1",)


def test_a_new_article_is_stored_and_its_url_says_so(press: Press) -> None:
    recorded = press.publish("/news/1")
    assert (kind_of(recorded), recorded.outcome) == (DecisionKind.NEW, Outcome.STORED)
    assert outcomes(press) == {"/news/1": "stored"}


def test_the_same_words_again_are_no_revision(press: Press) -> None:
    press.publish("/news/1")
    before = document(press, f"{SITE}/news/1")
    assert kind_of(revisit(press, "/news/1", TEXT)) is DecisionKind.UNCHANGED
    assert document(press, f"{SITE}/news/1") == before


def test_an_edit_is_kept_beside_what_it_replaced(press: Press) -> None:
    press.publish("/news/1")
    before = document(press, f"{SITE}/news/1")
    edited = TEXT.replace("اثنتي عشرة", "ست عشرة")
    assert kind_of(revisit(press, "/news/1", edited)) is DecisionKind.REVISION
    after = document(press, before.id)
    assert (after.revision, after.text, after.first_seen_at) == (2, edited, before.first_seen_at)
    assert after.seq > before.seq
    versions = press.see(lambda conn: revisions(conn, before.id))
    assert [(version.revision, version.text) for version in versions] == [(1, TEXT), (2, edited)]
    assert versions[1].changed and versions[1].seen_at == press.now
    assert press.see(lambda conn: len(conn.execute(select(fingerprints)).all())) == 1


def test_an_edited_text_is_found_by_its_new_words(press: Press) -> None:
    press.publish("/news/1")
    revisit(press, "/news/1", OTHER_TEXT, title="فوز المنتخب")
    copy = press.publish("/news/2", OTHER_TEXT, title="المنتخب يفوز", source="akhbar")
    assert kind_of(copy) in (DecisionKind.DUPLICATE, DecisionKind.SAME_DOCUMENT)
    assert press.see(lambda conn: len(conn.execute(select(bands.c.document).distinct()).all())) in (1, 2)


def test_an_article_is_revisited_for_edits_and_then_left_alone(press: Press) -> None:
    press.publish("/news/1")
    visits = 0
    while at := press.see(lambda conn: frontier.remaining(conn, press.now)).next_at:
        press.now = max(at, press.now)
        for visit in press.claim_past_robots():
            assert visit.kind is VisitKind.ARTICLE
            press.unchanged(visit, 304)
            visits += 1
    assert visits == 4
    assert press.now - NOW > timedelta(days=2)


def test_old_coverage_is_looked_at_once_more_when_the_plan_of_new_articles_ends(press: Press) -> None:
    press.publish("/news/1", published=date(NOW - timedelta(days=20)))
    assert press.see(lambda conn: conn.execute(select(urls.c.next_visit_at)).scalar()) == NOW + timedelta(days=3)


def test_a_page_that_is_gone_keeps_its_document_and_its_outcome(press: Press) -> None:
    press.publish("/news/1")
    seq = document(press, f"{SITE}/news/1").seq
    press.later(minutes=31)
    (visit,) = press.claim_past_robots()
    gone = press.fetched(404)
    press.do(lambda conn: frontier.record_outcome(conn, visit, Outcome.NOT_FOUND, "404", gone, press.policy, press.now))
    found = document(press, f"{SITE}/news/1")
    assert (found.removed_at, outcomes(press)) == (press.now, {"/news/1": "stored"})
    assert found.seq > seq
    press.later(hours=3)
    (visit,) = press.claim_past_robots()
    press.store_article(visit, press.article("/news/1"))
    assert document(press, found.id).removed_at is None


def test_a_differing_canonical_owns_the_document(press: Press) -> None:
    press.list_paths("/news/1?id=7")
    (visit,) = press.claim_past_robots()
    read = press.article("/news/1")
    recorded = press.store_article(visit, read)
    assert recorded.outcome is Outcome.ALIAS
    assert outcomes(press) == {"/news/1?id=7": "alias", "/news/1": "stored"}
    found = document(press, f"{SITE}/news/1?id=7")
    assert found.id == document_id(f"{SITE}/news/1")
    assert set(found.urls) == {f"{SITE}/news/1", f"{SITE}/news/1?id=7"}
    assert press.claim_past_robots() == [], "the canonical address need not be fetched as well"


def test_a_canonical_that_leads_to_quite_another_text_is_not_believed(press: Press) -> None:
    press.publish("/latest")
    press.list_paths("/news/2")
    (visit,) = press.claim_past_robots()
    lying = press.article("/latest", OTHER_TEXT, title="فوز المنتخب", requested_url=f"{SITE}/news/2")
    recorded = press.store_article(visit, lying)
    assert recorded.outcome is Outcome.STORED
    assert document(press, f"{SITE}/news/2").url == f"{SITE}/news/2"
    assert document(press, f"{SITE}/latest").revision == 1


def test_a_redirect_met_before_its_target_leads_to_the_document_in_the_end(press: Press) -> None:
    press.list_paths("/a")
    for here, there in (("/a", "/b"), ("/b", "/news/1")):
        (visit,) = press.claim_past_robots()
        assert visit.url == SITE + here
        press.redirect(visit, SITE + there)
    (visit,) = press.claim_past_robots()
    press.store_article(visit, press.article("/news/1"))
    assert outcomes(press) == {"/a": "alias", "/b": "alias", "/news/1": "stored"}
    assert set(document(press, f"{SITE}/a").urls) == {f"{SITE}/a", f"{SITE}/b", f"{SITE}/news/1"}


def test_the_same_text_at_another_address_of_the_outlet_is_one_document(press: Press) -> None:
    press.publish("/news/1")
    before = document(press, f"{SITE}/news/1")
    again = press.publish("/weekly/1")
    assert (kind_of(again), again.outcome) == (DecisionKind.SAME_DOCUMENT, Outcome.ALIAS)
    after = document(press, f"{SITE}/weekly/1")
    assert (after.id, after.urls) == (before.id, (f"{SITE}/news/1", f"{SITE}/weekly/1"))
    assert after.seq > before.seq


def test_a_copy_in_another_outlet_is_a_document_of_its_own_in_one_cluster(press: Press) -> None:
    first = press.publish("/news/1")
    copies = [copy_in(press, tld, TEXT) for tld in ("org", "net")]
    found = press.see(lambda conn: cluster(conn, str(first.document_id)))
    assert [document.source for document in found] == ["akhbar", "outlet-org", "outlet-net"]
    assert {kind_of(copy) for copy in copies} == {DecisionKind.DUPLICATE}
    assert [document.duplicate_of for document in found] == [None, first.document_id, first.document_id]
    assert [document.copies for document in found] == [2, 2, 2]
    assert len({document.seq for document in found}) == 3


def copy_in(press: Press, tld: str, text: str, **known: Any) -> Recorded:
    """What another outlet publishes, fetched for its own source."""
    mine, press.source = press.source, outlet(f"outlet-{tld}", f"https://www.example.{tld}")
    press.watch(mine, press.source)
    press.tick(everything=True, source_ids=[press.source.id])
    (feed,) = press.claim_past_robots(only_sources=[press.source.id])
    url = f"https://www.example.{tld}/{len(known)}/1"
    press.list_links(Link(url=url), visit=feed)
    (visit,) = press.claim_past_robots(only_sources=[press.source.id])
    known = {"title": f"خط جديد للحافلات {tld}", "source": press.source.id, **known}
    read = press.article("/x", text, **known)
    recorded = press.store_article(visit, replace(read, article=replace(read.article, url=url, requested_url=url)))
    press.source = mine
    return recorded


@pytest.mark.parametrize("days", [31, 400])
def test_what_turns_out_too_old_is_not_kept_unless_it_is_related_coverage(press: Press, days: int) -> None:
    press.publish("/news/1", related=related("/r1"))
    (visit,) = press.claim_past_robots()
    old = press.article("/r1", OTHER_TEXT, title="قديم", published=date(NOW - timedelta(days=days)))
    assert press.store_article(visit, old).outcome is Outcome.STORED
    listed = press.publish("/news/2", OTHER_TEXT + " تتمة", published=date(NOW - timedelta(days=days)))
    assert (listed.outcome, listed.document_id) == (Outcome.TOO_OLD, None)
    row = press.see(lambda conn: conn.execute(select(urls).where(urls.c.url == f"{SITE}/news/2")).one())
    assert row.fetched_at == row.extracted_at == press.now


def test_an_article_that_forbids_following_has_its_links_kept_but_not_listed(press: Press) -> None:
    recorded = press.publish("/news/1", related=related("/r1"), nofollow=True)
    assert recorded.listed == 0
    assert len(document(press, f"{SITE}/news/1").related) == 1


def test_every_change_has_a_seq_of_its_own_that_only_grows(press: Press) -> None:
    press.publish("/news/1")
    press.now -= timedelta(days=365)  # the clock was wrong
    press.do(lambda conn: frontier.void_leases(conn))
    press.publish("/news/2", OTHER_TEXT, title="فوز المنتخب")
    seqs = press.see(lambda conn: list(conn.execute(select(documents.c.seq).order_by(documents.c.row)).scalars()))
    assert seqs == sorted(set(seqs))


def test_documents_are_given_in_the_order_asked_for(press: Press) -> None:
    ids = [str(press.publish(f"/news/{n}", OTHER_TEXT[n:], title=f"عنوان {n} مختلف").document_id) for n in (1, 300)]
    wanted = [ids[1], "0" * 32, ids[0]]
    assert list(press.see(lambda conn: get_documents(conn, wanted))) == [ids[1], ids[0]]


def test_a_canonical_that_is_itself_an_alias_does_not_get_a_second_owner(press: Press) -> None:
    press.list_paths("/short")
    (visit,) = press.claim_past_robots()
    press.redirect(visit, f"{SITE}/news/1")
    (visit,) = press.claim_past_robots()
    press.store_article(visit, press.article("/news/1"))
    press.list_paths("/news/1?print-view=2")
    (visit,) = [visit for visit in press.claim_past_robots() if not visit.revisit]
    recorded = press.store_article(visit, press.article("/short"))
    assert recorded.outcome is Outcome.ALIAS
    assert outcomes(press) == {"/short": "alias", "/news/1": "stored", "/news/1?print-view=2": "alias"}
    assert press.store.count_documents() == 1


def test_two_links_away_only_what_is_about_the_same_story_is_kept(press: Press) -> None:
    every_word_is_rare = Census(documents=2 * ENOUGH)
    snapshot = {"position": 0, "documents": every_word_is_rare.documents, "data": every_word_is_rare.to_bytes()}
    press.do(lambda conn: conn.execute(insert(knowledge), snapshot).close())
    press.source = outlet("akhbar", SITE, related_hops=2)
    press.watch()
    press.publish("/news/1", related=related("/r1"))
    (visit,) = press.claim_past_robots()
    press.store_article(visit, press.article("/r1", TEXT[60:], title="الحافلات", related=related("/near", "/far")))
    for _ in range(2):
        (visit,) = press.claim_past_robots()
        assert visit.hop == 2
        text = TEXT[120:] if visit.url.endswith("/near") else OTHER_TEXT
        press.store_article(visit, press.article(visit.url.removeprefix(SITE), text, title="تتمة"))
    assert outcomes(press) == {"/news/1": "stored", "/r1": "stored", "/near": "stored", "/far": "off_topic"}
