"""The search index that the settings ask for."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Protocol, Self, cast

from index.elastic.names import Names
from index.elastic.standing import load_own
from index.embedded import EmbeddedIndex
from index.embedded.finding import Found
from index.follower import Sink
from index.queries import QueryError
from index.queries.terms import Groups
from index.store import Store
from marsad.config import Settings
from news.documents import Document, SearchQuery, Source, SyncReport

if TYPE_CHECKING:
    from index.elastic.index import ElasticIndex

FILE: Final = "search.db"


class SearchIndex(Protocol):
    """A search index as the rest of marsad uses it: the embedded one, or Elasticsearch."""

    def position(self) -> int: ...

    def write(self, documents: Sequence[Document], deleted: Sequence[tuple[str, int]], position: int) -> SyncReport: ...

    def drop_unknown(self, known: Callable[[Collection[str]], Collection[str]]) -> int: ...

    def rebuild(self, fill: Callable[[Sink], object]) -> None: ...

    def search(self, query: SearchQuery) -> Found | QueryError: ...

    def own_synonyms(self) -> Groups: ...

    def similar(self, term: str) -> list[str]: ...

    def count(self) -> int: ...

    def count_by_source(self) -> dict[str, int]: ...

    def holds(self, id_: str) -> bool: ...

    def wasteful(self) -> bool: ...

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None: ...


def open_backend(
    settings: Settings, store: Store, sources: Mapping[str, Source] | None = None, *, readonly: bool = False
) -> SearchIndex:
    """`sources` give indexed documents their outlet's name and country."""
    if settings.elasticsearch.url is None:
        own = own_synonyms(settings, store)
        return EmbeddedIndex.open(Path(store.folder) / FILE, readonly=readonly, own_synonyms=own)
    from index.elastic.index import ElasticIndex  # its client takes long to load, and few commands need it

    return ElasticIndex.open(settings, store, sources or {}, readonly=readonly)


def own_synonyms(settings: Settings, store: Store) -> Callable[[], Groups]:
    """What asks for the groups besides those that ship, as they are at that time."""
    return partial(load_own, store, Names(settings.elasticsearch.alias))


def _on_a_server(index: SearchIndex) -> "ElasticIndex | None":
    return None if isinstance(index, EmbeddedIndex) else cast("ElasticIndex", index)


def backend_name(index: SearchIndex) -> str:
    return "elasticsearch" if _on_a_server(index) else "embedded"


def follower_name(index: SearchIndex) -> str | None:
    """The name under which the store keeps the documents that the index rejected; the embedded one rejects none."""
    server = _on_a_server(index)
    return server.follower if server else None


def reached(index: SearchIndex) -> int:
    """The index's position, without the check of a server's indices that `position` makes now and then."""
    server = _on_a_server(index)
    return server.reached() if server else index.position()


def troubled(index: SearchIndex) -> str | None:
    """Why nothing is sent at present, in a sentence; the embedded index raises what it cannot do."""
    server = _on_a_server(index)
    return server.trouble if server else None


def searchable(index: SearchIndex) -> tuple[dict[str, int], str | None]:
    """Documents by source that a search sees, and what troubles the index. None are seen while the server is away."""
    server = _on_a_server(index)
    if server is None:
        return index.count_by_source(), None
    from index.elastic.verdicts import ElasticError

    try:
        return server.count_by_source(), server.trouble
    except ElasticError as error:
        return {}, server.trouble or str(error)


def tell_health(index: SearchIndex, status: Mapping[str, Any], sources: Mapping[str, Source], now: datetime) -> int:
    """Write the outlets' state to the server's `news-health`; how many documents. The embedded index has none."""
    server = _on_a_server(index)
    return server.tell_health(status, sources, now) if server else 0


def retire(index: SearchIndex) -> list[str]:
    """Delete the months that are older than those kept; their names. The embedded index keeps all."""
    server = _on_a_server(index)
    return server.retire() if server else []
