"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bands",
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("document", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("week", "key", "document"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "documents",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("created_seq", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("cluster_id", sa.String(), nullable=False),
        sa.Column("duplicate_of", sa.String()),
        sa.Column("first_seen_at", sa.Integer(), nullable=False),
        sa.Column("fetched_at", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.Integer()),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("revised_at", sa.Integer(), nullable=False),
        sa.Column("changed", sa.String()),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("requested_url", sa.String(), nullable=False),
        sa.Column("found_kind", sa.String(), nullable=False),
        sa.Column("found_url", sa.String()),
        sa.Column("published_at", sa.Integer()),
        sa.Column("published_precision", sa.String()),
        sa.Column("published_calendar", sa.String()),
        sa.Column("published_offset", sa.Integer()),
        sa.Column("published_evidence", sa.String()),
        sa.Column("published_from", sa.String()),
        sa.Column("modified_at", sa.Integer()),
        sa.Column("modified_precision", sa.String()),
        sa.Column("modified_calendar", sa.String()),
        sa.Column("modified_offset", sa.Integer()),
        sa.Column("modified_evidence", sa.String()),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("section", sa.String()),
        sa.Column("image_url", sa.String()),
        sa.Column("authors", sa.String()),
        sa.Column("credits", sa.String()),
        sa.Column("stories", sa.String()),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("summary", sa.String()),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("row"),
        sa.UniqueConstraint("id"),
        sa.UniqueConstraint("seq"),
    )
    op.create_index("ix_documents_cluster_id", "documents", ["cluster_id"])
    op.create_index("ix_documents_created_seq", "documents", ["created_seq"])
    op.create_index("ix_documents_source", "documents", ["source"])
    op.create_table(
        "domains",
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("domain", "source"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "endpoints",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("moved_url", sa.String()),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("parent", sa.Integer()),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("named_at", sa.Integer()),
        sa.Column("interval", sa.Integer(), nullable=False),
        sa.Column("next_fetch_at", sa.Integer()),
        sa.Column("visit_at", sa.Integer()),
        sa.Column("leased_by", sa.String()),
        sa.Column("etag", sa.String()),
        sa.Column("last_modified", sa.String()),
        sa.Column("body_hash", sa.String()),
        sa.Column("last_status", sa.Integer()),
        sa.Column("last_fetch_at", sa.Integer()),
        sa.Column("last_full_at", sa.Integer()),
        sa.Column("last_success_at", sa.Integer()),
        sa.Column("last_changed_at", sa.Integer()),
        sa.Column("last_new_at", sa.Integer()),
        sa.Column("usual_gap", sa.Integer()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String()),
        sa.Column("reason", sa.String()),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer()),
        sa.Column("overflowed_at", sa.Integer()),
        sa.Column("moving_to", sa.String()),
        sa.Column("moving_since", sa.Integer()),
        sa.Column("moving_seen", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source", "url"),
    )
    op.create_index("endpoints_children", "endpoints", ["parent"], sqlite_where=sa.text("parent IS NOT NULL"))
    op.create_index("endpoints_due", "endpoints", ["next_fetch_at"], sqlite_where=sa.text("next_fetch_at IS NOT NULL"))
    op.create_index("endpoints_wanted", "endpoints", ["site", "visit_at"], sqlite_where=sa.text("visit_at IS NOT NULL"))
    op.create_table(
        "fingerprints",
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("minhash", sa.LargeBinary(), nullable=False),
        sa.Column("shingles", sa.Integer(), nullable=False),
        sa.Column("bands", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("document"),
    )
    op.create_index("ix_fingerprints_content_hash", "fingerprints", ["content_hash"])
    op.create_table(
        "followers",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "knowledge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "rejected",
        sa.Column("follower", sa.String(), nullable=False),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("follower", "document_id"),
    )
    op.create_table(
        "related",
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("heading", sa.String()),
        sa.Column("teaser", sa.String()),
        sa.PrimaryKeyConstraint("document", "position"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "revisions",
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.Integer(), nullable=False),
        sa.Column("changed", sa.String()),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("summary", sa.String()),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("document", "revision"),
    )
    op.create_table(
        "robots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("leased_by", sa.String()),
        sa.Column("status", sa.Integer()),
        sa.Column("unreachable", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("fetched_at", sa.Integer()),
        sa.Column("expires_at", sa.Integer()),
        sa.Column("body", sa.String()),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("origin"),
    )
    op.create_table(
        "sites",
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("next_ok_at", sa.Integer()),
        sa.Column("delay", sa.Float()),
        sa.Column("backoff_until", sa.Integer()),
        sa.Column("backoff_asked", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("site"),
    )
    op.create_table(
        "sources",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("known", sa.Boolean(), nullable=False),
        sa.Column("delay", sa.Float(), nullable=False),
        sa.Column("related_hops", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "tombstones",
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("document_id"),
        sa.UniqueConstraint("seq"),
    )
    op.create_table(
        "url_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("reason", sa.String()),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_url_events_at", "url_events", ["at"])
    op.create_index("ix_url_events_url_id", "url_events", ["url_id"])
    op.create_table(
        "urls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("fetch_url", sa.String()),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("outcome", sa.String()),
        sa.Column("outcome_at", sa.Integer()),
        sa.Column("reason", sa.String()),
        sa.Column("document_id", sa.String()),
        sa.Column("alias_of", sa.Integer()),
        sa.Column("hop", sa.Integer(), nullable=False),
        sa.Column("found_kind", sa.String(), nullable=False),
        sa.Column("found_url", sa.String()),
        sa.Column("title", sa.String()),
        sa.Column("listed_at", sa.Integer()),
        sa.Column("listed_precision", sa.String()),
        sa.Column("listed_calendar", sa.String()),
        sa.Column("listed_offset", sa.Integer()),
        sa.Column("listed_evidence", sa.String()),
        sa.Column("first_listed_at", sa.Integer(), nullable=False),
        sa.Column("priority_at", sa.Integer(), nullable=False),
        sa.Column("next_visit_at", sa.Integer()),
        sa.Column("leased_by", sa.String()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("fetched_at", sa.Integer()),
        sa.Column("extracted_at", sa.Integer()),
        sa.Column("etag", sa.String()),
        sa.Column("last_modified", sa.String()),
        sa.Column("body_hash", sa.String()),
        sa.Column("last_status", sa.Integer()),
        sa.Column("last_visit", sa.String()),
        sa.Column("last_visit_at", sa.Integer()),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("url"),
    )
    op.create_index("urls_alias", "urls", ["alias_of"], sqlite_where=sa.text("alias_of IS NOT NULL"))
    op.create_index("urls_document", "urls", ["document_id"], sqlite_where=sa.text("document_id IS NOT NULL"))
    op.create_index(
        "urls_fresh",
        "urls",
        ["site", "priority_at"],
        sqlite_where=sa.text("outcome IS NULL AND leased_by IS NULL AND next_visit_at IS NULL"),
    )
    op.create_index("urls_leased", "urls", ["leased_by"], sqlite_where=sa.text("leased_by IS NOT NULL"))
    op.create_index("urls_ledger", "urls", ["source", "outcome", "fetched_at", "extracted_at"])
    op.create_index(
        "urls_timed",
        "urls",
        ["site", "next_visit_at"],
        sqlite_where=sa.text("leased_by IS NULL AND next_visit_at IS NOT NULL"),
    )
