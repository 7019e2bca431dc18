"""The data folder and the settings through the door: a folder that holds nothing, and `config`."""

import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from marsad.cli import cli

WORKS_ON_A_STORE = (
    ("forget", "https://outlet.example/news/1"),
    ("forget", "--source", "outlet"),
    ("sync",),
    ("reindex",),
    ("status",),
    ("why", "https://outlet.example/news/1"),
    ("export",),
    ("show", "https://outlet.example/news/1"),
    ("search", "خبر"),
    ("backup", "copy.db"),
    ("elastic", "rejected", "--send"),
    ("elastic", "verify"),
)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("MARSAD_CONFIG", "MARSAD_DATA", "MARSAD_ALLOW_NETWORKS", "MARSAD_VERIFY_TLS"):
        monkeypatch.delenv(name, raising=False)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


@pytest.mark.parametrize("command", WORKS_ON_A_STORE, ids=" ".join)
def test_in_a_folder_without_a_store_nothing_is_done_and_nothing_made(tmp_path: Path, command: tuple[str, ...]) -> None:
    wrong = tmp_path / "wrong"
    done = run("--data", str(wrong), *command)
    assert done.exit_code == 1
    assert done.stderr.startswith(f"marsad: There is no store in {wrong}; name its folder by --data or MARSAD_DATA")
    assert not wrong.exists()
    assert not (tmp_path / "copy.db").exists()


def test_an_import_begins_a_store(tmp_path: Path) -> None:
    file = tmp_path / "documents.jsonl"
    document = {"url": "https://outlet.example/news/1", "title": "خبر", "text": "نص الخبر كله.", "source": "outlet"}
    file.write_text(json.dumps({**document, "published_at": "2026-11-01T10:00:00Z"}), encoding="utf-8")
    assert run("--data", "new", "import", str(file)).exit_code == 0
    assert json.loads(run("--data", "new", "reindex", "--json").stdout) == {"indexed": 1}


def test_config_prints_lists_as_the_settings_file_has_them(tmp_path: Path) -> None:
    written = "[crawler]\nallow_networks = ['10.1.0.0/16', 'fd00::/8']\nverify_tls = false\n"
    (tmp_path / "marsad.toml").write_text(written, encoding="utf-8")
    rows = [line.split(maxsplit=1) for line in run("config").stdout.splitlines() if line.strip()]
    shown = dict(rows)
    value = tomllib.loads(f"value = {shown['crawler.allow_networks'].partition(']')[0]}]")["value"]
    assert value == ["10.1.0.0/16", "fd00::/8"]
    assert shown["crawler.verify_tls"].startswith("false")
    told = {row["key"]: row["value"] for row in json.loads(run("config", "--json").stdout)["settings"]}
    assert told["crawler.allow_networks"] == ["10.1.0.0/16", "fd00::/8"]
