"""The one spider: it never runs out of start requests, for they come from the frontier.

claims ─► Feeder ─► Request ─► SiteScheduler ─► SafeHandler ─► answered ─► Pool ─► Recorder ─► store
                                     ▲ Redirects, SecondChance ◄──┘   └► failed ─► NetworkWatch ─► Recorder
"""

import logging
import time
from collections.abc import AsyncIterator
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure as Errback

from crawler import failures, standalone
from crawler.attempt import Attempt
from crawler.conditional import request_headers
from crawler.feeder import Feeder
from crawler.handler import Abandoned
from crawler.hosts import SiteScheduler
from crawler.job import Job
from crawler.limits import limit_of
from crawler.network import Verdict
from crawler.pool import PoolClosed
from crawler.recorder import Recorder, internal
from crawler.redirects import Disallowed, LeavesSite
from crawler.useragent import user_agent
from index.frontier.visits import Failure
from index.store import StoreError
from marsad.config import Settings
from news.documents import Outcome

log = logging.getLogger(__name__)

ACCEPT = "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/xml;q=0.9,*/*;q=0.8"


class PressSpider(Spider):
    name = "press"
    job: Job
    recorder: Recorder
    feeder: Feeder

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, job: Job | None = None, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        if job is None:
            job, close = standalone.open_job(crawler.settings["MARSAD_POLICY"])
            crawler.signals.connect(close, signal=signals.spider_closed, weak=False)
        spider.job = job
        spider.recorder = Recorder(job)
        spider.feeder = Feeder(job, spider.recorder)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        try:
            async for attempt in self.feeder.attempts():
                yield self.request(attempt)
        except Exception as error:
            self.job.fail(error)
        finally:
            if self.job.stopping:
                self._scheduler.drop_waiting()

    def request(self, attempt: Attempt) -> Request:
        visit, settings = attempt.visit, self.job.settings
        return request_to(
            visit.url,
            settings,
            headers=request_headers(visit),
            callback=self.answered,
            errback=self.failed,
            meta={
                "attempt": attempt,
                "download_slot": visit.site,
                "download_maxsize": limit_of(visit).size,
                "download_timeout": limit_of(visit).seconds,
            },
        )

    async def answered(self, response: Response) -> None:
        attempt: Attempt = response.meta["attempt"]
        await self._guarded(attempt, self._answered(attempt, response))

    async def failed(self, errback: Errback) -> None:
        attempt: Attempt = errback.request.meta["attempt"]  # type: ignore[attr-defined]
        await self._guarded(attempt, self._failed(attempt, errback.value or RuntimeError("no reason given")))

    async def _answered(self, attempt: Attempt, response: Response) -> None:
        await self.feeder.settle(self.job.watch.answered(time.monotonic()))
        await self.recorder.answered(attempt, response)

    async def _failed(self, attempt: Attempt, error: BaseException) -> None:
        if isinstance(error, Abandoned):
            return  # given back when the crawl ends
        if isinstance(error, LeavesSite | Disallowed):
            await self.feeder.settle(self.job.watch.answered(time.monotonic()))
        if isinstance(error, LeavesSite):
            await self.recorder.redirected(attempt, error.target)
        elif isinstance(error, Disallowed):
            await self.recorder.outcome(attempt, Outcome.ROBOTS, str(error), None)
        else:
            await self._judge(attempt, error)

    async def _judge(self, attempt: Attempt, error: BaseException) -> None:
        failure = failures.from_exception(error, self.job.clock())
        if failure is None:
            log.error("Fetching %s failed", attempt.visit.url, exc_info=error)
            failure = internal(error, self.job.clock())
        elif failures.may_be_ours(failure):
            await self._unclear(attempt, failure)
            return
        await self.recorder.failed(attempt, failure)

    async def _unclear(self, attempt: Attempt, failure: Failure) -> None:
        match self.job.watch.failed((attempt, failure), attempt.visit.site, attempt.began, time.monotonic()):
            case Verdict.THEIRS:
                await self.recorder.failed(attempt, failure)
            case Verdict.OURS:
                await self.job.give_back([attempt])
            case Verdict.UNCLEAR:
                self.job.wake.set()

    async def _guarded(self, attempt: Attempt, work: Any) -> None:
        """One visit's trouble is its own, unless it cannot even be written down."""
        try:
            await work
        except PoolClosed:
            pass  # given back when the crawl ends
        except StoreError as error:
            self.feeder.keep_for_later(attempt, error)
        except Exception as error:
            log.exception("Recording %s failed", attempt.visit.url)
            await self._last_resort(attempt, error)
        finally:
            self._scheduler.release(attempt)

    async def _last_resort(self, attempt: Attempt, error: Exception) -> None:
        try:
            await self.recorder.failed(attempt, internal(error, self.job.clock()))
        except Exception as second:
            self.job.fail(second)

    @property
    def _scheduler(self) -> SiteScheduler:
        scheduler = self.crawler.engine.scheduler
        assert isinstance(scheduler, SiteScheduler)
        return scheduler


def request_to(url: str, settings: Settings, *, headers: dict[str, str], meta: dict[str, Any], **more: Any) -> Request:
    """A request as all of ours are: with our name, in Arabic first, through the proxy if there is one."""
    proxy = settings.crawler.proxy
    return Request(
        url,
        headers={
            "User-Agent": user_agent(settings.crawler.contact),
            "Accept": ACCEPT,
            "Accept-Language": "ar,en;q=0.5",
            **headers,
        },
        meta={**meta, "proxy": str(proxy) if proxy is not None else None},
        dont_filter=True,
        **more,
    )
