"""A small month in every run of the tests, the whole one among the slow tests; and that its judge can be failed."""

import json
from typing import Any

import pytest

from lamplighter.practice.sample import load_sample
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


class Swallows:
    """A carrier that says yes to every third text and delivers nothing."""

    def __init__(self, carrier: Any) -> None:
        self.carrier, self.count = carrier, 0

    def send(self, *message: Any) -> None:
        self.count += 1
        if self.count % 3:
            self.carrier.send(*message)


class Repeats:
    """A carrier that delivers every text under another name as well."""

    def __init__(self, carrier: Any) -> None:
        self.carrier = carrier

    def send(self, message_id: str, *message: Any) -> None:
        self.carrier.send(message_id, *message)
        self.carrier.send(f"{message_id}-again", *message)


class Through:
    def __init__(self, carrier: Any) -> None:
        self.carrier = carrier

    def fresh(self, practice: Any, clock: Any, messenger: Any, pager: Any, seed: int) -> MemoryMonth:
        return MemoryMonth(practice, clock, self.carrier(messenger), pager, seed)


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
