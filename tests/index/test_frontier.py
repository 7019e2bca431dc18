from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from index import frontier
from index.database import endpoints, urls
from index.frontier.visits import Failure, FailureClass, Fetched, Visit, VisitKind
from news.documents import (
    Endpoint,
    EndpointKind,
    FoundKind,
    Link,
    Listing,
    Outcome,
    Related,
)
from tests.index.press import FEED, MAX_AGE, NOW, SITE, Press, date, outlet, related


def outcome_of(press: Press, path: str, site: str = SITE) -> str | None:
    query = select(urls.c.outcome).where(urls.c.url == site + path)
    outcome: str | None = press.see(lambda conn: conn.execute(query).scalar_one())
    return outcome


def listed(press: Press) -> set[str]:
    return press.see(lambda conn: set(conn.execute(select(urls.c.url)).scalars()))


def failure(press: Press, kind: FailureClass, **known: Any) -> Failure:
    return Failure(kind=kind, outcome=Outcome.TIMEOUT, reason="no answer", at=press.now, **known)


def fail(press: Press, visit: Visit, kind: FailureClass = FailureClass.SERVER, **known: Any) -> None:
    told = failure(press, kind, **known)
    press.do(lambda conn: frontier.record_failure(conn, visit, told, press.policy, press.now))


def unchanged(press: Press, visit: Visit, told: Fetched) -> None:
    press.do(lambda conn: frontier.record_unchanged(conn, visit, told, press.policy, press.now))


def endpoint_row(press: Press, url: str = FEED) -> Any:
    return press.see(lambda conn: conn.execute(select(endpoints).where(endpoints.c.url == url)).one())


def test_an_endpoint_is_due_at_once_and_then_by_its_interval(press: Press) -> None:
    assert press.tick() == 1
    assert press.tick() == 0
    press.later(minutes=15)
    assert press.tick() == 1


def test_robots_txt_is_asked_for_before_anything_of_its_origin(press: Press) -> None:
    press.tick()
    (visit,) = press.claim()
    assert (visit.kind, visit.url) == (VisitKind.ROBOTS, f"{SITE}/robots.txt")
    assert press.claim() == []
    press.robots(visit, 200, "User-agent: *\nDisallow: /private")
    (visit,) = press.claim()
    assert (visit.kind, visit.listing, visit.url) == (VisitKind.ENDPOINT, EndpointKind.FEED, FEED)
    assert visit.robots == "User-agent: *\nDisallow: /private"


def test_robots_txt_is_asked_for_again_after_a_day(press: Press) -> None:
    press.poll()
    press.later(hours=25)
    press.do(lambda conn: frontier.void_leases(conn))
    assert [visit.kind for visit in press.claim()] == [VisitKind.ROBOTS]


@pytest.mark.parametrize("status", [None, 503, 429])
def test_what_waits_for_an_unreadable_robots_txt_is_neither_fetched_nor_lost(press: Press, status: int | None) -> None:
    press.tick()
    (visit,) = press.claim()
    press.robots(visit, status, None)
    assert press.claim() == []
    assert press.see(lambda conn: frontier.remaining(conn, press.now)).ready == 0
    press.later(minutes=61)
    assert [visit.kind for visit in press.claim()] == [VisitKind.ROBOTS]


def test_urls_listed_after_their_origins_robots_txt_failed_wait_as_well(press: Press) -> None:
    feed = press.poll()
    press.later(hours=24)
    press.list_links(Link(url=f"{SITE}/news/1"), Link(url="https://live.example.com/2"), visit=feed)
    for visit in press.claim():
        assert visit.kind is VisitKind.ROBOTS
        press.robots(visit, 500, None)
    visits = press.claim_past_robots()
    assert len(visits) == 1, "the other host of the site may be fetched"
    press.do(lambda conn: frontier.give_back(conn, visits, press.now))
    press.later(hours=2)
    assert len(press.claim_past_robots()) == 1


def test_a_404_for_robots_txt_allows_everything(press: Press) -> None:
    press.tick()
    (visit,) = press.claim()
    press.robots(visit, 404, "<html>")
    (visit,) = press.claim()
    assert visit.robots is None


def test_a_new_link_becomes_a_pending_url_once(press: Press) -> None:
    assert press.list_paths("/news/1", "/news/2?utm_source=rss", "/news/2") == frontier.ListingRecorded(2, 0)
    assert press.list_paths("/news/2", "/news/3") == frontier.ListingRecorded(1, 1)
    assert listed(press) == {f"{SITE}/news/{number}" for number in (1, 2, 3)}


def test_the_address_is_requested_as_it_was_written(press: Press) -> None:
    press.list_links(Link(url="http://www.example.com/news/1?utm_source=rss#top", title="عنوان"))
    (visit,) = press.claim_past_robots()
    assert visit.url == "http://www.example.com/news/1?utm_source=rss"
    assert (visit.listed_title, visit.hop, visit.revisit) == ("عنوان", 0, False)
    assert visit.found_via is not None
    assert (visit.found_via.kind, visit.found_via.url) == (FoundKind.FEED, FEED)


def test_a_listed_date_travels_with_the_visit(press: Press) -> None:
    published = date(NOW - timedelta(hours=2))
    press.list_links(Link(url=f"{SITE}/news/1", published=published))
    (visit,) = press.claim_past_robots()
    assert visit.listed_published == published


def test_newest_first_whatever_the_order_of_listing(press: Press) -> None:
    hours = (5, 1, 9, 3)
    press.list_links(*(Link(url=f"{SITE}/news/{hour}", published=date(NOW - timedelta(hours=hour))) for hour in hours))
    order = []
    while visits := press.claim_past_robots(limit=1):
        order.append(int(visits[0].url.rsplit("/", 1)[1]))
    assert order == [1, 3, 5, 9]


def test_links_that_need_no_fetch_are_decided_and_counted(press: Press) -> None:
    press.list_links(
        Link(url="https://elsewhere.example.net/1"),
        Link(url=f"{SITE}/a/b/a/b/a/b/a/b"),
        Link(url=f"{SITE}/old", published=date(NOW - timedelta(days=31))),
        Link(url="mailto:desk@example.com"),
    )
    assert outcome_of(press, "/1", "https://elsewhere.example.net") == "out_of_scope"
    assert outcome_of(press, "/a/b/a/b/a/b/a/b") == "trap"
    assert outcome_of(press, "/old") == "too_old"
    assert press.claim_past_robots() == []


def test_what_a_section_links_to_is_listed_only_if_it_looks_like_an_article(press: Press) -> None:
    section = Endpoint(kind=EndpointKind.SECTION, url=f"{SITE}/politics/")
    press.source = outlet("akhbar", SITE, endpoints=(section,), articles=(r"^/news/\d+",))
    press.watch()
    press.list_paths("/news/1", "/about")
    assert listed(press) == {f"{SITE}/news/1"}


def test_a_url_belongs_to_the_source_that_owns_its_domain(press: Press) -> None:
    other = outlet("jarida", "https://www.example.org")
    press.source = outlet("akhbar", SITE, allowed_domains=("example.com", "example.org", "example.net"))
    press.watch(press.source, other)
    press.tick(source_ids=["akhbar"])
    (feed,) = press.claim_past_robots()
    links = [Link(url=f"https://www.example.{tld}/1") for tld in ("com", "org", "net", "info")]
    press.list_links(*links, visit=feed)
    owners = press.see(lambda conn: dict(tuple(row) for row in conn.execute(select(urls.c.site, urls.c.source))))
    assert owners["example.com"] == owners["example.net"] == owners["example.info"] == "akhbar"
    assert owners["example.org"] == "akhbar", "it lists that domain as its own as well"
    press.source = outlet("akhbar", SITE)
    press.watch(press.source, other)
    press.list_links(Link(url="https://www.example.org/2"), visit=feed)
    rows = press.see(lambda conn: dict(tuple(row) for row in conn.execute(select(urls.c.url, urls.c.source))))
    assert rows["https://www.example.org/2"] == "jarida"


def test_one_visit_a_site_and_none_of_a_busy_one(press: Press) -> None:
    press.watch(*(outlet(tld, f"https://www.example.{tld}") for tld in ("com", "org", "net")))
    press.tick()
    assert len(press.claim_past_robots()) == 3
    press.do(lambda conn: frontier.void_leases(conn))
    visits = press.claim(busy_sites=("example.org",))
    assert {visit.site for visit in visits} == {"example.com", "example.net"}


def test_a_site_is_not_handed_out_before_its_delay_is_over(press: Press) -> None:
    press.list_paths("/news/1")
    press.do(lambda conn: frontier.site_served(conn, "example.com", press.now, 5.0))
    press.later(seconds=4.9)
    assert press.claim_past_robots() == []
    remaining = press.see(lambda conn: frontier.remaining(conn, press.now))
    assert remaining == frontier.Remaining(ready=1, next_at=NOW + timedelta(seconds=5))
    press.later(seconds=0.2)
    assert len(press.claim_past_robots()) == 1


def test_the_delay_is_the_larger_of_the_settings_and_the_sources(press: Press) -> None:
    slow = outlet("slow", "https://www.example.org", delay=7.0)
    press.do(lambda conn: frontier.sync_sources(conn, [press.source, slow], press.now, default_delay=2.0))
    press.tick()
    assert {visit.source: visit.delay for visit in press.claim()} == {"akhbar": 2.0, "slow": 7.0}
    press.do(lambda conn: frontier.sync_sources(conn, [press.source], press.now))
    press.do(lambda conn: frontier.void_leases(conn))
    press.tick(everything=True)
    assert [visit.delay for visit in press.claim()] == [2.0]


def test_what_was_given_back_is_handed_out_again_and_counts_for_nothing(press: Press) -> None:
    press.list_paths("/news/1")
    visits = press.claim_past_robots()
    assert press.claim_past_robots() == []
    press.do(lambda conn: frontier.give_back(conn, visits, press.now))
    assert press.claim_past_robots() == visits


def test_a_restart_voids_the_leases_of_the_run_before(press: Press) -> None:
    press.list_paths("/news/1")
    press.claim_past_robots()
    press.claim()
    assert press.do(lambda conn: frontier.void_leases(conn, "run-2")) == 1
    assert [visit.run for visit in press.claim_past_robots(run="run-2")] == ["run-2"]
    assert press.do(lambda conn: frontier.void_leases(conn, "run-2")) == 0


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
        fail(press, visits[0])
    assert outcome_of(press, "/news/1") == "timeout"
    assert gaps == sorted(gaps)
    assert sum(gaps, timedelta()) > timedelta(days=2)


def test_a_throttled_site_rests_as_a_whole_for_as_long_as_it_asks(press: Press) -> None:
    press.list_paths("/news/1", "/news/2")
    (visit,) = press.claim_past_robots()
    fail(press, visit, FailureClass.THROTTLED, retry_after=timedelta(minutes=20), status=429)
    press.tick(everything=True)
    assert press.claim_past_robots() == []
    assert press.see(lambda conn: frontier.remaining(conn, press.now)).ready == 0
    press.later(minutes=20)
    assert len(press.claim_past_robots()) == 1


def test_asking_for_everything_forgives_what_no_site_asked_for(press: Press) -> None:
    press.list_paths("/news/1", "/news/2")
    (visit,) = press.claim_past_robots()
    fail(press, visit, FailureClass.THROTTLED, status=429)
    assert press.claim_past_robots() == []
    press.tick(everything=True)
    assert len(press.claim_past_robots()) == 1


def test_a_server_error_of_one_page_does_not_stop_its_site(press: Press) -> None:
    press.list_paths(*(f"/news/{number}" for number in range(12)))
    for _ in range(12):
        (visit,) = press.claim_past_robots()
        fail(press, visit)
    assert press.claim_past_robots() == []


def test_a_site_that_never_answers_is_left_alone_after_a_while(press: Press) -> None:
    press.list_paths(*(f"/news/{number}" for number in range(12)))
    asked = 0
    while visits := press.claim_past_robots():
        fail(press, visits[0], FailureClass.NETWORK)
        asked += 1
    assert asked == 8
    press.later(minutes=1)
    assert press.claim_past_robots()


def test_a_failing_endpoint_is_polled_less_and_less_and_then_read_in_full(press: Press) -> None:
    feed = press.poll()
    press.do(
        lambda conn: frontier.record_listing(
            conn, feed, Listing(), press.fetched(etag='"1"'), press.source, press.policy, press.now, MAX_AGE
        )
    )
    assert press.poll().etag == '"1"'
    press.do(lambda conn: frontier.void_leases(conn))
    waits = []
    for _ in range(5):
        fail(press, press.poll(), FailureClass.UNREADABLE)
        row = endpoint_row(press)
        waits.append(row.next_fetch_at - press.now)
    assert waits == sorted(waits) and waits[0] < waits[-1]
    visit = press.poll()
    assert (visit.etag, visit.body_hash, visit.attempts) == (None, None, 5)


def test_a_304_never_clears_a_failure(press: Press) -> None:
    press.list_paths("/news/1")
    fail(press, press.poll(), FailureClass.UNREADABLE)
    visit = press.poll()
    unchanged(press, visit, press.fetched(304))
    assert endpoint_row(press).failures == 1
    press.list_paths("/news/2")
    assert endpoint_row(press).failures == 0


def test_every_eighth_poll_is_unconditional_and_one_after_six_hours(press: Press) -> None:
    feed = press.poll()
    told = press.fetched(etag='"1"', last_modified="Mon")
    press.do(
        lambda conn: frontier.record_listing(
            conn, feed, Listing(), told, press.source, press.policy, press.now, MAX_AGE
        )
    )
    conditional = []
    for _ in range(9):
        visit = press.poll()
        conditional.append(visit.etag is not None)
        unchanged(press, visit, press.fetched(304))
    assert conditional == [True] * 7 + [False] + [True]
    press.later(hours=6)
    assert press.poll().etag is None


def test_a_permanent_redirect_moves_a_feed_after_three_over_a_day(press: Press) -> None:
    there = f"{SITE}/feed/new.xml"
    for hours in (0, 10, 10, 10):
        press.later(hours=hours)
        visit = press.poll()
        assert visit.url == FEED
        told = press.fetched(moved_to=there)
        unchanged(press, visit, told)
    assert press.poll().url == there


def test_a_feed_that_redirects_to_another_host_of_its_site_is_asked_for_there(press: Press) -> None:
    visit = press.poll()
    there = "https://feeds.example.com/rss.xml"
    redirect(press, visit, there)
    (visit,) = press.claim_past_robots()
    assert visit.url == there
    for _ in range(5):
        redirect(press, visit, FEED if visit.url == there else there)
        visits = press.claim_past_robots()
        if not visits:
            break
        visit = visits[0]
    assert visits == [], "a loop ends as a failure"
    assert endpoint_row(press).failures == 1


def redirect(press: Press, visit: Visit, target: str) -> None:
    press.do(lambda conn: frontier.record_redirect(conn, visit, target, None, press.source, press.policy, press.now))


def test_a_redirect_makes_an_alias_and_lists_its_target(press: Press) -> None:
    press.list_paths("/short")
    (visit,) = press.claim_past_robots()
    redirect(press, visit, f"{SITE}/news/1")
    assert (outcome_of(press, "/short"), outcome_of(press, "/news/1")) == ("alias", None)
    (visit,) = press.claim_past_robots()
    assert (visit.url, visit.listed_title) == (f"{SITE}/news/1", "عنوان")


def test_a_redirect_out_of_the_sources_domains_ends_there(press: Press) -> None:
    press.list_paths("/short")
    (visit,) = press.claim_past_robots()
    redirect(press, visit, "https://www.example.net/1")
    assert outcome_of(press, "/short") == "out_of_scope"
    assert listed(press) == {f"{SITE}/short"}


def test_a_redirect_to_the_same_address_in_https_is_followed_at_once_but_no_loop(press: Press) -> None:
    press.list_links(Link(url="http://www.example.com/news/1"))
    asked = []
    while visits := press.claim_past_robots():
        asked.append(visits[0].url)
        other = "https" if visits[0].url.startswith("http:") else "http"
        redirect(press, visits[0], f"{other}://www.example.com/news/1")
    assert asked[:2] == ["http://www.example.com/news/1", "https://www.example.com/news/1"]
    assert len(asked) == 5
    assert outcome_of(press, "/news/1") == "redirect_loop"


def test_a_sitemap_index_has_its_sitemaps_read_now_and_again_when_it_does_not_change(press: Press) -> None:
    index = Endpoint(kind=EndpointKind.SITEMAP, url=f"{SITE}/sitemap.xml")
    press.source = outlet("akhbar", SITE, endpoints=(index,))
    press.watch()
    child = f"{SITE}/sitemap-today.xml"
    press.list_links(children=(child, "https://www.example.net/sitemap.xml"))
    (visit,) = press.claim_past_robots()
    assert (visit.url, visit.listing, visit.depth) == (child, EndpointKind.SITEMAP, 1)
    press.list_links(Link(url=f"{SITE}/news/1"), visit=visit)
    assert [visit.kind for visit in press.claim_past_robots()] == [VisitKind.ARTICLE]
    press.tick(everything=True)
    (visit,) = press.claim_past_robots()
    assert visit.url == index.url
    unchanged(press, visit, press.fetched(304))
    (visit,) = press.claim_past_robots()
    assert visit.url == child


def test_sources_switched_off_or_gone_are_not_visited_and_nothing_of_them_is_lost(press: Press) -> None:
    press.list_paths("/news/1")
    press.tick(everything=True)
    press.watch(outlet("akhbar", SITE, enabled=False))
    assert press.claim() == []
    assert press.see(lambda conn: frontier.remaining(conn, press.now)).ready == 0
    press.watch(outlet("jarida", "https://www.example.org"))
    press.tick(everything=True)
    assert {visit.source for visit in press.claim_past_robots()} == {"jarida"}
    press.do(lambda conn: frontier.void_leases(conn))
    press.watch()
    assert press.tick() == 1
    assert {visit.kind for visit in press.claim_past_robots()} == {VisitKind.ENDPOINT}


def test_only_the_sources_asked_for_are_visited(press: Press) -> None:
    press.watch(press.source, outlet("jarida", "https://www.example.org"))
    press.tick()
    assert {visit.source for visit in press.claim_past_robots(only_sources=["jarida"])} == {"jarida"}
    left = press.see(lambda conn: frontier.remaining(conn, press.now, ["jarida"]))
    assert left.ready == 0
    assert press.see(lambda conn: frontier.remaining(conn, press.now)).ready == 1


def test_an_overflowing_feed_is_noticed_but_not_at_its_first_poll(press: Press) -> None:
    press.list_paths("/news/1", "/news/2", "/news/3")
    assert endpoint_row(press).overflowed_at is None
    press.list_paths("/news/4", "/news/5", "/news/6")
    assert endpoint_row(press).overflowed_at == press.now


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


def test_related_coverage_is_listed_within_its_hops_and_domains_whatever_its_age(press: Press) -> None:
    old = Link(url=f"{SITE}/old", published=date(NOW - timedelta(days=99)))
    press.list_links(old, Link(url=f"{SITE}/news/1", published=date(NOW)))
    assert outcome_of(press, "/old") == "too_old"
    (visit,) = press.claim_past_robots()
    links = (*related("/old", "/r1"), Related(url="https://www.example.net/1", title="خارج"))
    recorded = press.store_article(visit, press.article("/news/1", related=links))
    assert recorded.listed == 1
    assert listed(press) == {f"{SITE}{path}" for path in ("/old", "/news/1", "/r1")}
    visits = {}
    while found := press.claim_past_robots():
        visits[found[0].url] = found[0]
    assert {visit.hop for visit in visits.values()} == {1}
    assert {visit.found_via.kind for visit in visits.values() if visit.found_via} == {FoundKind.RELATED}
    far = press.store_article(visits[f"{SITE}/r1"], press.article("/r1", "نص آخر تماما", related=related("/r2")))
    assert far.listed == 0, "one hop is all that the source allows"


def test_related_coverage_that_a_feed_names_later_is_followed_as_its_own_article(press: Press) -> None:
    press.publish("/news/1", related=related("/r1"))
    (visit,) = press.claim_past_robots()
    press.store_article(visit, press.article("/r1", "نص آخر تماما عن شأن آخر", related=related("/r2")))
    assert f"{SITE}/r2" not in listed(press)
    press.list_paths("/r1")
    assert f"{SITE}/r2" in listed(press)
