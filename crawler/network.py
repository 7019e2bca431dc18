"""Whose trouble is it when nothing connects: an outlet's, or our own line's? A pure state machine.

A failure that our own line could have caused is held back until it is clear. Any answer of any site clears it: then
the outlets failed, and it counts. Three sites without a single answer between them are our own trouble: then nothing
counts, and one probe at a time finds out when the line is back.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Generic, TypeVar

T = TypeVar("T")

SITES_FOR_AWAY: Final = 3
# Seconds that answers still on their way get to arrive after the third site has failed.
BEFORE_AWAY: Final = 2.0
# Any answer that came so many seconds after a failed request began shows that our line worked: the site is to blame.
WORKING_LINE: Final = 5.0
# Seconds after which an unclear failure counts against its site: with few other sites to learn from, and with many.
PATIENCE_FEW: Final = 10.0
PATIENCE: Final = 60.0
FIRST_PROBE: Final = 5.0
NEXT_PROBE: Final = 15.0


class Verdict(StrEnum):
    THEIRS = "theirs"
    UNCLEAR = "unclear"
    OURS = "ours"


@dataclass(frozen=True, slots=True)
class Held(Generic[T]):
    item: T
    site: str
    at: float


@dataclass(frozen=True, slots=True)
class Cleared(Generic[T]):
    """What became clear: failures to record, and failures that do not count."""

    theirs: Sequence[T] = ()
    ours: Sequence[T] = ()


@dataclass(slots=True)
class NetworkWatch(Generic[T]):
    """Times in seconds on one monotonic clock. `sites`: how many could give evidence at all."""

    sites: int
    away_since: float | None = None
    back_since: float = float("-inf")
    failed_probes: int = 0
    _held: list[Held[T]] = field(default_factory=list)
    _last_answer: float = float("-inf")
    _next_probe: float = float("inf")

    @property
    def away(self) -> bool:
        return self.away_since is not None

    @property
    def holding(self) -> int:
        return len(self._held)

    def failed(self, item: T, site: str, began: float, now: float) -> Verdict:
        """Whose failure it is. An `item` that is UNCLEAR is held back, and returned by `answered` or `tick` later."""
        if self.away:
            self.failed_probes += began >= (self.away_since or 0.0)
            return Verdict.OURS
        if began < self.back_since:
            return Verdict.OURS
        if self._last_answer >= began + WORKING_LINE:
            return Verdict.THEIRS
        self._held.append(Held(item, site, now))
        return Verdict.UNCLEAR

    def answered(self, now: float) -> Cleared[T]:
        """A site, whichever, gave an answer, whatever."""
        self._last_answer = now
        if self.away:
            self.away_since, self.back_since, self.failed_probes = None, now, 0
        return Cleared(theirs=self._take())

    def tick(self, now: float, *, alone: bool = False) -> Cleared[T]:
        """`alone`: nothing else is under way or could be asked that might still answer."""
        if not self._held:
            return Cleared()
        first = min(held.at for held in self._held)
        if len({held.site for held in self._held}) >= SITES_FOR_AWAY and now >= first + BEFORE_AWAY:
            self.away_since, self._next_probe, self.failed_probes = now, now + FIRST_PROBE, 0
            return Cleared(ours=self._take())
        few = alone or self.sites < SITES_FOR_AWAY
        if now >= first + (PATIENCE_FEW if few else PATIENCE):
            return Cleared(theirs=self._take())
        return Cleared()

    def may_probe(self, now: float) -> bool:
        """Whether one request may go out to see if the line is back. Saying yes starts the wait for the next."""
        if not self.away or now < self._next_probe:
            return False
        self._next_probe = now + NEXT_PROBE
        return True

    def _take(self) -> list[T]:
        taken = [held.item for held in self._held]
        self._held.clear()
        return taken
