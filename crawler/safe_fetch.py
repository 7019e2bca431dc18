"""One page for a person who waits for it: the same downloader, the same manners, without a frontier.

async with Fetcher(settings) as fetcher:
    page = await fetcher.fetch("https://…/rss")
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler import failures, reactor, robots
from crawler.engine import scrapy_settings
from crawler.hosts import Pace
from crawler.limits import LISTINGS, ROBOTS, Limit
from crawler.recorder import page_of
from crawler.redirects import MOST_HOPS, STATUSES
from crawler.spiders.press import request_to
from index.frontier.robots import origin_of
from marsad.config import Settings
from news.documents import EndpointKind, Page
from news.urls import join, site_of


class FetchError(Exception):
    """No page, and why, in words."""


class Errand(Spider):
    """Does nothing by itself: the engine is kept open for `engine.download_async`."""

    name = "errand"
    over: asyncio.Event

    async def start(self) -> AsyncIterator[Any]:
        await self.over.wait()
        return
        yield  # never reached: it makes this a generator, which Scrapy asks for


class NoScheduler(BaseScheduler):
    def has_pending_requests(self) -> bool:
        return False

    def enqueue_request(self, request: Request) -> bool:
        return False

    def next_request(self) -> Request | None:
        return None


class Fetcher:
    """Obeys robots.txt, keeps each site's delay, follows redirects to any public address."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pace = Pace()
        self._robots: dict[str, str | FetchError | None] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._over = asyncio.Event()
        options = scrapy_settings(settings)
        options.set("SCHEDULER", NoScheduler, priority="cmdline")
        self._crawler = Crawler(Errand, options)
        self._running: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        reactor.guard(self._settings)
        opened = asyncio.Event()
        self._crawler.signals.connect(lambda: opened.set(), signal=signals.engine_started, weak=False)
        self._running = asyncio.ensure_future(self._crawler.crawl_async(over=self._over))
        waiting = asyncio.ensure_future(opened.wait())
        await asyncio.wait({waiting, self._running}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._over.set()
        if self._running is not None:
            await self._running

    async def fetch(self, url: str, kind: EndpointKind = EndpointKind.SECTION) -> Page:
        """The answer, whatever its status. May be called many times at once. Raises FetchError."""
        response = await self._follow(url, LISTINGS[kind], obey=True)
        return page_of(url, response, datetime.now(UTC))

    async def _rules(self, url: str) -> str | None:
        """The text of the origin's robots.txt; a server in trouble allows nothing (RFC 9309, 2.3.1.4)."""
        origin = origin_of(url)
        async with self._locks[origin]:
            if origin not in self._robots:
                self._robots[origin] = await self._read_robots(f"{origin}/robots.txt")
        said = self._robots[origin]
        if isinstance(said, FetchError):
            raise said
        return said

    async def _read_robots(self, url: str) -> str | FetchError | None:
        try:
            response = await self._follow(url, ROBOTS)
        except FetchError as error:
            return error
        if response.status >= 500 or response.status == 429:
            return FetchError(f"{url} answers HTTP {response.status}: nothing may be fetched now")
        return robots.readable(response.body) if response.status == 200 else None

    async def _follow(self, url: str, limit: Limit, *, obey: bool = False) -> Response:
        """The first answer that is no redirect."""
        here = url
        for _ in range(MOST_HOPS + 1):
            if obey and not robots.may_fetch(await self._rules(here), here):
                raise FetchError(f"robots.txt forbids {here}")
            response = await self._ask(here, limit)
            location = (response.headers.get("Location") or b"").decode("utf-8", "replace")
            target = join(here, location) if response.status in STATUSES and location else None
            if target is None:
                return response
            here = target
        raise FetchError(f"more than {MOST_HOPS} redirects, the last to {here}")

    async def _ask(self, url: str, limit: Limit) -> Response:
        """One request, at its site's pace; other sites do not wait for it."""
        site = site_of(url)
        async with self._locks[site]:
            await asyncio.sleep(max((self._pace.ready_at(site) or 0.0) - time.monotonic(), 0.0))
            self._pace.started(site)
            try:
                return await self._crawler.engine.download_async(self._request(url, site, limit))
            except Exception as error:
                failure = failures.from_exception(error, datetime.now(UTC))
                if failure is None:
                    raise
                raise FetchError(f"{url}: {failure.reason}") from error
            finally:
                self._pace.ended(site, time.monotonic(), self._delay(url))

    def _delay(self, url: str) -> float:
        said = self._robots.get(origin_of(url))
        return max(self._settings.crawler.delay, robots.crawl_delay(said if isinstance(said, str) else None))

    def _request(self, url: str, site: str, limit: Limit) -> Request:
        meta = {"download_slot": site, "download_maxsize": limit.size, "download_timeout": limit.seconds}
        return request_to(url, self._settings, headers={}, meta=meta)
