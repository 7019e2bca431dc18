"""Nothing that a server may send raises, and no page takes long."""

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.extraction.cases import load
from benchmarks.extraction.mutations import Ordeal, grown, mutated
from news.documents import Article, NotDocument

PAGES = sorted((Path(__file__).parent / "pages").glob("*.html"))
PIECES = st.sampled_from(
    [
        "<div>",
        "</div>",
        "<p>",
        "</a>",
        "<a href='/x/1'>",
        "<a href='http://[::1'>",
        "<h1>",
        "<h2>حول هذه القصة</h2>",
        "<br>",
        "<table>",
        "<li>",
        "<ul>",
        "نص عربي طويل بعض الشيء، وفيه فاصلة.",
        "اقرأ أيضا:",
        "<script type='application/ld+json'>{",
        "</script>",
        "<!--",
        "-->",
        "<meta property='og:url' content='::'>",
        "<link rel=canonical href='http://'>",
        "<time datetime='x'>",
        "\u202e",
        "\x00",
        "<form>",
        "&#x110000;",
        "<noscript>",
        "<template>",
        "<svg><p>",
        "2026-13-45",
        "31/02/2026 25:61",
        "المصدر:",
        "بقلم:",
        "<base href='//'>",
        "</body>",
        "</html>",
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(PIECES | st.text(max_size=20), max_size=40))
def test_no_page_raises(read: Any, pieces: list[str]) -> None:
    body = ("<html><head><title>ع</title>" + "".join(pieces)).encode("utf-8", "surrogatepass")
    assert isinstance(read(body=body), (Article, NotDocument))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_damaged_page_raises(read: Any, data: st.DataObject) -> None:
    body = bytearray(data.draw(st.sampled_from(PAGES)).read_bytes())
    for at in data.draw(st.lists(st.integers(0, len(body) - 1), max_size=30)):
        body[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(body)))
    assert isinstance(read(body=bytes(body[:cut])), (Article, NotDocument))


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 5000 + "نص " * 100,
        "<p>" + "<a href='/x'>رابط قصير</a> " * 5000,
        "".join(
            (
                f"<div class='c{n}'><h3><a href='/n/{n}'>عنوان طويل لخبر رقم {n}</a></h3><p>مقتطف من الخبر "
                "يمتد على سطر كامل تقريبا هنا.</p></div>"
            )
            for n in range(1500)
        ),
        "<h2>حول هذه القصة</h2>" * 1500,
        "<p>اقرأ أيضا: <a href='/n/1'>عنوان طويل لخبر آخر من أخبار المدينة</a></p>" * 1500,
        "<p>كلمة</p>" * 8000,
        "كلمة " * 60000,
        "<b>" * 3000 + "<p>نص عريض جدا في صفحة سيئة البناء</p>" * 300,
    ],
    ids=["deep", "links", "listing", "headings", "pointers", "short lines", "one line", "unclosed"],
)
def test_a_monstrous_page_takes_little_time(read: Any, body: str) -> None:
    started = time.process_time()
    read(body=f"<html><head><title>عنوان الصفحة الطويل</title></head><body>{body}</body></html>".encode())
    assert time.process_time() - started < 3


@pytest.mark.slow
def test_mutated_pages_all_end_in_an_outcome() -> None:
    ordeal = mutated(90)
    assert ordeal.outcomes.total() == 90
    assert ordeal.slow == []


@pytest.mark.slow
def test_hundreds_of_mutated_pages_all_end_in_an_outcome() -> None:
    ordeal = mutated(400, seed=2)
    assert ordeal.outcomes.total() == 400
    assert ordeal.slow == []


@pytest.mark.parametrize("size", [7_900_000, 20_000_000])
def test_a_page_blown_up_ends_in_an_outcome_soon(size: int) -> None:
    ordeal = Ordeal()
    for name, body in grown(load()[0], size):
        ordeal.read(name, load()[0], body)
    assert ordeal.slow == []
    assert ordeal.outcomes["too_large"] >= 2


@pytest.mark.parametrize(
    "body",
    [
        b"<div>" * 200_000,
        b"<div>" * 200_000 + b"</div>" * 200_000,
        b"<div " + b" ".join(b"a%d" % number for number in range(40_000)) + b">",
    ],
    ids=["open", "closed", "attributes"],
)
def test_a_page_that_would_take_minutes_to_parse_is_refused_at_once(read: Any, body: bytes) -> None:
    found = read(body=b"<html><body>" + body)
    assert isinstance(found, NotDocument)
    assert found.outcome.value == "too_large"


def test_a_page_of_very_many_flat_elements_is_read(read: Any) -> None:
    drawings = "<svg><path d='M0'/><use href='#x'/></svg>" * 3_000
    script = "<script>var page = '" + r"<div><b>x<\/b><\/div>" * 8_000 + "';</script>"
    assert isinstance(read(inside=drawings + "<p>نص قصير<br>" * 3_000, after=script), Article)


def test_a_page_of_too_many_links_says_so(read: Any) -> None:
    found = read(inside="<a href='/n/1'>خبر</a><br>" * 30_000)
    assert isinstance(found, NotDocument)
    assert found.outcome.value == "too_large"
