"""Scrapy's HTTP handler, made safe for strangers: capped headers, filtered addresses, downloads that can be cut off."""

import asyncio
from typing import Any, Final
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.web._newclient import HEADER, STATUS, HTTP11ClientProtocol

from crawler.addresses import DEFAULT_PORTS, check_unresolved
from crawler.resolver import SafeResolver

# Endless headers cost 1.1 GB and a core per request without a cap.
MOST_HEADER_BYTES: Final = 256 * 1024
IDLE_CONNECTION_SECONDS: Final = 30

# The signal that cuts off every download under way.
ABANDON: Final = object()


class HeadersTooLarge(Exception):
    pass


class Abandoned(Exception):
    """We stopped this download ourselves; it says nothing about the site."""


class CappedParser(_LenientHTTPClientParser):
    MAX_LENGTH = 64 * 1024  # of one line: some outlets send security policies longer than Twisted's 16 KB
    received = 0

    def dataReceived(self, data: bytes) -> None:
        super().dataReceived(data)  # type: ignore[no-untyped-call]
        if self.state in (STATUS, HEADER):
            self.received += len(data)
            if self.received > MOST_HEADER_BYTES:
                raise HeadersTooLarge(f"more than {MOST_HEADER_BYTES // 1024} KB of headers")

    def lineLengthExceeded(self, line: bytes) -> None:
        raise HeadersTooLarge(f"a header of more than {self.MAX_LENGTH // 1024} KB")


class CappedProtocol(_LenientHTTP11ClientProtocol):
    def request(self, request: Any) -> Deferred[Any]:
        answer = super().request(request)
        if self._parser is not None:
            self._parser.__class__ = CappedParser  # as Scrapy's own protocol does: Twisted names the class itself
        return answer


class CappedFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: IAddress | None) -> HTTP11ClientProtocol:
        return CappedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class SafeHandler(HTTP11DownloadHandler):
    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = CappedFactory
        self._pool.cachedConnectionTimeout = IDLE_CONNECTION_SECONDS
        self._pool.maxPersistentPerHost = 1
        # Twisted would send a request again at once, without the site's delay; `crawler.retries` waits for it.
        self._pool.retryAutomatically = False
        self._running: set[asyncio.Future[Response]] = set()
        crawler.signals.connect(self.abandon, signal=ABANDON)

    async def download_request(self, request: Request) -> Response:
        running = asyncio.ensure_future(self._checked(request))
        self._running.add(running)
        try:
            return await running
        except asyncio.CancelledError:
            raise Abandoned(f"the download of {request.url} was cut off") from None
        finally:
            self._running.discard(running)

    def abandon(self) -> None:
        for running in self._running:
            running.cancel()

    async def _checked(self, request: Request) -> Response:
        """Twisted cannot say why it found no address, so the filter is asked first; it answers both from one cache."""
        from twisted.internet import reactor

        resolver = reactor.nameResolver
        if not isinstance(resolver, SafeResolver):
            raise RuntimeError("the address filter is not installed; call crawler.reactor.guard first")
        parts = urlsplit(request.url)
        host, port = parts.hostname or "", parts.port or DEFAULT_PORTS[parts.scheme]
        if request.meta.get("proxy"):
            check_unresolved(host, port, resolver.allowed)
        else:
            await resolver.lookup(host, port)
        return await super().download_request(request)
