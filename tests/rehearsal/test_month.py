"""A small month in every run of the tests, the whole one among the slow tests; and that its judge can be failed."""

import json
from typing import Any

import pytest

from lamplighter.desk.ports import Taken
from lamplighter.practice.sample import load_sample
from lamplighter.rehearsal.month_carrier import SETTLES
from lamplighter.rehearsal.month_plan import HABITS, TROUBLES, invent
from lamplighter.rehearsal.month_report import MonthReport, as_json, as_text, run_month
from lamplighter.wiring.month import MemoryMonth, MemoryMonths

FEW = 60


def played(appointments: int = FEW, *, seed: int = 3, stage: Any = None) -> MonthReport:
    return run_month(
        load_sample(), stage or MemoryMonths(), appointments=appointments, seed=seed, told=lambda *_: None
    )


@pytest.fixture(scope="module")
def month() -> MonthReport:
    return played()


class Carries:
    """A carrier in the place of the month's own, which it goes on to."""

    settles = SETTLES

    def __init__(self, carrier: Any) -> None:
        self.carrier, self.count = carrier, 0
        self.numbers = carrier.numbers

    def ask(self, *message: Any) -> Any:
        return self.carrier.ask(*message)


class Swallows(Carries):
    """It says yes to every third text and delivers nothing."""

    def send(self, message: Any) -> Any:
        self.count += 1
        return self.carrier.send(message) if self.count % 3 else Taken(f"s{self.count}")


class Repeats(Carries):
    """It delivers every text twice."""

    def send(self, message: Any) -> Any:
        self.carrier.send(message)
        return self.carrier.send(message)


class Through:
    def __init__(self, carrier: Any) -> None:
        self.carrier = carrier

    def fresh(self, practice: Any, clock: Any, carrier: Any, pager: Any, seed: int) -> MemoryMonth:
        return MemoryMonth(practice, clock, self.carrier(carrier), pager, seed)


def test_nothing_of_a_month_is_lost_or_doubled_and_nothing_comes_unwelcome(month: MonthReport) -> None:
    assert (month.lost, month.doubled, month.unwelcome) == ((), (), ())
    assert month.passed


def test_every_reminder_that_had_to_come_came_or_has_a_reason(month: MonthReport) -> None:
    assert month.reminders["came"] > 50
    assert month.reminders["came"] + sum(month.because.values()) == month.reminders["owed"]


def test_people_answer_move_and_take_times_that_came_free(month: MonthReport) -> None:
    assert sum(month.answered.values()) > 20
    assert month.moved and month.filled
    assert sum(month.carrier.values()) > 0


def test_a_letter_does_what_it_says(month: MonthReport) -> None:
    assert "confirms" not in month.not_as_answered
    assert "moves" not in month.not_as_answered


def test_whoever_is_late_is_told_of_and_is_no_contact_that_a_person_took_over(month: MonthReport) -> None:
    assert month.answered["late"]
    assert 0 < month.handed_over <= sum(month.answered.get(habit, 0) for habit in ("person", "asks"))


def test_the_same_seed_gives_the_same_month(month: MonthReport) -> None:
    assert as_json(played()) == as_json(month)


def test_json_is_one_object_that_counts_what_must_not_be(month: MonthReport) -> None:
    told = json.loads(as_json(month))
    assert (told["lost"], told["doubled"], told["seed"]) == (0, 0, 3)
    assert "lost" in as_text(month)


def test_texts_that_a_carrier_swallows_are_counted_as_lost() -> None:
    assert played(20, stage=Through(Swallows)).lost


def test_texts_that_a_carrier_delivers_twice_are_counted_as_doubled() -> None:
    month = played(20, stage=Through(Repeats))
    assert month.doubled and not month.passed


def test_the_plan_holds_everybody_who_was_promised_and_every_trouble() -> None:
    plan = invent(load_sample(), 2000, 0)
    assert len(plan.appointments) == 2000
    assert {each.habit for each in plan.appointments} == set(HABITS)
    assert {each.kind for each in plan.troubles} == set(TROUBLES)
    assert {each.language for each in plan.people} == {"en", "es"}
    assert all(each.phone[5:10] == "55501" for each in plan.people)
    assert len({each.phone for each in plan.people}) == len(plan.people)


@pytest.mark.slow
def test_two_thousand_appointments_lose_nothing_and_double_nothing() -> None:
    month = played(2000, seed=0)
    assert (month.appointments, month.lost, month.doubled, month.unwelcome) == (2000, (), (), ())
    assert month.reminders["came"] > 2000
    assert month.filled > 20
