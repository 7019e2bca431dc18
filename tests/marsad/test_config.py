import json
from datetime import timedelta
from pathlib import Path

import pytest

from marsad.config import load, shown
from marsad.keys import VARIABLES
from marsad.layers import SettingsError


def write(folder: Path, text: str) -> Path:
    file = folder / "marsad.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_without_a_word_said_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    loaded = load(environ={})
    assert loaded.settings.data == tmp_path / "data"
    assert loaded.settings.crawler.delay == 3
    assert loaded.settings.crawler.max_age == timedelta(days=30)
    assert set(loaded.origins.values()) == {"default"}


def test_the_command_line_beats_the_environment_and_that_the_file(tmp_path: Path) -> None:
    file = write(tmp_path, "[crawler]\ndelay = 1\nworkers = 7\nmax_age = '2h'\n")
    loaded = load(file, {"crawler.delay": "3"}, {"MARSAD_DELAY": "2", "MARSAD_WORKERS": "5"})
    crawler = loaded.settings.crawler
    assert (crawler.delay, crawler.workers, crawler.max_age) == (3, 5, timedelta(hours=2))
    assert loaded.origins["crawler.delay"] == "command line"
    assert loaded.origins["crawler.workers"] == "environment"
    assert loaded.origins["crawler.max_age"] == str(file)


def test_a_relative_path_is_against_the_settings_files_folder(tmp_path: Path) -> None:
    file = write(tmp_path, "data = 'kept'\n")
    assert load(file, environ={}).settings.data == tmp_path / "kept"
    assert load(file, environ={"MARSAD_SOURCES": "mine"}).settings.sources == tmp_path / "mine"


def test_the_settings_file_may_be_named_by_the_environment(tmp_path: Path) -> None:
    file = write(tmp_path, "[log]\nformat = 'json'\n")
    assert load(environ={"MARSAD_CONFIG": str(file)}).settings.log.format == "json"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[crawler]\ndelya = 1\n", "did you mean `crawler.delay`"),
        ("[crawler]\ndelay = -1\n", "`crawler.delay`"),
        ("[crawler]\nmax_age = 'a month'\n", "write a number and a unit"),
        ("[crawler]\nallow_networks = ['10.0.0.1/8']\n", "`crawler.allow_networks`"),
        ("[log]\nlevel = 'loud'\n", "`log.level`"),
        ("[display]\ntimezone = 'Asia/Atlantis'\n", "IANA name"),
        ("[elasticsearch]\nurl = 'ftp://x'\n", "`elasticsearch.url`"),
        ("data = [\n", "is not valid TOML"),
    ],
)
def test_a_mistake_names_the_file_the_key_and_what_to_write(tmp_path: Path, text: str, expected: str) -> None:
    file = write(tmp_path, text)
    with pytest.raises(SettingsError) as raised:
        load(file, environ={})
    assert expected in str(raised.value)
    assert str(file) in str(raised.value)


def test_a_mistake_in_the_environment_names_the_variable() -> None:
    with pytest.raises(SettingsError, match=r"MARSAD_DELAY: `crawler\.delay`"):
        load(environ={"MARSAD_DELAY": "soon"})


def test_a_settings_file_that_is_named_must_exist(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="does not exist"):
        load(tmp_path / "no.toml", environ={})


def test_an_unknown_variable_is_warned_about_by_name() -> None:
    assert load(environ={"MARSAD_DELYA": "1"}).warnings == (
        "MARSAD_DELYA is not a setting; did you mean MARSAD_DELAY?",
    )


def test_a_secret_may_lie_in_a_file_and_is_never_shown(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("c2VjcmV0\n")
    loaded = load(environ={"MARSAD_ELASTICSEARCH_API_KEY_FILE": str(tmp_path / "key")})
    key = loaded.settings.elasticsearch.api_key
    assert key and key.get_secret_value() == "c2VjcmV0"
    everything = json.dumps([shown(loaded.settings, name) for name in VARIABLES]) + repr(loaded)
    assert "c2VjcmV0" not in everything


def test_an_empty_variable_counts_as_unset() -> None:
    assert load(environ={"MARSAD_ELASTICSEARCH_URL": ""}).settings.elasticsearch.url is None
