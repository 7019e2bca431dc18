"""A press that prints while it is watched: outlets of a `World` with feeds of differing length and pace.

Each prints at random moments, sometimes in bursts, sometimes what another outlet printed before, and now and then edits
an article. What is older than its window leaves an outlet's listings, as feeds do.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from tests.site import Outlet, Text, World
from tests.site.behaviours import ok
from tests.site.outlet import EVERYWHERE

WINDOWS = (10, 20, 30, 50)
RATES = (4, 8, 12, 24, 48)  # articles an hour
MANY = (30, 30, 20, 15, 5)
BURSTS = (1, 1, 1, 2, 3)
COPIED, EDITED, WITHOUT_VALIDATORS = 0.08, 0.05, 0.25
BEFORE = 8  # articles that each outlet lists when the watching begins


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """`at` in monotonic seconds, as the server's log tells time."""

    url: str
    path: str
    at: float
    when: datetime


@dataclass(slots=True)
class Desk:
    """One outlet and its habits. `published` in order of time, the first `BEFORE` from before the watching."""

    outlet: Outlet
    window: int
    rate: float
    published: list[Published] = field(default_factory=list)

    def listed(self, at: float) -> Sequence[Published]:
        """What its listings show at that moment."""
        return [one for one in self.published if one.at <= at][-self.window :]


class LivePress:
    """Prints from `start` to `stop`; `desks` by site. Every fourth outlet has a sitemap and a section as well."""

    def __init__(self, world: World, outlets: int, seed: int) -> None:
        self.desks: dict[str, Desk] = {}
        self._dice = Random(seed)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._print, name="press", daemon=True)
        for number in range(outlets):
            outlet = world.outlet(endpoints=EVERYWHERE if number % 4 == 0 else ("feed",))
            self._open(outlet)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    @property
    def printed(self) -> list[Published]:
        """Since the watching began."""
        return [one for desk in self.desks.values() for one in desk.published[BEFORE:]]

    def _open(self, outlet: Outlet) -> None:
        if self._dice.random() < WITHOUT_VALIDATORS:
            outlet.behave("/rss", ok)
        rate = self._dice.choices(RATES, MANY)[0] * self._dice.uniform(0.7, 1.3)
        desk = self.desks[outlet.site] = Desk(outlet, self._dice.choice(WINDOWS), rate)
        for _ in range(BEFORE):
            self._publish(desk)

    def _print(self) -> None:
        moments = {site: time.monotonic() + self._wait(desk) for site, desk in self.desks.items()}
        while not self._stopping.wait(0.2):
            for site, desk in self.desks.items():
                if time.monotonic() >= moments[site]:
                    for _ in range(self._dice.choice(BURSTS)):
                        self._publish(desk)
                    moments[site] = time.monotonic() + self._wait(desk)

    def _wait(self, desk: Desk) -> float:
        return self._dice.expovariate(desk.rate / 3600 / (sum(BURSTS) / len(BURSTS)))

    def _publish(self, desk: Desk) -> None:
        outlet = desk.outlet
        now = datetime.now(outlet.now.tzinfo)  # some pages print it without an offset
        shown = [one for one in outlet.articles if one.via]
        one = outlet.add(self._copied(outlet), published=now, via=outlet.endpoints, related=shown[-2:])
        desk.published.append(Published(url=one.url, path=one.path, at=time.monotonic(), when=now))
        for old in shown[: max(0, len(shown) + 1 - desk.window)]:
            old.via = ()
        if shown and self._dice.random() < EDITED:
            edited = self._dice.choice(shown)
            edited.edit(edited.text.with_paragraph(f"وأضاف البيان أن العدد بلغ {self._dice.randrange(900)}."), now)

    def _copied(self, outlet: Outlet) -> Text | None:
        """What another outlet printed before; None: a text of its own."""
        others = [desk.outlet for desk in self.desks.values() if desk.outlet is not outlet]
        if not others or self._dice.random() >= COPIED:
            return None
        return self._dice.choice([one for one in self._dice.choice(others).articles if one.via]).text
