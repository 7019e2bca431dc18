"""When: the order of the evidence, and the traps between its places."""

from datetime import UTC, datetime
from typing import Any

import pytest

from news.documents import ParsedDate, Precision


def ld(**fields: str) -> str:
    inner = ",".join(f'"{key}":"{value}"' for key, value in fields.items())
    return f'<script type="application/ld+json">{{"@type":"NewsArticle",{inner}}}</script>'


def meta(**fields: str) -> str:
    return "".join(f'<meta property="article:{key}" content="{value}">' for key, value in fields.items())


def when(article: Any) -> tuple[str | None, str | None]:
    return (article.published.local.isoformat() if article.published else None), article.published_from


@pytest.mark.parametrize(
    ("head", "above", "url", "expected"),
    [
        (
            ld(datePublished="2026-11-20T08:00:00+03:00") + meta(published_time="2026-11-21T08:00:00+03:00"),
            "",
            "1000",
            ("2026-11-20T08:00:00+03:00", "json-ld"),
        ),
        (
            meta(published_time="2026-11-21T08:00:00+03:00"),
            "<time datetime='2026-11-19'>x</time>",
            "1000",
            ("2026-11-21T08:00:00+03:00", "meta"),
        ),
        ("", "<time datetime='2026-11-19T10:00+03:00'>19 نوفمبر</time>", "1000", ("2026-11-19T10:00:00+03:00", "page")),
        ("", "<div>الخميس 19 نوفمبر 2026 - 10:05 ص</div>", "1000", ("2026-11-19T10:05:00+03:00", "page")),
        ("", "", "2026/11/18/council", ("2026-11-18T00:00:00+03:00", "url")),
        ("", "", "1000", (None, None)),
    ],
)
def test_the_first_place_that_says_it_decides(
    read: Any, head: str, above: str, url: str, expected: tuple[str, str]
) -> None:
    address = f"https://www.example-paper.com/politics/{url}"
    assert when(read(head=head, above=above, url=address, articles=("^/politics/",))) == expected


def test_the_feed_is_the_last_resort(read: Any) -> None:
    listed = ParsedDate(value=datetime(2026, 11, 17, 6, 30, tzinfo=UTC), precision=Precision.MINUTE)
    assert when(read(listed_published=listed)) == ("2026-11-17T06:30:00+00:00", "feed")


def test_local_hours_labelled_utc_are_put_right_by_the_visible_clock(read: Any) -> None:
    head = meta(published_time="2026-11-20T09:23:13Z", modified_time="2026-11-20T09:23:13Z")
    article = read(head=head, above="<span class='date'>الجمعة، 20 نوفمبر 2026 09:23 ص</span>")
    assert when(article) == ("2026-11-20T09:23:13+03:00", "meta")
    assert when(read(head=head, above="<span>الجمعة، 20 نوفمبر 2026 12:23 م</span>")) == (
        "2026-11-20T09:23:13+00:00",
        "meta",
    )


def test_newer_dates_in_the_sidebar_are_other_articles(read: Any) -> None:
    sidebar = "<div class='list'><h4>آخر الأخبار</h4>" + "".join(
        (
            f"<div><span class='d'>22/11/2026 10:0{n}</span><a href='/politics/2{n}'>خبر جديد عن موضوع مختلف "
            f"تماما {n}</a></div>"
        )
        for n in range(3)
    )
    article = read(before=sidebar + "</div>", above="<span class='d'>20/11/2026 08:15</span>", after=sidebar + "</div>")
    assert when(article) == ("2026-11-20T08:15:00+03:00", "page")


def test_a_clock_and_a_date_in_one_box_are_one(read: Any) -> None:
    article = read(above="<div class='aksa-date'><time>٠٢:٣٠</time> الثلاثاء ١٧ / ١١ / ٢٠٢٦</div>")
    assert when(article) == ("2026-11-17T02:30:00+03:00", "page")


def test_the_last_update_is_not_the_publication(read: Any) -> None:
    above = "<p>آخر تحديث: 21 نوفمبر 2026 18:00</p><p>تاريخ النشر: 20 نوفمبر 2026 09:00</p>"
    article = read(above=above)
    assert when(article) == ("2026-11-20T09:00:00+03:00", "page")
    assert article.modified.local.isoformat() == "2026-11-21T18:00:00+03:00"


def test_an_edit_before_the_publication_is_not_believed(read: Any) -> None:
    head = ld(datePublished="2026-11-20T03:01:00+04:00", dateModified="2026-11-20T01:30:00+04:00")
    assert read(head=head).modified is None


def test_a_bare_day_in_the_head_takes_the_clock_of_the_page(read: Any) -> None:
    article = read(head=ld(datePublished="2026-11-20"), above="<div>20 نوفمبر 2026، الساعة 14:45</div>")
    assert when(article) == ("2026-11-20T14:45:00+03:00", "page")


def test_midnight_to_the_second_is_a_day(read: Any) -> None:
    assert read(head=ld(datePublished="2026-11-20T00:00:00+03:00")).published.precision is Precision.DAY


def test_a_date_in_the_text_is_not_the_article_s(read: Any) -> None:
    text = ("وقع الطرفان الاتفاق الأول في 12 يناير 2019 في العاصمة بحضور ممثلين عن البلديات، ثم توقف العمل به.",) * 3
    assert when(read(paragraphs=text, articles=("^/politics/",))) == (None, None)


def test_a_date_ahead_of_the_clock_gives_way_to_the_next_evidence(read: Any) -> None:
    head = ld(datePublished="2027-03-01T08:00:00+03:00") + meta(published_time="2026-11-21T08:00:00+03:00")
    assert when(read(head=head)) == ("2026-11-21T08:00:00+03:00", "meta")
