"""What a plan answered goes into the chart once, by itself or by hand, and nothing goes that somebody does not want."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from lamplighter.connectors.chart.simulated import SimulatedChart, SimulatedCharts
from lamplighter.desk import chart_kept, charting, plan_kept
from lamplighter.desk.ports.chart import WhyNot
from lamplighter.desk.ports.coverage import BenefitRow
from lamplighter.practice.model import CarveOut, Party
from lamplighter.practice.sample import load_sample
from tests.desk.eligibility.scene import ACTIVE, ANNA, AT, CARVED, COPAY, NUMBER, Payers, Scene, days


def scene(chart: SimulatedChart, **more: Any) -> Scene:
    made = Scene(charts=SimulatedCharts(chart), **more)
    made.book()
    made.a_moment()
    return made


def standing(of: Scene) -> chart_kept.Standing | None:
    with of.tx() as tx:
        return chart_kept.stands(tx, plan_kept.questions(tx, ANNA.id)[0])


def test_an_answer_is_written_once_with_what_is_known_and_nothing_else_and_stands_in_the_ledger() -> None:
    chart = SimulatedChart()
    done = scene(chart)
    [note] = chart.notes.values()
    assert (note.person.first_name, note.person.born, note.member_id) == ("Anna", ANNA.date_of_birth, NUMBER)
    assert note.relation == "self" and note.caution.startswith("An estimate as of 2026-12-01")
    assert note.figures == (("plan", "LANTERN OPEN"), ("active", True), ("copay", COPAY.amount))
    found = standing(done)
    assert found is not None and (found.step, found.where) == ("written", (f"SIMULATED-CHART/{note.id}",))
    done.house.reopen()
    done.a_moment()
    assert len(chart.notes) == 1 and done.tasks("plan_chart") == []
    with done.tx() as tx:
        noted = [each for each in tx.ledger.entries() if each.what == "sent_to_chart"]
    assert [each.about for each in noted] == [f"person/{ANNA.id}"]


def test_a_chart_that_is_down_is_tried_again_and_after_the_last_time_a_person_writes_it() -> None:
    back = scene(SimulatedChart(down=2))
    assert (found := standing(back)) and (found.step, found.why) == ("waiting", WhyNot.UNREACHABLE)
    back.until(AT + timedelta(hours=1))
    assert (found := standing(back)) and found.step == "written"
    gone = scene(SimulatedChart(down=99))
    gone.until(AT + days(2))
    [task] = gone.tasks("plan_chart")
    assert (task.route, task.person) == ("desk", ANNA.id)
    assert (found := standing(gone)) and (found.step, found.why) == ("by_hand", WhyNot.UNREACHABLE)


@pytest.mark.parametrize(
    ("chart", "why"),
    [
        (SimulatedChart(strangers={"Lindqvist"}), WhyNot.NOBODY),
        (SimulatedChart(namesakes={"Lindqvist"}), WhyNot.SEVERAL),
    ],
)
def test_whom_the_chart_does_not_know_for_sure_is_one_task_until_somebody_has_done_it(
    chart: SimulatedChart, why: WhyNot
) -> None:
    asked = scene(chart)
    asked.until(AT + timedelta(minutes=1))
    assert (found := standing(asked)) and (found.step, found.why) == ("by_hand", why)
    assert len(asked.tasks("plan_chart")) == 1 and not chart.notes
    with asked.tx() as tx:
        charting.done_by_hand(tx, plan_kept.questions(tx, ANNA.id)[0], asked.now, "Sam Ode")
    assert asked.tasks("plan_chart") == []
    assert (found := standing(asked)) and (found.step, found.by) == ("done", "Sam Ode")


def test_whoever_gave_the_name_and_birth_date_of_somebody_on_file_is_written_to_nobodys_chart_by_itself() -> (
    None
):
    chart = SimulatedChart()
    twice = scene(chart, person=replace(ANNA, perhaps="another"))
    assert (found := standing(twice)) and (found.step, found.why) == ("by_hand", "on_file_twice")
    assert not chart.notes and len(twice.tasks("plan_chart")) == 1


def test_nothing_goes_without_an_agreement_or_once_they_want_their_plan_told_nothing() -> None:
    unsigned = SimulatedChart(party="Lantern Records")
    assert (found := standing(scene(unsigned))) and found.why == "no_chart_agreement"
    agreed = Party("Lantern Records", "keeps charts", ("plans",), date(2026, 1, 1), may_reuse=False)
    signed = SimulatedChart(party="Lantern Records")
    scene(signed, practice=replace(load_sample(), parties=(agreed,)))
    late = SimulatedChart(down=1)
    restricted = scene(late)
    with restricted.tx() as tx:
        plan_kept.restrict(tx, ANNA.id, by="Sam Ode", now=restricted.now)
    restricted.until(AT + timedelta(hours=1))
    assert (found := standing(restricted)) and (found.step, found.why) == ("not_to_be", "restricted")
    assert (len(unsigned.notes), len(signed.notes), len(late.notes)) == (0, 1, 0)


def test_of_a_plan_that_names_somebody_else_for_this_care_only_the_plan_itself_goes_and_their_own_answer_whole() -> (
    None
):
    chart = SimulatedChart()
    payers = Payers(plans={NUMBER: (ACTIVE, COPAY, CARVED)})
    scene(chart, payers=payers, carve_outs=(CarveOut(("Lantern Behavioral",), "L9"),))
    figures = {note.payer.name: [name for name, _ in note.figures] for note in chart.notes.values()}
    assert figures == {"Aetna": ["plan", "active"], "Lantern Behavioral": ["plan", "active", "copay"]}


def test_what_was_put_right_meanwhile_is_not_written_as_it_was() -> None:
    chart = SimulatedChart(down=1)
    changed = scene(chart)
    changed.payers.plans["W987654321"] = ()
    changed.change(member_id="W987654321")
    changed.until(AT + timedelta(hours=1))
    assert [note.member_id for note in chart.notes.values()] == ["W987654321"]


def test_an_answer_that_waits_for_somebodys_hands_is_nobodys_once_another_number_is_on_file() -> None:
    chart = SimulatedChart(strangers={"Lindqvist"})
    asked = scene(chart)
    asked.until(AT + timedelta(minutes=1))
    assert len(asked.tasks("plan_chart")) == 1
    chart.strangers.clear()
    asked.payers.plans["W987654321"] = (ACTIVE,)
    asked.change(member_id="W987654321")
    assert asked.tasks("plan_chart") == [], "nobody types a wrong number into a chart"
    asked.until(AT + timedelta(hours=1))
    with asked.tx() as tx:
        steps = {
            each.member_id: (found.step, found.why)
            for each in plan_kept.questions(tx, ANNA.id)
            if (found := chart_kept.stands(tx, each))
        }
    assert steps == {"W987654321": ("written", ""), NUMBER: ("not_to_be", "overtaken")}
    assert asked.tasks("plan_chart") == []
    asked.change(member_id=NUMBER)
    asked.until(AT + timedelta(hours=2))
    assert [note.member_id for note in chart.notes.values()] == ["W987654321", NUMBER]


def test_an_answer_about_the_same_number_takes_the_place_of_one_that_waits_for_somebodys_hands() -> None:
    chart = SimulatedChart(strangers={"Lindqvist"})
    asked = scene(chart)
    asked.until(AT + timedelta(minutes=1))
    chart.strangers.clear()
    asked.until(AT + days(40))
    assert len(chart.notes) >= 1 and asked.tasks("plan_chart") == []


def test_what_the_plan_says_of_some_care_is_no_word_of_the_plan_itself() -> None:
    chart = SimulatedChart()
    no_care = BenefitRow(2, "6", services=("MH",))
    payers = Payers(plans={NUMBER: (ACTIVE, no_care), "W987654321": (no_care,)})
    asked = scene(chart, payers=payers)
    asked.change(member_id="W987654321")
    asked.until(AT + timedelta(hours=1))
    said = {note.member_id: (note.in_force, dict(note.figures)["active"]) for note in chart.notes.values()}
    assert said == {NUMBER: (True, False), "W987654321": (None, False)}
