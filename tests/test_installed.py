"""What `pip install .` puts into an environment works without the checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from index.catalogue import load, shipped

REPOSITORY = Path(__file__).parent.parent
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=REPOSITORY, check=True, capture_output=True)
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def marsad(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The installed program, in a folder of its own, with the libraries of this environment."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MARSAD_")}
    return subprocess.run(
        [sys.executable, "-P", "-c", "from marsad.cli import main; main()", *arguments],
        cwd=folder, env={**environment, "PYTHONPATH": str(installed)}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def test_the_catalogue_travels_inside(installed: Path, tmp_path: Path) -> None:
    listed = marsad(installed, tmp_path, "sources", "list", "--json")
    assert listed.returncode == 0, listed.stderr
    assert all(id_ in listed.stdout for id_ in load(shipped()))


def test_migrations_and_word_lists_travel_inside(installed: Path, tmp_path: Path) -> None:
    line = '{"url": "https://example.com/1", "title": "عنوان", "text": "أعلن الوزير الخطة", "source": "x"}\n'
    (tmp_path / "one.jsonl").write_text(line, encoding="utf-8")
    taken = marsad(installed, tmp_path, "import", "one.jsonl")
    assert taken.returncode == 0, taken.stderr
    found = marsad(installed, tmp_path, "search", "وزير", "--json")
    assert '"total": 1' in found.stdout, found.stderr


def test_nothing_but_the_program_is_installed(installed: Path) -> None:
    assert {entry.name for entry in installed.iterdir() if not entry.name.endswith(".dist-info")} == {
        "crawler", "scheduler", "index", "news", "marsad",
    }  # fmt: skip
