"""Redirects: followed within a site, each hop at the site's pace; those that leave it go back to the frontier.

Scrapy's own middleware keeps the slot of the first site, so the target would be asked without any delay.
"""

import re
from dataclasses import dataclass
from typing import Final, TypeAlias

from scrapy import Request
from scrapy.http import Response

from crawler import robots
from crawler.addresses import RefusedAddress
from crawler.attempt import Attempt
from index.frontier.visits import VisitKind
from news import urls

MOST_HOPS: Final = 5
PERMANENT: Final = frozenset({301, 308})
STATUSES: Final = PERMANENT | {302, 303, 307}
# As browsers read an address: "fi\tle:" is "file:".
_NOISE: Final = re.compile(r"^[\x00-\x20]+|[\t\r\n]+")
_OTHER_SCHEME: Final = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)


class EndlessRedirect(Exception):
    """More hops than any honest chain has, or one that comes back to where it was."""


class LeavesSite(Exception):
    """`target` is of another site, or of a host whose robots.txt is not known here."""

    def __init__(self, target: str) -> None:
        super().__init__(f"redirects to {target}")
        self.target = target


class Disallowed(Exception):
    """The target is forbidden by robots.txt."""


@dataclass(frozen=True, slots=True)
class Follow:
    target: str


Judgement: TypeAlias = Follow | EndlessRedirect | LeavesSite | Disallowed | RefusedAddress


def judge(attempt: Attempt, here: str, location: str) -> Judgement | None:
    """What to do with an answer at `here` that points to `location`; None where that is no address at all."""
    if _OTHER_SCHEME.match(_NOISE.sub("", location)):
        return RefusedAddress(f"redirects to {location[:200]}, which is not on the web")
    target = urls.join(here, location)
    if target is None:
        return None
    if target == here or target in attempt.hops or len(attempt.hops) >= MOST_HOPS:
        return EndlessRedirect(f"{len(attempt.hops) + 1} redirects, the last to {target}")
    if not _stays(attempt, here, target):
        return LeavesSite(target)
    if attempt.visit.kind is not VisitKind.ROBOTS and not robots.may_fetch(attempt.visit.robots, target):
        return Disallowed(f"redirects to {target}, which robots.txt forbids")
    return Follow(target)


def _stays(attempt: Attempt, here: str, target: str) -> bool:
    """Listings and robots.txt may move within their site; an article's robots.txt speaks for its own host only."""
    if urls.site_of(target) != attempt.visit.site:
        return False
    if attempt.visit.kind is not VisitKind.ARTICLE:
        return True
    return _host(target) == _host(here) and urls.in_scope(attempt.source, target)


def _host(url: str) -> str:
    return urls.host_of(url).removeprefix("www.")


class Redirects:
    """The downloader middleware."""

    def process_response(self, request: Request, response: Response) -> Request | Response:
        attempt = request.meta.get("attempt")
        location = response.headers.get("Location")
        if attempt is None or response.status not in STATUSES or not location:
            return response
        judgement = judge(attempt, request.url, location.decode("utf-8", "replace"))
        if judgement is None:
            return response
        if not isinstance(judgement, Follow):
            raise judgement
        attempt.hops.append(request.url)
        attempt.permanent = attempt.permanent and response.status in PERMANENT
        return request.replace(url=judgement.target)
