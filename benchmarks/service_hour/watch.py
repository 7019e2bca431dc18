"""When a document becomes visible to a search: asked every half second, as somebody would who waits for news."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from elasticsearch import ApiError, Elasticsearch, TransportError

EVERY = 0.5
NEWEST = 500  # more than become visible between two questions


class Watch:
    """`seen`: by URL, the monotonic second at which a search found it first. `failed`: searches without an answer."""

    def __init__(self, client: Elasticsearch, alias: str) -> None:
        self.seen: dict[str, float] = {}
        self.asked = 0
        self.failed: list[str] = []
        self._client = client
        self._alias = alias
        self._stopping = threading.Event()

    @contextmanager
    def watching(self) -> Iterator[None]:
        thread = threading.Thread(target=self._watch, name="watch", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stopping.set()
            thread.join()

    def _watch(self) -> None:
        while not self._stopping.wait(EVERY):
            self.asked += 1
            try:
                self._look()
            except (ApiError, TransportError) as error:
                self.failed.append(type(error).__name__)

    def _look(self) -> None:
        answer = self._client.search(
            index=self._alias, ignore_unavailable=True, size=NEWEST, source_includes=["url"], track_total_hits=False,
            sort=[{"seq": {"order": "desc", "unmapped_type": "long"}}],
        )  # fmt: skip
        now = time.monotonic()
        for hit in answer["hits"]["hits"]:
            self.seen.setdefault(hit["_source"]["url"], now)
