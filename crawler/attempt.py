"""One visit under way: what is known of it between the claim and the commit."""

from dataclasses import dataclass, field

from index.frontier.visits import Visit, VisitKind
from news.documents import Source


@dataclass(slots=True, eq=False)
class Attempt:
    """`delay` in seconds, robots.txt included; `began`: when its latest request went out, on the monotonic clock;
    `hops`: the addresses that redirected, in order; `permanent`: all of them for ever."""

    visit: Visit
    source: Source
    delay: float
    began: float = 0.0
    hops: list[str] = field(default_factory=list)
    permanent: bool = True
    retried: bool = False

    @property
    def key(self) -> tuple[VisitKind, int]:
        return self.visit.kind, self.visit.id
