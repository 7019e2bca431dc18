"""Who points to an address, without reading all edges: `why` asks."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("related_target", "related", ["url"])
