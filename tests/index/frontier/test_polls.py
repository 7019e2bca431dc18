"""When a feed, sitemap or section is asked for again, and what its answers teach."""

from index import frontier
from index.frontier.visits import FailureClass, VisitKind
from news.documents import Endpoint, EndpointKind, Link, Listing
from tests.index.press import FEED, MAX_AGE, SITE, Press, outlet


def test_an_endpoint_is_due_at_once_and_then_by_its_interval(press: Press) -> None:
    assert press.tick() == 1
    assert press.tick() == 0
    press.later(minutes=15)
    assert press.tick() == 1


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
        press.fail(press.poll(), FailureClass.UNREADABLE)
        row = press.endpoint()
        waits.append(row.next_fetch_at - press.now)
    assert waits == sorted(waits) and waits[0] < waits[-1]
    visit = press.poll()
    assert (visit.etag, visit.body_hash, visit.attempts) == (None, None, 5)


def test_a_304_never_clears_a_failure(press: Press) -> None:
    press.list_paths("/news/1")
    press.fail(press.poll(), FailureClass.UNREADABLE)
    visit = press.poll()
    press.unchanged(visit)
    assert press.endpoint().failures == 1
    press.list_paths("/news/2")
    assert press.endpoint().failures == 0


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
        press.unchanged(visit)
    assert conditional == [True] * 7 + [False] + [True]
    press.later(hours=6)
    assert press.poll().etag is None


def test_a_permanent_redirect_moves_a_feed_after_three_over_a_day(press: Press) -> None:
    there = f"{SITE}/feed/new.xml"
    for hours in (0, 10, 10, 10):
        press.later(hours=hours)
        visit = press.poll()
        assert visit.url == FEED
        press.unchanged(visit, 200, moved_to=there)
    assert press.poll().url == there


def test_a_feed_that_redirects_to_another_host_of_its_site_is_asked_for_there(press: Press) -> None:
    visit = press.poll()
    there = "https://feeds.example.com/rss.xml"
    press.redirect(visit, there)
    (visit,) = press.claim_past_robots()
    assert visit.url == there
    for _ in range(5):
        press.redirect(visit, FEED if visit.url == there else there)
        visits = press.claim_past_robots()
        if not visits:
            break
        visit = visits[0]
    assert visits == [], "a loop ends as a failure"
    assert press.endpoint().failures == 1


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
    press.unchanged(visit)
    (visit,) = press.claim_past_robots()
    assert visit.url == child


def test_an_overflowing_feed_is_noticed_but_not_at_its_first_poll(press: Press) -> None:
    press.list_paths("/news/1", "/news/2", "/news/3")
    assert press.endpoint().overflowed_at is None
    press.list_paths("/news/4", "/news/5", "/news/6")
    assert press.endpoint().overflowed_at == press.now
