"""`scrapy crawl press`: one pass with the settings of marsad, for whoever starts the spider by Scrapy's own command."""

import asyncio
from collections.abc import Awaitable, Callable

from scrapy.utils.misc import load_object

from crawler.job import Job
from crawler.keeping import open_archive
from crawler.pool import SLOW_PAGES, Pool
from index import catalogue, frontier
from index.lock import FolderLock
from index.store import Store
from marsad.config import load_settings

USER_SOURCES = "sources"


def open_job(policy: str) -> tuple[Job, Callable[[], Awaitable[None]]]:
    """The job, and what closes it. `policy`: the dotted path of a `Policy`."""
    settings = load_settings()
    lock = FolderLock(settings.data).acquire()
    store = Store.open(settings.data)
    sources = catalogue.load(settings.sources or catalogue.shipped(), settings.data / USER_SOURCES)
    pool = Pool(settings.crawler.workers, most_held=SLOW_PAGES)
    job = Job(
        store=store,
        settings=settings,
        sources=sources,
        policy=load_object(policy)(),
        pool=pool,
        until_idle=True,
        stop=asyncio.Event(),
    )
    job.archive = open_archive(store, settings, job.run)
    now = job.clock()
    store.writer.submit(lambda conn: frontier.void_leases(conn, now=now)).result()
    store.writer.submit(
        lambda conn: frontier.sync_sources(conn, sources, now, default_delay=settings.crawler.delay)
    ).result()
    store.writer.submit(lambda conn: frontier.mark_due(conn, now)).result()

    async def close() -> None:
        await job.give_back(list(job.in_flight.values()))
        pool.close()
        if job.archive is not None:
            await asyncio.to_thread(job.archive.close)
        store.close()
        lock.release()

    return job, close
