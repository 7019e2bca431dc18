"""What has to be made once, by someone who may: templates, the health index, roles, keys for nothing else."""

import time
from collections.abc import Callable
from typing import Any, Final, Literal

from elasticsearch import ApiError, Elasticsearch, TransportError

from index.elastic import standing, templates
from index.elastic.caretaker import Caretaker
from index.elastic.names import Names
from index.store import Store

Role = Literal["writer", "admin", "reader"]
KEYS: Final[tuple[Role, ...]] = ("writer", "admin")
_WRITES: Final = ("auto_configure", "create_index", "write", "maintenance", "view_index_metadata", "read")
# Nothing wider lets a new month join the alias.
_ALIASES: Final = "indices:admin/aliases"


def role(names: Names, which: Role) -> dict[str, Any]:
    own = [names.all_articles, names.alias]
    if which == "reader":
        return {"cluster": [], "indices": [_may(["read", "view_index_metadata"], [*own, names.health])]}
    if which == "writer":
        return {
            "cluster": ["monitor"],
            "indices": [_may([*_WRITES, _ALIASES], own), _may(["auto_configure", "write", "read"], [names.health])],
        }
    privileges = ["manage", "read", "write", "maintenance", "view_index_metadata"]
    return {"cluster": ["monitor", "manage_index_templates"], "indices": [_may(privileges, [*own, names.health])]}


def await_ready(
    client: Elasticsearch,
    seconds: float,
    *,
    monotonic: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """A server that has just opened its door refuses everybody for a moment, the right password too (401). Asks until
    it is ready, for so long at most; then raises what it said last."""
    end = monotonic() + seconds
    while True:
        try:
            client.cluster.health(wait_for_status="yellow", timeout="5s")
            return
        except (ApiError, TransportError):
            if monotonic() >= end:
                raise
        sleep(1)


def bootstrap(place: Caretaker, *, take_over: bool = False) -> int:
    """Templates and the health index, with a client that may make them. Returns the live generation."""
    names, store = place.names, place.store
    if take_over:
        claim(place.admin, names, store)
    store_id = store.writer.submit(standing.store_id).result()
    with store.read() as conn:
        known = standing.load(conn, names)
    made = templates.found(place.admin, names)
    place.refuse_strangers(made, store_id)
    generation = known.generation if known else max(made, default=1)
    if generation not in made:
        templates.put(place.admin, names, generation, store_id, place.synonyms())
    make_health(place.admin, names)
    return generation


def make_health(client: Elasticsearch, names: Names) -> None:
    """Its template first: made by what is written to it, the index would take every field for a text."""
    templates.put_health(client, names)
    if not client.indices.exists(index=names.health):
        client.indices.create(index=names.health)


def claim(client: Elasticsearch, names: Names, store: Store) -> None:
    """Another data folder's indices are ours from now on; what they hold is compared when they are looked at next."""
    store_id = store.writer.submit(standing.store_id).result()
    for generation in templates.found(client, names):
        templates.rename_store(client, names, generation, store_id)


def make_roles(client: Elasticsearch, names: Names) -> list[str]:
    """For people and tools; the keys carry their privileges themselves."""
    made = []
    for which in ("writer", "admin", "reader"):
        name = f"marsad-{names.alias}-{which}"
        client.security.put_role(name=name, **role(names, which))
        made.append(name)
    return made


def make_key(client: Elasticsearch, names: Names, which: Role) -> str:
    """The encoded key. Earlier ones of this name are given up."""
    name = f"marsad-{names.alias}-{which}"
    client.security.invalidate_api_key(name=name)
    made = client.security.create_api_key(name=name, role_descriptors={name: role(names, which)})
    return str(made["encoded"])


def works(client: Elasticsearch, key: str) -> bool:
    """Whether the server still knows the key, whoever else is asking."""
    asked = client.options(api_key=key, ignore_status=401)
    return bool(asked.security.authenticate().meta.status == 200)


def _may(privileges: list[str], indices: list[str]) -> dict[str, Any]:
    return {"names": indices, "privileges": privileges}
