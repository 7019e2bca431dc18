"""Starts the fork server that extraction processes come from; `crawler.worker` is the other end of its socket."""

import asyncio
import os
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from crawler.tasks import HEAD

START_TIMEOUT: Final = 60.0  # seconds; a process that has not started by then never will
# Seconds between two starts, should it be killed while it starts.
PAUSE: Final = 0.1


class ForkServer:
    """The process that workers are forked from; started anew when it has been killed itself."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._lock = asyncio.Lock()

    async def fork(self, end: socket.socket) -> int:
        """Give `end` of a socket pair to a new worker; its process id."""
        async with self._lock:
            give_up_at = time.monotonic() + START_TIMEOUT
            while True:
                control = self._start()
                try:
                    return await asyncio.wait_for(self._ask(control, end), START_TIMEOUT)
                except TimeoutError:
                    self.close()
                except (OSError, EOFError):
                    if self.close() < 0:  # a signal ended it: somebody's doing, which says nothing of its start
                        give_up_at = time.monotonic() + START_TIMEOUT
                if time.monotonic() > give_up_at:
                    raise RuntimeError("the extraction processes do not start; see what they wrote to standard error")
                await asyncio.sleep(PAUSE)

    def close(self) -> int:
        """How its process ended: an exit status, or below 0 the signal; 0 where there was none."""
        ended = 0
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            self._process.kill()
            ended = self._process.wait()
            self._process = None
        return ended

    def _start(self) -> socket.socket:
        if self._control is None or self._process is None:
            self._control, theirs = socket.socketpair()
            self._control.setblocking(False)
            # A BLAS that starts threads of its own cannot be forked safely.
            environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
            with theirs:
                self._process = subprocess.Popen(
                    [*self._command, str(theirs.fileno())],
                    pass_fds=[theirs.fileno()],
                    cwd=Path(__file__).parents[1],
                    env=environment,
                    stdin=subprocess.DEVNULL,
                )
        return self._control

    @staticmethod
    async def _ask(control: socket.socket, end: socket.socket) -> int:
        socket.send_fds(control, [b"+"], [end.fileno()])
        answer = b""
        while len(answer) < HEAD.size:
            part = await asyncio.get_running_loop().sock_recv(control, HEAD.size - len(answer))
            if not part:
                raise EOFError
            answer += part
        return int(HEAD.unpack(answer)[0])
