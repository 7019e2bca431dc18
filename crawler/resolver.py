"""The one way to an address: names are looked up here, filtered here, and Twisted connects to what came out of here.

So a redirect, a robots.txt, a literal or a name that changes its address between two looks all meet the same filter.
"""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Collection, Sequence
from ipaddress import ip_address
from typing import Any, Final, Self

import idna
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IAddress, IHostnameResolver, IHostResolution
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler.addresses import Address, Network, RefusedAddress, literal, may_connect
from marsad.config import load_settings

TTL: Final = 300.0
LOOKUP_TIMEOUT: Final = 15.0
MOST_LOOKUPS: Final = 20
MOST_NAMES: Final = 10_000
LOOKUP_FLAGS: Final = {"type": socket.SOCK_STREAM}

Getaddrinfo = Callable[..., Sequence[tuple[Any, ...]]]


@implementer(IHostResolution)
class Resolution:
    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        raise NotImplementedError


@implementer(IHostnameResolver)
class SafeResolver:
    """`exempt`: hosts that may resolve to anything: our own proxy."""

    def __init__(
        self,
        allowed: Collection[Network] = (),
        *,
        exempt: Collection[str] = (),
        getaddrinfo: Getaddrinfo = socket.getaddrinfo,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.allowed = tuple(allowed)
        self.exempt = frozenset(exempt)
        self._getaddrinfo = getaddrinfo
        self._clock = clock
        self._known: dict[str, tuple[float, list[Address]]] = {}
        self._asking: dict[str, asyncio.Task[list[Address]]] = {}
        self._slots = asyncio.Semaphore(MOST_LOOKUPS)

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> Self:
        """For `scrapy crawl`, which makes its resolver from the setting TWISTED_DNS_RESOLVER."""
        return cls(load_settings().crawler.allow_networks)

    def install_on_reactor(self) -> None:
        from twisted.internet import reactor

        reactor.installNameResolver(self)

    async def lookup(self, host: str, port: int) -> list[Address]:
        """The addresses of `host` that may be spoken to. Raises RefusedAddress, CannotResolveHostError."""
        host = ascii_name(host)
        written = literal(host)
        found = [written] if written is not None else await self._addresses(host)
        if host in self.exempt:
            return found
        public = [address for address in found if may_connect(address, port, self.allowed)]
        if not public:
            raise RefusedAddress(f"port {port} of {host} ({found[0]}) is not on the public web")
        return public

    def resolveHostName(
        self,
        resolutionReceiver: Any,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[IAddress]] | None = None,
        transportSemantics: str = "TCP",
    ) -> Any:
        resolution = Resolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)
        task = asyncio.ensure_future(self.lookup(hostName, portNumber))

        def deliver(done: asyncio.Task[list[Address]]) -> None:
            # A refused or unknown name is one without addresses; the handler has said why before it came to this.
            for address in [] if done.cancelled() or done.exception() else done.result():
                kind = IPv4Address if address.version == 4 else IPv6Address
                if addressTypes is None or kind in addressTypes:
                    resolutionReceiver.addressResolved(kind("TCP", str(address), portNumber))
            resolutionReceiver.resolutionComplete()

        task.add_done_callback(deliver)
        return resolution

    async def _addresses(self, host: str) -> list[Address]:
        known = self._known.get(host)
        if known is not None and self._clock() < known[0]:
            return known[1]
        task = self._asking.get(host)
        if task is None:
            task = self._asking[host] = asyncio.ensure_future(self._ask(host))
            task.add_done_callback(lambda _: self._asking.pop(host, None))
        return await asyncio.shield(task)

    async def _ask(self, host: str) -> list[Address]:
        async with self._slots:
            try:
                found = await asyncio.wait_for(in_thread(self._getaddrinfo, host, LOOKUP_FLAGS), LOOKUP_TIMEOUT)
            except TimeoutError:
                raise CannotResolveHostError(f"no answer about {host} within {LOOKUP_TIMEOUT:g} s") from None
            except (OSError, UnicodeError) as error:
                raise CannotResolveHostError(f"{host} has no address ({error})") from error
        addresses = list(dict.fromkeys(ip_address(str(entry[4][0]).partition("%")[0]) for entry in found))
        if not addresses:
            raise CannotResolveHostError(f"{host} has no address")
        self._remember(host, addresses)
        return addresses

    def _remember(self, host: str, addresses: list[Address]) -> None:
        now = self._clock()
        if len(self._known) >= MOST_NAMES:
            self._known = {name: entry for name, entry in self._known.items() if entry[0] > now}
        if len(self._known) < MOST_NAMES:
            self._known[host] = (now + TTL, addresses)


def ascii_name(host: str) -> str:
    """Twisted asks for names as people read them, the name service wants them in punycode."""
    if host.isascii():
        return host.lower()
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise CannotResolveHostError(f"{host} is no name of a host ({error})") from error


async def in_thread(getaddrinfo: Getaddrinfo, host: str, flags: dict[str, Any]) -> Sequence[tuple[Any, ...]]:
    """In a daemon thread: the name service may keep a lookup for half a minute, and a stop does not wait for that."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Sequence[tuple[Any, ...]]] = loop.create_future()

    def settle(result: Sequence[tuple[Any, ...]] | Exception) -> None:
        if answer.done():
            return
        if isinstance(result, Exception):
            answer.set_exception(result)
        else:
            answer.set_result(result)

    def ask() -> None:
        try:
            result: Sequence[tuple[Any, ...]] | Exception = getaddrinfo(host, None, **flags)
        except Exception as error:
            result = error
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, result)

    threading.Thread(target=ask, name=f"lookup-{host[:40]}", daemon=True).start()
    return await answer
