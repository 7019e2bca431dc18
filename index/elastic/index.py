"""Elasticsearch as the search index: what `index.embedded` is without a server."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from elasticsearch import ApiError, Elasticsearch, TransportError

from index.elastic import audit, standing, verdicts
from index.elastic.audit import Differences
from index.elastic.bootstrap import make_health
from index.elastic.caretaker import Caretaker
from index.elastic.client import connect, shown_url
from index.elastic.health import write_health
from index.elastic.names import Names
from index.elastic.reindex import rebuild
from index.elastic.retention import retire
from index.elastic.search import ElasticFinder
from index.elastic.sink import ElasticSink, utcnow
from index.embedded.finding import Found
from index.follower import Sink, position_of
from index.queries import QueryError
from index.queries.terms import Groups
from index.store import Store
from marsad.config import Settings
from news.documents import Document, SearchQuery, Source, SyncReport

log = logging.getLogger(__name__)


class ElasticIndex:
    """`readonly`: nothing is written, neither there nor to the store; positions are those that others reached."""

    backend = "elasticsearch"

    def __init__(
        self,
        client: Elasticsearch,
        admin: Elasticsearch,
        store: Store,
        settings: Settings,
        sources: Mapping[str, Source],
        *,
        readonly: bool = False,
    ) -> None:
        self.names = Names(settings.elasticsearch.alias)
        self.place = Caretaker(
            client=client, admin=admin, names=self.names, store=store, retention_months=settings.index.retention_months
        )
        self._url = shown_url(settings.elasticsearch)
        self._sources = sources
        self._finder = ElasticFinder(client, self.names, self._url)
        self._told: str | None = None
        self._sink = None if readonly else self._sink_for(self.place)

    @classmethod
    def open(cls, settings: Settings, store: Store, sources: Mapping[str, Source], *, readonly: bool = False) -> Self:
        """Does not ask the server anything yet."""
        client = connect(settings.elasticsearch)
        return cls(client, connect(settings.elasticsearch, admin=True), store, settings, sources, readonly=readonly)

    @property
    def sink(self) -> ElasticSink:
        if self._sink is None:
            raise ValueError("the search index was opened for reading only")
        return self._sink

    @property
    def trouble(self) -> str | None:
        """Why nothing is sent at present; of another process that feeds it, where this one only reads."""
        with self.place.store.read() as conn:
            return standing.load_trouble(conn, self.names)

    @property
    def follower(self) -> str | None:
        """The name under which the store keeps position and rejections."""
        with self.place.store.read() as conn:
            known = standing.load(conn, self.names)
        return known.follower(self.names) if known else None

    def position(self) -> int:
        return self._sink.position() if self._sink is not None else self.reached()

    def reached(self) -> int:
        """How far the index is, as the store remembers it: asks and changes nothing, in whatever thread."""
        follower = self.follower
        with self.place.store.read() as conn:
            return position_of(conn, follower) if follower else 0

    def write(self, documents: Sequence[Document], deleted: Sequence[tuple[str, int]], position: int) -> SyncReport:
        return self.sink.write(documents, deleted, position)

    def drop_unknown(self, known: Callable[[Collection[str]], Collection[str]]) -> int:
        return self.sink.drop_unknown(known)

    def rebuild(self, fill: Callable[[Sink], object]) -> None:
        rebuild(self.place, self._sink_for, fill, utcnow())

    def search(self, query: SearchQuery) -> Found | QueryError:
        return self._finder.search(query)

    def own_synonyms(self) -> Groups:
        with self.place.store.read() as conn:
            return standing.load_synonyms(conn, self.names)

    def similar(self, term: str) -> list[str]:
        return self._finder.similar(term)

    def count(self) -> int:
        return self._finder.count()

    def count_by_source(self) -> dict[str, int]:
        return self._finder.count_by_source()

    def holds(self, id_: str) -> bool:
        return self._finder.holds(id_)

    def tell_health(self, status: Mapping[str, Any], sources: Mapping[str, Source], now: datetime) -> int:
        """Replace each source's document in `news-health`; how many were taken. While the server is away, none."""
        try:
            if not self._health_is_there():
                make_health(self.place.admin, self.names)
            return write_health(self.place.client, self.names, status, sources, now)
        except (ApiError, TransportError) as error:
            self._tell_once(f"{self.names.health} was not written ({verdicts.error_reason(error)})")
            return 0

    def retire(self) -> list[str]:
        """Delete the months that are older than those kept; their names. While the server is away, none."""
        try:
            return retire(self.place, utcnow())
        except (ApiError, TransportError) as error:
            log.warning("Old months were not deleted (%s); they will be within the hour", verdicts.error_reason(error))
            return []

    def differences(self, *, mend: bool = False) -> Differences:
        """The index held against the store, after a look at both; `mend` puts right what differs."""
        mine = self.place.look(utcnow())
        found = audit.compare(self.place, mine)
        if mend and found:
            audit.mend(self.place, mine, found, utcnow())
        return found

    def wasteful(self) -> bool:
        """It merges its dead rows away by itself."""
        return False

    def close(self) -> None:
        self.place.client.close()
        self.place.admin.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _health_is_there(self) -> bool:
        """Asked in a way that the writer's key may."""
        quiet = self.place.client.options(ignore_status=404)
        return quiet.count(index=self.names.health).meta.status != 404

    def _tell_once(self, sentence: str) -> None:
        if sentence != self._told:
            log.warning("%s; `marsad elastic bootstrap` makes what is missing", sentence)
        self._told = sentence

    def _sink_for(self, place: Caretaker) -> ElasticSink:
        return ElasticSink(place, self._sources, url=self._url)
