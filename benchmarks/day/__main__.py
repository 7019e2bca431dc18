"""A day of 300 endpoints in minutes: frontier, policy and health under a moved clock, over a scripted press.

python -m benchmarks.day                       24 hours, texts kept; exits 1 below 99.9 %, or where the books disagree
python -m benchmarks.day --compare             beside other schedules over the same press; texts are not kept
python -m benchmarks.day --hours 72 --last     three days, of which the last is measured: the habits are known by then
"""

import argparse
import json
import sys
import tempfile
import time
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.day import figures as day_figures
from benchmarks.day.figures import Measured
from benchmarks.day.policies import Doubling, Fixed
from benchmarks.day.press import Outlet, press
from benchmarks.day.run import Day
from index.frontier.visits import Policy
from index.store import Store
from scheduler.policy import AdaptivePolicy

START = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
AWAY = START + timedelta(hours=13), START + timedelta(hours=13, minutes=40)
ONE_DAY = timedelta(days=1)
# What was listed last is fetched then.
AFTERWARDS = timedelta(hours=1)
WANTED = 0.999
OTHERS: dict[str, Policy] = {
    "habit": AdaptivePolicy(),
    "every 5 min": Fixed(timedelta(minutes=5)),
    "every 15 min": Fixed(timedelta(minutes=15)),
    "every 60 min": Fixed(timedelta(minutes=60)),
    "doubling": Doubling(),
}


def simulate(outlets: dict[str, Outlet], policy: Policy, asked: argparse.Namespace, *, keep: bool) -> dict[str, Any]:
    end = START + timedelta(hours=asked.hours)
    with tempfile.TemporaryDirectory(prefix="day-") as name, Store.open(Path(name)) as store:
        day = Day(store, outlets, policy, START, away=AWAY, keep=keep)
        begin = end - ONE_DAY if asked.last else START
        day.run_until(begin)
        before = day.counts.copy()
        day.run_until(end)
        spent = day.counts - before
        listed = day_figures.listed_by_now(day)
        measured = Measured(begin, end, spent["endpoint"], spent["polls answered by 304"], listed)
        day.run_until(day.now + AFTERWARDS)
        found = {
            **day_figures.schedule(day, measured),
            "listed_but_not_stored_by_server": day_figures.overlooked(day, measured),
            "health": day_figures.health(day),
        }
        return found | {"books": day_figures.books(day)} if keep else found


def compare(outlets: dict[str, Outlet], asked: argparse.Namespace) -> dict[str, Any]:
    return {name: simulate(deepcopy(outlets), policy, asked, keep=False) for name, policy in OTHERS.items()}


def bad(found: dict[str, Any]) -> bool:
    books = found["books"]
    right = books["status_balances"] and books["status_equals_what_was_fetched"]
    return found["share"] < WANTED or not right or found["health"]["in_trouble_without_cause"] > 0


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.day", description=__doc__)
    parser.add_argument("--endpoints", type=int, default=300)
    parser.add_argument("--hours", type=float, default=24)
    parser.add_argument("--last", action="store_true", help="measure the last day only")
    parser.add_argument("--compare", action="store_true")
    parser.add_argument("--seed", type=int, default=20261123)
    asked = parser.parse_args()
    began = time.monotonic()
    outlets = {one.source.id: one for one in press(asked.endpoints, START, asked.hours, Random(asked.seed))}
    found = compare(outlets, asked) if asked.compare else simulate(outlets, AdaptivePolicy(), asked, keep=True)
    print(json.dumps(found, indent=2))
    print(f"measured in {time.monotonic() - began:.0f} s", file=sys.stderr)
    sys.exit(not asked.compare and bad(found))


if __name__ == "__main__":
    main()
