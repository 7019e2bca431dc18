"""One status document per source: its books, how fresh it is, how the index keeps up."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from elasticsearch import Elasticsearch

from index.elastic.names import Names
from news.documents import Outcome, Source

FIGURES: Final = ("listed", "fetched", "extracted", "stored", "indexed", "searchable", "pending")


def mapping() -> dict[str, Any]:
    keyword, number, date = {"type": "keyword", "ignore_above": 512}, {"type": "long"}, {"type": "date"}
    return {
        "dynamic": "strict",
        "properties": {
            "at": date,
            "source": keyword,
            "source_name": keyword,
            "country": keyword,
            "health": keyword,
            "last_success_at": date,
            "silent_seconds": number,
            **dict.fromkeys(FIGURES, number),
            "dropped": {"properties": {outcome.value: number for outcome in Outcome}},
            "dropped_total": number,
            "index_backend": keyword,
            "index_pending": number,
            "index_rejected": number,
            "index_lag_seconds": {"type": "double"},
        },
    }


def health_documents(
    status: Mapping[str, Any], sources: Mapping[str, Source], now: datetime
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Ids and documents, from what `marsad status --json` prints."""
    index = {f"index_{name}": status["index"][name] for name in ("backend", "pending", "rejected", "lag_seconds")}
    for row in status["sources"]:
        source = sources.get(row["id"])
        seen = row["last_success_at"]
        yield (
            row["id"],
            {
                "at": now.isoformat(timespec="seconds"),
                "source": row["id"],
                "source_name": source.name if source else row["id"],
                "country": source.country if source and source.country else None,
                "health": row["health"],
                "last_success_at": seen,
                "silent_seconds": round((now - datetime.fromisoformat(seen)).total_seconds()) if seen else None,
                **{name: row[name] for name in FIGURES},
                "dropped": row["dropped"],
                "dropped_total": sum(row["dropped"].values()),
                **index,
            },
        )


def write_health(
    client: Elasticsearch, names: Names, status: Mapping[str, Any], sources: Mapping[str, Source], now: datetime
) -> int:
    """Replaces each source's document. Returns how many were taken."""
    operations: list[dict[str, Any]] = []
    for id_, document in health_documents(status, sources, now):
        operations += ({"index": {"_id": id_}}, document)
    if not operations:
        return 0
    answer = client.bulk(index=names.health, operations=operations, filter_path=["items.*.status"])
    return sum(item["index"]["status"] < 300 for item in answer["items"])
