"""The HTTP server: one asyncio loop in a thread, any number of loopback addresses on one port."""

import asyncio
import contextlib
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable
from urllib.parse import unquote

from tests.site.exchange import Answer, Behaviour, Exchange, Reset
from tests.site.log import Log, Seen

IDLE = 75.0
HEAD_LIMIT = 1 << 16
Router = Callable[[str, str], tuple[Behaviour, Callable[[], Answer]]]


class Server:
    """`route(site, path)` gives the behaviour and the usual answer; it is called in the server's thread."""

    def __init__(self, route: Router) -> None:
        self.log = Log()
        self.port = 0
        self._route = route
        self._counts: Counter[tuple[str, str]] = Counter()
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._servers: list[asyncio.Server] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, name="site", daemon=True)

    def start(self, port: int = 0) -> None:
        self._thread.start()
        self.port = port

    def listen(self, address: str) -> None:
        """Answer on one more address; the first one chooses the port, where none was asked for."""
        asyncio.run_coroutine_threadsafe(self._listen(address), self._loop).result(10)

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def stand_still(self, seconds: float) -> None:
        """Neither accept nor answer anything for so long, as behind a line that is cut; what was sent waits."""
        self._loop.call_soon_threadsafe(time.sleep, seconds)

    async def _listen(self, address: str) -> None:
        server = await asyncio.start_server(self._accept, address, self.port, limit=HEAD_LIMIT, backlog=512)
        self.port = server.sockets[0].getsockname()[1]
        self._servers.append(server)

    async def _stop(self) -> None:
        self._stopping.set()
        for server in self._servers:
            server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        try:
            await self._converse(reader, writer)
        except Reset:
            _reset(writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
            pass  # the client left, or said nothing we understand: nothing is owed to it
        except asyncio.CancelledError:
            pass  # the server stops
        finally:
            self._tasks.discard(task)
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        site = writer.get_extra_info("sockname")[0]
        alive = True
        while alive and not self._stopping.is_set():
            async with asyncio.timeout(IDLE):
                head = await reader.readuntil(b"\r\n\r\n")
            alive = await self._serve(_parse(site, head), reader, writer)

    async def _serve(self, seen: Seen, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        if length := int(seen.headers.get("content-length", "0")):
            await reader.readexactly(length)
        self.log.seen.append(seen)
        path = seen.path.partition("?")[0]
        self._counts[seen.site, path] += 1
        behaviour, usual = self._route(seen.site, path)
        exchange = Exchange(
            seen=seen,
            number=self._counts[seen.site, path],
            usual=usual,
            writer=writer,
            stopping=self._stopping,
            keep_alive=seen.headers.get("connection", "").lower() != "close",
        )
        try:
            await behaviour(exchange)
        finally:
            seen.end = time.monotonic()
        return exchange.keep_alive


def _parse(site: str, head: bytes) -> Seen:
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, target, _ = first.split(" ", 2)
    pairs = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    path, mark, query = target.partition("?")
    return Seen(site=site, path=unquote(path) + mark + query, method=method, headers=headers, start=time.monotonic())


def _reset(writer: asyncio.StreamWriter) -> None:
    raw: socket.socket | None = writer.get_extra_info("socket")
    if raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
