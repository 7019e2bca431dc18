import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.arabic import arabic_share, is_arabic, normalise, normalise_all, words


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("إلى أحمد آل ٱلسعود", "الي احمد ال السعود"),
        ("الـــقُدْسُ", "القدس"),
        ("مسؤول ومسئول", "مسءول ومسءول"),
        ("و\u0654زير مسو\u0654ول", "ءزير مسءول"),
        ("ﻻ ﷲ ﺍﻟﻌﺮﺑﻴﺔ", "لا الله العربيه"),
        ("کتاب عربی", "كتاب عربي"),
        ("١٢٣ ۴۵۶ 789", "123 456 789"),
        ("\u202bقال\u202c \u200fنعم", "قال نعم"),
        ("هٰذا الرحمٰن", "هذا الرحمن"),
        ("BBC عربي", "bbc عربي"),
    ],
)
def test_spellings_of_one_word_fold_to_one_form(written: str, plain: str) -> None:
    assert normalise(written) == plain


def test_folding_twice_changes_nothing_more() -> None:
    text = "ﻹعلان أُعلن عن مسئوليّةٍ كبيرة ﷺ ٣٫٥ ی"
    assert normalise(normalise(text)) == normalise(text)


def test_words_leave_punctuation_and_hashtag_signs_behind() -> None:
    assert words("«كوفيد-19»، #عاصفة_الحزم؛ قال: نعم.") == ["كوفيد", "19", "عاصفه", "الحزم", "قال", "نعم"]


def test_the_share_counts_letters_and_not_digits_or_marks() -> None:
    assert arabic_share("مصر 2018 !!") == 1.0
    assert arabic_share("مِصْر abc") == 0.5
    assert arabic_share("2018 — 12:30") == 0.0


@pytest.mark.parametrize(
    "text",
    [
        "قال الرئيس الإيراني حسن روحاني إن بلاده ستواصل برنامجها",
        "مقتل جندي",
        "کلمة الرئیس الایراني فی الامم المتحدة",
        "أعلنت شركة Apple عن هاتف iPhone الجديد في مؤتمر بالولايات المتحدة",
        "فاز منتخب چاد على گينيا في البطولة الأفريقية",
    ],
)
def test_arabic_is_told_even_with_foreign_names_and_a_persian_keyboard(text: str) -> None:
    assert is_arabic(text)


@pytest.mark.parametrize(
    "text",
    [
        "رئیس جمهور ایران در سخنرانی خود گفت که این کشور به برنامه هسته‌ای خود ادامه خواهد داد",
        "رئيس جمهور ايران در سخنراني خود گفت كه اين كشور برنامه خود را پيگيري مي‌كند",
        "وزیراعظم نے کہا ہے کہ ملک میں انتخابات وقت پر ہوں گے اور کسی کو بھی قانون ہاتھ میں لینے کی اجازت نہیں",
        "سەرۆکی هەرێمی کوردستان لەگەڵ شاندێکی باڵا گەیشتە بەغدا و چەند کۆبوونەوەیەک ئەنجام دەدات",
        "ولسمشر وايي چې د سولې خبرې اترې به ډېر ژر پيل شي",
        "Breaking news today",
        "",
    ],
)
def test_neighbours_of_the_script_are_not_arabic(text: str) -> None:
    assert not is_arabic(text)


@given(st.text(st.sampled_from("ابةىأإآؤئءيه ًٌٍّـ\u0654\u200f\u00a0١٢٣«»،abAÉé9.\nΣ☺گﷺ")))
def test_text_is_folded_alike_whatever_else_stands_in_it(text: str) -> None:
    assert normalise(text + " ☺") == normalise(text) + " ☺"
    assert arabic_share(text + " ☺") == arabic_share(text)


@given(st.lists(st.text(st.sampled_from("ابةأ ً\u0654١«aÉ☺Σﷺ"))))
def test_many_texts_at_once_are_folded_as_each_alone(texts: list[str]) -> None:
    assert normalise_all(texts) == [normalise(text) for text in texts]
