"""The good-faith estimate that whoever pays alone is owed (45 CFR 149.610): a biller's task with its last day."""

from datetime import datetime

from lamplighter.desk.ports import Person, Task, Transaction, Visit
from lamplighter.practice.calendar import business_day_after, local_date, open_spans
from lamplighter.practice.model import Practice

FAR = 10
"""Business days to the visit (45 CFR 149.610(b)(1)(vi)), counted from the day after."""

ON_REQUEST = 3
"""Business days, where it is asked for and nothing is booked or it is far off."""


def owe(
    tx: Transaction,
    practice: Practice,
    visit: Visit,
    person: Person,
    now: datetime,
    contact: str | None = None,
) -> None:
    """One for a visit, however often it is said that it is booked."""
    if person.self_pay:
        due = due_for(practice, visit, now)
        name = f"good_faith_estimate:{visit.id}"
        tx.tasks.add(Task(name, "good_faith_estimate", "biller", due, contact, person.id))


def due_for(practice: Practice, visit: Visit | None, now: datetime) -> datetime:
    """One business day from now, three where the visit is ten of them off or more, or none is booked."""
    far = business_day_after(practice, now, FAR)
    near = visit is not None and local_date(practice, visit.slot.start) < far
    day = business_day_after(practice, now, 1 if near else ON_REQUEST)
    return open_spans(practice, day)[-1].end
