"""Today's extractor over the archived pages: the same workers and the same store as a crawl, and no request to anyone.

A page is read with the clock of its own day, so that «two hours ago» means what it meant then.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final

from crawler.archive import files
from crawler.conditional import body_hash
from crawler.pool import Pool
from crawler.tasks import Task
from crawler.warc import Kept, Member, members, moment, read_page
from index.documents.rereading import Reread, Subject, reread, subject
from index.frontier.visits import Fetched, Policy
from index.store import Store
from news.documents import Listing, NotDocument, Page, Source

AHEAD: Final = 2  # pages for each worker that wait for it
REFUSED: Final = "refused"  # a document's page in which today's extractor finds none: the document stays

# A page, and how many bytes of the archive it takes us on.
Step = tuple[Kept | None, int]


def archived_pages(folder: Path, since: datetime | None) -> Iterator[Step]:
    """All pages, day by day; None stands for other records and for what cannot be read."""
    for file in files(folder):
        end = 0
        if since is None or file.day >= since.date():
            with suppress(FileNotFoundError), file.path.open("rb") as stream:  # pruned meanwhile
                for member in members(stream, file.size):
                    end = member.start + member.length
                    yield _page(stream, member, since), member.length
        yield None, file.size - end


def _page(stream: BinaryIO, member: Member, since: datetime | None) -> Kept | None:
    if member.headers.get("warc-type") != "response" or (since is not None and moment(member) < since):
        return None
    return read_page(stream, member)


async def reextract(
    store: Store,
    folder: Path,
    sources: Mapping[str, Source],
    policy: Policy,
    *,
    workers: int,
    max_age: timedelta,
    now: datetime,
    since: datetime | None = None,
    on_progress: Callable[[int], None] = lambda size: None,
) -> dict[str, int]:
    """How many pages came to what. `on_progress` hears of bytes of the archive."""
    counts: Counter[str] = Counter(dict.fromkeys((*Reread, REFUSED), 0))
    room = asyncio.Semaphore(workers * AHEAD)

    async def one(kept: Kept) -> None:
        try:
            counts[await _one(store, pool, kept, sources, policy, max_age, now)] += 1
        finally:
            room.release()

    async with Pool(workers) as pool, asyncio.TaskGroup() as group:
        for kept, size in archived_pages(folder, since):
            if kept is not None:
                await room.acquire()
                group.create_task(one(kept))
            on_progress(size)
    return {str(name): count for name, count in counts.items()}


async def _one(
    store: Store,
    pool: Pool,
    kept: Kept,
    sources: Mapping[str, Source],
    policy: Policy,
    max_age: timedelta,
    now: datetime,
) -> str:
    page = kept.page
    with store.read() as conn:
        about = subject(conn, page.requested_url, page.fetched_at)
    if isinstance(about, Reread):
        return about.value
    source = _source_of(about, sources)
    answer = await pool.read(
        Task(
            page=page,
            listing=None,
            source=source,
            now=page.fetched_at,
            listed_title=about.listed_title,
            listed_published=about.listed_published,
        )
    )
    if isinstance(answer, NotDocument | Listing):
        return REFUSED if about.document is not None else Reread.UNCHANGED.value
    article = answer
    fetched = fetched_then(page)
    done: Reread = await asyncio.wrap_future(
        store.writer.submit(
            lambda conn: reread(conn, page.requested_url, article, fetched, source, policy, now, max_age)
        )
    )
    return done.value


def fetched_then(page: Page) -> Fetched:
    primary = page.url == page.requested_url
    return Fetched(
        status=page.status,
        etag=page.headers.get("etag") if primary else None,
        last_modified=page.headers.get("last-modified") if primary else None,
        body_hash=body_hash(page.body),
        at=page.fetched_at,
    )


def _source_of(about: Subject, sources: Mapping[str, Source]) -> Source:
    id_ = about.row.source
    return sources.get(id_) or Source(id=id_, name=id_, homepage=about.row.url)
