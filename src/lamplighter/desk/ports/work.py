"""What is to be done and what was done: tasks, consents, waiting, messages, jobs, the ledger; and one transaction."""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from lamplighter.desk.ports.facts import Facts
from lamplighter.desk.ports.kept import Log, People, Schedule
from lamplighter.desk.ports.pictures import Pictures
from lamplighter.desk.ports.staff import Staff
from lamplighter.desk.ports.tallies import Tallies
from lamplighter.practice.model import ClinicianId, PracticeId

# -- tasks, consents, waitlist, messages -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Task:
    """Work for a person. `details` are canonical values by detail name; sealed. `route` and `due` order lists."""

    id: str
    kind: Literal[
        "not_done",
        "callback",
        "message",
        "handoff",
        "good_faith_estimate",
        "office_confirm",
        "late_cancel",
        "cancelled_for_all",
        "tell_of_visit",
        "series",
        "missed_visit",
        "clinical",
        "correction",
        "same_person",
        "follow_up",
        "review",
        "audit",
        "marked_wrong",
        "rehearsal",
        "visit_or_texts",
        "not_theirs",
        "wants_no_texts",
        "wants_way",
        "not_reached",
        "called_off",
        "clinician_gone",
        "day_of_visit",
        "packet",
        "ai_notice",
        "plan_check",
        "plan_number",
        "plan_card",
        "plan_holder",
        "plan_died",
        "plan_key",
        "plan_chart",
        "billing",
        "authorization",
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

    def put_off(self, task_id: str, due: datetime) -> None:
        """One that is open is due then instead."""
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


MessageStatus = Literal["queued", "sending", "unknown", "sent", "delivered", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class Message:
    """A text or email of ours: a phrase by id, never free text. Stored before it is sent; status only moves forward.

    `moved_at` is when it was handed over, and of one that did not go, when that was known; `why` a word for why it did
    not go, or not yet. `carrier_id` is what the carrier calls it, `sent_from` the number of ours that it goes from."""

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
    moved_at: datetime | None = None
    why: str | None = None
    carrier_id: str | None = None
    sent_from: str | None = None


class Outbox(Protocol):
    def add(self, message: Message) -> None:
        """Idempotent by id."""
        ...

    def get(self, message_id: str) -> Message | None: ...

    def advance(
        self,
        message_id: str,
        status: MessageStatus,
        *,
        at: datetime | None = None,
        why: str | None = None,
        carrier_id: str | None = None,
    ) -> bool:
        """False when the message already stands there or further on."""
        ...

    def hand_over(self, message_id: str, *, at: datetime, sent_from: str) -> bool:
        """It is being handed to a carrier now, for the first time or again; False where it waits no more."""
        ...

    def of_carrier(self, carrier_id: str) -> Message | None:
        """The one that the carrier calls so."""
        ...

    def of_contact(self, contact: str) -> tuple[Message, ...]:
        """The newest first."""
        ...

    def put_off(self, message_id: str, why: str) -> None:
        """It waits on, and says why; nothing where it waits no more."""
        ...

    def gone_out(self, people: Collection[str], since: datetime) -> tuple[Message, ...]:
        """What was handed to a carrier for these people after `since`, or is being handed over; the newest first."""
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


@dataclass(frozen=True, slots=True)
class Sought:
    """Which entries are looked for; what is left out is any. `about` is a subject with all of its parts: "contact/c1"
    is "contact/c1#3" too; one that ends in "/" is every subject of that kind. From `since` on and before `until`."""

    who: tuple[str, ...] = ()
    what: str = ""
    about: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def fits(self, entry: LedgerEntry) -> bool:
        return (
            (not self.who or entry.who in self.who)
            and self.what in ("", entry.what)
            and (not self.about or entry.about == self.about or entry.about.startswith(self.parts))
            and (self.since is None or entry.at >= self.since)
            and (self.until is None or entry.at < self.until)
        )

    @property
    def parts(self) -> str:
        """How a part of the subject begins."""
        return self.about if self.about.endswith("/") else f"{self.about}#"


class Ledger(Protocol):
    def note(
        self, *, at: datetime, who: str, what: str, about: str, why: str = "", sealed_hash: str = ""
    ) -> None: ...

    def entries(self, after: int = 0, limit: int = 1000) -> tuple[LedgerEntry, ...]: ...

    def length(self) -> int:
        """The number of its last entry."""
        ...

    def search(self, sought: Sought, before: int | None = None, limit: int = 1000) -> tuple[LedgerEntry, ...]:
        """The newest first, of those with a number under `before`. Entries stand in the order of their times."""
        ...


AGENT = "agent"
"""Who stands in the ledger for what nobody in particular did."""


# -- one transaction over all of it ----------------------------------------------------------------------------------


class Counters(Protocol):
    def next(self, name: str) -> int:
        """The next number of a sequence, from 1. Once the transaction has committed it is nobody else's, whatever
        becomes of whoever took it."""
        ...


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
    staff: Staff
    facts: Facts
    pictures: Pictures
    counters: Counters
    tallies: Tallies
    ledger: Ledger


class Records(Protocol):
    def transaction(
        self, practice: PracticeId, who: str = AGENT, seen: set[str] | None = None
    ) -> AbstractContextManager[Transaction]:
        """Serialised against other writers of the practice; commits on leaving, rolls back on an exception.

        `who` stands in the ledger for what is done in it. `seen`, kept by whoever looks again and again, holds what was
        noted as read already: a record in it is not noted once more, and one that is noted now joins it."""
        ...
