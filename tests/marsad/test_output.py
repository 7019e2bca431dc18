import sys

import pytest

from marsad import output

ESCAPED = "https://hudhud.example/%D8%A7%D9%84%D8%B9%D8%A7%D9%84%D9%85/1"


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)


def test_in_a_pipe_an_address_stays_as_it_is_stored() -> None:
    assert output.shown_url(ESCAPED) == ESCAPED


@pytest.mark.usefixtures("terminal")
def test_on_a_terminal_an_address_has_its_arabic_letters_in_an_isolate() -> None:
    assert output.shown_url(ESCAPED) == "\u2068https://hudhud.example/العالم/1\u2069"


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize(
    "url", ["https://hudhud.example/%C7%E1", "https://hudhud.example/a%20b", "https://x.example/%0A"]
)
def test_an_address_that_would_read_wrong_decoded_is_left_alone(url: str) -> None:
    assert output.shown_url(url) == url


def test_numbers_agree_with_their_nouns() -> None:
    assert [output.counted(n, "copy", "copies") for n in (0, 1, 2)] == ["0 copies", "1 copy", "2 copies"]
