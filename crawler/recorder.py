"""What came of a visit, recorded in the store: one transaction for each, which also notes when its site may be asked
again."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from scrapy.http import Response
from sqlalchemy import Connection

from crawler import conditional, failures, keeping, robots
from crawler.addresses import refusal
from crawler.attempt import Attempt
from crawler.job import Job
from crawler.limits import unreadable_type
from crawler.pool import Crowded
from crawler.redirects import STATUSES as REDIRECTS
from crawler.tasks import Task
from index import frontier
from index.documents.recording import Recorded, record_article
from index.frontier.reopening import OUR_MISTAKE
from index.frontier.visits import Failure, FailureClass, Fetched, VisitKind
from news.documents import Listing, NotDocument, Outcome, Page, ReadArticle
from news.extract.robots_meta import joined
from news.urls import in_scope, site_of

log = logging.getLogger(__name__)

T = TypeVar("T")


class Recorder:
    def __init__(self, job: Job) -> None:
        self._job = job

    async def answered(self, attempt: Attempt, response: Response) -> None:
        """An answer of any status. Raises PoolClosed when the crawl stops before it is read."""
        visit, ended = attempt.visit, self._job.clock()
        self._job.report.count_fetched(visit.kind)
        if visit.kind is VisitKind.ROBOTS:
            text = robots.readable(response.body) if response.status == 200 else None
            await self.robots(attempt, response.status, text)
        elif conditional.is_unchanged(visit, response):
            if response.status == conditional.NOT_MODIFIED:
                self._job.report.not_modified += 1
            else:
                self._job.report.unchanged += 1
            await self._unchanged(attempt, self._fetched(attempt, response, ended), ended)
        elif 200 <= response.status < 300:
            page = page_of(visit.url, response, ended)
            try:
                result = await self._read(attempt, page, ended)
            except Crowded as error:
                await self.failed(attempt, put_off(error, ended))
                return
            recorded = await self._result(attempt, result, self._fetched(attempt, response, ended), ended)
            if not isinstance(result, Listing) and visit.kind is VisitKind.ARTICLE:
                await self._archive(attempt, response, page, result, recorded)
        else:
            await self.failed(attempt, failures.from_status(response.status, response.headers, ended))

    async def robots(self, attempt: Attempt, status: int | None, text: str | None) -> None:
        """`status` None: it could not be had."""
        now = self._job.clock()
        attempt.delay = max(attempt.delay, robots.crawl_delay(text))  # what it asks for holds from now on
        await self._commit(attempt, now, lambda conn: frontier.record_robots(conn, attempt.visit, status, text, now))

    async def failed(self, attempt: Attempt, failure: Failure) -> None:
        visit, policy = attempt.visit, self._job.policy
        log.debug("No answer to read from %s: %s (%s)", visit.url, failure.reason, failure.kind)
        if visit.kind is VisitKind.ROBOTS:
            # What leads nowhere or to a refused address is no robots.txt; the pages themselves will say so.
            nowhere = failure.outcome in (Outcome.REFUSED_ADDRESS, Outcome.REDIRECT_LOOP)
            await self.robots(attempt, 404 if nowhere else failure.status, None)
            return
        again = await self._commit(
            attempt, failure.at, lambda conn: frontier.record_failure(conn, visit, failure, policy, failure.at)
        )
        self._job.report.failures += again
        self._job.report.dropped += not again

    async def outcome(self, attempt: Attempt, outcome: Outcome, reason: str, fetched: Fetched | None) -> None:
        now = self._job.clock()
        visit, policy = attempt.visit, self._job.policy
        self._job.report.dropped += visit.kind is VisitKind.ARTICLE
        await self._commit(
            attempt, now, lambda conn: frontier.record_outcome(conn, visit, outcome, reason, fetched, policy, now)
        )

    async def redirected(self, attempt: Attempt, target: str) -> None:
        """The visit was redirected to where another site's pace or another host's robots.txt applies."""
        now = self._job.clock()
        visit, source, policy = attempt.visit, attempt.source, self._job.policy
        self._job.report.count_fetched(visit.kind)
        if visit.kind is VisitKind.ROBOTS:
            await self.robots(attempt, min(REDIRECTS), None)
            return
        if not in_scope(source, target) and (why := refusal(target, self._job.settings.crawler.allow_networks)):
            await self.outcome(attempt, Outcome.REFUSED_ADDRESS, f"redirects to {target}: {why}", None)
            return
        await self._commit(
            attempt, now, lambda conn: frontier.record_redirect(conn, visit, target, None, source, policy, now)
        )

    async def _unchanged(self, attempt: Attempt, fetched: Fetched, now: datetime) -> None:
        visit, policy = attempt.visit, self._job.policy
        await self._commit(attempt, now, lambda conn: frontier.record_unchanged(conn, visit, fetched, policy, now))

    async def _archive(
        self,
        attempt: Attempt,
        response: Response,
        page: Page,
        result: ReadArticle | NotDocument,
        recorded: Recorded | None,
    ) -> None:
        """After the commit: the page of what could not be kept is fetched again anyhow."""
        archive = self._job.archive
        if archive is None or unreadable_type(page.headers.get("content-type", "")):
            return
        if keeping.worth_keeping(page, result, recorded):
            request = response.request
            asked_with = request.headers.to_unicode_dict() if request is not None else {}
            kept = archive.keep(page, attempt.visit.source, {str(name): value for name, value in asked_with.items()})
            if archive.busy:
                await asyncio.wrap_future(kept)

    async def _read(self, attempt: Attempt, page: Page, now: datetime) -> Listing | ReadArticle | NotDocument:
        visit = attempt.visit
        content_type = page.headers.get("content-type", "")
        if unreadable_type(content_type):
            return NotDocument(outcome=Outcome.NOT_ARTICLE, reason=f"is {content_type}")
        return await self._job.pool.read(
            Task(
                page=page,
                listing=visit.listing,
                source=attempt.source,
                now=now,
                listed_title=visit.listed_title,
                listed_published=visit.listed_published,
            )
        )

    async def _result(
        self, attempt: Attempt, result: Listing | ReadArticle | NotDocument, fetched: Fetched, ended: datetime
    ) -> Recorded | None:
        """What the store made of an article."""
        visit, source, policy = attempt.visit, attempt.source, self._job.policy
        max_age = self._job.settings.crawler.max_age
        if isinstance(result, NotDocument):
            await self.outcome(attempt, result.outcome, result.reason, fetched)
        elif isinstance(result, Listing):
            listing = result
            recorded = await self._commit(
                attempt,
                ended,
                lambda conn: frontier.record_listing(conn, visit, listing, fetched, source, policy, ended, max_age),
            )
            self._job.report.listed += recorded.new
        else:
            article = result
            stored: Recorded = await self._commit(
                attempt,
                ended,
                lambda conn: record_article(conn, visit, article, fetched, source, policy, ended, max_age),
            )
            if stored.decision is not None:
                self._job.report.count_decision(stored.decision.kind)
            return stored
        return None

    def _fetched(self, attempt: Attempt, response: Response, at: datetime) -> Fetched:
        """An endpoint has moved where every hop was permanent and none left the site."""
        moved = bool(attempt.hops) and attempt.permanent and site_of(response.url) == attempt.visit.site
        return conditional.fetched_of(
            attempt.visit, response, at, moved_to=response.url if moved else None, primary=not attempt.hops
        )

    async def _commit(self, attempt: Attempt, ended: datetime, operation: Callable[[Connection], T]) -> T:
        site, delay = attempt.visit.site, attempt.delay

        def whole(conn: Connection) -> T:
            result = operation(conn)
            frontier.site_served(conn, site, ended, delay)
            return result

        result = await self._job.write(whole)
        self._job.finish(attempt)
        return result


def page_of(requested: str, response: Response, now: datetime) -> Page:
    """Repeated headers are joined as RFC 9110, 5.3 says; of two types the first one counts.

    Of several X-Robots-Tag lines a robot's name governs its own line only.
    """
    headers = {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }
    if content_type := response.headers.getlist("Content-Type"):
        headers["content-type"] = content_type[0].decode("latin-1")
    if robots := response.headers.getlist("X-Robots-Tag"):
        headers["x-robots-tag"] = joined(value.decode("latin-1") for value in robots)
    return Page(
        requested_url=requested,
        url=response.url,
        status=response.status,
        headers=headers,
        body=response.body,
        fetched_at=now,
    )


def put_off(error: Crowded, at: datetime) -> Failure:
    """A page that we had no room or time to read: a failure that is retried, so it is fetched again later."""
    return Failure(kind=FailureClass.UNREADABLE, outcome=Outcome.PARSE_ERROR, reason=str(error), at=at)


def internal(error: BaseException, at: datetime) -> Failure:
    """A mistake of ours on one page: it counts as tries, so that it cannot be fetched for ever."""
    return Failure(
        kind=FailureClass.UNREADABLE,
        outcome=Outcome.PARSE_ERROR,
        reason=f"{OUR_MISTAKE}: {failures.words(error)}",
        at=at,
    )
