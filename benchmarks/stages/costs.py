"""The CPU of each stage in one process, page after page: reading as a worker does it, keeping as the service does."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, select
from trafilatura import bare_extraction

import index.documents.arrivals
import index.embedded.generations
import news.extract
from benchmarks.replay.press import Press
from benchmarks.replay.site import Outlet
from benchmarks.stopwatch import Stopwatch
from index.database import urls
from index.documents.recording import record_article
from index.embedded import EmbeddedIndex
from index.follower import follow
from index.frontier import sync_sources
from index.frontier.addresses import address, list_new
from index.frontier.visits import Fetched, Visit, VisitKind
from index.store import Store
from news.copies.fingerprints import fingerprint
from news.documents import FoundKind, FoundVia, NotDocument, Page, ReadArticle, Source
from news.sources import parse_source
from news.urls import canonical
from scheduler.policy import AdaptivePolicy

# What of `extract` is watched, in its order.
PARTS = {
    "decode": "decode",
    "parse": "LexborHTMLParser",
    "head and JSON-LD": "read_metadata",
    "headline and text": "read_page",
    "dates": "find_published",
    "related coverage": "read_related",
}
Fetches = Sequence[tuple[Page, Source]]


def fetches_of(press: Press, addresses: Iterable[str]) -> list[tuple[Page, Source]]:
    """The pages behind these canonical URLs, as if just fetched."""
    wanted = set(addresses)
    found = []
    for outlet in press.site.outlets.values():
        source = parse_source(outlet.toml(), f"{outlet.id}.toml")
        for path in outlet.answers:
            if canonical(outlet.origin + path) in wanted:
                found.append((_page(outlet, path), source))
    return found


def read_all(fetches: Fetches, watch: Stopwatch) -> list[ReadArticle]:
    read = []
    with watch.watching(news.extract, PARTS):
        for page, source in fetches:
            with watch.running("extract"):
                article = news.extract.extract(page, source, page.fetched_at)
            assert not isinstance(article, NotDocument), f"{page.url}: {article}"
            with watch.running("fingerprint"):
                made = fingerprint(article.title, article.text)
            read.append(ReadArticle(article=article, fingerprint=made))
    return read


def trafilatura_all(fetches: Fetches, watch: Stopwatch) -> None:
    for page, _ in fetches:
        html = page.body.decode()
        with watch.running("trafilatura"):
            bare_extraction(html, url=page.url, with_metadata=True)


def keep_all(read: Sequence[ReadArticle], sources: Sequence[Source], watch: Stopwatch, folder: Path) -> None:
    now = datetime.now(UTC)
    fetched = Fetched(status=200, etag=None, last_modified=None, body_hash=None, at=now)
    by_id = {source.id: source for source in sources}
    with Store.open(folder) as store, EmbeddedIndex.open(folder / "search.db") as embedded:
        visits = store.writer.submit(partial(_listed, read=read, sources=by_id, now=now)).result()
        with watch.watching(index.documents.arrivals, {"decide, with its candidates": "decided"}):
            for one, visit in zip(read, visits, strict=True):
                source = by_id[one.article.source]
                operation = partial(
                    record_article,
                    visit=visit,
                    read=one,
                    fetched=fetched,
                    source=source,
                    policy=AdaptivePolicy(),
                    now=now,
                )
                with watch.running("store"):
                    store.writer.submit(operation).result()
        with watch.watching(index.embedded.generations, {"analysis": "analyse_all"}), watch.running("index"):
            follow(store, embedded)


def _page(outlet: Outlet, path: str) -> Page:
    url, answer = outlet.origin + path, outlet.answers[path]
    return Page(
        requested_url=url, url=url, status=200, headers={"content-type": answer.type}, body=answer.body,
        fetched_at=datetime.now(UTC),
    )  # fmt: skip


def _listed(conn: Connection, read: Sequence[ReadArticle], sources: dict[str, Source], now: datetime) -> list[Visit]:
    """A row for each page, as if its outlet's feed had listed it, and the visit that fetched it."""
    sync_sources(conn, sources, now)
    for source in sources.values():
        own = [one.article.url for one in read if one.article.source == source.id]
        found_via = FoundVia(kind=FoundKind.FEED, url=f"{source.homepage}rss")
        list_new(conn, [address(url, url) for url in own], found_via, source.id, now)
    rows = {row.url: row for row in conn.execute(select(urls.c.id, urls.c.url, urls.c.source, urls.c.site))}
    return [
        Visit(kind=VisitKind.ARTICLE, id=row.id, url=row.url, source=row.source, site=row.site, run="stages", delay=0)
        for row in (rows[one.article.url] for one in read)
    ]
