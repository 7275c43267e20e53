"""A prior authorization as it stands: the request, and what its steps have made of it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, Literal

from lamplighter.desk.ports import AGENT
from lamplighter.desk.ports.authorizations import Ruled, Verdict
from lamplighter.desk.ports.coverage import AskedService
from lamplighter.practice.authorizing import APPEAL_DECIDED_HOURS, EXPEDITED_HOURS, STANDARD_HOURS


class State(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACKNOWLEDGED = "acknowledged"
    REJECTED = "rejected"  # it could not be taken in: nobody has looked at the care itself
    PENDED = "pended"
    INFO_REQUESTED = "info_requested"
    PARTIAL = "partial"
    APPROVED = "approved"
    MODIFIED = "modified"
    DENIED = "denied"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    NOT_NEEDED = "not_needed"


WITH_THE_PAYER: Final = (State.SUBMITTED, State.ACKNOWLEDGED, State.PENDED, State.INFO_REQUESTED)
GRANTED: Final = (State.APPROVED, State.MODIFIED, State.PARTIAL)
OVER: Final = (State.DENIED, State.CANCELLED, State.EXPIRED, State.NOT_NEEDED)

What = Literal["visits", "drug", "psychological_testing", "tms", "esketamine", "concurrent_review", "other"]
"""Rule 38: all but visits are tracked staff work."""

StepKind = Literal[
    "codes",  # a clinician has confirmed them
    "attached",  # a paper that the payer wants is at hand
    "released",  # a biller has let it go
    "sent",  # it leaves now, or was handed over by a person
    "answer",  # what the payer says, by a channel or as staff were told
    "refused",  # no answer, and why
    "asked_again",  # nothing new came of it
    "cancelling",  # staff want it cancelled
    "set_aside",  # the draft is for nothing any more
    "taken",  # somebody here has it in hand
    "appealed",
    "let_stand",  # a denial that nobody appeals
    "noted",  # of tracked work: the portal's key, the clinician on a bridge supply
    "expired",
]


@dataclass(frozen=True, slots=True)
class Request:
    """`kind`: of the visits; `hours` that the payer has to decide. `renews`: the one that it continues."""

    id: str
    person: str
    what: What
    kind: str
    insurer: str
    by_way: str  # x12_278, fhir_pas, availity, paper
    at: datetime
    hours: int = STANDARD_HOURS
    clinician: str = ""
    visit: str = ""
    renews: str = ""
    by: str = AGENT
    portal_key: str = field(default="", repr=False)

    @property
    def is_tracked(self) -> bool:
        return self.what != "visits"


@dataclass(frozen=True, slots=True)
class Codes:
    """What a clinician confirmed. Sealed: for clinical roles and billers."""

    diagnoses: tuple[str, ...] = field(repr=False)
    services: tuple[AskedService, ...] = field(repr=False)
    first_day: date
    last_day: date
    expedited: bool = False

    @property
    def units(self) -> Decimal:
        return sum((each.units for each in self.services), Decimal(0))


@dataclass(frozen=True, slots=True)
class Step:
    id: str
    kind: StepKind
    at: datetime
    by: str
    told: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def value(self, name: str) -> str:
        return dict(self.told).get(name, "")


@dataclass(frozen=True, slots=True)
class Authorization:
    """`received`: since when the payer has it. `answer`: what it said last. `why`: why there was none."""

    request: Request
    steps: tuple[Step, ...] = ()
    state: State = State.DRAFT
    codes: Codes | None = None
    attached: tuple[str, ...] = ()
    released: Step | None = None
    sent: datetime | None = None
    received: datetime | None = None
    answer: Ruled | None = None
    answered: datetime | None = None
    decided: datetime | None = None
    why: str = ""
    cancelling: Step | None = None
    owner: str = ""
    appealed: bool = False
    let_stand: bool = False
    unread: bool = False  # the payer may have it: what it said to that could not be read
    by_hand: bool = False  # the request itself was faxed or typed into a portal: no channel knows of it
    bridge: str = ""  # "", "asked", "yes", "no"
    portal_key: str = field(default="", repr=False)
    looked: datetime | None = None

    @property
    def id(self) -> str:
        return self.request.id

    @property
    def expedited(self) -> bool:
        return self.codes is not None and self.codes.expedited

    @property
    def decide_by(self) -> datetime | None:
        """Until when the payer has to decide, from receipt; None where it does not have it."""
        if self.received is None or self.state not in WITH_THE_PAYER:
            return None
        usual = APPEAL_DECIDED_HOURS if self.appealed else self.request.hours
        hours = min(EXPEDITED_HOURS, usual) if self.expedited else usual
        return self.received + timedelta(hours=hours)

    @property
    def first_day(self) -> date | None:
        said = self.answer.first_day if self.answer else None
        return said or (self.codes.first_day if self.codes else None)

    @property
    def last_day(self) -> date | None:
        """As the payer said it; None where it did not."""
        return self.answer.last_day if self.answer else None

    @property
    def asked_until(self) -> date | None:
        return self.last_day or (self.codes.last_day if self.codes else None)

    @property
    def number(self) -> str:
        return self.answer.number if self.answer else ""

    @property
    def units(self) -> Decimal | None:
        """How many were approved; None where the payer did not say, which is not as many as asked."""
        if self.state not in GRANTED or self.answer is None or not self.answer.services:
            return None
        said = [each.units for each in self.answer.services]
        return None if None in said else sum((each for each in said if each is not None), Decimal(0))


BY_VERDICT: Final = {
    Verdict.LEFT: State.SUBMITTED,
    Verdict.ACKNOWLEDGED: State.ACKNOWLEDGED,
    Verdict.PENDED: State.PENDED,
    Verdict.INFO_REQUESTED: State.INFO_REQUESTED,
    Verdict.PARTIAL: State.PARTIAL,
    Verdict.APPROVED: State.APPROVED,
    Verdict.MODIFIED: State.MODIFIED,
    Verdict.DENIED: State.DENIED,
    Verdict.CANCELLED: State.CANCELLED,
    Verdict.NOT_NEEDED: State.NOT_NEEDED,
}
DECIDED: Final = (*GRANTED, State.DENIED, State.NOT_NEEDED)
