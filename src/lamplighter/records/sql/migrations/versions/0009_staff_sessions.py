"""Browsers of staff that are signed in, sealed, by the digest of what they hold."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff_sessions",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("acted", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("practice", "id"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE staff_sessions ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE staff_sessions FORCE ROW LEVEL SECURITY")
        op.execute(
            "CREATE POLICY own_practice ON staff_sessions "
            "USING (practice = current_setting('lamplighter.practice', true)) "
            "WITH CHECK (practice = current_setting('lamplighter.practice', true))"
        )
