"""The tables of the store. `migrations/` makes them; a test holds the two together.

sources, domains ── who is watched, and whose domain an address is on
endpoints ── a feed, sitemap or section each: when to poll it, what is remembered of it
urls ── one row per canonical URL ever met: its life, told by `outcome` and `next_visit_at`
documents ── one row per article, `seq` rising with every change ─ revisions, related, fingerprints, bands
sites, robots ── how to treat a site and an origin        tombstones, followers, rejected ── what indices need
"""

from typing import Final

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    text,
)

from index.columns import Moment, Span, Words, date_columns
from index.errors import ForeseenError

FILE: Final = "marsad.db"

metadata: Final = MetaData()


class StoreError(ForeseenError):
    """What keeps the store from doing its work, in one sentence with a hint."""


sources: Final = Table(
    "sources",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("known", Boolean, nullable=False),  # false once its file is gone; its rows stay
    Column("delay", Float, nullable=False),
    Column("related_hops", Integer, nullable=False),
)

domains: Final = Table(
    "domains",
    metadata,
    Column("domain", String, nullable=False),
    Column("source", String, nullable=False),
    PrimaryKeyConstraint("domain", "source"),
    sqlite_with_rowid=False,
)

# `visit_at` asks for a visit now, `next_fetch_at` says when to ask for the next one; a child sitemap has no schedule
# of its own (`parent`), its parent asks for it. `url` is the address as configured, `moved_url` where it went since.
endpoints: Final = Table(
    "endpoints",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("url", String, nullable=False),
    Column("moved_url", String),
    Column("site", String, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("parent", Integer),
    Column("depth", Integer, nullable=False, default=0),
    Column("named_at", Moment),
    Column("interval", Span, nullable=False),
    Column("next_fetch_at", Moment),
    Column("visit_at", Moment),
    Column("leased_by", String),
    Column("etag", String),
    Column("last_modified", String),
    Column("body_hash", String),
    Column("last_status", Integer),
    Column("last_fetch_at", Moment),
    Column("last_full_at", Moment),
    Column("last_success_at", Moment),
    Column("last_changed_at", Moment),
    Column("last_new_at", Moment),
    Column("usual_gap", Span),
    Column("failures", Integer, nullable=False, default=0),
    Column("failure", String),
    Column("reason", String),
    Column("unchanged", Integer, nullable=False, default=0),
    Column("entries", Integer),
    Column("overflowed_at", Moment),
    Column("moving_to", String),
    Column("moving_since", Moment),
    Column("moving_seen", Integer, nullable=False, default=0),
    Column("false_validators", Boolean),  # they stayed the same when there was news
    Column("habit", LargeBinary),  # `index.frontier.habit`
    Column("pace", String),  # why it is asked when it is, in words
    Column("empties", Integer),  # answers in a row without an entry, where there used to be some
    UniqueConstraint("source", "url"),
)
Index("endpoints_wanted", endpoints.c.site, endpoints.c.visit_at, sqlite_where=text("visit_at IS NOT NULL"))
Index("endpoints_due", endpoints.c.next_fetch_at, sqlite_where=text("next_fetch_at IS NOT NULL"))
Index("endpoints_children", endpoints.c.parent, sqlite_where=text("parent IS NOT NULL"))

# Pending is `outcome IS NULL`. Fresh rows wait by `priority_at`; rows that wait for a retry or a revisit have a
# `next_visit_at`. `fetch_url` is null where it is `url` itself; `alias_of` is the row a redirect or canonical led to.
urls: Final = Table(
    "urls",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("url", String, nullable=False, unique=True),
    Column("fetch_url", String),
    Column("source", String, nullable=False),
    Column("site", String, nullable=False),
    Column("outcome", String),
    Column("outcome_at", Moment),
    Column("reason", String),
    Column("document_id", String),
    Column("alias_of", Integer),
    Column("hop", Integer, nullable=False),
    Column("found_kind", String, nullable=False),
    Column("found_url", String),
    Column("title", String),
    *date_columns("listed"),
    Column("first_listed_at", Moment, nullable=False),
    Column("priority_at", Moment, nullable=False),
    Column("next_visit_at", Moment),
    Column("leased_by", String),
    Column("attempts", Integer, nullable=False, default=0),
    Column("fetched_at", Moment),
    Column("extracted_at", Moment),
    Column("etag", String),
    Column("last_modified", String),
    Column("body_hash", String),
    Column("last_status", Integer),
    Column("last_visit", String),
    Column("last_visit_at", Moment),
)
FRESH: Final = text("outcome IS NULL AND leased_by IS NULL AND next_visit_at IS NULL")
TIMED: Final = text("leased_by IS NULL AND next_visit_at IS NOT NULL")
Index("urls_fresh", urls.c.site, urls.c.priority_at, sqlite_where=FRESH)
Index("urls_timed", urls.c.site, urls.c.next_visit_at, sqlite_where=TIMED)
Index("urls_due", urls.c.next_visit_at, urls.c.site, sqlite_where=TIMED)
Index("urls_leased", urls.c.leased_by, sqlite_where=text("leased_by IS NOT NULL"))
Index("urls_ledger", urls.c.source, urls.c.outcome, urls.c.fetched_at, urls.c.extracted_at)
Index("urls_document", urls.c.document_id, sqlite_where=text("document_id IS NOT NULL"))
Index("urls_alias", urls.c.alias_of, sqlite_where=text("alias_of IS NOT NULL"))

url_events: Final = Table(
    "url_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("url_id", Integer, nullable=False, index=True),
    Column("at", Moment, nullable=False, index=True),
    Column("event", String, nullable=False),
    Column("status", Integer),
    Column("reason", String),
)

# `created_seq` is the seq a document was first stored with. The words come last: what precedes them is read without
# walking their overflow pages.
documents: Final = Table(
    "documents",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("seq", Integer, nullable=False, unique=True),
    Column("created_seq", Integer, nullable=False, index=True),
    Column("source", String, nullable=False, index=True),
    Column("cluster_id", String, nullable=False, index=True),
    Column("duplicate_of", String),
    Column("first_seen_at", Moment, nullable=False),
    Column("fetched_at", Moment, nullable=False),
    Column("removed_at", Moment),
    Column("revision", Integer, nullable=False),
    Column("revised_at", Moment, nullable=False),
    Column("changed", Words),
    Column("url", String, nullable=False),
    Column("requested_url", String, nullable=False),
    Column("found_kind", String, nullable=False),
    Column("found_url", String),
    *date_columns("published"),
    Column("published_from", String),
    *date_columns("modified"),
    Column("language", String, nullable=False),
    Column("section", String),
    Column("image_url", String),
    Column("authors", Words),
    Column("credits", Words),
    Column("stories", Words),
    Column("title", String, nullable=False),
    Column("summary", String),
    Column("text", String, nullable=False),
)

# Versions that were superseded; the one in force is in `documents`.
revisions: Final = Table(
    "revisions",
    metadata,
    Column("document", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("changed", Words),
    Column("title", String, nullable=False),
    Column("summary", String),
    Column("text", String, nullable=False),
    PrimaryKeyConstraint("document", "revision"),
)

related: Final = Table(
    "related",
    metadata,
    Column("document", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("url", String, nullable=False),
    Column("title", String, nullable=False),
    Column("heading", String),
    Column("teaser", String),
    PrimaryKeyConstraint("document", "position"),
    sqlite_with_rowid=False,
)
Index("related_target", related.c.url)

fingerprints: Final = Table(
    "fingerprints",
    metadata,
    Column("document", Integer, primary_key=True),
    Column("week", Integer, nullable=False),
    Column("content_hash", LargeBinary, nullable=False, index=True),
    Column("minhash", LargeBinary, nullable=False),
    Column("shingles", Integer, nullable=False),
    Column("bands", LargeBinary, nullable=False),
)

# Random keys in one big tree cost more with every document; a week's partition does not grow with the store.
bands: Final = Table(
    "bands",
    metadata,
    Column("week", Integer, nullable=False),
    Column("key", Integer, nullable=False),
    Column("document", Integer, nullable=False),
    PrimaryKeyConstraint("week", "key", "document"),
    sqlite_with_rowid=False,
)

sites: Final = Table(
    "sites",
    metadata,
    Column("site", String, primary_key=True),
    Column("next_ok_at", Moment),
    Column("delay", Float),
    Column("backoff_until", Moment),
    Column("backoff_asked", Boolean, nullable=False, default=False),  # by the site itself, with Retry-After
    Column("failures", Integer, nullable=False, default=0),
    Column("budget_day", Integer),  # in days since 1970
    Column("budget_used", Integer),
)

# `status` null: never answered. `body` null: everything is allowed. `unreachable`: nothing is, until `expires_at`.
robots: Final = Table(
    "robots",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("origin", String, nullable=False, unique=True),
    Column("site", String, nullable=False),
    Column("leased_by", String),
    Column("status", Integer),
    Column("unreachable", Boolean, nullable=False, default=False),
    Column("failures", Integer, nullable=False, default=0),
    Column("fetched_at", Moment),
    Column("expires_at", Moment),
    Column("body", String),
)

tombstones: Final = Table(
    "tombstones",
    metadata,
    Column("document_id", String, primary_key=True),
    Column("seq", Integer, nullable=False, unique=True),
    Column("source", String, nullable=False),
    Column("url", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("reason", String, nullable=False),
)

followers: Final = Table(
    "followers",
    metadata,
    Column("name", String, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("updated_at", Moment, nullable=False),
)

rejected: Final = Table(
    "rejected",
    metadata,
    Column("follower", String, nullable=False),
    Column("document_id", String, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("reason", String, nullable=False),
    PrimaryKeyConstraint("follower", "document_id"),
)

knowledge: Final = Table(
    "knowledge",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("documents", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

meta: Final = Table("meta", metadata, Column("key", String, primary_key=True), Column("value", String, nullable=False))
