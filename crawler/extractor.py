"""One extraction process as its owner sees it: a socket to ask through, and a process id to kill by."""

import asyncio
import os
import pickle
import signal
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import psutil

from crawler.tasks import HEAD, Answer, Task, frame

# Parsers written in C leak a little; a fresh worker costs a millisecond.
TASKS_PER_WORKER: Final = 1_000


class WorkerDied(Exception):
    pass


@dataclass(slots=True, eq=False)
class Worker:
    pid: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    tasks: int = 0

    @property
    def usable(self) -> bool:
        return not self.reader.at_eof() and not self.writer.is_closing() and self.tasks < TASKS_PER_WORKER

    def spent(self) -> float:
        """Seconds of its own CPU time since it began; 0 where it is gone."""
        try:
            times = psutil.Process(self.pid).cpu_times()
        except psutil.Error:
            return 0.0
        return float(times.user + times.system)

    async def ask(self, task: Task) -> Answer:
        """Raises WorkerDied."""
        self.tasks += 1
        try:
            self.writer.write(frame(task))
            await self.writer.drain()
            size = HEAD.unpack(await self.reader.readexactly(HEAD.size))[0]
            answer: Answer = pickle.loads(await self.reader.readexactly(size))
        except (OSError, EOFError) as error:
            raise WorkerDied from error
        return answer

    def end(self) -> None:
        """Its process id is safe to signal for as long as its socket is open: it closes it only by dying."""
        if not self.reader.at_eof():
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        self.writer.close()
