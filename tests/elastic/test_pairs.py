"""The word pairs on a node, beside the analyzer for Arabic that comes with it."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk

from index.elastic import mapping
from index.elastic.names import Names
from tests.index import pairs

PAIRS = pairs.read()


def finder(client: Elasticsearch, index: str, settings: Mapping[str, Any], field: Mapping[str, Any]) -> pairs.Finds:
    """All words of a query are required, in the field that reaches furthest."""
    client.indices.create(index=index, settings=settings, mappings={"properties": {"title": field}})
    texts = pairs.texts(PAIRS)
    bulk(client, ({"_index": index, "_id": str(at), "title": text} for at, text in enumerate(texts)), refresh=True)
    asked = mapping.field_name("title", "stem") if "fields" in field else "title"

    @cache
    def found(query: str) -> set[str]:
        match = {asked: {"query": query, "operator": "and"}}
        hits = client.search(index=index, query={"match": match}, size=len(texts), source=False)["hits"]["hits"]
        return {texts[int(hit["_id"])] for hit in hits}

    return found


def test_words_meet_and_stay_apart_better_than_with_the_built_in_analyzer(client: Elasticsearch, names: Names) -> None:
    ours = finder(client, f"{names.alias}-ours", mapping.settings(), mapping.text())
    theirs = finder(client, f"{names.alias}-theirs", {}, {"type": "text", "analyzer": "arabic"})
    mine, built_in = pairs.score(PAIRS, ours), pairs.score(PAIRS, theirs)
    print(f"ours: {mine}; built-in: {built_in}")
    assert mine.meet >= 0.95 > built_in.meet
    assert mine.apart >= 0.95
