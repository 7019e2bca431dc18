"""From a homepage to a source file: candidates, article forms, verdicts and the draft."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from index.catalogue import load, shipped
from news.discovery import (
    Candidate,
    article_forms,
    candidates,
    draft_source,
    feeds_in,
    judge_endpoint,
    owner_of,
    sections_in,
    sitemaps_in,
    usual_places,
)
from news.discovery.choosing import Tried, choose_endpoints, tried
from news.documents import Endpoint, EndpointKind, Link, Listing, NotDocument, Outcome, Page, ParsedDate, Precision
from news.sources import read_source

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOME = "https://www.minbar.qa/"

HOMEPAGE = """<!doctype html><html lang="en" dir="rtl"><head><meta charset="utf-8">
<title>صوت الخليج وأخبار المنطقة ساعة بساعة | منبر الخليج</title>
<meta property="og:site_name" content="Minbar">
<link rel="alternate" type="application/rss+xml" title="منبر الخليج" href="/rss/all">
<link rel="ALTERNATE" type="application/atom+xml; charset=utf-8" href="https://feeds.minbar-cdn.example/atom">
<link rel="alternate" type="application/rss+xml" title="التعليقات" href="/comments/feed/">
<link rel="alternate" type="text/xml+oembed" href="/wp-json/oembed/1.0/embed">
<link rel="alternate" hreflang="en" href="/en/">
</head><body>
<nav class="main-menu"><a href="/">الرئيسية</a><a href="/سياسة/">سياسة</a><a href="/%D8%B1%D9%8A%D8%A7%D8%B6%D8%A9/">
 رياضة</a><a href="/culture">ثقافة</a><a href="/video/">فيديو</a><a href="https://shop.minbar.qa/">المتجر</a></nav>
<main><h2><a href="/news/2026/11/23/18842">قمة خليجية طارئة في الدوحة تبحث أمن الملاحة</a></h2>
<a href="/culture">ثقافة</a><a href="/writers">كتّاب المنبر</a><a href="/mansour">ركن منصور</a></main>
<footer><a href="/about">من نحن</a><a href="/privacy">سياسة الخصوصية</a><a href="/اتصل-بنا">اتصل بنا</a>
<a href="/rss.html">RSS</a><a href="mailto:x@minbar.qa">راسلونا</a></footer></body></html>"""


def page(html: str = HOMEPAGE, url: str = HOME) -> Page:
    headers = {"content-type": "text/html"}
    return Page(requested_url=url, url=url, status=200, headers=headers, body=html.encode(), fetched_at=NOW)


def urls(found: list[Candidate]) -> list[str]:
    return [candidate.url for candidate in found]


def test_declared_feeds_come_first_and_comments_are_none() -> None:
    found = feeds_in(page())
    assert urls(found) == [HOME + "rss/all", "https://feeds.minbar-cdn.example/atom", HOME + "rss.html"]
    assert [candidate.certain for candidate in found] == [True, True, False]


def test_sitemaps_of_news_come_first_among_those_that_robots_names() -> None:
    robots = (
        "User-agent: *\r\nDisallow: /admin\r\nSitemap: /sitemap.xml\r\n sitemap:https://x.example/news.xml # new\r\n"
    )
    assert urls(sitemaps_in(robots, HOME)) == ["https://x.example/news.xml", HOME + "sitemap.xml"]


def test_guesses_are_marked_as_such_and_begin_below_the_homepages_path() -> None:
    found = usual_places("https://minbar.example/ar")
    assert not any(candidate.certain for candidate in found)
    assert urls(found)[0] == "https://minbar.example/ar/rss"
    assert "https://minbar.example/news-sitemap.xml" in urls(found)


def test_sections_are_short_names_of_the_navigation_and_not_the_small_print() -> None:
    found = sections_in(page())
    assert [re.findall("«(.+)»", candidate.evidence)[0] for candidate in found] == [
        "سياسة",
        "رياضة",
        "ثقافة",
        "كتّاب المنبر",
        "ركن منصور",
    ]


def test_a_candidate_found_twice_is_tried_once() -> None:
    found = urls(candidates(page(HOMEPAGE.replace("/rss/all", "/rss")), f"Sitemap: {HOME}sitemap.xml"))
    assert len(found) == len(set(found))
    assert found.count(HOME + "rss") == 1


def test_an_empty_homepage_still_leaves_the_usual_places() -> None:
    assert candidates(page(""), None) == usual_places(HOME)


# What the outlets' own listings hold, at least three of each form.
FORMS = {
    r"^/news/\d{4}/\d+/\d+/\d{4,}$": [f"/news/2026/11/{day}/{18840 + day}" for day in (1, 2, 23)],
    r"^/[A-Za-z_-]+/\d{4}/\d+/\d+/[^/]+": [
        "/politics/2026/11/1/قمة-الدوحة",
        "/sport/2026/11/2/كأس-الخليج-2026",
        "/local-news/2026/11/3/ميناء",
    ],
    r"^/ar/\d{4,}-[^/]+": ["/ar/20261101-تونس", "/ar/20261102-بيروت-غدا", "/ar/20261103-عمان"],
    r"^/[^/]+-\d{4,}\.html$": ["/خبر-من-الرباط-1767388.html", "/مباراة-1767389.html", "/طقس-الغد-1767390.html"],
    r"^/news/view\.aspx\?(?:.*&)?id=\d+": [f"/news/view.aspx?section=3&id={number}" for number in (71, 72, 73)],
    r"^/[A-Za-z_-]+/[a-z0-9]{6,16}$": ["/saudia/dl5qk8spdg", "/world/a8xk21mmq0", "/saudia/zz81kd0pqe"],
    r"^/news/[^/]+/\d{6,}/[^/]+": [f"/news/الإمارات/447378{digit}/خبر-{digit}" for digit in (1, 2, 3)],
    r"^/[^/]+/\d{4}-\d{2}-\d{2}/[^/]+": [f"/الإمارات/2026-05-1{digit}/خبر" for digit in (1, 2, 3)],
}


@pytest.mark.parametrize(("form", "paths"), FORMS.items())
def test_the_form_of_articles_is_read_off_their_addresses(form: str, paths: list[str]) -> None:
    assert article_forms([f"https://minbar.example{path}" for path in paths], [HOME]) == (form,)
    assert all(re.search(form, path) for path in paths)


def test_slugs_at_the_root_have_no_form_that_would_tell_them_from_sections() -> None:
    slugs = ["قمة-الدوحة-تبحث-الأمن", "كأس-الخليج-تنطلق-غدا", "ميناء-جديد-في-الشمال", "أمطار-غزيرة-على-الساحل"]
    assert article_forms([f"https://minbar.example/{slug}/" for slug in slugs]) == ()


def test_a_form_that_also_fits_a_section_is_dropped() -> None:
    articles = [f"https://minbar.example/list/{number}" for number in (10001, 10002, 10003)]
    assert article_forms(articles, ["https://minbar.example/list/20000"]) == ()


def test_an_accident_among_many_is_no_form() -> None:
    articles = [f"https://minbar.example/news/{number}" for number in range(10000, 10040)]
    strays = [f"https://minbar.example/live/2026/11/{day}/x" for day in (1, 2, 3)]
    assert article_forms(articles + strays) == (r"^/news/\d{4,}$",)


def link(age: timedelta | None) -> Link:
    published = ParsedDate(value=NOW - age, precision=Precision.MINUTE) if age is not None else None
    return Link(url="https://minbar.example/news/1", published=published)


def listing(*ages: timedelta | None, children: tuple[str, ...] = (), problems: tuple[str, ...] = ()) -> Listing:
    return Listing(links=tuple(map(link, ages)), children=children, problems=problems)


FEED, SITEMAP, SECTION = EndpointKind
MINUTES, DAYS = timedelta(minutes=1), timedelta(days=1)
VERDICTS = [
    (FEED, listing(*[12 * MINUTES] * 48), True, "48 entries, newest 12 minutes ago"),
    (FEED, listing(93 * DAYS, 400 * DAYS), False, "frozen: newest entry 93 days old"),
    (FEED, listing(None, None), True, "2 entries, without dates"),
    (FEED, listing(-3 * DAYS, DAYS), True, "2 entries, newest 1 day ago"),
    (FEED, listing(-3 * DAYS), True, "1 entry, without dates, all dated in the future"),
    (FEED, listing(), False, "empty"),
    (FEED, listing(problems=("entry 1 has no link",)), False, "empty; entry 1 has no link"),
    (SITEMAP, listing(children=("a", "b")), True, "an index of which 2 sitemaps may hold news"),
    (SITEMAP, listing(*[MINUTES] * 1200), True, "1,200 addresses, newest 1 minute ago"),
    (SECTION, listing(None, None), False, "only 2 article links"),
    (SECTION, listing(*[None] * 23), True, "23 article links"),
]


@pytest.mark.parametrize(("kind", "found", "works", "words"), VERDICTS)
def test_a_verdict_says_in_words_what_was_found(kind: EndpointKind, found: Listing, works: bool, words: str) -> None:
    verdict = judge_endpoint(kind, found, NOW)
    assert (verdict.works, verdict.words, verdict.entries) == (works, words, len(found.links))


def test_a_page_that_is_no_listing_keeps_its_readers_reason() -> None:
    found = NotDocument(outcome=Outcome.PARSE_ERROR, reason="HTML page instead of a feed")
    verdict = judge_endpoint(FEED, found, NOW)
    assert (verdict.works, verdict.entries, verdict.words) == (False, 0, "HTML page instead of a feed")


def test_a_draft_is_a_source_that_can_be_read() -> None:
    feed = Endpoint(kind=FEED, url=HOME + "rss/all", evidence="declared in the page's head", checked_at="2026-11-23")
    sampled = [f"{HOME}news/2026/11/23/{number}" for number in (18841, 18842, 18843)]
    draft = draft_source(page(), [feed], sampled, taken=["minbar"])
    source, problems = read_source(draft, f"sources/{draft['id']}.toml")
    assert source is not None, problems
    assert (source.id, source.name) == ("minbar-qa", "منبر الخليج")
    assert (source.country, source.timezone, source.language) == ("QA", "Asia/Qatar", "ar")
    assert source.articles == (r"^/news/\d{4}/\d+/\d+/\d{4,}$",)
    assert source.endpoints == (feed,)
    assert source.allowed_domains == ()


def test_a_draft_of_a_numbered_host_gets_an_id_of_its_own() -> None:
    draft = draft_source(page(url="http://127.0.0.5:8000/"), [], [])
    assert draft["id"] == "127-0-0-5"
    assert "country" not in draft


def test_a_domain_that_serves_the_articles_is_added_to_the_draft() -> None:
    sampled = [f"https://minbar-news.example.org/{number}" for number in range(10)]
    draft = draft_source(page(url="https://minbar-home.net/"), [], sampled)
    assert draft["allowed_domains"] == ["minbar-home.net", "example.org"]


def test_an_outlet_that_is_there_already_is_recognised_by_its_domain() -> None:
    sources = load(shipped())
    owner = owner_of(sources, "http://m.youm7.com/story/1")
    assert owner is not None and owner.id == "youm7"
    assert owner_of(sources, HOME) is None


def result(kind: EndpointKind, path: str, *numbers: int, certain: bool = True) -> Tried:
    links = tuple(Link(url=f"{HOME}news/{number}") for number in numbers)
    candidate = Candidate(kind=kind, url=HOME + path, evidence="named in robots.txt", certain=certain)
    return tried(candidate, Listing(links=links), NOW)


def test_the_same_feed_in_another_format_is_taken_once_and_the_declared_one_wins() -> None:
    results = [
        result(FEED, "guess", 1, 2, 3, 4, 5, certain=False),
        result(FEED, "rss", 1, 2, 3, 4, 5),
        result(FEED, "atom", 1, 2, 3, 4, 6),
        result(FEED, "sport", 7, 8),
        result(FEED, "empty"),
    ]
    chosen = choose_endpoints(results, NOW)
    assert [endpoint.url for endpoint in chosen] == [HOME + "rss", HOME + "sport"]
    assert chosen[0].evidence == "named in robots.txt: 5 entries, without dates"
    assert chosen[0].checked_at == "2026-11-23T12:00:00+00:00"


def test_a_sitemap_is_kept_beside_a_feed_of_the_same_articles() -> None:
    results = [result(SITEMAP, "news.xml", 1, 2, 3), result(FEED, "rss", 1, 2, 3), result(SECTION, "politics", 1, 2, 3)]
    assert [endpoint.kind for endpoint in choose_endpoints(results, NOW)] == [FEED, SITEMAP]


def test_sections_are_taken_where_there_is_nothing_better() -> None:
    results = [result(FEED, "rss"), result(SECTION, "politics", 1, 2, 3), result(SECTION, "tiny", 9)]
    assert [endpoint.url for endpoint in choose_endpoints(results, NOW)] == [HOME + "politics"]
