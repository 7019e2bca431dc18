from collections.abc import Iterator
from pathlib import Path

import pytest

from news.copies.revisions import Change, ChangeKind, Wording, compare, diff_words

HERE = Path(__file__).parent
TITLE, TEXT = (HERE / "edited_article.txt").read_text(encoding="utf-8").strip().split("\n", 1)


def edits(name: str) -> Iterator[tuple[str, str]]:
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            old, new = line.split("\t")
            yield old, new


MEANINGFUL, TRIVIAL = list(edits("edits_meaningful.tsv")), list(edits("edits_trivial.tsv"))


def edited(old: str, new: str) -> Change:
    """The edit is made in the title where its words stand there, else in the text; a new line goes to the end."""
    assert not old or old in TITLE or old in TEXT, old
    before = Wording(title=TITLE, summary=None, text=TEXT)
    if not old:
        return compare(before, Wording(title=TITLE, summary=None, text=f"{TEXT}\n{new}"))
    if old in TITLE:
        return compare(before, Wording(title=TITLE.replace(old, new), summary=None, text=TEXT))
    return compare(before, Wording(title=TITLE, summary=None, text=TEXT.replace(old, new)))


def test_there_are_a_hundred_edits_of_each_kind() -> None:
    assert (len(MEANINGFUL), len(TRIVIAL)) == (100, 100)


@pytest.mark.parametrize(("old", "new"), MEANINGFUL)
def test_what_a_reader_would_want_to_know_is_meaningful(old: str, new: str) -> None:
    assert edited(old, new).kind is ChangeKind.MEANINGFUL


@pytest.mark.parametrize(("old", "new"), TRIVIAL)
def test_counters_stamps_spelling_and_punctuation_are_trivial(old: str, new: str) -> None:
    assert edited(old, new).kind is ChangeKind.TRIVIAL
    assert edited(old, new).changed == ()


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("40 دقيقة", "55 دقيقة", {"text", "numbers"}),
        ("وزارة النقل تعلن", "وزارة المالية تعلن", {"title"}),
        ("وزير النقل", "رئيس الوزراء", {"lead", "text"}),
        ("في واشنطن", "في نيويورك", {"text", "names"}),
        ("دونالد ترامب", "جو بايدن", {"text", "names"}),
        ("ورحبت نقابة", "ورفضت نقابة", {"text"}),
        ("", "وأصيب أربعة عمال بجروح.", {"text", "numbers"}),
    ],
)
def test_a_change_says_what_changed(old: str, new: str, parts: set[str]) -> None:
    assert set(edited(old, new).changed) == parts


def test_the_same_words_are_unchanged() -> None:
    same = Wording(title=TITLE, summary=None, text=TEXT)
    assert compare(same, same).kind is ChangeKind.UNCHANGED


def test_a_slip_is_trivial_only_where_the_right_word_stands_in_the_text_already() -> None:
    text = "وصل المفاوضون إلى جنيف.\nوقال المفاضون إن الجلسة تبدأ غدا."
    before, after = (Wording(title="", summary=None, text=one) for one in (text, text.replace("المفاضون", "المفاوضون")))
    assert compare(before, after).kind is ChangeKind.TRIVIAL
    turned = Wording(title="", summary=None, text=text.replace("الجلسة", "الحلبة"))
    assert compare(before, turned).kind is ChangeKind.MEANINGFUL


def test_the_difference_is_told_word_by_word() -> None:
    assert diff_words("قتل ثلاثة في الهجوم", "قتل خمسة في الهجوم") == [
        ("=", "قتل"), ("-", "ثلاثة"), ("+", "خمسة"), ("=", "في الهجوم"),
    ]  # fmt: skip


def test_a_very_long_text_is_compared_by_paragraph() -> None:
    old = "\n".join(f"فقرة رقم {n} من النص الطويل" for n in range(2000))
    steps = diff_words(old, old.replace("فقرة رقم 7 من", "فقرة أخرى من"))
    assert ("-", "فقرة رقم 7 من النص الطويل") in steps
