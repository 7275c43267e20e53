"""The judge of the month: a reason for what came after all is no reason for what did not."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from lamplighter.practice.sample import load_sample
from lamplighter.rehearsal.month import Lived, Month
from lamplighter.rehearsal.month_audit import Audit, audit
from lamplighter.rehearsal.month_diary import Stood
from lamplighter.rehearsal.month_plan import Trouble, invent
from lamplighter.wiring.month import MemoryMonths

BOOKED_AHEAD = timedelta(days=10)


@pytest.fixture
def lived() -> Lived:
    """Nobody has come yet; the carrier was away four days before the visit that is looked at, and only then."""
    plan = invent(load_sample(), 5, 3)
    glad = tuple(replace(each, texts=True, agreed=True) for each in plan.people)
    away = visit_at(plan.begins) - timedelta(hours=110)
    troubles = (Trouble("unreachable", away, away + timedelta(hours=4)),)
    return Month(replace(plan, people=glad, troubles=troubles), MemoryMonths(), 3).lived


def visit_at(begins: datetime) -> datetime:
    return begins + timedelta(days=14)


def judged(lived: Lived, *came: int, stopped: int | None = None) -> Audit:
    """Of a visit whose reminders came so many hours before it; they wanted no more `stopped` hours before it."""
    each = lived.plan.appointments[0]
    start = visit_at(lived.plan.begins)
    slot = replace(each.slot, start=start)
    at = [start - timedelta(hours=hours) for hours in came]
    lived.diary.stood.append(Stood(each.id, each.person, slot, start - BOOKED_AHEAD, start, reminded=at))
    if stopped is not None:
        lived.diary.stopped[each.person] = start - timedelta(hours=stopped)
    return audit(lived, (), ())


def test_an_excuse_for_the_one_that_came_is_none_for_the_one_that_was_lost(lived: Lived) -> None:
    found = judged(lived, 71)
    assert (found.owed, found.came, found.because, len(found.lost)) == (2, 1, {}, 1)
    assert "24 hours before" in found.lost[0]


def test_one_that_is_missing_is_excused_by_its_own_reason(lived: Lived) -> None:
    found = judged(lived, 24)
    assert (found.came, found.lost) == (1, ())
    assert found.because == {"the carrier was away until it was too late": 1}


def test_one_that_came_some_hours_early_or_late_came(lived: Lived) -> None:
    found = judged(lived, 90, 20)
    assert (found.came, found.because, found.lost) == (2, {}, ())


def test_two_that_came_for_one_are_not_one_for_each(lived: Lived) -> None:
    found = judged(lived, 114, 113)
    assert (found.came, len(found.lost)) == (1, 1)


def test_what_came_before_they_wanted_no_more_leaves_the_rest_excused(lived: Lived) -> None:
    found = judged(lived, 72, stopped=71)
    assert (found.came, found.because, found.lost) == (1, {"wanted no more": 1}, ())
