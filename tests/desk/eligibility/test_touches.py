"""When a plan is asked: at booking, three days and the morning before, and anew when it changes or a month begins."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from lamplighter.conversation.actions import Cancel, Done, Move, Request
from lamplighter.desk import booking, eligibility, plan_outcomes, reminders
from lamplighter.desk.benefits import State
from lamplighter.desk.context import Errand
from lamplighter.desk.ports.clearinghouse import Why
from tests.desk.eligibility.scene import ANNA, AT, NUMBER, SOON, Payers, Scene, days, refuses


def planned(scene: Scene) -> list[tuple[str, datetime]]:
    with scene.tx() as tx:
        return [
            (job.key.rpartition(":")[2], job.due) for job in tx.jobs.pending() if job.name == eligibility.JOB
        ]


def test_a_plan_is_asked_when_a_visit_is_booked_three_days_before_and_on_the_morning_before() -> None:
    scene = Scene()
    scene.book()
    scene.until(SOON)
    told = [(each.payer.id, each.subscriber.member_id, each.day) for each in scene.payers.told]
    assert told == [("DEMO1", NUMBER, SOON.date())] * 3
    assert scene.outcomes() == ["answered"] * 3
    with scene.tx() as tx:
        visit = tx.schedule.visit("v1")
    found = plan_outcomes.figures(scene.practice, visit, scene.readings()[0])
    assert (found.copay.state, str(found.copay.value.amount), found.copay.row.number) == (
        State.KNOWN,
        "20.00",
        2,
    )


def test_a_visit_of_next_month_is_asked_about_anew_when_its_month_begins() -> None:
    scene = Scene()
    start = datetime(2027, 1, 12, 19, 0, tzinfo=UTC)
    scene.book(start=start)
    scene.until(datetime(2027, 1, 5, tzinfo=UTC))
    assert [each.day for each in scene.payers.told] == [None, start.date()]
    assert len(scene.traces()) == 2


def act(scene: Scene, do: Callable[..., object], request: Request) -> object:
    state = scene.house.call().state
    with scene.tx() as tx:
        local = scene.now.astimezone(scene.practice.timezone)
        return do(Errand(tx, scene.practice, state, local, lambda: "123456"), request)


def test_the_questions_of_a_visit_move_with_it_and_go_with_it() -> None:
    scene = Scene()
    visit = scene.book()
    scene.a_moment()
    later = replace(visit.slot, start=SOON + days(7))
    assert isinstance(act(scene, booking.move, Move(visit.id, later)), Done)
    scene.a_moment()
    assert planned(scene) == [
        ("72", later.start - days(3)),
        ("morning", datetime(2026, 12, 21, 12, 0, tzinfo=UTC)),
    ]
    act(scene, booking.cancel, Cancel(visit.id))
    assert planned(scene) == []
    scene.until(SOON + days(8))
    assert len(scene.payers.told) == 1


def test_a_question_that_waits_for_its_payer_goes_with_the_last_visit_and_leaves_nobody_a_task() -> None:
    scene = Scene(payers=refuses(Why.PAYER_DOWN, 60))
    visit = scene.book()
    scene.a_moment()
    act(scene, booking.cancel, Cancel(visit.id))
    scene.until(SOON)
    assert (len(scene.payers.told), scene.outcomes()[0]) == (1, "withdrawn")
    assert scene.tasks("plan_check") == []


def test_a_booking_that_comes_to_nothing_leaves_no_question() -> None:
    scene = Scene()
    slot = Scene().book().slot
    with suppress(RuntimeError), scene.tx() as tx:
        visit = tx.schedule.book("v1", slot, [ANNA.id], "test", AT, "booked")
        reminders.plan_for_all(tx, scene.practice, visit, AT)
        raise RuntimeError
    assert planned(scene) == []
    scene.a_moment()
    assert scene.payers.told == []


def test_a_number_that_is_put_right_is_asked_about_at_once_and_never_the_old_one_again() -> None:
    right = "W987654321"
    scene = Scene(payers=Payers(plans={right: ()}))
    scene.book()
    scene.until(AT + timedelta(hours=2))
    scene.change(member_id=right)
    scene.until(AT + timedelta(hours=3))
    assert [each.subscriber.member_id for each in scene.payers.told] == [NUMBER, right]
    assert scene.outcomes() == ["answered", "not_found"]


def test_whoever_has_no_plan_on_file_is_asked_about_as_soon_as_one_is_written_down() -> None:
    scene = Scene(replace(ANNA, insurer=None, member_id=None))
    scene.book()
    scene.a_moment()
    assert (planned(scene), scene.reasons(), scene.payers.told) == ([], ["no_insurer"], [])
    scene.change(insurer="cigna", member_id=NUMBER)
    scene.a_moment()
    assert [each.payer.id for each in scene.payers.told] == ["DEMO2"]
    assert [what for what, _ in planned(scene)] == ["72", "morning"]


def test_a_question_that_is_on_its_way_goes_with_its_visit_unless_another_waits_and_is_asked_anew_for_a_new_one() -> (
    None
):
    scene = Scene(payers=refuses(Why.PAYER_DOWN, 3))
    first = scene.book()
    scene.a_moment()
    act(scene, booking.cancel, Cancel(first.id))
    scene.until(AT + days(2))
    assert (scene.outcomes(), len(scene.payers.told)) == (["withdrawn", "payer_down"], 1)
    assert scene.tasks("plan_check") == []
    second = scene.book("v2", SOON + days(1))
    scene.book("v3", SOON + days(2))
    scene.a_moment()
    act(scene, booking.cancel, Cancel(second.id))
    scene.until(AT + days(3))
    assert scene.outcomes() == ["answered", "payer_down", "payer_down", "withdrawn", "payer_down"]
    assert len(scene.traces()) == 2


def test_a_question_that_was_given_up_is_asked_again_for_the_next_visit() -> None:
    scene = Scene(payers=refuses(Why.PAYER_DOWN, 99))
    near = scene.book(start=AT + days(1))
    scene.until(AT + days(1) + timedelta(minutes=1))
    with scene.tx() as tx:
        tx.schedule.set_status(near.id, "done")
    scene.until(AT + days(2))
    scene.payers.says.clear()
    scene.book("v2", SOON)
    scene.a_moment()
    assert scene.outcomes()[0] == "answered"


def test_nobody_is_asked_for_the_number_because_of_a_visit_that_was_called_off_but_of_the_next_they_are() -> (
    None
):
    scene = Scene(payers=Payers(plans={}))
    visit = scene.book()
    scene.a_moment()
    act(scene, booking.cancel, Cancel(visit.id))
    scene.until(SOON)
    assert scene.tasks("plan_number") == []
    scene.book("v2", SOON + days(9))
    scene.until(SOON + days(7))
    assert scene.tasks("plan_number") == []
    scene.until(SOON + days(8))
    assert len(scene.tasks("plan_number")) == 1
