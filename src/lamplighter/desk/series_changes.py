"""A day of a standing appointment that does not take place, or takes place at another time: it alone, or all from it
on."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from lamplighter.conversation.slots import Slot
from lamplighter.desk import reminders
from lamplighter.desk.ports import Series, Transaction, Visit
from lamplighter.practice.calendar import local_date
from lamplighter.practice.model import Practice


def is_one_of_a_series(visit: str) -> bool:
    """Whether this names a day of a standing appointment."""
    return "@" in visit


def of(tx: Transaction, visit: str) -> tuple[Series | None, date]:
    """The series and the day that an occurrence's id names."""
    series, _, day = visit.partition("@")
    return tx.schedule.series(series), date.fromisoformat(day)


def leave_out(tx: Transaction, series: Series, day: date, *, and_after: bool) -> None:
    if and_after:
        tx.schedule.change_series(replace(series, until=day - timedelta(days=1)))
    else:
        tx.schedule.change_series(replace(series, skipped=(*series.skipped, day)))


def put_elsewhere(
    tx: Transaction,
    practice: Practice,
    visit: str,
    slot: Slot,
    *,
    name: str,
    holder: str,
    now: datetime,
    and_after: bool,
) -> Visit | None:
    """One occurrence becomes a visit of its own, called `name`; from it on, the series ends and another begins. None:
    the time is taken. Of a series that is there."""
    series, day = of(tx, visit)
    assert series is not None
    leave_out(tx, series, day, and_after=and_after)
    if not and_after:
        return tx.schedule.book(name, slot, series.participants, holder, now, "booked")
    fresh = beginning(series, name, slot)
    tx.schedule.add_series(fresh)
    reminders.plan_series(tx, practice, fresh, now)
    return tx.schedule.visit(f"{name}@{local_date(practice, slot.start).isoformat()}")


def beginning(series: Series, name: str, slot: Slot) -> Series:
    """What takes the place of a series from this time on."""
    return replace(series, id=name, first=slot, skipped=())
