"""When a message last moved, and why one did not go."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("moved_at", sa.BigInteger()))
    op.add_column("messages", sa.Column("why", sa.Text()))
    op.create_index("messages_by_person", "messages", ["practice", "person", "moved_at"])
