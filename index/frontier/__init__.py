"""The frontier: what is to be fetched, by whom it is being fetched, and what came of it.

    sync_sources ─► endpoints ── mark_due ─► wanted ─┐                 ┌─► record_listing ─► new urls
                                                     ├─ claim ─► Visit ┼─► record_unchanged, record_redirect
    urls: listed ── fresh, or due for a retry/revisit┘   (leased)      ├─► record_outcome, record_failure
                                                                       └─► record_robots      (or give_back)

A fetched article goes to `index.documents.recording.record_article`.
Every function runs inside one operation of the writer.
"""

from index.frontier.claims import Remaining, claim, give_back, remaining, void_leases
from index.frontier.endpoints import mark_due, next_due, spread_due, sync_sources
from index.frontier.listing import ListingRecorded, record_listing
from index.frontier.reopening import reopen_mistakes
from index.frontier.results import record_failure, record_outcome, record_redirect, record_unchanged
from index.frontier.robots import record_robots
from index.frontier.sites import site_served

__all__ = [
    "ListingRecorded",
    "Remaining",
    "claim",
    "give_back",
    "mark_due",
    "next_due",
    "record_failure",
    "record_listing",
    "record_outcome",
    "record_redirect",
    "record_robots",
    "record_unchanged",
    "remaining",
    "reopen_mistakes",
    "site_served",
    "spread_due",
    "sync_sources",
    "void_leases",
]
