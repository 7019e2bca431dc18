from datetime import timedelta

from sqlalchemy import select

from index import frontier
from index.database import endpoints
from tests.index.press import Press, outlet

SECOND = timedelta(seconds=1)


def many(count: int) -> list[object]:
    return [outlet(f"outlet-{number}", f"https://www.outlet-{number}.example") for number in range(count)]


def spread(press: Press) -> int:
    return press.do(lambda conn: frontier.spread_due(conn, press.now, SECOND))


def test_a_catalogue_is_polled_for_the_first_time_without_a_flood(press: Press) -> None:
    press.watch(*many(119))  # type: ignore[arg-type]
    assert spread(press) == 119
    ticks = []
    for _ in range(25):
        ticks.append(press.tick())
        press.later(seconds=5)
    assert sum(ticks) == 119
    assert max(ticks) <= 5


def test_what_was_spread_keeps_its_order_over_restarts_and_loses_nobody(press: Press) -> None:
    press.watch(*many(20))  # type: ignore[arg-type]
    spread(press)
    press.later(seconds=9)
    first = press.tick()
    assert first == 10
    press.later(seconds=20)
    assert spread(press) == 10
    press.later(seconds=10)
    assert press.tick() == 10


def test_what_is_not_due_is_left_alone(press: Press) -> None:
    press.list_paths("/news/1")
    query = select(endpoints.c.next_fetch_at)
    before = press.see(lambda conn: conn.execute(query).scalars().all())
    assert spread(press) == 0
    assert press.see(lambda conn: conn.execute(query).scalars().all()) == before
