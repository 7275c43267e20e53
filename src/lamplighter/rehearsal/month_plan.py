"""A month that is invented before anything of it happens: who comes when, what each will do, when the carrier fails.

Rules of this room: everything follows from the seed and the number of appointments; nothing of the product is asked, so
that what becomes of the plan can be held against it.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final, Literal, get_args

from lamplighter.conversation.slots import Slot
from lamplighter.practice.calendar import at_local, is_business_day
from lamplighter.practice.model import Clinician, Modality, Practice
from lamplighter.rehearsal.month_names import FIRST, LAST, phone_of
from lamplighter.rehearsal.on_file import follow_up_of

Habit = Literal[
    "confirms", "in_words", "ignores", "moves", "cancels", "late", "asks", "person", "stops", "cancel_alone",
    "not_theirs",
]  # fmt: skip
HABITS: Final[tuple[Habit, ...]] = get_args(Habit)
OFTEN: Final = (36, 17, 18, 10, 6, 5, 3, 1.5, 1.5, 1, 1)
TroubleKind = Literal["unreachable", "refused", "unknown"]
TROUBLES: Final[tuple[TroubleKind, ...]] = get_args(TroubleKind)
OfferAnswer = Literal["yes", "no", "nothing"]

FIRST_DAY: Final = date(2026, 10, 19)
"""The first visits: a Monday, with the end of summer time and two federal holidays near."""

WEEKS: Final = 4
BEFORE: Final = timedelta(days=7)
"""How long before the first visit the clock starts."""

HOURS_A_DAY, DAYS_A_WEEK = range(9, 18), range(5)
USED: Final = 0.85
"""How much of the clinicians' time is given away: the rest is where visits move to."""


@dataclass(frozen=True, slots=True)
class Someone:
    """`texts`: they have not asked to be reached another way; `agreed`: they did not refuse reminders; `fussy`: they
    want none of the first times."""

    id: str
    first_name: str
    last_name: str
    born: date
    phone: str
    language: str
    texts: bool = True
    agreed: bool = True
    fussy: bool = False


@dataclass(frozen=True, slots=True)
class Appointment:
    """`habit`: what they do about it once they are reminded."""

    id: str
    person: str
    slot: Slot
    booked_at: datetime
    habit: Habit


@dataclass(frozen=True, slots=True)
class Waits:
    """Somebody on the wait list, and how they take an offer."""

    person: str
    visit_kind: str
    clinician: str | None
    since: datetime
    answer: OfferAnswer


@dataclass(frozen=True, slots=True)
class Trouble:
    """The carrier from `start` to `end`: not reached; refusing all; or taking what it is given without saying so."""

    kind: TroubleKind
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class MonthPlan:
    practice: Practice
    begins: datetime
    ends: datetime
    people: tuple[Someone, ...]
    appointments: tuple[Appointment, ...]
    waiting: tuple[Waits, ...]
    troubles: tuple[Trouble, ...]


def invent(practice: Practice, appointments: int, seed: int) -> MonthPlan:
    """The practice with as many clinicians like its own as so many appointments need."""
    chance = random.Random(seed)
    days = [day for day in _weekdays() if is_business_day(practice, day)]
    practice = _grown(practice, appointments)
    begins = at_local(practice, FIRST_DAY, time(8)) - BEFORE
    people: list[Someone] = []
    planned: list[Appointment] = []
    cells = _cells(practice, chance)
    while len(planned) < appointments:
        for own in _shared(next(cells), days, chance):
            someone = _someone(len(people), chance)
            people.append(someone)
            planned += _appointments(practice, someone, own, begins, len(planned), chance)
    planned = planned[:appointments]
    people, waiting = _waiting(practice, people, planned, begins, chance)
    return MonthPlan(
        practice,
        begins,
        at_local(practice, days[-1], time(20)),
        tuple(people),
        tuple(planned),
        waiting,
        _troubles(practice, days, chance),
    )


def _weekdays() -> Iterator[date]:
    for ahead in range(WEEKS * 7):
        day = FIRST_DAY + timedelta(days=ahead)
        if day.weekday() in DAYS_A_WEEK:
            yield day


# -- the practice ------------------------------------------------------------------------------------------------------


def _grown(practice: Practice, appointments: int) -> Practice:
    cells = appointments / (WEEKS * USED)
    wanted = -(-int(cells + 1) // (len(HOURS_A_DAY) * len(DAYS_A_WEEK)))
    ours = practice.clinicians
    more = (_like(ours[each % len(ours)], each // len(ours)) for each in range(len(ours), wanted))
    return replace(practice, clinicians=(*ours, *more))


def _like(clinician: Clinician, which: int) -> Clinician:
    return replace(
        clinician,
        id=f"{clinician.id}_{which}",
        name=f"{clinician.name} {'I' * (which + 1)}",
        spoken_name=f"{clinician.spoken_name} {'I' * (which + 1)}",
    )


@dataclass(frozen=True, slots=True)
class _Cell:
    """An hour of a weekday of one clinician."""

    clinician: Clinician
    weekday: int
    hour: int


def _cells(practice: Practice, chance: random.Random) -> Iterator[_Cell]:
    cells = [
        _Cell(clinician, weekday, hour)
        for clinician in practice.clinicians
        for weekday in DAYS_A_WEEK
        for hour in HOURS_A_DAY
    ]
    chance.shuffle(cells)
    return iter(cells)


def _shared(cell: _Cell, days: list[date], chance: random.Random) -> list[tuple[_Cell, list[date]]]:
    """Whose an hour is: one person's every week, two people's every other, or everybody's once."""
    own = [day for day in days if day.weekday() == cell.weekday]
    how_many = chance.choice((1, 1, 2, 4))
    return [(cell, own[start::how_many]) for start in range(how_many) if own[start::how_many]]


# -- the people --------------------------------------------------------------------------------------------------------


def _someone(number: int, chance: random.Random) -> Someone:
    return Someone(
        id=f"p{number}",
        first_name=FIRST[number % len(FIRST)],
        last_name=LAST[number // len(FIRST) % len(LAST)],
        born=date(1950, 1, 1) + timedelta(days=chance.randrange(19_000)),
        phone=phone_of(number, elsewhere=chance.random() < 0.12),
        language="es" if chance.random() < 0.25 else "en",
        texts=chance.random() > 0.03,
        agreed=chance.random() > 0.02,
        fussy=chance.random() < 0.3,
    )


def _appointments(
    practice: Practice,
    someone: Someone,
    own: tuple[_Cell, list[date]],
    begins: datetime,
    number: int,
    chance: random.Random,
) -> Iterator[Appointment]:
    cell, days = own
    later = follow_up_of(cell.clinician, practice)
    first = _first_kind(practice, cell.clinician) if chance.random() < 0.2 else None
    for place, day in enumerate(days):
        kind = practice.visit_kind(first if first and place == 0 else later)
        where = Modality.TELEHEALTH if chance.random() < 0.4 else Modality.IN_PERSON
        site = practice.sites[0].id if where is Modality.IN_PERSON else None
        start = at_local(practice, day, time(cell.hour))
        slot = Slot(start, kind.minutes, cell.clinician.id, where, kind.id, site)
        booked = _booked_at(start, begins, chance)
        habit = chance.choices(HABITS, OFTEN)[0]
        yield Appointment(f"v{number + place}", someone.id, slot, booked, habit)


def _first_kind(practice: Practice, clinician: Clinician) -> str | None:
    kinds = (practice.visit_kind(kind) for kind in clinician.visit_kinds)
    return next((kind.id for kind in kinds if kind.first and kind.participants == 1), None)


def _booked_at(start: datetime, begins: datetime, chance: random.Random) -> datetime:
    """Most of them long before, some of them late."""
    lead = timedelta(minutes=chance.randrange(120, 9 * 24 * 60))
    early = begins + timedelta(minutes=chance.randrange(48 * 60))
    return early if chance.random() < 0.75 else max(begins, start - lead)


def _waiting(
    practice: Practice,
    people: list[Someone],
    planned: list[Appointment],
    begins: datetime,
    chance: random.Random,
) -> tuple[list[Someone], tuple[Waits, ...]]:
    """Some have nothing yet, some a visit late in the month that they would have sooner."""
    wanted = max(4, len(planned) // 30)
    late = begins + timedelta(days=24)
    ahead = {each.person for each in planned if each.slot.start < late}
    have = [each.person for each in planned if each.person not in ahead][: wanted // 3]
    new = [_someone(len(people) + each, chance) for each in range(wanted - len(have))]
    later = tuple(dict.fromkeys(follow_up_of(each, practice) for each in practice.clinicians))
    kinds = {each.person: each.slot.visit_kind for each in planned}
    waits = [
        Waits(
            person,
            kinds.get(person) or chance.choice((later[0], later[0], later[-1])),
            None,
            begins - timedelta(days=chance.randrange(1, 90)),
            chance.choices(get_args(OfferAnswer), (55, 20, 25))[0],
        )
        for person in [*have, *(each.id for each in new)]
    ]
    return [*people, *new], tuple(waits)


def _troubles(practice: Practice, days: list[date], chance: random.Random) -> tuple[Trouble, ...]:
    """Four times each of them: for some hours of a day on which much is sent."""
    found = []
    for kind in TROUBLES * 4:
        start = at_local(practice, chance.choice(days), time(chance.randrange(9, 15)))
        found.append(Trouble(kind, start, start + timedelta(minutes=chance.randrange(20, 300))))
    return tuple(sorted(found, key=lambda each: each.start))
