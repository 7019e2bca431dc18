"""What the documents say about commands, settings, outcomes and dependencies is what the code has."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from sys import stdlib_module_names

import click
import pytest

import marsad
from marsad.cli import cli
from marsad.config import Settings, load_settings
from marsad.keys import SECRETS, VARIABLES
from news.documents import Outcome

REPOSITORY = Path(__file__).parent.parent
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
OURS = ("crawler", "scheduler", "index", "news", "marsad")
DOCUMENTS = sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").glob("*.md")])
# Read by the standard library's zoneinfo, and so not imported anywhere.
NOT_IMPORTED = {"lxml-html-clean", "tzdata"}
# Named in the documents as what is to come.
TO_COME = {"follow", "watch"}


def commands(group: click.Group, path: str = "marsad") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")


def read(name: str) -> str:
    return (REPOSITORY / name).read_text(encoding="utf-8")


def code(text: str) -> str:
    """The fenced blocks and code spans of a document."""
    return "\n".join([*re.findall(r"```\w*\n(.*?)```", text, re.DOTALL), *re.findall(r"`([^`\n]+)`", text)])


def environment(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines() if line and not line.startswith("#"))


COMMANDS = list(commands(cli))


@pytest.mark.parametrize("path, command", COMMANDS, ids=[path for path, _ in COMMANDS])
def test_every_command_says_what_it_does(path: str, command: click.Command) -> None:
    assert command.help, f"{path} has no help"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_commands_that_a_document_names_exist(document: Path) -> None:
    named = set(
        re.findall(
            r"(?:^|[ /])marsad (?:marsad )?([a-z]+)(?= |$|\))", code(document.read_text(encoding="utf-8")), re.MULTILINE
        )
    )
    assert named - TO_COME <= {path.split()[1] for path, _ in COMMANDS}, document.name


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_what_a_document_links_to_is_there(document: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
    files = [target for target in targets if not target.startswith("http")]
    assert [target for target in files if not (document.parent / target).exists()] == []


def test_run_sh_has_the_commands_that_its_help_and_the_documents_name() -> None:
    told = subprocess.run([REPOSITORY / "run.sh"], capture_output=True, text=True, check=True).stdout
    listed = set(re.findall(r"^  ([a-z-]+)", told, re.MULTILINE))
    named = {name for document in DOCUMENTS for name in re.findall(r"\./run\.sh ([a-z-]+)", code(document.read_text()))}
    [known] = re.findall(r"^    (marsad \|[^)]*)\) setup", read("run.sh"), re.MULTILINE)
    assert named <= listed == set(known.split(" | "))


def test_run_sh_names_its_commands_when_asked_for_another() -> None:
    told = subprocess.run([REPOSITORY / "run.sh", "dance"], capture_output=True, text=True)
    assert told.returncode == 2
    assert "dance" in told.stderr and "check" in told.stderr


def test_the_example_of_the_environment_has_every_setting_with_its_default() -> None:
    example = environment(read(".env.example"))
    assert {name for name in example if name.startswith("MARSAD_")} == set(VARIABLES.values())
    assert load_settings(environ=example) == load_settings(environ={})


def test_every_setting_has_a_variable_and_every_variable_a_setting() -> None:
    keys = {
        name if not hasattr(field.annotation, "model_fields") else f"{name}.{key}"
        for name, field in Settings.model_fields.items()
        for key in getattr(field.annotation, "model_fields", {"": None})
    }
    assert keys == set(VARIABLES)


def test_compose_and_the_service_unit_set_only_what_exists() -> None:
    files = ("docker-compose.yml", "compose.alone.yml", "deploy/marsad.service", "Dockerfile")
    named = {name for file in files for name in re.findall(r"MARSAD_[A-Z_]+", read(file))}
    secrets = {VARIABLES[key] for key in SECRETS}
    assert named <= set(VARIABLES.values()) | {f"{name}_FILE" for name in secrets}
    assert not named & secrets


def test_every_outcome_is_explained() -> None:
    table = read("docs/operations.md").partition("### What the outcomes mean")[2].partition("\n## ")[0]
    explained = set(
        re.findall(r"`(\w+)`", "".join(line.split("|")[1] for line in table.splitlines() if line.startswith("| `")))
    )
    assert explained == set(Outcome)


def test_the_version_is_one() -> None:
    assert marsad.__version__ == PROJECT["project"]["version"]
    assert f"## {marsad.__version__}" in read("CHANGELOG.md")
    for file in ("docker-compose.yml", "compose.alone.yml"):
        assert f"image: marsad:{marsad.__version__}" in read(file)


def requirement(line: str) -> str:
    return re.split(r"[<>=\[]", line)[0].lower().replace(".", "-").replace("_", "-")


def test_dependencies_are_what_the_code_imports_and_each_has_its_reason() -> None:
    imported = {
        name.partition(".")[0]
        for folder in OURS
        for file in (REPOSITORY / folder).rglob("*.py")
        for name in imports(ast.parse(file.read_text(encoding="utf-8")))
    }
    distributions = packages_distributions()
    needed = {
        requirement(distributions[name][0]) for name in imported if name not in stdlib_module_names and name not in OURS
    }
    declared = {requirement(line) for line in PROJECT["project"]["dependencies"]}
    assert needed == declared - NOT_IMPORTED
    rows = re.findall(r"^\| ([a-z][^|]*) \|", read("docs/dependencies.md").replace("| package |", ""), re.MULTILINE)
    assert {requirement(name.strip()) for row in rows for name in row.split(",")} == declared


def test_everything_declared_is_pinned_for_tests() -> None:
    pinned = {requirement(line) for line in read("constraints.txt").splitlines()}
    extra = PROJECT["project"]["optional-dependencies"]["dev"]
    assert {requirement(line) for line in [*PROJECT["project"]["dependencies"], *extra]} <= pinned


def imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
