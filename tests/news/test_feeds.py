import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from news.documents import Listing, NotDocument, Outcome, Page, Source
from news.listings.feeds import read_feed

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
FEED = "https://www.example.com/rss/ar"
SOURCE = Source(id="example", name="مثال", homepage="https://www.example.com/", country="EG", timezone="Africa/Cairo")


def read(body: str | bytes, content_type: str = "text/xml", source: Source = SOURCE) -> Listing | NotDocument:
    data = body.encode() if isinstance(body, str) else body
    headers = {"content-type": content_type}
    return read_feed(
        Page(requested_url=FEED, url=FEED, status=200, headers=headers, body=data, fetched_at=NOW), source, NOW
    )


def listing(body: str | bytes, content_type: str = "text/xml") -> Listing:
    result = read(body, content_type)
    assert isinstance(result, Listing)
    return result


def rss(*items: str, head: str = "", encoding: str = "utf-8") -> str:
    entries = "".join(f"<item>{item}</item>" for item in items)
    return (
        f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0" '
        'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0">'
        f"<channel><title>مثال</title><link>https://www.example.com/</link>{head}{entries}</channel></rss>"
    )


def item(number: int, title: str = "عنوان الخبر") -> str:
    return f"<title>{title} {number}</title><link>https://www.example.com/news/{number}</link>"


def test_rss_gives_links_titles_summaries_and_dates() -> None:
    feed = rss(
        item(7) + "<description>&lt;p&gt;ملخص&lt;/p&gt;</description><pubDate>Mon, 23 Nov 2026 10:00:00 +0300</pubDate>"
    )
    (link,) = listing(feed).links
    assert (link.url, link.title, link.summary) == ("https://www.example.com/news/7", "عنوان الخبر 7", "ملخص")
    assert link.published and link.published.value == datetime(2026, 11, 23, 7, tzinfo=UTC)


def test_rdf_and_atom_are_feeds() -> None:
    rdf = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
      xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>x</title></channel>
      <item rdf:about="https://www.example.com/1"><title>خبر</title><link>https://www.example.com/1</link>
      <dc:date>2026-11-23T09:00:00Z</dc:date></item></rdf:RDF>"""
    atom = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://www.example.com/ar/"><title>x</title>
      <entry><title type="html">&lt;b&gt;خبر&lt;/b&gt;</title><id>urn:1</id><link rel="enclosure" href="a.mp3"/>
      <link rel="alternate" href="1"/><updated>2026-11-23T09:00:00Z</updated></entry></feed>"""
    for feed, url in ((rdf, "https://www.example.com/1"), (atom, "https://www.example.com/ar/1")):
        (link,) = listing(feed).links
        assert (link.url, link.title) == (url, "خبر")
        assert link.published and link.published.value == datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_publication_goes_before_update() -> None:
    atom = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>x</title><link href="/1"/>
      <published>2026-11-20T09:00:00Z</published><updated>2026-11-23T09:00:00Z</updated></entry></feed>"""
    (link,) = listing(atom).links
    assert link.published and link.published.value.day == 20


def test_a_date_in_arabic_words_is_read() -> None:
    feed = rss(item(1) + "<pubDate>الخميس، 24 سبتمبر 2026 12:00 ص</pubDate>")
    (link,) = listing(feed).links
    assert link.published and link.published.value == datetime(2026, 9, 23, 21, tzinfo=UTC)


def test_json_feeds_are_feeds() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [
            {"id": "1", "url": "/1", "title": "خبر &amp;quot;أول&amp;quot;", "date_published": "2026-11-23T09:00:00Z"},
            {"id": "https://www.example.com/2", "content_text": "نص \ud83d"},
            {"id": "3"},
            "not an entry",
        ],
    }
    result = listing(json.dumps(feed), "application/feed+json")
    assert [link.url for link in result.links] == ["https://www.example.com/1", "https://www.example.com/2"]
    assert result.links[0].title == 'خبر "أول"'
    assert result.links[1].summary == "نص \ufffd"
    assert len(result.problems) == 2


@pytest.mark.parametrize(
    "title", ["&amp;quot;أول&amp;quot;", "&amp;amp;quot;أول&amp;amp;quot;", "<![CDATA[&quot;أول&quot;]]>"]
)
def test_titles_escaped_again_and_again_are_read(title: str) -> None:
    assert listing(rss(f"<title>{title} &lt;b&gt;قوي&lt;/b&gt;</title><link>/1</link>")).links[0].title == '"أول" قوي'


def test_a_stray_bracket_before_a_link_is_no_part_of_it() -> None:
    feed = rss(
        "<title>x</title><link>>https://www.alriyadh.com/2207847</link>",
        "<title>y</title><link> &gt; https://b.com/1 </link>",
    )
    assert [link.url for link in listing(feed).links] == ["https://www.alriyadh.com/2207847", "https://b.com/1"]


def test_links_are_made_absolute() -> None:
    feed = rss("<title>x</title><link>/news/خبر 1?a=1&amp;amp;b=2</link>")
    assert listing(feed).links[0].url == "https://www.example.com/news/%D8%AE%D8%A8%D8%B1%201?a=1&b=2"


def test_bare_ampersands_do_not_break_a_feed() -> None:
    feed = rss("<title>A & B</title><link>https://www.example.com/?id=1&cdate=2</link>", item(2))
    assert [link.url for link in listing(feed).links] == [
        "https://www.example.com/?id=1&cdate=2",
        "https://www.example.com/news/2",
    ]


def test_the_outlets_own_address_goes_before_a_counters() -> None:
    feed = rss(
        "<title>x</title><link>https://feedproxy.google.com/~r/x/1</link>"
        "<feedburner:origLink>https://www.example.com/1</feedburner:origLink>"
    )
    assert listing(feed).links[0].url == "https://www.example.com/1"


@pytest.mark.parametrize(
    "link", ["", "<link></link>", "<link>https://www.example.com/</link>", "<link>javascript:void(0)</link>"]
)
def test_a_permalink_stands_in_for_a_link_that_leads_nowhere(link: str) -> None:
    feed = rss(f"<title>x</title>{link}<guid isPermaLink='true'>https://www.example.com/news/1</guid>")
    assert [link.url for link in listing(feed).links] == ["https://www.example.com/news/1"]


def test_entries_without_a_link_are_named_and_cost_nothing_else() -> None:
    result = listing(rss(item(1), "<title>بلا رابط</title>", item(3)))
    assert [link.url[-1] for link in result.links] == ["1", "3"]
    assert result.problems == ("entry 2: no usable link (بلا رابط)",)


def test_the_same_article_twice_is_one_link() -> None:
    feed = rss(
        item(1),
        "<title>آخر</title><link>http://www.example.com/news/1?utm_source=rss</link>"
        "<pubDate>Mon, 23 Nov 2026 10:00:00 GMT</pubDate>",
        "<title>خبر</title><link>https://www.example.com/a</link><guid>5</guid>",
        "<title>خبر</title><link>https://www.example.com/b</link><guid>5</guid>",
    )
    links = listing(feed).links
    assert [link.url for link in links] == ["https://www.example.com/news/1", "https://www.example.com/a"]
    assert links[0].title == "عنوان الخبر 1"
    assert links[0].published


def test_one_guid_for_all_entries_does_not_hide_them() -> None:
    feed = rss(*(item(number) + "<guid isPermaLink='false'>0</guid>" for number in range(5)))
    assert len(listing(feed).links) == 5


@pytest.mark.parametrize("encoding", ["utf-8", "cp1256", "iso8859-6", "utf-16"])
@pytest.mark.parametrize("declared", ["utf-8", "windows-1256", "us-ascii"])
def test_a_feed_is_read_whatever_encoding_it_declares(encoding: str, declared: str) -> None:
    titles = ["مقتل عشرات المدنيين في غارة على المدينة", "الحكومة تعلن موازنة العام المقبل"]
    feed = rss(*(item(number, title) for number, title in enumerate(titles)), encoding=declared)
    assert [link.title for link in listing(feed.encode(encoding), "text/xml; charset=utf-8").links] == [
        f"{title} {number}" for number, title in enumerate(titles)
    ]


def test_a_feed_with_one_bad_byte_keeps_its_arabic() -> None:
    body = (
        rss(*(item(number) for number in range(9))).encode().replace("الخبر 4".encode(), b"\xff" + "الخبر 4".encode())
    )
    titles = [link.title for link in listing(body).links]
    assert len(titles) == 9
    assert [title for title in titles if "\ufffd" not in (title or "")] == [
        f"عنوان الخبر {n}" for n in range(9) if n != 4
    ]


def test_control_characters_do_not_break_a_feed() -> None:
    assert len(listing(rss(item(1, "خبر \x0b\x01"), item(2))).links) == 2


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("&#55357;&#56832;", "😀"),
        ("&#xD83D;", "\ufffd"),
        ("&#0;", "\ufffd"),
        ("&#x110000;", "\ufffd"),
        ("&#60;&#0;", "<\ufffd"),
    ],
)
def test_references_to_what_is_no_character_do_not_break_a_feed(written: str, read_as: str) -> None:
    links = listing(rss(item(1, f"خبر {written}"), item(2))).links
    assert [link.title for link in links] == [f"خبر {read_as} 1", "عنوان الخبر 2"]


@pytest.mark.parametrize("stray", ["</link>", "</category>", "</title>", "<b>", "</item></item>"])
def test_stray_tags_do_not_break_a_feed(stray: str) -> None:
    links = listing(
        rss(item(1), f"<title>خبر</title>{stray}<link>https://www.example.com/news/2</link>", item(3))
    ).links
    assert {"1", "3"} <= {link.url[-1] for link in links}


def test_a_feed_after_a_warning_is_still_a_feed() -> None:
    assert len(listing("\ufeff\n<br />\n<b>Warning</b>: mysql in /x.php<br />\n" + rss(item(1), item(2))).links) == 2


def test_a_torn_entry_is_left_out() -> None:
    feed = rss(item(1), item(2), item(345))
    result = listing(feed[: feed.index("news/345") + 6])
    assert [link.url for link in result.links] == ["https://www.example.com/news/1", "https://www.example.com/news/2"]
    assert result.problems == ("cut off within an entry",)


def test_a_feed_without_entries_is_a_feed() -> None:
    assert listing(rss()) == Listing()
    assert listing("").links == ()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<!DOCTYPE html><html><body>خبر</body></html>", "HTML instead of a feed"),
        ("<html><head><link rel='alternate' type='application/rss+xml'></head></html>", "HTML instead of a feed"),
        ("صفحة", "not a feed"),
        ('{"items": ', "broken JSON"),
        ("[" * 100_000, "broken JSON"),
        ('{"posts": []}', "JSON, but not a JSON Feed"),
    ],
)
def test_what_is_no_feed_is_told(body: str, reason: str) -> None:
    result = read(body)
    assert isinstance(result, NotDocument)
    assert result.outcome is Outcome.PARSE_ERROR
    assert result.reason.startswith(reason)


@pytest.mark.parametrize(
    ("head", "ttl"),
    [
        ("<ttl>15</ttl>", timedelta(minutes=15)),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", timedelta(minutes=30)),
        ("<sy:updatePeriod> daily </sy:updatePeriod>", timedelta(days=1)),
        ("", None),
        ("<ttl>soon</ttl>", None),
        ("<ttl>0</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl>9e99</ttl>", None),
        ("<ttl>nan</ttl>", None),
    ],
)
def test_the_time_to_live_is_read(head: str, ttl: timedelta | None) -> None:
    assert listing(rss(item(1), head=head)).ttl == ttl


@pytest.mark.parametrize("before", ["", "<x>" + "كلام طويل " * 40_000 + "</x>"], ids=["alone", "beside a longer text"])
def test_an_entry_with_very_many_attributes_is_refused_at_once(before: str) -> None:
    attributes = " ".join(f'a{number}=""' for number in range(40_000))
    result = read(rss(before + item(1)).replace("<item>", f"<item {attributes}>"))
    assert isinstance(result, NotDocument)
    assert result.outcome is Outcome.TOO_LARGE


def test_nothing_outside_a_feed_is_read_for_it(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    feed = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}">]>' + rss(item(1, "خبر &x;")).split("?>", 1)[1]
    assert "secret" not in (listing(feed).links[0].title or "")


def test_real_feeds_give_every_article_with_title_and_date(shared_eval: Path) -> None:
    for file in sorted((shared_eval / "feeds").glob("*.xml")):
        body = file.read_bytes()
        result = listing(body)
        assert not result.problems
        assert len(result.links) == len(set(re.findall(rb"<link>(.*?)</link>", body)))
        assert all(link.title and link.summary and link.published for link in result.links), file.name
