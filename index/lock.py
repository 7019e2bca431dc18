"""The lock that lets only one service or crawl work on a data folder."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from index.database import StoreError

FILE: Final = "lock"


class FolderBusy(StoreError):
    """Somebody holds the data folder; `pid` is what the lock file says."""

    def __init__(self, folder: Path, pid: str) -> None:
        self.pid = pid
        super().__init__(
            f"another marsad (pid {pid}) works on {folder}; stop it first, or name another folder with --data"
        )


class FolderLock:
    """The exclusive lock of a data folder, held until it is released or the process ends, however it ends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._descriptor: int | None = None

    def acquire(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.folder / FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip() or "unknown"
            os.close(descriptor)
            raise FolderBusy(self.folder, pid) from None
        except OSError:
            os.close(descriptor)
            raise
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._descriptor = descriptor
        return self

    def release(self) -> None:
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        return self.acquire()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()
