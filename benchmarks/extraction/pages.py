"""What extraction reads right on the evaluation pages; `extraction.cost` has what it costs.

    python -m benchmarks.extraction.pages

Reads the folder that MARSAD_SHARED names, else `shared` beside the checkout. The body metric is that of the
article-extraction-benchmark: 4-gram shingles of words, F1 of mean precision and mean recall.
"""

import gzip
import html
import json
import os
import re
import sys
import time
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import trafilatura
from selectolax.lexbor import LexborHTMLParser

from benchmarks.extraction.shingles import precision_recall
from benchmarks.shared import ROOT
from news.documents import Article, NotDocument, Page, Source
from news.extract import extract
from news.extract.metadata import read_metadata
from news.extract.published import Clock
from news.extract.reading import read_page

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ZONES = {
    "albayan.ae": ("Asia/Dubai", "AE"),
    "youm7.com": ("Africa/Cairo", "EG"),
    "beirutobserver.com": ("Asia/Beirut", "LB"),
    "alyaum.com": ("Asia/Riyadh", "SA"),
    "arabic.cnn.com": ("Asia/Dubai", "AE"),
}
SEED_URL = "https://www.aljazeera.net/news/2020/12/1/seed"


def evaluation() -> Path:
    shared = os.environ.get("MARSAD_SHARED")
    return (Path(shared) if shared else ROOT.parent / "shared") / "eval"


def page_of(url: str, body: bytes) -> Page:
    return Page(
        requested_url=url, url=url, status=200, headers={"content-type": "text/html"}, body=body, fetched_at=NOW
    )


def source_of(url: str, language: str = "ar") -> Source:
    host = urlsplit(url).hostname or ""
    zone, country = ZONES.get(host.removeprefix("www."), ("UTC", ""))
    return Source(id="x", name=host, homepage=f"https://{host}/", timezone=zone, country=country, language=language)


# --- the five pages


def read_pages(folder: Path) -> Iterator[tuple[dict[str, Any], Article | NotDocument]]:
    for gold in json.loads((folder / "pages" / "GOLD.json").read_text(encoding="utf-8")):
        body = (folder / "pages" / gold["file"]).read_bytes()
        yield gold, extract(page_of(gold["url"], body), source_of(gold["url"]), NOW)


def checks(gold: dict[str, Any], article: Article) -> dict[str, bool]:
    titles = [one.title for one in article.related]
    return {
        "title": article.title == gold["title"],
        "published": _same_moment(gold["published"], article),
        "author": list(article.authors) == ([gold["author"]] if gold["author"] else []),
        "section": gold["section"] in (None, article.section),
        "body starts": gold["body_starts"] in article.text.split("\n")[0],
        "nothing foreign": not any(text in article.text for text in gold["must_not_contain"]),
        "related": all(title in titles for title in gold["related_titles"])
        and bool(titles) == bool(gold["related_titles"]),
    }


def _same_moment(wanted: str, article: Article) -> bool:
    if article.published is None:
        return False
    if len(wanted) == 10:
        return article.published.local.date().isoformat() == wanted
    return article.published.value.replace(second=0) == datetime.fromisoformat(wanted).astimezone(UTC).replace(second=0)


def report_pages(folder: Path) -> None:
    totals: Counter[str] = Counter()
    for gold, article in read_pages(folder):
        if isinstance(article, NotDocument):
            print(f"  {gold['file']}: {article.outcome} ({article.reason})")
            continue
        found = checks(gold, article)
        totals.update(name for name, right in found.items() if right)
        wrong = [name for name, right in found.items() if not right]
        print(f"  {gold['file']:24} {'all right' if not wrong else 'wrong: ' + ', '.join(wrong)}")
    print("  " + " · ".join(f"{name} {count}/5" for name, count in totals.items()))


# --- the page the system exists for, in markups like its own


def is_headline(line: str) -> bool:
    """Not an English caption, nor a line «Published On …»."""
    return re.search("[\u0621-\u064a]", line) is not None


def seed_parts(folder: Path) -> tuple[dict[str, Any], list[str], list[list[str]]]:
    """Gold, the paragraphs of the text, and the teasers as their lines: captions and dates stand before theirs."""
    gold = json.loads((folder / "seed" / "GOLD.json").read_text(encoding="utf-8"))
    raw = (folder / "seed" / "aljazeera-2020-12-01.txt").read_text(encoding="utf-8").splitlines()
    lines = [line.strip() for line in raw if line.strip()]
    credit, heading = lines.index(gold["credit"]), lines.index(gold["related_heading"])
    teasers: list[list[str]] = [[]]
    for line in lines[heading + 1 : lines.index(gold["not_related_headings"][0])]:
        if any(map(is_headline, teasers[-1])):
            teasers.append([])
        teasers[-1].append(line)
    return gold, lines[1:credit], teasers


def link(number: int) -> str:
    return f"/news/2020/11/{number}/teaser-{number}"


def card_linked(number: int, lines: list[str]) -> str:
    inner = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    return f'<article class="x{number}"><a href="{link(number)}"><img src="{number}.jpg" alt="">{inner}</a></article>'


def card_pictured(number: int, lines: list[str]) -> str:
    inner = "".join(f"<div>{html.escape(line)}</div>" for line in lines)
    return f'<div class="c"><a href="{link(number)}"><img src="{number}.jpg"></a><div class="b">{inner}</div></div>'


def card_headed(number: int, lines: list[str]) -> str:
    title = next(filter(is_headline, lines))
    rest = "".join(f'<span class="d">{html.escape(line)}</span>' for line in lines if line != title)
    return f'<li><h3><a href="{link(number)}">{html.escape(title)}</a></h3>{rest}</li>'


def other_list(number: int, heading: str) -> str:
    items = "".join(
        f'<li><a href="/news/2020/12/1/{number}{item}">عنوان خبر آخر لا صلة له بهذا الموضوع {item}</a></li>'
        for item in range(4)
    )
    return f"<section><h2>{heading}</h2><ul>{items}</ul></section>"


def seed_page(gold: dict[str, Any], paragraphs: list[str], cards: str) -> str:
    tags = ("h2" if line in gold["subheads"] else "p" for line in paragraphs)
    text = "".join(f"<{tag}>{html.escape(line)}</{tag}>" for tag, line in zip(tags, paragraphs, strict=True))
    others = "".join(other_list(number, heading) for number, heading in enumerate(gold["not_related_headings"]))
    return f"""<html lang="ar" dir="rtl"><head><title>{gold["title"]} | أخبار | الجزيرة نت</title>
<meta property="og:type" content="article">
<script type="application/ld+json">{{"@type":"NewsArticle","datePublished":"2020-12-01T12:00:00Z"}}</script></head>
<body><nav><a href="/news/">أخبار</a></nav><main><h1>{gold["title"]}</h1><div class="wysiwyg">{text}</div>
<div>{gold["credit"]}</div><section><h2>{gold["related_heading"]}</h2><div>{cards}</div></section>{others}</main></body></html>"""


def report_seed(folder: Path) -> None:
    gold, paragraphs, teasers = seed_parts(folder)
    for card in (card_linked, card_pictured, card_headed):
        page = seed_page(gold, paragraphs, "".join(card(number, lines) for number, lines in enumerate(teasers, 1)))
        article = extract(page_of(SEED_URL, page.encode()), source_of(SEED_URL), NOW)
        if isinstance(article, NotDocument):
            print(f"  {card.__name__}: {article.outcome}")
            continue
        found = {one.title for one in article.related}
        wanted = {next(filter(is_headline, lines)) for lines in teasers}
        text = article.text.split("\n") == paragraphs
        print(
            f"  {card.__name__:14} title {article.title == gold['title']}, text {text},"
            f" authors {list(article.authors)},"
            f" related {len(found & wanted)} right of {len(wanted)}, {len(found - wanted)} wrong"
        )


# --- the body, beside trafilatura


def own_text(url: str, page: bytes) -> str:
    parser = LexborHTMLParser(page.decode("utf-8", "replace"))
    source = source_of(url, "en")
    read = read_page(parser, "", read_metadata(parser, url), source, Clock(NOW, source))
    return read.text if read else ""


def whole_article(url: str, page: bytes) -> str:
    article = extract(page_of(url, page), source_of(url, "en"), NOW)
    return article.text if isinstance(article, Article) else ""


def report_bodies(folder: Path) -> None:
    gold = json.loads(gzip.decompress((folder / "aeb" / "ground-truth.json.gz").read_bytes()))
    pages = {key: gzip.decompress((folder / "aeb" / "html" / f"{key}.html.gz").read_bytes()) for key in gold}
    readers: dict[str, Callable[[str, bytes], str]] = {
        "text only": own_text,
        "whole article": whole_article,
        "trafilatura fast": lambda url, page: trafilatura.extract(page, fast=True) or "",
        "trafilatura": lambda url, page: trafilatura.extract(page) or "",
    }
    spent: Counter[str] = Counter()
    scores: dict[str, list[tuple[float, float]]] = {name: [] for name in readers}
    for key, wanted in gold.items():
        for name, reader in readers.items():
            started = time.process_time_ns()
            found = reader(wanted["url"], pages[key])
            spent[name] += time.process_time_ns() - started
            scores[name].append(precision_recall(wanted["articleBody"], found))
    for name, pairs in scores.items():
        precision, recall = (sum(column) / len(pairs) for column in zip(*pairs, strict=True))
        cost = spent[name] / len(pages) / 1e6
        ratio = spent["trafilatura fast"] / spent[name]
        score = 2 * precision * recall / (precision + recall)
        print(
            f"  {name:17} F1 {score:.4f} (precision {precision:.4f}, recall {recall:.4f})"
            f"  {cost:6.2f} ms of CPU a page, {ratio:.2f} times as fast as trafilatura fast"
        )


def main() -> int:
    ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter).parse_args()
    folder = evaluation()
    if not folder.is_dir():
        print(f"no evaluation data at {folder}; set MARSAD_SHARED", file=sys.stderr)
        return 1
    print("pages:")
    report_pages(folder)
    print("seed:")
    report_seed(folder)
    print("article-extraction-benchmark:")
    report_bodies(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
