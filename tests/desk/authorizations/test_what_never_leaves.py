"""What must not leave, though it was let go once: the payer learns nothing that nobody wants it to know any more."""

from datetime import timedelta

import pytest

from lamplighter.console.authorization_shown import shown
from lamplighter.desk import plan_gates, plan_kept
from lamplighter.desk.authorizations.fax import fax
from lamplighter.desk.authorizations.model import State
from lamplighter.desk.ports import Job
from lamplighter.desk.ports.authorizations import Ruled, Verdict
from lamplighter.desk.ports.clearinghouse import Refused, Why
from tests.desk.authorizations.scene import Scene
from tests.desk.authorizations.test_life import page_text
from tests.desk.eligibility.scene import ANNA

PENDED = Ruled(Verdict.PENDED, ticket="T1")


def consent(scene: Scene, given: bool) -> None:
    with scene.tx() as tx:
        plan_gates.keep_answer(tx, ANNA.id, "plan_check", given, wording="paper", now=scene.now)


@pytest.mark.parametrize("held_back", [False, True])
def test_once_a_release_that_staff_cancelled_never_reaches_the_payer_whatever_job_was_set_for_it(
    held_back: bool,
) -> None:
    scene = Scene(PENDED).released()
    released = scene.one.released
    assert released is not None
    if held_back:
        consent(scene, False)
        scene.past(minutes=5)
    args = (("authorization", scene.one.id), ("step", released.id))
    with scene.tx() as tx:
        tx.jobs.enqueue(Job("for want of room", "authorization_send", scene.now + timedelta(minutes=9), args))
    scene.do("cancel")
    consent(scene, True)
    scene.past(days=2)
    assert (scene.payers.calls, scene.one.state, scene.tasks()) == ([], State.CANCELLED, [])
    scene.house.desk.authorizations.send(
        scene.practice.id, Job("late", "authorization_send", scene.now, args)
    )
    assert (scene.payers.calls, scene.one.state) == ([], State.CANCELLED)


def test_a_release_whose_visit_was_called_off_before_it_left_is_set_aside() -> None:
    scene = Scene(PENDED).released()
    scene.cancel()
    scene.past(minutes=5)
    assert (scene.payers.calls, scene.one.state, scene.one.why) == ([], State.CANCELLED, "no_visit")
    scene.past(days=2)
    assert (scene.payers.calls, scene.tasks()) == ([], [])


def test_once_what_was_handed_over_by_hand_is_not_sent_again_by_a_channel_that_comes_later() -> None:
    scene = Scene(PENDED)
    desk = scene.house.desk.authorizations
    channels, desk._channels = desk._channels, None
    scene.released()
    scene.do("sent_by_hand")
    desk._channels = channels
    scene.past(days=2)
    assert (scene.payers.calls, scene.one.state) == ([], State.SUBMITTED)
    assert scene.tasks() == ["biller: chase"], "a person follows it up, as what went by hand is"


def test_once_a_release_that_somebody_hands_over_before_it_goes_by_itself_goes_by_hand_alone() -> None:
    scene = Scene(PENDED).released()
    scene.do("sent_by_hand")
    scene.past(days=1)
    assert (scene.payers.calls, scene.one.state) == ([], State.SUBMITTED)


def test_a_former_insurer_is_never_told_the_number_of_a_new_plan_and_is_told_to_cancel_under_its_own() -> (
    None
):
    scene = Scene(PENDED).released()
    scene.past(minutes=3)
    scene.change(insurer="cigna", member_id="CIGNA9")
    scene.past(hours=3)
    assert scene.payers.calls == ["request"], "nobody asks after it by itself"
    assert scene.do("ask") == "changed"
    scene.do("cancel")
    scene.past(minutes=3)
    assert (scene.payers.calls, scene.one.state) == (["request", "cancel"], State.CANCELLED)
    assert {each.subscriber.member_id for each in scene.payers.asked.values()} == {ANNA.member_id}


def test_once_a_request_whose_answer_can_not_be_read_is_asked_after_and_goes_again_under_its_own_trace_alone() -> (
    None
):
    scene = Scene(Refused(Why.UNREADABLE), Refused(Why.UNREADABLE), PENDED, polled=False).released()
    scene.past(minutes=5)
    assert (scene.one.state, scene.tasks()) == (State.SUBMITTED, ["biller: unread"])
    assert scene.told().told == "person", "the plan may well have it"
    assert not isinstance(scene.release(), str)
    scene.past(minutes=5)
    assert (scene.payers.calls, len(scene.payers.asked)) == (["request", "request"], 1)
    assert scene.tasks() == ["biller: unread"]
    scene.do("told", PENDED)
    assert (scene.one.state, scene.tasks(), scene.told().told) == (State.PENDED, [], "waiting")


def test_a_password_that_ran_out_is_tried_again_by_itself_and_nothing_is_rejected_by_it() -> None:
    scene = Scene(Refused(Why.NOT_ALLOWED), PENDED).released()
    scene.past(minutes=4)
    assert (scene.one.state, scene.told().told) == (State.SUBMITTED, "person")
    with scene.tx() as tx:
        assert "plan_key" in [each.kind for each in tx.tasks.list_open()], "the operator learns of it"
    scene.past(minutes=10)
    assert (scene.one.state, len(scene.payers.asked)) == (State.PENDED, 1)


def test_prv_05_p2_03_tracked_work_is_held_back_by_a_restriction_and_by_consent_and_carries_the_notice() -> (
    None
):
    scene = Scene(part_2=True)
    track(scene)
    assert sorted(scene.tasks()) == ["biller: gate", "clinician: bridge"], "no written consent is on record"
    assert scene.do("sent_by_hand") == "gate"
    one = scene.one
    with scene.tx() as tx:
        plan_gates.keep_answer(tx, ANNA.id, "plan_part_2", True, wording="paper", now=scene.now)
        plan_kept.restrict(tx, ANNA.id, by="Sam", now=scene.now)
        page = shown(tx, scene.practice, scene.house.desk.authorizations, one, ["biller"], scene.now)
    assert page is not None and page.reason and "sent" not in page.may
    assert scene.do("sent_by_hand") == "gate"
    with scene.tx() as tx:
        plan_kept.lift_restriction(tx, ANNA.id, by="Sam", now=scene.now)
        text = page_text(fax(tx, scene.practice, tx.people.get(ANNA.id), one, scene.now))
    assert "42 CFR part 2 prohibits unauthorized use" in text and "written consent of 2026-12-01" in text
    assert not isinstance(scene.do("sent_by_hand"), str)
    assert scene.tasks() == ["clinician: bridge"]


def test_rule_38_whoever_pays_for_visits_themselves_may_have_a_drug_asked_of_their_plan() -> None:
    scene = Scene()
    scene.change(self_pay=True)
    track(scene)
    assert not isinstance(scene.do("sent_by_hand"), str)


def track(scene: Scene) -> None:
    with scene.tx() as tx:
        scene.acts.track(tx, tx.people.get(ANNA.id), "drug", "aetna", "Sam", scene.now)
