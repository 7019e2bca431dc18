"""What is learned of an endpoint's hours, from polls and from the dates of a first list."""

from datetime import UTC, datetime, timedelta

import pytest

from index.frontier.habit import DAY, LOOKED_BACK, Habit, longest_gap

MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)
HOUR = timedelta(hours=1)


def watched(days: int, by_hour: dict[int, int], habit: Habit | None = None) -> Habit:
    """Polled every hour for so many days; so many entries come in these hours."""
    habit, now = habit or Habit(), MIDNIGHT
    for _ in range(days * DAY):
        habit = habit.with_poll(now, now + HOUR, by_hour.get(now.hour, 0))
        now += HOUR
    return habit


def test_the_hours_of_the_day_are_told_apart_after_a_few_days() -> None:
    habit = watched(4, dict.fromkeys(range(8, 18), 6))
    assert habit.rate(12) > 4
    assert habit.rate(3) < 1
    assert habit.rate(12 + DAY) == habit.rate(12)


def test_one_quiet_day_does_not_undo_a_habit_but_weeks_do() -> None:
    busy = watched(7, {9: 10})
    after_a_day = watched(1, {}, busy)
    after_a_month = watched(30, {}, busy)
    assert after_a_day.rate(9) > 0.6 * busy.rate(9)
    assert after_a_month.rate(9) < 0.05 * busy.rate(9)


def test_what_came_between_two_polls_is_credited_to_all_the_hours_between_them() -> None:
    habit = Habit().with_poll(MIDNIGHT + 2.5 * HOUR, MIDNIGHT + 4.5 * HOUR, 8)
    assert [round(habit.entries[hour], 6) for hour in range(1, 6)] == [0, 2, 4, 2, 0]
    assert [round(habit.hours[hour], 6) for hour in range(1, 6)] == [0, 0.5, 1, 0.5, 0]


def test_a_burst_is_known_as_recent_and_is_over_soon() -> None:
    quiet = watched(3, {})
    burst = quiet.with_poll(MIDNIGHT, MIDNIGHT + HOUR / 4, 10)
    assert burst.lately > 4
    assert burst.with_poll(MIDNIGHT, MIDNIGHT + 4 * HOUR, 0).lately < 0.1


def test_a_poll_at_the_same_instant_or_after_a_clock_was_set_back_is_no_error() -> None:
    habit = Habit().with_poll(MIDNIGHT, MIDNIGHT, 3).with_poll(MIDNIGHT, MIDNIGHT - 5 * HOUR, 2)
    assert sum(habit.entries) == pytest.approx(5)
    assert habit.known_hours < 0.01


def test_a_long_absence_teaches_only_of_its_last_days() -> None:
    habit = Habit().with_poll(MIDNIGHT - timedelta(days=70), MIDNIGHT, 700)
    assert habit.known_hours <= LOOKED_BACK / HOUR
    assert habit.mean == pytest.approx(10 / DAY, rel=0.2)


def test_the_dates_of_a_first_list_are_a_history() -> None:
    mornings = [MIDNIGHT - timedelta(days=day) + (6 + part / 5) * HOUR for day in range(1, 5) for part in range(5)]
    habit = Habit().with_dates(mornings, MIDNIGHT)
    assert habit.rate(6) > 4 * habit.rate(20)
    assert habit.known_hours == pytest.approx(90, rel=0.2)


@pytest.mark.parametrize(
    "dates",
    [
        [],
        [MIDNIGHT - HOUR, MIDNIGHT - 2 * HOUR],
        [MIDNIGHT - timedelta(seconds=second) for second in range(30)],
        [MIDNIGHT + timedelta(days=day) for day in range(1, 9)],
    ],
    ids=["none", "too few", "all of the minute it was made", "of the future"],
)
def test_dates_that_say_nothing_teach_nothing(dates: list[datetime]) -> None:
    assert Habit().with_dates(dates, MIDNIGHT) == Habit()
    assert longest_gap(dates, MIDNIGHT) is None


def test_an_old_pinned_entry_is_no_gap() -> None:
    dates = [MIDNIGHT - timedelta(days=900), *(MIDNIGHT - hours * HOUR for hours in (1, 4, 9, 10))]
    assert longest_gap(dates, MIDNIGHT) == 5 * HOUR


def test_a_habit_survives_a_restart_and_an_unknown_one_is_learned_anew() -> None:
    habit = watched(2, {7: 3})
    again = Habit.unpack(habit.pack())
    assert again.rate(7) == pytest.approx(habit.rate(7), rel=1e-5)
    assert Habit.unpack(b"of another version") == Habit.unpack(None) == Habit()
