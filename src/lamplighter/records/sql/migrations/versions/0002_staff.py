"""Accounts of those who work here, sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("practice", "id"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE staff ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE staff FORCE ROW LEVEL SECURITY")
        op.execute(
            "CREATE POLICY own_practice ON staff "
            "USING (practice = current_setting('lamplighter.practice', true)) "
            "WITH CHECK (practice = current_setting('lamplighter.practice', true))"
        )
