"""Sources whose lists are read well and give nothing all the same: empty lists, and pages that are all in vain."""

from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import update

from index import frontier, ledger
from index.database import urls
from index.frontier.visits import Failure, FailureClass
from index.health import healths, paces
from index.yields import BARREN_TRIES
from news.documents import Endpoint, EndpointKind, Link, Outcome
from tests.index.press import FEED, SITE, Press, date, outlet

numbers = count(1)


def health(press: Press) -> str:
    return press.see(lambda conn: healths(conn, press.now))["akhbar"]


def sentence(press: Press, url: str = FEED) -> str:
    return str(press.see(lambda conn: ledger.why(conn, url, position=0))["sentence"])


def look_on(press: Press, hours: int, *links: Link) -> None:
    """The same list, at first and then every two hours."""
    press.list_links(*links)
    for _ in range(hours // 2):
        press.later(hours=2)
        press.list_links(*links)


def try_in_vain(press: Press, outcome: Outcome, pages: int = 1) -> None:
    """New addresses are listed, asked for a little later, and give no document."""
    press.list_paths(*(f"/page/{next(numbers)}" for _ in range(pages)))
    press.later(minutes=1)
    for _ in range(pages):
        (visit,) = press.claim_past_robots(limit=1)
        fetched = None if outcome is Outcome.ROBOTS else press.fetched()
        press.do(
            lambda conn: frontier.record_outcome(conn, visit, outcome, "no", fetched, press.policy, press.now)  # noqa: B023
        )


def publish(press: Press, path: str) -> None:
    """One that is not looked at again, which would take the site's turn."""
    press.publish(path)
    press.do(lambda conn: conn.execute(update(urls).values(next_visit_at=None)))


def test_a_feed_without_an_entry_since_it_was_added_is_empty_after_a_day(press: Press) -> None:
    look_on(press, 20)
    assert health(press) == "ok"
    look_on(press, 6)
    assert health(press) == "empty"
    assert sentence(press).startswith("This is a feed of akhbar, not an article; it was read, but has never listed")
    assert press.see(paces)["akhbar"][0]["last_new_at"] is None
    press.list_paths("/news/1")
    assert health(press) == "ok"
    assert press.see(paces)["akhbar"][0]["last_new_at"] == press.now.isoformat()
    assert "it was read." in sentence(press)


@pytest.mark.parametrize("kind", list(EndpointKind))
def test_a_list_whose_links_all_lead_elsewhere_is_empty(press: Press, kind: EndpointKind) -> None:
    press.source = outlet("akhbar", SITE, endpoints=(Endpoint(kind=kind, url=FEED),))
    press.watch()
    look_on(press, 26, *(Link(url=f"https://elsewhere.example/news/{number}", title="عنوان") for number in range(5)))
    assert health(press) == "empty"


def test_a_sitemap_with_old_entries_only_is_empty_as_soon_as_its_dates_tell(press: Press) -> None:
    press.source = outlet("akhbar", SITE, endpoints=(Endpoint(kind=EndpointKind.SITEMAP, url=FEED),))
    press.watch()
    old = [press.now - timedelta(days=400 + age) for age in range(5)]
    press.list_links(*(Link(url=f"{SITE}/news/{at:%j}", published=date(at)) for at in old))
    assert health(press) == "empty"
    press.later(hours=1)
    press.list_links(Link(url=f"{SITE}/news/today", published=date(press.now)))
    assert health(press) == "ok"


def test_an_endpoint_that_was_not_read_yet_may_still_have_something(press: Press) -> None:
    other = Endpoint(kind=EndpointKind.FEED, url=f"{SITE}/other.xml")
    look_on(press, 26)
    assert health(press) == "empty"
    press.source = outlet("akhbar", SITE, endpoints=(*press.source.endpoints, other))
    press.watch()
    assert health(press) == "ok"


@pytest.mark.parametrize("outcome", [Outcome.ROBOTS, Outcome.NOT_ARTICLE, Outcome.TOO_OLD, Outcome.OUT_OF_SCOPE])
def test_a_source_none_of_whose_pages_ever_became_a_document_is_fruitless_after_a_day(
    press: Press, outcome: Outcome
) -> None:
    try_in_vain(press, outcome, pages=2)
    press.later(hours=23)
    try_in_vain(press, outcome)
    assert health(press) == "ok"
    press.later(hours=1)
    try_in_vain(press, outcome)
    assert health(press) == "fruitless"
    assert f"Nothing of akhbar was ever stored: {outcome} 4." in sentence(press)


def test_pages_that_cannot_be_had_make_a_source_fruitless_while_they_are_still_tried_again(press: Press) -> None:
    press.list_paths("/news/1")
    (visit,) = press.claim_past_robots()
    failure = Failure(kind=FailureClass.SERVER, outcome=Outcome.HTTP_ERROR, reason="HTTP 502", at=press.now)
    press.do(lambda conn: frontier.record_failure(conn, visit, failure, press.policy, press.now))
    press.later(hours=25)
    press.list_paths("/news/1")
    assert health(press) == "fruitless"
    assert "Nothing of akhbar was ever stored: pending 1." in sentence(press)


def test_a_source_is_fruitless_after_a_day_and_many_pages_in_vain_and_recovers_with_the_next_good_one(
    press: Press,
) -> None:
    publish(press, "/news/1")
    stored = press.now
    for tried in range(BARREN_TRIES - 1):
        press.later(hours=2)
        try_in_vain(press, Outcome.CHALLENGE)
        assert health(press) in ("ok", "overflowing"), f"{tried} pages say nothing yet"
    press.later(hours=2)
    try_in_vain(press, Outcome.CHALLENGE)
    assert health(press) == "fruitless"
    assert f"Nothing of akhbar was stored since {stored.isoformat()}: challenge {BARREN_TRIES}." in sentence(press)
    press.later(hours=2)
    publish(press, "/news/2")
    assert health(press) in ("ok", "overflowing")


def test_many_pages_in_vain_within_a_day_are_no_sign_yet(press: Press) -> None:
    publish(press, "/news/1")
    press.later(hours=1)
    try_in_vain(press, Outcome.NOT_ARTICLE, pages=2 * BARREN_TRIES)
    assert health(press) != "fruitless"


def test_what_its_listing_alone_decided_was_not_tried(press: Press) -> None:
    publish(press, "/news/1")
    elsewhere = [Link(url=f"https://elsewhere.example/{number}") for number in range(3 * BARREN_TRIES)]
    press.later(hours=1)
    press.list_links(Link(url=f"{SITE}/news/2"), *elsewhere)
    press.later(hours=30)
    press.list_links(Link(url=f"{SITE}/news/3"), *elsewhere)
    assert health(press) == "ok"
