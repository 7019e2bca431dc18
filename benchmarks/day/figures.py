"""What came of a simulated day: what was printed against what was stored, at what price, and whether health told."""

import statistics
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from benchmarks.day.press import Outlet
from benchmarks.day.run import Day
from benchmarks.shared import percentile
from index import ledger
from index.database import documents, endpoints
from index.health import healths
from news.documents import EndpointKind

TROUBLE = ("failing", "backing_off", "empty", "fruitless")


@dataclass(frozen=True, slots=True)
class Measured:
    """One day of the press: its bounds, the polls of this day alone, and what they had listed by its end."""

    start: datetime
    end: datetime
    polls: int
    unmodified: int
    listed: Mapping[str, frozenset[int]]

    def printed(self, outlet: Outlet) -> range:
        return outlet.of(self.start, self.end)


def listed_by_now(day: Day) -> dict[str, frozenset[int]]:
    return {id_: frozenset(outlet.listed_at_a_poll) for id_, outlet in day.outlets.items()}


def schedule(day: Day, measured: Measured) -> dict[str, Any]:
    """How soon and how cheaply the schedule found what was printed. An article left a window between two polls where a
    later poll did not list it any more, though the server was there to be asked."""
    listed = {
        outlet.url(article): outlet.printed[article]
        for id_, outlet in day.outlets.items()
        for article in measured.printed(outlet)
        if article in measured.listed[id_]
    }
    left = list(_left_between(day, measured))
    lags = [(day.stored_at[url] - at).total_seconds() / 60 for url, at in listed.items() if url in day.stored_at]
    published = sum(len(measured.printed(outlet)) for outlet in day.outlets.values())
    return {
        "published": published,
        "listed_at_a_poll": len(listed),
        "stored_of_these": len(lags),
        "share": round(len(lags) / max(len(listed), 1), 5),
        "left_a_window_between_polls": len(left),
        "left_share": round(len(left) / max(published, 1), 5),
        "left_while_down": sum(down for _, down in left),
        "outlets_with_such": len({id_ for id_, _ in left}),
        "published_to_stored_minutes": {
            "p50": round(statistics.median(lags), 1),
            "p95": round(percentile(lags, 0.95), 1),
            "mean": round(statistics.mean(lags), 1),
            "max": round(max(lags), 1),
        },
        "polls": measured.polls,
        "polls_per_article": round(measured.polls / max(len(lags), 1), 3),
        "polls_answered_by_304": round(measured.unmodified / max(measured.polls, 1), 3),
    }


def health(day: Day) -> dict[str, Any]:
    """Of the outlets with a cause, how many were shown so at some look; and how many without one."""
    outlets = day.outlets
    ends = max(one.outages[0].during[1] for one in outlets.values() if one.outages) < day.now
    down = {id_ for id_, one in outlets.items() if any(outage.noticeable for outage in one.outages)}
    ever_down = {id_ for id_, one in outlets.items() if one.outages}
    bare = {id_ for id_, one in outlets.items() if one.bare}
    quiet = {id_ for id_, one in outlets.items() if one.quiet_from}
    in_trouble = set().union(*(day.shown[state] for state in TROUBLE))
    with day.store.read() as conn:
        after = healths(conn, day.now)
        overflowed = conn.execute(select(func.count()).where(endpoints.c.overflowed_at.is_not(None))).scalar_one()
    return {
        "sources_down_over_an_hour": len(down),
        "of_these_shown_in_trouble": len(down & in_trouble),
        "bare_for_hours": len(bare),
        "of_these_shown_failing": len(bare & day.shown["failing"]),
        "in_trouble_without_cause": len(in_trouble - ever_down - bare),
        "still_in_trouble_at_the_end": sum(after[id_] in TROUBLE for id_ in down | bare) if ends else None,
        "stopped_to_print": len(quiet),
        "of_these_shown_silent": len(quiet & day.shown["silent"]),
        "silent_without_cause": len(day.shown["silent"] - quiet - ever_down - bare),
        "feeds_said_to_overflow": overflowed,
        "failed_visits": sum(count for name, count in day.counts.items() if name.endswith("failed")),
        "not_counted_while_our_own_line_was_down": day.counts["not counted, our own line"],
    }


def books(day: Day) -> dict[str, Any]:
    """The ledger against what was counted here, for a day whose texts were kept."""
    with day.store.read() as conn:
        told = ledger.status(conn, now=day.now, position=0, backend="embedded")
        stored = conn.execute(select(func.count()).select_from(documents)).scalar_one()
    return {
        "documents": stored,
        "pending": told["totals"]["pending"],
        "status_balances": all(map(_balances, [told["totals"], *told["sources"]])),
        "status_equals_what_was_fetched": told["totals"]["stored"] == stored == len(day.stored_at),
    }


def _balances(row: Mapping[str, Any]) -> bool:
    return bool(row["listed"] == row["stored"] + row["pending"] + sum(row["dropped"].values()))


def _left_between(day: Day, measured: Measured) -> Iterator[tuple[str, bool]]:
    """Its outlet, and whether the server was down or its feed bare for part of the time the article was listed."""
    for id_, outlet in day.outlets.items():
        for article in measured.printed(outlet):
            if article in outlet.listed_at_a_poll or outlet.kind is EndpointKind.SITEMAP:
                continue
            if article + outlet.window < len(outlet.printed) and outlet.polled_at is not None:
                at, gone = outlet.printed[article], outlet.printed[article + outlet.window]
                stretches = [one.during for one in outlet.outages] + [outlet.bare, day.away]
                down = any(one and at < one[1] and one[0] < gone for one in stretches)
                if gone <= outlet.polled_at:
                    yield id_, down


def overlooked(day: Day, measured: Measured) -> dict[str, int]:
    """What was listed at a poll and yet is not stored, by the habits of the server."""
    return dict(
        Counter(
            str(outlet.server)
            for id_, outlet in day.outlets.items()
            for article in measured.printed(outlet)
            if article in measured.listed[id_] and outlet.url(article) not in day.stored_at
        )
    )
