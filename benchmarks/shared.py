"""What the benchmarks share: where the evaluation data lies, how marsad is called, how a figure is summed up."""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def evaluation_data() -> Path:
    """The folder of real pages, feeds and texts. Exits with a sentence where it is absent."""
    folder = Path(os.environ.get("MARSAD_SHARED", ROOT.parent / "shared")) / "eval"
    if not folder.is_dir():
        sys.exit(f"{folder} is absent: this benchmark measures on real texts; set MARSAD_SHARED to their folder.")
    return folder


def marsad(
    *arguments: str | Path, data: Path, environ: Mapping[str, str] | None = None, check: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would, in a process of its own."""
    command = [sys.executable, "-m", "marsad.cli", "--data", str(data), *map(str, arguments)]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **(environ or {})}, capture_output=True, text=True, check=False
    )
    if check and done.returncode:
        sys.exit(f"{' '.join(command)} failed with {done.returncode}:\n{done.stderr[-4000:]}")
    return done


def marsad_json(*arguments: str | Path, data: Path, environ: Mapping[str, str] | None = None) -> Any:
    return json.loads(marsad(*arguments, "--json", data=data, environ=environ).stdout)


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def spread(values: Sequence[float], unit: str) -> str:
    return f"p50 {statistics.median(values):.2f} {unit}, p95 {percentile(values, 0.95):.2f} {unit}, n {len(values)}"
