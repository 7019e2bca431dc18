"""Who: people only."""

from typing import Any

import pytest


def person(name: str) -> str:
    return (
        '<script type="application/ld+json">'
        f'{{"@type":"NewsArticle","author":{{"@type":"Person","name":"{name}"}}}}</script>'
    )


@pytest.mark.parametrize(
    ("above", "authors"),
    [
        ("<span>كتب محمود عبد الرازق</span>", ("محمود عبد الرازق",)),
        ("<span>كتبت: أسماء نصار</span>", ("أسماء نصار",)),
        ("<p>بقلم/ د. خالد يوسف</p>", ("خالد يوسف",)),
        ("<div>تحرير: كريم بوزيد</div>", ("كريم بوزيد",)),
        ("<p class='byline'>سلمى الإدريسي - الرباط</p>", ("سلمى الإدريسي",)),
        ("<p class='author'>أحمد علي ومحمد سعيد</p>", ("أحمد علي", "محمد سعيد")),
        ("<p class='author'>وليد حسن</p>", ("وليد حسن",)),
        ("<a rel='author' class='author' href='/author/x'>Ziad Sankary</a>", ("Ziad Sankary",)),
        ("<p class='author'>القاهرة - رويترز</p>", ()),
        ("<p class='author'>صحيفة المثال</p>", ()),
        ("<p class='author'>هيئة التحرير</p>", ()),
        ("<p class='author'>admin</p>", ()),
        ("<p class='author'>وكالات</p>", ()),
        ("<p>خاص - دبي</p>", ()),
        ("<p>تصوير: علي محمد</p>", ()),
    ],
)
def test_a_byline_gives_the_name_and_nothing_else(read: Any, above: str, authors: tuple[str, ...]) -> None:
    article = read(above=above)
    assert article.authors == authors
    assert article.text == read().text


@pytest.mark.parametrize(
    ("stated", "authors"),
    [
        ("حسام أبو العلا - القاهرة", ("حسام أبو العلا",)),
        ("(أبوظبي - البيان)", ()),
        ("رويترز", ()),
        ("https://www.facebook.com/someone", ()),
        ("@handle", ()),
        ("فريق التحرير", ()),
        ("صحيفة المثال", ()),
        ("By Rana Khoury and Omar Said", ("Rana Khoury", "Omar Said")),
    ],
)
def test_what_the_head_calls_an_author_is_judged_too(read: Any, stated: str, authors: tuple[str, ...]) -> None:
    assert read(head=person(stated)).authors == authors


def test_an_organisation_and_the_logo_s_microdata_are_no_authors(read: Any) -> None:
    head = (
        '<script type="application/ld+json">'
        '{"@type":"NewsArticle","author":{"@type":"Organization","name":"أخبار المدينة"}}</script>'
    )
    logo = (
        '<div itemprop="publisher"><div itemprop="logo"><meta itemprop="name" content="شعار الصحيفة">'
        '<span itemprop="name">شعار المدينة</span></div></div>'
    )
    assert read(head=head, before=logo).authors == ()


def test_agencies_are_credits(read: Any) -> None:
    assert read(after="<div>المصدر : الجزيرة + وكالات</div>").credits == ("الجزيرة", "وكالات")
    assert read(head=person("الأناضول")).credits == ("الأناضول",)
    assert read(above="<p>(عدن - سبأ)</p>").credits == ("سبأ",)


def test_people_in_the_text_and_in_comments_are_not_its_authors(read: Any) -> None:
    comments = "<div class='comments'><p class='author'>سعيد منصور</p><p>كتب أحمد</p></div>"
    assert read(inside="<p>كتب الشاعر</p>", after=comments).authors == ()
