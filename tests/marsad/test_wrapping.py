import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.cells import cell_len

from marsad.cli import cli
from marsad.wrapping import wrapped

WIDTH = 48  # the id, which is one word, fills a line
MARKS = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069\u200e\u200f"))
TITLE = "افتتاح رصيف جديد للحاويات في المرفأ الشمالي بعد ثلاثة أعوام من العمل"
TEXT = (
    "أعلنت هيئة الموانئ افتتاح رصيف جديد للحاويات في المرفأ الشمالي، بعد ثلاثة أعوام من العمل فيه.\n"
    "وقالت شركة Blue Harbour Logistics إن الرصيف يستقبل أربع سفن كبيرة في وقت واحد، ويوفّر وظائف كثيرة."
)


@pytest.mark.parametrize("width", [1, 12, 30, 44, 80, 500])
@pytest.mark.parametrize("paragraph", [*TEXT.split("\n"), TITLE, "", "one two  three"])
def test_lines_hold_all_words_whole_and_fit(paragraph: str, width: int) -> None:
    lines = wrapped(paragraph, width)
    assert " ".join(lines).translate(MARKS) == paragraph
    assert all(cell_len(line) <= width for line in lines if " " in line)


def test_vowel_signs_take_no_room() -> None:
    assert wrapped("وَزِيرٌ كَبِيرٌ", 9) == ["وَزِيرٌ كَبِيرٌ"]


def test_a_line_that_begins_with_a_name_in_other_letters_keeps_the_direction_of_its_paragraph() -> None:
    assert wrapped("قالت Blue Harbour إن", 12) == ["قالت Blue", "\u200fHarbour إن"]
    assert wrapped("The daily صوت المرفأ reports", 10) == ["The daily", "\u200eصوت المرفأ", "reports"]
    assert wrapped("عام 2026 2027", 8) == ["عام 2026", "2027"], "a line without letters turns nothing round"


def test_show_breaks_no_word_at_the_edge_of_a_terminal(tmp_path: Path) -> None:
    file = tmp_path / "import.jsonl"
    url = "https://harbour.example/1"
    line = {"url": url, "title": TITLE, "text": TEXT, "published_at": "2026-11-01", "source": "harbour"}
    file.write_text(json.dumps(line), encoding="utf-8")
    data = ["--data", str(tmp_path / "data")]
    assert CliRunner().invoke(cli, [*data, "import", str(file)]).exit_code == 0
    lines = [line.translate(MARKS) for line in on_a_terminal([*data, "show", url])]
    assert max(map(cell_len, lines)) <= WIDTH
    told = " ".join(line.strip() for line in lines)
    assert TITLE in told
    assert TEXT.replace("\n", " ") in told


def on_a_terminal(arguments: list[str]) -> list[str]:
    """What a terminal of WIDTH columns is given to show."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, WIDTH, 0, 0))
    environ = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "LINES")}
    command = [sys.executable, "-m", "marsad.cli", *arguments]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, env={**environ, "TERM": "xterm"}) as shown:
        os.close(theirs)
        written = b"".join(iter(lambda: read(ours), b""))
        assert shown.wait() == 0
    os.close(ours)
    return written.decode().splitlines()


def read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other end was closed
        return b""
