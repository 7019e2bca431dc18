"""What a search that finds nothing may have meant."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from index.backends import SearchIndex
from index.queries import Query, Source, parse
from marsad.workplace import Workplace
from news.documents import SearchQuery


def unknown_sources(place: Workplace, index: SearchIndex, query: SearchQuery) -> Iterator[str]:
    """A sentence for each outlet that is asked for and that nobody knows: neither the sources nor a document."""
    asked = [source for source in _asked(query) if source not in place.sources]
    held = index.count_by_source() if asked else {}
    for source in asked:
        if source not in held:
            near = nearest(source, {**dict.fromkeys(held, ""), **{id_: one.name for id_, one in place.sources.items()}})
            hint = f"did you mean {near!r}?" if near else "`marsad sources list` names them."
            yield f"There is no source {source!r}; {hint}"


def nearest(word: str, names: dict[str, str]) -> str | None:
    """The id that is most like `word`, or whose name is. `names`: by id, empty where there is none."""
    for known in (names, {name: id_ for id_, name in names.items() if name}):
        for close in get_close_matches(word.lower(), known, 1):
            return known[close] if known is not names else close
    return None


def _asked(query: SearchQuery) -> Iterable[str]:
    tree = parse(query.text)
    named = [node.id for node in tree.required if isinstance(node, Source)] if isinstance(tree, Query) else []
    return dict.fromkeys([*named, *([query.source] if query.source else [])])
