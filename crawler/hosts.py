"""Scrapy's scheduler by site: never two requests at a time, the next one `delay` seconds after the last one ended.

Scrapy's own counts from when a request was handed out, and lets a site that has to wait hold up all others.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import Final, Self

from scrapy import Request, signals
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler

from crawler.attempt import Attempt

MOST_REMEMBERED: Final = 5_000
# Seconds that a stop waits for a site's delay to pass, to follow a redirect whose first half was answered.
WORTH_WAITING: Final = 4.0


class Pace:
    """When each site may be asked again. Times in seconds on one monotonic clock."""

    def __init__(self) -> None:
        self._busy: set[str] = set()
        self._ready_at: dict[str, float] = {}

    def may_start(self, site: str, now: float) -> bool:
        return site not in self._busy and now >= self._ready_at.get(site, 0.0)

    def ready_at(self, site: str) -> float | None:
        """None while a request of the site is under way."""
        return None if site in self._busy else self._ready_at.get(site, 0.0)

    def started(self, site: str) -> None:
        self._busy.add(site)

    def ended(self, site: str, now: float, delay: float) -> None:
        self._busy.discard(site)
        if len(self._ready_at) > MOST_REMEMBERED:
            self._ready_at = {name: at for name, at in self._ready_at.items() if at > now}
        self._ready_at[site] = now + delay


class SiteScheduler(BaseScheduler):
    """Holds few requests: the frontier is the queue, and hands out one visit a site."""

    def __init__(self, crawler: Crawler, clock: Callable[[], float] = time.monotonic) -> None:
        self._crawler = crawler
        self._clock = clock
        self._pace = Pace()
        self._waiting: dict[str, deque[Request]] = {}
        self._alarm: tuple[float, asyncio.TimerHandle] | None = None
        crawler.signals.connect(self._left, signal=signals.request_left_downloader)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def has_pending_requests(self) -> bool:
        return bool(self._waiting)

    def enqueue_request(self, request: Request) -> bool:
        self._waiting.setdefault(_attempt(request).visit.site, deque()).append(request)
        return True

    def next_request(self) -> Request | None:
        now = self._clock()
        for site, requests in self._waiting.items():
            if self._pace.may_start(site, now):
                request = requests.popleft()
                if not requests:
                    del self._waiting[site]
                self._pace.started(site)
                _attempt(request).began = now
                return request
        self._wake_later(now)
        return None

    def release(self, attempt: Attempt) -> None:
        """The attempt is over, even if its request never came as far as the network."""
        if self._pace.ready_at(attempt.visit.site) is None:
            self._pace.ended(attempt.visit.site, self._clock(), attempt.delay)

    def drop_waiting(self) -> None:
        """For a stop: forget the requests that have not begun; their visits are given back. A redirect that is half
        followed stays, where its site may be asked soon: given back, its first half would be fetched again."""
        soon = self._clock() + WORTH_WAITING
        begun = {
            site: deque(request for request in requests if _attempt(request).began)
            for site, requests in self._waiting.items()
            if (self._pace.ready_at(site) or 0.0) <= soon
        }
        self._waiting = {site: requests for site, requests in begun.items() if requests}

    def close(self, reason: str) -> None:
        if self._alarm is not None:
            self._alarm[1].cancel()

    def _left(self, request: Request) -> None:
        if "attempt" in request.meta:
            attempt = _attempt(request)
            self._pace.ended(attempt.visit.site, self._clock(), attempt.delay)

    def _wake_later(self, now: float) -> None:
        """Have the engine ask again when the first waiting site is ready; by itself it does so every 5 s only."""
        times = [at for site in self._waiting if (at := self._pace.ready_at(site)) is not None]
        if not times or (self._alarm is not None and now < self._alarm[0] <= min(times)):
            return
        if self._alarm is not None:
            self._alarm[1].cancel()
        wait = max(min(times) - now, 0.0)
        self._alarm = (now + wait, asyncio.get_running_loop().call_later(wait, self._wake))

    def _wake(self) -> None:
        self._alarm = None
        slot = self._crawler.engine._slot
        if slot is not None:
            slot.nextcall.schedule()


def _attempt(request: Request) -> Attempt:
    attempt = request.meta["attempt"]
    assert isinstance(attempt, Attempt)
    return attempt
