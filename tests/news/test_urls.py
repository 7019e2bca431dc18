from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from news.documents import Source
from news.urls import (
    canonical,
    decoded_path,
    fetchable,
    host_of,
    in_scope,
    join,
    matches_article,
    site_of,
    trap,
)

SLUG = "محادثات-جديدة-حول-سد-النهضة"
IRI = f"https://www.example.com/أخبار/2026/8/14/{SLUG}"


def source(**fields: object) -> Source:
    return Source(**{"id": "x", "name": "x", "homepage": "https://www.example.com/", **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "spelling",
    [
        IRI,
        quote(IRI, safe=":/"),
        quote(IRI, safe=":/").lower(),
        IRI.replace("https", "http"),
        IRI.replace("https://www.example.com", "HTTP://WWW.EXAMPLE.COM:80"),
        IRI.replace("www.example.com", "reader:secret@www.example.com:443"),
        IRI.replace("www.example.com", "www.example.com."),
        IRI.replace("أ", "\u0627\u0654"),
        IRI.replace("/2026/", "/2025/../2026/./"),
        IRI.replace("2026", "%32%30%32%36"),
        IRI + "#comments",
        IRI + "?",
        f"  {IRI[:30]}\n{IRI[30:]} ",
        IRI.replace("/", "\\").replace(":\\\\", "://"),
        IRI + "?utm_source=rss&utm_medium=feed",
        IRI + "?fbclid=IwAR0&gclid=1&xtor=RSS-5&traffic_source=rss&at_medium=rss&ns_mchannel=social&_ga=2.3",
        IRI + "?ref=twitter",
        IRI + ";jsessionid=0A1B2C",
        IRI + "?PHPSESSID=0123456789abcdef",
        IRI + "/amp",
        IRI + ".amp",
        IRI + "?amp",
        IRI + "?amp=1&outputType=amp",
        IRI + "?print=1",
        IRI.replace("https://", "https://www-example-com.cdn.ampproject.org/c/s/"),
        IRI.replace("https://", "https://www.google.com/amp/s/"),
    ],
)
def test_all_spellings_of_an_address_are_one(spelling: str) -> None:
    assert canonical(spelling) == quote(IRI, safe=":/")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.com/x", "https://a.com/x/"),
        ("https://a.com/x", "https://www.a.com/x"),
        ("https://a.com/x", "https://a.com/X"),
        ("https://a.com/a%2Fb", "https://a.com/a/b"),
        ("https://a.com/?q=a%26b=c", "https://a.com/?q=a&b=c"),
        ("https://a.com/100%2541", "https://a.com/100%41"),
        ("https://a.com/?a=1&b=2", "https://a.com/?b=2&a=1"),
        ("https://a.com/?sid=7", "https://a.com/?sid=8"),
        ("https://a.com/news?ref=7", "https://a.com/news?ref=8"),
        ("https://a.com/?a=\u0338b", "https://a.com/?a≠b"),
        ("https://a.com:8443/x", "https://a.com/x"),
        ("http://127.0.0.1/x", "https://127.0.0.1/x"),
        ("http://a.com:8080/x", "https://a.com:8080/x"),
        ("https://a.com/print", "https://a.com/"),
        ("https://a.com/amp", "https://a.com/"),
        ("https://a.com/أخبار/print", "https://a.com/أخبار"),
        ("https://a.com/%D8", "https://a.com/%D9"),
    ],
)
def test_different_addresses_stay_different(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


def test_what_only_looks_like_tracking_is_kept() -> None:
    url = "https://a.com/read?id=5&source=2&view=full&cdate=23112026&s=9"
    assert canonical(url) == url


def test_an_ampersand_escaped_for_html_is_an_ampersand() -> None:
    assert (
        canonical("https://a.com/view.aspx?cdate=1&amp;id=2&amp;amp;x=3") == "https://a.com/view.aspx?cdate=1&id=2&x=3"
    )


def test_an_international_host_is_punycode() -> None:
    assert canonical("http://موقع.وزارة-الاتصالات.مصر/خبر").startswith("https://xn--4gbrim.xn--")


@pytest.mark.parametrize(
    "url",
    ["", "x", "/x", "ftp://a.com/", "mailto:a@b.c", "javascript:void(0)", "http://", "https:///x", "http://a..b/",
     "http://a.com:99999/", "http://a.com:x/", "http://[::g]/", "http://a b/", "http://a.com/\ud800",
     "http://%ff.com/", "http://" + "a." * 200 + "com/", "http://a.com/" + "x" * 20_000],
)  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    for function in (canonical, fetchable, site_of):
        with pytest.raises(ValueError):
            function(url)


def test_the_address_to_request_is_only_escaped() -> None:
    assert fetchable("http://A.com/خبر/amp?utm_source=x&q=%d8%a7 b#top") == (
        "http://a.com/%D8%AE%D8%A8%D8%B1/amp?utm_source=x&q=%d8%a7%20b"
    )


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://arabic.cnn.com/x", "cnn.com"),
        ("https://gate.ahram.org.eg/x", "ahram.org.eg"),
        ("https://www.alayam.com.bh/x", "alayam.com.bh"),
        ("https://one.blogspot.com/x", "one.blogspot.com"),
        ("http://127.0.0.5:8000/x", "127.0.0.5"),
        ("http://[::1]:8000/x", "[::1]"),
        ("http://localhost:8000/x", "localhost"),
    ],
)
def test_a_site_is_a_registered_domain_or_a_lone_host(url: str, site: str) -> None:
    assert site_of(url) == site


def test_paths_are_read_as_people_read_them() -> None:
    assert decoded_path(quote(IRI, safe=":/") + "?utm_source=x&id=%D9%A1#y") == f"/أخبار/2026/8/14/{SLUG}?id=١"


@pytest.mark.parametrize(
    ("pattern", "url", "expected"),
    [
        (r"^/news/\d{4}/\d{1,2}/\d{1,2}/[^/]+", "https://a.com/news/2026/8/14/" + quote(SLUG), True),
        (r"^/[a-z-]+/\d{6,8}(?:-[^/]*)?$", "https://a.com/middle-east/1896008?utm_source=rss", True),
        (r"^/[a-z-]+/\d{6,8}(?:-[^/]*)?$", "https://a.com/middle-east/1896008?page=rss", True),
        (r"^/news/view\.aspx\?.*id=", "https://a.com/news/view.aspx?cdate=1&id=a-b", True),
        (r"^/العالم/[^/]+/\d{7}-", "https://a.com/" + quote("العالم/أوروبا/5321484-خبر"), True),
        (r"^/news/\d+$", "https://a.com/news/", False),
        (r"^/news/\d+$", "mailto:x@a.com", False),
    ],
)
def test_articles_patterns_meet_the_decoded_path(pattern: str, url: str, expected: bool) -> None:
    assert matches_article(source(articles=(pattern,)), url) is expected


def test_without_patterns_nothing_is_said_of_an_address() -> None:
    assert matches_article(source(), "https://www.example.com/1") is None


def test_the_scope_is_the_homepages_domain_and_what_is_below_it() -> None:
    outlet = source(homepage="https://www.ahram.org.eg/")
    assert in_scope(outlet, "http://gate.ahram.org.eg/News/1.aspx")
    assert not in_scope(outlet, "https://notahram.org.eg/")
    assert not in_scope(outlet, "https://ahram.org.eg.example.com/")
    assert not in_scope(outlet, "ftp://ahram.org.eg/")


def test_the_scope_is_what_the_source_says_where_it_says_so() -> None:
    outlet = source(homepage="https://sarabic.ae/", allowed_domains=("sarabic.ae", "Sputnikarabic.ae", "127.0.0.5"))
    assert in_scope(outlet, "https://www.sputnikarabic.ae/x")
    assert in_scope(outlet, "http://127.0.0.5:8000/x")
    assert not in_scope(outlet, "http://127.0.0.6:8000/x")


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("/خبر 1", "https://a.com/%D8%AE%D8%A8%D8%B1%201"),
        (" x.html\n", "https://a.com/news/x.html"),
        ("//b.com/x", "https://b.com/x"),
        ("\\news\\1.aspx", "https://a.com/news/1.aspx"),
        ("?id=1&amp;x=2#c", "https://a.com/news/?id=1&x=2"),
        ("HTTP://b.com", "http://b.com/"),
        ("http:///x", None),
        ("#top", None),
        ("", None),
        ("javascript:open('x')", None),
        ("mailto:x@a.com", None),
        ("whatsapp://send?text=x", None),
        ("http://[", None),
    ],
)
def test_links_are_made_absolute(href: str, expected: str | None) -> None:
    assert join("https://a.com/news/", href) == expected


@pytest.mark.parametrize(
    "url",
    [
        "https://a.com/" + "x" * 2100,
        "https://a.com/news/a/news/a/news/a",
        "https://a.com" + "/x1/x2" * 9,
        "https://a.com/calendar/2031/05/",
        "https://a.com/events?tribe-bar-date=2031-05-01",
        "https://a.com/?a[]=1&a[]=2&a[]=3&a[]=4",
        "https://a.com/?" + "&".join(f"p{n}=1" for n in range(20)),
        "https://a.com/?next=%252525252Fx",
    ],
)
def test_traps_are_seen(url: str) -> None:
    assert trap(url)


@pytest.mark.parametrize(
    "url",
    [
        quote(IRI, safe=":/"),
        "https://a.com/news/2026/8/8/8/x",
        "https://a.com/news/view.aspx?cdate=23112026&id=3e2e8c4b-1b1a-4ac3-a6a6-000000000000",
        "https://a.com/ar/news/middle-east/news-of-the-day-1",
        "http://127.0.0.1:8000/articles/1",
    ],
)
def test_articles_are_no_traps(url: str) -> None:
    assert trap(url) is None


_PIECES = st.one_of(
    st.text(max_size=6),
    st.sampled_from(
        ["%", "%2", "%2F", "%d8%a7", "%D8", "%A7", "%41", "%25", "%C3", "\u0338", "\u0327", "=", "\u0653", "\u0627",
         "/", "..", ".", "//", "&", "&amp;", "amp", "amp;", "?", "#", ";", "utm_a=1", "/amp", "/print", "2024", ".amp",
         ".html", ";jsessionid=1", "www.google.com/amp/s/", "a.com/", "\u037e", "\u212a", "`", "C", "e", " ", "\\"]
    ),
)  # fmt: skip
_STARTS = st.sampled_from(
    ["http://", "https://", "HTTP://a.com", "https://a.com/", "https://a.com/?", "https://www.google.com/amp/",
     "https://a-b.cdn.ampproject.org/c/s/", "http://مثال.com/", "http://127.0.0.1:80/"]
)  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(_STARTS, st.lists(_PIECES, max_size=10))
def test_the_canonical_form_is_its_own(start: str, pieces: list[str]) -> None:
    url = start + "".join(pieces)
    try:
        key = canonical(url)
    except ValueError:
        return
    assert canonical(key) == key
    assert canonical(fetchable(url)) == key
    assert fetchable(fetchable(url)) == fetchable(url)
    assert key.isascii()
    assert host_of(key).endswith(site_of(key))


@settings(max_examples=300, deadline=None)
@given(st.text(), st.text())
def test_nothing_but_value_errors_comes_of_any_text(text: str, other: str) -> None:
    for function in (canonical, fetchable, site_of, decoded_path):
        for url in (text, "http://" + text):
            try:
                function(url)
            except ValueError:
                continue
    trap(text)
    join("https://a.com/" + other, text)
