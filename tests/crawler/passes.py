"""One pass of the real crawler over a real store, and what the store says of it afterwards."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from datetime import UTC, datetime

from sqlalchemy import select

from crawler import reactor
from crawler.engine import CrawlReport, Gate, Progress, crawl
from crawler.safe_fetch import Fetcher
from index import catalogue, frontier
from index.database import endpoints, urls
from index.store import Store
from marsad.config import Settings
from news.documents import Page
from scheduler.policy import AdaptivePolicy

During = Callable[[asyncio.Event, Gate, Store], Awaitable[None]]


def crawl_pass(
    settings: Settings,
    *,
    everything: bool = True,
    until_idle: bool = True,
    only: Collection[str] | None = None,
    during: During | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> CrawlReport:
    """Mark what is due, crawl, and give the report. `during` runs beside it, and may set the stop."""
    assert settings.sources is not None
    sources = catalogue.load(settings.sources)

    async def main(store: Store) -> CrawlReport:
        stop, gate = asyncio.Event(), Gate()
        beside = asyncio.ensure_future(during(stop, gate, store)) if during else None
        report = await crawl(
            store,
            settings,
            sources,
            AdaptivePolicy(),
            until_idle=until_idle,
            stop=stop,
            gate=gate,
            only_sources=only,
            on_progress=on_progress,
        )
        if beside is not None:
            await beside
        return report

    with Store.open(settings.data) as store:
        now = datetime.now(UTC)
        store.writer.submit(lambda conn: frontier.void_leases(conn)).result()
        store.writer.submit(
            lambda conn: frontier.sync_sources(conn, sources, now, default_delay=settings.crawler.delay)
        ).result()
        store.writer.submit(lambda conn: frontier.mark_due(conn, now, everything=everything)).result()
        return reactor.run(lambda: main(store))


def fetch_one(url: str, settings: Settings) -> Page:
    """One page by the downloader alone. Raises FetchError."""

    async def main() -> Page:
        async with Fetcher(settings) as fetcher:
            return await fetcher.fetch(url)

    return reactor.run(main)


def outcomes(settings: Settings) -> dict[str, str | None]:
    """Each listed URL's outcome; None while it is pending."""
    with Store.open(settings.data, readonly=True) as store, store.read() as conn:
        return {row.url: row.outcome for row in conn.execute(select(urls.c.url, urls.c.outcome))}


def tally(settings: Settings) -> Counter[str | None]:
    return Counter(outcomes(settings).values())


def leased(settings: Settings) -> int:
    with Store.open(settings.data, readonly=True) as store, store.read() as conn:
        rows = [
            *conn.execute(select(urls.c.id).where(urls.c.leased_by.is_not(None))),
            *conn.execute(select(endpoints.c.id).where(endpoints.c.leased_by.is_not(None))),
        ]
        return len(rows)


def attempts(settings: Settings) -> int:
    """All failed tries that were counted against a URL or an endpoint."""
    with Store.open(settings.data, readonly=True) as store, store.read() as conn:
        counted = [
            *conn.execute(select(urls.c.attempts)).scalars(),
            *conn.execute(select(endpoints.c.failures)).scalars(),
        ]
        return sum(counted)
