"""One crawl in the running loop: a Scrapy crawler, fed from the frontier, from the first claim to the last commit.

    claim ─► download ─► read ─► commit          until `stop` is set, or nothing is left that can be had now

A stop claims nothing more; what is under way gets `GRACE` seconds, then it is cut off and given back.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from typing import Final
from uuid import uuid4

from scrapy.crawler import Crawler
from scrapy.settings import Settings as ScrapySettings

from crawler import reactor
from crawler import settings as static
from crawler.handler import ABANDON
from crawler.job import Job
from crawler.keeping import open_archive
from crawler.pool import SLOW_PAGES, Pool
from crawler.report import CrawlReport, Gate, Progress
from crawler.spiders.press import PressSpider
from index.frontier.visits import Policy
from index.store import Store, StoreError
from marsad.config import Settings
from news.documents import Source

__all__ = ["CrawlReport", "Gate", "Progress", "crawl"]

log = logging.getLogger(__name__)

GRACE: Final = 11.0
AFTER_CUT: Final = 3.0


async def crawl(
    store: Store,
    settings: Settings,
    sources: Mapping[str, Source],
    policy: Policy,
    *,
    until_idle: bool,
    stop: asyncio.Event,
    gate: Gate | None = None,
    only_sources: Collection[str] | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> CrawlReport:
    """Crawl until `stop` is set or, with `until_idle`, until nothing is left that can be had in this pass.

    The loop must be the reactor's (`crawler.reactor.run`). Raises what should not have happened; what a site, a page
    or a full disk does is in the report.
    """
    reactor.guard(settings)
    async with Pool(settings.crawler.workers, most_held=SLOW_PAGES) as pool:
        run = uuid4().hex
        job = Job(
            run=run,
            archive=open_archive(store, settings, run),
            store=store,
            settings=settings,
            sources=sources,
            policy=policy,
            pool=pool,
            until_idle=until_idle,
            stop=stop,
            gate=gate or Gate(),
            only_sources=only_sources,
            on_progress=on_progress,
        )
        try:
            await _run(job)
        finally:
            await _give_back(job)
            if job.archive is not None:
                await asyncio.to_thread(job.archive.close)
    job.show(now=True)
    if job.broken is not None:
        raise job.broken
    return job.report


def scrapy_settings(settings: Settings) -> ScrapySettings:
    scrapy = ScrapySettings()
    scrapy.setmodule(static, priority="project")
    scrapy.set("DOWNLOAD_VERIFY_CERTIFICATES", settings.crawler.verify_tls, priority="project")
    return scrapy


async def _run(job: Job) -> None:
    crawler = Crawler(PressSpider, scrapy_settings(job.settings))
    running = asyncio.ensure_future(crawler.crawl_async(job=job))
    stopping = asyncio.ensure_future(job.stop.wait())
    try:
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not running.done():
            await asyncio.wait({running}, timeout=GRACE)
        if not running.done():
            log.info("Cutting off %d visits that are still under way", len(job.in_flight))
            job.pool.close()
            crawler.signals.send_catch_log(ABANDON)
            await asyncio.wait({running}, timeout=AFTER_CUT)
        if running.done():
            await running
    finally:
        for task in (stopping, running):
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task


async def _give_back(job: Job) -> None:
    """Whatever was claimed and not committed. Where even that cannot be written, the next run voids the leases."""
    try:
        await job.give_back(list(job.in_flight.values()))
    except StoreError as error:
        log.warning("%d visits could not be given back: %s", len(job.in_flight), error)
