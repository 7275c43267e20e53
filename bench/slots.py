"""Slot search over a long diary, beside a plain scan of the same month by SQL."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import count, islice

from bench import Budget, Budgets, median_cpu
from bench._stores import NOW, SetClock, sqlite
from lamplighter.conversation.actions import FindSlots
from lamplighter.conversation.wish import Window, Wish
from lamplighter.desk.scheduling import find_slots
from lamplighter.practice.model import Practice
from lamplighter.practice.sample import load_sample
from lamplighter.records.sql.store import SqlRecords, SqlTransaction
from lamplighter.records.sql.tables import visits

CLINICIANS, DAYS, APPOINTMENTS = 20, 30, 200_000
WEEKDAYS = Window(weekdays=frozenset({0, 1, 2, 3, 4}))
WISHES = {
    "slot search, any weekday": Wish((WEEKDAYS,)),
    "slot search, spread over the month": Wish(
        (replace(WEEKDAYS, last=(NOW + timedelta(days=DAYS)).date()),)
    ),
}
ONE_IN = 8
"""Of so many hours one is free."""


def budgets() -> Budgets:
    practice = large_practice()
    with sqlite(SetClock()) as records:
        fill(records, practice)
        with records.transaction(practice.id) as transaction:
            scan = median_cpu(lambda: plain_scan(transaction, practice), times=50)
            for name, wish in WISHES.items():
                yield measured(name, wish, practice, transaction, scan)


def measured(name: str, wish: Wish, practice: Practice, transaction: SqlTransaction, scan: float) -> Budget:
    request = FindSlots(wish=wish.dumps(), visit_kind=practice.visit_kinds[0].id)
    search = median_cpu(lambda: find_slots(practice, transaction.schedule, request, NOW), times=50)
    found = len(find_slots(practice, transaction.schedule, request, NOW).slots)
    how = (
        f"{CLINICIANS} clinicians, {DAYS} days, {APPOINTMENTS:,} appointments, {found} times found; "
        f"a plain scan of the month takes {scan:.2f} ms"
    )
    return Budget(name, 5, search, "ms CPU", how)


def large_practice() -> Practice:
    sample = load_sample()
    seen = next(c for c in sample.clinicians if sample.visit_kinds[0].id in c.visit_kinds)
    clinicians = tuple(
        replace(seen, id=f"c{number}", name=f"Clinician {number}") for number in range(CLINICIANS)
    )
    return replace(sample, id="bench", clinicians=clinicians)


def fill(records: SqlRecords, practice: Practice) -> None:
    """Every working hour back from the end of the month is booked, but for one in `ONE_IN`."""
    for number, clinician in enumerate(practice.clinicians):
        hours = (
            hour
            for turn, hour in enumerate(working_hours(practice, NOW + timedelta(days=DAYS)))
            if (turn + number) % ONE_IN
        )
        rows = [
            {
                "practice": practice.id, "id": f"{clinician.id}-{hour:%Y%m%d%H}", "clinician": clinician.id,
                "starts": hour, "ends": hour + timedelta(hours=1), "minutes": 60, "modality": "in_person",
                "visit_kind": practice.visit_kinds[0].id, "site": None, "status": "booked",
                "contact": None, "series": None,
            }
            for hour in islice(hours, APPOINTMENTS // CLINICIANS)
        ]  # fmt: skip
        with records.transaction(practice.id) as transaction:
            transaction.scope.connection.execute(visits.insert(), rows)


def working_hours(practice: Practice, last: datetime) -> Iterator[datetime]:
    """Eight visits a weekday, backwards in time."""
    for back in count():
        day = (last - timedelta(days=back)).date()
        if day.weekday() < 5:
            for hour in range(16, 8, -1):
                yield datetime.combine(day, time(hour), practice.timezone)


def plain_scan(transaction: SqlTransaction, practice: Practice) -> int:
    until = NOW + timedelta(days=DAYS)
    wanted = visits.c.practice == practice.id, visits.c.starts >= NOW, visits.c.starts < until
    rows = transaction.scope.connection.execute(visits.select().with_only_columns(visits.c.id).where(*wanted))
    return len(rows.all())
