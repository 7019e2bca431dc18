"""Looking after our place in a cluster: whose it is, its templates, its months, the alias over them.

Whatever a person did to it by hand is noticed here and put right: an index that is gone is filled again from the store,
an alias that points elsewhere is turned back. What cannot be put right is said in a sentence.
"""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from elasticsearch import ApiError, Elasticsearch
from sqlalchemy import Connection

from index.columns import microseconds
from index.elastic import inventory, mapping, standing, templates, verdicts
from index.elastic.inventory import Inventory
from index.elastic.names import Names, month_in, month_start, oldest_kept, writing
from index.elastic.standing import Standing
from index.elastic.verdicts import ElasticError, Trouble, Verdict
from index.follower import position_of, remember
from index.queries.terms import Groups
from index.store import Store
from news import wordlists

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caretaker:
    """`admin` may make templates and move aliases; without a key of that kind it is the writer's client again.
    `generation` is the one to look after; None: the live one."""

    client: Elasticsearch
    admin: Elasticsearch
    names: Names
    store: Store
    retention_months: int | None = None
    generation: int | None = None

    def beside(self, generation: int) -> Self:
        return replace(self, generation=generation)

    def look(self, now: datetime) -> Standing:
        """The standing after everything was looked at and put right. Raises what the client raises, or ElasticError."""
        cluster = inventory.cluster_uuid(self.client)
        made = templates.found(self.client, self.names)
        store_id = self.store.writer.submit(standing.store_id).result()
        self.refuse_strangers(made, store_id)
        there = inventory.take(self.client, self.names)
        if there.alias_is_index:
            raise _stop(verdicts.ALIAS_IS_INDEX.format(alias=self.names.alias))
        mine = self._known(cluster) or self._first(cluster, made, there)
        if mine.generation not in made:
            self._make_templates(mine.generation, store_id)
        mine = self._settle(mine, there, now)
        if self._is_live(mine):
            self._point_alias(mine, there)
        return mine

    def ensure(self, mine: Standing, months: Collection[str]) -> Standing:
        """Make the months that are not there yet."""
        wanted = {self.names.index(mine.generation, month) for month in months} - mine.filled.keys()
        if not wanted:
            return mine
        if self._known(mine.cluster) is None:
            raise _given_up()
        for index in sorted(wanted):
            self._make(index, live=self._is_live(mine))
        found = inventory.take(self.client, self.names).of(self.names, mine.generation)
        made = {name: uuid for name, uuid in found.items() if name in wanted}
        noted = self.store.writer.submit(lambda conn: standing.note_filled(conn, self.names, mine, made)).result()
        if noted is None:
            raise _given_up()
        return noted

    def outdated(self, mine: Standing) -> bool:
        """Made by another version of the analysis or of the fields: time for `marsad reindex`."""
        told = templates.found(self.client, self.names).get(mine.generation, {})
        return told.get("version") != mapping.version()

    def synonyms(self) -> Groups:
        with self.store.read() as conn:
            return (*wordlists.synonyms(), *standing.load_synonyms(conn, self.names))

    def refuse_strangers(self, made: Mapping[int, Mapping[str, str]], store_id: str) -> None:
        if any(told.get("store") not in (None, store_id) for told in made.values()):
            raise _stop(verdicts.STRANGERS.format(indices=self.names.all_articles))

    def _known(self, cluster: str) -> Standing | None:
        with self.store.read() as conn:
            return standing.load(conn, self.names, cluster, self.generation)

    def _first(self, cluster: str, made: Collection[int], there: Inventory) -> Standing:
        """Of a cluster that this store knows nothing of: what the alias points at, or the newest there is."""
        aliased = {found for name in there.behind_alias if (found := self.names.generation(name)) is not None}
        mine = Standing(cluster=cluster, generation=max(aliased or made, default=1))
        self.store.writer.submit(lambda conn: standing.register(conn, self.names, mine)).result()
        return mine

    def _is_live(self, mine: Standing) -> bool:
        with self.store.read() as conn:
            live = standing.load(conn, self.names, mine.cluster)
        return live is not None and live.generation == mine.generation

    def _make_templates(self, generation: int, store_id: str) -> None:
        try:
            templates.put(self.admin, self.names, generation, store_id, self.synonyms())
        except ApiError as error:
            if error.meta.status in (401, 403):
                raise _stop(verdicts.NO_TEMPLATE.format(template=self.names.template(generation))) from None
            raise

    def _settle(self, mine: Standing, there: Inventory, now: datetime) -> Standing:
        """Months that are not the ones we filled are filled again: the position goes back to where they begin."""
        oldest = oldest_kept(now, self.retention_months)
        found = there.of(self.names, mine.generation)
        changed = {name for name in mine.filled.keys() | found.keys() if mine.filled.get(name) != found.get(name)}
        if not changed:
            return mine
        months = sorted(month for month in map(month_in, changed) if month and (oldest is None or month >= oldest))

        def note(conn: Connection) -> Standing | None:
            noted = standing.note_filled(conn, self.names, mine, found, gone=changed - found.keys())
            if noted and months:
                _rewind(conn, mine.follower(self.names), months[0], now)
            return noted

        return self.store.writer.submit(note).result() or mine

    def _point_alias(self, mine: Standing, there: Inventory) -> None:
        """In one step, so that no search ever sees half of it."""
        own = there.of(self.names, mine.generation).keys()
        foreign = there.behind_alias - own
        actions = [_add(self.names.alias, name) for name in sorted(own - there.behind_alias)]
        actions += [{"remove": {"index": name, "alias": self.names.alias}} for name in sorted(foreign)]
        if any(self.names.generation(name) is None for name in foreign):
            told = verdicts.TURNED_BACK.format(alias=self.names.alias, indices=", ".join(sorted(foreign)))
            log.warning("%s", told)
        if actions:
            self.admin.indices.update_aliases(actions=actions)

    def _make(self, index: str, *, live: bool) -> None:
        """It joins the read alias once it can be searched: until then it would fail every search."""
        joins = [_add(self.names.alias, index)] if live else []
        try:
            self.client.indices.create(index=index, aliases={writing(index): {}})
        except ApiError as error:
            if error.error != "resource_already_exists_exception":
                raise
            joins.append(_add(writing(index), index))
        if joins:
            self.client.indices.update_aliases(actions=joins)
        told = self.client.indices.get(index=index, features="mappings", filter_path=["*.mappings._meta"])
        if not told.body:
            raise _stop(verdicts.NOT_OURS.format(index=index))


def _rewind(conn: Connection, follower: str, month: str, now: datetime) -> None:
    start = microseconds(month_start(month)) - 1
    if start < position_of(conn, follower):
        remember(conn, follower, start, now)
        log.warning("%s", verdicts.FILLED_AGAIN.format(month=month))


def _add(alias: str, index: str) -> dict[str, Any]:
    return {"add": {"index": index, "alias": alias}}


def _given_up() -> ElasticError:
    return ElasticError(Trouble(Verdict.RETRY, verdicts.GIVEN_UP))


def _stop(sentence: str) -> ElasticError:
    return ElasticError(Trouble(Verdict.STOP, sentence))
