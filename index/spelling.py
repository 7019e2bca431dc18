"""What was probably meant by a query that finds nothing: each word that no document has, as documents have it."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from typing import Final, Protocol

from sqlalchemy import Connection

from index.embedded.finding import Found
from index.queries import Phrase, Query, Words, parse
from index.search import Backend
from index.store import Store, get_documents
from news.analysis import Token, analyse
from news.documents import Document, SearchQuery

SHORTEST: Final = 4  # letters: of shorter words any other is one slip away


class Speller(Backend, Protocol):
    def similar(self, term: str) -> list[str]:
        """A few terms, as written, that are one slip of the pen away; those in the most documents first."""
        ...


def meant(
    store: Store,
    backend: Speller,
    query: SearchQuery,
    load: Callable[[Connection, Collection[str]], dict[str, Document]] = get_documents,
) -> str | None:
    """The query with other words that finds something; None where there is none, or more is asked than words."""
    tree = parse(query.text)
    if (
        not isinstance(tree, Query)
        or tree.excluded
        or not all(isinstance(one, Words | Phrase) for one in tree.required)
    ):
        return None
    text = query.text
    for token in reversed([token for token in analyse(query.text, "exact") if _missing(backend, token, query)]):
        word = next(_written(store, backend, token, load), None)
        if word is None:
            return None
        text = text[: token.start] + word + text[token.end :]
    return text if text != query.text and _total(backend, replace(query, text=text)) else None


def _missing(backend: Backend, token: Token, query: SearchQuery) -> bool:
    word = query.text[token.start : token.end]
    return not _total(backend, SearchQuery(text=f'"{word}"', exact=query.exact, limit=1))


def _total(backend: Backend, query: SearchQuery) -> int:
    found = backend.search(query)
    return found.total if isinstance(found, Found) else 0


def _written(
    store: Store, backend: Speller, token: Token, load: Callable[[Connection, Collection[str]], dict[str, Document]]
) -> Iterator[str]:
    """As it stands in a document: terms have lost their hamza and their ta marbuta."""
    for term in backend.similar(token.term) if len(token.term) >= SHORTEST else ():
        found = backend.search(SearchQuery(text=f'"{term}"', exact=True, limit=1))
        if isinstance(found, Found):
            with store.read() as conn:
                documents = load(conn, [hit.id for hit in found.hits])
            yield from (word for document in documents.values() if (word := _standing(document, term)))


def _standing(document: Document, term: str) -> str | None:
    for text in (document.title, document.summary or "", document.text):
        for token in analyse(text, "exact"):
            if token.term == term:
                return text[token.start : token.end]
    return None
