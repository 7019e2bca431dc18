"""Both back ends give the same answers: the same documents in the same order, newest first."""

import json
import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from index.documents.importing import import_article
from index.elastic.index import ElasticIndex
from index.embedded import EmbeddedIndex
from index.embedded.finding import Found
from index.follower import follow
from index.queries import QueryError
from index.store import Store
from news.copies.fingerprints import fingerprint
from news.documents import FoundKind, FoundVia, ReadArticle, SearchQuery
from news.importing import GoodLine, parse_line

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ALWAYS = (
    "عبد الله", "أمريكا", "الولايات المتحدة", '"الولايات المتحدة"', "على", "علي", "covid-19*", "عبدال*", "كوفيد 19",
    '"حلف شمال الأطلسي" OR الناتو', "source:alarabia مصر", "مصر -السعودية", "title:مصر", 'title:"في مصر"', "الى", "👍",
)  # fmt: skip


def load(store: Store, corpus: list[dict[str, str]]) -> None:
    found_via = FoundVia(kind=FoundKind.IMPORT, url=None)
    for row in corpus:
        line = {"url": row["url"], "title": row["title"], "text": row["text"], "published_at": row["time"] or None,
                "source": row["src"].lower(), "summary": row["abstract"]}  # fmt: skip
        parsed = parse_line(json.dumps(line).encode(), NOW)
        if isinstance(parsed, GoodLine):
            article = parsed.article
            read = ReadArticle(article=article, fingerprint=fingerprint(article.title, article.text))
            store.writer.submit(partial(import_article, read=read, found_via=found_via, now=NOW))
    store.writer.flush()


def queries(corpus: list[dict[str, str]], number: int) -> Iterator[str]:
    chance = random.Random(11)
    yield from ALWAYS
    for row in chance.sample(corpus, number - len(ALWAYS)):
        words = re.findall(r"[\u0621-\u064a]{3,}", row["title"]) or ["مصر"]
        one, other = chance.choice(words), chance.choice(words)
        at = chance.randrange(len(words))
        pair = " ".join(words[at : at + 2])
        forms = (one, f"{one} {other}", f'"{pair}"', f"{one} -{other}", f"{one} OR {other}", f"{one[:4]}*",
                 f"title:{one}", f'title:"{pair}"', f'{one} -"{pair}"')  # fmt: skip
        yield chance.choice(forms)


@pytest.mark.slow
def test_300_queries_find_the_same_documents_in_the_same_order_in_both_back_ends(
    corpus: list[dict[str, str]], store: Store, index: ElasticIndex, tmp_path: Path
) -> None:
    some = corpus[:: len(corpus) // 1500]
    load(store, some)
    with EmbeddedIndex.open(tmp_path / "search.db") as embedded:
        assert follow(store, embedded).pending == follow(store, index).pending == 0
        index.place.client.indices.refresh(index=index.names.alias)
        overlaps = []
        for text in queries(some, 300):
            for how in ({}, {"exact": True}, {"all_copies": True}):
                query = SearchQuery(text=text, limit=1000, **how)  # type: ignore[arg-type]
                assert answer(index.search(query)) == answer(embedded.search(query)), (text, how)
            best = SearchQuery(text=text, sort="best")
            ours, theirs = (ids(side.search(best)) for side in (embedded, index))
            if ours or theirs:
                overlaps.append(len(ours & theirs) / max(len(ours), len(theirs)))
    assert sum(overlaps) / len(overlaps) > 0.8


def ids(answered: Found | QueryError) -> set[str]:
    return {hit.id for hit in answered.hits} if isinstance(answered, Found) else set()


def answer(answered: Found | QueryError) -> object:
    if isinstance(answered, QueryError):
        return answered
    return [(hit.id, hit.cluster, hit.time) for hit in answered.hits], answered.total, answered.relation
