from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from index import frontier, ledger
from index.database import documents, endpoints
from index.documents.importing import import_article
from index.follower import put_aside
from index.frontier.visits import Failure, FailureClass, VisitKind
from index.health import healths
from news.documents import FoundKind, FoundVia, Link, Outcome, Related
from tests.index.press import OTHER_TEXT, SITE, Press, outlet, read_article


def status(press: Press, **known: Any) -> dict[str, Any]:
    position = known.pop("position", 2**53)
    return press.see(lambda conn: ledger.status(conn, now=press.now, position=position, backend="embedded", **known))


def assert_balanced(told: dict[str, Any]) -> None:
    for account in [*told["sources"], told["totals"]]:
        assert account["listed"] == account["stored"] + account["pending"] + sum(account["dropped"].values())
    for name in ("listed", "fetched", "extracted", "stored", "indexed", "searchable", "pending"):
        assert told["totals"][name] == sum(account[name] for account in told["sources"])


def health(press: Press) -> str:
    return press.see(lambda conn: healths(conn, press.now))["akhbar"]


def fail(press: Press, kind: FailureClass, **known: Any) -> None:
    visit = press.poll()
    told = Failure(kind=kind, outcome=Outcome.HTTP_ERROR, reason="no answer", at=press.now, **known)
    press.do(lambda conn: frontier.record_failure(conn, visit, told, press.policy, press.now))


def test_a_source_that_was_never_polled_is_in_the_books(press: Press) -> None:
    told = status(press)
    assert told["sources"] == [
        {
            "id": "akhbar", "listed": 0, "fetched": 0, "extracted": 0, "stored": 0, "indexed": 0, "searchable": 0,
            "pending": 0, "dropped": {}, "last_success_at": None, "health": "ok",
            "failing": [],
            "polling": [{"url": f"{SITE}/rss.xml", "interval_seconds": 900, "why": "a first guess",
                         "next_at": press.now.isoformat(), "entries": None, "last_new_at": None}],
        }
    ]  # fmt: skip
    assert told["index"] == {"backend": "embedded", "pending": 0, "rejected": 0, "lag_seconds": 0.0}


def test_every_url_is_in_exactly_one_place(press: Press) -> None:
    press.publish("/news/1")
    press.list_links(Link(url=f"{SITE}/news/2"), Link(url=f"{SITE}/news/3"), Link(url="https://www.example.net/"))
    (visit,) = press.claim_past_robots()
    press.do(
        lambda conn: frontier.record_outcome(
            conn, visit, Outcome.PAYWALLED, "", press.fetched(), press.policy, press.now
        )
    )
    told = status(press)
    assert_balanced(told)
    totals = told["totals"]
    assert (totals["listed"], totals["stored"], totals["pending"]) == (4, 1, 1)
    assert totals["dropped"] == {"paywalled": 1, "out_of_scope": 1}
    assert (totals["fetched"], totals["extracted"]) == (2, 1)


def test_an_answer_without_the_page_is_not_fetched(press: Press) -> None:
    press.list_paths("/news/1")
    (visit,) = press.claim_past_robots()
    gone = press.fetched(404)
    press.do(lambda conn: frontier.record_outcome(conn, visit, Outcome.NOT_FOUND, "", gone, press.policy, press.now))
    assert status(press)["totals"]["fetched"] == 0


def test_what_the_index_has_not_taken_yet_is_stored_but_not_indexed(press: Press) -> None:
    press.publish("/news/1")
    position = press.see(lambda conn: conn.execute(select(func.max(documents.c.seq))).scalar_one())
    press.later(minutes=1)
    press.publish("/news/2", OTHER_TEXT, title="فوز المنتخب")
    press.later(seconds=30)
    told = status(press, position=position, searchable={"akhbar": 1})
    (account,) = told["sources"]
    assert (account["stored"], account["indexed"], account["searchable"]) == (2, 1, 1)
    assert (told["index"]["pending"], told["index"]["lag_seconds"]) == (1, 30.0)
    assert_balanced(told)


def test_a_revision_that_waits_for_the_index_does_not_make_its_document_unindexed(press: Press) -> None:
    press.publish("/news/1")
    position = press.see(lambda conn: conn.execute(select(func.max(documents.c.seq))).scalar_one())
    press.later(minutes=31)
    (visit,) = press.claim_past_robots()
    press.store_article(visit, press.article("/news/1", OTHER_TEXT))
    told = status(press, position=position)
    assert (told["totals"]["indexed"], told["index"]["pending"]) == (1, 1)


def test_what_the_index_put_aside_is_counted_and_not_indexed(press: Press) -> None:
    id_ = press.publish("/news/1").document_id
    press.do(lambda conn: put_aside(conn, "elasticsearch", str(id_), 1, "mapping", press.now))
    told = status(press, rejected_by="elasticsearch")
    assert (told["totals"]["stored"], told["totals"]["indexed"], told["index"]["rejected"]) == (1, 0, 1)


def test_a_source_is_failing_while_none_of_its_endpoints_can_be_read(press: Press) -> None:
    fail(press, FailureClass.SERVER)
    assert health(press) == "failing"
    press.list_paths("/news/1")
    assert health(press) == "ok"
    assert status(press)["sources"][0]["last_success_at"] == press.now.isoformat(timespec="seconds")


def test_a_throttled_source_is_backing_off(press: Press) -> None:
    fail(press, FailureClass.THROTTLED, retry_after=timedelta(hours=1))
    assert health(press) == "backing_off"
    press.later(hours=1)
    assert health(press) == "failing"


def test_a_source_without_a_readable_robots_txt_is_backing_off(press: Press) -> None:
    press.tick()
    (visit,) = press.claim()
    press.robots(visit, 503, None)
    assert health(press) == "backing_off"


def test_a_source_switched_off_is_disabled(press: Press) -> None:
    press.watch(outlet("akhbar", SITE, enabled=False))
    assert health(press) == "disabled"


def test_nobody_is_silent_while_we_did_not_look(press: Press) -> None:
    for hour in range(5):
        press.list_paths(f"/news/{hour}")
        press.later(hours=1)
    press.do(lambda conn: conn.execute(update(endpoints).values(overflowed_at=None)))
    press.later(days=3)
    assert health(press) == "ok"


def test_a_source_that_had_news_only_once_is_silent_after_two_weeks(press: Press) -> None:
    press.list_paths("/news/1")
    press.later(days=13)
    press.list_paths("/news/1")
    assert health(press) == "ok"
    press.later(days=2)
    press.list_paths("/news/1")
    assert health(press) == "silent"


def test_a_sitemap_index_has_the_news_of_its_children(press: Press) -> None:
    child = f"{SITE}/news-sitemap.xml"
    for hour in range(4):
        press.list_links(visit=press.poll(), children=(child,))
        press.later(minutes=1)
        (visit,) = press.claim_past_robots()
        assert visit.url == child
        press.list_links(Link(url=f"{SITE}/news/{hour}", published=None), visit=visit)
        press.do(lambda conn: conn.execute(update(endpoints).values(visit_at=None, overflowed_at=None)))
        press.later(hours=1)
    assert health(press) == "ok"
    press.later(hours=24)
    press.list_links(visit=press.poll())
    assert health(press) == "silent"


def test_an_overflow_is_shown_for_a_day(press: Press) -> None:
    press.list_paths("/news/1")
    press.later(hours=1)
    press.list_paths("/news/2", "/news/3", "/news/4")
    assert health(press) == "overflowing"
    press.later(hours=23)
    press.list_paths("/news/2", "/news/3", "/news/4")
    assert health(press) == "overflowing"
    press.later(hours=2)
    press.list_paths("/news/5", "/news/2", "/news/3", "/news/4")
    assert health(press) == "ok"


def test_a_robots_txt_that_fails_elsewhere_on_the_site_is_not_the_feeds_trouble(press: Press) -> None:
    press.list_links(Link(url="https://live.example.com/news/1"))
    (visit,) = [visit for visit in press.claim() if visit.kind is VisitKind.ROBOTS]
    press.robots(visit, 503, None)
    assert health(press) == "ok"


def test_what_cannot_be_read_is_named_with_its_error_until_it_can(press: Press) -> None:
    fail(press, FailureClass.SERVER)
    (trouble,) = status(press)["sources"][0]["failing"]
    assert trouble == {"url": f"{SITE}/rss.xml", "failure": "server", "reason": "no answer", "failures": 1}
    press.list_paths("/news/1")
    assert status(press)["sources"][0]["failing"] == []


def test_it_is_told_how_often_an_endpoint_is_asked_and_why(press: Press) -> None:
    press.list_paths(*(f"/news/{number}" for number in range(20)))
    press.later(hours=1)
    press.list_paths(*(f"/news/{number}" for number in range(4, 24)))
    (told,) = status(press)["sources"][0]["polling"]
    assert told["entries"] == 20
    assert "new entries an hour are usual" in told["why"]
    assert f"asked every {told['interval_seconds'] / 60:.0f} minutes" in why(press, f"{SITE}/rss.xml")["sentence"]


def why(press: Press, url: str, **known: Any) -> dict[str, Any]:
    return press.see(lambda conn: ledger.why(conn, url, sources={"akhbar": press.source}, position=2**53, **known))


def test_why_tells_a_stored_urls_whole_story(press: Press) -> None:
    press.publish("/news/1")
    told = why(press, f"{SITE}/news/1?utm_source=x", holds=lambda id_: True)
    assert told["known"] and told["outcome"] == "stored"
    assert told["sentence"] == "Stored and searchable."
    assert told["listed"]["found_via"] == {"kind": "feed", "url": f"{SITE}/rss.xml"}
    assert told["document"]["indexed"] and told["document"]["searchable"]
    assert [step["what"].split()[0].rstrip(":") for step in told["steps"]] == ["listed", "new", "stored"]
    assert why(press, told["document"]["id"])["url"] == told["url"]


def test_why_tells_where_it_stopped(press: Press) -> None:
    press.list_paths("/news/1", "/news/2")
    (visit,) = press.claim_past_robots()
    refused = "isAccessibleForFree is false"
    press.do(
        lambda conn: frontier.record_outcome(
            conn, visit, Outcome.PAYWALLED, refused, press.fetched(), press.policy, press.now
        )
    )
    assert why(press, visit.url)["sentence"] == f"Not stored, paywalled: {refused}."
    (visit,) = press.claim_past_robots()
    assert why(press, visit.url)["sentence"] == "Being fetched now."
    press.give_back(visit)
    assert "waits for its turn" in why(press, visit.url)["sentence"]


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        (f"{SITE}/never", "its site is watched"),
        ("https://www.example.net/1", "no source watches this host"),
        (f"{SITE}/rss.xml", "This is a feed of akhbar"),
        ("nonsense", "neither a web address"),
    ],
)
def test_why_has_a_word_for_what_was_never_listed(press: Press, url: str, sentence: str) -> None:
    told = why(press, url)
    assert not told["known"] and sentence in told["sentence"] and told["steps"] == []


def test_why_names_the_article_that_points_to_what_was_not_listed(press: Press) -> None:
    press.publish("/news/1", related=(Related(url="https://www.example.net/far", title="تغطية"),))
    press.watch(outlet("akhbar", SITE, related_hops=0))
    told = why(press, "https://www.example.net/far")
    assert not told["known"] and told["related_from"] == f"{SITE}/news/1"
    assert "on a host that no source watches" in told["sentence"]


def test_who_points_to_an_address_is_looked_up_and_not_searched_for(press: Press) -> None:
    plan = "EXPLAIN QUERY PLAN SELECT document FROM related WHERE url IN ('https://a.example/1', 'https://a.example/2')"
    steps = press.see(lambda conn: [row.detail for row in conn.exec_driver_sql(plan)])
    assert any("USING COVERING INDEX related_target" in step for step in steps), steps


def test_imports_of_an_unknown_source_are_in_the_books_as_well(press: Press) -> None:
    read = read_article("https://www.example.net/1", OTHER_TEXT, press.now, source="archive")
    press.do(lambda conn: import_article(conn, read, FoundVia(kind=FoundKind.IMPORT, url=None), press.now))
    told = status(press)
    assert_balanced(told)
    accounts = {account["id"]: account for account in told["sources"]}
    archive = accounts["archive"]
    assert (archive["stored"], archive["fetched"], archive["health"]) == (1, 0, "ok")
