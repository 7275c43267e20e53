"""The tables, one set for SQLite and PostgreSQL. Every table carries its practice, first in its primary key.

What is about a person is sealed (`LargeBinary`); what is in clear is ids, times, states and blind indexes. Instants are
whole microseconds since 1970 in UTC, alike on both.
"""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
)

from lamplighter.records.instants import from_micros, to_micros


class Instant(TypeDecorator[datetime]):
    """An aware datetime, stored as microseconds since 1970 and given back in UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else to_micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else from_micros(value)


class Day(TypeDecorator[date]):
    """A local date as ISO 8601 text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:
        return None if value is None else date.fromisoformat(value)


metadata = MetaData()


def _practice() -> Column[str]:
    return Column("practice", Text, primary_key=True)


def _id(name: str = "id") -> Column[str]:
    return Column(name, Text, primary_key=True)


def _slot() -> tuple[Column[datetime] | Column[str] | Column[int], ...]:
    return (
        Column("clinician", Text, nullable=False),
        Column("starts", Instant, nullable=False),
        Column("ends", Instant, nullable=False),
        Column("minutes", Integer, nullable=False),
        Column("modality", Text, nullable=False),
        Column("visit_kind", Text, nullable=False),
        Column("site", Text),
    )


practice_keys = Table("practice_keys", metadata, _practice(), Column("wrapped", LargeBinary, nullable=False))

data_keys = Table(
    "data_keys",
    metadata,
    _practice(),
    _id("owner"),
    _id("owner_id"),
    Column("wrapped", LargeBinary),  # none once destroyed
)

contacts = Table(
    "contacts",
    metadata,
    _practice(),
    _id(),
    Column("channel", Text, nullable=False),
    Column("address_index", LargeBinary),
    Column("address", LargeBinary),
    Column("opened_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("ended", Boolean, nullable=False),
    Column("number", BigInteger, nullable=False),
)
Index("contacts_by_opening", contacts.c.practice, contacts.c.opened_at, contacts.c.number)
Index("contacts_open", contacts.c.practice, contacts.c.ended, contacts.c.opened_at)
Index("contacts_by_address", contacts.c.practice, contacts.c.address_index, contacts.c.ended)

events = Table(
    "events",
    metadata,
    _practice(),
    _id("contact"),
    Column("seq", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("protocol_hash", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("words", LargeBinary),
)

claims = Table("claims", metadata, _practice(), Column("inbound", LargeBinary, primary_key=True))

leases = Table(
    "leases",
    metadata,
    _practice(),
    _id("contact"),
    Column("worker", Text, nullable=False),
    Column("until", Instant, nullable=False),
    Column("fence", Integer, nullable=False),
)

visits = Table(
    "visits",
    metadata,
    _practice(),
    _id(),
    *_slot(),
    Column("status", Text, nullable=False),
    Column("contact", Text),
    Column("series", Text),
)
Index("visits_by_clinician", visits.c.practice, visits.c.clinician, visits.c.starts)
Index("visits_by_start", visits.c.practice, visits.c.starts)

visit_people = Table(
    "visit_people",
    metadata,
    _practice(),
    _id("visit"),
    Column("position", Integer, primary_key=True),
    Column("person", Text, nullable=False),
)
Index("visit_people_by_person", visit_people.c.practice, visit_people.c.person)

holds = Table(
    "holds", metadata, _practice(), _id("contact"), *_slot(), Column("until", Instant, nullable=False)
)
Index("holds_by_clinician", holds.c.practice, holds.c.clinician, holds.c.starts)

absences = Table(
    "absences",
    metadata,
    _practice(),
    _id(),
    Column("clinician", Text, nullable=False),
    Column("starts", Instant, nullable=False),
    Column("ends", Instant, nullable=False),
)
Index("absences_by_clinician", absences.c.practice, absences.c.clinician, absences.c.ends)

series = Table(
    "series",
    metadata,
    _practice(),
    _id(),
    *_slot(),
    Column("every_weeks", Integer, nullable=False),
    Column("participants", Text, nullable=False),  # JSON list of person ids
    Column("timezone", Text, nullable=False),
    Column("until", Day),
    Column("skipped", Text, nullable=False),  # JSON list of dates
)
Index("series_by_clinician", series.c.practice, series.c.clinician)

people = Table(
    "people",
    metadata,
    _practice(),
    _id(),
    Column("name_index", LargeBinary),
    Column("phone_index", LargeBinary),
    Column("sealed", LargeBinary, nullable=False),
    Column("legal_hold", Boolean, nullable=False),
)
Index("people_by_name", people.c.practice, people.c.name_index)
Index("people_by_phone", people.c.practice, people.c.phone_index)

contact_people = Table("contact_people", metadata, _practice(), _id("person"), _id("contact"))
Index("contact_people_by_contact", contact_people.c.practice, contact_people.c.contact)

tasks = Table(
    "tasks",
    metadata,
    _practice(),
    _id(),
    Column("kind", Text, nullable=False),
    Column("route", Text, nullable=False),
    Column("due", Instant, nullable=False),
    Column("contact", Text),
    Column("person", Text),
    Column("details", LargeBinary, nullable=False),
    Column("status", Text, nullable=False),
    Column("done_by", Text),
)
Index("tasks_open", tasks.c.practice, tasks.c.status, tasks.c.due)

consents = Table(
    "consents",
    metadata,
    _practice(),
    _id(),
    Column("number", BigInteger, nullable=False),
    Column("person", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("given", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    Column("wording", Text, nullable=False),
    Column("contact", Text),
)
Index("consents_latest", consents.c.practice, consents.c.person, consents.c.purpose, consents.c.channel)

waitlist = Table(
    "waitlist",
    metadata,
    _practice(),
    _id(),
    Column("person", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("visit_kind", Text, nullable=False),
    Column("clinician", Text),
    Column("modality", Text),
    Column("wish", LargeBinary, nullable=False),
)

messages = Table(
    "messages",
    metadata,
    _practice(),
    _id(),
    Column("number", BigInteger, nullable=False),
    Column("channel", Text, nullable=False),
    Column("phrase", Text, nullable=False),
    Column("locale", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("person", Text),
    Column("contact", Text),
    Column("visit", Text),
    Column("status", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # to whom, and the arguments
    Column("moved_at", Instant),
    Column("why", Text),
    Column("carrier_id", Text),
    Column("sent_from", Text),
)
Index("messages_by_time", messages.c.practice, messages.c.at, messages.c.number)
Index("messages_by_person", messages.c.practice, messages.c.person, messages.c.moved_at)
Index("messages_by_carrier", messages.c.practice, messages.c.carrier_id)
Index("messages_by_contact", messages.c.practice, messages.c.contact, messages.c.number)

jobs = Table(
    "jobs",
    metadata,
    _practice(),
    _id("key"),
    Column("number", BigInteger, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("due", Instant, nullable=False),
    Column("args", Text, nullable=False),  # JSON list of pairs, ids only
    Column("status", Text, nullable=False),  # waiting, cancelled, done, failed
)
Index("jobs_waiting", jobs.c.practice, jobs.c.status, jobs.c.due)

facts = Table(
    "facts",
    metadata,
    _practice(),
    _id(),
    Column("number", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("details", LargeBinary, nullable=False),
    Column("person", Text),
    Column("starts", Instant),
    Column("ends", Instant),
    Column("lifted", Instant),
    Column("lifted_by", Text),
)
Index("facts_standing", facts.c.practice, facts.c.kind, facts.c.lifted, facts.c.about)

counters = Table("counters", metadata, _practice(), _id("name"), Column("value", BigInteger, nullable=False))

tallies = Table(
    "tallies",
    metadata,
    _practice(),
    _id("contact"),
    Column("seq", Integer, nullable=False),
    Column("opened", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    Column("counted", Text, nullable=False),  # one line of JSON, nothing of a person
)
Index("tallies_by_opening", tallies.c.practice, tallies.c.opened)

pictures = Table(
    "pictures",
    metadata,
    _practice(),
    _id(),
    Column("person", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

surnames = Table(
    "surnames",
    metadata,
    _practice(),
    _id("person"),
    Column("surname_index", LargeBinary),  # none where the birth date is not known
)
Index("surnames_by_name", surnames.c.practice, surnames.c.surname_index)

mailboxes = Table(
    "mailboxes",
    metadata,
    _practice(),
    _id("person"),
    Column("email_index", LargeBinary),  # none where no address is known
)
Index("mailboxes_by_email", mailboxes.c.practice, mailboxes.c.email_index)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    _practice(),
    _id(),
    Column("account", Text, nullable=False),
    Column("acted", Instant, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

staff = Table("staff", metadata, _practice(), _id(), Column("sealed", LargeBinary, nullable=False))

ledger = Table(
    "ledger",
    metadata,
    _practice(),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("sealed_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
)

Index("ledger_by_subject", ledger.c.practice, ledger.c.about)

ledger_heads = Table(
    "ledger_heads",
    metadata,
    _practice(),
    Column("seq", BigInteger, nullable=False),
    Column("hash", Text, nullable=False),
)

workers = Table(
    "workers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("beat", BigInteger, nullable=False),  # microseconds since 1970; belongs to no practice
)
