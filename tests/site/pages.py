"""Article, section and home pages as Arabic outlets build them: a story between ticker, teasers and most-read list."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from html import escape

MONTHS = ("يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر")
DAYS = ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد")


class Skin(StrEnum):
    """How an article page tells its date and title: in JSON-LD, in meta elements, or only to the eye."""

    JSON_LD = "json-ld"
    META = "meta"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Teaser:
    url: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePage:
    """All that an article page shows. `published` carries the outlet's own zone."""

    outlet: str
    home: str
    url: str
    canonical: str
    title: str
    summary: str
    section: str
    section_url: str
    byline: str
    published: datetime
    modified: datetime | None
    paragraphs: Sequence[str]
    related: Sequence[Teaser]
    inline: Teaser | None
    most_read: Sequence[Teaser]
    skin: Skin
    robots: str = ""


def article(page: ArticlePage) -> str:
    clock = arabic_date(page.published)
    if page.skin is Skin.META:
        clock = f'<time datetime="{page.published.isoformat()}">{clock}</time>'
    return f"""{_head(page)}
<body>
{_masthead(page.outlet, page.home)}
<div class="breadcrumb"><a href="{page.home}">الرئيسية</a> / <a href="{page.section_url}">{page.section}</a></div>
<main>
<article class="story">
<h1>{escape(page.title)}</h1>
<div class="story-info"><span class="byline">{escape(page.byline)}</span> <span class="date">{clock}</span></div>
<figure><img src="/images/lead.jpg" alt=""><figcaption>صورة أرشيفية ({escape(page.outlet)})</figcaption></figure>
<div class="story-body">
{_paragraphs(page)}
</div>
<div class="share"><a href="#">شارك عبر البريد</a> <a href="#">انسخ الرابط</a></div>
</article>
{_related(page.related)}
</main>
{_most_read(page.most_read)}
{_footer(page.outlet)}
</body></html>"""


def listing(outlet: str, home: str, heading: str, teasers: Iterable[Teaser]) -> str:
    """A section or home page."""
    cards = "\n".join(
        f'<li class="card"><a href="{one.url}"><img src="/images/s.jpg" alt=""><h3>{escape(one.title)}</h3></a></li>'
        for one in teasers
    )
    return f"""<!doctype html><html lang="ar" dir="rtl"><head><meta charset="utf-8">
<title>{heading} | {escape(outlet)}</title>
<link rel="alternate" type="application/rss+xml" title="{escape(outlet)}" href="/rss"></head>
<body>{_masthead(outlet, home)}<main><h1>{heading}</h1><ul class="cards">
{cards}
</ul></main>{_footer(outlet)}</body></html>"""


def arabic_date(moment: datetime) -> str:
    half = "صباحا" if moment.hour < 12 else "مساء"
    day = f"{DAYS[moment.weekday()]} {moment.day} {MONTHS[moment.month - 1]} {moment.year}"
    return f"{day} - {(moment.hour - 1) % 12 + 1}:{moment.minute:02} {half}"


def _head(page: ArticlePage) -> str:
    known = {
        Skin.JSON_LD: [_json_ld(page), *_open_graph(page)],
        Skin.META: [
            *_open_graph(page),
            f'<meta property="article:published_time" content="{page.published.isoformat()}">',
            f'<meta property="article:section" content="{page.section}">',
        ],
        Skin.PLAIN: [],
    }[page.skin]
    robots = [f'<meta name="robots" content="{page.robots}">'] if page.robots else []
    lines = [
        '<!doctype html><html lang="ar" dir="rtl"><head><meta charset="utf-8">',
        f"<title>{escape(page.title)} | {escape(page.outlet)}</title>",
        f'<meta name="description" content="{escape(page.summary)}">',
        f'<link rel="canonical" href="{page.canonical}">',
        *known,
        *robots,
        "<script>window.dataLayer = window.dataLayer || [];</script></head>",
    ]
    return "\n".join(lines)


def _open_graph(page: ArticlePage) -> list[str]:
    return [
        '<meta property="og:type" content="article">',
        f'<meta property="og:title" content="{escape(page.title)}">',
        f'<meta property="og:url" content="{page.canonical}">',
        f'<meta property="og:site_name" content="{escape(page.outlet)}">',
    ]


def _json_ld(page: ArticlePage) -> str:
    known = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": page.title,
        "url": page.canonical,
        "datePublished": page.published.isoformat(),
        "dateModified": (page.modified or page.published).isoformat(),
        "articleSection": page.section,
        "publisher": {"@type": "Organization", "name": page.outlet},
    }
    return f'<script type="application/ld+json">{json.dumps(known, ensure_ascii=False)}</script>'


def _paragraphs(page: ArticlePage) -> str:
    parts = [f"<p>{escape(paragraph)}</p>" for paragraph in page.paragraphs]
    if page.inline:
        link = f'<a href="{page.inline.url}">{escape(page.inline.title)}</a>'
        parts.insert(len(parts) // 2, f'<p class="read-also">اقرأ أيضا: {link}</p>')
    return "\n".join(parts)


def _related(teasers: Sequence[Teaser]) -> str:
    if not teasers:
        return ""
    items = "\n".join(
        f'<div class="item"><a href="{one.url}"><img src="/images/t.jpg" alt=""></a>'
        f'<a href="{one.url}"><h4>{escape(one.title)}</h4></a></div>'
        for one in teasers
    )
    return f'<section class="block"><h2>حول هذه القصة</h2>\n{items}\n</section>'


def _most_read(teasers: Iterable[Teaser]) -> str:
    items = "".join(f'<li><a href="{one.url}">{escape(one.title)}</a></li>' for one in teasers)
    return f'<aside class="side"><h3>الأكثر قراءة</h3><ol>{items}</ol></aside>' if items else ""


def _masthead(outlet: str, home: str) -> str:
    sections = "".join(
        f'<li><a href="/{slug}/">{name}</a></li>' for slug, name in (("politics", "سياسة"), ("sport", "رياضة"))
    )
    return (
        f'<header><a class="logo" href="{home}">{escape(outlet)}</a><nav><ul>{sections}</ul></nav>'
        '<div class="ticker">عاجل: تحديثات مباشرة على مدار الساعة</div></header>'
    )


def _footer(outlet: str) -> str:
    links = '<a href="/about">من نحن</a> <a href="/contact">اتصل بنا</a>'
    return f"<footer>{links} جميع الحقوق محفوظة © {escape(outlet)}</footer>"
