import pytest

from news.revisions import ChangeKind, Wording, compare, diff_words

TEXT = """أعلن وزير النقل افتتاح خط القطار الجديد بين المدينتين بعد ثلاث سنوات من العمل في المشروع الكبير.
وقال إن الرحلة ستستغرق 40 دقيقة وإن التذاكر متاحة منذ اليوم في جميع المحطات."""


def wording(text: str = TEXT, title: str = "افتتاح خط القطار الجديد") -> Wording:
    return Wording(title=title, summary=None, text=text)


def test_the_same_words_are_unchanged() -> None:
    assert compare(wording(), wording()).kind is ChangeKind.UNCHANGED


@pytest.mark.parametrize(
    "text",
    [
        TEXT + "\nآخر تحديث 14:20",
        TEXT + "\nعدد المشاهدات: 1204",
        TEXT.replace("إن", "ان"),
        TEXT.replace("المدينتين", "المدينتين،"),
        TEXT.replace("وقال", "وقـــال"),
    ],
)
def test_counters_stamps_and_spelling_are_trivial(text: str) -> None:
    assert compare(wording(), wording(text)).kind is ChangeKind.TRIVIAL


@pytest.mark.parametrize(
    ("new", "parts"),
    [
        (wording(TEXT.replace("40", "55")), {"text", "numbers"}),
        (wording(title="تأجيل افتتاح خط القطار"), {"title"}),
        (wording(TEXT.replace("وزير النقل", "رئيس الوزراء")), {"lead", "text"}),
        (wording(TEXT + "\nونفت الشركة المشغلة وجود أعطال."), {"text"}),
    ],
)
def test_other_words_are_meaningful_and_say_where(new: Wording, parts: set[str]) -> None:
    change = compare(wording(), new)
    assert change.kind is ChangeKind.MEANINGFUL
    assert set(change.changed) == parts


def test_the_difference_is_told_word_by_word() -> None:
    assert diff_words("قتل ثلاثة في الهجوم", "قتل خمسة في الهجوم") == [
        ("=", "قتل"), ("-", "ثلاثة"), ("+", "خمسة"), ("=", "في الهجوم"),
    ]  # fmt: skip


def test_a_very_long_text_is_compared_by_paragraph() -> None:
    old = "\n".join(f"فقرة رقم {n} من النص الطويل" for n in range(2000))
    steps = diff_words(old, old.replace("فقرة رقم 7 من", "فقرة أخرى من"))
    assert ("-", "فقرة رقم 7 من النص الطويل") in steps
