"""What a store says after a crash, held against what the world printed and against the server's own log."""

import shutil
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from benchmarks.crash_world import CRAWL_DELAY, DELAY, OLD, PRIVATE, Expected
from tests.site import World
from tests.site.log import Seen, gaps

Place = tuple[str, str]  # site, decoded path
TOLERANCE = 0.010
LEASED = """
    SELECT coalesce(fetch_url, url) FROM urls WHERE leased_by IS NOT NULL
    UNION ALL SELECT coalesce(moved_url, url) FROM endpoints WHERE leased_by IS NOT NULL
    UNION ALL SELECT origin || '/robots.txt' FROM robots WHERE leased_by IS NOT NULL
"""


@dataclass(slots=True)
class Figures:
    """Sums over all crawls; everything in `wrong` is a violation, in words."""

    kills: int = 0
    requests: int = 0
    urls: int = 0
    documents: int = 0
    lost: int = 0
    doubled: int = 0
    in_flight_at_kills: int = 0
    refetched: int = 0
    refetched_beyond: int = 0
    shortest_gap: float = float("inf")
    shortest_crawl_delay: float = float("inf")
    most_at_once: int = 0
    outages: int = 0  # a machine so busy that all downloads time out at once looks like that; they are given back
    disallowed: int = 0
    refused_contacted: int = 0
    term_seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def must(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.wrong.append(otherwise)


def leases_and_integrity(data: Path) -> tuple[Counter[Place], str]:
    """Of a copy, so that the next start finds exactly what the kill left, write-ahead log and all."""
    file = data / "marsad.db"
    if not file.exists():
        return Counter(), "ok"
    with tempfile.TemporaryDirectory() as folder:
        for name in ("marsad.db", "marsad.db-wal"):
            if (data / name).exists():
                shutil.copy(data / name, folder)
        conn = sqlite3.connect(Path(folder) / "marsad.db")
        try:
            found = str(conn.execute("PRAGMA integrity_check").fetchone()[0])
            tables = {name for (name,) in conn.execute("SELECT name FROM sqlite_master")}
            rows = conn.execute(LEASED).fetchall() if {"urls", "endpoints", "robots"} <= tables else []
            return Counter(place(url) for (url,) in rows), found
        finally:
            conn.close()


def place(url: str) -> Place:
    parts = urlsplit(url)
    return parts.hostname or "", unquote(parts.path)


def documents_are_whole(figures: Figures, expected: Expected, exported: Sequence[Mapping[str, Any]]) -> None:
    urls = Counter(document["url"] for document in exported)
    lost, strange = expected.documents - urls.keys(), urls.keys() - expected.documents
    doubled = sum(count - 1 for count in urls.values()) + len(exported) - len({one["id"] for one in exported})
    figures.documents += len(exported)
    figures.lost += len(lost)
    figures.doubled += doubled + len(strange)
    figures.must(not lost, f"lost: {sorted(lost)[:3]}")
    figures.must(not doubled and not strange, f"doubled {doubled}, never printed {sorted(strange)[:3]}")


def status_balances(
    figures: Figures, world: World, expected: Expected, status: Mapping[str, Any], exported: Sequence[object]
) -> None:
    """Each source's books, and the same figures from the server's log."""
    log = _answered_articles(world)
    wanted = Counter(place(url)[0] for url in expected.listed)
    for row in status["sources"]:
        site = world_site(world, row["id"])
        dropped = row["dropped"]
        figures.must(
            row["listed"] == row["stored"] + row["pending"] + sum(dropped.values()), f"does not balance: {row}"
        )
        figures.must(row["fetched"] == log[site], f"{row['id']}: fetched {row['fetched']}, by the log {log[site]}")
        expected_here = wanted[site] + dropped.get("refused_address", 0)
        figures.must(row["listed"] == expected_here, f"{row['id']}: listed {row['listed']}, printed {expected_here}")
    totals = status["totals"]
    figures.urls += totals["listed"]
    figures.must(totals["pending"] == 0, f"pending after the last pass: {totals}")
    figures.must(totals["stored"] == len(exported), f"stored {totals['stored']}, exported {len(exported)}")
    figures.must(totals["searchable"] == totals["stored"], f"stored but not searchable: {totals}")
    for outcome, urls in (
        ("alias", expected.aliases),
        ("robots", expected.forbidden),
        ("refused_address", expected.refused),
    ):
        found = totals["dropped"].get(outcome, 0)
        figures.must(found == len(urls), f"{outcome}: {found}, expected {len(urls)}")


def world_site(world: World, source: str) -> str:
    return next(outlet.site for outlet in world.outlets.values() if outlet.id == source)


def _answered_articles(world: World) -> Counter[str]:
    """URLs by site whose page arrived: answered in full, or with a redirect to a page that was."""
    told = {(seen.site, seen.path) for seen in world.requests() if seen.status in (200, 301) and _is_article(seen.path)}
    return Counter(site for site, _ in told)


def _is_article(path: str) -> bool:
    return path.startswith("/news/")


def fetched_once(
    figures: Figures,
    seen: Iterable[Seen],
    leased: Mapping[Place, int],
    hops: Mapping[Place, Place],
    given_back: int = 0,
) -> None:
    """A place may be asked for once, and again for each kill at which it was leased; a hop also for its redirect.

    `given_back`: so many more at most, where all that was in flight timed out together and was given back uncounted.
    """
    asked = Counter((one.site, one.path) for one in seen)
    once = dict.fromkeys(asked, 1)
    allowed = {spot: 1 + leased.get(spot, 0) for spot in asked}
    for start, end in hops.items():
        once[end] = once.get(end, 0) + asked[start]
        allowed[end] = allowed.get(end, 1) + allowed.get(start, 0)
    extra = {spot: count - allowed[spot] for spot, count in asked.items() if count > allowed[spot]}
    figures.requests += asked.total()
    figures.refetched += sum(max(count - once[spot], 0) for spot, count in asked.items())
    figures.refetched_beyond += sum(extra.values())
    some = dict(list(extra.items())[:3])
    figures.must(sum(extra.values()) <= given_back, f"asked for again without having been in flight: {some}")


def hops_of(world: World) -> dict[Place, Place]:
    found = {}
    for outlet in world.outlets.values():
        if OLD in outlet.printed:
            first = next(one for one in outlet.articles if one.via)
            found[outlet.site, OLD] = (outlet.site, first.path)
    return found


def politeness(figures: Figures, world: World) -> None:
    """From the end of each answer to the start of the next request of its site, in the server's own seconds."""
    for outlet in world.outlets.values():
        seen = sorted((one for one in world.requests(site=outlet.site) if one.end is not None), key=_start)
        figures.most_at_once = max(figures.most_at_once, at_once(seen))
        between = gaps(seen)
        shortest = min(between, default=float("inf"))
        figures.shortest_gap = min(figures.shortest_gap, shortest)
        figures.must(shortest >= DELAY - TOLERANCE, f"{outlet.site}: a gap of {shortest:.3f} s")
        if "Crawl-delay" in (outlet.robots or ""):
            asked = zip(between, seen[1:], strict=True)
            shortest = min((gap for gap, one in asked if one.path != "/robots.txt"), default=float("inf"))
            figures.shortest_crawl_delay = min(figures.shortest_crawl_delay, shortest)
            figures.must(shortest >= CRAWL_DELAY - TOLERANCE, f"{outlet.site}: Crawl-delay, but {shortest:.3f} s")
    figures.must(figures.most_at_once <= 1, f"{figures.most_at_once} requests to one site at a time")
    disallowed = world.requests(path=PRIVATE)
    figures.disallowed += len(disallowed)
    figures.must(not disallowed, "a disallowed path was asked for")


def at_once(seen: Iterable[Seen]) -> int:
    """The most requests of one site that were open at any moment."""
    turns = sorted([(one.start, 1) for one in seen] + [(one.end, -1) for one in seen if one.end is not None])
    return max(accumulate(turn for _, turn in turns), default=0)


def until_first_polls(data: Path) -> float:
    """Seconds until everything has been due once: a service spreads its first polls, a pass takes what is due."""
    with closing(sqlite3.connect(f"file:{data / 'marsad.db'}?mode=ro", uri=True)) as conn:
        unpolled = "last_fetch_at IS NULL AND visit_at IS NULL AND enabled"
        (latest,) = conn.execute(f"SELECT max(next_fetch_at) FROM endpoints WHERE {unpolled}").fetchone()
    return 0.0 if latest is None else max(latest / 1e6 - time.time(), 0.0)


def _start(seen: Seen) -> float:
    return seen.start
