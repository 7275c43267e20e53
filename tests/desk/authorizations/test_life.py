"""An authorization from its visit to its end: drafted by itself, confirmed and let go by people, sent once,
and followed."""

import re
import zlib
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from lamplighter.desk import plan_gates, plan_kept
from lamplighter.desk.authorizations import clocks, kept
from lamplighter.desk.authorizations.fax import fax
from lamplighter.desk.authorizations.model import State
from lamplighter.desk.authorizations.standing import Standing
from lamplighter.desk.ports import Job
from lamplighter.desk.ports.authorizations import ApprovedService, Ruled, Verdict
from lamplighter.desk.ports.clearinghouse import Refused, Why
from lamplighter.desk.ports.coverage import AuthorizationStep, BenefitRow, Network, Rejection
from lamplighter.practice.authorizing import AuthorizationPayer
from tests.desk.authorizations.scene import BILLER, CODES, Scene
from tests.desk.eligibility.scene import ACTIVE, ANNA, COPAY, NUMBER, SOON

PENDED = Ruled(Verdict.PENDED, ticket="T1")


def approved(units: str = "8", last: date = date(2027, 3, 10)) -> Ruled:
    service = ApprovedService("90837", Decimal(units))
    return Ruled(Verdict.APPROVED, "A-77", "T1", date(2026, 12, 10), last, (service,))


def test_a_visit_that_needs_leave_is_drafted_confirmed_released_sent_and_asked_after_until_it_is_approved() -> (
    None
):
    scene = Scene(PENDED, approved()).drafted()
    assert (scene.one.state, scene.tasks()) == (State.DRAFT, ["clinician: codes"])
    assert scene.told().told == "ours"
    assert scene.release() == "missing", "no program chooses a code"
    scene.confirm()
    assert scene.tasks() == ["biller: release"]
    scene.release()
    assert (scene.payers.calls, scene.tasks()) == ([], [])
    scene.past(minutes=3)
    [asked] = scene.payers.asked.values()
    assert (asked.step, asked.diagnoses, asked.services) == ("request", ("F41.1",), CODES.services)
    assert (asked.payer.id, asked.subscriber.member_id) == ("DEMO1", ANNA.member_id)
    assert (scene.one.state, scene.told().told) == (State.PENDED, "waiting")
    scene.past(hours=3)
    assert scene.one.state is State.APPROVED
    assert scene.payers.calls == ["request", "inquire"]
    assert scene.told() == Standing(
        "approved", State.APPROVED, date(2026, 12, 1), None, date(2027, 3, 10), Decimal(8)
    )
    scene.past(days=2)
    assert (scene.payers.calls, scene.tasks()) == (["request", "inquire"], [])


def test_once_a_crash_after_it_left_sends_it_again_under_the_same_trace_and_an_answer_is_kept_once() -> None:
    scene = Scene(Refused(Why.UNREACHABLE)).released()
    scene.past(minutes=3)
    assert scene.one.state is State.SUBMITTED
    released = scene.one.released
    assert released is not None
    job = Job(
        "again", "authorization_send", scene.now, (("authorization", scene.one.id), ("step", released.id))
    )
    for _ in range(2):
        scene.house.desk.authorizations.send(scene.practice.id, job)
    assert len(scene.payers.asked) == 1 and scene.payers.calls == ["request", "request"]
    scene.past(minutes=10)
    assert [step.kind for step in scene.one.steps] == ["codes", "released", "sent", "refused", "answer"]
    assert scene.payers.calls == ["request", "request"]


def test_a_payer_that_is_down_is_tried_again_by_itself_under_one_trace_and_somebody_looks_in_the_end() -> (
    None
):
    scene = Scene(*[Refused(Why.PAYER_DOWN)] * 4, PENDED).released()
    scene.past(hours=4)
    assert (scene.one.state, len(scene.payers.calls)) == (State.SUBMITTED, 4)
    assert "biller: no_answer" in scene.tasks()
    scene.past(days=1)
    assert scene.one.state is not State.SUBMITTED and len(scene.payers.asked) == 1
    assert "biller: no_answer" not in scene.tasks()


def test_what_can_not_be_taken_in_is_put_right_and_goes_again_under_a_trace_of_its_own() -> None:
    wrong = Refused(Why.ASKED_WRONGLY, (Rejection("provider", "57"),))
    scene = Scene(wrong, PENDED).released()
    scene.past(minutes=3)
    [task] = scene.open_tasks()
    assert (scene.one.state, dict(task.details)["reason"]) == (State.REJECTED, "57")
    scene.release()
    scene.past(minutes=3)
    assert (scene.one.state, len(scene.payers.asked)) == (State.PENDED, 2)


@pytest.mark.parametrize(("expedited", "hours"), [(False, 168), (True, 72)])
def test_pa_01_a_payers_clock_runs_from_receipt_and_somebody_is_called_before_it_is_over_and_when_it_is(
    expedited: bool, hours: int
) -> None:
    scene = Scene(*[PENDED] * 40).drafted()
    scene.confirm(replace(CODES, expedited=expedited))
    scene.release()
    scene.past(minutes=3)
    received = scene.one.received
    assert received is not None and scene.one.decide_by == received + timedelta(hours=hours)
    scene.until(received + timedelta(hours=hours * 0.8))
    assert scene.tasks() == []
    scene.until(received + timedelta(hours=hours - 1))
    assert scene.tasks() == ["biller: soon"]
    scene.until(received + timedelta(hours=hours, minutes=1))
    assert scene.tasks() == ["biller: over"]


def test_a_channel_that_may_not_be_polled_is_asked_by_a_person_as_often_as_the_practice_follows_up() -> None:
    scene = Scene(PENDED, polled=False, follow_up_hours=24).released()
    scene.past(hours=25)
    assert (scene.payers.calls, scene.tasks()) == (["request"], ["biller: chase"])
    scene.do("chased")
    assert scene.tasks() == []
    scene.past(hours=25)
    assert scene.tasks() == ["biller: chase"]
    scene.do("told", approved())
    assert (scene.one.state, scene.tasks()) == (State.APPROVED, [])


def test_units_are_counted_from_visits_that_took_place_and_a_renewal_is_drafted_when_few_are_left() -> None:
    scene = Scene(approved("3"), renew_units=1, renew_days=1).released()
    for number in range(1, 4):
        scene.book(f"w{number}", SOON + timedelta(days=7 * number))
    scene.past(minutes=3)
    assert scene.told().visits_left == Decimal(3)
    scene.until(SOON + timedelta(hours=2))
    assert scene.told().visits_left == Decimal(2)
    scene.miss("v1")
    assert scene.told().visits_left == Decimal(3)
    scene.miss("v1", undo=True)
    assert scene.told().visits_left == Decimal(2)
    scene.until(SOON + timedelta(days=7, hours=20))
    assert len(scene.all()) == 2
    renewal = scene.all()[0]
    assert (renewal.request.renews, renewal.state) == (scene.one.id, State.DRAFT)
    scene.do("confirm", CODES, by="Dr. Osei", found=renewal)
    scene.release(scene.all()[0])
    scene.past(minutes=3)
    asked = list(scene.payers.asked.values())[-1]
    assert (asked.step, asked.number) == (AuthorizationStep.RENEW, "A-77")


def test_what_was_approved_ends_by_itself_and_is_renewed_before() -> None:
    scene = Scene(approved(last=date(2026, 12, 30)), renew_days=10).released()
    scene.book("later", SOON + timedelta(days=30))
    scene.until(SOON + timedelta(days=6))
    assert len(scene.all()) == 2
    scene.until(SOON + timedelta(days=17))
    assert scene.one.state is State.EXPIRED


def test_a_denial_is_a_task_with_its_reason_and_the_last_day_of_an_appeal_and_an_appeal_waits_for_the_plan() -> (
    None
):
    scene = Scene(Ruled(Verdict.DENIED, reasons=(("0M", "NOT SHOWN"),)), appeal_days=60).released()
    scene.past(minutes=3)
    [task] = scene.open_tasks()
    told = dict(task.details)
    assert (told["about"], told["reason"], told["by"]) == ("denied", "0M", "2027-01-30")
    assert scene.told().told == "denied"
    scene.do("appeal")
    assert (scene.one.state, scene.tasks(), scene.told().told) == (State.PENDED, [], "waiting")
    assert scene.one.decide_by == scene.now + timedelta(days=30)


def test_a_denial_calls_for_somebody_again_before_the_time_to_appeal_it_is_over_unless_nobody_is_to() -> None:
    scene = Scene(Ruled(Verdict.DENIED, reasons=(("0M", "NOT SHOWN"),))).released()
    scene.past(minutes=3)
    denied = scene.now
    with scene.tx() as tx:
        for task in tx.tasks.list_open():
            tx.tasks.close(task.id, BILLER)
    scene.until(denied + timedelta(days=165))
    assert scene.tasks() == []
    scene.until(denied + timedelta(days=166, minutes=5))  # of a commercial plan's 180 days
    assert scene.tasks() == ["biller: appeal_soon"]
    scene.do("let_stand")
    assert scene.tasks() == []
    scene.do("undo", scene.one.steps[-1].id)
    scene.until(denied + timedelta(days=190))
    assert scene.tasks() == ["biller: appeal_soon"]
    scene.do("appeal")
    scene.past(days=29.5)
    assert "biller: soon" in scene.tasks()
    scene.past(days=1)
    assert "biller: over" in scene.tasks()


def test_the_time_to_appeal_is_that_of_the_payers_class_and_counts_from_the_day_of_its_letter() -> None:
    scene = Scene(PENDED, polled=False).released()
    scene.past(minutes=5, days=3)
    letter = scene.now - timedelta(days=2)
    one = scene.one
    with scene.tx() as tx:
        scene.acts.told(tx, one, Ruled(Verdict.DENIED), BILLER, scene.now, letter)
    rules = AuthorizationPayer("aetna")
    for payer_class, days in (("commercial", 180), ("medicaid", 60), ("medicare", 60), ("other", 60)):
        insurers = tuple(
            replace(each, payer_class=payer_class) if each.id == "aetna" else each
            for each in scene.practice.insurers
        )
        practice = replace(scene.practice, insurers=insurers)
        by = clocks.appeal_by(practice, scene.one, rules)
        assert by is not None and by.date() == letter.date() + timedelta(days=days)


def test_a_plan_that_wants_more_is_a_task_that_names_it_until_it_was_sent() -> None:
    more = Ruled(Verdict.INFO_REQUESTED, ticket="T1", asked_for=("Progress summary",))
    scene = Scene(more, PENDED).released()
    scene.past(minutes=3)
    [task] = scene.open_tasks()
    assert (dict(task.details)["wants"], scene.told().told) == ("Progress summary", "wants_more")
    assert scene.release() == "state", "the payer has the request: it would be another one"
    scene.do("sent_by_hand")
    assert (scene.one.state, scene.tasks()) == (State.PENDED, [])


def test_what_the_payer_has_is_cancelled_there_and_a_draft_or_a_fresh_release_is_taken_back_here() -> None:
    scene = Scene(PENDED).drafted()
    scene.confirm()
    scene.release()
    step = scene.one.steps[-1]
    scene.do("undo", step.id)
    scene.past(minutes=5)
    assert (scene.payers.calls, scene.one.state, scene.tasks()) == ([], State.DRAFT, ["biller: release"])
    scene.release()
    scene.do("cancel")
    assert scene.one.state is State.CANCELLED
    scene.do("undo", scene.one.steps[-1].id)
    scene.past(minutes=3)
    assert scene.do("undo", scene.one.steps[-1].id) == "state", "it has left"
    scene.do("cancel")
    scene.past(minutes=3)
    assert (scene.payers.calls, scene.one.state) == (["request", "cancel"], State.CANCELLED)


def test_a_refusal_that_comes_late_refuses_what_has_only_left_and_nothing_that_the_payer_looks_at() -> None:
    late = Refused(Why.ASKED_WRONGLY, (Rejection("provider", "33"),), of_request=True)
    left = Ruled(Verdict.LEFT, ticket="T1")
    for first, state in ((left, State.REJECTED), (PENDED, State.PENDED)):
        scene = Scene(first, late, *[replace(PENDED, ticket="")] * 9).released()
        scene.past(hours=3)
        assert scene.one.state is state


def test_a_cancellation_that_the_payer_refuses_is_somebodys_to_tell_it() -> None:
    scene = Scene(PENDED, Refused(Why.ASKED_WRONGLY)).released()
    scene.past(minutes=3)
    scene.do("cancel")
    scene.past(minutes=3)
    assert scene.tasks() == ["biller: cancel_by_hand"]
    scene.do("cancelled_by_hand")
    assert (scene.one.state, scene.tasks()) == (State.CANCELLED, [])


def test_an_answer_that_says_the_same_is_no_news_and_one_with_more_in_it_is() -> None:
    scene = Scene(PENDED, PENDED, replace(PENDED, number="A-9"), approved()).released()
    scene.past(hours=3)
    assert [step.kind for step in scene.one.steps][-1] == "asked_again"
    scene.past(hours=7)
    assert ([step.kind for step in scene.one.steps][-1], scene.one.number) == ("answer", "A-9")


# -- what keeps it back ------------------------------------------------------------------------------------------------


def test_prv_05_whoever_wants_their_plan_told_nothing_is_told_of_nowhere_even_after_the_release() -> None:
    scene = Scene().drafted()
    scene.confirm()
    scene.release()
    with scene.tx() as tx:
        plan_kept.restrict(tx, ANNA.id, by="Sam", now=scene.now)
    scene.past(minutes=5)
    assert (scene.payers.calls, scene.told().told) == ([], "person")
    assert scene.tasks() == ["biller: gate"]
    with scene.tx() as tx:
        plan_kept.lift_restriction(tx, ANNA.id, by="Sam", now=scene.now)
    scene.past(days=1)
    assert scene.payers.calls[0] == "request", (
        "a release that was kept back goes when nothing stands in its way"
    )


def test_sec_11_nothing_leaves_to_a_party_without_an_agreement() -> None:
    scene = Scene(party="Somebody Exchange").drafted()
    scene.confirm()
    assert scene.release() == "gate"


def test_p2_03_a_part_2_practice_asks_by_paper_alone_and_with_written_consent() -> None:
    scene = Scene(part_2=True).drafted()
    scene.confirm()
    assert scene.release() == "gate"
    with scene.tx() as tx:
        plan_gates.keep_answer(tx, ANNA.id, "plan_part_2", True, wording="paper", now=scene.now)
    scene.release()
    scene.past(hours=1)
    assert (scene.payers.calls, scene.tasks()) == ([], ["biller: send_paper"])
    scene.do("sent_by_hand")
    assert scene.one.state is State.SUBMITTED


def test_a_draft_whose_visit_or_insurer_is_gone_is_set_aside_and_one_that_left_is_somebodys_to_look_at() -> (
    None
):
    scene = Scene().drafted()
    scene.cancel()
    scene.past(days=1)
    assert (scene.one.state, scene.one.why, scene.tasks()) == (State.CANCELLED, "no_visit", [])
    scene = Scene(PENDED, *[PENDED] * 9).released()
    scene.past(minutes=3)
    scene.change(insurer="cigna", member_id="C1")
    scene.past(days=1)
    assert "biller: changed" in scene.tasks()


def test_prv_05_a_draft_for_whoever_pays_themselves_is_set_aside_and_none_is_drawn_up_until_that_is_lifted() -> (
    None
):
    scene = Scene().drafted()
    with scene.tx() as tx:
        plan_kept.restrict(tx, ANNA.id, by="Sam", now=scene.now)
    scene.past(days=1)
    scene.book("v2", SOON + timedelta(days=7))
    scene.past(hours=1)
    assert ([each.state for each in scene.all()], scene.tasks()) == ([State.CANCELLED], [])
    with scene.tx() as tx:
        plan_kept.lift_restriction(tx, ANNA.id, by="Sam", now=scene.now)
    scene.book("v3", SOON + timedelta(days=14))
    scene.past(hours=1)
    assert [each.state for each in scene.all()] == [State.DRAFT, State.CANCELLED]


# -- whether it is needed ----------------------------------------------------------------------------------------------


def test_what_nobody_knows_is_asked_once_by_a_biller_and_a_second_visit_is_covered_by_the_first_draft() -> (
    None
):
    scene = Scene(need="ask")
    scene.book()
    scene.book("v2", SOON + timedelta(days=7))
    scene.past(hours=1)
    assert (scene.tasks(), scene.all()) == (["biller: ask"], ())
    scene = Scene().drafted()
    scene.book("v2", SOON + timedelta(days=7))
    scene.past(hours=1)
    assert len(scene.all()) == 1


def test_the_plans_own_yes_draws_up_a_draft_at_once_and_ends_the_question_to_the_biller() -> None:
    scene = Scene(need="ask")
    scene.book()
    scene.past(hours=1)
    assert scene.tasks() == ["biller: ask"]
    share = BenefitRow(3, "A", "IND", ("MH",), network=Network.IN, authorization=True)
    scene.plans.plans[NUMBER] = (ACTIVE, COPAY, share)
    scene.past(days=2)
    scene.book("v2", SOON + timedelta(days=7))
    scene.past(minutes=1)
    assert (scene.one.state, scene.tasks()) == (State.DRAFT, ["clinician: codes"])


def test_a_forgotten_person_takes_theirs_along() -> None:
    scene = Scene().released()
    with scene.tx() as tx:
        tx.people.forget(ANNA.id)
    scene.past(days=2)
    with scene.tx() as tx:
        assert kept.everybodys(tx) == ()
    assert scene.payers.calls == []


def page_text(content: bytes) -> str:
    """What is written on a page, by its streams."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.S)
    drawn = b"\n".join(zlib.decompress(each) for each in streams if each.startswith(b"x"))
    return " ".join(re.findall(r"\(((?:[^()\\]|\\.)*)\)", drawn.decode("latin-1")))


@pytest.mark.parametrize("part_2", [True, False])
def test_p2_03_the_page_to_fax_says_what_the_payer_asks_for_and_carries_the_notice_of_a_part_2_practice(
    part_2: bool,
) -> None:
    scene = Scene(by="paper", part_2=part_2).drafted()
    scene.confirm()
    with scene.tx() as tx:
        plan_gates.keep_answer(tx, ANNA.id, "plan_part_2", True, wording="paper", now=scene.now)
    scene.release()
    one = scene.one
    with scene.tx() as tx:
        text = page_text(fax(tx, scene.practice, tx.people.get(ANNA.id), one, scene.now))
    assert all(
        said in text
        for said in (
            "Anna Lindqvist",
            "F41.1",
            "90837 × 8",
            "2026-12-10 to 2027-03-10",
            "Aetna",
            r"\(212\) 555-0188",
        )
    )
    assert ("42 CFR part 2 prohibits unauthorized use or disclosure" in text) is part_2
    assert ("written consent of 2026-12-01" in text) is part_2
