"""Article and section pages around corpus texts, in three skeletons that Arabic outlets use."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from html import escape

from tests.site.pages import DAYS, MONTHS, Teaser


class Skin(StrEnum):
    """Where a page tells its date: in JSON-LD, in meta elements, or only to the eye."""

    LINKED_DATA = "linked-data"
    META = "meta"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePage:
    """All that a page shows. `published` is in the outlet's zone; `popular` is the list that is not about the story."""

    outlet: str
    url: str
    title: str
    summary: str
    author: str
    section: str
    published: datetime
    paragraphs: Sequence[str]
    related: Sequence[Teaser]
    popular: Sequence[Teaser]


def article(page: ArticlePage, skin: Skin) -> str:
    head, main = {
        Skin.LINKED_DATA: (_linked_data(page), _cards(page)),
        Skin.META: (_meta(page), _boxes(page)),
        Skin.PLAIN: ("", _breaks(page)),
    }[skin]
    return f"""<!DOCTYPE html>
<html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>{escape(page.title)} | {escape(page.outlet)}</title>
<meta name="description" content="{escape(page.summary)}"><link rel="canonical" href="{page.url}">
{head}<script>window.dataLayer = window.dataLayer || []; dataLayer.push({{"section": "{page.section}"}});</script>
</head><body>{_masthead(page.outlet)}
{main}
{_popular(page.popular)}
{_footer(page.outlet)}</body></html>"""


def section(outlet: str, heading: str, teasers: Sequence[Teaser]) -> str:
    """A listing page."""
    cards = "".join(f'<li><a href="{one.url}"><h3>{escape(one.title)}</h3></a></li>' for one in teasers)
    return (
        f'<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>{escape(outlet)}</title></head>'
        f"<body>{_masthead(outlet)}<main><h1>{heading}</h1><ul>{cards}</ul></main>{_footer(outlet)}</body></html>"
    )


def shown_date(moment: datetime) -> str:
    half = "صباحا" if moment.hour < 12 else "مساء"
    day = f"{DAYS[moment.weekday()]}، {moment.day} {MONTHS[moment.month - 1]} {moment.year}"
    return f"{day} - {(moment.hour - 1) % 12 + 1}:{moment.minute:02} {half}"


def _cards(page: ArticlePage) -> str:
    related = "".join(
        f'<div class="card"><a href="{one.url}"><img src="/images/t.jpg" alt=""><h4>{escape(one.title)}</h4></a></div>'
        for one in page.related
    )
    return f"""<main><nav class="breadcrumb"><a href="/">الرئيسية</a> / <a href="/latest/">{page.section}</a></nav>
<article><h1>{escape(page.title)}</h1>
<div class="info"><span class="author">{escape(page.author)}</span>
<span class="date">{shown_date(page.published)}</span></div>
<figure><img src="/images/lead.jpg" alt=""><figcaption>صورة أرشيفية</figcaption></figure>
<div class="text">{_paragraphs(page.paragraphs)}</div>
<div class="share"><a href="#">مشاركة</a> <a href="#">طباعة</a></div></article>
<section class="more"><h2>اقرأ أيضا</h2>{related}</section></main>"""


def _boxes(page: ArticlePage) -> str:
    """No semantic element at all, the first related link between the paragraphs."""
    half = (len(page.paragraphs) + 1) // 2
    inline, others = page.related[:1], page.related[1:]
    between = "".join(f'<p><b>اقرأ أيضا: <a href="{one.url}">{escape(one.title)}</a></b></p>' for one in inline)
    items = "".join(f'<li><a href="{one.url}">{escape(one.title)}</a></li>' for one in others)
    block = f'<div class="c9f2"><div class="ttl">مواضيع ذات صلة</div><ul>{items}</ul></div>' if items else ""
    return f"""<div id="wrap"><div class="col-r"><h1>{escape(page.title)}</h1>
<div class="meta"><time datetime="{page.published.isoformat()}">{shown_date(page.published)}</time></div>
<div class="c1a7">{_paragraphs(page.paragraphs[:half])}{between}{_paragraphs(page.paragraphs[half:])}</div>
{block}</div></div>"""


def _breaks(page: ArticlePage) -> str:
    """The text in one element, its paragraphs parted by line breaks."""
    text = "<br><br>\n".join(map(escape, page.paragraphs))
    items = "".join(f'<li><a href="{one.url}">{escape(one.title)}</a></li>' for one in page.related)
    return f"""<div class="content"><div class="date">{shown_date(page.published)}</div>
<h1>{escape(page.title)}</h1><div class="by">بقلم: {escape(page.author or page.outlet)}</div>
<div class="body">{text}</div><div class="related"><h3>اقرأ أيضا</h3><ul>{items}</ul></div></div>"""


def _paragraphs(paragraphs: Sequence[str]) -> str:
    return "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)


def _linked_data(page: ArticlePage) -> str:
    known = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": page.outlet},
            {
                "@type": "NewsArticle",
                "headline": page.title,
                "url": page.url,
                "datePublished": page.published.isoformat(),
                "articleSection": page.section,
            },
        ],
    }
    return f'<script type="application/ld+json">{json.dumps(known, ensure_ascii=False)}</script>\n'


def _meta(page: ArticlePage) -> str:
    known = {
        "og:type": "article",
        "og:site_name": page.outlet,
        "og:title": page.title,
        "og:url": page.url,
        "article:published_time": page.published.isoformat(),
        "article:section": page.section,
    }
    return "".join(f'<meta property="{name}" content="{escape(value)}">\n' for name, value in known.items())


def _popular(teasers: Sequence[Teaser]) -> str:
    items = "".join(f'<li><a href="{one.url}">{escape(one.title)}</a></li>' for one in teasers)
    return f'<aside class="side"><h3>الأكثر قراءة</h3><ol>{items}</ol></aside>'


def _masthead(outlet: str) -> str:
    names = ("سياسة", "اقتصاد", "رياضة", "ثقافة", "تكنولوجيا")
    items = "".join(f'<li><a href="/latest/?s={number}">{name}</a></li>' for number, name in enumerate(names))
    return f'<header><a class="logo" href="/">{escape(outlet)}</a><nav><ul>{items}</ul></nav></header>'


def _footer(outlet: str) -> str:
    links = '<a href="/about">من نحن</a> <a href="/contact">اتصل بنا</a> <a href="/privacy">سياسة الخصوصية</a>'
    return f"<footer>{links}<p>جميع الحقوق محفوظة © {escape(outlet)}</p></footer>"
