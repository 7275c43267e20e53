"""What is counted of each contact."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tallies",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("opened", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("practice", "contact"),
    )
    op.create_index("tallies_by_opening", "tallies", ["practice", "opened"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE tallies ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE tallies FORCE ROW LEVEL SECURITY")
        op.execute(
            "CREATE POLICY own_practice ON tallies "
            "USING (practice = current_setting('lamplighter.practice', true)) "
            "WITH CHECK (practice = current_setting('lamplighter.practice', true))"
        )
