"""What a server may do with a request, by name. Those in lower case alone are behaviours, the others make one.

outlet.behave("/rss", fail_then_ok(2, status=503))
"""

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import cache

from tests.site.exchange import CHUNK, Answer, Behaviour, Exchange, Reset

FILLER = b"<p>" + "نص طويل لا ينتهي. ".encode() * 64 + b"</p>\n"
NOT_FEED = (
    "<!doctype html><html lang='ar'><head><title>تسجيل الدخول</title></head><body>يرجى تفعيل المتصفح</body></html>"
)


async def ok(exchange: Exchange) -> None:
    """The usual page, without validators."""
    await exchange.send(exchange.usual())


async def conditional(exchange: Exchange) -> None:
    """The usual page with ETag and Last-Modified, or 304 where the client has it (RFC 9110, 13.2.2)."""
    answer = exchange.usual()
    if answer.status != 200:
        return await exchange.send(answer)
    etag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
    answer = answer.plus(ETag=etag)
    if answer.modified:
        answer = answer.plus(Last_Modified=format_datetime(answer.modified.astimezone(UTC), usegmt=True))
    if _has_it(exchange, etag, answer.modified):
        answer = replace(answer, status=304, body=b"")
    await exchange.send(answer)


async def windows_1256(exchange: Exchange) -> None:
    """The usual page in windows-1256, which the header says and the page does not."""
    await exchange.send(_in_windows_1256(exchange.usual(), "; charset=windows-1256"))


async def windows_1256_undeclared(exchange: Exchange) -> None:
    await exchange.send(_in_windows_1256(exchange.usual(), ""))


async def gone(exchange: Exchange) -> None:
    await exchange.send(Answer(body=b"gone", status=410))


async def html_instead_of_feed(exchange: Exchange) -> None:
    await exchange.send(Answer(body=NOT_FEED.encode()))


async def empty(exchange: Exchange) -> None:
    await exchange.send(Answer(type=exchange.usual().type))


async def reset(exchange: Exchange) -> None:
    """Headers promise a page, then the connection is cut."""
    await exchange.start(200, {"Content-Type": "text/html", "Content-Length": "4096"})
    await exchange.write(b"<html>")
    raise Reset


async def header_bomb(exchange: Exchange) -> None:
    """A header that never ends, until the client or the server has enough."""
    exchange.keep_alive = False
    exchange.writer.write(b"HTTP/1.1 200 OK\r\nX-Endless: ")
    exchange.seen.status = 200
    while not exchange.stopping.is_set():
        await exchange.write(b"x" * CHUNK)


async def hang(exchange: Exchange) -> None:
    """Takes the request and never answers."""
    await exchange.sleep(3600)


async def gzip_bomb(exchange: Exchange) -> None:
    """200 KB on the wire, 200 MB unpacked."""
    await exchange.send(Answer(body=_bomb(), headers={"Content-Encoding": "gzip"}))


async def restless(exchange: Exchange) -> None:
    """The usual page with a counter that differs each time, and no validators."""
    answer = exchange.usual()
    counter = f'<div class="visits">زوار الصفحة: {1000 + 7 * exchange.number}</div></body>'.encode()
    await exchange.send(replace(answer, body=answer.body.replace(b"</body>", counter)))


def slow(seconds: float) -> Behaviour:
    async def behave(exchange: Exchange) -> None:
        await exchange.sleep(seconds)
        await conditional(exchange)

    return behave


def drip(seconds: float, piece: int = 1) -> Behaviour:
    """The usual page, `piece` bytes every `seconds`."""

    async def behave(exchange: Exchange) -> None:
        body = exchange.usual().body
        await exchange.start(200, {"Content-Type": "text/html", "Content-Length": str(len(body))})
        for at in range(0, len(body), piece):
            await exchange.write(body[at : at + piece])
            await exchange.sleep(seconds)

    return behave


def fail_then_ok(times: int, status: int = 500) -> Behaviour:
    async def behave(exchange: Exchange) -> None:
        if exchange.number <= times:
            await exchange.send(Answer(body=b"failure", status=status))
        else:
            await conditional(exchange)

    return behave


def failing(status: int, *, retry_after: str | None = None) -> Behaviour:
    """`status` each time, as 403, 404, 429 or 503."""

    async def behave(exchange: Exchange) -> None:
        answer = Answer(body=b"failure", status=status)
        await exchange.send(answer.plus(Retry_After=retry_after) if retry_after else answer)

    return behave


def redirect(to: str, status: int = 302) -> Behaviour:
    async def behave(exchange: Exchange) -> None:
        await exchange.send(Answer(status=status, headers={"Location": to}))

    return behave


def huge(size: int) -> Behaviour:
    """A page of `size` bytes, streamed."""

    async def behave(exchange: Exchange) -> None:
        await exchange.start(200, {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(size)})
        chunk = FILLER * (CHUNK // len(FILLER) + 1)
        left = size
        while left > 0:
            await exchange.write(chunk[: min(left, len(chunk))])
            left -= min(left, len(chunk))

    return behave


def with_headers(**headers: str) -> Behaviour:
    """The usual page with more headers: `with_headers(X_Robots_Tag="noindex")`."""

    async def behave(exchange: Exchange) -> None:
        await exchange.send(exchange.usual().plus(**headers))

    return behave


def text(body: str, type: str = "text/html; charset=utf-8", status: int = 200) -> Behaviour:
    """Exactly these words."""

    async def behave(exchange: Exchange) -> None:
        await exchange.send(Answer(body=body.encode(), type=type, status=status))

    return behave


def edited(after: int, edit: Callable[[], None]) -> Behaviour:
    """The usual page; `edit` is called once, when it was fetched `after` times."""

    async def behave(exchange: Exchange) -> None:
        await conditional(exchange)
        if exchange.number == after:
            edit()

    return behave


@cache
def _bomb() -> bytes:
    """Made once: packing it takes a second, in which this server would answer nobody."""
    return gzip.compress(bytes(200 << 20), compresslevel=9)


def _has_it(exchange: Exchange, etag: str, modified: datetime | None) -> bool:
    asked = exchange.seen.headers
    if tags := asked.get("if-none-match"):
        return etag in (tag.strip().removeprefix("W/") for tag in tags.split(","))
    since = asked.get("if-modified-since")
    return bool(since and modified and modified.replace(microsecond=0) <= parsedate_to_datetime(since))


def _in_windows_1256(answer: Answer, charset: str) -> Answer:
    said = answer.body.decode().replace('<meta charset="utf-8">', "").replace(' encoding="utf-8"', "")
    body = said.encode("windows-1256", errors="xmlcharrefreplace")
    return replace(answer, body=body, type=answer.type.partition(";")[0] + charset)
