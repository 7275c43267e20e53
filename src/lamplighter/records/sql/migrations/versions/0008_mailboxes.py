"""People found by the email address that they gave."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mailboxes",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("email_index", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("practice", "person"),
    )
    op.create_index("mailboxes_by_email", "mailboxes", ["practice", "email_index"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE mailboxes ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE mailboxes FORCE ROW LEVEL SECURITY")
        op.execute(
            "CREATE POLICY own_practice ON mailboxes "
            "USING (practice = current_setting('lamplighter.practice', true)) "
            "WITH CHECK (practice = current_setting('lamplighter.practice', true))"
        )
