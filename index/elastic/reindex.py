"""Building the next generation of the index from the store beside the live one, and taking its place in one step.

The new generation is a follower with a position of its own, so nothing that is written meanwhile can be missed; whoever
feeds the old one sees in the store which is live before the alias moves, and goes on with that.
"""

import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final

from index.elastic import inventory, mapping, standing, templates, verdicts
from index.elastic.caretaker import Caretaker
from index.elastic.sink import ElasticSink
from index.elastic.standing import Standing
from index.elastic.verdicts import ElasticError, Verdict

GRACE: Final = 5.0  # seconds for searches that began in the old generation
TRIES: Final = 20


def rebuild(
    place: Caretaker,
    sink_for: Callable[[Caretaker], ElasticSink],
    fill: Callable[[ElasticSink], object],
    now: datetime,
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> Standing:
    """`fill` has a sink follow the store. One that was broken off goes on where it stood, if nothing changed since."""
    fresh = begin(place, place.look(now))
    filling = sink_for(place.beside(fresh.generation))
    fill_up(filling, fill, sleep)
    place.admin.indices.refresh(index=place.names.every_index(fresh.generation), allow_no_indices=True)
    place.store.writer.submit(lambda conn: standing.make_live(conn, place.names, fresh)).result()
    mine = place.look(now)  # moves the alias
    fill_up(filling, fill, sleep)
    sleep(GRACE)
    remove_others(place, mine)
    return mine


def begin(place: Caretaker, live: Standing) -> Standing:
    """The generation to fill: of today's mapping, and with nothing in it that its position does not account for."""
    made = templates.found(place.client, place.names)
    started = max((number for number in made if number > live.generation), default=0)
    with place.store.read() as conn:
        known = standing.load(conn, place.names, live.cluster, started) if started else None
    if known and made[started].get("version") == mapping.version():
        return known
    fresh = Standing(cluster=live.cluster, generation=max(live.generation, started) + 1)
    store_id = place.store.writer.submit(standing.store_id).result()
    templates.put(place.admin, place.names, fresh.generation, store_id, place.synonyms())
    place.store.writer.submit(lambda conn: standing.register(conn, place.names, fresh)).result()
    return fresh


def fill_up(sink: ElasticSink, fill: Callable[[ElasticSink], object], sleep: Callable[[float], None]) -> None:
    """Until nothing is left. What passes by itself is waited for; what a person has to see to is raised."""
    for tries in range(1, TRIES + 1):
        sink.try_now()
        fill(sink)
        if sink.trouble is None:
            return
        if sink.trouble.verdict is Verdict.STOP or tries == TRIES:
            raise ElasticError(sink.trouble)
        sleep(verdicts.pause(sink.trouble.verdict, tries))


def remove_others(place: Caretaker, mine: Standing) -> list[int]:
    """Generations that are not the live one: templates first, so that nobody can make their indices again."""
    there = inventory.take(place.client, place.names)
    made = templates.found(place.client, place.names).keys()
    numbers = made | {number for name in there.indices if (number := place.names.generation(name)) is not None}
    others = sorted(numbers - {mine.generation})
    for number in others:
        templates.remove(place.admin, place.names, number)
        for index in sorted(there.of(place.names, number)):
            place.admin.options(ignore_status=404).indices.delete(index=index)
        other = Standing(cluster=mine.cluster, generation=number)
        place.store.writer.submit(partial(standing.give_up, names=place.names, standing=other)).result()
    return others
