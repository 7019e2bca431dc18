"""CPU and wall time of a command with all its descendants, workers that nobody waits for included."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import psutil

from benchmarks.shared import ROOT

EVERY = 0.05  # seconds; what a process spends in its last such moment is not seen


@dataclass(frozen=True, slots=True)
class Usage:
    """Seconds. `workers` is the part of `cpu` that was spent by other processes than the command's own."""

    cpu: float
    wall: float
    workers: float


def usage_of(command: Sequence[str], environ: Mapping[str, str] | None = None) -> Usage:
    """Run `command` to its end. Exits where it fails."""
    spent: dict[tuple[int, float], float] = {}
    with tempfile.TemporaryFile("w+") as errors:
        began = time.perf_counter()
        running = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **(environ or {})}, stdout=subprocess.DEVNULL, stderr=errors
        )
        root = psutil.Process(running.pid)
        while running.poll() is None:
            _look(root, spent)
            time.sleep(EVERY)
        wall = time.perf_counter() - began
        if running.returncode:
            errors.seek(0)
            sys.exit(f"{' '.join(command)} failed with {running.returncode}:\n{errors.read()[-4000:]}")
    total = sum(spent.values())
    own = max((seconds for (pid, _), seconds in spent.items() if pid == running.pid), default=0.0)
    return Usage(cpu=total, wall=wall, workers=total - own)


def _look(root: psutil.Process, spent: dict[tuple[int, float], float]) -> None:
    try:
        family = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    for process in family:
        try:
            times = process.cpu_times()
            spent[process.pid, process.create_time()] = times.user + times.system
        except psutil.NoSuchProcess:
            continue
