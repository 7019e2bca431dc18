import pytest

from index.queries import Or, Phrase, Prefix, Query, QueryError, Source, Title, Words, parse


def test_words_that_stand_together_are_analysed_together() -> None:
    assert parse("عبد الله صالح") == Query((Words("عبد الله صالح"),))


@pytest.mark.parametrize("text", ['"مجلس الأمن"', "«مجلس الأمن»", "“مجلس الأمن”"])
def test_all_kinds_of_quotation_marks_make_a_phrase(text: str) -> None:
    assert parse(text) == Query((Phrase("مجلس الأمن"),))


def test_a_quotation_inside_a_pasted_headline_is_a_phrase_among_words() -> None:
    assert parse("الخارجية: «لا تفاوض» مع") == Query((Words("الخارجية:"), Phrase("لا تفاوض"), Words("مع")))


def test_a_minus_leaves_out_words_phrases_sources_and_titles() -> None:
    query = parse('مصر -قطر -"كأس العالم" -source:bbc -title:رياضة')
    assert query == Query((Words("مصر"),), (Words("قطر"), Phrase("كأس العالم"), Source("bbc"), Title(Words("رياضة"))))


def test_a_minus_within_a_word_or_alone_is_punctuation() -> None:
    assert parse("كوفيد-19 - تحديث") == Query((Words("كوفيد-19 تحديث"),))


@pytest.mark.parametrize("sign", ["OR", "|"])
def test_or_joins_its_two_neighbours(sign: str) -> None:
    assert parse(f"انتخابات مصر {sign} السودان نتائج") == Query(
        (Words("انتخابات"), Or((Words("مصر"), Words("السودان"))), Words("نتائج"))
    )


def test_or_goes_on_for_as_many_as_are_joined() -> None:
    assert parse('مصر OR السودان OR "جنوب السودان"') == Query(
        (Or((Words("مصر"), Words("السودان"), Phrase("جنوب السودان"))),)
    )


def test_a_star_stands_for_any_ending() -> None:
    assert parse("انتخاب*") == Query((Prefix("انتخاب"),))
    assert parse("title:انتخاب*") == Query((Title(Prefix("انتخاب")),))


def test_fields_look_in_titles_and_at_sources() -> None:
    assert parse('title:"مجلس الأمن" source:al-jazeera') == Query((Title(Phrase("مجلس الأمن")), Source("al-jazeera")))
    assert parse("source:«وكالة الأنباء»") == Query((Source("وكالة الأنباء"),))


def test_other_words_with_a_colon_are_words() -> None:
    assert parse("http://example.com/x الوزير:نعم") == Query((Words("http://example.com/x الوزير:نعم"),))


@pytest.mark.parametrize("text", ["", "  ", "؟!", "-مصر", "OR مصر", "مصر OR", "مصر OR OR قطر", "م*"])
def test_what_cannot_be_asked_is_said_with_a_hint(text: str) -> None:
    error = parse(text)
    assert isinstance(error, QueryError)
    assert error.message and error.hint and str(error) == f"{error.message}; {error.hint}"


@pytest.mark.parametrize("text", ['مصر "قطر', "مصر » قطر", "قال “نعم"])
def test_a_lone_quotation_mark_is_punctuation(text: str) -> None:
    assert isinstance(parse(text), Query)
