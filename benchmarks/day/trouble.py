"""What goes wrong in a simulated day: servers that are down, each in its own way."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from index.frontier.visits import Failure, FailureClass
from news.documents import Outcome

Stretch = tuple[datetime, datetime]
OFTEN = 0.35
KINDS = (
    (FailureClass.SERVER, 500),
    (FailureClass.TIMEOUT, None),
    (FailureClass.NETWORK, None),
    (FailureClass.THROTTLED, 503),
    (FailureClass.CLIENT, 404),
)
NOTICEABLE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Outage:
    during: Stretch
    kind: FailureClass
    status: int | None

    @property
    def noticeable(self) -> bool:
        start, end = self.during
        return end - start > NOTICEABLE


def within(during: Stretch | None, now: datetime) -> bool:
    return during is not None and during[0] <= now < during[1]


def outages(start: datetime, hours: float, dice: Random) -> list[Outage]:
    if dice.random() > OFTEN:
        return []
    kind, status = dice.choice(KINDS)
    begin = start + timedelta(hours=dice.uniform(1, hours * 0.6 + 1))
    return [Outage((begin, begin + timedelta(minutes=dice.uniform(10, 240))), kind, status)]


def failure(outage: Outage, now: datetime) -> Failure:
    wait = timedelta(minutes=20) if outage.kind is FailureClass.THROTTLED else None
    return Failure(
        kind=outage.kind, outcome=Outcome.HTTP_ERROR, reason=f"outage {outage.status}", at=now, status=outage.status,
        retry_after=wait,
    )  # fmt: skip
