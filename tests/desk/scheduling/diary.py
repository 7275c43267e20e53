"""What the schedule of a test says is busy, and the practice that it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from lamplighter.conversation.actions import FindSlots, Slots
from lamplighter.conversation.wish import Window, Wish
from lamplighter.desk.ports import Busy, Visit
from lamplighter.desk.scheduling import find_slots
from lamplighter.practice.model import (
    CancelPolicy,
    Clinician,
    Insurer,
    Ladder,
    Modality,
    Money,
    Practice,
    Promises,
    Site,
    Span,
    VisitKind,
    WeekHours,
)

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 12, 1, 14, 0, tzinfo=UTC)  # a Tuesday, 9:00 in New York
WEEKDAYS = WeekHours({day: (Span(time(9), time(18)),) for day in range(5)})
BOTH = (Modality.IN_PERSON, Modality.TELEHEALTH)

AMARA = Clinician(
    "osei", "Amara Osei", "Dr. Osei", "psychologist", "woman", ("en",), ("first", "follow_up"), BOTH, ("main",),
    WEEKDAYS, min_age=12,
)  # fmt: skip
LUIS = replace(
    AMARA, id="ortega", name="Luis Ortega", spoken_name="Luis Ortega", gender="man", languages=("en", "es")
)
MEI = replace(
    AMARA,
    id="tan",
    name="Mei Tan",
    spoken_name="Mei Tan",
    languages=("en", "cmn", "yue"),
    visit_kinds=("first", "follow_up", "couples"),
)
ROTH = replace(
    AMARA,
    id="roth",
    name="Samuel Roth",
    spoken_name="Dr. Roth",
    gender="man",
    visit_kinds=("evaluation",),
    min_age=18,
)
PRACTICE = Practice(
    id="demo", name="Harbor Lane Counseling", sender_name="HLC Office", timezone_name="America/New_York", state="NY",
    states=("NY",), phone="+12125550100", numbers=("+12125550100",), hosts=("localhost",), hours=WEEKDAYS,
    closed_dates=(), holidays="us_federal", slot_starts=(0, 30),
    sites=(Site("main", "Main", "14 Harbor Lane", "", "", "", "+12125550100"),),
    visit_kinds=(
        VisitKind("first", 60, Money(Decimal(220)), True, "follow_up"),
        VisitKind("follow_up", 45, Money(Decimal(175)), False),
        VisitKind("couples", 60, Money(Decimal(240)), True, "couples", 2),
        VisitKind("evaluation", 60, Money(Decimal(350)), True),
    ),
    clinicians=(AMARA, LUIS, MEI, ROTH),
    insurers=(Insurer("aetna", "Aetna", ("Aetna",), True), Insurer("oxford", "Oxford", ("Oxford",), False)),
    cancel_policy=CancelPolicy(24, Money(Decimal(75))), payment_plans=None, ladder=Ladder({}, {}),
    promises=Promises(1, time(16), 30), languages_signed=("en", "es"), languages_draft=(), payment_methods=("card",),
    sliding_scale=True, superbills=True, minors_first_visit="book",
)  # fmt: skip


@dataclass
class Diary:
    """A schedule to read from; `looks` counts how often it was asked."""

    entries: list[Busy] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    looks: int = 0

    def busy(
        self, clinicians: Sequence[str], start: datetime, end: datetime, now: datetime
    ) -> tuple[Busy, ...]:
        self.looks += 1
        return tuple(b for b in self.entries if b.clinician in clinicians and b.start < end and b.end > start)

    def visits_between(self, start: datetime, end: datetime) -> tuple[Visit, ...]:
        return tuple(v for v in self.visits if start <= v.slot.start < end)

    def add(
        self, clinician: str, start: datetime, minutes: int = 60, kind: str = "visit", ref: str = "x"
    ) -> None:
        self.entries.append(Busy(clinician, start, start + timedelta(minutes=minutes), kind, ref))


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=NEW_YORK)


def with_clinicians(*clinicians: Clinician, **changes: object) -> Practice:
    return replace(PRACTICE, clinicians=clinicians, **changes)


def on(*days: date, start: time | None = None, before: time | None = None, at: time | None = None) -> Wish:
    return Wish(tuple(Window(first=day, last=day, start=start, before=before, at=at) for day in days))


def ask(
    practice: Practice = PRACTICE,
    diary: Diary | None = None,
    wish: Wish | None = None,
    now: datetime = NOW,
    state: str | None = None,
    **request: object,
) -> Slots:
    asked = FindSlots(
        wish=(wish or Wish()).dumps(), visit_kind=str(request.pop("visit_kind", "first")), **request
    )
    return find_slots(practice, diary or Diary(), asked, now, state=state)
