"""What happens next, whatever a payer answers."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from lamplighter.desk import eligibility, stopping
from lamplighter.desk.ports import Task
from lamplighter.desk.ports.clearinghouse import Refused, Reply, Why
from lamplighter.desk.ports.coverage import BenefitRow, EligibilityQuestion, OtherParty
from lamplighter.practice.sample import load_sample
from tests.desk.eligibility.scene import ACTIVE, ANNA, AT, CARVED, NUMBER, SOON, Payers, Scene, days, refuses

MORNING = datetime(2026, 12, 14, 14, 0, tzinfo=UTC)  # nine in New York, the day before


def lost() -> Payers:
    return Payers(plans={})


def test_whoever_is_not_found_is_asked_once_for_their_number_in_words_that_tell_nothing() -> None:
    scene = Scene(payers=lost())
    scene.book()
    scene.until(MORNING - days(1))
    asked = [text for text in scene.texts() if "member ID" in text]
    assert asked == [
        (
            "HLC Office: a number we have for you doesn't match. Please text the member ID on your card, or call "
            "(212) 555-0100. STOP to opt out."
        )
    ]
    assert len(scene.payers.told) == 2
    assert scene.tasks("plan_number", "plan_check") == []
    scene.until(MORNING + timedelta(seconds=1))
    [task] = scene.tasks("plan_number")
    assert (task.route, task.person) == ("desk", ANNA.id)


def test_a_number_that_comes_in_time_is_asked_about_and_needs_nobody() -> None:
    scene = Scene(payers=lost())
    scene.book()
    scene.until(AT + days(2))
    scene.payers.plans = {"W987654321": ()}
    scene.change(member_id="W987654321")
    scene.until(SOON)
    assert scene.outcomes()[0] == "answered"
    assert scene.tasks("plan_number") == []


def test_whoever_is_not_found_the_day_before_or_wants_no_texts_is_asked_by_a_person() -> None:
    near = Scene(payers=lost())
    near.book(start=AT + timedelta(hours=20))
    near.a_moment()
    called = Scene(replace(ANNA, contact_channel="voice"), payers=lost())
    called.book()
    called.a_moment()
    for scene in (near, called):
        assert [task.kind for task in scene.tasks("plan_number")] == ["plan_number"]
        assert not any("member ID" in text for text in scene.texts())


def test_an_open_crisis_and_whatever_was_stopped_hold_the_message_about_a_number() -> None:
    for hold in ("crisis", "in_hospital"):
        scene = Scene(payers=lost())
        with scene.tx() as tx:
            if hold == "crisis":
                tx.tasks.add(Task("t1", "handoff", "person_now", AT, person=ANNA.id))
            else:
                stopping.stop(tx, ANNA.id, "in_hospital", by="Sam", now=AT)
        scene.book()
        scene.until(AT + timedelta(hours=6))
        assert scene.outcomes() == ["not_found"]
        assert not any("member ID" in text for text in scene.texts())


@pytest.mark.parametrize("why", [Why.NOT_ENROLLED, Why.ASKED_WRONGLY, Why.UNREADABLE])
def test_what_is_wrong_with_our_question_is_one_task_of_the_biller_for_all_of_it(why: Why) -> None:
    scene = Scene(payers=refuses(why, 9))
    scene.book("v1")
    scene.book("v2", SOON + days(1))
    scene.until(SOON + days(2))
    [task] = scene.tasks("plan_check")
    assert (task.route, task.person, task.details) == ("biller", ANNA.id, ())
    assert not any("member ID" in text for text in scene.texts())


def test_an_answer_that_comes_after_all_takes_the_billers_task_off_the_board() -> None:
    scene = Scene(payers=refuses(Why.UNREADABLE))
    scene.book()
    scene.until(AT + days(1))
    assert len(scene.tasks("plan_check")) == 1
    scene.until(SOON)
    assert scene.outcomes()[0] == "answered"
    assert scene.tasks("plan_check") == []


def test_a_carve_out_that_the_files_do_not_name_is_the_billers_until_a_person_has_seen_to_it_and_then_no_more() -> (
    None
):
    unnamed = BenefitRow(3, "U", services=("MH",), others=(OtherParty("X3", "Unknown Behavioral"),))
    scene = Scene(payers=Payers(plans={NUMBER: (ACTIVE, unnamed)}))
    scene.book()
    scene.until(SOON - days(2))
    assert scene.outcomes() == ["answered"] * 2
    [task] = scene.tasks("plan_check")
    assert (task.route, task.person) == ("biller", ANNA.id)
    with scene.tx() as tx:
        tx.tasks.close(task.id, "Sam")
    scene.until(SOON)
    assert (scene.outcomes(), scene.tasks("plan_check")) == (["answered"] * 3, [])


@dataclass
class Apart(Payers):
    """Refuses for one payer or service, with the rest of the plan as it is."""

    at: str = "DEMO9"
    why: Why = Why.NOT_FOUND

    def ask(self, question: EligibilityQuestion, deadline: float) -> Reply:
        if self.at in (question.payer.id, *question.services):
            self.told.append(question)
            return Refused(self.why)
        return super().ask(question, deadline)


@pytest.mark.parametrize("why", [Why.NOT_FOUND, Why.NOT_ENROLLED])
def test_what_a_carve_out_says_is_the_billers_and_stays_when_the_plan_itself_answers_and_the_number_is_right(
    why: Why,
) -> None:
    payers = Apart(plans={NUMBER: (ACTIVE, CARVED)}, why=why)
    scene = Scene(payers=payers)
    scene.book()
    for moment in (AT + days(1), SOON):
        scene.until(moment)
        assert [each.kind for each in scene.tasks("plan_check", "plan_number")] == ["plan_check"]
    assert not any("member ID" in text for text in scene.texts())
    payers.at = "nobody"
    scene.book("v2", SOON + days(9))
    scene.until(SOON + days(1))
    assert scene.tasks("plan_check") == []


def test_a_number_that_was_accepted_for_one_service_is_not_asked_for_because_of_another() -> None:
    sample = load_sample()
    of = tuple(replace(each, services=("30", "MH")) for each in sample.eligibility.payers)
    practice = replace(sample, eligibility=replace(sample.eligibility, payers=of))
    scene = Scene(payers=Apart(at="MH"), practice=practice)
    scene.book()
    scene.until(MORNING + days(1))
    assert [each.kind for each in scene.tasks("plan_check", "plan_number")] == ["plan_check"]
    assert not any("member ID" in text for text in scene.texts())


def test_a_key_that_is_refused_is_for_the_operator_once_a_day_and_tried_again_in_the_morning() -> None:
    scene = Scene(payers=refuses(Why.NOT_ALLOWED))
    scene.book("v1")
    scene.until(AT + timedelta(hours=1))
    [task] = scene.tasks("plan_key")
    assert task.person is None
    scene.until(AT + days(1))
    assert scene.outcomes() == ["answered", "not_allowed"]
    assert len(scene.traces()) == 1


def test_where_a_payer_says_that_they_have_died_a_person_looks_and_nothing_is_sent_until_they_decide() -> (
    None
):
    scene = Scene(payers=Payers(says=[Refused(Why.DIED)]))
    scene.book()
    scene.a_moment()
    [task] = scene.tasks("plan_died")
    assert (task.route, task.person) == ("desk", ANNA.id)
    scene.until(SOON - timedelta(hours=30))
    assert scene.texts() == []
    with scene.tx() as tx:
        assert [(each.stop, each.by) for each in stopping.of(tx, ANNA.id)] == [("held_to_look", "agent")]
        stopping.lift(tx, ANNA.id, "held_to_look", by="Sam", now=scene.now)
        eligibility.plan_anew(tx, scene.practice, ANNA.id, scene.now)
    scene.until(SOON)
    assert len(scene.texts()) == 1
    assert (scene.outcomes()[0], len(scene.payers.told)) == ("answered", 2)


def test_a_death_that_a_person_has_ruled_out_is_never_put_back_by_the_same_payer_and_a_person_looks_again() -> (
    None
):
    scene = Scene(payers=refuses(Why.DIED, 9))
    scene.book()
    scene.a_moment()
    [task] = scene.tasks("plan_died")
    with scene.tx() as tx:
        stopping.lift(tx, ANNA.id, "held_to_look", by="Sam", now=scene.now)
        tx.tasks.close(task.id, "Sam")
    scene.until(SOON)
    with scene.tx() as tx:
        assert stopping.of(tx, ANNA.id) == ()
    assert scene.outcomes() == ["died"] * 3
    assert len(scene.tasks("plan_died")) == 1
    assert [text for text in scene.texts() if "see you Tuesday" in text] != []


def test_no_job_and_no_log_line_holds_a_name_a_number_or_an_insurer() -> None:
    scene = Scene(payers=lost())
    scene.book()
    scene.until(AT + timedelta(minutes=1))
    with scene.tx() as tx:
        written = repr(
            [job for job in tx.jobs.pending() if job.name.startswith(("elig", "ask_plan", "plan_"))]
        )
    assert written != "[]"
    assert not any(secret in written for secret in (NUMBER, "Anna", "Lindqvist", "etna", "DEMO1"))
