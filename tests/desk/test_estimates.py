"""BIL-03: whoever pays alone is owed an estimate by the day that the law has, however their visit comes about."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from lamplighter.conversation.slots import Slot
from lamplighter.desk import estimates
from lamplighter.desk.ports import Visit
from lamplighter.practice.model import Modality
from lamplighter.practice.sample import load_sample
from tests.promises.desks import NOON
from tests.rules.test_billing import ANNA, bills, calls, house


@pytest.mark.parametrize(
    ("days", "due"),
    [
        (2, date(2026, 12, 2)),
        (3, date(2026, 12, 2)),
        (9, date(2026, 12, 2)),
        (10, date(2026, 12, 2)),  # a Friday, the eighth business day
        (13, date(2026, 12, 2)),
        (14, date(2026, 12, 4)),
        (40, date(2026, 12, 4)),
    ],
)
def test_bil_03_the_task_is_due_after_one_business_day_and_after_three_where_the_visit_is_ten_of_them_off(
    days: int, due: date
) -> None:
    made = house(person=replace(ANNA, self_pay=True))
    slot = Slot(NOON + timedelta(days=days), 50, "amara_osei", Modality.TELEHEALTH, "follow_up", None)
    with made.store.transaction("demo") as tx:
        visit = tx.schedule.book("v1", slot, ["anna"], "test", NOON, "booked")
        assert visit is not None
        for person in (replace(ANNA, self_pay=True), ANNA):
            estimates.owe(tx, made.practice, visit, person, NOON)
    (task,) = bills(made)
    assert (task.kind, task.due.astimezone(made.practice.timezone).date()) == ("good_faith_estimate", due)


def test_bil_03_the_laws_days_are_counted_and_not_the_practices() -> None:
    """Closed on Mondays and open on Saturdays: what the law wants by Monday is due when the doors close on Saturday."""
    sample = load_sample()
    week = dict.fromkeys((1, 2, 3, 4, 5), sample.hours.days[1])
    practice = replace(sample, hours=replace(sample.hours, days=week))
    friday = datetime(2026, 12, 4, 20, tzinfo=UTC)
    assert estimates.due_for(practice, None, friday).date() == date(2026, 12, 9)
    slot = Slot(friday + timedelta(days=6), 50, "amara_osei", Modality.TELEHEALTH, "follow_up", None)
    visit = Visit("v1", slot, ("anna",), "booked")
    assert estimates.due_for(practice, visit, friday).date() == date(2026, 12, 5)
    closed = replace(practice, hours=replace(sample.hours, days={1: sample.hours.days[1]}))
    assert estimates.due_for(closed, visit, friday).date() == date(2026, 12, 7)
    christmas = datetime(2026, 12, 24, 20, tzinfo=UTC)
    assert estimates.business_day(christmas.date(), 1) == date(2026, 12, 28)


def test_bil_03_who_asks_what_the_next_visit_costs_and_pays_alone_gets_it_as_soon_as_the_law_wants() -> None:
    made = house(person=replace(ANNA, self_pay=True))
    slot = Slot(
        datetime(2026, 12, 7, 19, tzinfo=UTC), 50, "amara_osei", Modality.TELEHEALTH, "follow_up", None
    )
    with made.store.transaction("demo") as tx:
        tx.schedule.book("v1", slot, ["anna"], "test", NOON, "booked")
    assert "bill.estimate" in calls(made, "what will my next visit cost").said
    (task,) = bills(made)
    assert task.kind == "good_faith_estimate"
    assert task.due <= estimates.due_for(load_sample(), None, NOON)
    assert task.due.astimezone(made.practice.timezone).date() == date(2026, 12, 2)
