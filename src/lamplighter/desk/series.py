"""Standing visits: whether a time may stand, and what a new one brings with it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

from lamplighter.conversation.actions import Book, Slots
from lamplighter.conversation.slots import Slot
from lamplighter.conversation.standing import FindClashes
from lamplighter.desk import reminders
from lamplighter.desk.context import Errand
from lamplighter.desk.ports import Series, Task, Visit
from lamplighter.desk.scheduling import is_free
from lamplighter.practice.calendar import at_local, is_holiday, local_date, next_open

AHEAD: Final = timedelta(weeks=13)
"""How far ahead a time must be free for a visit to stand there."""


def find_clashes(errand: Errand, request: FindClashes) -> Slots:
    return Slots(
        tuple(
            slot
            for slot in _occurrences(errand, request.slot, request.every_weeks)
            if not is_holiday(errand.practice, local_date(errand.practice, slot.start))
            and not is_free(errand.practice, errand.tx.schedule, slot, errand.now, errand.contact)
        )
    )


def _occurrences(errand: Errand, slot: Slot, every_weeks: int) -> Iterator[Slot]:
    """By the clock on the wall, whatever a clock change does to the instant."""
    local = slot.start.astimezone(errand.practice.timezone)
    for number in range(AHEAD // timedelta(weeks=every_weeks)):
        day = local.date() + timedelta(weeks=number * every_weeks)
        yield replace(slot, start=at_local(errand.practice, day, local.time()))


def first_of(errand: Errand, visit_id: str, request: Book) -> str:
    """How the visit is named, which for a standing one is its first."""
    day = local_date(errand.practice, request.slot.start)
    return f"{visit_id}@{day.isoformat()}" if request.every_weeks else visit_id


def begin(errand: Errand, series_id: str, request: Book, people: list[str]) -> Visit | None:
    """The first visit of a new standing one; None where the time may no longer stand."""
    first = first_of(errand, series_id, request)
    stands = errand.tx.schedule.visit(first)
    if stands is not None:
        return stands
    slot, weeks, until = request.slot, request.every_weeks, errand.now + timedelta(minutes=1)
    held = errand.tx.schedule.hold(slot, errand.contact, until, errand.now)
    if not held or find_clashes(errand, FindClashes(slot, weeks)).slots:
        return None
    days = (local_date(errand.practice, each.start) for each in _occurrences(errand, slot, weeks))
    closed = tuple(day for day in days if is_holiday(errand.practice, day))
    zone = errand.practice.timezone_name
    made = Series(series_id, slot, weeks, tuple(people), zone, skipped=closed)
    errand.tx.schedule.add_series(made)
    reminders.plan_series(errand.tx, errand.practice, made, errand.now)
    return errand.tx.schedule.visit(first)


def for_the_office(errand: Errand, visit: Visit, often: str) -> None:
    """How often they want to come is for a person to arrange: only this visit is booked."""
    errand.tx.tasks.add(
        Task(
            id=f"series:{visit.id}",
            kind="series",
            route="desk",
            due=next_open(errand.practice, errand.now) + timedelta(hours=1),
            contact=errand.contact,
            person=visit.participants[0],
            details=(("how_often", often),),
        )
    )
