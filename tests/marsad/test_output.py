from types import SimpleNamespace

import pytest

from marsad import output

ESCAPED = "https://hudhud.example/%D8%A7%D9%84%D8%B9%D8%A7%D9%84%D9%85/1"


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not on standard output itself, which pytest changes as it likes."""
    monkeypatch.setattr(output, "sys", SimpleNamespace(stdout=SimpleNamespace(isatty=lambda: True)))


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


@pytest.mark.usefixtures("terminal")
def test_a_ledger_of_eleven_columns_fits_a_terminal_of_110(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "110")
    names = ("source", "health", "listed", "fetched", "extracted", "stored", "indexed", "searchable", "pending")
    row = ("hudhud", "ok", *[1000] * 7, "", "2026-11-23 21:23")
    output.print_table((*names, "dropped", "last success"), [row, ("total", "", *[1000] * 7, "", "")])
    told = capsys.readouterr().out
    assert all(name in told for name in names)
    assert "2026-11-23 21:23" in told


@pytest.mark.usefixtures("terminal")
def test_numbers_stand_to_the_right_in_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    output.print_table(("source", "stored"), [("hudhud", 7), ("sununu", 1000)])
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert [line for line in lines if line.endswith((" 7", " 1000"))] == [" hudhud       7", " sununu    1000"]
