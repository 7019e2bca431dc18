"""A search that finds nothing says what may have been meant: another word, another outlet."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from marsad.cli import cli
from marsad.commands.hints import nearest
from tests.marsad.test_documents import TEXT, Door, door

__all__ = ["door"]


def hints(folder: Path, *arguments: str) -> str:
    done = CliRunner().invoke(cli, ["--data", str(folder / "data"), "search", *arguments], catch_exceptions=False)
    assert done.exit_code == 0
    return done.stderr


def test_an_outlet_that_nobody_knows_is_named_with_the_nearest_one(door: Door) -> None:
    door.bring("one", "رصيف جديد في المرفأ", TEXT)
    assert "There is no source 'onee'; did you mean 'one'?" in hints(door.folder, "رصيف", "--source", "onee")
    assert "There is no source 'aljazera'; did you mean 'aljazeera'?" in hints(door.folder, "رصيف source:aljazera")
    assert "`marsad sources list` names them" in hints(door.folder, "رصيف", "--source", "0000")
    assert hints(door.folder, "طائرة", "--source", "one") == ""
    assert hints(door.folder, "طائرة", "--source", "aljazeera") == ""


@pytest.mark.parametrize(("typed", "meant"), [("bb", "bbc"), ("BBC", "bbc"), ("الجزيره", "jazeera"), ("xyz", None)])
def test_an_outlet_is_known_by_its_name_as_well(typed: str, meant: str | None) -> None:
    assert nearest(typed, {"bbc": "", "jazeera": "الجزيرة"}) == meant


def test_a_misspelt_word_is_answered_with_the_word_that_would_find_something(door: Door) -> None:
    door.bring("one", "رصيف جديد في المرفأ", TEXT)
    assert "Did you mean مستودعات?" in door.run("search", "مستودعاات")
    answer = door.json("search", "مستودعاات")
    assert (answer["total"], answer["meant"]) == (0, "مستودعات")
    assert "meant" not in door.json("search", "مستودعات")
    (folder := door.folder / "queries.txt").write_text("مستودعاات\nرصيف\n", encoding="utf-8")
    lines = [json.loads(line) for line in door.run("search", "--file", str(folder)).splitlines()]
    assert [line.get("meant") for line in lines] == ["مستودعات", None]
