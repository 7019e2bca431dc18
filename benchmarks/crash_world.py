"""The world that crawls are killed in: forty outlets with what makes crawling hard, and what must come of each URL."""

import socket
import threading
from dataclasses import dataclass, field
from pathlib import Path

from tests.site import Outlet, World
from tests.site.behaviours import redirect, slow
from tests.site.outlet import EVERYWHERE

DELAY = 0.3
CRAWL_DELAY = 3.0
OLD, PRIVATE = "/news/2020/1/1/7", "/private/1"
ALLOWED = "127.0.1.0/24"
REFUSED = "127.0.9.9"  # loopback as well, so that even a mistake stays on the machine


@dataclass(slots=True)
class Doorbell:
    """Counts whoever connects to an address that must not be spoken to."""

    port: int
    rung: int = 0
    _socket: socket.socket = field(default_factory=socket.socket)

    def __post_init__(self) -> None:
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((REFUSED, self.port))
        self._socket.listen(64)
        threading.Thread(target=self._listen, name="doorbell", daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                caller, _ = self._socket.accept()
            except OSError:
                return
            self.rung += 1
            caller.close()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


@dataclass(slots=True)
class Expected:
    """The URLs by what must come of them."""

    documents: set[str] = field(default_factory=set)
    aliases: set[str] = field(default_factory=set)
    forbidden: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)

    @property
    def listed(self) -> set[str]:
        return self.documents | self.aliases | self.forbidden | self.refused


def build(world: World, sites: int, articles: int) -> Expected:
    """Every twentieth outlet asks for a long Crawl-delay, another twentieth answers slowly, one leads astray."""
    expected = Expected()
    for number in range(sites):
        outlet = world.outlet()
        unhurried = number % 20 == 7
        own = outlet.fill(6 if unhurried else articles, background=4)
        expected.documents |= {one.url for article in own for one in (article, *article.related)}
        old = outlet.add(path=OLD)
        outlet.behave(old.path, redirect(own[0].url, 301))
        expected.aliases.add(old.url)
        expected.forbidden.add(outlet.add(path=PRIVATE).url)
        if unhurried:
            outlet.robots = f"User-agent: *\nDisallow: /private/\nCrawl-delay: {CRAWL_DELAY:g}\n"
        if number % 20 == 11:
            for one in outlet.articles:
                outlet.behaviour.setdefault(one.path, slow(0.5))
    _lead_astray(world, next(iter(world.outlets.values())), expected)
    return expected


def _lead_astray(world: World, outlet: Outlet, expected: Expected) -> None:
    """One page redirects to an address that is in the source's domains and outside the allowed networks."""
    target = f"http://{REFUSED}:{world.port}/secret"
    lure = outlet.add(path="/news/2020/1/1/9", via=EVERYWHERE)
    outlet.behave(lure.path, redirect(target))
    expected.aliases.add(lure.url)
    expected.refused.add(target)


def write_sources(world: World, folder: Path) -> Path:
    world.write_sources(folder)
    first = next(iter(world.outlets.values()))
    file = folder / f"{first.id}.toml"
    domains = f'allowed_domains = ["{first.site}", "{REFUSED}"]\n[related]'
    file.write_text(file.read_text(encoding="utf-8").replace("[related]", domains), encoding="utf-8")
    return folder
