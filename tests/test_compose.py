"""The compose files: nothing open, nothing without a bound, no version twice, no secret that everybody knows."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parent.parent
STACK = REPOSITORY / "docker-compose.yml"
ALONE = REPOSITORY / "compose.alone.yml"
EXAMPLE = (REPOSITORY / ".env.example").read_text(encoding="utf-8")
SECRETS = {"ELASTIC_PASSWORD", "KIBANA_PASSWORD", "KIBANA_ENCRYPTION_KEY"}


@pytest.fixture(params=[STACK, ALONE], ids=lambda file: file.name)
def services(request: pytest.FixtureRequest) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = pytest.importorskip("yaml").safe_load(request.param.read_text())["services"]
    return found


def test_ports_are_open_on_this_machine_only(services: dict[str, dict[str, Any]]) -> None:
    ports = [port for service in services.values() for port in service.get("ports", ())]
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_every_service_has_a_bound_for_its_memory_and_its_log(services: dict[str, dict[str, Any]]) -> None:
    own = {name: service for name, service in services.items() if "extends" not in service}
    assert [name for name, service in own.items() if "mem_limit" not in service or "logging" not in service] == []


def test_what_runs_on_is_watched_and_what_runs_once_is_waited_for(services: dict[str, dict[str, Any]]) -> None:
    waited = {
        name: how["condition"] for service in services.values() for name, how in service.get("depends_on", {}).items()
    }
    for name, condition in waited.items():
        once = services[name].get("restart") == "no"
        assert condition == ("service_completed_successfully" if once else "service_healthy"), name
        assert once or "test" in services[name]["healthcheck"], name


def test_versions_are_pinned_in_one_place() -> None:
    images = re.findall(r"docker\.elastic\.co/\S+?:(\S+)", STACK.read_text())
    assert len(images) == 2 and all(tag.startswith("${STACK_VERSION:?") for tag in images)
    assert len(re.findall(r"^STACK_VERSION=\d+\.\d+\.\d+$", EXAMPLE, re.MULTILINE)) == 1


def test_every_variable_is_in_the_example_and_no_secret_has_a_default() -> None:
    text = STACK.read_text() + ALONE.read_text()
    taken = re.findall(r"\$\{([A-Z_]+)(:[-?])", text)
    example = dict(line.split("=", 1) for line in EXAMPLE.splitlines() if line and not line.startswith("#"))
    assert {name for name, _ in taken} <= set(example)
    assert {name: mark for name, mark in taken if name in SECRETS} == dict.fromkeys(SECRETS, ":?")
    assert {example[name] for name in SECRETS} == {""}
    assert {mark for name, mark in taken if "PASSWORD" in name or "KEY" in name} == {":?"}


@pytest.mark.parametrize("profiles, kibana", [("kibana", True), ("", False)])
def test_compose_understands_the_files(tmp_path: Path, profiles: str, kibana: bool) -> None:
    compose = ["docker-compose"] if shutil.which("docker-compose") else ["docker", "compose"]
    if shutil.which(compose[0]) is None or subprocess.run([*compose, "version"], capture_output=True).returncode:
        pytest.skip("no docker compose here: the compose files were only read as YAML")
    filled = re.sub(r"^(ELASTIC_PASSWORD|KIBANA_\w+)=$", r"\1=0123456789abcdef0123456789abcdef", EXAMPLE, flags=re.M)
    env = tmp_path / "env"
    env.write_text(filled.replace("COMPOSE_PROFILES=kibana", f"COMPOSE_PROFILES={profiles}"))

    def run(file: Path, *arguments: str) -> str:
        command = [*compose, "--env-file", str(env), "-f", str(file), "config", *arguments]
        # What the caller's own environment says would go before the file.
        environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
        done = subprocess.run(command, capture_output=True, text=True, cwd=REPOSITORY, env=environ)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    assert ("kibana" in run(STACK, "--services").split()) is kibana
    assert {"elasticsearch", "setup", "bootstrap", "marsad"} <= set(run(STACK, "--services").split())
    assert run(ALONE, "--services").split() == ["marsad"]
    assert "0.0.0.0" not in run(STACK)
