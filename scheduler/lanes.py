"""Threads for the blocking work of jobs, one for each lane: work that hangs delays neither other lanes nor the exit."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")


class Occupied(Exception):
    """The lane's former work is still running; a thread cannot be ended from outside."""


class Lanes:
    def __init__(self) -> None:
        self._threads: dict[str, Thread] = {}

    async def run(self, lane: str, work: Callable[..., T], *arguments: Any) -> T:
        """What `work` returns or raises. Raises `Occupied` while an earlier one that was given up still runs."""
        if (before := self._threads.get(lane)) is not None and before.is_alive():
            raise Occupied(f"{lane}: the run before was cut off, but is still at work")
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()

        def body() -> None:
            try:
                result = work(*arguments)
            except BaseException as error:
                tell: Callable[[], None] = _unless_cut_off(done, done.set_exception, error)
            else:
                tell = _unless_cut_off(done, done.set_result, result)
            with suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(tell)

        self._threads[lane] = thread = Thread(target=body, name=f"job-{lane}", daemon=True)
        thread.start()
        try:
            return await done
        finally:
            if done.done() and not done.cancelled():
                thread.join()


def _unless_cut_off(done: "asyncio.Future[T]", settle: Callable[[Any], None], value: object) -> Callable[[], None]:
    return lambda: None if done.done() else settle(value)
