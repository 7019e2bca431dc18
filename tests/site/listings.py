"""What an outlet lists its articles with: RSS and a news sitemap."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    url: str
    title: str
    summary: str
    published: datetime


def rss(outlet: str, home: str, entries: Iterable[Entry]) -> str:
    items = "\n".join(
        f"<item><title>{escape(one.title)}</title><link>{escape(one.url)}</link>"
        f'<guid isPermaLink="true">{escape(one.url)}</guid>'
        f"<description>{escape(one.summary)}</description><pubDate>{format_datetime(one.published)}</pubDate></item>"
        for one in entries
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>'
        f"<title>{escape(outlet)}</title><link>{escape(home)}</link><description>آخر الأخبار</description>"
        f"<language>ar</language>\n{items}\n</channel></rss>"
    )


def news_sitemap(outlet: str, entries: Iterable[Entry]) -> str:
    items = "\n".join(
        f"<url><loc>{escape(one.url)}</loc><news:news><news:publication><news:name>{escape(outlet)}</news:name>"
        "<news:language>ar</news:language></news:publication>"
        f"<news:publication_date>{one.published.isoformat()}</news:publication_date>"
        f"<news:title>{escape(one.title)}</news:title></news:news></url>"
        for one in entries
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n{items}\n</urlset>'
    )
