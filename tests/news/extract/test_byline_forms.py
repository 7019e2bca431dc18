"""Who wrote it, where no markup says so: datelines, links on names, what introduces a name, and the outlet itself."""

from typing import Any

import pytest

from tests.news.extract.conftest import PARAGRAPHS, TITLE


@pytest.mark.parametrize(
    ("above", "authors"),
    [
        ("<div>نزوى - سعيد البلوشي:</div>", ("سعيد البلوشي",)),
        ("<div>عمان: ليلى الخطيب</div>", ("ليلى الخطيب",)),
        ("<div>صحيفة المثال – حليم المقداد</div>", ("حليم المقداد",)),
        ("<div>القاهرة - رويترز</div>", ()),
        ("<div>بغداد - واع - سارة الجبوري</div>", ()),
        ("<div>17-10-2024 14:05 | كتب: <a href='/a/7'>خالد الشمري</a> |</div>", ("خالد الشمري",)),
        ("<div><a href='/writer/7'>جنى فرحات</a> <span>4 دقائق</span></div>", ("جنى فرحات",)),
        ("<div>الكاتبة سلمى الإدريسي</div>", ("سلمى الإدريسي",)),
        ("<div>دبي - رامي سعيد 12 مايو 2024 10:30</div>", ("رامي سعيد",)),
        ('<div>رام الله - "صحيفة المثال" - علاء حمدان</div>', ("علاء حمدان",)),
        ("<p>إعداد وتحرير: سلمى نادر</p>", ("سلمى نادر",)),
        ("<div>حوار / «أحلم بقاعة في كل حي»</div>", ()),
        ("<div>معتز التلا - ممثل سوري</div>", ()),
        ("<div>الكاتب: المثال نت</div>", ()),
        ('<div>جدة - "صحيفة المثال" - ثواب القحطاني -</div>', ("ثواب القحطاني",)),
        ("<div>جدة - ثواب القحطاني</div>", ()),
        ("<div><span>كتب ـ محمد رمضان</span><span>الأحد، 15 نوفمبر 2026 04:25 م</span></div>", ("محمد رمضان",)),
        ("<div>تقرير - مها العتيبي</div>", ("مها العتيبي",)),
        ("<div>تقرير - هدوء حذر في المدينة</div>", ()),
        ("<p class='author-line'><span>أ ف ب</span> | <span>مرات القراءة: 231</span></p>", ()),
        ("<div>بقلم: سعاد منصور 2026/11/15</div>", ("سعاد منصور",)),
        ('<div><a href="/author/7">عرض كل المقالات</a></div>', ()),
    ],
)
def test_a_line_at_the_headline_signs(read: Any, above: str, authors: tuple[str, ...]) -> None:
    assert read(above=above).authors == authors


def test_the_first_words_of_the_text_sign(read: Any) -> None:
    first = f"أسامة الربيعي من البصرة: {PARAGRAPHS[0]}"
    found = read(paragraphs=(first, *PARAGRAPHS[1:]))
    assert found.authors == ("أسامة الربيعي",)
    assert found.text.startswith(first)


def test_a_name_alone_on_the_last_line_signs(read: Any) -> None:
    assert read(paragraphs=(*PARAGRAPHS, "<b>ناصر العتيبي</b>")).authors == ("ناصر العتيبي",)


@pytest.mark.parametrize(("last", "authors"), [("على هذه الأرض", ()), ("على محمد عبدالله", ("على محمد عبدالله",))])
def test_the_word_on_begins_a_name_only_before_another(read: Any, last: str, authors: tuple[str, ...]) -> None:
    assert read(paragraphs=(*PARAGRAPHS, last)).authors == authors


def test_what_the_title_ends_with_is_the_outlet_and_no_author(read: Any) -> None:
    head = '<meta name="author" content="دفتر أونلاين"><meta name="author" content="صدى المدينة">'
    body = f"<html><head><title>{TITLE} | صدى المدينة</title>{head}</head><body><article><h1>{TITLE}</h1>"
    body += "".join(f"<p>{text}</p>" for text in PARAGRAPHS) + "<p>نشر: 2026/11/20</p></article></body></html>"
    assert read(body=body.encode()).authors == ()


def test_the_name_that_the_page_shows_goes_before_its_latin_form_in_the_head(read: Any) -> None:
    head = '<meta name="author" content="Khaled Youssef">'
    assert read(head=head, above="<p>كتب: خالد يوسف</p>").authors == ("خالد يوسف",)
    assert read(head=head).authors == ("Khaled Youssef",)


@pytest.mark.parametrize(
    "credits",
    [
        "(إعداد: ندى الحوسني، تحرير: ياسين البناي، للتواصل: desk@example.com)",
        "(تغطية صحفية مها يوسف - إعداد علي حسن للنشرة العربية - تحرير هدى سالم)",
        "(أ ف ب، رويترز)",
        "المصور: شريف قليب",
        "(Reporting by Huda Salem; Editing by Ali Hassan)",
    ],
)
def test_credits_in_brackets_below_the_text_are_none_of_it(read: Any, credits: str) -> None:
    assert read(paragraphs=(*PARAGRAPHS, credits)).text == "\n".join(PARAGRAPHS)


def test_a_remark_in_brackets_stays_in_the_text(read: Any) -> None:
    remark = "(كان المجلس قد أرجأ التصويت على الخطة مرتين خلال العام الماضي.)"
    assert remark in read(paragraphs=(*PARAGRAPHS, remark)).text
