"""What the server was asked, by whom and when: the ground for every check of politeness."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Seen:
    """One request. `start` and `end` are monotonic seconds; `end` is None while the answer is not out."""

    site: str
    path: str
    method: str
    headers: Mapping[str, str]
    start: float
    end: float | None = None
    status: int | None = None
    sent: int = 0

    @property
    def conditional(self) -> bool:
        return "if-none-match" in self.headers or "if-modified-since" in self.headers


@dataclass(slots=True)
class Log:
    seen: list[Seen] = field(default_factory=list)

    def select(
        self, *, site: str | None = None, path: str | None = None, status: int | None = None, since: int = 0
    ) -> list[Seen]:
        """The requests in the order of their arrival; `since` leaves out that many of the earliest."""
        return [
            one
            for one in self.seen[since:]
            if site in (None, one.site) and path in (None, one.path) and status in (None, one.status)
        ]


def gaps(requests: Iterable[Seen]) -> list[float]:
    """Seconds from the end of each answer of ONE site to the start of its next request; negative where they overlap."""
    ordered = sorted(requests, key=lambda one: one.start)
    ends = (one.end if one.end is not None else float("inf") for one in ordered)
    return [later.start - end for end, later in zip(ends, ordered[1:], strict=False)]
