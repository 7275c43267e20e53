"""What a carrier calls a message, and which number of ours it went from."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("carrier_id", sa.Text()))
    op.add_column("messages", sa.Column("sent_from", sa.Text()))
    op.create_index("messages_by_carrier", "messages", ["practice", "carrier_id"])
    op.create_index("messages_by_contact", "messages", ["practice", "contact", "number"])
