"""Outlets with habits of their own for a simulated day: when they print, how their server answers, when it is down."""

import hashlib
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from index.frontier.visits import Failure, FailureClass, Fetched, Visit
from news.copies.fingerprints import fingerprint
from news.documents import Article, Endpoint, EndpointKind, Link, Outcome, ParsedDate, Precision, ReadArticle, Source
from tests.site import invent

# Articles printed in each hour of the day, of a thousand: a night, a morning, an evening.
HOURS = (14, 9, 7, 7, 10, 20, 34, 48, 60, 66, 68, 64, 60, 58, 56, 54, 52, 54, 58, 58, 54, 42, 28, 19)
WINDOWS = (10, 20, 30, 50)
RATES = (3, 8, 15, 30, 60, 120, 250)
MANY = (20, 20, 20, 18, 12, 7, 3)


class Server(StrEnum):
    HONEST = "honest"  # 304 when nothing changed
    PLAIN = "plain"  # no validators: the same bytes again
    RESTLESS = "restless"  # a counter in every answer
    LIAR = "liar"  # 304 to every conditional question


@dataclass(frozen=True, slots=True)
class Outage:
    start: datetime
    end: datetime
    kind: FailureClass
    status: int | None


@dataclass(slots=True)
class Outlet:
    """`printed`: times of publication, in order; the first `window` of them lie before the day."""

    number: int
    window: int
    server: Server
    printed: list[datetime]
    outages: list[Outage]
    listed_at_a_poll: set[int] = field(default_factory=set)
    polled_at: datetime | None = None

    @property
    def home(self) -> str:
        return f"https://sahifa-{self.number}.com"

    @property
    def source(self) -> Source:
        feed = Endpoint(kind=EndpointKind.FEED, url=f"{self.home}/rss")
        return Source(
            id=f"sahifa-{self.number}", name=f"صحيفة {self.number}", homepage=f"{self.home}/", endpoints=(feed,)
        )

    def in_feed(self, now: datetime) -> range:
        end = bisect_right(self.printed, now)
        return range(max(end - self.window, 0), end)

    def outage(self, now: datetime) -> Outage | None:
        return next((one for one in self.outages if one.start <= now < one.end), None)

    def url(self, article: int) -> str:
        return f"{self.home}/news/{article}"

    def links(self, now: datetime) -> list[Link]:
        return [
            Link(url=self.url(article), title=f"عنوان {self.number} {article}", published=_date(self.printed[article]))
            for article in reversed(self.in_feed(now))
        ]

    def answer(self, visit: Visit, now: datetime) -> Fetched:
        """To the feed's poll: 200 or 304 by the server's habits."""
        shown = self.in_feed(now)
        self.listed_at_a_poll.update(shown)
        self.polled_at = now
        body = hashlib.sha256(f"{shown}{now if self.server is Server.RESTLESS else ''}".encode()).hexdigest()
        tag = {Server.HONEST: f'"{body[:12]}"', Server.LIAR: '"for-ever"'}.get(self.server)
        if tag is not None and visit.etag == tag:
            return Fetched(status=304, etag=tag, last_modified=None, body_hash=visit.body_hash, at=now)
        return Fetched(status=200, etag=tag, last_modified=None, body_hash=body, at=now)

    def article(self, url: str, now: datetime) -> ReadArticle:
        number = int(url.rsplit("/", 1)[1])
        text = invent(f"{self.number} {number}", paragraphs=4)
        article = Article(
            url=url, requested_url=url, source=self.source.id, title=text.title, summary=text.summary, text=text.body,
            published=_date(self.printed[number]), fetched_at=now,
        )  # fmt: skip
        return ReadArticle(article=article, fingerprint=fingerprint(article.title, article.text))


def failure(outage: Outage, now: datetime) -> Failure:
    wait = timedelta(minutes=20) if outage.kind is FailureClass.THROTTLED else None
    return Failure(
        kind=outage.kind, outcome=Outcome.HTTP_ERROR, reason=f"outage {outage.status}", at=now, status=outage.status,
        retry_after=wait,
    )  # fmt: skip


def press(endpoints: int, start: datetime, hours: float, dice: Random) -> list[Outlet]:
    return [_outlet(number, start, hours, dice) for number in range(endpoints)]


def _outlet(number: int, start: datetime, hours: float, dice: Random) -> Outlet:
    window = dice.choice(WINDOWS)
    rate = dice.choices(RATES, MANY)[0] * dice.uniform(0.7, 1.4)
    before = sorted(start - timedelta(hours=dice.expovariate(rate / 24) + 0.1) for _ in range(window))
    server = dice.choices(list(Server), (70, 15, 10, 5))[0]
    return Outlet(number, window, server, before + _day(start, hours, rate, dice), _outages(start, hours, dice))


def _day(start: datetime, hours: float, rate: float, dice: Random) -> list[datetime]:
    """A Poisson process that follows the hours, in bursts of up to three."""
    times: list[datetime] = []
    for hour in range(int(hours)):
        expected = rate * HOURS[(start.hour + hour) % 24] / 1002
        while dice.random() < expected / (expected + 1):
            at = start + timedelta(hours=hour, seconds=dice.uniform(0, 3600))
            times += [at + timedelta(seconds=20 * extra) for extra in range(dice.choice((1, 1, 1, 2, 3)))]
    return sorted(times)


def _outages(start: datetime, hours: float, dice: Random) -> list[Outage]:
    if dice.random() > 0.35:
        return []
    kind, status = dice.choice(
        [
            (FailureClass.SERVER, 500),
            (FailureClass.TIMEOUT, None),
            (FailureClass.NETWORK, None),
            (FailureClass.THROTTLED, 503),
            (FailureClass.CLIENT, 404),
        ]
    )
    begin = start + timedelta(hours=dice.uniform(1, hours * 0.6))
    return [Outage(begin, begin + timedelta(minutes=dice.uniform(10, 240)), kind, status)]


def _date(moment: datetime) -> ParsedDate:
    return ParsedDate(value=moment, precision=Precision.SECOND, evidence=moment.isoformat())
