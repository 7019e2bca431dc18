"""Title, address, summary, section and wishes: what the head says, believed only as far as it can be."""

from typing import Any

import pytest

from news.documents import NotDocument, Outcome
from news.extract.robots_meta import joined

TITLE = "المجلس البلدي يقر خطة النقل الجديدة بعد نقاش طويل"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (
            '<link rel="canonical" href="https://www.example-paper.com/politics/1000">',
            "https://www.example-paper.com/politics/1000",
        ),
        ('<link rel="canonical" href="/politics/1000?utm_source=rss">', "https://www.example-paper.com/politics/1000"),
        ('<link rel="canonical" href="https://www.example-paper.com/">', None),
        ('<link rel="canonical" href="https://other.example.org/politics/1000">', None),
        ('<meta property="og:url" content="http://10.1.2.3/politics/1000">', None),
        ('<link rel="canonical" href="javascript:void(0)">', None),
    ],
)
def test_the_canonical_address_is_believed_on_the_same_site_only(read: Any, head: str, expected: str | None) -> None:
    assert read(head=head).url == (expected or "https://www.example-paper.com/politics/1000-council")


def test_the_slogan_of_the_outlet_is_no_summary(read: Any) -> None:
    assert (
        read(
            head='<meta name="description" content="صحيفة يومية سياسية مستقلة تصدر منذ عام 1998 عن دار المثال">'
        ).summary
        is None
    )
    own = "تشمل خطة النقل الجديدة التي أقرها المجلس البلدي تشغيل ثلاثين حافلة كهربائية"
    assert read(head=f'<meta property="og:description" content="{own}">').summary == own


@pytest.mark.parametrize(
    ("head", "before", "section"),
    [
        ("", '<div class="breadcrumb"><a href="/">الرئيسية</a> » <a href="/local">محليات</a></div>', "محليات"),
        ('<meta property="article:section" content="سياسة">', "", "سياسة"),
        (
            '<script type="application/ld+json">{"@type":"NewsArticle","articleSection":["عام","اقتصاد"]}</script>',
            "",
            "اقتصاد",
        ),
        (
            (
                '<script type="application/ld+json">'
                '{"@type":"BreadcrumbList","itemListElement":[{"name":"الرئيسية"},{"name":"ثقافة"}]}</script>'
            ),
            "",
            "ثقافة",
        ),
        ("", '<p class="post-cat"><a href="/c/4">محليات</a></p>', "محليات"),
        ("", "", None),
    ],
)
def test_the_section_is_the_innermost_that_says_something(
    read: Any, head: str, before: str, section: str | None
) -> None:
    assert read(head=head, before=before).section == section


def test_a_folder_of_the_address_is_a_section_where_readers_know_it_as_one(read: Any) -> None:
    arabic = "https://www.example-paper.com/العالم/أوروبا/5321484-قمة"
    assert read(url=arabic).section == "العالم"
    assert read(url="https://www.example-paper.com/middle_east/8/3/index.html").section is None


@pytest.mark.parametrize(
    "broken",
    [
        '{"@type":"NewsArticle","datePublished":"2026-11-20T08:00:00+03:00",}',
        '<!-- {"@type":"NewsArticle","datePublished":"2026-11-20T08:00:00+03:00"} -->',
        '{"@type":"NewsArticle","description":"سطر\nآخر","datePublished":"2026-11-20T08:00:00+03:00"};',
        '{"@type":"NewsArticle","headline":"قال "نعم" ثم مضى","datePublished":"2026-11-20T08:00:00+03:00"}',
        '[{"@type":"WebSite"},{"@graph":[{"@type":["Article","NewsArticle"],"datePublished":"2026-11-20T08:00:00+03:00"}]}]',
        '{"@type":"Organization"}{"@type":"NewsArticle","datePublished":"2026-11-20T08:00:00+03:00"}',
    ],
)
def test_broken_json_ld_still_gives_its_date(read: Any, broken: str) -> None:
    article = read(head=f'<script type="application/ld+json">{broken}</script>')
    assert article.published.local.isoformat() == "2026-11-20T08:00:00+03:00"


def test_of_several_articles_in_json_ld_the_one_of_this_address_counts(read: Any) -> None:
    others = ",".join(
        f'{{"@type":"NewsArticle","url":"/politics/{n}","datePublished":"2026-11-2{n}T08:00:00+03:00"}}'
        for n in range(3)
    )
    mine = '{"@type":"NewsArticle","url":"/politics/1000-council","datePublished":"2026-11-10T08:00:00+03:00"}'
    article = read(head=f'<script type="application/ld+json">[{others},{mine}]</script>')
    assert article.published.local.day == 10


@pytest.mark.parametrize(
    ("document_title", "h1", "expected"),
    [
        (f"{TITLE} | صحيفة المثال", f"<h1>{TITLE}</h1>", TITLE),
        (f"صحيفة المثال - {TITLE}", "<h1>صحيفة المثال</h1>", TITLE),
        (f"{TITLE} - سياسة - صحيفة المثال", f"<h1>صحيفة المثال</h1><h2>{TITLE}</h2>", TITLE),
        ("خطة النقل: كل ما تحتاج معرفته", f"<h1>{TITLE}</h1>", TITLE),
        (f"{TITLE[:30]}...", f"<h1>{TITLE}</h1>", TITLE),
        (
            TITLE,
            f"<div class='ticker'><h1>عاجل: زلزال قوي يضرب سواحل الجزيرة البعيدة</h1></div><h1>{TITLE}</h1>",
            TITLE,
        ),
    ],
)
def test_the_title_is_neither_the_outlet_s_name_nor_the_ticker(
    read: Any, document_title: str, h1: str, expected: str
) -> None:
    text = "".join(f"<p>{'نص الفقرة يمتد على جملة كاملة، وفيها ما يكفي من الكلام للقراءة.'} {n}</p>" for n in range(4))
    body = (
        f'<html><head><title>{document_title}</title><meta property="og:type" content="article"></head>'
        f"<body>{h1}<div>{text}</div></body></html>"
    )
    assert read(body=body.encode()).title == expected


@pytest.mark.parametrize(
    ("head", "headers"),
    [
        ('<meta name="robots" content="NOINDEX, follow">', {}),
        ('<meta name="marsad" content="noindex">', {}),
        ('<meta name="robots" content="none">', {}),
        ("", {"x-robots-tag": "noindex"}),
        ("", {"x-robots-tag": "googlebot: nofollow, marsad: noindex"}),
        ("", {"x-robots-tag": joined(["googlebot: nofollow", "noindex"])}),
    ],
)
def test_a_page_that_asks_not_to_be_indexed_is_not(read: Any, head: str, headers: dict[str, str]) -> None:
    found = read(head=head, headers=headers)
    assert isinstance(found, NotDocument)
    assert found.outcome is Outcome.NOINDEX


@pytest.mark.parametrize(
    "body",
    [
        "<html><head><title>Just a moment...</title>{robots}</head><body>Enable JavaScript</body></html>",
        "<html><head>{robots}</head><body><iframe src='/_Incapsula_Resource?x=1'>Incapsula</iframe></body></html>",
        "<html><head>{robots}<script src='/x.js'>var _cf_chl_opt = 1</script></head><body></body></html>",
    ],
)
def test_a_challenge_that_asks_not_to_be_indexed_is_one_to_try_again(read: Any, body: str) -> None:
    found = read(body=body.format(robots='<meta name="robots" content="noindex,nofollow">').encode())
    assert isinstance(found, NotDocument)
    assert found.outcome is Outcome.CHALLENGE


def test_an_article_with_the_mark_of_a_challenge_keeps_its_wish(read: Any) -> None:
    head = '<meta name="robots" content="noindex"><script>var s = "/cdn-cgi/cf-challenge/invisible.js"</script>'
    found = read(head=head)
    assert isinstance(found, NotDocument)
    assert found.outcome is Outcome.NOINDEX


def test_rules_for_other_robots_are_not_ours(read: Any) -> None:
    article = read(
        head='<meta name="googlebot" content="noindex">', headers={"x-robots-tag": "otherbot: noindex, nofollow"}
    )
    assert (article.noarchive, article.nofollow) == (False, False)
    article = read(
        head='<meta name="robots" content="noarchive">', headers={"x-robots-tag": "max-snippet: 20, nofollow"}
    )
    assert (article.noarchive, article.nofollow) == (True, True)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(404, Outcome.NOT_FOUND), (410, Outcome.GONE), (403, Outcome.FORBIDDEN), (500, Outcome.HTTP_ERROR)],
)
def test_an_error_status_is_its_outcome(read: Any, status: int, outcome: Outcome) -> None:
    assert read(status=status).outcome is outcome


def test_what_is_no_page_is_no_article(read: Any) -> None:
    assert read(headers={"content-type": "application/pdf"}, body=b"%PDF-1.7").outcome is Outcome.NOT_ARTICLE
    assert read(body=b"  \n").outcome is Outcome.NO_TEXT
