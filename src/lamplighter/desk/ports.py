"""The small ports the desk needs. `channels`, `connectors` and `records` implement them.

Everything is synchronous but sound. All times are aware. A transaction belongs to one practice and can't reach another.
Each port has an in-memory implementation that ships and one contract suite that every implementation passes.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

from lamplighter.conversation.events import Body, Event
from lamplighter.conversation.slots import Slot
from lamplighter.practice.model import ClinicianId, PracticeId

# -- time ------------------------------------------------------------------------------------------------------------


class Clock(Protocol):
    def now(self) -> datetime:
        """Aware, UTC."""
        ...


# -- the log ---------------------------------------------------------------------------------------------------------


class LogConflict(Exception):
    """Somebody else appended first. Read again and decide again."""


class NotTheWorker(Exception):
    """The lease on this contact is another worker's now; whoever got this must stop acting for it."""


@dataclass(frozen=True, slots=True)
class ContactSummary:
    id: str
    channel: Literal["voice", "sms", "chat"]
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

    def contacts(self, *, open_only: bool = False, limit: int = 200) -> tuple[ContactSummary, ...]:
        """Newest first."""
        ...

    def open_contact(self, channel: str, address: str) -> str | None:
        """The contact under way for this address on this channel, if any."""
        ...

    def claim(self, inbound: str) -> bool:
        """True once per id of something that came in; a redelivery gets False."""
        ...

    def lease(self, contact: str, worker: str, now: datetime, seconds: float) -> int | None:
        """Takes or renews the contact's lease. The fencing number grows with every change of worker; None: not free."""
        ...

    def forget_words(self, contact: str) -> None:
        """Destroys the separately sealed `Heard.text`s of a contact; the events stay, with empty text."""
        ...


# -- schedule --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Busy:
    """A stretch that can't be offered. `ref` is the visit, the hold's contact, the series or the absence."""

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

    def add_absence(
        self, absence_id: str, clinician: ClinicianId, start: datetime, end: datetime
    ) -> None: ...

    def add_series(self, series: Series) -> None: ...

    def change_series(self, series: Series) -> None:
        """Replaces a series (skipped dates, end, new time)."""
        ...

    def series(self, series_id: str) -> Series | None: ...


# -- people ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Proxy:
    name: str
    phone: str


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
    subscriber: str | None = None
    self_pay: bool = False
    contact_channel: str | None = None
    leave_message: bool = False
    clinician: ClinicianId | None = None
    proxies: tuple[Proxy, ...] = ()
    by_person_only: bool = False


class People(Protocol):
    def add(self, person: Person) -> None:
        """Idempotent by id."""
        ...

    def update(self, person: Person) -> None: ...

    def get(self, person_id: str) -> Person | None: ...

    def find(self, first_name: str, last_name: str, born: date) -> tuple[Person, ...]:
        """Compared without case, accents, spaces, hyphens and apostrophes."""
        ...

    def by_phone(self, phone: str) -> tuple[Person, ...]: ...

    def link_contact(self, contact: str, person_id: str) -> None:
        """Joins a contact's key to a person once identified, so that forgetting the person destroys both."""
        ...

    def forget(self, person_id: str) -> None:
        """Destroys the person's key and those of their contacts. Legal hold raises `LegalHold`."""
        ...


class LegalHold(Exception):
    """This person's records are under legal hold and can't be destroyed."""


# -- tasks, consents, waitlist, messages -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Task:
    """Work for a person. `details` are canonical values by detail name; sealed. `route` and `due` order lists."""

    id: str
    kind: Literal[
        "callback", "message", "handoff", "good_faith_estimate", "office_confirm", "late_cancel", "clinical"
    ]
    route: Literal["desk", "clinician", "person_now", "biller"]
    due: datetime
    contact: str | None = None
    person: str | None = None
    details: tuple[tuple[str, str], ...] = ()
    status: Literal["open", "done"] = "open"
    done_by: str | None = None


class Tasks(Protocol):
    def add(self, task: Task) -> None:
        """Idempotent by id."""
        ...

    def get(self, task_id: str) -> Task | None: ...

    def list_open(self) -> tuple[Task, ...]:
        """By route (person_now first) and due time."""
        ...

    def close(self, task_id: str, by: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Consent:
    """`purpose`: "reminders", "leave_message"...; `wording` the phrase id and protocol hash it was given to."""

    id: str
    person: str
    purpose: str
    channel: str
    given: bool
    at: datetime
    wording: str
    contact: str | None = None


class Consents(Protocol):
    def record(self, consent: Consent) -> None: ...

    def latest(self, person: str, purpose: str, channel: str) -> Consent | None: ...


@dataclass(frozen=True, slots=True)
class Waiting:
    id: str
    person: str
    wish: str
    visit_kind: str
    since: datetime
    clinician: ClinicianId | None = None
    modality: str | None = None


class Waitlist(Protocol):
    def join(self, waiting: Waiting) -> None: ...

    def all(self) -> tuple[Waiting, ...]:
        """Longest waiting first."""
        ...

    def leave(self, waiting_id: str) -> None: ...


MessageStatus = Literal["queued", "sending", "sent", "delivered", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class Message:
    """A text or email of ours: a phrase by id, never free text. Stored before it is sent; status only moves forward."""

    id: str
    channel: Literal["sms", "email"]
    to: str
    phrase: str
    args: tuple[tuple[str, str], ...]
    locale: str
    at: datetime
    person: str | None = None
    contact: str | None = None
    visit: str | None = None
    status: MessageStatus = "queued"


class Outbox(Protocol):
    def add(self, message: Message) -> None:
        """Idempotent by id."""
        ...

    def get(self, message_id: str) -> Message | None: ...

    def advance(self, message_id: str, status: MessageStatus) -> bool:
        """False when the message already stands there or further on."""
        ...

    def recent(self, limit: int = 100) -> tuple[Message, ...]: ...


# -- jobs, ledger ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Job:
    """Durable work. `args` hold ids only. `key` makes it happen once per practice."""

    key: str
    name: str
    due: datetime
    args: tuple[tuple[str, str], ...] = ()


class Jobs(Protocol):
    """Inside a transaction: enqueued or cancelled with it, or not at all."""

    def enqueue(self, job: Job) -> None: ...

    def cancel(self, key: str) -> None: ...

    def pending(self) -> tuple[Job, ...]:
        """By due time: neither run nor cancelled."""
        ...


JobHandler = Callable[[PracticeId, Job], None]


class JobRunner(Protocol):
    """Runs due jobs outside any transaction, at least once each; handlers make themselves idempotent."""

    def register(self, name: str, handler: JobHandler) -> None: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """Who did what to what, when and why. Holds no content, only the hash of what was sealed."""

    seq: int
    at: datetime
    who: str
    what: str
    about: str
    why: str
    sealed_hash: str
    hash: str


class Ledger(Protocol):
    def note(
        self, *, at: datetime, who: str, what: str, about: str, why: str = "", sealed_hash: str = ""
    ) -> None: ...

    def entries(self, after: int = 0, limit: int = 1000) -> tuple[LedgerEntry, ...]: ...


# -- one transaction over all of it ----------------------------------------------------------------------------------


class Transaction(Protocol):
    practice: PracticeId
    log: Log
    schedule: Schedule
    people: People
    tasks: Tasks
    consents: Consents
    waitlist: Waitlist
    outbox: Outbox
    jobs: Jobs
    ledger: Ledger


class Records(Protocol):
    def transaction(self, practice: PracticeId) -> AbstractContextManager[Transaction]:
        """Serialised against other writers of the practice; commits on leaving, rolls back on an exception."""
        ...


# -- outward ---------------------------------------------------------------------------------------------------------


class MessageRefused(Exception):
    """The carrier will never deliver this; trying again doesn't help."""


class Messenger(Protocol):
    def send(self, message_id: str, channel: str, to: str, sender: str, text: str) -> None:
        """Idempotent by message id. Raises MessageRefused, or ConnectionError when it may be tried again."""
        ...


@dataclass(frozen=True, slots=True)
class Ring:
    practice: PracticeId
    contact: str
    handoff: str
    rung: str  # id in the ladder
    name: str
    phone: str | None
    route: str
    step: int


class Pager(Protocol):
    def ring(self, ring: Ring) -> None:
        """Starts ringing; the answer comes through `Handoffs.answered` when there is one."""
        ...


class Feed(Protocol):
    """What changed, for live views. Carries ids only; whoever listens reads the log."""

    def publish(self, practice: PracticeId, contact: str, seq: int) -> None: ...

    def subscribe(self, practice: PracticeId) -> Iterator[tuple[str, int]]: ...


class Reader(Protocol):
    """An optional large model that helps to understand. Never speaks, never decides."""

    def interpret(self, utterance: str, schema: dict[str, object], deadline: float) -> str | None:
        """JSON that should follow `schema`, or None when it didn't answer within `deadline` seconds."""
        ...


class Keys(Protocol):
    """The master key. `wrap`/`unwrap` data keys bound to a context; secrets never appear in repr."""

    def wrap(self, key: bytes, context: str) -> bytes: ...

    def unwrap(self, wrapped: bytes, context: str) -> bytes: ...


# -- sound -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hearing:
    text: str
    confidence: float
    alternatives: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Sound:
    """16-bit signed mono little-endian."""

    pcm: bytes = field(repr=False)
    rate: int


class Recogniser(Protocol):
    async def recognise(self, sound: Sound, *, locale: str, final: bool = True) -> Hearing: ...


class Voice(Protocol):
    async def speak(self, text: str, *, locale: str, slow: bool = False) -> Sound: ...
