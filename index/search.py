"""A search from question to answer: the back end finds and orders, the store gives the documents, their text the
snippets."""

from collections.abc import Callable, Collection
from time import perf_counter
from typing import Protocol

from sqlalchemy import Connection

from index.embedded.finding import Found, Hit
from index.queries import QueryError, parse
from index.queries.terms import Groups
from index.snippets import Pattern, patterns, snippet
from index.store import Store, get_documents
from news.documents import Document, SearchHit, SearchQuery, SearchResult
from news.rendering import iso_date


class Backend(Protocol):
    def search(self, query: SearchQuery) -> Found | QueryError: ...

    def own_synonyms(self) -> Groups:
        """Those besides what ships that a search uses."""
        ...


def search(
    store: Store,
    backend: Backend,
    query: SearchQuery,
    load: Callable[[Connection, Collection[str]], dict[str, Document]] = get_documents,
) -> SearchResult | QueryError:
    started = perf_counter()
    tree = parse(query.text)
    if isinstance(tree, QueryError):
        return tree
    found = backend.search(query)
    if isinstance(found, QueryError):
        return found
    with store.read() as conn:
        documents = load(conn, [hit.id for hit in found.hits])
    wanted = patterns(tree, exact=query.exact, own=backend.own_synonyms())
    hits = tuple(_hit(hit, documents[hit.id], wanted) for hit in found.hits if hit.id in documents)
    return SearchResult(
        query=query.text,
        total=found.total,
        total_relation=found.relation,
        took_ms=round((perf_counter() - started) * 1000, 2),
        hits=hits,
    )


def _hit(hit: Hit, document: Document, wanted: list[list[Pattern]]) -> SearchHit:
    return SearchHit(
        id=hit.id,
        url=document.url,
        source=document.source,
        title=document.title,
        snippet=snippet((document.text, document.summary or "", document.title), wanted),
        published_at=iso_date(document.published),
        score=hit.score,
        copies=document.copies,
    )
