"""The press of three days in May 2018, and five real pages of other years, as outlets of a `ReplaySite`.

An article page stands where a feed's link has a text in the corpus, 404 where not. Each page points to two others of
its feeds and to one that no feed lists; its most-read list points to three that must never be fetched.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from itertools import islice
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

from benchmarks.corpus import rows
from benchmarks.extraction.gold import entries as gold_entries
from benchmarks.replay.pages import ArticlePage, Skin, article, section
from benchmarks.replay.site import Outlet, ReplaySite, dated
from benchmarks.shared import evaluation_data
from news.urls import canonical
from tests.site.behaviours import conditional
from tests.site.exchange import Behaviour
from tests.site.pages import Teaser

DAYS = ("2018-05-05", "2018-05-06", "2018-05-07")
FEED = "/rss"
FEWEST_CHARACTERS = 400  # of a text that no feed lists, so that it is an article beyond doubt
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """An outlet of the corpus, under the name its feeds and rows have there."""

    id: str
    name: str
    country: str
    timezone: str
    skin: Skin
    validators: Behaviour = conditional


PAPERS = (
    Paper(id="alarabia", name="العربية", country="AE", timezone="Asia/Dubai", skin=Skin.LINKED_DATA),
    Paper(id="bbc", name="بي بي سي عربي", country="GB", timezone="Europe/London", skin=Skin.META, validators=dated),
    Paper(id="cnn", name="سي إن إن بالعربية", country="AE", timezone="Asia/Dubai", skin=Skin.LINKED_DATA),
    Paper(id="france24", name="فرانس 24", country="FR", timezone="Europe/Paris", skin=Skin.PLAIN),
    Paper(id="skynews", name="سكاي نيوز عربية", country="AE", timezone="Asia/Dubai", skin=Skin.META),
)

# file in eval/pages → country, zone, how it is listed, the form of its articles' addresses
PAGES = {
    "albayan-2020.html": ("AE", "Asia/Dubai", "sitemap", r"/\d{4}-\d\d-\d\d-1\.\d+$"),
    "youm7-2020.html": ("EG", "Africa/Cairo", "section", r"^/story/\d{4}/\d+/\d+/.+/\d+$"),
    "beirutobserver-2020.html": ("LB", "Asia/Beirut", "section", r"^/\d{4}/\d\d/\d+/?$"),
    "alyaum-2020.html": ("SA", "Asia/Riyadh", "sitemap", r"^/articles/\d+/"),
    "cnn-arabic-2013.html": ("AE", "Asia/Dubai", "feed", r"^/\d{4}/\w+/\d+/\d+/.+/index\.html$"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A page with a corpus text, at its address on loopback."""

    outlet: Outlet
    url: str
    row: Row
    published: datetime

    @property
    def teaser(self) -> Teaser:
        return Teaser(url=self.url, title=self.row["title"])


@dataclass(slots=True)
class Press:
    """What the outlets hold, by canonical URL.

    `listed`: pages that a feed lists; `related`: those that only their related blocks lead to; `missing`: links of the
    feeds that answer 404; `unwanted`: pages that only most-read lists, or two hops, lead to; `real`: the gold entry of
    each real page.
    """

    site: ReplaySite
    listed: dict[str, Printed]
    related: dict[str, Printed]
    missing: set[str]
    unwanted: set[str]
    real: dict[str, Mapping[str, Any]]
    feeds: dict[str, dict[str, str]]

    @property
    def reachable(self) -> set[str]:
        return self.listed.keys() | self.related.keys() | self.real.keys()

    def articles(self) -> list[set[str]]:
        """The addresses of each reachable article: more than one where an outlet gives the same text two addresses."""
        by_words: dict[tuple[str, ...], set[str]] = {}
        for url, one in (self.listed | self.related).items():
            key = (one.outlet.id, one.row["title"], one.row["text"])
            by_words.setdefault(key, set()).add(url)
        return [*by_words.values(), *({url} for url in self.real)]

    def show(self, day: str) -> None:
        """Let every outlet's feed be the one of that day."""
        for address, feeds in self.feeds.items():
            self.site.outlets[address].listing("feed", FEED, feeds[day], modified=_built(feeds[day]))


def to_now(today: date) -> timedelta:
    """What brings the last of the days to yesterday."""
    return today - timedelta(days=1) - date.fromisoformat(DAYS[-1])


def open_press(site: ReplaySite, later: timedelta = timedelta(0)) -> Press:
    """`later` moves all that the five outlets date, in their feeds and on their pages."""
    press = Press(site, {}, {}, set(), set(), {}, {})
    texts: dict[str, list[Row]] = {paper.id: [] for paper in PAPERS}
    for row in rows():
        texts[row["src"].lower()].append(row)
    for paper in PAPERS:
        _open_paper(press, paper, texts[paper.id], later)
    for gold in gold_entries():
        _open_page(press, gold)
    press.show(DAYS[0])
    return press


def _open_paper(press: Press, paper: Paper, texts: Sequence[Row], later: timedelta) -> None:
    outlet = press.site.open(
        paper.id, paper.name, country=paper.country, timezone=paper.timezone, behaviour=paper.validators
    )
    originals = {day: (evaluation_data() / f"feeds/{paper.id}_{day}.rss.xml").read_text("utf-8") for day in DAYS}
    links = dict.fromkeys(link for feed in originals.values() for link in _links(feed))
    hosts = "|".join({re.escape(urlsplit(link).netloc) for link in links})
    press.feeds[outlet.address] = {
        day: _moved(re.sub(rf"https?://(?:{hosts})(?=/)", outlet.origin, feed), later)
        for day, feed in originals.items()
    }
    by_path = {_path(row["url"]): row for row in reversed(texts)}
    listed = [printed(outlet, link, by_path[_path(link)], later) for link in links if _path(link) in by_path]
    press.missing |= {canonical(outlet.origin + raw_path(link)) for link in links if _path(link) not in by_path}
    listed.sort(key=lambda one: one.published)
    others = _unlisted(outlet, by_path, listed, later)
    related, deeper, popular = (list(islice(others, count)) for count in ((len(listed) + 1) // 2, 20, 3))
    for at, one in enumerate(listed):
        put(one, paper.skin, [*listed[max(at - 2, 0) : at], related[at // 2]], popular)
    for at, one in enumerate(related):
        put(one, paper.skin, [listed[at], deeper[at % len(deeper)]], popular)
    for one in (*deeper, *popular):
        put(one, paper.skin, related[:2], popular)
        press.unwanted.add(canonical(one.url))
    press.listed |= {canonical(one.url): one for one in listed}
    press.related |= {canonical(one.url): one for one in related}


def printed(outlet: Outlet, link: str, row: Row, later: timedelta = timedelta(0)) -> Printed:
    published = (parsedate_to_datetime(row["time"]) + later).astimezone(outlet.zone)
    return Printed(outlet=outlet, url=outlet.origin + raw_path(link), row=row, published=published)


def put(one: Printed, skin: Skin, related: Sequence[Printed], popular: Sequence[Printed]) -> None:
    row = one.row
    page = ArticlePage(
        outlet=one.outlet.name,
        url=one.url,
        title=row["title"],
        summary=row["abstract"],
        author=row["author"],
        section=row["cat"],
        published=one.published,
        paragraphs=[line.strip() for line in row["text"].splitlines() if line.strip()],
        related=[other.teaser for other in related],
        popular=[other.teaser for other in popular],
    )
    one.outlet.put(raw_path(one.url), article(page, skin), modified=one.published)


def _unlisted(
    outlet: Outlet, by_path: Mapping[str, Row], listed: Sequence[Printed], later: timedelta
) -> Iterator[Printed]:
    """Pages that no feed lists, from the newest before the feeds' own back; no text twice."""
    taken = {_path(one.url) for one in listed}
    words = {one.row["text"] for one in listed}
    older = [
        printed(outlet, row["url"], row, later) for path, row in by_path.items() if path not in taken and row["time"]
    ]
    for one in sorted(older, key=lambda one: one.published, reverse=True):
        if one.published < listed[0].published and len(one.row["text"]) >= FEWEST_CHARACTERS:
            if one.row["text"] not in words:
                yield one
            words.add(one.row["text"])


def _open_page(press: Press, gold: Mapping[str, Any]) -> None:
    """A real page on an address of its own, its links to its own outlet rewritten; listed without its date."""
    country, timezone, kind, form = PAGES[gold["file"]]
    name = gold["file"].removesuffix(".html")
    outlet = press.site.open(name, gold["site"], country=country, timezone=timezone, articles=(form,))
    body = (evaluation_data() / "pages" / gold["file"]).read_bytes()
    own = re.compile(rb"https?:(\\?/)\1(?:www\.)?" + re.escape(gold["site"].encode()) + rb"(?=[/\\\"'<])")
    body = own.sub(lambda found: outlet.origin.encode().replace(b"/", found[1]), body)
    path = raw_path(gold["url"])
    url = outlet.put(path, body)
    press.real[canonical(url)] = gold
    if kind == "sitemap":
        outlet.listing(kind, "/sitemap.xml", _sitemap(url))
    elif kind == "section":
        teaser = Teaser(url=url, title=" ".join(gold["title"].split()[:6]) + "…")
        outlet.listing(kind, "/latest/", section(outlet.name, "آخر الأخبار", [teaser]))
    else:
        outlet.listing(kind, FEED, _undated_feed(outlet, url, gold["title"]))


def _sitemap(url: str) -> str:
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>{url}</loc></url></urlset>'


def _undated_feed(outlet: Outlet, url: str, title: str) -> str:
    item = f"<item><title>{title}</title><link>{url}</link></item>"
    return f'<rss version="2.0"><channel><title>{outlet.name}</title>{item}</channel></rss>'


def _moved(feed: str, later: timedelta) -> str:
    return re.sub(
        r"(?<=<pubDate>)[^<]+|(?<=<lastBuildDate>)[^<]+",
        lambda found: format_datetime(parsedate_to_datetime(found[0]) + later),
        feed,
    )


def _links(feed: str) -> Iterable[str]:
    return [link.text or "" for link in ElementTree.fromstring(feed).iter("link")]


def _built(feed: str) -> datetime:
    return parsedate_to_datetime(ElementTree.fromstring(feed).findtext("channel/lastBuildDate") or "")


def raw_path(url: str) -> str:
    """Path and query as written."""
    return "/" + url.split("/", 3)[3]


def _path(url: str) -> str:
    return unquote(raw_path(url))
