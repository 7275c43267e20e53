"""What is kept of contacts, visits and people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple, Protocol

from lamplighter.conversation.events import Body, Event
from lamplighter.conversation.slots import Slot
from lamplighter.practice.model import ClinicianId

# -- the log ---------------------------------------------------------------------------------------------------------


class LogConflict(Exception):
    """Somebody else appended first. Read again and decide again."""


class NotTheWorker(Exception):
    """The lease on this contact is another worker's now; whoever got this must stop acting for it."""


@dataclass(frozen=True, slots=True)
class ContactSummary:
    id: str
    channel: Literal["voice", "sms", "chat", "email"]
    address: str | None
    opened_at: datetime
    last_at: datetime
    last_seq: int
    ended: bool


class Log(Protocol):
    def append(
        self, contact: str, bodies: Sequence[Body], *, expected: int, at: datetime, protocol_hash: str
    ) -> tuple[Event, ...]:
        """Adds bodies after seq `expected` (0 for a new contact, whose first body is `Opened`). Raises LogConflict."""
        ...

    def read(self, contact: str, after: int = 0) -> tuple[Event, ...]: ...

    def contacts(
        self,
        *,
        open_only: bool = False,
        limit: int = 200,
        opened: tuple[datetime, datetime] | None = None,
    ) -> tuple[ContactSummary, ...]:
        """Newest first; with `opened`, those that began from the first moment on and before the second."""
        ...

    def open_contact(self, channel: str, address: str) -> str | None:
        """The contact under way for this address on this channel, if any."""
        ...

    def claim(self, inbound: str) -> bool:
        """True once per id of something that came in; a redelivery gets False."""
        ...

    def claimed(self, inbound: str) -> bool:
        """Whether it has come in before."""
        ...

    def lease(self, contact: str, worker: str, now: datetime, seconds: float) -> int | None:
        """Takes or renews the contact's lease. The fencing number grows with every change of worker; None: not free."""
        ...

    def forget_words(self, contact: str) -> None:
        """Destroys the separately sealed `Heard.text`s of a contact; the events stay, with empty text."""
        ...


# -- schedule --------------------------------------------------------------------------------------------------------


class Busy(NamedTuple):
    """A stretch that can't be offered. `ref` is the visit, the hold's contact, the series or the absence.

    A tuple, since a search makes thousands of them.
    """

    clinician: ClinicianId
    start: datetime
    end: datetime
    kind: Literal["visit", "hold", "series", "absence"]
    ref: str


@dataclass(frozen=True, slots=True)
class Visit:
    """An appointment with its participants (person ids, the patient first)."""

    id: str
    slot: Slot
    participants: tuple[str, ...]
    status: Literal["booked", "held_for_office", "confirmed", "cancelled", "missed", "done"]
    contact: str | None = None
    series: str | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """A standing appointment: every `every_weeks` weeks at the same local time; `until` None is open-ended.

    `skipped` holds local dates on which it does not take place."""

    id: str
    first: Slot
    every_weeks: int
    participants: tuple[str, ...]
    timezone: str
    until: date | None = None
    skipped: tuple[date, ...] = ()


class Schedule(Protocol):
    def busy(
        self, clinicians: Sequence[ClinicianId], start: datetime, end: datetime, now: datetime
    ) -> tuple[Busy, ...]:
        """Visits, live holds, absences and unmaterialised occurrences of series that touch [start, end)."""
        ...

    def hold(
        self, slot: Slot, contact: str, until: datetime, now: datetime, moving: str | None = None
    ) -> bool:
        """Keeps the slot for the contact (replacing its earlier hold), or False when it is taken."""
        ...

    def renew(self, contact: str, until: datetime) -> None: ...

    def release(self, contact: str) -> None: ...

    def held(self, contact: str) -> tuple[Slot, datetime] | None: ...

    def book(
        self, visit_id: str, slot: Slot, participants: Sequence[str], contact: str, now: datetime, status: str
    ) -> Visit | None:
        """Books under the contact's hold, or straight when the hold lapsed and the time is free; None: taken.

        Idempotent by `visit_id`."""
        ...

    def move(self, visit_id: str, slot: Slot, contact: str, now: datetime) -> Visit | None: ...

    def set_status(self, visit_id: str, status: str) -> Visit: ...

    def visit(self, visit_id: str) -> Visit | None: ...

    def visits_of(self, person: str, after: datetime) -> tuple[Visit, ...]:
        """Not cancelled, by start; occurrences of series up to 90 days ahead among them (id "series@YYYY-MM-DD")."""
        ...

    def visits_between(self, start: datetime, end: datetime) -> tuple[Visit, ...]: ...

    def standings(self, start: datetime, end: datetime) -> tuple[tuple[datetime, str], ...]:
        """When each visit that begins from `start` on and before `end` begins, and its status; cancelled ones are left
        out. Of years at once: what else stands in a visit is not read."""
        ...

    def add_absence(
        self, absence_id: str, clinician: ClinicianId, start: datetime, end: datetime
    ) -> None: ...

    def end_absence(self, absence_id: str, at: datetime) -> None:
        """Its time is free from `at` on, all of it where it has not begun. One that is over stays as it was; none of
        this name is no fault."""
        ...

    def add_series(self, series: Series) -> None: ...

    def change_series(self, series: Series) -> None:
        """Replaces a series (skipped dates, end, new time)."""
        ...

    def series(self, series_id: str) -> Series | None: ...


# -- people ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Proxy:
    """Who may act for somebody. `visits`: they are told of visits and may change them; `consents`: they may agree to
    care, which only people of the practice ask anybody."""

    name: str
    phone: str
    visits: bool = True
    consents: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """A person on file. No field here may ever tell why somebody comes."""

    id: str
    first_name: str
    last_name: str
    date_of_birth: date | None
    phone: str | None
    preferred_name: str | None = None
    email: str | None = None
    language: str | None = None
    state: str | None = None
    insurer: str | None = None
    member_id: str | None = None
    group_number: str | None = None  # as it stands on the card, for whoever bills
    subscriber: str | None = None
    self_pay: bool = False
    contact_channel: str | None = None
    leave_message: bool = False
    clinician: ClinicianId | None = None
    proxies: tuple[Proxy, ...] = ()
    by_person_only: bool = False
    pronouns: str | None = None
    address: str | None = None  # where they live, in one line; behind glass
    perhaps: str | None = None  # somebody on file of the same name and birth date, who may be the same person


class People(Protocol):
    def add(self, person: Person) -> None:
        """Idempotent by id."""
        ...

    def update(self, person: Person) -> None: ...

    def get(self, person_id: str) -> Person | None: ...

    def find(self, first_name: str, last_name: str, born: date) -> tuple[Person, ...]:
        """Compared without case, accents, spaces, hyphens and apostrophes."""
        ...

    def of_last_name(self, last_name: str, born: date) -> tuple[Person, ...]:
        """Compared as in `find`: for staff who look for somebody."""
        ...

    def by_phone(self, phone: str) -> tuple[Person, ...]: ...

    def by_email(self, email: str) -> tuple[Person, ...]:
        """Compared without case."""
        ...

    def link_contact(self, contact: str, person_id: str) -> None:
        """Joins a contact's key to a person once identified, so that forgetting the person destroys both."""
        ...

    def contacts_of(self, person_id: str) -> tuple[str, ...]:
        """Those that were joined to them."""
        ...

    def joined_to(self, contact: str) -> tuple[str, ...]:
        """The people whom it was joined to."""
        ...

    def set_legal_hold(self, person_id: str, held: bool) -> None:
        """While it is set, `forget` refuses this person, and whoever shares a contact with them."""
        ...

    def forget(self, person_id: str) -> None:
        """Destroys the person's key and those of their contacts, whoever else is joined to these; nothing tells any
        more which contacts were theirs, but for the ledger. Legal hold, theirs or that of somebody who is joined to one
        of these contacts, raises `LegalHold`."""
        ...


class LegalHold(Exception):
    """This person's records are under legal hold and can't be destroyed."""
