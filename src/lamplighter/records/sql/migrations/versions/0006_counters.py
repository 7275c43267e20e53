"""Numbers that never come twice: what interchanges are numbered with."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "counters",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("practice", "name"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE counters ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE counters FORCE ROW LEVEL SECURITY")
        op.execute(
            "CREATE POLICY own_practice ON counters "
            "USING (practice = current_setting('lamplighter.practice', true)) "
            "WITH CHECK (practice = current_setting('lamplighter.practice', true))"
        )
