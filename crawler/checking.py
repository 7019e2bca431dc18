"""What the outlets serve today: `sources check` and `sources add`, with the crawl's own manners and readers."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from crawler.pool import Pool
from crawler.safe_fetch import Fetcher, FetchError
from crawler.tasks import Task
from marsad.config import Settings
from news.discovery import Candidate, candidates, draft_source
from news.discovery.choosing import Tried, choose_endpoints, tried
from news.discovery.verdicts import EndpointVerdict, judge_endpoint
from news.documents import Endpoint, EndpointKind, Listing, NotDocument, Outcome, Page, ReadArticle, Source
from news.urls import join, site_of

# Of each kind; an outlet that has more feeds than these names the general one first.
TRIED_AT_MOST: Final = {EndpointKind.FEED: 12, EndpointKind.SITEMAP: 8, EndpointKind.SECTION: 12}
SAMPLE: Final = 200
ABSENT: Final = (404, 410)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One endpoint, and what its address held. `definite`: not a fault of the moment, a refusal or the line's."""

    source: str
    endpoint: Endpoint
    verdict: EndpointVerdict
    definite: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """The draft of a source file, its endpoints as they were found, and in words what was tried."""

    draft: Mapping[str, Any]
    endpoints: Sequence[Checked]
    words: str


async def check_sources(
    sources: Iterable[Source], settings: Settings, on_checked: Callable[[Checked], None]
) -> list[Checked]:
    """Fetch every endpoint once, switched on or not; each site at its own pace, all sites side by side."""
    async with Fetcher(settings) as fetcher, Pool(settings.crawler.workers) as pool:
        looker = Looker(fetcher, pool)

        async def one(source: Source, endpoint: Endpoint) -> Checked:
            found, definite = await looker.look(endpoint.url, endpoint.kind, source)
            verdict = judge_endpoint(endpoint.kind, found, datetime.now(UTC))
            checked = Checked(source=source.id, endpoint=endpoint, verdict=verdict, definite=definite)
            on_checked(checked)
            return checked

        return list(
            await asyncio.gather(*(one(source, endpoint) for source in sources for endpoint in source.endpoints))
        )


async def discover(url: str, settings: Settings, taken: Iterable[str]) -> Discovery:
    """Find an outlet's endpoints from its homepage. Raises FetchError where that cannot be had."""
    async with Fetcher(settings) as fetcher, Pool(settings.crawler.workers) as pool:
        looker = Looker(fetcher, pool)
        home = await fetcher.fetch(url)
        if home.status != 200:
            raise FetchError(f"{url} answers HTTP {home.status}")
        source = Source(id="new", name=url, homepage=home.url, allowed_domains=(site_of(home.url),))
        robots = await looker.text(join(home.url, "/robots.txt") or home.url)
        results = await _try(looker, candidates(home, robots), source)
        now = datetime.now(UTC)
        endpoints = choose_endpoints(results, now)
        addresses = _addresses(results)
        draft = draft_source(home, endpoints, addresses, taken=set(taken))
    verdicts = {result.candidate.url: result.verdict for result in results}
    return Discovery(
        draft=draft,
        endpoints=[
            Checked(source=draft["id"], endpoint=endpoint, verdict=verdicts[endpoint.url], definite=True)
            for endpoint in endpoints
        ],
        words=f"{len(results)} likely addresses of {urlsplit(home.url).netloc} were tried and none lists articles",
    )


class Looker:
    """Fetches and reads one address; whatever goes wrong becomes a `NotDocument` that says so."""

    def __init__(self, fetcher: Fetcher, pool: Pool) -> None:
        self._fetcher = fetcher
        self._pool = pool

    async def look(self, url: str, kind: EndpointKind, source: Source) -> tuple[Listing | NotDocument, bool]:
        try:
            page = await self._fetcher.fetch(url, kind)
        except FetchError as error:
            return NotDocument(outcome=Outcome.HTTP_ERROR, reason=str(error)), False
        if page.status != 200:
            reason = f"HTTP {page.status}"
            return NotDocument(outcome=Outcome.HTTP_ERROR, reason=reason), page.status in ABSENT
        return await self._read(page, kind, source), True

    async def text(self, url: str) -> str | None:
        try:
            page = await self._fetcher.fetch(url)
        except FetchError:
            return None
        return page.body.decode("utf-8", "replace") if page.status == 200 else None

    async def _read(self, page: Page, kind: EndpointKind, source: Source) -> Listing | NotDocument:
        answer = await self._pool.read(Task(page=page, listing=kind, source=source, now=page.fetched_at))
        assert not isinstance(answer, ReadArticle), "a listing was asked for"
        return answer


async def _try(looker: Looker, found: Sequence[Candidate], source: Source) -> list[Tried]:
    """Feeds and sitemaps first; sections only where none of these works."""
    results: list[Tried] = []
    for kinds in ((EndpointKind.FEED, EndpointKind.SITEMAP), (EndpointKind.SECTION,)):
        for kind in kinds:
            for candidate in [one for one in found if one.kind is kind][: TRIED_AT_MOST[kind]]:
                answer, _ = await looker.look(candidate.url, kind, source)
                results.append(tried(candidate, answer, datetime.now(UTC)))
        if any(result.verdict.works for result in results):
            break
    return results


def _addresses(results: Sequence[Tried]) -> list[str]:
    links = [link.url for result in results if isinstance(result.found, Listing) for link in result.found.links]
    return list(dict.fromkeys(links))[:SAMPLE]
