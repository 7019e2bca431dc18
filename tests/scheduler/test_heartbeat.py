from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scheduler import heartbeat

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_a_heartbeat_is_read_back(tmp_path: Path) -> None:
    heartbeat.write(tmp_path, NOW, "running", {"jobs": {}})
    pulse = heartbeat.read(tmp_path, NOW + timedelta(seconds=20))
    assert (pulse.alive, pulse.state) == (True, "running")


def test_an_old_heartbeat_is_no_sign_of_life(tmp_path: Path) -> None:
    heartbeat.write(tmp_path, NOW, "running", {})
    assert not heartbeat.read(tmp_path, NOW + timedelta(minutes=2)).alive


def test_a_farewell_is_no_sign_of_life(tmp_path: Path) -> None:
    heartbeat.write(tmp_path, NOW, "stopped", {})
    assert not heartbeat.read(tmp_path, NOW).alive


@pytest.mark.parametrize("content", [None, "", "{", '{"at": "yesterday"}', "[]"])
def test_a_missing_or_broken_file_is_no_sign_of_life(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / heartbeat.FILE).write_text(content)
    assert not heartbeat.read(tmp_path, NOW).alive
