"""The service unit, as systemd itself reads it."""

import shutil
import subprocess
from pathlib import Path

import pytest

UNIT = Path(__file__).parent.parent / "deploy" / "marsad.service"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    """The program is not where an installation has it; any other will do for what is asked here."""
    text = UNIT.read_text(encoding="utf-8")
    assert "ExecStart=/opt/marsad/bin/marsad run" in text
    copy = tmp_path / UNIT.name
    copy.write_text(text.replace("/opt/marsad/bin/marsad", "/bin/true"), encoding="utf-8")
    told = subprocess.run(["systemd-analyze", "verify", str(copy)], capture_output=True, text=True, timeout=60)
    assert (told.returncode, told.stdout + told.stderr) == (0, "")


def test_the_unit_waits_longer_than_the_service_drains_and_starts_it_anew_after_any_end() -> None:
    told = dict(
        line.split("=", 1) for line in UNIT.read_text(encoding="utf-8").splitlines() if "=" in line and line[0] != "#"
    )
    assert told["Type"] == "notify"
    assert told["Restart"] == "always"
    assert int(told["TimeoutStopSec"]) > 20
    assert int(told["WatchdogSec"]) >= 60
