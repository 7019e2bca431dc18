"""How much memory we use, and how much there is: of the machine, or of the container or service unit we run in."""

from pathlib import Path
from typing import Final

import psutil

# As seen from inside a container, and as systemd sets MemoryMax for a unit.
CGROUP: Final = Path("/sys/fs/cgroup")
OWN_CGROUP: Final = Path("/proc/self/cgroup")
# Of a machine that nobody divided, the rest is for others.
OUR_SHARE: Final = 0.75


def ceiling(root: Path = CGROUP, own: Path = OWN_CGROUP) -> int:
    """Bytes: our share of the machine's memory, or the least that a control group above us allows (version 2)."""
    limits = [int(psutil.virtual_memory().total * OUR_SHARE)]
    group = root / _own_group(own)
    for folder in (group, *group.parents):
        limits += _limit(folder / "memory.max")
        if folder == root:
            break
    return min(limits)


def used() -> int:
    """Bytes that we and our extraction processes hold now; not the peak, which never comes down."""
    me = psutil.Process()
    return sum(_resident(process) for process in (me, *me.children(recursive=True)))


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:  # a worker that has just ended
        return 0


def _own_group(file: Path) -> str:
    try:
        lines = file.read_text(encoding="ascii").splitlines()
    except OSError:
        return ""
    return next((line.removeprefix("0::").lstrip("/") for line in lines if line.startswith("0::")), "")


def _limit(file: Path) -> list[int]:
    try:
        said = file.read_text(encoding="ascii").strip()
    except OSError:
        return []
    return [int(said)] if said.isdecimal() else []
