"""What the embedded index finds, in what order, and how it counts."""

from datetime import timedelta

import pytest

from index.embedded import EmbeddedIndex
from index.embedded.finding import Found
from index.queries import QueryError
from news.documents import FoundKind, SearchQuery
from tests.index.small_index import NOON, document, find, identity, ids, names, write


def test_a_word_finds_its_forms_and_the_article_makes_no_difference(index: EmbeddedIndex) -> None:
    write(
        index,
        document("a", text="قال وزير الخارجية"),
        document("b", text="اجتماع الوزراء اليوم", seen=NOON + timedelta(hours=1)),
        document("c", text="زار الوفد المدينة"),
    )
    assert ids(index, "وزير") == ids(index, "الوزير") == ids(index, "للوزراء") == names("b", "a")


def test_exact_finds_only_what_is_written_so(index: EmbeddedIndex) -> None:
    write(index, document("a", text="قال وزير الخارجية"), document("b", text="قال الوزير"))
    assert ids(index, "الوزير", exact=True) == names("b")


def test_all_words_are_required_wherever_each_stands(index: EmbeddedIndex) -> None:
    write(
        index,
        document("a", title="مصر", summary="تفوز", text="بالكأس"),
        document("b", title="مصر", text="تفوز"),
    )
    assert ids(index, "مصر تفوز الكأس") == names("a")


def test_phrases_keep_their_order_and_stay_within_one_text(index: EmbeddedIndex) -> None:
    write(
        index,
        document("a", text="انعقد مجلس الأمن الدولي"),
        document("b", text="الأمن في مجلس النواب"),
        document("c", title="في المجلس", text="الأمن"),
    )
    assert ids(index, '"مجلس الأمن"') == names("a")
    assert ids(index, "«مجلس الامن»", exact=True) == names("a")


def test_words_can_be_left_out_joined_and_shortened(index: EmbeddedIndex) -> None:
    write(
        index,
        document("a", title="مصر والسودان"),
        document("b", title="مصر وليبيا", seen=NOON + timedelta(hours=1)),
        document("c", title="انتخابات", text="في مصر", seen=NOON + timedelta(hours=2)),
    )
    assert ids(index, "مصر -ليبيا") == names("c", "a")
    assert ids(index, "السودان OR ليبيا") == names("b", "a")
    assert ids(index, "انتخ*") == ids(index, "title:انتخاب*") == names("c")
    assert ids(index, "title:مصر") == names("b", "a")


def test_sources_are_filtered_by_option_and_in_the_query(index: EmbeddedIndex) -> None:
    write(index, document("a", "مصر", source="bbc"), document("b", "مصر", source="وكالة - أنباء"))
    assert ids(index, "مصر", source="bbc") == ids(index, "مصر source:bbc") == ids(index, "source:bbc") == names("a")
    assert ids(index, "مصر -source:bbc") == names("b")
    assert ids(index, "مصر", source="وكالة - أنباء") == names("b")
    assert index.count_by_source() == {"bbc": 1, "وكالة - أنباء": 1}


def test_newest_goes_by_first_sight_and_imports_by_their_own_date(index: EmbeddedIndex) -> None:
    day = timedelta(days=1)
    write(
        index,
        document("late", "مصر", seen=NOON + 2 * day, published=NOON - 9 * day),
        document("import", "مصر", seen=NOON + 3 * day, published=NOON, kind=FoundKind.IMPORT),
        document("early", "مصر", seen=NOON - day, published=NOON + 5 * day),
    )
    assert ids(index, "مصر") == names("late", "import", "early")


def test_ties_go_by_id_however_they_came(index: EmbeddedIndex) -> None:
    given = [document(str(number), "مصر", seq=number + 1) for number in range(300)]
    for start in range(0, 300, 50):
        write(index, *given[start : start + 50])
    write(index, document("newer", "مصر", seq=500, seen=NOON + timedelta(seconds=1)))
    expected = names("newer") + sorted(each.id for each in given)
    assert ids(index, "مصر", limit=301) == expected
    assert ids(index, "مصر", limit=7) == expected[:7]


def test_since_and_until_filter_publication_else_first_sight(index: EmbeddedIndex) -> None:
    day = timedelta(days=1)
    write(
        index,
        document("old", "مصر", published=NOON - 40 * day),
        document("dated", "مصر", published=NOON - day),
        document("undated", "مصر", seen=NOON),
    )
    assert ids(index, "مصر", since=NOON) == names("undated")
    assert ids(index, "مصر", until=NOON) == sorted(names("old", "dated"))
    assert ids(index, "مصر", since=NOON - day, until=NOON) == names("dated")
    assert ids(index, "مصر", since=NOON + day) == []
    assert find(index, "مصر", until=NOON).total == 2


def test_long_ranges_hold_their_first_and_last_day(index: EmbeddedIndex) -> None:
    day = timedelta(days=1)
    write(index, *(document(str(ago), "مصر", seq=ago + 1, published=NOON - ago * day) for ago in range(400)))
    for first, last in ((0, 1), (1, 45), (9, 10), (30, 399), (100, 300), (0, 400)):
        found = find(index, "مصر", since=NOON - last * day, until=NOON - first * day, limit=500)
        assert {hit.id for hit in found.hits} == {identity(str(ago)) for ago in range(first + 1, min(last, 399) + 1)}
        assert found.total == len(found.hits)


def test_copies_are_folded_into_the_one_that_sorts_first(index: EmbeddedIndex) -> None:
    write(
        index,
        document("first", "مصر", cluster="c"),
        document("copy", "مصر", cluster="c", seen=NOON + timedelta(hours=1)),
        document("other", "مصر", seen=NOON - timedelta(hours=1)),
    )
    found = find(index, "مصر")
    assert [hit.id for hit in found.hits] == names("copy", "other")
    assert (found.total, found.relation) == (3, "eq")
    assert ids(index, "مصر", all_copies=True) == names("copy", "first", "other")
    assert ids(index, "مصر", limit=1) == names("copy")


def test_best_puts_what_is_written_so_first_and_falls_back_to_any_word(index: EmbeddedIndex) -> None:
    filler = [document(f"f{number}", text="كلام عن الطقس والمطر في المدينة", seq=number) for number in range(20)]
    write(
        index,
        *filler,
        document("stem", text="اجتماع للوزراء في المدينة", seen=NOON + timedelta(hours=2)),
        document("exact", text="اجتماع الوزير في المدينة"),
    )
    assert ids(index, "الوزير", sort="best") == names("exact", "stem")
    assert ids(index, "الوزير زرافة", sort="newest") == []
    assert ids(index, "الوزير زرافة", sort="best") == names("exact", "stem")
    found = find(index, "الوزير", sort="best")
    assert all(hit.score is not None and hit.score > 0 for hit in found.hits)


def test_best_puts_what_has_every_word_before_what_has_one_of_them_just_as_written(index: EmbeddedIndex) -> None:
    filler = [document(f"f{number}", text="كلام عن الطقس والمطر في المدينة", seq=number) for number in range(20)]
    one = document("one", text="وصلت الزرافة أمس إلى المدينة")
    both = document("both", text="للزرافات وللأفيال كلام عن الطقس والمطر في المدينة وما حولها من قرى وحقول وأنهار")
    write(index, *filler, one, both, document("other", text="أفيال وفيل وأفيال في حديقة"))
    assert ids(index, "الزرافة OR الفيل", sort="best")[0] == identity("both")


def test_best_folds_copies_too_and_fills_the_page(index: EmbeddedIndex) -> None:
    copies = [document(f"c{number}", "مصر تفوز", cluster="c", seq=number) for number in range(80)]
    write(index, *copies, document("x", "مصر تفوز بالكأس الأفريقية للمرة الثانية"))
    assert len(ids(index, "مصر", sort="best", limit=2)) == 2


def test_names_for_one_thing_find_each_other_but_not_in_exact(index: EmbeddedIndex) -> None:
    write(
        index,
        document("a", text="التقى نتانياهو الرئيس"),
        document("b", text="التقى بنتنياهو", seen=NOON + timedelta(hours=1)),
        document("c", text="زار الولايات المتحدة", seen=NOON - timedelta(hours=1)),
        document("d", text="زار أمريكا", seen=NOON - timedelta(hours=2)),
    )
    assert ids(index, "نتنياهو") == names("b", "a")
    assert ids(index, '"التقى نتنياهو"') == names("b", "a")
    assert ids(index, "امريكا") == ids(index, "الولايات المتحدة") == names("c", "d")
    assert ids(index, "نتنياهو", exact=True) == []


def test_totals_are_exact_up_to_their_limit(index: EmbeddedIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    write(index, *(document(str(number), "مصر") for number in range(12)))
    monkeypatch.setattr("index.embedded.finding.COUNTED", 12)
    assert (find(index, "مصر", limit=2).total, find(index, "مصر").relation) == (12, "eq")
    monkeypatch.setattr("index.embedded.finding.COUNTED", 11)
    assert (find(index, "مصر", limit=2).total, find(index, "مصر").relation) == (11, "gte")


@pytest.mark.parametrize(
    "text",
    ['he said "it\'s"', "a:b 3.5", "title: x", "NEAR(a b)", "a AND NOT b", "^مصر + {x}", "50% (مصر)", "\x00 مصر"],
)
def test_no_query_is_taken_for_the_databases_own_language(index: EmbeddedIndex, text: str) -> None:
    write(index, document("a", "مصر"))
    assert isinstance(index.search(SearchQuery(text=text)), Found)
    assert isinstance(index.search(SearchQuery(text=text, sort="best")), Found)


def test_a_query_that_cannot_be_asked_is_an_error_with_a_hint(index: EmbeddedIndex) -> None:
    assert isinstance(index.search(SearchQuery(text="-مصر")), QueryError)
