"""Nobody pays twice: one question for a member, payer, service and month within the window, whoever asks, and under one
trace whatever crashes or fails."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.desk import plan_gates, plan_kept
from lamplighter.desk.ports import Job
from lamplighter.desk.ports.clearinghouse import Answered, Pending, Refused, Reply, Why
from lamplighter.desk.ports.coverage import EligibilityQuestion
from tests.desk.eligibility.scene import ACTIVE, ANNA, AT, CARVED, NUMBER, SOON, Payers, Scene, days, refuses

MINUTES = st.integers(0, 60 * 24 * 6)
REPLIES = st.sampled_from(
    [
        Refused(Why.PAYER_DOWN),
        Refused(Why.UNREACHABLE),
        Refused(Why.NOT_FOUND),
        Pending("t1"),
        Answered((ACTIVE,)),
    ]
)


@settings(max_examples=12, deadline=None)
@given(st.lists(MINUTES, max_size=4), st.lists(MINUTES, max_size=4), st.lists(REPLIES, max_size=6))
def test_in_any_order_of_visits_clicks_and_failures_a_window_has_one_question_and_a_question_one_trace(
    visits: list[int], clicks: list[int], replies: list[object]
) -> None:
    scene = Scene(payers=Payers(says=list(replies)))  # type: ignore[arg-type]
    acts = sorted([(at, "visit") for at in visits] + [(at, "click") for at in clicks])
    for number, (at, what) in enumerate(acts):
        scene.until(AT + timedelta(minutes=at))
        if what == "visit":
            scene.book(f"v{number}", SOON + timedelta(days=number))
            continue
        with scene.tx() as tx:
            person = tx.people.get(ANNA.id)
            scene.house.desk.plans.begin(tx, person, None, scene.now, by="Sam")
    scene.until(SOON + days(6))
    with scene.tx() as tx:
        asked = sorted(plan_kept.questions(tx, ANNA.id), key=lambda each: each.at)
    assert all(later.at - earlier.at >= timedelta(hours=24) for earlier, later in pairwise(asked))
    assert scene.traces() <= {each.trace for each in asked}
    assert len({each.trace for each in asked}) == len(asked)


def test_two_visits_booked_at_once_and_a_click_in_between_are_one_question() -> None:
    scene = Scene()
    scene.book("v1")
    scene.book("v2", SOON + timedelta(hours=2))
    with scene.tx() as tx:
        person = tx.people.get(ANNA.id)
        first = scene.house.desk.plans.begin(tx, person, None, scene.now, by="Sam")
        second = scene.house.desk.plans.begin(tx, person, None, scene.now, by="Kim")
    scene.a_moment()
    assert (first.anew, second.anew, first.questions) == (True, False, second.questions)
    assert len(scene.payers.told) == 1


def test_a_worker_that_dies_while_a_payer_is_asked_asks_again_under_the_same_trace() -> None:
    class Dies(Payers):
        def ask(self, question: object, deadline: float) -> object:  # type: ignore[override]
            self.told.append(question)  # type: ignore[arg-type]
            raise KeyboardInterrupt

    scene = Scene(payers=Dies())
    scene.book()
    for _ in range(2):
        with suppress(KeyboardInterrupt):
            scene.a_moment()
    with scene.tx() as tx:
        [question] = plan_kept.questions(tx, ANNA.id)
    plans = scene.house.desk.plans
    plans._clearinghouses = Payers()
    for _ in range(2):  # it is run again by whoever takes up its work, and once too often
        plans.ask(scene.practice.id, Job("again", "ask_plan", AT, (("question", question.id),)))
    assert scene.traces() == {question.trace} == {each.trace for each in plans._clearinghouses.told}
    assert len(plans._clearinghouses.told) == 1
    assert scene.outcomes() == ["answered"]


def test_a_payer_that_is_down_is_asked_again_under_one_trace_after_minutes_hours_and_every_morning() -> None:
    scene = Scene(payers=refuses(Why.PAYER_DOWN, 6))
    scene.book(start=AT + days(3.5))
    times = []
    while (due := scene.house.jobs.next_due()) is not None and due < AT + days(3.5):
        before = len(scene.payers.told)
        scene.until(due)
        times += [scene.now - AT] if len(scene.payers.told) > before else []
    minutes = [round(each.total_seconds() / 60) for each in times]
    mornings = [19 * 60 + day * 24 * 60 for day in (0, 1, 2)]
    assert minutes == [0, 5, 35, 155, *mornings]
    assert len(scene.traces()) == 1
    assert scene.outcomes() == ["answered", *["payer_down"] * 6]
    assert scene.tasks("plan_check") == []


def test_a_payer_that_stays_down_until_the_visit_is_left_to_the_biller() -> None:
    scene = Scene(payers=refuses(Why.PAYER_DOWN, 60))
    scene.book()
    scene.until(SOON + days(1))
    [task] = scene.tasks("plan_check")
    assert (task.route, task.person) == ("biller", ANNA.id)
    assert len(scene.traces()) == 1


def test_what_is_pending_is_looked_at_again_under_its_ticket_and_never_asked_anew() -> None:
    says = [Pending("t7"), Refused(Why.UNREACHABLE), Pending("t7"), Answered((ACTIVE,))]
    scene = Scene(payers=Payers(says=list(says)))
    scene.book()
    scene.until(AT + days(1))
    assert (len(scene.payers.told), scene.payers.looked) == (1, ["t7"] * 3)
    assert scene.outcomes() == ["answered", "pending", "unreachable", "pending"]


def test_a_payer_that_was_down_behind_a_ticket_is_asked_anew_under_the_same_trace() -> None:
    says = [Pending("t7"), Refused(Why.PAYER_DOWN), Pending("t8"), Answered((ACTIVE,))]
    scene = Scene(payers=Payers(says=list(says)))
    scene.book()
    scene.until(AT + days(1))
    assert scene.payers.looked == ["t7", "t8"]
    assert len(scene.payers.told) == 2 and len({each.trace for each in scene.payers.told}) == 1
    assert scene.outcomes()[0] == "answered"


def test_a_payer_that_names_somebody_else_for_this_care_sends_one_more_question_there_and_no_further() -> (
    None
):
    scene = Scene(payers=Payers(plans={NUMBER: (ACTIVE, CARVED)}))
    scene.book()
    scene.until(AT + timedelta(hours=3))
    assert [(each.payer.id, each.services) for each in scene.payers.told] == [
        ("DEMO1", ("30",)),
        ("DEMO9", ("MH",)),
    ]
    assert len(scene.traces()) == 2


def test_one_member_under_two_records_of_perhaps_one_person_is_one_question() -> None:
    scene = Scene()
    twin = replace(ANNA, id="twin", perhaps=ANNA.id, phone="+12125550145")
    with scene.tx() as tx:
        tx.people.add(twin)
    scene.book("v1")
    scene.book("v2", SOON + timedelta(hours=2), person="twin")
    scene.a_moment()
    assert len(scene.payers.told) == 1


def test_a_payer_that_answers_slowly_never_takes_more_than_two_hands() -> None:
    class Slow(Payers):
        def ask(self, question: EligibilityQuestion, deadline: float) -> Reply:
            inside.append(question.trace)
            if len(inside) <= 2:  # while this one waits for its payer, whatever else is due runs
                scene.house.jobs.run_due(scene.now)
            reply = super().ask(question, deadline)
            inside.pop()
            most.append(len(inside) + 1)
            return reply

    inside: list[str] = []
    most: list[int] = []
    scene = Scene(payers=Slow())
    with scene.tx() as tx:
        for number in range(4):
            other = replace(
                ANNA, id=f"p{number}", member_id=f"W00000000{number}", phone=f"+1212555015{number}"
            )
            tx.people.add(replace(other, date_of_birth=date(1980, 1, 1 + number)))
            plan_gates.keep_answer(tx, other.id, "plan_check", True, wording="paper", now=AT)
    for number in range(4):
        scene.book(f"v{number}", SOON + timedelta(hours=number), person=f"p{number}")
    scene.until(AT + timedelta(minutes=3))
    assert max(most) <= 2
    assert len(scene.traces()) == 4
