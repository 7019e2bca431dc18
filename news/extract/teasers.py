"""One teaser from the lines of its card: its link, its headline and its excerpt."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Self

from news import urls
from news.arabic import arabic_share, normalise
from news.documents import ParsedDate, Related, Source
from news.extract.blocks import Block
from news.extract.cards import MIN_TITLE, Cards, is_title
from news.extract.dom import Anchor, Layout, Line
from news.extract.headings import is_button, kind_of, split_lead
from news.extract.names import Role
from news.extract.phrase_lists import phrases
from news.extract.published import CLUE, Clock
from news.extract.topic import Subject

STALE = timedelta(days=30)  # a list whose newest piece is older was not made for this story
_EXCERPT = 40  # characters; shorter lines of a card are labels
_NOT_ARTICLES = re.compile(
    r"/(?:tags?|authors?|writers?|category|categories|topics?|search|login|rss|keywords?)(?:[/?]|$)", re.IGNORECASE
)
_OFF_SITES = re.compile(
    r"(?:^|\.)(?:facebook|twitter|x|whatsapp|telegram|t|instagram|youtube|youtu|google|doubleclick|taboola|outbrain|linkedin|wa)\."
    r"(?:com|org|me|be|net)$"
)
_COUNTED = re.compile(r"^(?:list|item) \d+ of \d+\s*", re.IGNORECASE)
_CLOCK = re.compile(r"[\d:.\s]+[صم]?")
_is_aside_text = re.compile(phrases("card_asides")).fullmatch
_ASIDE_ROLES = (Role.DATE, Role.BYLINE, Role.CAPTION, Role.SHARE, Role.TAGS)


@dataclass(frozen=True, slots=True)
class Context:
    """What teasers are read against: the page's own address and outlet, its subject and its date."""

    base: str
    page_url: str
    source: Source
    subject: Subject
    clock: Clock
    published: ParsedDate | None

    def address(self, href: str) -> str | None:
        """Where a teaser leads, None for what cannot be an article: sections, people, shares, the page itself."""
        url = urls.join(self.base, href)
        if url is None or urls.canonical(url) == self.page_url or _OFF_SITES.search(urls.host_of(url)):
            return None
        if urls.matches_article(self.source, url):
            return url
        path = "/" + url.split("/", 3)[3]
        return None if path == "/" or _NOT_ARTICLES.search(path) else url

    def on_subject(self, found: Sequence[Related], share: float = 0.0) -> bool:
        """Whether more than a share of the teasers have words in common with the article."""
        hits = sum(self.subject.touched_by(f"{one.title} {one.teaser or ''}") for one in found)
        return hits > share * len(found)

    def is_stale(self, lines: Sequence[Line]) -> bool:
        """Whether the lines are dated, and all long before the article. A clock alone would read as today's."""
        texts = [line.text for line in lines if len(line.text) <= 60 and not _CLOCK.fullmatch(line.text)]
        dates = [date.value for text in texts if CLUE.search(text) and (date := self.clock.read(text))]
        reference = self.published.value if self.published else self.clock.now
        return bool(dates) and all(reference - date > STALE for date in dates)


@dataclass(slots=True)
class Teaser:
    """A card being put together."""

    url: str
    anchor: Anchor
    lines: list[Line] = field(default_factory=list)

    def add(self, line: Line) -> Self:
        if line not in self.lines:
            self.lines.append(line)
        return self


def read_teasers(layout: Layout, cards: Cards, block: Block, context: Context) -> list[Related]:
    """The teasers of one list in its order, an address once."""
    if block.inline:
        return _inline(layout.lines[block.first], cards, block, context)
    found: dict[str, Teaser] = {}
    current: Teaser | None = None
    addresses: dict[str, str | None] = {}
    for line in layout.lines[block.first + 1 : block.last]:
        for anchor in cards.on(line):
            if anchor.href not in addresses:
                addresses[anchor.href] = context.address(anchor.href)
            url = addresses[anchor.href]
            if url is not None:
                current = found.setdefault(url, Teaser(url=url, anchor=anchor)).add(line)
        if current is not None:
            current.add(line)
    made = (_related(teaser, block, context) for teaser in found.values())
    return [one for one in made if one is not None]


def _inline(line: Line, cards: Cards, block: Block, context: Context) -> list[Related]:
    found: list[Related] = []
    for anchor in cards.on(line):
        url = context.address(anchor.href)
        named = anchor.heading if is_title(anchor.heading) else anchor.text
        lead = split_lead(named)
        title = lead[1] if lead and len(lead[1]) >= MIN_TITLE else named
        if url is not None:
            found.append(Related(url=url, title=title, heading=block.heading))
    return found


def _related(teaser: Teaser, block: Block, context: Context) -> Related | None:
    lines = [line for line in teaser.lines if not _is_aside(line, context)]
    line = _title_line(lines, teaser.anchor)
    title = _words(line, teaser.anchor, context) if line is not None else ""
    if not title:
        title = next((text for text in (teaser.anchor.alt, teaser.anchor.label) if len(text) >= MIN_TITLE), "")
    prose = [other.text for other in lines if other is not line and len(other.text) >= _EXCERPT]
    excerpt = prose[0] if prose else None
    return Related(url=teaser.url, title=title, heading=block.heading, teaser=excerpt) if title else None


def _words(line: Line, anchor: Anchor, context: Context) -> str:
    """The line, or of several links on one line the words of this one; without a date beside the link, and without what
    is said to screen readers only.
    """
    shared = len({other.href for other in line.anchors}) > 1
    rest = line.text.removeprefix(anchor.text).strip(" -–—|,،()")
    dated = is_title(anchor.text) and rest != line.text and rest and context.clock.is_date(rest)
    text = anchor.text if (shared or dated) and anchor.text else line.text
    return _COUNTED.sub("", text)


def _title_line(lines: list[Line], anchor: Anchor) -> Line | None:
    """A heading in the link, any heading, a linked line, any line: the first that can be a headline."""
    long = [line for line in lines if len(line.text) >= MIN_TITLE]
    linked = next((line.index for line in long if anchor in line.anchors and line.link_share == 1), None)
    tests: tuple[Callable[[Line], bool], ...] = (
        lambda line: line.level > 0 and anchor in line.anchors,
        lambda line: line.level > 0 and (linked is None or line.index < linked),
        lambda line: line.link_share > 0.5,
        lambda line: True,
    )
    return next((line for test in tests for line in long if test(line)), None)


def _is_aside(line: Line, context: Context) -> bool:
    text = line.text
    if is_button(text) or (len(text) < 25 and kind_of(text) is not None):
        return True
    if line.box.role in _ASIDE_ROLES and len(text) < 80:
        return True
    if _is_aside_text(normalise(text[:80])) or context.clock.is_date(text):
        return True
    return context.source.language == "ar" and arabic_share(text) < 0.3
