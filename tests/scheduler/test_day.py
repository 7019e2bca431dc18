"""A simulated day over real rows: what was listed is stored, what is wrong is shown and ends by itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from benchmarks.day.figures import Measured, books, health, listed_by_now, schedule
from benchmarks.day.policies import Doubling
from benchmarks.day.press import Outlet, Server, press
from benchmarks.day.run import Day
from benchmarks.day.trouble import Stretch
from index.frontier.visits import Policy
from index.health import healths
from index.store import Store
from news.documents import EndpointKind
from scheduler.policy import AdaptivePolicy

START = datetime(2026, 11, 23, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def feed(number: int, printed: list[datetime], window: int = 10) -> Outlet:
    return Outlet(
        number=number, window=window, kind=EndpointKind.FEED, dated=True, server=Server.HONEST, printed=printed,
        start=START, outages=[],
    )  # fmt: skip


def daily(hours: range, apart: timedelta, days: int, before: int = 2) -> list[datetime]:
    """An article every so often in these hours of each day, from some days before the start."""
    found = []
    for day in range(-before, days):
        at = START + day * 24 * HOUR + hours.start * HOUR
        while at < START + day * 24 * HOUR + hours.stop * HOUR:
            found.append(at)
            at += apart
    return found


def lived(folder: Path, outlets: list[Outlet], hours: float, policy: Policy, away: Stretch | None = None) -> Day:
    with Store.open(folder) as store:
        day = Day(store, {one.source.id: one for one in outlets}, policy, START, away=away, keep=False)
        day.run_until(START + hours * HOUR)
        with store.read() as conn:
            day.shown["at the end"] = {f"{id_} {state}" for id_, state in healths(conn, day.now).items()}
        return day


def left(day: Day, after: timedelta = timedelta(0)) -> int:
    """Articles that a window lost between two polls."""
    measured = Measured(START + after, day.now, day.counts["endpoint"], 0, listed_by_now(day))
    return int(schedule(day, measured)["left_a_window_between_polls"])


@pytest.mark.slow
def test_a_burst_every_morning_is_not_lost_after_a_silent_night_where_doubling_loses_it(tmp_path: Path) -> None:
    """Ten entries are all that the feed holds, and forty articles come in the hour from six; seen once, it is known."""
    morning = daily(range(6, 7), 1.5 * MINUTE, days=2)
    ours = lived(tmp_path / "ours", [feed(1, morning)], 36, AdaptivePolicy())
    theirs = lived(tmp_path / "theirs", [feed(1, morning)], 36, Doubling())
    assert left(ours, after=24 * HOUR) == 0
    assert left(theirs, after=24 * HOUR) >= 20
    assert ours.counts["endpoint"] < 130


@pytest.mark.slow
def test_an_outlet_that_stops_to_print_is_silent_and_no_other_is(tmp_path: Path) -> None:
    hourly, weekly = daily(range(0, 24), 20 * MINUTE, days=4), [START - 40 * HOUR, START + 50 * HOUR]
    stopped = [at for at in hourly if at < START + 30 * HOUR]
    day = lived(tmp_path, [feed(1, stopped), feed(2, hourly), feed(3, weekly)], 72, AdaptivePolicy())
    assert day.shown["silent"] == {"sahifa-1"}
    assert "sahifa-1 silent" in day.shown["at the end"]


def test_a_feed_that_is_empty_for_hours_is_failing_and_recovers(tmp_path: Path) -> None:
    bare = replace(feed(1, daily(range(0, 24), 20 * MINUTE, days=1)), bare=(START + 5 * HOUR, START + 10 * HOUR))
    day = lived(tmp_path, [bare, feed(2, daily(range(0, 24), HOUR, days=1))], 24, AdaptivePolicy())
    assert day.shown["failing"] == {"sahifa-1"}
    assert "sahifa-1 ok" in day.shown["at the end"] or "sahifa-1 overflowing" in day.shown["at the end"]


@pytest.mark.slow
def test_while_our_own_line_is_down_nobody_is_blamed_and_afterwards_everything_is_had(tmp_path: Path) -> None:
    outlets = [feed(number, daily(range(0, 24), 6 * MINUTE, days=1)) for number in range(30)]
    away = START + 60 * MINUTE, START + 90 * MINUTE
    day = lived(tmp_path, outlets, 3, AdaptivePolicy(), away=away)
    assert day.counts["not counted, our own line"] >= 3
    assert not day.shown["failing"] | day.shown["backing_off"]
    assert left(day) == 0


@pytest.mark.slow
def test_the_books_of_a_day_are_right(tmp_path: Path) -> None:
    outlets = {one.source.id: one for one in press(8, START, 6, Random(5))}
    with Store.open(tmp_path) as store:
        day = Day(store, outlets, AdaptivePolicy(), START)
        day.run_until(START + 6 * HOUR)
        measured = Measured(START, day.now, day.counts["endpoint"], 0, listed_by_now(day))
        day.run_until(day.now + HOUR)
        assert schedule(day, measured)["share"] == 1.0
        found = books(day)
        assert found["status_balances"] and found["status_equals_what_was_fetched"]
        assert health(day)["in_trouble_without_cause"] == 0
