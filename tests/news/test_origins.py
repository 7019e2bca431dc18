import pytest

from news.copies.origins import guess_origin


@pytest.mark.parametrize(
    ("credits", "text", "name"),
    [
        (("رويترز",), "قال مسؤول", "رويترز"),
        (("العربية.نت، وكالات",), "قال مسؤول", "وكالات"),
        (("واس",), "قال مسؤول", "واس"),
        (("أ ف ب",), "قال مسؤول", "فرانس برس"),
        (("أ.ف.ب",), "قال مسؤول", "فرانس برس"),
        ((), "الرياض - واس:\nبعث الملك برقية", "واس"),
        ((), "صنعاء (سبأ) - التقى الوزير", "سبأ"),
        ((), "دبي (رويترز) - قالت مصادر", "رويترز"),
        ((), "واشنطن - أ ف ب - أعلن البيت الأبيض", "فرانس برس"),
        ((), "أعلن البيت الأبيض القرار.\nولم يرد تعليق (د ب أ)", "د ب أ"),
        ((), "قال مسؤول أميركي لوكالة رويترز إن القرار قريب.", "رويترز"),
        ((), "انتهت الجلسة، بحسب فرانس برس.", "فرانس برس"),
        (("وكالات",), "انتهت الجلسة، بحسب وكالة الأناضول.", "الأناضول"),
    ],
)
def test_the_origin_is_guessed_from_credit_dateline_or_mention(credits: tuple[str, ...], text: str, name: str) -> None:
    origin = guess_origin(credits, text)
    assert origin is not None
    assert origin.name == name
    assert 0 < origin.certainty < 1
    assert origin.evidence


@pytest.mark.parametrize(
    ("credits", "text"),
    [
        ((), "افتتح الوزير المعرض وقال إن المدينة تحتاج إليه"),
        (("سامر الخطيب",), "وقد وفا بوعده كما قال"),
        ((), "وقع الحادث في حي سانا شرق المدينة وأصيب فيه سائق"),
        ((), ""),
    ],
)
def test_where_nothing_is_signed_nothing_is_guessed(credits: tuple[str, ...], text: str) -> None:
    assert guess_origin(credits, text) is None


def test_a_credit_says_more_than_a_mention() -> None:
    signed, mentioned = guess_origin(("رويترز",), ""), guess_origin((), "انتهت الجلسة، بحسب رويترز.")
    assert signed is not None
    assert mentioned is not None
    assert signed.certainty > mentioned.certainty
