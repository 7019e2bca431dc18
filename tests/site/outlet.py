"""One invented outlet: what it printed, what it answers by itself, and the source file that describes it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from urllib.parse import quote

from tests.site import behaviours, listings, pages
from tests.site.exchange import Answer, Behaviour
from tests.site.pages import Skin, Teaser
from tests.site.texts import Text, invent, side_title
from tests.site.words import SECTION_SLUGS

FEED, SITEMAP, SECTION = "/rss", "/news-sitemap.xml", "/latest/"
EVERYWHERE = ("feed", "sitemap", "section")
SECTION_NAMES = {slug: name for name, slug in SECTION_SLUGS.items()}
LISTED_AT_MOST = 50


@dataclass(slots=True, kw_only=True)
class Printed:
    """An article as it stands. `path` is decoded; `via` names the listings that show it, none = only linked to."""

    origin: str
    path: str
    text: Text
    published: datetime
    skin: Skin = Skin.JSON_LD
    via: Sequence[str] = EVERYWHERE
    related: Sequence["Printed"] = ()
    inline: "Printed | None" = None
    canonical: str | None = None
    robots: str = ""
    modified: datetime | None = None

    @property
    def url(self) -> str:
        return self.origin + quote(self.path)

    def teaser(self) -> Teaser:
        return Teaser(url=self.url, title=self.text.title)

    def edit(self, text: Text, at: datetime) -> None:
        """The outlet changes the article in place."""
        self.text, self.modified = text, at


@dataclass(slots=True, kw_only=True)
class Outlet:
    """`now` is the latest time at which it printed; older articles lie ten minutes apart before it, in its own zone."""

    id: str
    name: str
    origin: str
    now: datetime
    endpoints: Sequence[str] = EVERYWHERE
    robots: str | None = "User-agent: *\nDisallow: /private/\n"
    delay: float | None = None
    hops: int = 1
    printed: dict[str, Printed] = field(default_factory=dict)
    behaviour: dict[str, Behaviour] = field(default_factory=dict)
    most_read: list[Printed] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=lambda: count(100_001))

    @property
    def home(self) -> str:
        return f"{self.origin}/"

    @property
    def feed(self) -> str:
        return self.origin + FEED

    @property
    def site(self) -> str:
        """The address alone: the site, as the log and the politeness rules name it."""
        return self.origin.removeprefix("http://").partition(":")[0]

    @property
    def articles(self) -> list[Printed]:
        return list(self.printed.values())

    def behave(self, path: str, behaviour: Behaviour) -> None:
        """Answer this (decoded) path so from now on."""
        self.behaviour[path] = behaviour

    def add(
        self,
        text: Text | None = None,
        *,
        published: datetime | None = None,
        via: Sequence[str] = EVERYWHERE,
        related: Sequence[Printed] = (),
        inline: Printed | None = None,
        skin: Skin | None = None,
        path: str | None = None,
    ) -> Printed:
        """Print an article: one invented for this outlet, or `text`, which another outlet may have printed too."""
        number = next(self.numbers)
        text = text or invent(f"{self.id} {number}")
        published = published or self.now - timedelta(minutes=10 * len(self.printed))
        one = Printed(
            origin=self.origin,
            path=path or _path(number, text, published),
            text=text,
            published=published,
            skin=skin or list(Skin)[number % 3],
            via=via,
            related=related,
            inline=inline,
        )
        self.printed[one.path] = one
        return one

    def fill(self, articles: int, *, background: int = 0) -> list[Printed]:
        """Print listed ones, each related to the two before; `background` more are only linked to as related."""
        listed: list[Printed] = []
        for number in range(articles):
            older = [self.add(via=())] if number < background else []
            listed.append(self.add(related=[*older, *listed[-2:]]))
        self._offer_side_reading()
        return listed

    def answer(self, path: str) -> Answer:
        """What it answers by itself; `path` is decoded and without its query."""
        if path in self.printed:
            return self._article(self.printed[path])
        if path == FEED:
            body = listings.rss(self.name, self.home, self._entries("feed"))
            return self._listing(body, "application/rss+xml; charset=utf-8", "feed")
        if path == SITEMAP:
            return self._listing(
                listings.news_sitemap(self.name, self._entries("sitemap")), "application/xml", "sitemap"
            )
        if path in ("/", SECTION) or path.strip("/") in SECTION_NAMES:
            return self._section(path)
        if path == "/robots.txt" and self.robots is not None:
            return Answer(body=self.robots.encode(), type="text/plain; charset=utf-8")
        return Answer(body="<h1>الصفحة غير موجودة</h1>".encode(), status=404)

    def toml(self) -> str:
        """Its source file."""
        addresses = {"feed": FEED, "sitemap": SITEMAP, "section": SECTION}
        lists = {f"{kind}s": [self.origin + addresses[kind]] for kind in self.endpoints}
        known: dict[str, object] = {
            "id": self.id,
            "name": self.name,
            "homepage": self.home,
            "country": "QA",
            "timezone": "Asia/Qatar",
            **lists,
            "articles": [r"^/news/\d{4}/\d{1,2}/\d{1,2}/\d+"],
            **({} if self.delay is None else {"delay": self.delay}),
        }
        lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in known.items()]
        return "\n".join([*lines, "[related]", f"hops = {self.hops}", ""])

    def default(self, path: str) -> Behaviour:
        return self.behaviour.get(path, behaviours.conditional)

    def _offer_side_reading(self) -> None:
        for number in range(3 - len(self.most_read)):
            text = invent(f"{self.id} side {number}").under(side_title(f"{self.id} {number}"))
            self.most_read.append(self.add(text, via=()))

    def _shown(self, listing: str) -> list[Printed]:
        shown = [one for one in self.articles if listing in one.via]
        return sorted(shown, key=lambda one: one.published, reverse=True)[:LISTED_AT_MOST]

    def _entries(self, listing: str) -> list[listings.Entry]:
        return [
            listings.Entry(url=one.url, title=one.text.title, summary=one.text.summary, published=one.published)
            for one in self._shown(listing)
        ]

    def _listing(self, body: str, type: str, listing: str) -> Answer:
        newest = max((one.modified or one.published for one in self._shown(listing)), default=None)
        return Answer(body=body.encode(), type=type, modified=newest)

    def _section(self, path: str) -> Answer:
        name = SECTION_NAMES.get(path.strip("/"))
        teasers = [one.teaser() for one in self._shown("section") if name in (None, one.text.section)]
        return Answer(body=pages.listing(self.name, self.home, name or "آخر الأخبار", teasers).encode())

    def _article(self, one: Printed) -> Answer:
        page = pages.ArticlePage(
            outlet=self.name,
            home=self.home,
            url=one.url,
            canonical=one.canonical or one.url,
            title=one.text.title,
            summary=one.text.summary,
            section=one.text.section,
            section_url=f"/{SECTION_SLUGS[one.text.section]}/",
            byline=f"غرفة أخبار {self.name}",
            published=one.published,
            modified=one.modified,
            paragraphs=one.text.paragraphs,
            related=[other.teaser() for other in one.related],
            inline=one.inline.teaser() if one.inline else None,
            most_read=[other.teaser() for other in self.most_read],
            skin=one.skin,
            robots=one.robots,
        )
        return Answer(body=pages.article(page).encode(), modified=one.modified or one.published)


def _path(number: int, text: Text, published: datetime) -> str:
    """Every other address carries Arabic words of the title."""
    words = "" if number % 2 else "-" + "-".join(text.title.replace(":", "").replace(".", "").split()[:4])
    return f"/news/{published.year}/{published.month}/{published.day}/{number}{words}"
