"""The gate: figures over the project's own pages, pinned. They may only rise."""

import re
from dataclasses import replace

import pytest

from benchmarks.extraction.cases import NOW, Case, load, measure
from news.documents import Article
from news.extract import extract

CASES = load()
ARTICLES = [case for case in CASES if case.is_article]
_META_CHARSET = re.compile(r"<meta[^>]*charset[^>]*>", re.IGNORECASE)
_ENCODINGS = ("windows-1256", "iso-8859-6", "utf-16", "utf-16-le", "utf-16-be")


def test_there_are_enough_pages_of_enough_outlets() -> None:
    assert len(ARTICLES) >= 90
    assert len({case.source.homepage for case in ARTICLES}) >= 90


def test_the_figures_stay_above_their_floors() -> None:
    figures = measure(CASES)
    assert figures.body_by_site >= 0.999, figures.faults
    assert figures.worst_body >= 0.99, figures.faults
    for what in ("outcome", "title", "published", "visible date", "authors", "section"):
        assert figures.share(what) == 1.0, figures.faults
    for what in ("related precision", "related recall"):
        assert figures.share(what) == 1.0, figures.faults


@pytest.mark.parametrize("case", ARTICLES, ids=lambda case: case.name)
@pytest.mark.parametrize("encoding", _ENCODINGS)
def test_a_page_reads_the_same_in_every_encoding_however_declared(case: Case, encoding: str) -> None:
    html = _META_CHARSET.sub("", case.html)
    wanted = extract(case.of(html.encode()), case.source, NOW)
    declared = html.replace("<head>", f'<head><meta charset="{encoding}">', 1)
    wrongly = html.replace("<head>", '<head><meta charset="utf-8">', 1)
    for text, header in (
        (html, f"text/html; charset={encoding}"),
        (declared, "text/html"),
        (html, "text/html"),
        (html, "text/html; charset=utf-8"),
        (wrongly, "text/html"),
    ):
        page = case.of(text.encode(encoding, "xmlcharrefreplace"), header)
        assert extract(page, case.source, NOW) == wanted, header


@pytest.mark.parametrize("case", ARTICLES, ids=lambda case: case.name)
def test_bad_bytes_change_only_the_words_that_hold_them(case: Case) -> None:
    whole = extract(case.of(case.html.encode()), case.source, NOW)
    assert isinstance(whole, Article)
    damaged = bytearray(case.html.encode())
    for paragraph in whole.text.split("\n"):
        start = damaged.find(paragraph.encode())
        for word in re.finditer(r"(?<= )[\u0621-\u064a]{5,}(?= )", paragraph) if start >= 0 else ():
            damaged[start + len(paragraph[: word.start() + 2].encode())] = 0xFF
            break
    found = extract(case.of(bytes(damaged)), case.source, NOW)
    assert isinstance(found, Article)
    pairs = list(zip(whole.text.split(), found.text.split(), strict=True))
    assert all("\ufffd" in theirs for ours, theirs in pairs if ours != theirs)
    assert set(found.authors) <= set(whole.authors)  # a name in the text may be among the words
    assert replace(found, text=whole.text, summary=None, authors=()) == replace(whole, summary=None, authors=())
