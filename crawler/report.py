"""What a crawl says of itself while it runs and when it is over."""

from dataclasses import asdict, dataclass, field
from typing import Any

from index.frontier.visits import VisitKind
from news.documents import DecisionKind


@dataclass(slots=True)
class Gate:
    """Closed while nothing new may be fetched; `closed` says why."""

    closed: str | None = None

    def close(self, reason: str) -> None:
        self.closed = reason

    def open(self) -> None:
        self.closed = None


@dataclass(frozen=True, slots=True)
class Progress:
    """`fetched`: answers so far; `pending`: visits still to be had; `site`: heard of last; `state` in a word."""

    fetched: int
    stored: int
    pending: int
    in_flight: int
    site: str
    state: str

    @property
    def words(self) -> str:
        return self.site if self.state == "crawling" else self.state.replace("_", " ")

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class CrawlReport:
    """Counts of this crawl: answers, among them `not_modified` (304) and `unchanged` (the same words again), decisions
    on articles, and `failures` that will be tried again. `note`: what a person should know; `failed`: why
    what was fetched could not be kept."""

    fetched: int = 0
    not_modified: int = 0
    new: int = 0
    unchanged: int = 0
    revisions: int = 0
    copies: int = 0
    same_document: int = 0
    dropped: int = 0
    failures: int = 0
    listed: int = 0
    note: str = ""
    failed: str = ""
    by_kind: dict[str, int] = field(default_factory=dict)

    def count_fetched(self, kind: VisitKind) -> None:
        self.fetched += 1
        self.by_kind[kind.value] = self.by_kind.get(kind.value, 0) + 1

    def count_decision(self, kind: DecisionKind) -> None:
        match kind:
            case DecisionKind.NEW:
                self.new += 1
            case DecisionKind.DUPLICATE:
                self.new += 1
                self.copies += 1
            case DecisionKind.REVISION:
                self.revisions += 1
            case DecisionKind.SAME_DOCUMENT:
                self.same_document += 1
            case DecisionKind.UNCHANGED:
                self.unchanged += 1

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)
