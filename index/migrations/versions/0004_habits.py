"""What each endpoint usually does, why it is asked when it is, how often in a row it had nothing; visits by time."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("endpoints", sa.Column("habit", sa.LargeBinary()))
    op.add_column("endpoints", sa.Column("pace", sa.String()))
    op.add_column("endpoints", sa.Column("empties", sa.Integer()))
    waiting = sa.text("leased_by IS NULL AND next_visit_at IS NOT NULL")
    op.create_index("urls_due", "urls", ["next_visit_at", "site"], sqlite_where=waiting)
