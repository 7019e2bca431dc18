"""Outlets with habits of their own for a simulated day: when they print, how their server answers, when it is down."""

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from benchmarks.day.trouble import Outage, Stretch, outages, within
from index.frontier.visits import Fetched, Visit
from news.copies.fingerprints import fingerprint
from news.documents import Article, Endpoint, EndpointKind, Link, ParsedDate, Precision, ReadArticle, Source
from tests.site import invent

HOUR = timedelta(hours=1)
# Articles printed in each hour of a local day, of a thousand: a night, a morning, an evening.
HOURS = (14, 9, 7, 7, 10, 20, 34, 48, 60, 66, 68, 64, 60, 58, 56, 54, 52, 54, 58, 58, 54, 42, 28, 19)
WINDOWS = (10, 10, 15, 20, 20, 30, 50, 100)
# Articles on a working day, before bursts double them.
RATES = (1, 3, 8, 15, 30, 60, 120, 250)
MANY = (5, 17, 18, 20, 18, 12, 7, 3)
# Offset to UTC, and the days of rest (Monday is 0): the Maghreb, Egypt, the Gulf, the Emirates, those who never rest.
PLACES = ((1, (6,)), (2, (4,)), (3, (4, 5)), (3, (4, 5)), (4, (5, 6)), (3, ()))
RESTING = 0.35
BURSTS = (1, 1, 1, 2, 3)
HISTORY = timedelta(days=8)
SITEMAP_KEEPS = timedelta(hours=48)


class Server(StrEnum):
    HONEST = "honest"  # 304 when nothing changed
    PLAIN = "plain"  # no validators: the same bytes again
    RESTLESS = "restless"  # a counter in every answer
    LIAR = "liar"  # 304 to every conditional question


@dataclass(slots=True)
class Outlet:
    """`printed`: times of publication, in order, with some days before the start. `bare`: while its feed is there but
    empty. `quiet_from`: when it stops to print."""

    number: int
    window: int
    kind: EndpointKind
    dated: bool
    server: Server
    printed: list[datetime]
    start: datetime
    outages: list[Outage]
    bare: Stretch | None = None
    quiet_from: datetime | None = None
    listed_at_a_poll: set[int] = field(default_factory=set)
    polled_at: datetime | None = None

    @property
    def home(self) -> str:
        return f"https://sahifa-{self.number}.com"

    @property
    def source(self) -> Source:
        listing = Endpoint(kind=self.kind, url=f"{self.home}/{self.kind}")
        return Source(
            id=f"sahifa-{self.number}", name=f"صحيفة {self.number}", homepage=f"{self.home}/", endpoints=(listing,)
        )

    def of(self, start: datetime, end: datetime) -> range:
        """What was printed between two moments."""
        return range(bisect_left(self.printed, start), bisect_left(self.printed, end))

    def shown(self, now: datetime) -> range:
        """What its list holds: the last so many, or those of the last two days."""
        if within(self.bare, now):
            return range(0)
        end = bisect_right(self.printed, now)
        if self.kind is EndpointKind.SITEMAP:
            return range(bisect_left(self.printed, now - SITEMAP_KEEPS), end)
        return range(max(end - self.window, 0), end)

    def outage(self, now: datetime) -> Outage | None:
        return next((one for one in self.outages if within(one.during, now)), None)

    def url(self, article: int) -> str:
        return f"{self.home}/news/{article}"

    def links(self, now: datetime) -> Iterator[Link]:
        for article in reversed(self.shown(now)):
            date = _date(self.printed[article]) if self.dated else None
            yield Link(url=self.url(article), title=f"عنوان {self.number} {article}", published=date)

    def answer(self, visit: Visit, now: datetime) -> Fetched:
        """To a poll: 200 or 304 by the server's habits."""
        shown = self.shown(now)
        self.polled_at = now
        body = hashlib.sha256(f"{shown}{now if self.server is Server.RESTLESS else ''}".encode()).hexdigest()
        tag = {Server.HONEST: f'"{body[:12]}"', Server.LIAR: '"for-ever"'}.get(self.server)
        if tag is not None and visit.etag == tag:
            return Fetched(status=304, etag=tag, last_modified=None, body_hash=visit.body_hash, at=now)
        self.listed_at_a_poll.update(shown)
        return Fetched(status=200, etag=tag, last_modified=None, body_hash=body, at=now)

    def article(self, url: str, now: datetime) -> ReadArticle:
        number = int(url.rsplit("/", 1)[1])
        text = invent(f"{self.number} {number}", paragraphs=4)
        article = Article(
            url=url, requested_url=url, source=self.source.id, title=text.title, summary=text.summary, text=text.body,
            published=_date(self.printed[number]), fetched_at=now,
        )  # fmt: skip
        return ReadArticle(article=article, fingerprint=fingerprint(article.title, article.text))


def press(endpoints: int, start: datetime, hours: float, dice: Random) -> list[Outlet]:
    return [_outlet(number, start, hours, dice) for number in range(endpoints)]


def _outlet(number: int, start: datetime, hours: float, dice: Random) -> Outlet:
    rate = dice.choices(RATES, MANY)[0] * dice.uniform(0.7, 1.4)
    kind = dice.choices((EndpointKind.FEED, EndpointKind.SECTION, EndpointKind.SITEMAP), (80, 10, 10))[0]
    made = Outlet(
        number=number,
        window=dice.choice(WINDOWS),
        kind=kind,
        dated=kind is not EndpointKind.SECTION and dice.random() < 0.9,
        server=dice.choices(list(Server), (70, 15, 10, 5))[0],
        printed=[],
        start=start,
        outages=outages(start, hours, dice),
    )
    if dice.random() < 0.03:
        made.quiet_from = start + HOUR * dice.uniform(4, 10)
    if dice.random() < 0.03 and kind is not EndpointKind.SITEMAP:
        begin = start + HOUR * dice.uniform(1, hours * 0.5 + 1)
        made.bare = begin, begin + HOUR * dice.uniform(3, 6)
    first = start - max(HISTORY, timedelta(days=made.window / max(rate, 0.5) * 1.5))
    edition = dice.random() < 0.05
    times = _printed(first, start + HOUR * hours, rate, dice, edition=edition)
    made.printed = sorted(at for at in times if made.quiet_from is None or at < made.quiet_from)
    return made


def _printed(first: datetime, end: datetime, rate: float, dice: Random, *, edition: bool) -> Iterator[datetime]:
    """A Poisson process that follows the local hours and the days of rest, in bursts, now and then a great event; some
    print most of a day's articles within an hour of the night."""
    offset, rest = dice.choice(PLACES)
    hour = first.replace(minute=0, second=0, microsecond=0)
    while hour < end:
        local = hour + HOUR * offset
        today = rate * (RESTING if local.weekday() in rest else 1.0)
        event = 4 if dice.random() < 0.01 else 1
        expected = today * HOURS[local.hour] / 1002 * event * (0.4 if edition else 1.0)
        while dice.random() < expected / (expected + 1):
            at = hour + HOUR * dice.random()
            yield from (at + timedelta(seconds=20 * extra) for extra in range(dice.choice(BURSTS)))
        if edition and local.hour == 2:
            yield from (hour + HOUR * dice.random() for _ in range(int(today * 0.6)))
        hour += HOUR


def _date(moment: datetime) -> ParsedDate:
    return ParsedDate(value=moment, precision=Precision.SECOND, evidence=moment.isoformat())
