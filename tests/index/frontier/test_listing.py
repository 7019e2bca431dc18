"""What becomes a URL of ours, whose it is, and what is decided without a fetch."""

from datetime import timedelta

from sqlalchemy import select

from index import frontier
from index.database import urls
from news.documents import Endpoint, EndpointKind, FoundKind, Link, Related
from tests.index.press import NOW, SITE, Press, date, outlet, related


def test_a_new_link_becomes_a_pending_url_once(press: Press) -> None:
    assert press.list_paths("/news/1", "/news/2?utm_source=rss", "/news/2") == frontier.ListingRecorded(2, 0)
    assert press.list_paths("/news/2", "/news/3") == frontier.ListingRecorded(1, 1)
    assert press.listed() == {f"{SITE}/news/{number}" for number in (1, 2, 3)}


def test_links_that_need_no_fetch_are_decided_and_counted(press: Press) -> None:
    press.list_links(
        Link(url="https://elsewhere.example.net/1"),
        Link(url=f"{SITE}/a/b/a/b/a/b/a/b"),
        Link(url=f"{SITE}/old", published=date(NOW - timedelta(days=31))),
        Link(url="mailto:desk@example.com"),
    )
    assert press.outcome_of("/1", "https://elsewhere.example.net") == "out_of_scope"
    assert press.outcome_of("/a/b/a/b/a/b/a/b") == "trap"
    assert press.outcome_of("/old") == "too_old"
    assert press.claim_past_robots() == []


def test_what_a_section_links_to_is_listed_only_if_it_looks_like_an_article(press: Press) -> None:
    section = Endpoint(kind=EndpointKind.SECTION, url=f"{SITE}/politics/")
    press.source = outlet("akhbar", SITE, endpoints=(section,), articles=(r"^/news/\d+",))
    press.watch()
    press.list_paths("/news/1", "/about")
    assert press.listed() == {f"{SITE}/news/1"}


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


def test_related_coverage_is_listed_within_its_hops_and_domains_whatever_its_age(press: Press) -> None:
    old = Link(url=f"{SITE}/old", published=date(NOW - timedelta(days=99)))
    press.list_links(old, Link(url=f"{SITE}/news/1", published=date(NOW)))
    assert press.outcome_of("/old") == "too_old"
    (visit,) = press.claim_past_robots()
    links = (*related("/old", "/r1"), Related(url="https://www.example.net/1", title="خارج"))
    recorded = press.store_article(visit, press.article("/news/1", related=links))
    assert recorded.listed == 1
    assert press.listed() == {f"{SITE}{path}" for path in ("/old", "/news/1", "/r1")}
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
    assert f"{SITE}/r2" not in press.listed()
    press.list_paths("/r1")
    assert f"{SITE}/r2" in press.listed()
