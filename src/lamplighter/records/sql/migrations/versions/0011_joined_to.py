"""Whom a contact was joined to is found by the contact."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("contact_people_by_contact", "contact_people", ["practice", "contact"])
