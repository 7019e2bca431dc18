"""Which visits are handed out, to whom, in what order and how soon."""

from datetime import timedelta

from index import frontier
from index.frontier.visits import VisitKind
from news.documents import FoundKind, Link
from tests.index.press import FEED, NOW, SITE, Press, date, outlet


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
