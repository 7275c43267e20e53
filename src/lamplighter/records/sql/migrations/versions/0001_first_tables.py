"""The first tables; on PostgreSQL, a policy that holds each to its practice, and no clinician booked twice."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _absences() -> None:
    op.create_table(
        "absences",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("clinician", sa.Text(), nullable=False),
        sa.Column("starts", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("practice", "id"),
    )
    op.create_index("absences_by_clinician", "absences", ["practice", "clinician", "ends"])


def _claims() -> None:
    op.create_table(
        "claims",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("inbound", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("practice", "inbound"),
    )


def _consents() -> None:
    op.create_table(
        "consents",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("practice", "id"),
    )
    op.create_index("consents_latest", "consents", ["practice", "person", "purpose", "channel"])


def _contact_people() -> None:
    op.create_table(
        "contact_people",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("practice", "person", "contact"),
    )


def _contacts() -> None:
    op.create_table(
        "contacts",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address_index", sa.LargeBinary(), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("practice", "id"),
    )
    op.create_index("contacts_by_address", "contacts", ["practice", "address_index", "ended"])
    op.create_index("contacts_by_opening", "contacts", ["practice", "opened_at", "number"])
    op.create_index("contacts_open", "contacts", ["practice", "ended", "opened_at"])


def _data_keys() -> None:
    op.create_table(
        "data_keys",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Text(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("practice", "owner", "owner_id"),
    )


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("protocol_hash", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("practice", "contact", "seq"),
    )


def _holds() -> None:
    op.create_table(
        "holds",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("clinician", sa.Text(), nullable=False),
        sa.Column("starts", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("modality", sa.Text(), nullable=False),
        sa.Column("visit_kind", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("practice", "contact"),
    )
    op.create_index("holds_by_clinician", "holds", ["practice", "clinician", "starts"])


def _jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("args", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("practice", "key"),
    )
    op.create_index("jobs_waiting", "jobs", ["practice", "status", "due"])


def _leases() -> None:
    op.create_table(
        "leases",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("practice", "contact"),
    )


def _ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("sealed_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("practice", "seq"),
    )
    op.create_index("ledger_by_subject", "ledger", ["practice", "about"])


def _ledger_heads() -> None:
    op.create_table(
        "ledger_heads",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("practice"),
    )


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("phrase", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("visit", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("practice", "id"),
    )
    op.create_index("messages_by_time", "messages", ["practice", "at", "number"])


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name_index", sa.LargeBinary(), nullable=True),
        sa.Column("phone_index", sa.LargeBinary(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("legal_hold", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("practice", "id"),
    )
    op.create_index("people_by_name", "people", ["practice", "name_index"])
    op.create_index("people_by_phone", "people", ["practice", "phone_index"])


def _practice_keys() -> None:
    op.create_table(
        "practice_keys",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("practice"),
    )


def _series() -> None:
    op.create_table(
        "series",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("clinician", sa.Text(), nullable=False),
        sa.Column("starts", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("modality", sa.Text(), nullable=False),
        sa.Column("visit_kind", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=True),
        sa.Column("every_weeks", sa.Integer(), nullable=False),
        sa.Column("participants", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=True),
        sa.Column("skipped", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("practice", "id"),
    )
    op.create_index("series_by_clinician", "series", ["practice", "clinician"])


def _tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("done_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("practice", "id"),
    )
    op.create_index("tasks_open", "tasks", ["practice", "status", "due"])


def _visit_people() -> None:
    op.create_table(
        "visit_people",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("visit", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("practice", "visit", "position"),
    )
    op.create_index("visit_people_by_person", "visit_people", ["practice", "person"])


def _visits() -> None:
    op.create_table(
        "visits",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("clinician", sa.Text(), nullable=False),
        sa.Column("starts", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("modality", sa.Text(), nullable=False),
        sa.Column("visit_kind", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("series", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("practice", "id"),
    )
    op.create_index("visits_by_clinician", "visits", ["practice", "clinician", "starts"])
    op.create_index("visits_by_start", "visits", ["practice", "starts"])


def _waitlist() -> None:
    op.create_table(
        "waitlist",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("visit_kind", sa.Text(), nullable=False),
        sa.Column("clinician", sa.Text(), nullable=True),
        sa.Column("modality", sa.Text(), nullable=True),
        sa.Column("wish", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("practice", "id"),
    )


def _workers() -> None:
    op.create_table(
        "workers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("beat", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


_TABLES = {
    "absences": _absences,
    "claims": _claims,
    "consents": _consents,
    "contact_people": _contact_people,
    "contacts": _contacts,
    "data_keys": _data_keys,
    "events": _events,
    "holds": _holds,
    "jobs": _jobs,
    "leases": _leases,
    "ledger": _ledger,
    "ledger_heads": _ledger_heads,
    "messages": _messages,
    "people": _people,
    "practice_keys": _practice_keys,
    "series": _series,
    "tasks": _tasks,
    "visit_people": _visit_people,
    "visits": _visits,
    "waitlist": _waitlist,
    "workers": _workers,
}
_OF_NO_PRACTICE = {"workers"}


def upgrade() -> None:
    for create in _TABLES.values():
        create()
    if op.get_bind().dialect.name == "postgresql":
        _hold_rows_to_their_practice()
        _book_nobody_twice()


def _hold_rows_to_their_practice() -> None:
    for table in _TABLES.keys() - _OF_NO_PRACTICE:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY own_practice ON {table} "
            "USING (practice = current_setting('lamplighter.practice', true)) "
            "WITH CHECK (practice = current_setting('lamplighter.practice', true))"
        )


def _book_nobody_twice() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.execute(
        "ALTER TABLE visits ADD CONSTRAINT one_visit_at_a_time EXCLUDE USING gist "
        "(practice WITH =, clinician WITH =, int8range(starts, ends) WITH &&) WHERE (status <> 'cancelled')"
    )
