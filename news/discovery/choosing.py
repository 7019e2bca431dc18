"""Which of the candidates that were tried become the endpoints of a new source."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from news.discovery import Candidate
from news.discovery.verdicts import EndpointVerdict, judge_endpoint
from news.documents import Endpoint, EndpointKind, Listing, NotDocument
from news.urls import canonical

_SAME = 0.8  # outlets serve one feed as RSS, RDF and Atom: so much in common and it is that feed again


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A candidate, what its address held, and what that is worth."""

    candidate: Candidate
    found: Listing | NotDocument
    verdict: EndpointVerdict

    @property
    def links(self) -> frozenset[str]:
        found = self.found
        return frozenset(canonical(link.url) for link in found.links) if isinstance(found, Listing) else frozenset()


def tried(candidate: Candidate, found: Listing | NotDocument, now: datetime) -> Tried:
    return Tried(candidate=candidate, found=found, verdict=judge_endpoint(candidate.kind, found, now))


def choose_endpoints(results: Sequence[Tried], now: datetime) -> list[Endpoint]:
    """Working feeds and sitemaps without those that repeat one of their own kind; sections where there are neither."""
    machine = [one for kind in (EndpointKind.FEED, EndpointKind.SITEMAP) for one in _distinct(results, kind)]
    return [_endpoint(one, now) for one in machine or _distinct(results, EndpointKind.SECTION)]


def _distinct(results: Sequence[Tried], kind: EndpointKind) -> Iterator[Tried]:
    """What the outlet names itself is looked at first, so that a guess never displaces it."""
    known: set[str] = set()
    mine = [one for one in results if one.candidate.kind is kind and one.verdict.works]
    for one in sorted(mine, key=lambda one: not one.candidate.certain):
        links = one.links
        if links and len(links & known) >= _SAME * len(links):
            continue
        known |= links
        yield one


def _endpoint(one: Tried, now: datetime) -> Endpoint:
    return Endpoint(
        kind=one.candidate.kind,
        url=one.candidate.url,
        confidence="high" if one.candidate.certain else "medium",
        evidence=f"{one.candidate.evidence}: {one.verdict.words}",
        checked_at=now.isoformat(timespec="seconds"),
    )
