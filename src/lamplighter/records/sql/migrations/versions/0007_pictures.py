"""Pictures that people sent us, sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pictures",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("practice", "id"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE pictures ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE pictures FORCE ROW LEVEL SECURITY")
        op.execute(
            "CREATE POLICY own_practice ON pictures "
            "USING (practice = current_setting('lamplighter.practice', true)) "
            "WITH CHECK (practice = current_setting('lamplighter.practice', true))"
        )
