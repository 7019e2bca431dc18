"""The corpus in a real store, month by month as the press printed it, and a node to send it to."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.corpus import import_line, rows
from index.documents.importing import import_article
from index.elastic.index import ElasticIndex
from index.store import Store
from marsad.config import Settings, load_settings
from news.copies.fingerprints import fingerprint
from news.documents import Article, FoundKind, FoundVia, ReadArticle
from news.importing import GoodLine, parse_line
from tests.elastic.node import Node, find_jdk, unpacked

UNDATED = datetime(2018, 2, 1, tzinfo=UTC)
FOUND_VIA = FoundVia(kind=FoundKind.IMPORT, url=None)


def articles() -> list[tuple[datetime, Article]]:
    """With the moment at which each was seen, in that order."""
    found = []
    for row in rows():
        article = _article(row)
        if article is not None:
            found.append((article.published.value if article.published else UNDATED, article))
    return sorted(found, key=lambda one: one[0])


def put(store: Store, articles: list[tuple[datetime, Article]]) -> None:
    waiting = [
        store.writer.submit(
            partial(
                import_article,
                read=ReadArticle(article=article, fingerprint=fingerprint(article.title, article.text)),
                found_via=FOUND_VIA,
                now=seen,
            )
        )
        for seen, article in articles
    ]
    for future in waiting:
        future.result()


@contextmanager
def running_node(**how: Any) -> Iterator[Node]:
    """A node of our own, which may be killed."""
    jdk = find_jdk()
    if jdk is None:
        sys.exit("There is no JDK 25 for a node; see CONTRIBUTING.md.")
    node = Node(jdk, unpacked(jdk), **how)
    try:
        node.start()
        yield node
    finally:
        node.remove()


def told(node: Node, alias: str, folder: Path) -> Settings:
    over = {"elasticsearch.url": node.url, "elasticsearch.alias": alias, "data": str(folder)}
    return load_settings(overrides=over, environ={})


@contextmanager
def opened(node: Node, alias: str, store: Store) -> Iterator[ElasticIndex]:
    with ElasticIndex.open(told(node, alias, Path(store.folder)), store, {}) as index:
        yield index


def _article(row: dict[str, Any]) -> Article | None:
    parsed = parse_line(json.dumps(import_line(row)).encode(), datetime.now(UTC))
    return parsed.article if isinstance(parsed, GoodLine) else None
