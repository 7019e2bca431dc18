"""What there is in a cluster: indices with their uuids and aliases, and documents with their versions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from elasticsearch import Elasticsearch

from index.elastic.names import Names

_PAGE: Final = 5000
_KEEP: Final = "5m"


@dataclass(frozen=True, slots=True)
class Inventory:
    """`indices`: all of ours, uuids by name. `behind_alias`: the names behind the read alias, ours or not."""

    indices: Mapping[str, str]
    versions: Mapping[str, str]
    behind_alias: frozenset[str]
    alias_is_index: bool = False

    def of(self, names: Names, generation: int) -> dict[str, str]:
        return {name: uuid for name, uuid in self.indices.items() if names.generation(name) == generation}


@dataclass(frozen=True, slots=True)
class Held:
    """A document in an index. `version` is the seq it was sent with."""

    index: str
    id: str
    version: int
    seq_no: int
    primary_term: int


def take(client: Elasticsearch, names: Names) -> Inventory:
    found = client.indices.get(
        index=names.all_articles,
        features=["mappings", "settings"],
        expand_wildcards="all",
        allow_no_indices=True,
        filter_path=["*.settings.index.uuid", "*.mappings._meta"],
    ).body
    ours = {name: told for name, told in found.items() if names.generation(name) is not None}
    aliased = client.options(ignore_status=404).indices.get_alias(name=names.alias, expand_wildcards="all")
    missing = aliased.meta.status == 404
    return Inventory(
        indices={name: told["settings"]["index"]["uuid"] for name, told in ours.items()},
        versions={name: _version(told) for name, told in ours.items()},
        behind_alias=frozenset() if missing else frozenset(aliased.body),
        alias_is_index=missing and client.indices.exists(index=names.alias).body,
    )


def cluster_uuid(client: Elasticsearch) -> str:
    return str(client.info(filter_path=["cluster_uuid"])["cluster_uuid"])


def held(client: Elasticsearch, index: str) -> Iterator[Held]:
    """Every document of one state of `index` (a name or a pattern), in no order; memory stays the same."""
    client.indices.refresh(index=index, allow_no_indices=True)
    opened = client.options(ignore_status=404).open_point_in_time(index=index, keep_alive=_KEEP)
    if opened.meta.status == 404:
        return
    pit, after = opened["id"], None
    try:
        while True:
            answer = client.search(
                pit={"id": pit, "keep_alive": _KEEP}, size=_PAGE, sort=["_shard_doc"], search_after=after,
                source=False, version=True, seq_no_primary_term=True, track_total_hits=False,
            )  # fmt: skip
            pit, hits = answer["pit_id"], answer["hits"]["hits"]
            yield from map(_held, hits)
            if len(hits) < _PAGE:
                return
            after = hits[-1]["sort"]
    finally:
        client.close_point_in_time(id=pit)


def find(client: Elasticsearch, index: str, ids: list[str]) -> list[Held]:
    """Those of some documents that there are, whatever index they lie in."""
    client.indices.refresh(index=index, allow_no_indices=True)
    found: list[Held] = []
    for start in range(0, len(ids), 1000):
        answer = client.search(
            index=index, query={"ids": {"values": ids[start : start + 1000]}}, size=10_000, source=False, version=True,
            seq_no_primary_term=True, track_total_hits=False,
        )  # fmt: skip
        found += map(_held, answer["hits"]["hits"])
    return found


def highest_seq(client: Elasticsearch, index: str) -> int:
    client.indices.refresh(index=index, allow_no_indices=True)
    answer = client.search(index=index, size=0, aggs={"seq": {"max": {"field": "seq"}}}, allow_no_indices=True)
    aggregations = answer.body.get("aggregations")
    return int((aggregations and aggregations["seq"]["value"]) or 0)


def _held(hit: Mapping[str, Any]) -> Held:
    return Held(hit["_index"], hit["_id"], hit["_version"], hit["_seq_no"], hit["_primary_term"])


def _version(told: Mapping[str, Any]) -> str:
    return str(told.get("mappings", {}).get("_meta", {}).get("marsad", {}).get("version", ""))
