"""Whole pages of the template families that we meet, written by us, each with what a careful reader takes from it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from news.documents import Article, NotDocument, Page, Selectors, Source
from news.extract import extract

PAGES = Path(__file__).parent / "pages"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NAMES = sorted(path.stem for path in PAGES.glob("*.json"))


def read(name: str) -> tuple[Article | NotDocument, dict[str, Any]]:
    case = json.loads((PAGES / f"{name}.json").read_text(encoding="utf-8"))
    body = (PAGES / f"{name}.html").read_text(encoding="utf-8").encode(case.get("encoding", "utf-8"))
    fields = dict(case["source"], id="example")
    if "selectors" in fields:
        chosen = fields["selectors"]
        fields["selectors"] = Selectors(**{**chosen, "remove": tuple(chosen["remove"])})
    fields["articles"] = tuple(fields.get("articles", ()))
    page = Page(
        requested_url=case["url"],
        url=case["url"],
        status=200,
        headers={"content-type": "text/html"},
        body=body,
        fetched_at=NOW,
    )
    return extract(page, Source(**fields), NOW), case["expect"]


def facts(article: Article) -> dict[str, Any]:
    published, modified = article.published, article.modified
    return {
        "url": article.url,
        "title": article.title,
        "paragraphs": article.text.split("\n"),
        "summary": article.summary,
        "published": published.local.isoformat() if published else None,
        "published_from": article.published_from,
        "published_precision": published.precision.value if published else None,
        "modified": modified.local.isoformat() if modified else None,
        "authors": list(article.authors),
        "credits": list(article.credits),
        "section": article.section,
        "related": [[one.heading, one.title, one.url] for one in article.related],
        "teasers": [one.teaser for one in article.related],
    }


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("not_")])
def test_an_article_page_gives_what_a_careful_reader_takes_from_it(name: str) -> None:
    article, expected = read(name)
    assert isinstance(article, Article), article
    found = facts(article)
    expected["related"] = [[heading, title, _encoded(url)] for heading, title, url in expected["related"]]
    assert {key: found[key] for key in expected} == expected


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("not_")])
def test_a_page_that_is_no_article_says_why(name: str) -> None:
    found, expected = read(name)
    assert isinstance(found, NotDocument)
    assert found.outcome.value == expected["outcome"], found.reason
    assert found.reason


def _encoded(url: str) -> str:
    from news.urls import fetchable

    return fetchable(url)
