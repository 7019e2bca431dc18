"""Outlets on loopback addresses of their own, behind one server that honours validators and keeps a log.

with ReplaySite() as site:
    outlet = site.open("france24", "فرانس 24", country="FR", timezone="Europe/Paris")
    outlet.put("/ar/20180506-…", page, modified=published)
    outlet.listing("feed", "/rss", feed)
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from tests.site.behaviours import conditional, ok
from tests.site.exchange import Answer, Behaviour, Exchange
from tests.site.log import Seen
from tests.site.server import Server

ROBOTS = "User-agent: *\nDisallow: /private/\n"
MISSING = "<!DOCTYPE html><html lang='ar'><head><title>404</title></head><body><h1>الصفحة غير موجودة</h1></body></html>"


async def dated(exchange: Exchange) -> None:
    """Last-Modified alone, as servers without ETag answer."""
    answer = exchange.usual()
    asked = exchange.seen.headers.get("if-modified-since")
    if answer.status == 200 and answer.modified:
        modified = answer.modified.astimezone(UTC).replace(microsecond=0)
        answer = answer.plus(Last_Modified=format_datetime(modified, usegmt=True))
        if asked and modified <= parsedate_to_datetime(asked):
            answer = replace(answer, status=304, body=b"")
    await exchange.send(answer)


@dataclass(slots=True, kw_only=True)
class Outlet:
    """`answers` by decoded path; `listings` are the endpoints of its source file, by kind."""

    id: str
    name: str
    country: str
    timezone: str
    origin: str
    behaviour: Behaviour
    articles: tuple[str, ...] = ()
    answers: dict[str, Answer] = field(default_factory=dict)
    listings: dict[str, list[str]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return self.origin.removeprefix("http://").partition(":")[0]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def put(
        self, path: str, body: str | bytes, *, type: str = "text/html; charset=utf-8", modified: datetime | None = None
    ) -> str:
        """Answer `path` (escaped or not) with this from now on; returns its address."""
        encoded = body.encode() if isinstance(body, str) else body
        self.answers[unquote(path)] = Answer(body=encoded, type=type, modified=modified)
        return self.origin + path

    def listing(self, kind: str, path: str, body: str, *, modified: datetime | None = None) -> None:
        """An endpoint of its source file: `kind` is feed, sitemap or section."""
        self.put(path, body, type="text/html; charset=utf-8" if kind == "section" else "text/xml", modified=modified)
        named = self.listings.setdefault(f"{kind}s", [])
        if self.origin + path not in named:
            named.append(self.origin + path)

    def toml(self) -> str:
        known: dict[str, object] = {
            "id": self.id,
            "name": self.name,
            "homepage": f"{self.origin}/",
            "country": self.country,
            "timezone": self.timezone,
            **self.listings,
            **({"articles": list(self.articles)} if self.articles else {}),
        }
        return "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in known.items())


class ReplaySite:
    """The outlets are on 127.0.2.1, 127.0.2.2, …, all on one port that is free."""

    def __init__(self) -> None:
        self.outlets: dict[str, Outlet] = {}
        self._server = Server(self._route)

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()

    def open(
        self, id: str, name: str, *, country: str, timezone: str, behaviour: Behaviour = conditional,
        articles: tuple[str, ...] = (),
    ) -> Outlet:  # fmt: skip
        address = f"127.0.2.{len(self.outlets) + 1}"
        self._server.listen(address)
        outlet = Outlet(
            id=id, name=name, country=country, timezone=timezone, behaviour=behaviour, articles=articles,
            origin=f"http://{address}:{self._server.port}",
        )  # fmt: skip
        outlet.put("/robots.txt", ROBOTS, type="text/plain")
        self.outlets[address] = outlet
        return outlet

    def requests(self, since: int = 0) -> list[Seen]:
        """What was asked, in order; `since` is a former `len(site.requests())`."""
        return self._server.log.select(since=since)

    @property
    def endpoints(self) -> set[str]:
        return {url for outlet in self.outlets.values() for some in outlet.listings.values() for url in some}

    def url(self, seen: Seen) -> str:
        """Origin and decoded path of a request."""
        return self.outlets[seen.site].origin + seen.path

    def write_sources(self, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        for outlet in self.outlets.values():
            (folder / f"{outlet.id}.toml").write_text(outlet.toml(), encoding="utf-8")
        return folder

    def _route(self, address: str, path: str) -> tuple[Behaviour, Callable[[], Answer]]:
        outlet = self.outlets[address]
        answer = outlet.answers.get(path)
        if answer is None:
            return ok, lambda: Answer(body=MISSING.encode(), status=404)
        return outlet.behaviour, lambda: answer
