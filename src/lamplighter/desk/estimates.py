"""The good-faith estimate that whoever pays alone is owed (45 CFR 149.610): a biller's task with its last day."""

from datetime import date, datetime, time, timedelta

from lamplighter.desk.ports import Person, Task, Transaction, Visit
from lamplighter.law.federal_days import federal_holidays
from lamplighter.practice.calendar import at_local, local_date, open_spans
from lamplighter.practice.model import Practice

FAR = 10
"""Business days to the visit (45 CFR 149.610(b)(1)(vi)), counted from the day after."""

ON_REQUEST = 3
"""Business days, where it is asked for and nothing is booked or it is far off."""

FRIDAY = 4
EVENING = time(17)


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
    today = local_date(practice, now)
    far = business_day(today, FAR)
    near = visit is not None and local_date(practice, visit.slot.start) < far
    return _closing(practice, business_day(today, 1 if near else ON_REQUEST), now)


def business_day(after: date, count: int) -> date:
    """The `count`-th after that day. Monday to Friday without federal holidays: the law's days are not the practice's,
    which may be closed on some of them and open on others."""
    day = after
    while count:
        day += timedelta(days=1)
        count -= day.weekday() <= FRIDAY and day not in federal_holidays(day.year)
    return day


def _closing(practice: Practice, last: date, now: datetime) -> datetime:
    """When the practice closes for the last time until then; that evening where it does not open before."""
    for ago in range((last - local_date(practice, now)).days + 1):
        spans = open_spans(practice, last - timedelta(days=ago))
        if spans and spans[-1].end > now:
            return spans[-1].end
    return at_local(practice, last, EVENING)
