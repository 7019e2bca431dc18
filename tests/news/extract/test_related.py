"""Which links continue a story: by heading, structure and markup, apart from every other list on the page."""

from typing import Any

import pytest

from news.documents import Article

ONE = ("/politics/901-buses", "وصول الدفعة الأولى من الحافلات الكهربائية")
TWO = ("/politics/902-cost", "خلاف في المجلس البلدي على كلفة خطة النقل")
BASE = "https://www.example-paper.com"


def items(*links: tuple[str, str]) -> str:
    return "<ul>" + "".join(f'<li><a href="{href}">{text}</a></li>' for href, text in links) + "</ul>"


def related(article: Any) -> list[tuple[str | None, str, str]]:
    assert isinstance(article, Article), article
    return [(one.heading, one.title, one.url.removeprefix(BASE)) for one in article.related]


def both(heading: str | None) -> list[tuple[str | None, str, str]]:
    return [(heading, ONE[1], ONE[0]), (heading, TWO[1], TWO[0])]


@pytest.mark.parametrize(
    "heading",
    [
        "حول هذه القصة",
        "المزيد حول هذه القصة",
        "اقرأ أيضا",
        "اقرأ أيضاً:",
        "أقرأ ايضًا",
        "مواضيع ذات صلة",
        "موضوعات ذات صلة",
        "أخبار ذات صلة",
        "مقالات ذات صلة",
        "مواضيع متعلقة",
        "مواضيع ذات علاقة",
        "الموضوعات المتعلقة",
        "أخبار متعلقة",
        "طالع أيضاً",
        "شاهد أيضا",
        "تابع أيضا",
        "مرتبط",
        "ذات صلة",
        "Related articles",
        "قصص ذات صلة بالموضوع",
    ],
)
def test_links_under_a_heading_that_means_this_story_are_related(read: Any, heading: str) -> None:
    for markup in (
        f"<section><h2>{heading}</h2>{items(ONE, TWO)}</section>",
        f"<div><div><p>{heading}</p></div><div>{items(ONE, TWO)}</div></div>",
    ):
        assert related(read(after=markup)) == both(heading.rstrip(":"))


@pytest.mark.parametrize(
    "heading",
    [
        "الأكثر قراءة",
        "اكثر قراءة",
        "الأكثر مشاهدة",
        "المزيد من سياسة",
        "آخر الأخبار",
        "يتصدر الآن",
        "اخترنا لك",
        "اخترنا لكم",
        "أحدث الموضوعات",
        "الأخبار الرئيسية",
        "اكتشف المزيد",
        "قصص مقترحة",
        "المزيد عن مصر",
        "أخبار ٢٤ ساعة",
        "Most read",
        "Trending now",
        "مقالات مختارة",
        "كلمات مفتاحية",
        "التعليقات",
    ],
)
def test_links_under_any_other_heading_are_not(read: Any, heading: str) -> None:
    markup = f"<section><h2>{heading}</h2>{items(ONE, TWO)}</section>"
    assert related(read(after=markup)) == []
    assert related(read(after=f"<h3>حول هذه القصة</h3>{items(ONE)}{markup}")) == both("حول هذه القصة")[:1]


def test_the_heading_decides_even_where_the_class_says_most_read(read: Any) -> None:
    markup = f'<div class="most-read"><p>الموضوعات المتعلقة</p></div><div class="most-read">{items(ONE)}</div>'
    assert related(read(after=f"<div>{markup}</div>")) == both("الموضوعات المتعلقة")[:1]


def test_a_card_whose_link_wraps_picture_and_text_gives_headline_and_excerpt(read: Any) -> None:
    card = (
        f'<a href="{ONE[0]}"><img src="1.jpg" alt="Buses"><h3>{ONE[1]}</h3><p>تسلمت البلدية أمس خمس '
        "عشرة حافلة من أصل ثلاثين تعاقدت عليها.</p></a>"
    )
    article = read(after=f'<div class="a1b2"><span>مواضيع ذات صلة</span><div>{card}</div></div>')
    assert related(article) == both("مواضيع ذات صلة")[:1]
    assert article.related[0].teaser == "تسلمت البلدية أمس خمس عشرة حافلة من أصل ثلاثين تعاقدت عليها."


def test_picture_and_headline_that_link_to_one_address_are_one_teaser(read: Any) -> None:
    cards = "".join(
        f'<div><a href="{u}"><img alt="صورة"></a><h4><a href="{u}">{t}</a></h4></div>' for u, t in (ONE, TWO)
    )
    article = read(after=f"<section><h3>اقرأ أيضا</h3>{cards}</section>")
    assert related(article) == both("اقرأ أيضا")
    assert [one.position for one in article.related] == [0, 1]


def test_captions_and_dates_inside_a_teaser_are_not_its_headline(read: Any) -> None:
    card = (
        f'<li><a href="{ONE[0]}"><span>Published On 26/11/2020</span><p>Electric buses arrive at the '
        f"port</p><h3>{ONE[1]}</h3></a><i>منذ 3 ساعات</i></li>"
    )
    assert related(read(after=f"<section><h2>حول هذه القصة</h2><ul>{card}</ul></section>")) == both("حول هذه القصة")[:1]


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        (f'<p>اقرأ أيضا: <a href="{ONE[0]}">{ONE[1]}</a></p>', "اقرأ أيضا"),
        (f'<p><strong>طالع أيضاً | <a href="{ONE[0]}">{ONE[1]}</a></strong></p>', "طالع أيضاً"),
        (f'<div><a href="{ONE[0]}">إقرأ أيضاً.. {ONE[1]}</a></div>', "إقرأ أيضاً"),
        (f'<p>شاهد أيضا :</p><p><a href="{ONE[0]}">{ONE[1]}</a></p>', "شاهد أيضا"),
        (f'<blockquote><h4>اقرأ أيضا</h4><a href="{ONE[0]}">{ONE[1]}</a></blockquote>', "اقرأ أيضا"),
    ],
)
def test_an_inline_pointer_leaves_the_text_and_enters_the_list(read: Any, line: str, heading: str) -> None:
    article, plain = read(inside=line), read()
    assert article.text == plain.text
    assert related(article) == both(heading)[:1]


def test_a_sentence_that_begins_like_a_pointer_stays(read: Any) -> None:
    sentence = "تابع أيضا أعضاء المجلس عرضا مصورا عن الحافلات قدمته الشركة المصنعة."
    assert sentence in read(inside=f"<p>{sentence}</p>").text


def test_the_article_goes_on_after_a_list_in_its_middle(read: Any) -> None:
    article = read(inside=f"<h3>مواضيع ذات صلة</h3>{items(ONE, TWO)}")
    assert article.text == read().text
    assert related(article) == both("مواضيع ذات صلة")


def test_a_box_named_related_needs_no_heading(read: Any) -> None:
    assert related(read(after=f'<div class="related-posts">{items(ONE, TWO)}</div>')) == both(None)


def test_what_the_head_names_as_related_is_kept_without_a_heading(read: Any) -> None:
    head = '<script type="application/ld+json">{"@type":"NewsArticle","relatedLink":["/politics/901-buses"]}</script>'
    assert [(one.heading, one.url) for one in read(head=head).related] == [(None, BASE + ONE[0])]


def test_people_sections_shares_and_the_page_itself_are_no_teasers(read: Any) -> None:
    links = [
        ("/author/sami", "جميع مقالات الكاتب سامي"),
        ("/tag/transport", "وسم النقل العام في المدينة"),
        ("https://www.facebook.com/share", "شارك هذا الخبر على فيسبوك"),
        ("/politics/1000-council?utm_source=x", "المجلس البلدي يقر خطة النقل"),
        ("/", "الصفحة الرئيسية لصحيفة المثال"),
        ONE,
    ]
    assert related(read(after=f"<h3>مواضيع ذات صلة</h3>{items(*links)}")) == both("مواضيع ذات صلة")[:1]


def test_a_list_of_old_pieces_on_other_subjects_was_filled_by_a_machine(read: Any) -> None:
    old = "".join(
        f'<div><span class="date">{day} / 03 / 2024</span><a href="/other/{day}">{text}</a></div>'
        for day, text in (
            (11, "نتائج القبول في الجامعات"),
            (12, "وفاة لاعب سابق عن سبعين عاما"),
            (13, "ألا ليت الشباب يعود يوما"),
        )
    )
    head = '<meta property="article:published_time" content="2026-11-20T10:00:00+03:00">'
    assert related(read(head=head, after=f"<div><p>مواضيع ذات علاقة</p>{old}</div>")) == []


def test_a_weak_heading_counts_only_where_its_links_touch_the_subject(read: Any) -> None:
    other = [("/life/1", "أفضل الوصفات السريعة للعشاء"), ("/life/2", "حظك اليوم مع الأبراج والنجوم")]
    assert related(read(after=f"<h3>قد يهمك أيضا</h3>{items(*other)}")) == []
    assert related(read(after=f"<h3>قد يهمك أيضا</h3>{items(ONE, TWO)}")) == both("قد يهمك أيضا")


def test_a_read_more_button_is_neither_heading_nor_teaser(read: Any) -> None:
    card = (
        f'<div><h4>{ONE[1]}</h4><a href="{ONE[0]}">اقرأ المزيد</a></div><div><h4>{TWO[1]}</h4><a '
        f'href="{TWO[0]}">اقرأ المزيد</a></div>'
    )
    assert related(read(after=f"<section><h2>الأكثر قراءة</h2>{card}</section>")) == []
    assert related(read(after=f"<section><h2>مقالات ذات صلة</h2>{card}</section>")) == both("مقالات ذات صلة")


def test_a_quotation_of_nothing_but_a_link_to_the_same_outlet_continues_the_story(read: Any) -> None:
    quoted = f'<blockquote><a href="{ONE[0]}">{ONE[1]}</a></blockquote>'
    assert related(read(inside=quoted)) == [(None, ONE[1], ONE[0])]
    elsewhere = '<blockquote><a href="https://other.example.org/1">ما كتبه الوزير في صفحته الرسمية</a></blockquote>'
    assert related(read(inside=elsewhere)) == []


def test_the_head_names_related_articles_and_the_dossier_that_holds_this_one(read: Any) -> None:
    stated = (
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"x","datePublished":"2026-11-20",'
        f'"relatedLink":["{BASE}{TWO[0]}"],'
        f'"isPartOf":[{{"@type":"WebSite","url":"{BASE}/politics"}},{{"@type":"Article","@id":"{BASE}{ONE[0]}"}}]}}'
        "</script>"
    )
    found = related(read(head=stated, articles=("^/politics/\\d+",)))
    assert [address for _, _, address in found] == [TWO[0], ONE[0]]


def test_a_heading_behind_a_linked_headline_is_not_the_headline(read: Any) -> None:
    block = f"<h2>مواضيع ذات صلة</h2>{items(ONE)}<h3>روابط خارجية</h3><p>الموقع الرسمي للمجلس</p>"
    assert related(read(after=f"<div>{block}</div>")) == [("مواضيع ذات صلة", ONE[1], ONE[0])]
    button = f'<aside><a href="{ONE[0]}"><h3>{ONE[1]}</h3><span>اقرأ المزيد</span></a></aside>'
    assert [(title, address) for _, title, address in related(read(inside=button))] == [(ONE[1], ONE[0])]
