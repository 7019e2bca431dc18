"""How many addresses of a site were listed on which day; which endpoints have validators that cannot be trusted."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sites", sa.Column("budget_day", sa.Integer()))
    op.add_column("sites", sa.Column("budget_used", sa.Integer()))
    op.add_column("endpoints", sa.Column("false_validators", sa.Boolean()))
