"""The first schema, one function for each table."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _bands()
    _documents()
    _domains()
    _endpoints()
    _fingerprints()
    _followers()
    _knowledge()
    _meta()
    _rejected()
    _related()
    _revisions()
    _robots()
    _sites()
    _sources()
    _tombstones()
    _url_events()
    _urls()


def _required(kind: type[TypeEngine[Any]], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind(), nullable=False) for name in names]


def _optional(kind: type[TypeEngine[Any]], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind()) for name in names]


def _date(name: str) -> list[sa.Column[Any]]:
    """As `index.columns.date_columns` was at this revision: a migration never changes with the code."""
    return [
        *_optional(sa.Integer, f"{name}_at"),
        *_optional(sa.String, f"{name}_precision", f"{name}_calendar"),
        *_optional(sa.Integer, f"{name}_offset"),
        *_optional(sa.String, f"{name}_evidence"),
    ]


def _bands() -> None:
    op.create_table(
        "bands",
        *_required(sa.Integer, "week", "key", "document"),
        sa.PrimaryKeyConstraint("week", "key", "document"),
        sqlite_with_rowid=False,
    )


def _documents() -> None:
    op.create_table(
        "documents",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        *_required(sa.Integer, "seq", "created_seq"),
        *_required(sa.String, "source", "cluster_id"),
        sa.Column("duplicate_of", sa.String()),
        *_required(sa.Integer, "first_seen_at", "fetched_at"),
        sa.Column("removed_at", sa.Integer()),
        *_required(sa.Integer, "revision", "revised_at"),
        sa.Column("changed", sa.String()),
        *_required(sa.String, "url", "requested_url", "found_kind"),
        sa.Column("found_url", sa.String()),
        *_date("published"),
        sa.Column("published_from", sa.String()),
        *_date("modified"),
        sa.Column("language", sa.String(), nullable=False),
        *_optional(sa.String, "section", "image_url", "authors", "credits", "stories"),
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


def _domains() -> None:
    op.create_table(
        "domains",
        *_required(sa.String, "domain", "source"),
        sa.PrimaryKeyConstraint("domain", "source"),
        sqlite_with_rowid=False,
    )


def _endpoints() -> None:
    op.create_table(
        "endpoints",
        sa.Column("id", sa.Integer(), nullable=False),
        *_required(sa.String, "source", "kind", "url"),
        sa.Column("moved_url", sa.String()),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("parent", sa.Integer()),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("named_at", sa.Integer()),
        sa.Column("interval", sa.Integer(), nullable=False),
        *_optional(sa.Integer, "next_fetch_at", "visit_at"),
        *_optional(sa.String, "leased_by", "etag", "last_modified", "body_hash"),
        *_optional(sa.Integer, "last_status", "last_fetch_at", "last_full_at", "last_success_at"),
        *_optional(sa.Integer, "last_changed_at", "last_new_at", "usual_gap"),
        sa.Column("failures", sa.Integer(), nullable=False),
        *_optional(sa.String, "failure", "reason"),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        *_optional(sa.Integer, "entries", "overflowed_at"),
        sa.Column("moving_to", sa.String()),
        sa.Column("moving_since", sa.Integer()),
        sa.Column("moving_seen", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source", "url"),
    )
    op.create_index("endpoints_children", "endpoints", ["parent"], sqlite_where=sa.text("parent IS NOT NULL"))
    op.create_index("endpoints_due", "endpoints", ["next_fetch_at"], sqlite_where=sa.text("next_fetch_at IS NOT NULL"))
    op.create_index("endpoints_wanted", "endpoints", ["site", "visit_at"], sqlite_where=sa.text("visit_at IS NOT NULL"))


def _fingerprints() -> None:
    op.create_table(
        "fingerprints",
        *_required(sa.Integer, "document", "week"),
        *_required(sa.LargeBinary, "content_hash", "minhash"),
        sa.Column("shingles", sa.Integer(), nullable=False),
        sa.Column("bands", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("document"),
    )
    op.create_index("ix_fingerprints_content_hash", "fingerprints", ["content_hash"])


def _followers() -> None:
    op.create_table(
        "followers",
        sa.Column("name", sa.String(), nullable=False),
        *_required(sa.Integer, "position", "updated_at"),
        sa.PrimaryKeyConstraint("name"),
    )


def _knowledge() -> None:
    op.create_table(
        "knowledge",
        *_required(sa.Integer, "id", "position", "documents"),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _meta() -> None:
    op.create_table(
        "meta",
        *_required(sa.String, "key", "value"),
        sa.PrimaryKeyConstraint("key"),
    )


def _rejected() -> None:
    op.create_table(
        "rejected",
        *_required(sa.String, "follower", "document_id"),
        *_required(sa.Integer, "seq", "at"),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("follower", "document_id"),
    )


def _related() -> None:
    op.create_table(
        "related",
        *_required(sa.Integer, "document", "position"),
        *_required(sa.String, "url", "title"),
        *_optional(sa.String, "heading", "teaser"),
        sa.PrimaryKeyConstraint("document", "position"),
        sqlite_with_rowid=False,
    )


def _revisions() -> None:
    op.create_table(
        "revisions",
        *_required(sa.Integer, "document", "revision", "seen_at"),
        sa.Column("changed", sa.String()),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("summary", sa.String()),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("document", "revision"),
    )


def _robots() -> None:
    op.create_table(
        "robots",
        sa.Column("id", sa.Integer(), nullable=False),
        *_required(sa.String, "origin", "site"),
        sa.Column("leased_by", sa.String()),
        sa.Column("status", sa.Integer()),
        sa.Column("unreachable", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        *_optional(sa.Integer, "fetched_at", "expires_at"),
        sa.Column("body", sa.String()),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("origin"),
    )


def _sites() -> None:
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


def _sources() -> None:
    op.create_table(
        "sources",
        *_required(sa.String, "id", "name"),
        *_required(sa.Boolean, "enabled", "known"),
        sa.Column("delay", sa.Float(), nullable=False),
        sa.Column("related_hops", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _tombstones() -> None:
    op.create_table(
        "tombstones",
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        *_required(sa.String, "source", "url"),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("document_id"),
        sa.UniqueConstraint("seq"),
    )


def _url_events() -> None:
    op.create_table(
        "url_events",
        *_required(sa.Integer, "id", "url_id", "at"),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("reason", sa.String()),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_url_events_at", "url_events", ["at"])
    op.create_index("ix_url_events_url_id", "url_events", ["url_id"])


def _urls() -> None:
    op.create_table(
        "urls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("fetch_url", sa.String()),
        *_required(sa.String, "source", "site"),
        sa.Column("outcome", sa.String()),
        sa.Column("outcome_at", sa.Integer()),
        *_optional(sa.String, "reason", "document_id"),
        sa.Column("alias_of", sa.Integer()),
        sa.Column("hop", sa.Integer(), nullable=False),
        sa.Column("found_kind", sa.String(), nullable=False),
        *_optional(sa.String, "found_url", "title"),
        *_date("listed"),
        *_required(sa.Integer, "first_listed_at", "priority_at"),
        sa.Column("next_visit_at", sa.Integer()),
        sa.Column("leased_by", sa.String()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        *_optional(sa.Integer, "fetched_at", "extracted_at"),
        *_optional(sa.String, "etag", "last_modified", "body_hash"),
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
