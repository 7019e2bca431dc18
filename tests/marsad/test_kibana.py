"""`marsad kibana`: what a person types, against a server that answers as Kibana's documentation says."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from marsad.cli import cli
from tests.index.kibana.server import basic, stand_in


def run(*arguments: str, environ: dict[str, str | None] | None = None, **settings: str) -> Result:
    told = [option for key, value in settings.items() for option in ("--set", f"{key.replace('__', '.')}={value}")]
    return CliRunner().invoke(cli, [*told, "kibana", *arguments], env=environ)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("ELASTIC_PASSWORD", "ELASTIC_PASSWORD_FILE"):
        monkeypatch.delenv(name, raising=False)


def test_import_says_how_many_objects_were_taken() -> None:
    with stand_in() as server:
        assert run("import", kibana__url=server.url).output == "12 objects imported.\n"
        assert json.loads(run("import", "--json", "--url", server.url).output) == {"imported": 12}


def test_a_file_that_an_export_wrote_can_be_imported(tmp_path: Path) -> None:
    file = tmp_path / "objects.ndjson"
    assert run("export", str(file)).output == f"{file}: 12 objects.\n"
    with stand_in() as server:
        assert run("import", str(file), kibana__url=server.url).output == "12 objects imported.\n"
        assert run("export", "--changed", kibana__url=server.url).output == run("export").output


def test_the_alias_names_the_objects() -> None:
    lines = [json.loads(line) for line in run("export", elasticsearch__alias="archive").output.splitlines()]
    assert all(line["id"].startswith("marsad-archive-") for line in lines)


def test_the_password_comes_from_the_environment_or_a_file_and_the_key_goes_before_it(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("sesam\n")
    with stand_in(secret=basic("elastic", "sesam")) as server:
        for environ in ({"ELASTIC_PASSWORD": "sesam"}, {"ELASTIC_PASSWORD_FILE": str(file)}):
            assert run("import", kibana__url=server.url, environ={**environ}).exit_code == 0
    with stand_in(secret="ApiKey abc") as server:
        settings = {"kibana__url": server.url, "kibana__api_key": "abc"}
        assert run("import", environ={"ELASTIC_PASSWORD": "sesam"}, **settings).exit_code == 0


def test_without_an_address_it_says_how_to_give_one() -> None:
    told = run("import")
    assert told.exit_code == 2
    assert "MARSAD_KIBANA_URL" in told.output


def test_a_refusal_is_one_sentence_without_the_password() -> None:
    with stand_in(secret="ApiKey other") as server:
        told = run("import", kibana__url=server.url, environ={"ELASTIC_PASSWORD": "sesam"})
    assert told.exit_code == 1
    assert "answers 401" in told.output and "sesam" not in told.output
    assert len(told.output.splitlines()) == 1
