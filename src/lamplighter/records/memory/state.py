"""Everything that is kept for one practice."""

from dataclasses import dataclass
from datetime import date, datetime

from lamplighter.conversation.events import Event
from lamplighter.conversation.slots import Slot
from lamplighter.desk.ports import (
    Account,
    Busy,
    Consent,
    ContactSummary,
    Fact,
    Job,
    KeptSession,
    LedgerEntry,
    Message,
    Person,
    Series,
    Tally,
    Task,
    Visit,
    Waiting,
)
from lamplighter.records.errors import Forgotten
from lamplighter.records.memory.tables import Journal, Table


@dataclass(frozen=True, slots=True)
class Hold:
    slot: Slot
    until: datetime


@dataclass(frozen=True, slots=True)
class Lease:
    worker: str
    until: datetime
    fence: int


class State:
    """The tables of one practice under one journal."""

    def __init__(self) -> None:
        self.journal = journal = Journal()
        self.contacts: Table[str, ContactSummary] = Table(journal)
        self.events: Table[str, tuple[Event, ...]] = Table(journal)
        self.contacts_from: Table[tuple[str, str], tuple[str, ...]] = Table(journal)
        self.forgotten: Table[str, None] = Table(journal)
        self.claims: Table[str, None] = Table(journal)
        self.leases: Table[str, Lease] = Table(journal)
        self.visits: Table[str, Visit] = Table(journal)
        self.visits_by_day: Table[tuple[str, date], tuple[str, ...]] = Table(journal)
        self.visits_by_person: Table[str, tuple[str, ...]] = Table(journal)
        self.holds: Table[str, Hold] = Table(journal)
        self.absences: Table[str, Busy] = Table(journal)
        self.series: Table[str, Series] = Table(journal)
        self.people: Table[str, Person] = Table(journal)
        self.people_by_name: Table[tuple[str, str, date], tuple[str, ...]] = Table(journal)
        self.people_by_phone: Table[str, tuple[str, ...]] = Table(journal)
        self.contacts_of: Table[str, tuple[str, ...]] = Table(journal)
        self.legal_holds: Table[str, None] = Table(journal)
        self.tasks: Table[str, Task] = Table(journal)
        self.consents: Table[str, Consent] = Table(journal)
        self.waitlist: Table[str, Waiting] = Table(journal)
        self.messages: Table[str, Message] = Table(journal)
        self.jobs: Table[str, Job] = Table(journal)
        self.jobs_over: Table[str, str] = Table(journal)
        self.facts: Table[str, Fact] = Table(journal)
        self.pictures: Table[str, tuple[str, bytes]] = Table(journal)
        self.counters: Table[str, int] = Table(journal)
        self.tallies: Table[str, Tally] = Table(journal)
        self.staff: Table[str, Account] = Table(journal)
        self.staff_sessions: Table[str, KeptSession] = Table(journal)
        self.ledger: Table[int, LedgerEntry] = Table(journal)

    def refuse_the_forgotten(self, person: str | None, contact: str | None = None) -> None:
        """Raises Forgotten where a store on disk would find the key destroyed that it should seal under."""
        owner = person or contact or ""
        if owner in self.forgotten:
            raise Forgotten("person" if person else "contact", owner)
