"""The demo's invented week: three patients to try things out as, and some bookings of people who don't exist."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from lamplighter.conversation.slots import Slot
from lamplighter.desk import plan_gates, reminders
from lamplighter.desk.context import stable_id
from lamplighter.desk.ports import Person, Records, Transaction
from lamplighter.law.contact_hours import contact_hours
from lamplighter.practice.calendar import at_local, is_business_day
from lamplighter.practice.model import Modality, Practice
from lamplighter.wiring.demo_plans import INSURERS, member_id

WHO = "demo"
SEEDED = "demo-week"
MOST = 30
"""How many people there are at most, of whom the simulated clearinghouse knows."""


@dataclass(frozen=True, slots=True)
class Invented:
    """An invented patient with one visit `days` business days ahead, at local `at`."""

    first_name: str
    last_name: str
    born: date
    phone: str
    clinician: str
    kind: str
    days: int
    at: time
    modality: Modality = Modality.IN_PERSON
    language: str = "en"


TO_TRY = (
    Invented("Juniper", "Applewhite", date(1988, 4, 12), "+12125550111", "amara_osei", "follow_up", 2, time(14)),
    Invented(
        "Marisol", "Quintanilla", date(1975, 9, 30), "+12125550112", "luis_ortega", "follow_up", 3, time(10),
        Modality.TELEHEALTH, "es",
    ),
    Invented(
        "Theodore", "Lanternfield", date(1961, 1, 7), "+12125550113", "samuel_roth", "psychiatric_follow_up", 1,
        time(11),
    ),
)  # fmt: skip

_FIRST = (
    "Odette",
    "Barnaby",
    "Clementine",
    "Ignatius",
    "Perpetua",
    "Cosmo",
    "Wilhelmina",
    "Fitz",
    "Saffron",
    "Leopold",
)
_LAST = (
    "Featherstonehaugh",
    "Marmalade",
    "Quillfeather",
    "Thistledown",
    "Underhill",
    "Vanderplume",
    "Wobblesworth",
)


def seed(records: Records, practice: Practice, now: datetime) -> None:
    """Puts the invented week into an empty store, once. Safe to call at every start."""
    with records.transaction(practice.id) as tx:
        if not tx.log.claim(SEEDED):
            return
        for number, invented in enumerate((*TO_TRY, *_others(practice))):
            _book(tx, practice, invented, number, now)


def _others(practice: Practice) -> Iterator[Invented]:
    """Some more bookings a day, at different times, for every clinician."""
    for number in range(24):
        clinician = practice.clinicians[number % len(practice.clinicians)]
        later = [
            k
            for k in practice.visit_kinds
            if not k.first and k.participants == 1 and k.id in clinician.visit_kinds
        ]
        yield Invented(
            _FIRST[number % len(_FIRST)],
            _LAST[number % len(_LAST)],
            date(1960 + number, 1 + number % 12, 1 + number),
            f"+121255501{30 + number}",
            clinician.id,
            later[0].id,
            1 + number % 5,
            time(9 + (number * 2) % 8, 30 * (number % 2)),
            Modality.TELEHEALTH if number % 3 else Modality.IN_PERSON,
        )


def _book(tx: Transaction, practice: Practice, invented: Invented, number: int, now: datetime) -> None:
    kind = practice.visit_kind(invented.kind)
    start = at_local(practice, _business_day(practice, now, invented.days), invented.at)
    site = practice.sites[0].id if invented.modality is Modality.IN_PERSON else None
    slot = Slot(start, kind.minutes, invented.clinician, invented.modality, kind.id, site)
    person_id = stable_id("demo", invented.phone)
    visit = tx.schedule.book(
        stable_id("demo-visit", invented.phone), slot, [person_id], "demo", now, "booked"
    )
    if visit is None:
        return
    person = Person(
        id=person_id,
        first_name=invented.first_name,
        last_name=invented.last_name,
        date_of_birth=invented.born,
        phone=invented.phone,
        language=invented.language,
        state=practice.state,
        contact_channel="sms",
        clinician=invented.clinician,
        insurer=INSURERS[number % len(INSURERS)],
        member_id=member_id(number),
        subscriber=plan_gates.OWN,
    )
    tx.people.add(person)
    plan_gates.keep_answer(tx, person.id, "plan_check", True, wording=SEEDED, now=now)
    reminders.plan_for_all(tx, practice, visit, now)


def _business_day(practice: Practice, now: datetime, ahead: int) -> date:
    day = now.astimezone(practice.timezone).date()
    while ahead:
        day += timedelta(days=1)
        ahead -= is_business_day(practice, day)
    return day


def tomorrow_evening(practice: Practice, now: datetime) -> datetime:
    """The evening of the next local day on which reminders go: by then every one of that day is due."""
    day = now.astimezone(practice.timezone).date() + timedelta(days=1)
    evening = at_local(practice, day, practice.reminders.latest) - reminders.BEFORE_END
    allowed = contact_hours(
        state=practice.state, number=None, otherwise=(practice.state, practice.timezone_name)
    )
    return evening.astimezone(UTC) if allowed.allow(evening) else tomorrow_evening(practice, evening)
