"""Documents through the door: what `show`, `export` and `search --history` tell of copies, origins and edits."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from marsad.cli import cli

TEXT = (
    "بيروت (رويترز) - أعلنت هيئة الموانئ افتتاح رصيف جديد للحاويات في المرفأ الشمالي بعد ثلاثة أعوام من العمل.\n"
    "وقال مدير الهيئة إن الرصيف يستقبل أربع سفن كبيرة في وقت واحد ويوفر سبعمئة وظيفة لأبناء المنطقة.\n"
    "وأضاف أن المرحلة الثانية تبدأ مطلع العام المقبل وتشمل مستودعات مبردة وسكة حديد تصل المرفأ بالداخل."
)


class Door:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *arguments: str) -> str:
        done = CliRunner().invoke(cli, ["--data", str(self.folder / "data"), *arguments], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    def json(self, *arguments: str) -> Any:
        return json.loads(self.run(*arguments, "--json"))

    def bring(self, source: str, title: str, text: str) -> str:
        """An article imported; its address."""
        url = f"https://{source}.example/news/1"
        line = {"url": url, "title": title, "text": text, "published_at": "2026-11-01T10:00:00+03:00", "source": source}
        file = self.folder / "import.jsonl"
        file.write_text(json.dumps(line), encoding="utf-8")
        self.run("import", str(file))
        return url


@pytest.fixture
def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Door:
    monkeypatch.delenv("MARSAD_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    return Door(tmp_path)


def told_by_three(door: Door) -> str:
    first = door.bring("one", "رصيف جديد في المرفأ الشمالي", TEXT)
    door.bring("two", "افتتاح رصيف الحاويات بعد ثلاثة أعوام", f"{TEXT}\nتابعوا أخبارنا.")
    door.bring("three", "سبعمئة وظيفة في الرصيف الجديد", TEXT)
    return first


def test_show_tells_how_far_a_text_went_and_guesses_whose_it_is(door: Door) -> None:
    url = told_by_three(door)
    shown = door.json("show", url)
    assert (shown["spread"]["documents"], shown["spread"]["outlets"], shown["copies"]) == (3, 3, 2)
    assert shown["spread"]["first_seen_at"] <= shown["spread"]["last_seen_at"]
    assert {copy["source"] for copy in shown["copies_list"]} == {"two", "three"}
    assert shown["origin"] == {"guess": "رويترز", "evidence": "dateline: رويترز", "certainty": 0.8}
    told = door.run("show", url)
    assert "perhaps رويترز" in told
    assert "3 outlets in 3 documents" in told


def test_export_tells_the_same_of_every_document(door: Door) -> None:
    told_by_three(door)
    documents = [json.loads(line) for line in door.run("export").splitlines()]
    assert [document["spread"]["outlets"] for document in documents] == [3, 3, 3]
    assert {document["origin"]["guess"] for document in documents} == {"رويترز"}


def test_a_text_without_copies_or_credits_claims_neither(door: Door) -> None:
    url = door.bring("one", "رصيف جديد", TEXT.split("\n", 1)[1])
    shown = door.json("show", url)
    assert (shown["origin"], shown["spread"]["documents"]) == (None, 1)
    assert "told by        \n" in door.run("show", url)


def test_an_edit_is_shown_word_by_word_and_its_past_is_found(door: Door) -> None:
    door.bring("one", "رصيف جديد في المرفأ", TEXT)
    url = door.bring("one", "رصيف كبير في المرفأ", TEXT.replace("أربع", "خمس").replace("سبعمئة", "تسعمئة"))
    first, second = door.json("show", url, "--history")["history"]
    assert first["difference"] == first["title_difference"] == []
    assert [step for step in second["difference"] if step[0] != "="] == [
        ["-", "أربع"], ["+", "خمس"], ["-", "سبعمئة"], ["+", "تسعمئة"],
    ]  # fmt: skip
    assert ["+", "كبير"] in second["title_difference"]
    assert {"title", "numbers"} <= set(second["changed"])
    assert "  - سبعمئة\n  + تسعمئة\n" in door.run("show", url, "--history")

    assert door.json("search", "سبعمئة")["total"] == 0
    (hit,) = door.json("search", "سبعمئة", "--history")["hits"]
    assert (hit["id"], hit["revision"]) == (door.json("show", url)["id"], 1)
    assert "<mark>سبعمئة</mark>" in hit["snippet"]
    assert "revision 1" in door.run("search", "سبعمئة", "--history")


def test_what_was_forgotten_is_not_found_in_its_past(door: Door) -> None:
    door.bring("one", "رصيف جديد في المرفأ", TEXT)
    url = door.bring("one", "رصيف كبير في المرفأ", TEXT.replace("سبعمئة", "تسعمئة"))
    assert door.json("search", "سبعمئة", "--history")["total"] == 1
    door.run("forget", url)
    assert door.json("search", "سبعمئة", "--history")["total"] == 0
