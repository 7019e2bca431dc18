"""What the store remembers of a search cluster: its generations of our index, which of them is live, and which indices
each was filled into.

An index that was deleted and made again by hand has another uuid, and is filled again. Every function is one step in
the store, for several processes may look after the same indices.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any, Final

from sqlalchemy import Connection, delete

from index.database import followers, rejected
from index.elastic.names import Names
from index.meta import delete_value, read_value, write_value
from index.queries.terms import Groups
from index.store import Store

_STORE: Final = "store_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One generation in one cluster. `filled`: uuids by index name."""

    cluster: str
    generation: int
    filled: Mapping[str, str] = field(default_factory=dict)

    def follower(self, names: Names) -> str:
        """Position and rejections are kept for each generation of each cluster apart."""
        return f"{names.template(self.generation)}@{self.cluster}"


def load(conn: Connection, names: Names, cluster: str | None = None, generation: int | None = None) -> Standing | None:
    """Of the cluster that was written to last, where none is named; of its live generation, where none is."""
    cluster = cluster or read_value(conn, _key(names))
    state = _state(conn, names, cluster) if cluster else None
    if cluster is None or state is None:
        return None
    number = state["live"] if generation is None else generation
    filled = state["generations"].get(str(number))
    return None if filled is None else Standing(cluster=cluster, generation=number, filled=filled)


def register(conn: Connection, names: Names, standing: Standing) -> None:
    """A generation that is there from now on; the first one of a cluster is live."""
    state = _state(conn, names, standing.cluster) or {"live": standing.generation, "generations": {}}
    state["generations"].setdefault(str(standing.generation), dict(standing.filled))
    _save(conn, names, standing.cluster, state)


def note_filled(
    conn: Connection, names: Names, standing: Standing, found: Mapping[str, str], gone: Iterable[str] = ()
) -> Standing | None:
    """Add and take away indices, whoever else did so meanwhile. None: the generation was given up."""
    state = _state(conn, names, standing.cluster)
    number = str(standing.generation)
    if state is None or number not in state["generations"]:
        return None
    known, lost = state["generations"][number], set(gone)
    state["generations"][number] = {name: uuid for name, uuid in known.items() if name not in lost} | dict(found)
    _save(conn, names, standing.cluster, state)
    return load(conn, names, standing.cluster, standing.generation)


def make_live(conn: Connection, names: Names, standing: Standing) -> None:
    state = _state(conn, names, standing.cluster)
    if state is None:
        raise LookupError(standing.cluster)
    _save(conn, names, standing.cluster, {**state, "live": standing.generation})


def give_up(conn: Connection, names: Names, standing: Standing) -> None:
    """A generation that is no more, with its position and what it put aside."""
    state = _state(conn, names, standing.cluster)
    if state is not None:
        state["generations"].pop(str(standing.generation), None)
        _save(conn, names, standing.cluster, state)
    follower = standing.follower(names)
    conn.execute(delete(followers).where(followers.c.name == follower))
    conn.execute(delete(rejected).where(rejected.c.follower == follower))


def store_id(conn: Connection) -> str:
    """The store's own name, made when it is first asked for; it travels with backups."""
    found = read_value(conn, _STORE)
    if found is None:
        found = token_hex(8)
        write_value(conn, _STORE, found)
    return found


def load_trouble(conn: Connection, names: Names) -> str | None:
    return read_value(conn, f"{_key(names)}:trouble")


def save_trouble(conn: Connection, names: Names, sentence: str | None) -> None:
    """What `status` tells of a search index that another process feeds."""
    if sentence is None:
        delete_value(conn, f"{_key(names)}:trouble")
    else:
        write_value(conn, f"{_key(names)}:trouble", sentence)


def load_synonyms(conn: Connection, names: Names) -> Groups:
    """The groups that a person added to those that ship."""
    found = read_value(conn, f"{_key(names)}:synonyms")
    return tuple(tuple(group) for group in json.loads(found)) if found else ()


def load_own(store: Store, names: Names) -> Groups:
    with store.read() as conn:
        return load_synonyms(conn, names)


def save_synonyms(conn: Connection, names: Names, groups: Groups) -> None:
    write_value(conn, f"{_key(names)}:synonyms", json.dumps(groups, ensure_ascii=False))


def _state(conn: Connection, names: Names, cluster: str) -> dict[str, Any] | None:
    found = read_value(conn, f"{_key(names)}:{cluster}")
    state: dict[str, Any] | None = json.loads(found) if found else None
    return state


def _save(conn: Connection, names: Names, cluster: str, state: Mapping[str, Any]) -> None:
    write_value(conn, f"{_key(names)}:{cluster}", json.dumps(state))
    write_value(conn, _key(names), cluster)


def _key(names: Names) -> str:
    return f"elasticsearch:{names.alias}"
