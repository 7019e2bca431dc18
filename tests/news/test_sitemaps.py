import gzip
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from news.documents import Listing, NotDocument, Outcome, Page, Source
from news.listings.sitemaps import read_sitemap

NOW = datetime(2026, 8, 14, 12, tzinfo=UTC)
SITEMAP = "https://www.example.com/sitemap.xml"
SOURCE = Source(id="example", name="مثال", homepage="https://www.example.com/", country="QA", timezone="Asia/Qatar")
NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)


def read(body: str | bytes, now: datetime = NOW) -> Listing | NotDocument:
    data = body.encode() if isinstance(body, str) else body
    page = Page(requested_url=SITEMAP, url=SITEMAP, status=200, headers={}, body=data, fetched_at=now)
    return read_sitemap(page, SOURCE, now)


def listing(body: str | bytes) -> Listing:
    result = read(body)
    assert isinstance(result, Listing), result
    return result


def urlset(*entries: str) -> str:
    urls = "".join(f"<url>{entry}</url>" for entry in entries)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {NAMESPACES}>{urls}</urlset>'


def index(*children: tuple[str, str | None]) -> str:
    entries = "".join(
        f"<sitemap><loc>{url}</loc>{f'<lastmod>{lastmod}</lastmod>' if lastmod else ''}</sitemap>"
        for url, lastmod in children
    )
    return f"<sitemapindex {NAMESPACES}>{entries}</sitemapindex>"


def undated(urls: Iterable[str]) -> str:
    return index(*((url, None) for url in urls))


NEWS = """<loc> https://www.example.com/news/2026/8/14/خبر-أول?id=1&x=2 </loc>
  <lastmod>2026-08-14T11:00:00+03:00</lastmod>
  <image:image><image:loc>https://www.example.com/a.jpg</image:loc><image:title>صورة</image:title></image:image>
  <news:news><news:publication><news:name>مثال</news:name><news:language>ar</news:language></news:publication>
  <news:publication_date>2026-08-14T10:30:00+03:00</news:publication_date>
  <news:title>خبر &amp;amp;quot;أول&amp;amp;quot;</news:title></news:news>"""


def test_a_news_sitemap_gives_address_title_date_and_language() -> None:
    (link,) = listing(urlset(NEWS)).links
    assert link.url == "https://www.example.com/news/2026/8/14/%D8%AE%D8%A8%D8%B1-%D8%A3%D9%88%D9%84?id=1&x=2"
    assert (link.title, link.language) == ('خبر "أول"', "ar")
    assert link.published and link.published.value == datetime(2026, 8, 14, 7, 30, tzinfo=UTC)


def test_lastmod_is_no_publication_date() -> None:
    (link,) = listing(urlset("<loc>https://www.example.com/1</loc><lastmod>2026-08-14</lastmod>")).links
    assert link.published is None


def test_addresses_come_once_and_in_order() -> None:
    sitemap = urlset(
        *(f"<loc>https://www.example.com/{n}</loc>" for n in (3, 1, 2)), "<loc>http://www.example.com/1</loc>"
    )
    assert [link.url[-1] for link in listing(sitemap).links] == ["3", "1", "2"]


def test_entries_without_an_address_are_named() -> None:
    result = listing(
        urlset("<loc>https://www.example.com/1</loc>", "<loc>mailto:x@a.com</loc>", "<lastmod>2026</lastmod>")
    )
    assert len(result.links) == 1
    assert len(result.problems) == 2


def test_a_sitemap_without_namespaces_is_read() -> None:
    assert listing("<urlset><url><loc>/1</loc></url></urlset>").links[0].url == "https://www.example.com/1"


@pytest.mark.parametrize("times", [1, 2])
def test_gzipped_sitemaps_are_read(times: int) -> None:
    body = urlset(NEWS).encode()
    for _ in range(times):
        body = gzip.compress(body)
    assert len(listing(body).links) == 1


def test_a_gzip_bomb_is_too_large() -> None:
    result = read(gzip.compress(b"<urlset>" + b" " * (51 * 1024 * 1024)))
    assert isinstance(result, NotDocument)
    assert result.outcome is Outcome.TOO_LARGE


def test_a_torn_gzip_is_told() -> None:
    result = read(gzip.compress(urlset(NEWS).encode())[:-20])
    assert isinstance(result, NotDocument)
    assert result.outcome is Outcome.PARSE_ERROR


def test_a_torn_sitemap_gives_what_was_whole() -> None:
    whole = urlset(*(f"<loc>https://www.example.com/news/{n}00</loc>" for n in range(1, 5)))
    result = listing(whole[: whole.index("/400") + 2])
    assert [link.url[-3:] for link in result.links] == ["100", "200", "300"]
    assert result.problems[0].startswith("broken XML")


def test_a_list_of_addresses_is_a_sitemap() -> None:
    result = listing("\ufeffhttps://www.example.com/1\r\n\r\nhttps://www.example.com/خبر\r\nx\r\n")
    assert [link.url for link in result.links] == [
        "https://www.example.com/1",
        "https://www.example.com/%D8%AE%D8%A8%D8%B1",
    ]
    assert result.problems == ("line 3: not an address",)


def test_a_feed_may_stand_in_for_a_sitemap() -> None:
    feed = "<rss version='2.0'><channel><title>x</title><item><title>خبر</title><link>/1</link></item></channel></rss>"
    assert listing(feed).links[0].title == "خبر"
    assert listing(gzip.compress(feed.encode())).links[0].title == "خبر"


@pytest.mark.parametrize(
    "body", ["<!DOCTYPE html><html><body/></html>", "not found", "<x/>", "<urlset><url><loc>http://a"]
)
def test_what_is_no_sitemap_is_told(body: str) -> None:
    result = read(body)
    assert isinstance(result, NotDocument)
    assert result.outcome is Outcome.PARSE_ERROR


def test_an_empty_sitemap_is_a_sitemap() -> None:
    assert listing(urlset()) == Listing()
    assert listing(b"").links == ()


def test_an_index_gives_the_children_changed_within_48_hours() -> None:
    children = (
        ("/a.xml", "2026-08-14T09:00:00+03:00"),
        ("/b.xml", "2026-08-12T11:59:00Z"),
        ("/c.xml", "2026-08-12"),
        ("/d.xml", "2026-08-11"),
        ("/e.xml", None),
        ("/a.xml", "2026-08-14"),
    )
    result = listing(index(*children))
    assert result.children == ("https://www.example.com/a.xml", "https://www.example.com/c.xml")
    assert result.links == ()


@pytest.mark.parametrize(
    "form",
    [
        "https://www.example.com/sitemap.xml?yyyy={y}&amp;mm={m}&amp;dd={d}",
        "https://www.example.com/sitemap-{y}-{m:02}-{d:02}.xml",
        "https://www.example.com/sitemaps/{y}/{m}/{d}.xml",
        "https://www.example.com/sitemap{y}{m:02}{d:02}.xml.gz",
        "https://www.example.com/{d:02}-{m:02}-{y}.xml",
        "https://www.example.com/sitemap?year={y}&amp;month={m}&amp;day={d}",
    ],
)
def test_an_index_without_lastmods_is_read_by_the_day_in_its_addresses(form: str) -> None:
    days = [(2026, 8, day) for day in range(1, 32)] + [(2026, 7, 14), (2025, 8, 14)]
    children = listing(undated(form.format(y=y, m=m, d=d) for y, m, d in days)).children
    expected = [form.format(y=2026, m=8, d=day).replace("&amp;", "&") for day in (13, 14)]
    assert list(children) == expected


def test_the_day_of_the_outlet_counts_too() -> None:
    late = datetime(2026, 8, 13, 22, tzinfo=UTC)  # the 14th in Doha
    result = read(undated(f"/sitemap-2026-08-{day}.xml" for day in range(10, 20)), late)
    assert isinstance(result, Listing)
    assert [child[-6:-4] for child in result.children] == ["12", "13", "14"]


def test_months_do_where_there_are_no_days() -> None:
    children = listing(
        undated(f"/sitemap-{year}-{month:02}.xml" for year in (2025, 2026) for month in range(1, 13))
    ).children
    assert children == ("https://www.example.com/sitemap-2026-08.xml",)


def test_of_an_index_without_dates_both_ends_are_visited() -> None:
    posts = [f"/posts-{number}.xml" for number in range(1, 30)]
    children = listing(undated([*posts, "/category-sitemap.xml", "/author-sitemap.xml", "/images.xml"])).children
    assert [child.removeprefix("https://www.example.com") for child in children] == [*posts[:3], *posts[-3:]]
    assert listing(undated(["/category-sitemap.xml"])).children == ("https://www.example.com/category-sitemap.xml",)


def test_nothing_outside_a_sitemap_is_read_for_it(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    body = (
        f'<!DOCTYPE urlset [<!ENTITY x SYSTEM "file://{secret}">]>'
        + urlset("<loc>https://a.com/&x;</loc>").split("?>")[1]
    )
    assert "secret" not in repr(read(body))


def test_an_entity_bomb_does_not_go_off() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    found = read(bomb + "]>" + urlset("<loc>https://a.com/&j;</loc>").split("?>")[1])
    assert len(repr(found)) < 10_000, "its ten thousand million letters are not unfolded"
