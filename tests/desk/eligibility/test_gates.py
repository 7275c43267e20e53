"""Why a plan is not asked: each reason is kept, and lifts what it says and no more."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from lamplighter.desk import eligibility, plan_gates, plan_kept, stopping
from lamplighter.desk.ports.coverage import Insured
from lamplighter.practice.model import Party
from lamplighter.practice.sample import load_sample
from tests.desk.eligibility.scene import ANNA, AT, NUMBER, Payers, Scene

HOLDER = Insured("Ingrid", "Lindqvist", date(1960, 3, 3))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"self_pay": True}, "self_pay"),
        ({"insurer": None}, "no_insurer"),
        ({"insurer": "oxford"}, "no_payer"),
        ({"member_id": None}, "no_member_id"),
        ({"date_of_birth": None}, "no_birth_date"),
        ({"subscriber": None}, "holder_unknown"),
        ({"subscriber": "parent"}, "holder_not_told"),
    ],
)
def test_what_their_record_lacks_or_says_keeps_their_plan_from_being_asked(
    changes: dict[str, object], reason: str
) -> None:
    scene = Scene(replace(ANNA, **changes))  # type: ignore[arg-type]
    scene.book()
    scene.a_moment()
    assert (scene.reasons(), scene.payers.told) == ([reason], [])


def test_prv_05_whoever_pays_themselves_and_asked_for_it_is_never_asked_about_until_that_is_lifted() -> None:
    scene = Scene()
    with scene.tx() as tx:
        plan_kept.restrict(tx, ANNA.id, by="Sam", now=AT)
    scene.book()
    scene.a_moment()
    assert (scene.reasons(), scene.payers.told) == (["restricted"], [])
    with scene.tx() as tx:
        plan_kept.lift_restriction(tx, ANNA.id, by="Sam", now=AT)
        eligibility.plan_anew(tx, scene.practice, ANNA.id, scene.now)
    scene.a_moment()
    assert len(scene.payers.told) == 1


def test_prv_05_a_question_that_waits_for_its_payer_is_withdrawn_when_they_ask_for_it() -> None:
    scene = Scene()
    scene.book()
    with scene.tx() as tx:
        person = tx.people.get(ANNA.id)
        scene.house.desk.plans.begin(tx, person, None, scene.now, by="Sam")
        plan_kept.restrict(tx, ANNA.id, by="Sam", now=AT)
    scene.a_moment()
    assert (scene.outcomes(), scene.payers.told) == (["withdrawn"], [])


def test_rule_37_a_plan_in_somebody_elses_name_is_asked_only_after_they_were_told_and_said_yes() -> None:
    scene = Scene(replace(ANNA, subscriber="parent"))
    scene.book()
    scene.a_moment()
    [task] = scene.tasks("plan_holder")
    assert (task.route, task.person) == ("desk", ANNA.id)
    with scene.tx() as tx:
        plan_kept.keep_holder(tx, ANNA.id, HOLDER, by="Sam", now=scene.now)
        plan_gates.keep_answer(tx, ANNA.id, "plan_holder", True, wording="paper", now=scene.now)
        eligibility.plan_anew(tx, scene.practice, ANNA.id, scene.now)
    scene.a_moment()
    [question] = scene.payers.told
    assert question.subscriber == replace(HOLDER, member_id=NUMBER)
    assert question.dependent is not None
    assert (question.dependent.first_name, question.dependent.member_id) == ("Anna", "")


@pytest.mark.parametrize("purpose", ["plan_check", "plan_holder"])
def test_a_no_to_the_check_holds(purpose: plan_gates.Purpose) -> None:
    scene = Scene(replace(ANNA, subscriber="spouse"))
    with scene.tx() as tx:
        plan_kept.keep_holder(tx, ANNA.id, HOLDER, by="Sam", now=AT)
        plan_gates.keep_answer(tx, ANNA.id, "plan_holder", True, wording="paper", now=AT)
        plan_gates.keep_answer(tx, ANNA.id, purpose, False, wording="paper", now=AT + timedelta(hours=1))
    scene.book()
    scene.a_moment()
    assert (scene.reasons(), scene.payers.told) == (["says_no"], [])


def test_prv_14_a_state_that_wants_consent_first_gets_no_question_without_one() -> None:
    scene = Scene(agreed=())
    scene.book()
    scene.a_moment()
    assert (scene.reasons(), scene.payers.told) == (["consent_first"], [])


def test_prv_14_where_the_law_asks_nothing_more_a_plan_is_asked_by_whoever_was_not_asked() -> None:
    sample = replace(load_sample(), state="AR")
    scene = Scene(replace(ANNA, state="AR"), practice=sample, agreed=())
    scene.book()
    scene.a_moment()
    assert len(scene.payers.told) == 1
    stricter = Scene(replace(ANNA, state="IL"), practice=sample, agreed=())
    stricter.book()
    stricter.a_moment()
    assert stricter.payers.told == []


def test_p2_02_a_part_2_practice_asks_nothing_without_the_written_consent() -> None:
    scene = Scene(part_2=True)
    scene.book()
    scene.a_moment()
    assert (scene.reasons(), scene.payers.told) == (["part_2"], [])
    with scene.tx() as tx:
        plan_gates.keep_answer(tx, ANNA.id, "plan_part_2", True, wording="paper", now=scene.now)
        eligibility.plan_anew(tx, scene.practice, ANNA.id, scene.now)
    scene.a_moment()
    assert len(scene.payers.told) == 1


@pytest.mark.parametrize(("stop", "reason"), [("deceased", "deceased"), ("held_to_look", "held")])
def test_nothing_is_asked_about_the_dead_nor_while_somebody_has_to_look(
    stop: stopping.Stop, reason: str
) -> None:
    scene = Scene()
    with scene.tx() as tx:
        stopping.stop(tx, ANNA.id, stop, by="Sam", now=AT)
    scene.book()
    scene.a_moment()
    assert (scene.reasons(), scene.payers.told) == ([reason], [])


@pytest.mark.parametrize(
    "lacking",
    [{"agreed_on": None}, {"agreed_on": date(2027, 1, 1)}, {"may_reuse": None}, {"may_reuse": True}],
)
def test_sec_11_nothing_leaves_for_a_clearinghouse_without_a_signed_agreement(
    lacking: dict[str, object],
) -> None:
    signed = Party("Lantern Exchange", "eligibility", ("names",), date(2026, 1, 1), False)
    for party, told in ((signed, 1), (replace(signed, **lacking), 0)):  # type: ignore[arg-type]
        practice = replace(load_sample(), parties=(party,))
        scene = Scene(practice=practice, payers=Payers(party="Lantern Exchange"))
        scene.book()
        scene.a_moment()
        assert len(scene.payers.told) == told
    assert scene.reasons() == ["no_agreement"]


def test_without_a_clearinghouse_nobody_is_asked_and_the_reason_is_kept() -> None:
    none: Callable[[str], None] = lambda practice: None  # noqa: E731
    scene = Scene()
    scene.payers.of = none  # type: ignore[assignment,method-assign]
    scene.book()
    scene.a_moment()
    assert (scene.reasons(), scene.payers.told) == (["nobody_asks"], [])
