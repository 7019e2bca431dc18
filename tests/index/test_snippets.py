import pytest

from index.queries import Query, parse
from index.snippets import patterns, snippet


def shown(query: str, *texts: str, exact: bool = False) -> str:
    tree = parse(query)
    assert isinstance(tree, Query)
    return snippet(texts, patterns(tree, exact=exact))


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("وزير", "قال والوزير نعم", "قال <mark>والوزير</mark> نعم"),
        ("وزير", "قال الوَزِيرُ: نعم", "قال <mark>الوَزِيرُ</mark>: نعم"),
        ("الوزراء", "وصل لوزرائها أمس", "وصل <mark>لوزرائها</mark> أمس"),
        ("عبدالله", "زار عبد الله مصر", "زار <mark>عبد الله</mark> مصر"),
        ("مصر الكأس", "كأس مصر", "<mark>كأس</mark> <mark>مصر</mark>"),
        ('"مجلس الأمن"', "الأمن في مجلس الأمن", "الأمن في <mark>مجلس</mark> <mark>الأمن</mark>"),
        ("انتخ*", "الانتخابات وانتخاب", "<mark>الانتخابات</mark> <mark>وانتخاب</mark>"),
        ("نتنياهو", "قال نتانياهو", "قال <mark>نتانياهو</mark>"),
        ("-قطر مصر", "مصر وقطر", "<mark>مصر</mark> وقطر"),
        ("source:bbc", "مصر وقطر", "مصر وقطر"),
        ("رئيس", "لِلرَّئِيسِ كلمة", "<mark>لِلرَّئِيسِ</mark> كلمة"),
        ("العراق", "في العـــراق", "في <mark>العـــراق</mark>"),
        ("السلام", "قال ﺍﻟﺴﻼﻡ عليكم", "قال <mark>ﺍﻟﺴﻼﻡ</mark> عليكم"),
        ("2024", "عام ٢٠٢٤ مضى", "عام <mark>٢٠٢٤</mark> مضى"),
        ("٢٠٢٤", "2024", "<mark>2024</mark>"),
        ("مدرسة", "مدرسة في المدارس", "<mark>مدرسة</mark> في <mark>المدارس</mark>"),
        ('"كأس العالم" كأس', "كأس العالم", "<mark>كأس</mark> <mark>العالم</mark>"),
        ("مصر", "\u200fمصر\u200f، نعم", "\u200f<mark>مصر\u200f</mark>، نعم"),
        ("G20", "قمة مجموعة العشرين", "قمة <mark>مجموعة</mark> <mark>العشرين</mark>"),
        ("بورسعيد", "في بور سعيد", "في <mark>بور</mark> <mark>سعيد</mark>"),
        ("وزير", "<b>وزير</b>&amp;", "&lt;b&gt;<mark>وزير</mark>&lt;/b&gt;&amp;amp;"),
    ],
)
def test_the_whole_word_is_marked_as_it_stands(query: str, text: str, expected: str) -> None:
    assert shown(query, text) == expected


def test_exact_marks_only_what_is_written_so() -> None:
    assert shown("الوزير", "الوزير والوزير", exact=True) == "<mark>الوزير</mark> والوزير"


def test_everything_but_the_marks_is_escaped() -> None:
    text = 'قال <script>alert("وزير")</script> & مضى'
    assert shown("وزير", text) == ("قال &lt;script&gt;alert(&quot;<mark>وزير</mark>&quot;)&lt;/script&gt; &amp; مضى")


def test_the_passage_with_most_of_the_query_is_shown() -> None:
    filler = "كلام كثير عن الطقس " * 20
    text = f"مصر في أول الخبر {filler}. فازت مصر بكأس العالم {filler}"
    passage = shown("مصر كأس", text)
    assert "<mark>مصر</mark> <mark>بكأس</mark>" in passage
    assert passage.startswith("… ")
    assert passage.endswith(" …")
    assert len(passage.split()) <= 34


def test_paragraphs_become_one_line() -> None:
    assert shown("مصر", "أول\n\nمصر\nآخر") == "أول <mark>مصر</mark> آخر"


def test_another_text_is_shown_when_it_holds_more_of_the_query() -> None:
    assert shown("مصر", "لا شيء هنا", "في مصر") == "في <mark>مصر</mark>"
    assert shown("مصر", "في مصر أولا", "مصر") == "في <mark>مصر</mark> أولا"


def test_without_a_match_the_beginning_is_shown() -> None:
    assert shown("قطر", "مصر اليوم", "") == "مصر اليوم"
    assert shown("قطر", "", "") == ""


def test_other_names_that_a_person_added_are_marked() -> None:
    tree = parse("الأتوبيس")
    assert isinstance(tree, Query)
    wanted = patterns(tree, own=(("الأتوبيس", "حافلة المدرسة"),))
    assert snippet(["وصلت حافلة المدرسة أمس"], wanted) == "وصلت <mark>حافلة</mark> <mark>المدرسة</mark> أمس"
