"""Finding in Elasticsearch, with the same answers as the embedded index."""

from collections.abc import Iterator, Mapping
from typing import Any

from elasticsearch import ApiError, Elasticsearch, TransportError

from index.elastic import verdicts
from index.elastic.mapping import field_name
from index.elastic.names import Names
from index.elastic.query import request
from index.elastic.verdicts import ElasticError
from index.embedded.finding import Found, Hit
from index.embedded.spelling import MOST
from index.queries import Query, QueryError, parse
from news.documents import SearchQuery


class ElasticFinder:
    def __init__(self, client: Elasticsearch, names: Names, url: str = "") -> None:
        self._client = client
        self._names = names
        self._url = url

    def search(self, query: SearchQuery) -> Found | QueryError:
        """Raises ElasticError when the server gives no answer."""
        tree = parse(query.text)
        if isinstance(tree, QueryError):
            return tree
        found = self._find(query, tree, any_word=False)
        if not found.hits and query.sort == "best":
            found = self._find(query, tree, any_word=True)
        return found

    def count_by_source(self) -> dict[str, int]:
        """What a search sees."""
        sources: dict[str, int] = {}
        after: Mapping[str, Any] | None = None
        while True:
            paged: dict[str, Any] = {"size": 1000, "sources": [{"source": {"terms": {"field": "source"}}}]}
            if after:
                paged["after"] = after
            answer = self._ask(size=0, aggs={"sources": {"composite": paged}}, track_total_hits=False)
            page = answer.get("aggregations", {}).get("sources", {"buckets": []})
            sources |= {bucket["key"]["source"]: bucket["doc_count"] for bucket in page["buckets"]}
            after = page.get("after_key")
            if not after:
                return sources

    def similar(self, term: str) -> list[str]:
        """Of each month's terms the nearest, put together by the server."""
        asked = {
            "field": field_name("text", "exact"), "analyzer": "whitespace", "suggest_mode": "always",
            "sort": "frequency", "max_edits": 1, "prefix_length": 0, "min_word_length": 2, "size": MOST,
        }  # fmt: skip
        answer = self._ask(size=0, suggest={"similar": {"text": term, "term": asked}}, track_total_hits=False)
        return [option["text"] for entry in answer["suggest"]["similar"] for option in entry["options"]]

    def count(self) -> int:
        return int(self._ask(size=0, track_total_hits=True)["hits"]["total"]["value"])

    def holds(self, document: str) -> bool:
        return bool(self._ask(size=0, query={"ids": {"values": [document]}})["hits"]["total"]["value"])

    def _find(self, query: SearchQuery, tree: Query, *, any_word: bool) -> Found:
        body = request(query, tree, any_word=any_word)
        if body is None:
            return Found()
        hits = self._ask(**body)["hits"]
        return Found(tuple(_hits(hits["hits"])), hits["total"]["value"], hits["total"]["relation"])

    def _ask(self, **body: Any) -> Mapping[str, Any]:
        """An alias that is not there yet, or a month that is closed for a moment, is no error: it holds nothing.
        Half an answer is one."""
        try:
            answer: Mapping[str, Any] = self._client.search(
                index=self._names.alias,
                ignore_unavailable=True,
                allow_no_indices=True,
                allow_partial_search_results=False,
                **body,
            ).body
            return answer
        except (ApiError, TransportError) as error:
            trouble = verdicts.trouble(verdicts.of_error(error), verdicts.error_reason(error), self._url)
            raise ElasticError(trouble) from None


def _hits(found: list[Mapping[str, Any]]) -> Iterator[Hit]:
    for hit in found:
        values = hit["fields"]
        yield Hit(hit["_id"], values["cluster_id"][0], int(values["newest_at"][0]), hit.get("_score"))
