import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from news.documents import Listing, NotDocument, Page, Source
from news.listings.sections import read_section

NOW = datetime(2026, 8, 14, 12, tzinfo=UTC)
SECTION = "https://www.example.com/politics/"
TITLE = "الحكومة تعلن موازنة العام المقبل وسط خلافات"


def read(html: str | bytes, url: str = SECTION, articles: tuple[str, ...] = ()) -> Listing | NotDocument:
    body = html.encode() if isinstance(html, str) else html
    source = Source(id="example", name="مثال", homepage=url, articles=articles)
    page = Page(requested_url=url, url=url, status=200, headers={}, body=body, fetched_at=NOW)
    return read_section(page, source, NOW)


def listing(html: str | bytes, url: str = SECTION, articles: tuple[str, ...] = ()) -> Listing:
    result = read(html, url, articles)
    assert isinstance(result, Listing)
    return result


def paths(result: Listing) -> list[str]:
    return [link.url.removeprefix("https://www.example.com") for link in result.links]


FRAME = """<html><head><title>سياسة</title></head><body>
<header class="site-header"><nav><ul><li><a href="/">الرئيسية</a></li><li><a href="/politics/">سياسة</a></li>
  <li><a href="/economy/">اقتصاد</a></li>
  <li><a href="/world-news-of-the-day/">أخبار العالم من حولنا اليوم</a></li></ul></nav></header>
<div class="breadcrumb"><a href="/news">أخبار</a></div>
<main>{main}</main>
<div class="pagination"><a href="/politics/?page=2">2</a>
  <a href="/politics/page/3">الصفحة التالية من هذا القسم</a></div>
<footer><a href="/about-us">من نحن وما هي رسالتنا إلى القراء</a>
  <a href="/privacy-policy-2024-10-10">سياسة الخصوصية وشروط الاستخدام</a>
  <a href="https://play.google.com/store/apps/details?id=com.example">حمل تطبيقنا على هاتفك المحمول الآن</a></footer>
</body></html>"""


def test_an_outlets_patterns_decide() -> None:
    main = f"""<article><a href="/news/2026/8/14/budget"><img alt="صورة"></a>
      <h3><a href="/news/2026/8/14/budget">{TITLE}</a></h3></article>
      <a href="/news/2026/8/14/short">خبر</a><a href="/gallery/2026/8/14/a-long-slug-of-a-gallery">{TITLE}</a>"""
    result = listing(FRAME.format(main=main), articles=(r"^/news/\d{4}/\d+/\d+/[^/]+",))
    assert paths(result) == ["/news/2026/8/14/budget", "/news/2026/8/14/short"]
    assert result.links[0].title == TITLE
    assert not result.problems


def test_patterns_that_no_longer_fit_are_told_and_replaced_by_judgement() -> None:
    result = listing(FRAME.format(main=f'<h2><a href="/n/123456">{TITLE}</a></h2>'), articles=(r"^/news/\d+",))
    assert paths(result) == ["/n/123456"]
    assert result.problems == ("no link matches the outlet's articles patterns",)


@pytest.mark.parametrize(
    "address",
    [
        "/middle-east/1896008",
        "/arabic/articles/c62x34m1nkzo",
        "/ar/محادثات-جديدة-حول-سد-النهضة/a-68521509",
        "/news/view.aspx?cdate=14082026&id=3e2e8c4b-1b1a",
        "/20260814/some-story.html",
        "/2026/08/14/story",
        "/محادثات-جديدة-حول-سد-النهضة",
        "/2026/world/08/14/Story.of.today/index.html",
        "/saudia/dl5qk8spdg",
        "/News/2550584.aspx",
        "/?p=12345",
    ],
)
def test_headlines_that_lead_to_articles_are_found_without_patterns(address: str) -> None:
    result = listing(FRAME.format(main=f'<li><a href="{address}">{TITLE}</a></li>'))
    assert len(result.links) == 1
    assert result.links[0].title == TITLE


@pytest.mark.parametrize(
    "link",
    [
        '<a href="/tag/2026-budget-and-more">كل ما نشرناه عن موازنة العام المقبل</a>',
        '<a href="/author/1234567">كل مقالات الكاتب في هذا الموقع منذ البداية</a>',
        '<a href="/economy">المزيد من أخبار الاقتصاد</a>',
        '<a href="/files/report-2026-08-14-of-the-year.pdf">التقرير السنوي الكامل عن موازنة العام</a>',
        '<a href="/politics/#comments">تعليقات القراء على أخبار السياسة في هذا اليوم</a>',
        '<a href="https://www.facebook.com/sharer?u=https://www.example.com/1">شارك</a>',
        '<a href="/search?q=a-b-c-d-e&id=5">البحث في أرشيف الأخبار عن كل شيء</a>',
        '<a href="javascript:open(12345678)">افتح نافذة جديدة لعرض كل الأخبار هنا</a>',
        '<a href="/news/1234567"></a>',
    ],
)
def test_what_leads_elsewhere_is_left_out(link: str) -> None:
    result = listing(FRAME.format(main=link))
    assert not result.links
    assert result.problems == ("no link looks like an article",)


def test_short_headlines_are_believed_among_their_like() -> None:
    rows = "".join(f'<li><a href="/news/{1234560 + n}">{TITLE}</a></li>' for n in range(6))
    result = listing(FRAME.format(main=rows + '<li><a href="/news/7654321">زلزال يضرب تركيا</a></li>'))
    assert paths(result)[-1] == "/news/7654321"


def test_the_best_headline_of_all_links_to_an_article_is_its_title() -> None:
    card = f"""<div class="card"><a href="/news/1234567?utm_source=hp"><img alt="صورة من الجلسة"></a>
      <a href="/news/1234567">اقرأ المزيد</a><h2><a href="/news/1234567">{TITLE}</a></h2></div>"""
    assert [link.title for link in listing(FRAME.format(main=card)).links] == [TITLE]


@pytest.mark.parametrize(
    "card",
    [
        f'<a href="/news/1234567"><img><h3>{TITLE}</h3><p>{"ملخص طويل " * 30}</p><time>أمس</time></a>',
        f'<div><a class="layer" href="/news/1234567"></a><div><h3>{TITLE}</h3></div></div>',
        f'<div><h3>{TITLE}</h3><a href="/news/1234567"><img alt=""></a></div>',
        f'<a href="/news/1234567" title="{TITLE}"><img></a>',
        f'<a href="/news/1234567"><img alt="{TITLE}"></a>',
        f'<h3><span><a href="/news/1234567">{TITLE[:20]}<b>{TITLE[20:]}</b></a></span></h3>',
    ],
)
def test_a_cards_headline_is_found_wherever_it_stands(card: str) -> None:
    (link,) = listing(FRAME.format(main=card)).links
    assert (link.title or "").replace(" ", "") == TITLE.replace(" ", "")


def test_links_follow_the_pages_own_base() -> None:
    html = f'<html><head><base href="/ar/"></head><body><a href="news/1234567">{TITLE}</a></body></html>'
    assert paths(listing(html)) == ["/ar/news/1234567"]


def test_numeric_entities_and_old_encodings_are_read() -> None:
    entities = "".join(f"&#{ord(letter)};" for letter in TITLE)
    for body in (entities.encode(), TITLE.encode("cp1256"), TITLE.encode("iso8859-6")):
        (link,) = listing(b'<html><body><a href="/news/1234567">' + body + b"</a></body></html>").links
        assert link.title == TITLE


def test_an_answer_that_is_no_page_is_told() -> None:
    assert isinstance(read("not found"), NotDocument)
    assert listing("").problems == ("an empty answer",)


def test_a_directory_of_other_sites_lists_no_articles(shared_eval: Path) -> None:
    for file in sorted((shared_eval / "hubs").glob("globalprovincesnews*index.html")):
        assert not listing(file.read_bytes(), "http://globalprovincesnews.com/index.html").links, file.name


def test_real_listing_pages_give_their_articles_and_nothing_else(shared_eval: Path) -> None:
    article = re.compile(r"/arabic/\w+/20\d\d/\d\d/\d{6}_|arabic\.cnn\.com/20\d\d/\w+/\d+/\d+/")
    for file in sorted((shared_eval / "hubs").glob("newspoliticssource*")):
        body = file.read_text("utf-8", errors="replace")
        expected = {url for url in re.findall(r"""<a href=['"](http[^'"]+)""", body) if article.search(url)}
        found = {link.url for link in listing(body, "http://newspoliticssource.com/index.php").links}
        assert found == expected, file.name


def test_other_articles_on_a_real_page_are_found_by_judgement_as_by_patterns(shared_eval: Path) -> None:
    for name, url, patterns in (
        (
            "youm7-2020",
            "https://www.youm7.com/story/2020/8/24/x/4943459",
            (r"^/story/\d{4}/\d{1,2}/\d{1,2}/[^/]+/\d+$", r"^/\d{7}$"),
        ),
        ("alyaum-2020", "https://www.alyaum.com/articles/6291787/x/y", (r"^/articles/\d+/[^/]+/[^/]+",)),
    ):
        body = (shared_eval / "pages" / f"{name}.html").read_bytes()
        judged = {link.url for link in listing(body, url).links}
        known = {link.url for link in listing(body, url, patterns).links}
        assert len(known) > 15
        assert len(judged & known) >= 0.95 * len(judged | known), name
