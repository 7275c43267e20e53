"""One rehearsal as data: who calls, what they know, and what must come of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final, Literal, get_args

from lamplighter.practice.model import Money

Channel = Literal["voice", "sms", "chat"]
LadderAnswer = Literal["answers", "nobody", "declines", "busy"]
Outcome = Literal[
    "booked",
    "rescheduled",
    "cancelled",
    "waitlisted",
    "message_taken",
    "answered",
    "handed_over",
    "abandoned",
]
Handoff = Literal["none", "crisis", "clinical", "human"]
OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)
HANDOFFS: Final[tuple[Handoff, ...]] = get_args(Handoff)
LADDERS: Final[tuple[LadderAnswer, ...]] = get_args(LadderAnswer)
CHANNELS: Final[tuple[Channel, ...]] = get_args(Channel)
PlanSays = Literal["open", "quiet", "carved", "ended", "lost", "down", "slow"]
PLAN_SAYS: Final[tuple[PlanSays, ...]] = get_args(PlanSays)


@dataclass(frozen=True, slots=True)
class ProxyOnFile:
    """Somebody who may act for the person on file."""

    first_name: str
    last_name: str
    phone: str


@dataclass(frozen=True, slots=True)
class PlanOnFile:
    """`says` is how the simulated insurer answers: one of the demo's plans, that it has ended, that nobody is found, or
    not while they are there. `agreed` to its being asked. `new_member_id` is that of the card they have now."""

    insurer: str | None = None
    member_id: str | None = None
    says: PlanSays = "open"
    subscriber: str = "self"
    agreed: bool = True
    self_pay: bool = False
    new_member_id: str | None = None


@dataclass(frozen=True, slots=True)
class SecondOnFile:
    """Who comes with the patient."""

    first_name: str
    last_name: str
    date_of_birth: date
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Existing:
    """Who is on file before the contact starts, with at most one appointment."""

    first_name: str
    last_name: str
    date_of_birth: date
    phone: str | None = None
    appointment: datetime | None = None
    clinician: str | None = None
    modality: str = "in_person"
    proxy: ProxyOnFile | None = None
    email: str | None = None
    owes: Money | None = None  # what the practice's books say; None: that nothing is open
    plan: PlanOnFile | None = None
    every_weeks: int | None = None  # the appointment is a standing one
    second: SecondOnFile | None = None  # the appointment is for them too
    apart: str | None = None  # a clinician who must not see them


@dataclass(frozen=True, slots=True)
class Interrupt:
    """`says` replaces the whole answer, once, when the detail is first asked."""

    when_asked: str
    says: str


@dataclass(frozen=True, slots=True)
class AppointmentExpected:
    """What must hold of the appointment's start, practice-local: Monday is 0, `before` is exclusive."""

    none: bool = False
    weekdays: frozenset[int] = frozenset()
    start: time | None = None
    before: time | None = None
    not_before: date | None = None
    not_after: date | None = None
    not_dates: frozenset[date] = frozenset()
    modality: str | None = None
    clinician: str | None = None


@dataclass(frozen=True, slots=True)
class Expect:
    outcome: Outcome | None = None
    handoff: Handoff | None = None
    by_turn: int | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    appointment: AppointmentExpected | None = None
    never_said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scenario:
    """`knows` maps a written detail to its answers in turn. `file` and `line` say where it stands."""

    id: str
    locale: str
    channel: Channel
    at: datetime
    opens: str
    practice: str = "demo"
    caller_id: str | None = None
    ladder: LadderAnswer = "answers"
    existing: Existing | None = None
    knows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    interrupts: tuple[Interrupt, ...] = ()
    expect: Expect = field(default_factory=Expect)
    file: str = ""
    line: int = 0
