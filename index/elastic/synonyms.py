"""Another list of synonyms without indexing anew: queries alone use them, and a closed index takes new ones."""

from elasticsearch import Elasticsearch

from index.elastic import analysis, inventory, standing, templates
from index.elastic.caretaker import Caretaker
from index.elastic.names import Names
from index.queries.terms import Groups
from index.store import Store


class BadSynonyms(ValueError):
    """A line that is no group of names."""


def parse(text: str) -> Groups:
    """One group of names a line, separated by commas; # begins a comment."""
    groups = []
    for number, line in enumerate(text.splitlines(), 1):
        names = tuple(name.strip() for name in line.split("#")[0].split(",") if name.strip())
        if len(names) == 1 or "=>" in line:
            raise BadSynonyms(f"line {number}: «{line.strip()}» is no group; write two names or more, by commas")
        if names:
            groups.append(names)
    return tuple(groups)


def keep(store: Store, names: Names, own: Groups) -> None:
    """For the searches of the embedded index, which reads them each time."""
    store.writer.submit(lambda conn: standing.save_synonyms(conn, names, own)).result()


def apply(place: Caretaker, own: Groups) -> list[str]:
    """`own` groups besides those that ship, in every month of the live generation and in those to come.

    One month after the other is closed for a moment; a search meanwhile answers without it. Returns the months' names.
    """
    with place.store.read() as conn:
        before, mine = standing.load_synonyms(conn, place.names), standing.load(conn, place.names)
    keep(place.store, place.names, own)
    if mine is None:
        return []
    groups = place.synonyms()
    months = sorted(inventory.take(place.client, place.names).of(place.names, mine.generation))
    try:
        templates.change_synonyms(place.admin, place.names, mine.generation, groups)
        for index in months:
            _change(place.admin, index, groups)
    except Exception:
        keep(place.store, place.names, before)
        raise
    return months


def _change(client: Elasticsearch, index: str, groups: Groups) -> None:
    client.indices.close(index=index)
    try:
        client.indices.put_settings(index=index, settings={"analysis": {"filter": analysis.synonyms(groups)}})
    finally:
        client.indices.open(index=index)
