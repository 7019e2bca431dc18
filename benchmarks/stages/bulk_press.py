"""As many corpus articles as asked for, on the outlets of the replay: every page listed by its outlet's one feed.

Light pages are those of the replay; heavy ones have the markup of the five real pages.
"""

from email.utils import format_datetime
from xml.sax.saxutils import escape

from benchmarks.corpus import rows
from benchmarks.extraction.real_skeletons import Skeleton, skeletons
from benchmarks.replay.press import FEED, FEWEST_CHARACTERS, PAPERS, Paper, Printed, Row, printed, put, raw_path
from benchmarks.replay.site import Outlet, ReplaySite


def open_bulk(site: ReplaySite, count: int, *, heavy: bool = False) -> list[Printed]:
    """`count` articles, as equally many of each outlet as there are; no text twice."""
    texts: dict[str, dict[str, Row]] = {paper.id: {} for paper in PAPERS}
    for row in rows():
        if row["time"] and len(row["text"]) >= FEWEST_CHARACTERS:
            texts[row["src"].lower()].setdefault(row["text"], row)
    pages: list[Printed] = []
    shells = skeletons() if heavy else [None] * len(PAPERS)
    for left, paper, shell in zip(range(len(PAPERS), 0, -1), PAPERS, shells, strict=True):
        share = (count - len(pages)) // left
        pages += _open(site, paper, list(texts[paper.id].values())[:share], shell)
    return pages


def _open(site: ReplaySite, paper: Paper, texts: list[Row], shell: Skeleton | None) -> list[Printed]:
    outlet = site.open(paper.id, paper.name, country=paper.country, timezone=paper.timezone)
    by_url = {row["url"]: printed(outlet, row["url"], row) for row in texts}
    pages = list(by_url.values())
    for at, one in enumerate(pages):
        if shell:
            outlet.put(raw_path(one.url), shell.page(one.url, one.row), modified=one.published)
        else:
            put(one, paper.skin, pages[max(at - 3, 0) : at], pages[:3])
    outlet.listing("feed", FEED, _feed(outlet, pages))
    return pages


def _feed(outlet: Outlet, pages: list[Printed]) -> str:
    items = "".join(
        f"<item><title>{escape(one.row['title'])}</title><link>{escape(one.url)}</link>"
        f"<pubDate>{format_datetime(one.published)}</pubDate></item>"
        for one in pages
    )
    return f'<rss version="2.0"><channel><title>{outlet.name}</title>{items}</channel></rss>'
