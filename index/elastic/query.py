"""A query's tree as a request.

What is found is said by the widest chain alone (`stem`; `exact` where asked for): a word that meets in another meets in
it. «best» ranks by the best of the three chains, each of which takes title, summary and text as one field, a little by
the other two, and by whether all words stand there of which one would do.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import singledispatch
from typing import Any, Final

from index.elastic.mapping import TEXTS, field_name, text_fields
from index.embedded.finding import ALL_WORDS, COUNTED
from index.embedded.fts import prefixes
from index.embedded.generations import milliseconds
from index.queries import Leaf, Or, Phrase, Prefix, Query, Source, Title, Words
from news.analysis import Field, analyse
from news.documents import SearchQuery

Clause = dict[str, Any]
_MOST_ENDINGS: Final = 1024  # of a prefix of several words
_OTHER_CHAINS: Final = 0.1  # What the chains count for in which a document is not at its best.


def request(query: SearchQuery, tree: Query, *, any_word: bool = False) -> dict[str, Any] | None:
    """The body of a search; None when no word is left to look for."""
    widest: Field = "exact" if query.exact else "stem"
    chains: tuple[Field, ...] = ("exact",) if query.exact else ("light", "stem", "exact")
    wanted = _wanted(tree, widest, any_word)
    if wanted is None:
        return None
    filters = _filters(query, tree)
    if query.sort == "best":
        ways = [_wanted(tree, chain, any_word) for chain in chains]
        ranked = {"dis_max": {"tie_breaker": _OTHER_CHAINS, "queries": ways}}
        clauses: Clause = {"must": [ranked], "should": list(_all_words(tree, widest)), "filter": filters}
        sort: list[Any] = [{"_score": "desc"}, {"newest_at": "desc"}, {"id": "asc"}]
    else:
        clauses = {"filter": [wanted, *filters]}
        sort = [{"newest_at": "desc"}, {"id": "asc"}]
    left_out = [_leaf(node, widest, False, TEXTS) for node in tree.excluded]
    body: dict[str, Any] = {
        "query": {"bool": {**clauses, "must_not": [clause for clause in left_out if clause]}},
        "sort": sort,
        "size": query.limit,
        "track_total_hits": COUNTED,
        "source": False,
        "docvalue_fields": ["cluster_id", {"field": "newest_at", "format": "epoch_millis"}],
    }
    return body if query.all_copies else {**body, "collapse": {"field": "cluster_id"}}


def _filters(query: SearchQuery, tree: Query) -> list[Clause]:
    named = [node.id for node in tree.required if isinstance(node, Source)]
    sources = [*named, query.source] if query.source is not None else named
    clauses: list[Clause] = [{"term": {"source": source}} for source in sources]
    bounds = {"gte": query.since, "lt": query.until}
    asked = {name: milliseconds(at) for name, at in bounds.items() if at is not None}
    if asked:
        clauses.append({"range": {"at": {**asked, "format": "epoch_millis"}}})
    return clauses


def _wanted(tree: Query, field: Field, any_word: bool) -> Clause | None:
    nodes = [node for node in tree.required if not isinstance(node, Source)]
    found = [clause for node in nodes if (clause := _node(node, field, any_word))]
    if not found:
        return None if nodes else {"match_all": {}}
    return _any(found) if any_word else {"bool": {"must": found}}


def _node(node: Leaf | Or, field: Field, any_word: bool) -> Clause | None:
    if not isinstance(node, Or):
        return _leaf(node, field, any_word, TEXTS)
    clauses = [clause for leaf in node.nodes if (clause := _leaf(leaf, field, False, TEXTS))]
    return _any(clauses) if clauses else None


def _all_words(tree: Query, field: Field) -> Iterator[Clause]:
    """Of words joined by OR: that a document has every one."""
    for node in tree.required:
        if isinstance(node, Or):
            leaves = [_leaf(leaf, field, False, TEXTS) for leaf in node.nodes]
            yield {"bool": {"must": [clause for clause in leaves if clause], "boost": ALL_WORDS}}


@singledispatch
def _leaf(node: Leaf, field: Field, any_word: bool, texts: Sequence[str]) -> Clause | None:
    raise TypeError(f"no part of a query: {node!r}")


@_leaf.register
def _(node: Words, field: Field, any_word: bool, texts: Sequence[str]) -> Clause | None:
    if not analyse(node.text, field):
        return None
    operator = "or" if any_word else "and"
    if len(texts) == 1:
        return {"match": {field_name(texts[0], field): {"query": node.text, "operator": operator}}}
    return {"combined_fields": {"query": node.text, "fields": text_fields(field), "operator": operator}}


@_leaf.register
def _(node: Phrase, field: Field, any_word: bool, texts: Sequence[str]) -> Clause | None:
    if not analyse(node.text, field):
        return None
    return _best({"match_phrase": {field_name(text, field): node.text}} for text in texts)


@_leaf.register
def _(node: Prefix, field: Field, any_word: bool, texts: Sequence[str]) -> Clause | None:
    """Beginnings have no stem: they are looked for as written and, but for `exact`, behind article and clitics."""
    ways = [(chain, terms) for chain, terms in prefixes(node, field) if terms]
    clauses = [_beginning(field_name(text, chain), terms) for chain, terms in ways for text in texts]
    return _best(clauses) if clauses else None


@_leaf.register
def _(node: Title, field: Field, any_word: bool, texts: Sequence[str]) -> Clause | None:
    return _leaf(node.node, field, any_word, ("title",))


@_leaf.register
def _(node: Source, field: Field, any_word: bool, texts: Sequence[str]) -> Clause | None:
    return {"term": {"source": node.id}}


def _beginning(name: str, terms: Sequence[str]) -> Clause:
    if len(terms) == 1:
        return {"prefix": {name: {"value": terms[0]}}}
    written = {"query": " ".join(terms), "analyzer": "whitespace", "max_expansions": _MOST_ENDINGS}
    return {"match_phrase_prefix": {name: written}}


def _any(clauses: list[Clause]) -> Clause:
    return {"bool": {"should": clauses, "minimum_should_match": 1}}


def _best(clauses: Iterable[Clause]) -> Clause:
    return {"dis_max": {"queries": list(clauses)}}
