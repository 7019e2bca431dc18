"""The memory there is, and how much of it is ours."""

from pathlib import Path

import psutil
import pytest

from marsad import memory
from marsad.config import load_settings


def test_a_control_group_above_us_sets_the_ceiling(tmp_path: Path) -> None:
    group = tmp_path / "system.slice" / "marsad.service"
    group.mkdir(parents=True)
    own = tmp_path / "own"
    own.write_text("0::/system.slice/marsad.service\n")
    unlimited = memory.ceiling(tmp_path, own)
    assert unlimited == int(psutil.virtual_memory().total * memory.OUR_SHARE)
    (group / "memory.max").write_text("max\n")
    assert memory.ceiling(tmp_path, own) == unlimited
    (group.parent / "memory.max").write_text("104857600\n")
    assert memory.ceiling(tmp_path, own) == 100 * 2**20
    assert memory.ceiling(tmp_path / "nothing", tmp_path / "nothing") == unlimited


@pytest.mark.parametrize("seen", [Path("docker", "abc"), Path()], ids=["from outside", "from inside a container"])
def test_control_groups_of_the_first_version_set_it_too(tmp_path: Path, seen: Path) -> None:
    group = tmp_path / "memory" / seen
    group.mkdir(parents=True)
    own = tmp_path / "own"
    own.write_text("5:cpu,cpuacct:/docker/abc\n4:memory:/docker/abc\n1:name=systemd:/docker/abc\n0::/../..\n")
    (group / "memory.limit_in_bytes").write_text("9223372036854771712\n")  # what version 1 says for no limit
    assert memory.ceiling(tmp_path, own) == memory.ceiling(tmp_path / "nothing", own)
    (group / "memory.limit_in_bytes").write_text("209715200\n")
    assert memory.ceiling(tmp_path, own) == 200 * 2**20


def test_the_memory_in_use_is_that_of_now() -> None:
    before = memory.used()
    held = bytearray(64 * 2**20)
    assert memory.used() - before > 48 * 2**20
    del held
    assert memory.used() - before < 48 * 2**20


@pytest.mark.parametrize(("gigabytes", "workers"), [(0.5, 1), (1.5, 1), (2, 2), (64, 8)])
def test_a_small_machine_has_fewer_workers_than_cores(
    gigabytes: float, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "ceiling", lambda: int(gigabytes * 2**30))
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    assert load_settings(environ={}).crawler.workers == workers
