"""How much memory we use, and how much there is: of the machine, or of the container or service unit we run in."""

from contextlib import suppress
from pathlib import Path
from typing import Final

import psutil

# As seen from inside a container, and as systemd sets MemoryMax for a unit.
CGROUP: Final = Path("/sys/fs/cgroup")
OWN_CGROUP: Final = Path("/proc/self/cgroup")
# Control groups v2 and v1, by the controller's name in /proc/self/cgroup: mount folder and name of the limit's file.
VERSIONS: Final = {"": ("", "memory.max"), "memory": ("memory", "memory.limit_in_bytes")}
# Our share of a machine without such limits; the rest is for its other processes.
OUR_SHARE: Final = 0.75


def ceiling(root: Path = CGROUP, own: Path = OWN_CGROUP) -> int:
    """Bytes: our share of the machine's memory, or the least that a control group above us allows."""
    limits = [int(psutil.virtual_memory().total * OUR_SHARE)]
    for (version, file), group in _own_groups(own).items():
        limits += _limits_above(root / version, group, file)
    return min(limits)


def _limits_above(root: Path, group: str, file: str) -> list[int]:
    """Limits of a group and of all groups above it. A container often sees only its root, not its group's own
    folder."""
    folder = root / group
    above = [folder, *folder.parents]
    return [limit for one in above[: above.index(root) + 1] for limit in _limit(one / file)]


def used() -> int:
    """Bytes that we and our extraction processes hold now; not the peak, which never comes down."""
    me = psutil.Process()
    return sum(_resident(process) for process in (me, *me.children(recursive=True)))


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:  # a worker that has just ended
        return 0


def _own_groups(file: Path) -> dict[tuple[str, str], str]:
    """By where a version of control groups is mounted and the name of its limit: the path of our group."""
    found = dict.fromkeys(VERSIONS.values(), "")
    with suppress(OSError):
        for line in file.read_text(encoding="ascii").splitlines():
            _, controllers, path = line.split(":", 2)
            for name in controllers.split(","):
                if name in VERSIONS:
                    found[VERSIONS[name]] = path.lstrip("/")
    return found


def _limit(file: Path) -> list[int]:
    try:
        said = file.read_text(encoding="ascii").strip()
    except OSError:
        return []
    return [int(said)] if said.isdecimal() else []
