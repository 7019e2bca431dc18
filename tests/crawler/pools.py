"""Pools whose processes do what the page says, and what is asked of them."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from crawler.pool import Crowded, Pool
from crawler.tasks import Task
from news.documents import Listing, NotDocument, Outcome, Page, ReadArticle, Source

HOSTILE = (sys.executable, "-m", "tests.crawler.hostile_worker")
NOW = datetime(2026, 11, 23, tzinfo=UTC)
SOURCE = Source(id="sahifa", name="الصحيفة", homepage="https://sahifa.example/")


def page(body: bytes) -> Task:
    url = "https://sahifa.example/1"
    return Task(
        page=Page(requested_url=url, url=url, status=200, headers={}, body=body, fetched_at=NOW),
        listing=None,
        source=SOURCE,
        now=NOW,
    )


def of(source: str, body: bytes) -> Task:
    return replace(page(body), source=replace(SOURCE, id=source))


@asynccontextmanager
async def hostile(size: int = 2, deadline: float = 5.0) -> AsyncIterator[Pool]:
    async with Pool(size, deadline=deadline, command=HOSTILE) as pool:
        await pool.read(page(b"warm"))
        yield pool


def run(main: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(main())


def said(answer: Listing | ReadArticle | NotDocument) -> tuple[Outcome, str]:
    assert isinstance(answer, NotDocument)
    return answer.outcome, answer.reason


async def answered(pool: Pool, task: Task) -> Listing | ReadArticle | NotDocument:
    """What is put off for want of room or CPU time is handed in again, as the crawl does; a busy machine needs it."""
    while True:
        try:
            return await pool.read(task)
        except Crowded:
            await asyncio.sleep(0.05)
