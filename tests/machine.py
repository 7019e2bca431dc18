"""marsad as a user has it: a data folder, and the command, each call a process of its own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from tests.site import World

ROOT = Path(__file__).parent.parent
T = TypeVar("T")


class Machine:
    """A data folder and the command that works on it, each call a process of its own."""

    def __init__(self, world: World, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("MARSAD_")},
            "MARSAD_DATA": str(folder / "data"),
            "MARSAD_SOURCES": str(world.write_sources(folder / "sources")),
            "MARSAD_ALLOW_NETWORKS": "127.0.0.0/8",
            "MARSAD_DELAY": "0",
            "MARSAD_WORKERS": "1",
            "MARSAD_CONTACT": "mailto:watch@marsad.example",
            **settings,
        }

    def start(self, *arguments: str, through: Sequence[str] = ()) -> subprocess.Popen[str]:
        """`through`: a command that runs ours in its own process."""
        command = [*through, sys.executable, "-m", "marsad.cli", *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=ROOT, env=self.environ, stdout=pipe, stderr=pipe, text=True)

    def run(self, *arguments: str, code: int = 0) -> str:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=180)
        assert process.returncode == code, f"{arguments} gave {process.returncode}:\n{out}\n{err}"
        return out

    def json(self, *arguments: str) -> Any:
        return json.loads(self.run(*arguments, "--json"))

    def export(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.run("export").splitlines()]

    def balanced_status(self) -> Any:
        status = self.json("status")
        for row in [*status["sources"], status["totals"]]:
            assert row["listed"] == row["stored"] + row["pending"] + sum(row["dropped"].values()), row
        assert status["totals"]["stored"] == len(self.export())
        return status

    def error(self, *arguments: str) -> str:
        """What a command that fails says, which must not be a traceback."""
        process = self.start(*arguments)
        _, err = process.communicate(timeout=60)
        assert process.returncode == 1, err
        assert "Traceback" not in err
        return err

    def shell(self, *command: str) -> str:
        """Output and errors of another command in the same environment."""
        done = subprocess.run(command, cwd=ROOT, env=self.environ, capture_output=True, text=True, timeout=200)
        return done.stderr + done.stdout

    def until_heartbeat(self) -> None:
        until(lambda: (self.folder / "data" / "heartbeat.json").exists())

    @contextmanager
    def service(self, through: Sequence[str] = ()) -> Iterator[subprocess.Popen[str]]:
        process = self.start("run", through=through)
        try:
            yield process
        finally:
            process.kill()
            process.communicate()


def until(condition: Callable[[], T], seconds: float = 60) -> T:
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.25)
    return value
