"""What people have stated and what stands until it is lifted; and people found by last name and birth date."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "facts",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.Column("person", sa.Text()),
        sa.Column("starts", sa.BigInteger()),
        sa.Column("ends", sa.BigInteger()),
        sa.Column("lifted", sa.BigInteger()),
        sa.Column("lifted_by", sa.Text()),
        sa.PrimaryKeyConstraint("practice", "id"),
    )
    op.create_index("facts_standing", "facts", ["practice", "kind", "lifted", "about"])
    op.create_table(
        "surnames",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("surname_index", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("practice", "person"),
    )
    op.create_index("surnames_by_name", "surnames", ["practice", "surname_index"])
    if op.get_bind().dialect.name == "postgresql":
        for table in ("facts", "surnames"):
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(
                f"CREATE POLICY own_practice ON {table} "
                "USING (practice = current_setting('lamplighter.practice', true)) "
                "WITH CHECK (practice = current_setting('lamplighter.practice', true))"
            )
