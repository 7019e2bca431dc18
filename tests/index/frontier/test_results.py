"""What a failed fetch, a redirect or an outcome makes of a URL and of its site."""

from datetime import timedelta

from sqlalchemy import select

from index import frontier
from index.database import urls
from index.frontier.visits import FailureClass
from news.documents import Link, Outcome
from tests.index.press import SITE, Press


def test_a_transient_failure_is_retried_with_growing_gaps_and_then_decided(press: Press) -> None:
    press.list_paths("/news/1")
    gaps = []
    for _ in range(20):
        visits = press.claim_past_robots()
        if not visits:
            left = press.see(lambda conn: frontier.remaining(conn, press.now))
            if left.next_at is None:
                break
            gaps.append(left.next_at - press.now)
            press.now = left.next_at
            visits = press.claim_past_robots()
        press.fail(visits[0])
    assert press.outcome_of("/news/1") == "timeout"
    assert gaps == sorted(gaps)
    assert sum(gaps, timedelta()) > timedelta(days=2)


def test_a_throttled_site_rests_as_a_whole_for_as_long_as_it_asks(press: Press) -> None:
    press.list_paths("/news/1", "/news/2")
    (visit,) = press.claim_past_robots()
    press.fail(visit, FailureClass.THROTTLED, retry_after=timedelta(minutes=20), status=429)
    press.tick(everything=True)
    assert press.claim_past_robots() == []
    assert press.see(lambda conn: frontier.remaining(conn, press.now)).ready == 0
    press.later(minutes=20)
    assert len(press.claim_past_robots()) == 1


def test_asking_for_everything_forgives_what_no_site_asked_for(press: Press) -> None:
    press.list_paths("/news/1", "/news/2")
    (visit,) = press.claim_past_robots()
    press.fail(visit, FailureClass.THROTTLED, status=429)
    assert press.claim_past_robots() == []
    press.tick(everything=True)
    assert len(press.claim_past_robots()) == 1


def test_a_server_error_of_one_page_does_not_stop_its_site(press: Press) -> None:
    press.list_paths(*(f"/news/{number}" for number in range(12)))
    for _ in range(12):
        (visit,) = press.claim_past_robots()
        press.fail(visit)
    assert press.claim_past_robots() == []


def test_a_site_that_never_answers_is_left_alone_after_a_while(press: Press) -> None:
    press.list_paths(*(f"/news/{number}" for number in range(12)))
    asked = 0
    while visits := press.claim_past_robots():
        press.fail(visits[0], FailureClass.NETWORK)
        asked += 1
    assert asked == 8
    press.later(minutes=1)
    assert press.claim_past_robots()


def test_a_redirect_makes_an_alias_and_lists_its_target(press: Press) -> None:
    press.list_paths("/short")
    (visit,) = press.claim_past_robots()
    press.redirect(visit, f"{SITE}/news/1")
    assert (press.outcome_of("/short"), press.outcome_of("/news/1")) == ("alias", None)
    (visit,) = press.claim_past_robots()
    assert (visit.url, visit.listed_title) == (f"{SITE}/news/1", "عنوان")


def test_a_redirect_out_of_the_sources_domains_ends_there(press: Press) -> None:
    press.list_paths("/short")
    (visit,) = press.claim_past_robots()
    press.redirect(visit, "https://www.example.net/1")
    assert press.outcome_of("/short") == "out_of_scope"
    assert press.listed() == {f"{SITE}/short"}


def test_a_redirect_to_the_same_address_in_https_is_followed_at_once_but_no_loop(press: Press) -> None:
    press.list_links(Link(url="http://www.example.com/news/1"))
    asked = []
    while visits := press.claim_past_robots():
        asked.append(visits[0].url)
        other = "https" if visits[0].url.startswith("http:") else "http"
        press.redirect(visits[0], f"{other}://www.example.com/news/1")
    assert asked[:2] == ["http://www.example.com/news/1", "https://www.example.com/news/1"]
    assert len(asked) == 5
    assert press.outcome_of("/news/1") == "redirect_loop"


def test_an_outcome_ends_a_url_and_says_why(press: Press) -> None:
    press.list_paths("/news/1")
    (visit,) = press.claim_past_robots()
    press.do(
        lambda conn: frontier.record_outcome(
            conn, visit, Outcome.PAYWALLED, "only the first lines", press.fetched(), press.policy, press.now
        )
    )
    row = press.see(lambda conn: conn.execute(select(urls)).one())
    assert (row.outcome, row.reason, row.fetched_at) == ("paywalled", "only the first lines", press.now)
    assert press.claim_past_robots() == []
