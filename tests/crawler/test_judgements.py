"""Pure decisions: redirects, failures, validators, pace."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from scrapy.exceptions import CannotResolveHostError, DownloadTimeoutError
from scrapy.http import Headers, Response

from crawler import conditional, failures
from crawler.addresses import RefusedAddress
from crawler.attempt import Attempt
from crawler.hosts import Pace
from crawler.redirects import MOST_HOPS, Disallowed, EndlessRedirect, Follow, LeavesSite, judge
from index.frontier.visits import FailureClass, Visit, VisitKind
from news.documents import EndpointKind, Outcome, Source

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SOURCE = Source(id="sahifa", name="الصحيفة", homepage="https://sahifa-tajriba.com/")


def attempt_on(url: str, *, kind: VisitKind = VisitKind.ARTICLE, robots: str | None = None, **more: Any) -> Attempt:
    listing = EndpointKind.FEED if kind is VisitKind.ENDPOINT else None
    visit = Visit(
        kind=kind, id=1, url=url, source="sahifa", site="sahifa-tajriba.com", run="r", delay=3.0, listing=listing,
        robots=robots, **more,
    )  # fmt: skip
    return Attempt(visit=visit, source=SOURCE, delay=3.0)


@pytest.mark.parametrize(
    "target",
    [
        "https://sahifa-tajriba.com/news/1/title",
        "/news/1/title",
        "http://sahifa-tajriba.com/news/1",
        "https://www.sahifa-tajriba.com/news/1",
    ],
)
def test_an_article_is_followed_on_its_own_host(target: str) -> None:
    assert isinstance(
        judge(attempt_on("https://sahifa-tajriba.com/n/1"), "https://sahifa-tajriba.com/n/1", target), Follow
    )


@pytest.mark.parametrize("target", ["https://other.example/1", "https://amp.sahifa-tajriba.com/1", "http://127.0.0.1/"])
def test_another_host_goes_back_to_the_frontier(target: str) -> None:
    judged = judge(attempt_on("https://sahifa-tajriba.com/n/1"), "https://sahifa-tajriba.com/n/1", target)
    assert isinstance(judged, LeavesSite)
    assert judged.target == target


def test_a_listing_may_move_within_its_site_but_not_out_of_it() -> None:
    feed = attempt_on("https://sahifa-tajriba.com/rss", kind=VisitKind.ENDPOINT)
    assert isinstance(judge(feed, "https://sahifa-tajriba.com/rss", "https://feeds.sahifa-tajriba.com/all"), Follow)
    assert isinstance(judge(feed, "https://sahifa-tajriba.com/rss", "https://burner.example/sahifa"), LeavesSite)


def test_a_redirect_to_what_robots_txt_forbids_is_not_followed() -> None:
    attempt = attempt_on("https://sahifa-tajriba.com/n/1", robots="User-agent: *\nDisallow: /login\n")
    assert isinstance(judge(attempt, "https://sahifa-tajriba.com/n/1", "/login?next=/n/1"), Disallowed)


def test_a_redirect_that_comes_back_or_never_ends_is_a_loop() -> None:
    attempt = attempt_on("https://sahifa-tajriba.com/n/1")
    assert isinstance(judge(attempt, "https://sahifa-tajriba.com/n/1", "/n/1"), EndlessRedirect)
    attempt.hops = ["https://sahifa-tajriba.com/n/1"]
    assert isinstance(judge(attempt, "https://sahifa-tajriba.com/n/2", "/n/1"), EndlessRedirect)
    attempt.hops = [f"https://sahifa-tajriba.com/{hop}" for hop in range(MOST_HOPS)]
    assert isinstance(judge(attempt, "https://sahifa-tajriba.com/n/9", "/n/10"), EndlessRedirect)


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd", "FILE:/etc/passwd", " fi\tle:///etc/passwd", "\nfile:etc/passwd", "file://localhost/etc",
        "javascript:alert(1)", "data:text/html,x", "ftp://sahifa-tajriba.com/x", "gopher://127.0.0.1:70/_",
        "view-source:http://127.0.0.1/",
    ],
)  # fmt: skip
def test_a_redirect_out_of_the_web_is_refused_in_every_spelling(location: str) -> None:
    judged = judge(attempt_on("https://sahifa-tajriba.com/n/1"), "https://sahifa-tajriba.com/n/1", location)
    assert isinstance(judged, RefusedAddress)


@pytest.mark.parametrize("location", ["http://", "http://[::1/"])
def test_a_redirect_to_no_address_at_all_leads_nowhere(location: str) -> None:
    assert judge(attempt_on("https://sahifa-tajriba.com/n/1"), "https://sahifa-tajriba.com/n/1", location) is None


@pytest.mark.parametrize(
    ("status", "kind", "outcome"),
    [
        (404, FailureClass.CLIENT, Outcome.NOT_FOUND), (410, FailureClass.CLIENT, Outcome.GONE),
        (403, FailureClass.CLIENT, Outcome.FORBIDDEN), (418, FailureClass.CLIENT, Outcome.HTTP_ERROR),
        (429, FailureClass.THROTTLED, Outcome.HTTP_ERROR), (500, FailureClass.SERVER, Outcome.HTTP_ERROR),
        (503, FailureClass.SERVER, Outcome.HTTP_ERROR), (302, FailureClass.CLIENT, Outcome.HTTP_ERROR),
    ],
)  # fmt: skip
def test_a_status_has_a_class_and_an_outcome(status: int, kind: FailureClass, outcome: Outcome) -> None:
    failure = failures.from_status(status, Headers(), NOW)
    assert (failure.kind, failure.outcome, failure.status) == (kind, outcome, status)


def test_503_with_retry_after_throttles_the_site_and_a_challenge_is_named() -> None:
    throttled = failures.from_status(503, Headers({"Retry-After": "120"}), NOW)
    assert (throttled.kind, throttled.retry_after) == (FailureClass.THROTTLED, timedelta(minutes=2))
    assert failures.from_status(403, Headers({"cf-mitigated": "challenge"}), NOW).outcome is Outcome.CHALLENGE


def test_exceptions_are_told_apart_and_a_mistake_of_ours_is_none_of_them() -> None:
    refused = failures.from_exception(RefusedAddress("no"), NOW)
    unknown = failures.from_exception(CannotResolveHostError("no such host"), NOW)
    late = failures.from_exception(DownloadTimeoutError("30 s"), NOW)
    assert refused and refused.outcome is Outcome.REFUSED_ADDRESS and not failures.may_be_ours(refused)
    assert unknown and unknown.kind is FailureClass.NETWORK and failures.may_be_ours(unknown)
    assert late and late.outcome is Outcome.TIMEOUT and failures.may_be_ours(late)
    assert failures.from_exception(AttributeError("ours"), NOW) is None


def test_retry_after_is_seconds_or_a_date_to_come() -> None:
    def said(value: str) -> timedelta | None:
        return conditional.retry_after(Headers({"Retry-After": value}), NOW)

    assert said("90") == timedelta(seconds=90)
    assert said("Mon, 23 Nov 2026 13:00:00 GMT") == timedelta(hours=1)
    assert said("Mon, 23 Nov 2020 13:00:00 GMT") is None
    assert said("soon") is None


def test_validators_are_remembered_from_a_200_of_the_address_itself_only() -> None:
    visit = attempt_on("https://sahifa-tajriba.com/rss", kind=VisitKind.ENDPOINT).visit
    headers = {"ETag": 'W/"1"', "Last-Modified": "Mon, 23 Nov 2026 10:00:00 GMT", "Cache-Control": "public, max-age=60"}
    response = Response(visit.url, headers=headers, body=b"<rss/>")
    own = conditional.fetched_of(visit, response, NOW, moved_to=None, primary=True)
    assert (own.etag, own.last_modified) == ('W/"1"', "Mon, 23 Nov 2026 10:00:00 GMT")
    assert own.max_age == timedelta(minutes=1)
    elsewhere = conditional.fetched_of(visit, response, NOW, moved_to=None, primary=False)
    assert (elsewhere.etag, elsewhere.last_modified) == (None, None)
    assert elsewhere.body_hash == own.body_hash


def test_304_without_our_asking_for_it_is_no_answer_and_equal_bytes_are_one() -> None:
    plain = attempt_on("https://sahifa-tajriba.com/rss").visit
    asked = attempt_on("https://sahifa-tajriba.com/rss", etag='"1"').visit
    assert not conditional.is_unchanged(plain, Response(plain.url, status=304))
    assert conditional.is_unchanged(asked, Response(plain.url, status=304))
    known = attempt_on("https://sahifa-tajriba.com/rss", body_hash=conditional.body_hash(b"same")).visit
    assert conditional.is_unchanged(known, Response(plain.url, body=b"same"))
    assert not conditional.is_unchanged(known, Response(plain.url, body=b"other"))


def test_a_site_may_be_asked_again_its_delay_after_the_answer_ended() -> None:
    pace = Pace()
    assert pace.may_start("a.example", 0)
    pace.started("a.example")
    assert not pace.may_start("a.example", 100)
    assert pace.may_start("b.example", 0)
    pace.ended("a.example", 100, 3)
    assert not pace.may_start("a.example", 102.9)
    assert pace.may_start("a.example", 103)
