"""A day of the press under an alias of its own: three outlets, a story that spread, an edit, a page that is gone."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from index.elastic import documents, templates
from index.elastic.health import health_documents
from index.elastic.names import Names, month_of
from news.documents import Document, FoundKind, FoundVia, Outcome
from tests.elastic.conftest import remove
from tests.index.press import NOW, outlet

OUTLETS = {
    "akhbar": "وكالة الأخبار",
    "sahifa": "الصحيفة",
    "mihwar": "قناة المحور",
}


def document(number: int, source: str, title: str, text: str, hours: float, **known: Any) -> Document:
    when = NOW - timedelta(hours=hours)
    url = f"https://{source}.example/news/{number}"
    values: dict[str, Any] = {
        "id": f"d{number}", "seq": number, "url": url, "requested_url": url, "source": source, "title": title,
        "summary": None, "text": text, "authors": (), "credits": (), "section": "سياسة", "published": None,
        "published_from": None, "modified": None, "language": "ar", "image_url": None, "related": (), "stories": (),
        "first_seen_at": when, "fetched_at": when, "revision": 1, "cluster_id": f"d{number}", "duplicate_of": None,
        "found_via": FoundVia(kind=FoundKind.FEED, url=None),
    }  # fmt: skip
    return Document(**values | known)


TRUCE = "أعلن الوزير التوصل إلى اتفاق على وقف إطلاق النار في غزة بعد مفاوضات استمرت أسابيع"
COPY = {"cluster_id": "d1", "duplicate_of": "d1"}
PRESS = (
    document(1, "akhbar", "اتفاق على وقف إطلاق النار", TRUCE, 5, copies=3, stories=("truce",)),
    document(2, "sahifa", "وقف إطلاق النار في غزة", TRUCE, 4, **COPY),
    document(3, "mihwar", "اتفاق وقف إطلاق النار في غزة", TRUCE, 3, **COPY),
    document(4, "mihwar", "نص الاتفاق", TRUCE, 2, revision=2, **COPY),
    document(5, "akhbar", "انتخابات البلدية تبدأ غدا", "دعت اللجنة الناخبين إلى الاقتراع في كل المدن", 6, revision=3),
    document(6, "sahifa", "ارتفاع أسعار القمح", "ارتفعت الأسعار في الأسواق العالمية", 7, section="اقتصاد"),
    document(7, "sahifa", "فوز المنتخب", "فاز المنتخب في المباراة", 8, section="رياضة", removed_at=NOW),
)


def status() -> dict[str, Any]:
    def row(id_: str, health: str, seen: str | None) -> dict[str, Any]:
        dropped = {outcome.value: 1 for outcome in Outcome if outcome is not Outcome.STORED}
        figures = {"listed": 40, "fetched": 20, "extracted": 15, "stored": 10, "indexed": 10, "searchable": 9}
        pending = 30 - len(dropped)
        return {"id": id_, "health": health, "last_success_at": seen, **figures, "pending": pending, "dropped": dropped}

    ago = (NOW - timedelta(hours=30)).isoformat()
    rows = [row("akhbar", "ok", NOW.isoformat()), row("sahifa", "silent", ago), row("mihwar", "failing", None)]
    index = {"backend": "elasticsearch", "pending": 2, "rejected": 1, "lag_seconds": 3.5}
    return {"sources": rows, "index": index}


@pytest.fixture(scope="module")
def day(client: Elasticsearch) -> Iterator[Names]:
    names = Names(f"test{os.getpid()}-day")
    templates.put(client, names, 1, "store", ())
    templates.put_health(client, names)
    index = names.index(1, month_of(NOW))
    outlets = {
        id_: replace(outlet(id_, f"https://{id_}.example", country="QA"), name=name) for id_, name in OUTLETS.items()
    }
    client.indices.create(index=index, aliases={names.alias: {}})
    operations: list[dict[str, Any]] = []
    for each in PRESS:
        title = next(other.title for other in PRESS if other.id == each.cluster_id)
        operations += ({"index": {"_index": index, "_id": each.id}}, documents.indexed(each, outlets, title, NOW))
    for id_, report in health_documents(status(), outlets, NOW):
        operations += ({"index": {"_index": names.health, "_id": id_}}, report)
    answer = client.bulk(operations=operations, refresh=True)
    assert not answer["errors"], answer
    yield names
    remove(client, names)
