from pathlib import Path

import pytest

from news.encodings import decode

SENTENCE = "أعلنت وزارة الصحة، اليوم الأحد، عن تسجيل «120» إصابة جديدة في القاهرة والجيزة؛ فما التفاصيل؟"
PAGE = f"<html><head><title>خبر عاجل</title></head><body><p>{SENTENCE}</p><p>{SENTENCE[::2]}</p></body></html>"
PLAIN = PAGE.replace("«", "(").replace("»", ")")  # ISO-8859-6 has no quotation marks


def with_meta(page: str, charset: str) -> str:
    return page.replace("<head>", f'<head><meta http-equiv="Content-Type" content="text/html; charset={charset}">')


@pytest.mark.parametrize("declared", [None, "text/html", "text/html; charset=UTF-8", "text/html; charset=ISO-8859-1"])
@pytest.mark.parametrize(
    ("encoding", "name"), [("utf-8", "utf-8"), ("cp1256", "windows-1256"), ("iso8859-6", "iso-8859-6")]
)
def test_arabic_is_read_whatever_the_header_says(encoding: str, name: str, declared: str | None) -> None:
    assert decode(PLAIN.encode(encoding), declared) == (PLAIN, name)


@pytest.mark.parametrize("meta", ["utf-8", "windows-1256", "iso-8859-6", "iso-8859-1", "nonsense", "utf-16"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1256", "iso8859-6"])
def test_arabic_is_read_whatever_the_page_says(encoding: str, meta: str) -> None:
    page = with_meta(PLAIN, meta)
    assert decode(page.encode(encoding), None)[0] == page


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_wide_encodings_are_seen_with_and_without_a_mark(encoding: str) -> None:
    assert decode(PAGE.encode(encoding), "text/html; charset=windows-1256")[0] == PAGE
    assert decode(SENTENCE.encode(encoding), None)[0] == SENTENCE


def test_the_header_goes_before_the_page() -> None:
    page = with_meta("<html><head></head><body>Ђирилица није арапски</body></html>", "windows-1252")
    assert decode(page.encode("cp1251"), "text/html; charset=windows-1251") == (page, "windows-1251")


def test_an_xml_declaration_counts() -> None:
    xml = '<?xml version="1.0" encoding="windows-1251"?><rss><title>Новости дня</title></rss>'
    assert decode(xml.encode("cp1251"), "text/xml") == (xml, "windows-1251")


def test_latin_pages_stay_latin() -> None:
    page = "<p>Le président a été réélu à l’étranger: ça naît</p>"
    assert decode(page.encode("cp1252"), "text/html; charset=iso-8859-1") == (page, "windows-1252")
    assert decode(page.encode(), "text/html; charset=iso-8859-1") == (page, "utf-8")


@pytest.mark.parametrize("bad", [1, 3, 6])
@pytest.mark.parametrize("declared", [None, "text/html; charset=utf-8", "text/html; charset=iso-8859-1"])
def test_bad_bytes_cost_only_their_own_words(bad: int, declared: str | None) -> None:
    words = (SENTENCE + " ").encode() * 3
    body = bytearray(words)
    for place in range(1, bad + 1):
        position = place * len(body) // (bad + 2)
        while body[position] < 0x80:  # within a word
            position += 1
        body[position] = 0xFF
    read = decode(bytes(body), declared)[0].split()
    expected = words.decode().split()
    assert len(read) == len(expected)
    assert sum(one != other for one, other in zip(read, expected, strict=True)) <= bad


def test_a_text_cut_within_a_letter_loses_only_that_letter() -> None:
    assert decode(SENTENCE.encode()[:-1], None)[0][:-1] == SENTENCE[:-1]


def test_nothing_unprintable_comes_out() -> None:
    text, _ = decode(b"a\0b\xed\xa0\x80c" + SENTENCE.encode(), None)
    assert "\0" not in text
    text.encode()


def test_an_empty_answer_is_an_empty_text() -> None:
    assert decode(b"", None) == ("", "utf-8")


def test_nulls_in_ascii_do_not_make_it_utf_16() -> None:
    assert decode(b"<html>a\0\0\0b</html>", None)[0] == "<html>ab</html>"


@pytest.mark.parametrize(
    ("name", "encoding", "phrase"),
    [
        ("chardet_iso-8859-6_no_charset.html", "iso-8859-6", "لحركة /حماس/ عن قتل ثمانية"),
        ("chardet_windows-1256_no_charset.html", "windows-1256", "لحركة /حماس/ عن قتل ثمانية"),
        ("tika_testArabicMisleadingCharset.html", "windows-1256", "في قرية من القرى كان هناك رجل حكيم"),
    ],
)
def test_real_pages_without_a_true_declaration_are_read(
    name: str, encoding: str, phrase: str, shared_eval: Path
) -> None:
    text, used = decode((shared_eval / "encodings" / name).read_bytes(), "text/html")
    assert used == encoding
    assert phrase in text
