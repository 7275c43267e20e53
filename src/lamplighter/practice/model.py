"""A practice as data, frozen.

Everything here is read from the practice's folder (`load.py`) and hashed into its protocol (`protocol.py`).
Nothing here knows a person, a contact, a clock or a database. Times of day are local to `Practice.timezone`.
"""

from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import Literal
from zoneinfo import ZoneInfo

from lamplighter.practice.authorizing import AuthorizationRules
from lamplighter.practice.credentialing import Credentialing, next_beginning
from lamplighter.practice.outage import Outage

PracticeId = str
ClinicianId = str
SiteId = str
VisitKindId = str


class Modality(StrEnum):
    IN_PERSON = "in_person"
    TELEHEALTH = "telehealth"


@dataclass(frozen=True, slots=True)
class Money:
    amount: Decimal
    currency: str = "USD"


@dataclass(frozen=True, slots=True)
class Span:
    """Local wall-clock hours, `start` inclusive, `end` exclusive."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class WeekHours:
    """Open spans per weekday, Monday is 0. A day without an entry is closed."""

    days: dict[int, tuple[Span, ...]]


@dataclass(frozen=True, slots=True)
class Site:
    id: SiteId
    name: str
    address: str
    directions: str
    parking: str
    access: str
    phone: str  # E.164


@dataclass(frozen=True, slots=True)
class EmergencyNumber:
    """The ten digits under which the emergency services of a place are reached from elsewhere, by a person who calls
    for somebody there; what is dialled here would reach those of here. One of `zip`, `city` and `county` is given."""

    phone: str  # E.164, never a short number
    state: str
    zip: str | None = None
    city: str | None = None
    county: str | None = None

    @property
    def place(self) -> str:
        name = f"{self.county} County" if self.county else self.city or self.zip
        return f"{name}, {self.state}"


@dataclass(frozen=True, slots=True)
class VisitKind:
    """`minutes` is the length; `first` marks what a new patient may book; `participants` 2 for couples."""

    id: VisitKindId
    minutes: int
    fee: Money
    first: bool
    follow_up_kind: VisitKindId | None = None
    participants: int = 1
    names: dict[str, str] = field(default_factory=dict)  # by locale, as said in a sentence: "first visit"


@dataclass(frozen=True, slots=True)
class Clinician:
    """One person patients see. `name` is the bare name ("Amara Osei"), `spoken_name` how we say it ("Dr. Osei")."""

    id: ClinicianId
    name: str
    spoken_name: str
    credential: str  # "psychologist", "LCSW"...
    gender: Literal["woman", "man", "unsaid"]
    languages: tuple[str, ...]  # BCP 47
    visit_kinds: tuple[VisitKindId, ...]
    modalities: tuple[Modality, ...]
    sites: tuple[SiteId, ...]
    hours: WeekHours
    min_age: int = 0
    max_age: int = 200
    takes_new_patients: bool = True
    new_patient_hours: WeekHours | None = None  # absent: all hours
    buffer_minutes: int = 0
    caseload_cap: int | None = None
    insurers: tuple[str, ...] | None = None  # insurer ids; absent: every insurer of the practice
    credentialing: tuple[Credentialing, ...] = ()  # of insurers with dates, whatever `insurers` says of them
    states: tuple[str, ...] = ()  # licensed states; telehealth only for people sitting there
    email: str | None = None
    phone: str | None = None
    described: dict[str, str] = field(default_factory=dict)  # by locale, after "is": "a psychologist"
    interrupt_session: Literal["crisis_only", "never"] = "never"
    prescribes: bool = False

    def takes(self, insurer: str, first: date, last: date | None = None) -> bool:
        """Whether they are on the insurer's panel on that day, or on one of the days up to `last`."""
        dated = [each for each in self.credentialing if each.insurer == insurer]
        if dated:
            return any(each.holds(first, last or first) for each in dated)
        return self.insurers is None or insurer in self.insurers

    def takes_from(self, insurer: str, today: date) -> date | None:
        """The day to come from which they are on the insurer's panel; None where they are now, or never will be."""
        return None if self.takes(insurer, today) else next_beginning(self.credentialing, insurer, today)


@dataclass(frozen=True, slots=True)
class Insurer:
    """`names` are what callers say, first the display name. A product not taken is an insurer of its own."""

    id: str
    name: str
    names: tuple[str, ...]
    taken: bool
    payer_class: Literal["commercial", "medicaid", "medicare", "other"] = "commercial"


@dataclass(frozen=True, slots=True)
class CancelPolicy:
    free_until_hours: int
    fee: Money
    never_for: tuple[str, ...] = ("medicaid",)


@dataclass(frozen=True, slots=True)
class PaymentPlans:
    minimum_balance: Money
    months_min: int
    months_max: int
    minimum_instalment: Money


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder: who is rung. `licensed` says whether they are a clinician.

    `phone` is E.164, or 988 for a `line` (911 is never dialled by us); None for `on_call` and `treating`, whose number
    is the clinician's.
    `about`: a clinical rung that is rung for questions of medicine only, or for all others only.
    `together`: several of a route with the same number are rung at once; 0 is rung alone.
    """

    id: str
    name: str
    phone: str | None
    licensed: bool = False
    kind: Literal["staff", "clinician", "on_call", "treating", "answering_service", "line", "interpreter"] = (
        "staff"
    )
    about: Literal["any", "medicines", "not_medicines"] = "any"
    clinician: ClinicianId | None = None  # where the rung is one of the practice's clinicians
    together: int = 0


@dataclass(frozen=True, slots=True)
class Ladder:
    """Rungs by route and hours. Routes: crisis, clinical, human. `seconds` each rung rings before the next. `may_wait`:
    clinical messages that wait in the clinical queue."""

    by_day: dict[str, tuple[Rung, ...]]
    after_hours: dict[str, tuple[Rung, ...]]
    on_call: tuple[ClinicianId, ...] = ()  # weekly rota, in order
    rota_starts: date | None = None
    seconds: int = 20
    may_wait: tuple[Literal["refill", "lab", "form"], ...] = ()
    interpreter: Rung | None = None  # by telephone; rung beside the first where another language is spoken


@dataclass(frozen=True, slots=True)
class Promises:
    callback_business_days: int
    clinical_same_day_before: time
    records_days: int
    records_fee_per_page: Money | None = None


@dataclass(frozen=True, slots=True)
class Referral:
    """Somewhere else to send a person for whom nothing is open. `insurers` and `languages` empty: unsaid."""

    name: str
    phone: str  # E.164
    insurers: tuple[str, ...] = ()  # insurer ids
    languages: tuple[str, ...] = ()  # BCP 47


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody else who gets something of what people tell us; their agreement (BAA) is on file since `agreed_on`.
    `may_reuse`: it lets them train on it, or use it for anything of their own; None while nobody has said."""

    name: str
    purpose: str
    gets: tuple[str, ...]
    agreed_on: date | None = None
    may_reuse: bool | None = None


@dataclass(frozen=True, slots=True)
class Reminders:
    """How long before a visit, in hours, people are reminded of it: the furthest first. `telehealth_hours` come on top
    for a visit by video; `by_kind` stands in for `hours`. Nothing goes unasked before `earliest` or from `latest` on.

    `stop_means`: what somebody who writes STOP gets no more of. `tone`: which approved wording a reminder has.
    `after_missed`: whether whoever missed a visit is asked once if they want a new time, so many hours later.
    `missed_before`: how many of a hundred visits were missed before, as the practice states it."""

    hours: tuple[int, ...] = (72, 24)
    telehealth_hours: tuple[int, ...] = ()
    by_kind: dict[VisitKindId, tuple[int, ...]] = field(default_factory=dict)
    earliest: time = time(9)
    latest: time = time(20)
    stop_means: Literal["everything", "what_it_answers"] = "everything"
    tone: Literal["plain", "warm", "brief"] = "plain"
    after_missed: Literal["none", "one_message"] = "none"
    after_missed_hours: int = 24
    missed_before: int | None = None


@dataclass(frozen=True, slots=True)
class WaitlistRules:
    """How a time that came free is offered to people on the wait list, one after the other: how long an offer stands,
    how soon the same person is asked again, and how near a time may be that is offered."""

    offer_minutes: int = 30
    between_hours: int = 24
    notice_hours: int = 4


@dataclass(frozen=True, slots=True)
class DayOfVisit:
    """What holds when a visit is about to begin. `late_minutes`: up to how late somebody is still seen; None where the
    practice says nothing of it. `video_instead`: kinds of visit that may be held by video where somebody would miss
    them. Links are written with {visit}, which becomes a sign of the visit's own."""

    late_minutes: int | None = None
    video_instead: tuple[VisitKindId, ...] = ()
    link: str | None = None
    link_by_clinician: dict[ClinicianId, str] = field(default_factory=dict)
    link_by_kind: dict[VisitKindId, str] = field(default_factory=dict)

    def link_for(self, clinician: ClinicianId, kind: VisitKindId) -> str | None:
        """The more particular first: the clinician's own, then the kind's, then the practice's."""
        return self.link_by_clinician.get(clinician) or self.link_by_kind.get(kind) or self.link


@dataclass(frozen=True, slots=True)
class PayerId:
    """An insurer as the clearinghouse knows it. `services`: what is asked about, a question each (30 the whole plan,
    MH mental health)."""

    insurer: str
    id: str
    name: str
    services: tuple[str, ...] = ("30",)


@dataclass(frozen=True, slots=True)
class CarveOut:
    """Who answers for this kind of care where a plan names somebody else for it; `names` are what plans call them."""

    names: tuple[str, ...]
    id: str
    services: tuple[str, ...] = ("MH",)


@dataclass(frozen=True, slots=True)
class Eligibility:
    """How plans are asked before a visit: who asks (`first_name` only of a clinician), of which payers, how long before
    a visit, and for how many hours an answer stands for whoever asks the same. `part_2`: what is told to a plan needs
    the written consent of 42 CFR Part 2. `card_days`: how long a picture of somebody's card is kept at most."""

    npi: str = ""
    name: str = ""
    first_name: str = ""
    payers: tuple[PayerId, ...] = ()
    carve_outs: tuple[CarveOut, ...] = ()
    hours: tuple[int, ...] = (72,)
    again_after_hours: int = 24
    part_2: bool = False
    card_days: int = 30

    def payer_of(self, insurer: str | None) -> PayerId | None:
        return next((each for each in self.payers if each.insurer == insurer), None)


@dataclass(frozen=True, slots=True)
class PacketPiece:
    """One paper of the packet: for these kinds of visit (empty: all) and this modality (None: any). `asks`: whether it
    has to be agreed to, has only to be read, or may be agreed to. `link`: on the practice's own portal instead."""

    id: str
    asks: Literal["agree", "read", "optional"]
    visit_kinds: tuple[VisitKindId, ...] = ()
    modality: Modality | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class PieceWords:
    """`words`: paragraphs with an empty line between them; a line that begins with a dash stands in a list."""

    title: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class PacketWords:
    """The packet in one language; `status` and who stands behind it as in the phrasebook."""

    pieces: dict[str, PieceWords] = field(default_factory=dict)
    status: Literal["draft", "reviewed"] = "draft"
    author: str = ""
    reviewer: str = ""


@dataclass(frozen=True, slots=True)
class Packet:
    """What everybody who comes has read, and agreed to, before the first visit; in the order of the page."""

    pieces: tuple[PacketPiece, ...] = ()
    words: dict[str, PacketWords] = field(default_factory=dict)  # by locale


@dataclass(frozen=True, slots=True)
class BalanceReminders:
    """Whoever agreed to it is written to about a balance once its oldest charge is so many days old, at most so often,
    with so many days between."""

    after_days: int = 30
    at_most: int = 2
    days_between: int = 21


@dataclass(frozen=True, slots=True)
class Billing:
    """How the practice bills. `told_to`: who may hear an amount, once identified. `good_for_days`: how old the books
    may be of which an amount is told. `pays_by`: a link to its payment company's page, or a statement by mail alone.
    `plan_first_days`: when the first payment of a plan is due; `plan_alone_to`: up to which balance a plan within the
    limits of money.yaml needs nobody's approval, None where every one does. `outreach`: whether a missed payment of a
    plan is written about, once, to whoever agreed to that; `reminds`: whether and how what is open is.
    `tells_of_refunds`: whether they are told of money that goes back. `statements_from`: the address on statements."""

    told_to: tuple[Literal["patient", "proxy"], ...] = ("patient",)
    good_for_days: int = 7
    pays_by: Literal["link", "statement"] = "statement"
    plan_first_days: int = 30
    plan_alone_to: Money | None = None
    outreach: bool = False
    reminds: BalanceReminders | None = None
    tells_of_refunds: bool = False
    statements_from: str | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """Facts the agent may say in answer to questions that the structured parts don't hold, by locale then topic.

    Topics are those of `files/answers.py` (directions, parking, telehealth, superbills...), written for the ear.
    """

    by_locale: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Practice:
    id: PracticeId
    name: str
    sender_name: str  # neutral, for texts
    timezone_name: str
    state: str
    states: tuple[str, ...]  # where people may sit for telehealth
    phone: str  # E.164, the main line
    numbers: tuple[str, ...]  # every number that reaches it, E.164
    hosts: tuple[str, ...]  # web hosts that reach it
    hours: WeekHours
    closed_dates: tuple[date, ...]
    holidays: Literal["us_federal", "none"]
    slot_starts: tuple[int, ...]  # minutes past the hour
    sites: tuple[Site, ...]
    visit_kinds: tuple[VisitKind, ...]
    clinicians: tuple[Clinician, ...]
    insurers: tuple[Insurer, ...]
    cancel_policy: CancelPolicy
    payment_plans: PaymentPlans | None
    ladder: Ladder
    promises: Promises
    languages_signed: tuple[str, ...]  # BCP 47, the first is the language a contact starts in
    languages_draft: tuple[str, ...]
    payment_methods: tuple[str, ...]  # "card", "hsa_card", "payment_link"
    sliding_scale: bool
    superbills: bool
    minors_first_visit: Literal["book", "hold"]
    schedule_of_record: Literal["native", "office_confirms"] = "native"
    notice_minutes: int = 60  # nothing is offered sooner than this
    horizon_days: int = 90
    audit_one_in: int = 100  # of the contacts that went to nobody, one in so many is looked over by a person
    transcripts: bool = False  # what was said is kept word for word also where nobody was handed over
    answers: Answers = field(default_factory=Answers)
    referrals: tuple[Referral, ...] = ()
    parties: tuple[Party, ...] = ()
    emergency_numbers: tuple[EmergencyNumber, ...] = ()
    reminders: Reminders = field(default_factory=Reminders)
    waitlist: WaitlistRules = field(default_factory=WaitlistRules)
    packet: Packet = field(default_factory=Packet)
    day_of_visit: DayOfVisit = field(default_factory=DayOfVisit)
    eligibility: Eligibility = field(default_factory=Eligibility)
    authorizations: AuthorizationRules = field(default_factory=AuthorizationRules)
    billing: Billing | None = None  # without it nothing of what people owe is told by itself
    email: str | None = None  # its mailbox; without one it writes and reads no email
    outage: Outage | None = None  # who answers its telephone when this machine is off
    languages_core: tuple[str, ...] = ()  # BCP 47; only the twelve safety sentences are said in them

    @property
    def timezone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone_name)

    def clinician(self, clinician_id: ClinicianId) -> Clinician:
        return next(c for c in self.clinicians if c.id == clinician_id)

    def visit_kind(self, kind_id: VisitKindId) -> VisitKind:
        return next(k for k in self.visit_kinds if k.id == kind_id)

    def insurer(self, insurer_id: str) -> Insurer:
        return next(i for i in self.insurers if i.id == insurer_id)
