"""One request and what may be answered to it: the common ground of the server, the outlets and the behaviours."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from http import HTTPStatus

from tests.site.log import Seen

CHUNK = 1 << 16
REASONS = {status.value: status.phrase for status in HTTPStatus}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    body: bytes = b""
    status: int = 200
    type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    modified: datetime | None = None

    def plus(self, **headers: str) -> "Answer":
        """With more headers; `retry_after="5"` means `Retry-After: 5`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, headers={**self.headers, **named})


class Reset(Exception):
    """The behaviour wants the connection cut with a TCP reset."""


@dataclass(slots=True, kw_only=True)
class Exchange:
    """`number` counts the requests of this path from 1; `usual` gives what the outlet would answer by itself."""

    seen: Seen
    number: int
    usual: Callable[[], Answer]
    writer: asyncio.StreamWriter
    stopping: asyncio.Event
    keep_alive: bool = True

    async def send(self, answer: Answer) -> None:
        """A whole answer with its length; the body is left out where HTTP says so."""
        silent = self.seen.method == "HEAD" or answer.status in (204, 304)
        headers = {"Content-Type": answer.type, "Content-Length": str(len(answer.body)), **answer.headers}
        await self.start(answer.status, headers)
        if not silent:
            await self.write(answer.body)

    async def start(self, status: int, headers: Mapping[str, str]) -> None:
        self.seen.status = status
        reason = REASONS.get(status, "Unknown")
        lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in headers.items())]
        if not self.keep_alive:
            lines.append("Connection: close")
        self.writer.write("\r\n".join([*lines, "", ""]).encode("latin-1"))
        await self.writer.drain()

    async def write(self, data: bytes) -> None:
        for at in range(0, len(data), CHUNK):
            self.writer.write(data[at : at + CHUNK])
            await self.writer.drain()
        self.seen.sent += len(data)

    async def sleep(self, seconds: float) -> None:
        """Waits, but not longer than the server lives."""
        try:
            await asyncio.wait_for(self.stopping.wait(), seconds)
        except TimeoutError:
            return
        raise ConnectionAbortedError("the server stops")


Behaviour = Callable[[Exchange], Awaitable[None]]
