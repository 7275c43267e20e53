"""What somebody's plan says is told while they are there: from the answer that is there, as soon as it comes, or not at
all, which is said too."""

import threading
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from lamplighter.conversation.events import Did
from lamplighter.conversation.plan_actions import PlanTold
from lamplighter.desk import bill_books, plan_gates, plan_kept
from lamplighter.desk.eligibility import AT_ONCE
from lamplighter.desk.plan_line import DEADLINE
from lamplighter.desk.ports import Job
from lamplighter.desk.ports.balances import NoBooks
from lamplighter.desk.ports.clearinghouse import Pending as WorkedOn
from lamplighter.desk.ports.clearinghouse import Refused, Reply, Why
from lamplighter.desk.ports.coverage import BenefitRow, EligibilityQuestion, Network, OtherParty
from lamplighter.practice.model import Money
from lamplighter.practice.sample import load_sample
from lamplighter.rehearsal.play import play
from lamplighter.rehearsal.reading import read_files
from lamplighter.wiring.stage import MemoryStage
from tests.desk.eligibility.scene import ACTIVE, ANNA, AT, COPAY, NUMBER, Payers, Scene
from tests.promises.desks import Call, of_kind, phrases

FILE = Path(__file__).parents[3] / "rehearsals" / "plans.yaml"
WHO = "Anna Lindqvist, april 12 1988"
COPAY_ASKED = "what's my copay"


def called(scene: Scene, asks: str = COPAY_ASKED) -> Call:
    call = scene.house.call("voice", ANNA.phone)
    call.say(asks)
    call.say(WHO)
    return call


def biller_calls(scene: Scene) -> int:
    with scene.tx() as tx:
        return sum(("about", "coverage") in task.details for task in tx.tasks.list_open())


def test_an_answer_of_today_is_told_at_once_and_nobody_pays_twice() -> None:
    scene = Scene()
    scene.book()
    scene.a_moment()
    call = called(scene)
    assert call.said[-2:] == ["plan.copay", "anything_else"]
    assert "plan.asking" not in call.said
    call.say("what's my deductible")
    assert (call.said[-2:], len(scene.payers.told)) == (["plan.not_told", "anything_else"], 1)


def test_what_is_asked_while_they_wait_is_told_once_as_soon_as_it_comes_and_serves_the_visit_as_well() -> (
    None
):
    scene = Scene()
    call = called(scene)
    assert call.said[-1] == "plan.asking"
    assert phrases(call.say("okay")) == ["plan.still"]
    scene.a_moment()
    assert call.said[-2:] == ["plan.copay", "anything_else"]
    scene.house.pass_time(120)
    assert [call.said.count(each) for each in ("plan.copay", "plan.asking")] == [1, 1]
    told = [each.answer for each in of_kind(call.bodies, Did) if isinstance(each.answer, PlanTold)]
    assert [each.state for each in told] == ["told"]
    scene.book()
    scene.a_moment()
    assert len(scene.payers.told) == 1


def test_who_waits_hears_by_the_deadline_that_nothing_came_and_that_somebody_calls_back() -> None:
    scene = Scene(payers=Payers(says=[WorkedOn("t1")]))
    call = called(scene)
    scene.until(AT + DEADLINE["voice"] - timedelta(seconds=1))
    assert call.said[-1] == "plan.asking"
    scene.house.pass_time(2)
    assert (call.said[-2:], biller_calls(scene)) == (["plan.late", "anything_else"], 1)


def test_what_comes_while_something_else_goes_on_leaves_its_question_open() -> None:
    scene = Scene(payers=Payers(says=[Refused(Why.PAYER_DOWN)]))
    scene.book()
    call = called(scene)
    assert phrases(call.say("actually I need to cancel my appointment"))[-1] != "plan.still"
    asked = call.state.asked
    assert asked
    scene.house.pass_time(60)
    assert (call.said[-1], call.state.asked) == ("plan.beside", asked)


def test_a_yes_that_the_law_wants_first_is_asked_kept_with_its_words_and_lets_the_plan_be_asked() -> None:
    scene = Scene(agreed=())
    call = called(scene)
    assert (call.said[-1], scene.payers.told) == ("ask.plan_check.own", [])
    call.say("yes that's fine")
    scene.a_moment()
    assert "plan.copay" in call.said
    with scene.tx() as tx:
        kept = tx.consents.latest(ANNA.id, "plan_check", "any")
    assert kept is not None and kept.given and kept.wording.startswith("ask.plan_check.own@")


def test_a_no_to_it_asks_nobody_and_changes_nothing() -> None:
    scene = Scene(agreed=())
    call = called(scene)
    assert phrases(call.say("no, please don't"))[0] == "plan.says_no"
    scene.house.pass_time(60)
    assert (scene.payers.told, biller_calls(scene)) == ([], 0)
    call.say("am I covered?")
    assert (call.said[-2], scene.payers.told) == ("plan.says_no", [])


def test_a_hang_up_while_it_is_asked_loses_nothing_and_says_nothing_to_nobody() -> None:
    scene = Scene()
    call = called(scene)
    scene.house.desk.contacts.hang_up(scene.practice.id, call.contact)
    before = call.said
    scene.house.pass_time(60)
    assert (call.said, scene.outcomes()) == (before, ["answered"])


def test_a_restart_while_they_wait_loses_no_answer() -> None:
    scene = Scene()
    call = called(scene)
    scene.house.reopen()
    scene.a_moment()
    assert call.said[-2:] == ["plan.copay", "anything_else"]


def test_somebody_in_danger_hears_nothing_of_a_plan_any_more() -> None:
    scene = Scene()
    call = called(scene)
    call.say("I can't do this anymore, I want to die")
    before = call.said
    scene.a_moment()
    assert ("plan.copay" in call.said, call.said[: len(before)]) == (False, before)


def test_whoever_was_put_on_file_just_now_from_their_own_number_hears_what_their_plan_says() -> None:
    [scenario] = [each for each in read_files([FILE]) if each.id == "plan-en-asked-right-after-booking"]
    played, scene = play(scenario, load_sample(), MemoryStage(), 0)
    assert played.broke is None
    with scene.records.transaction("demo") as tx:
        [visit] = tx.schedule.visits_between(scenario.at, scenario.at.replace(year=2027))
        consent = tx.consents.latest(visit.participants[0], "plan_check", "any")
    assert consent is not None and consent.given and consent.wording.startswith("ask.plan_check.own@")
    assert "$25" in "\n".join(line.said for line in played.lines)


DEDUCTIBLE = BenefitRow(
    4, "C", "IND", ("30",), period="29", amount=Money(Decimal("310.00")), network=Network.IN
)
LEFT = BenefitRow(5, "F", "IND", ("MH",), period="29", quantity_qualifier="VS", quantity=Decimal(0))
ENDED = BenefitRow(6, "6", "IND", ("30",))
SECOND = BenefitRow(7, "R", "", ("30",), others=(OtherParty("PR", "Maple Mutual"),))
APPROVES = BenefitRow(8, "A", "IND", ("MH",), authorization=True, network=Network.IN)
NOT_PAID = BenefitRow(9, "I", "IND", ("MH",))


@pytest.mark.parametrize(
    ("rows", "asked", "said"),
    [
        ((ACTIVE, COPAY), COPAY_ASKED, ["plan.copay"]),
        ((ACTIVE, COPAY, DEDUCTIBLE), COPAY_ASKED, ["plan.copay", "plan.deductible"]),
        ((ACTIVE,), COPAY_ASKED, ["plan.not_told"]),
        ((ACTIVE, DEDUCTIBLE), "what's my deductible", ["plan.deductible"]),
        ((ACTIVE, LEFT), "how many visits do I have left", ["plan.visits_left"]),
        ((ACTIVE,), "how many visits do I have left", ["plan.not_told"]),
        ((ACTIVE, APPROVES), "do I need prior authorization", ["plan.approval", "plan.looked_into"]),
        ((ACTIVE,), "am I covered", ["plan.active"]),
        ((ACTIVE, NOT_PAID), "am I covered", ["plan.not_paid_for", "plan.looked_into"]),
        ((ACTIVE, SECOND), "am I covered", ["plan.active", "plan.other_payer"]),
        ((ENDED, COPAY), COPAY_ASKED, ["plan.not_active"]),
    ],
)
def test_only_what_the_plan_told_is_told_and_the_rest_is_a_billers(
    rows: tuple[BenefitRow, ...], asked: str, said: list[str]
) -> None:
    scene = Scene(payers=Payers(plans={NUMBER: rows}))
    call = called(scene, asked)
    scene.a_moment()
    plan = [each for each in call.said if each.startswith("plan.")]
    assert plan == ["plan.asking", *said]
    [told] = [each.answer for each in of_kind(call.bodies, Did) if isinstance(each.answer, PlanTold)]
    assert (bool(told.copay), bool(told.visits_left)) == (COPAY in rows, LEFT in rows)


def test_where_the_plan_does_not_find_them_they_are_asked_there_and_not_by_a_text_as_well() -> None:
    right = "W987654321"
    scene = Scene(payers=Payers(plans={right: (ACTIVE, COPAY)}))
    call = called(scene)
    scene.a_moment()
    assert call.said[-1] == "ask.member_id.again"
    call.say(" ".join(right))
    scene.a_moment()
    assert "plan.copay" in call.said
    scene.house.pass_time(600)
    assert not scene.house.messenger.texts


def test_slow_questions_of_the_desk_keep_nobody_waiting_who_is_there() -> None:
    scene, gone, free = Scene(payers=Slow()), threading.Barrier(AT_ONCE + 1), threading.Event()
    payers = scene.payers
    assert isinstance(payers, Slow)
    payers.gone, payers.free = gone, free
    jobs = [another(scene, number) for number in range(AT_ONCE)]
    threads = [
        threading.Thread(target=scene.house.desk.plans.ask, args=(scene.practice.id, job)) for job in jobs
    ]
    for thread in threads:
        thread.start()
    try:
        gone.wait(120)  # both are on their way, and no answer comes
        call = called(scene)
        scene.a_moment()
        assert "plan.copay" in call.said
    finally:
        free.set()
        for thread in threads:
            thread.join()


class Slow(Payers):
    """Answers Anna, and keeps whoever asks about anybody else until `free`."""

    gone: threading.Barrier
    free: threading.Event

    def ask(self, question: EligibilityQuestion, deadline: float) -> Reply:
        if question.subscriber.member_id != NUMBER:
            self.gone.wait(120)
            self.free.wait(120)
        return super().ask(question, deadline)


def another(scene: Scene, number: int) -> Job:
    person = replace(
        ANNA, id=f"p{number}", first_name=f"Nora{number}", member_id=f"W55500000{number}", phone=None
    )
    with scene.tx() as tx:
        tx.people.add(person)
        plan_gates.keep_answer(tx, person.id, "plan_check", True, wording="paper", now=AT)
        begun = scene.house.desk.plans.begin(tx, person, None, AT)
        name = begun.questions[0].id
        return next(each for each in tx.jobs.pending() if dict(each.args).get("question") == name)


def test_a_second_new_insurance_asks_all_of_it_again_and_no_number_goes_to_an_insurer_it_was_not_told_for() -> (
    None
):
    scene = Scene()
    call = scene.house.call("voice", ANNA.phone)
    for words in ("i have a new insurance", WHO, "Cigna", "U440912734", "it's mine"):
        call.say(words)
    scene.a_moment()
    told = len(scene.payers.told)
    assert phrases(call.say("oh sorry, I gave you the wrong insurance, it's aetna"))[-1].startswith(
        "ask.member_id"
    )
    call.say(NUMBER)
    call.say("it's mine")
    scene.a_moment()
    assert [(each.payer.id, each.subscriber.member_id) for each in scene.payers.told[told:]] == [
        ("DEMO1", NUMBER)
    ]
    assert phrases(call.say("i have a new insurance"))[-1] == "ask.insurance.new"


def test_an_insurer_that_no_list_names_is_told_to_the_biller_and_takes_no_plan_off_file() -> None:
    scene = Scene()
    call = scene.house.call("voice", ANNA.phone)
    for words in ("i have a new insurance", WHO, "Umbrella Mutual", "Umbrella Mutual", "Umbrella Mutual"):
        call.say(words)
    with scene.tx() as tx:
        person = tx.people.get(ANNA.id)
    assert (person.insurer, person.member_id, person.subscriber) == ("aetna", NUMBER, "self")
    [task] = scene.tasks("billing")
    assert dict(task.details) | {"about": "insurance", "insurance": "Umbrella Mutual"} == dict(task.details)


def test_whoever_is_a_qmb_by_their_plans_answer_hears_no_amount_and_no_fee_and_is_not_written_to() -> None:
    scene = Scene(payers=Payers(plans={NUMBER: (ACTIVE._replace(insurance_type="QM"), COPAY)}))
    call = called(scene)
    scene.a_moment()
    assert call.said[-2:] == ["bill.not_asked", "anything_else"]
    assert phrases(call.say("what will my next visit cost"))[0] == "bill.not_asked"
    with scene.tx() as tx:
        asked = bill_books.may_be_asked(tx, NoBooks(), scene.practice, ANNA)
        written = bill_books.may_be_written_to(tx, NoBooks(), scene.practice, ANNA)
    assert (asked, written) == ("not_asked", False)


def test_a_fee_is_told_after_the_plan_has_answered_and_to_a_qmb_not_at_all() -> None:
    heard = []
    for kind in ("QM", ""):
        scene = Scene(payers=Payers(plans={NUMBER: (ACTIVE._replace(insurance_type=kind), COPAY)}))
        scene.book()
        call = called(scene, "what will my next visit cost")
        scene.a_moment()
        heard.append(
            [each for each in call.said if each in ("bill.not_asked", "bill.estimate", "plan.copay")]
        )
    assert heard == [["bill.not_asked"], ["bill.estimate", "plan.copay"]]


def test_whoever_asked_that_their_plan_be_told_nothing_gets_a_person_also_for_a_new_insurance() -> None:
    scene = Scene()
    with scene.tx() as tx:
        plan_kept.restrict(tx, ANNA.id, by="x", now=AT)
    call = called(scene)
    assert (call.said[-2], scene.payers.told) == ("plan.pays_alone.by_person", [])
    for words in ("i have a new insurance", "Cigna", "U440912734", "it's mine"):
        call.say(words)
    assert (call.said[-2], scene.payers.told) == ("plan.pays_alone.by_person", [])
    assert "plan.pays_alone" not in call.said
    assert {dict(each.details)["about"] for each in scene.tasks("billing")} == {"told_nothing", "new_plan"}
