"""What passes between the frontier and those who visit for it: a visit out, one result back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from index.frontier.habit import Habit
from news.documents import EndpointKind, FoundVia, Outcome, ParsedDate


class VisitKind(StrEnum):
    ROBOTS = "robots"
    ENDPOINT = "endpoint"
    ARTICLE = "article"


class FailureClass(StrEnum):
    """Why a visit gave no answer to read. The classes differ in how patiently they are retried."""

    NETWORK = "network"  # DNS, refused or unreachable: may be our own line
    TIMEOUT = "timeout"
    SERVER = "server"  # 5xx
    THROTTLED = "throttled"  # 429, or 503 with Retry-After: the whole site waits
    CLIENT = "client"  # 4xx of an endpoint
    UNREADABLE = "unreadable"  # an answer that is not what it should be


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One leased fetch. `id` is the row in `endpoints` or `urls`; for robots the origin's row.

    `listing` says what an endpoint holds; `hop` how many related links lie between a listing and this article;
    `revisit` is set when the URL was decided before. `site` is the registered domain whose delay governs it.
    """

    kind: VisitKind
    id: int
    url: str
    source: str
    site: str
    run: str
    delay: float
    attempts: int = 0
    listing: EndpointKind | None = None
    depth: int = 0
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    hop: int = 0
    revisit: bool = False
    found_via: FoundVia | None = None
    listed_title: str | None = None
    listed_published: ParsedDate | None = None
    robots: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What is remembered of an answer besides its text."""

    status: int
    etag: str | None
    last_modified: str | None
    body_hash: str | None
    at: datetime
    retry_after: timedelta | None = None
    max_age: timedelta | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A visit without an answer to read. `outcome` is what the URL gets when the retries are used up."""

    kind: FailureClass
    outcome: Outcome
    reason: str
    at: datetime
    status: int | None = None
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """The habits of an endpoint and what its latest poll gave: all that its next fetch depends on.

    `entries` is what its list holds, now or when it was last read; `habit` knows this poll already. `index`: it names
    other lists and has no entries itself; `overflowed_at`: when its list was last found renewed as a whole.
    """

    interval: timedelta
    at: datetime
    habit: Habit
    entries: int
    new: int
    unchanged: bool
    failures: int
    failure: FailureClass | None = None
    status: int | None = None
    retry_after: timedelta | None = None
    ttl: timedelta | None = None
    index: bool = False
    overflowed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NextFetch:
    """When to poll again, and why then. `wait` counts from now; `overflowed`: items may have been missed between two
    polls."""

    interval: timedelta
    wait: timedelta
    pace: str
    overflowed: bool = False


class Policy(Protocol):
    """When to come back. `scheduler.policy` has the rules; they are handed in so that imports point one way."""

    def next_fetch(self, poll: Poll) -> NextFetch: ...

    def next_retry(self, failure: Failure, attempts: int) -> timedelta | None:
        """The wait before the next attempt of a URL, or None when its `failure.outcome` is final."""

    def next_revisit(self, age: timedelta) -> timedelta | None:
        """The wait before an article first seen `age` ago is looked at again for edits, or None."""
