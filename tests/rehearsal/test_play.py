from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from lamplighter.conversation.actions import Done
from lamplighter.conversation.acts import Give
from lamplighter.conversation.details import Detail
from lamplighter.conversation.events import Body, Committed, Ended, HandoffPromised, Understood
from lamplighter.conversation.slots import Slot, VisitView
from lamplighter.desk.ports import Hearing, Job, Person, Task
from lamplighter.practice.model import Modality
from lamplighter.practice.sample import load_sample
from lamplighter.rehearsal.result import Result
from lamplighter.rehearsal.run import rehearse
from lamplighter.rehearsal.stage import Sent
from tests.rehearsal.callers import HEAD, moment, scenario
from tests.rehearsal.scripted import ScriptedScene, ScriptedStage, Step, says, verdict

BYE = [says("goodbye")]
TEXT = HEAD.replace("voice", "sms")
START = moment("2026-12-15T14:00:00-05:00")
SLOT = Slot(START, 60, "luis_ortega", Modality.TELEHEALTH, "first_visit")


def played(body: str, *steps: Step, head: str = HEAD, stage: ScriptedStage | None = None) -> Result:
    return rehearse(scenario(body, head), load_sample(), stage or ScriptedStage(*steps))


def books(scene: ScriptedScene, said: str) -> Sequence[Body]:
    with scene.records.transaction("demo") as tx:
        tx.schedule.book("v1", SLOT, ("p1",), "c1", scene.clock.now(), "booked")
    return [Committed("k", "book", Done(VisitView("v1", SLOT, "booked"))), says("goodbye")]


# -- turns, time and ends ----------------------------------------------------------------------------------------------


def test_the_caller_opens_then_answers_until_we_say_goodbye() -> None:
    stage = ScriptedStage([says("ask", "first_name")], BYE)
    result = played("knows: {first_name: maya}\nexpect: {outcome: answered, by_turn: 2}", stage=stage)
    assert stage.scene.heard == ["hello", "maya"]
    assert (result.failures, result.turns, result.outcome) == ((), 2, "answered")


@pytest.mark.parametrize(("head", "seconds"), [(HEAD, 5), (TEXT, 60), (HEAD.replace("voice", "chat"), 60)])
def test_a_turn_takes_its_channels_time(head: str, seconds: int) -> None:
    stage = ScriptedStage([says("ask", "first_name")], [says("ask", "last_name")], BYE)
    played("", head=head, stage=stage)
    assert [b - a for a, b in zip(stage.scene.times, stage.scene.times[1:], strict=False)] == [
        timedelta(seconds=seconds)
    ] * 2


def test_a_contact_that_never_ends_is_abandoned_after_forty_turns() -> None:
    result = played("", [says("ask", "email")])
    assert (result.turns, result.outcome) == (40, "abandoned")
    assert "turn 40" in result.failures[0]


def test_words_that_ask_nothing_end_it_when_nothing_is_due_within_a_minute() -> None:
    def step(scene: ScriptedScene, said: str) -> Sequence[Body]:
        scene.later(90, "too late", "first_name")
        return [says("that is all")]

    stage = ScriptedStage(step)
    assert played("expect: {outcome: answered}", stage=stage).failures == ()
    assert stage.scene.heard == ["hello"]


def test_a_slow_answer_is_waited_for_and_what_it_asks_is_answered() -> None:
    def step(scene: ScriptedScene, said: str) -> Sequence[Body]:
        scene.later(20, "found", "choice")
        return [says("one moment")]

    stage = ScriptedStage(step, BYE)
    played("knows: {choice: the first}", stage=stage)
    assert stage.scene.heard == ["hello", "the first"]
    assert stage.scene.times[1] - stage.scene.times[0] == timedelta(seconds=25)


def test_a_job_that_falls_due_between_turns_runs_at_its_own_time() -> None:
    def step(scene: ScriptedScene, said: str) -> Sequence[Body]:
        scene.later(2, "and", "last_name")
        return [says("ask", "first_name")]

    stage = ScriptedStage(step, BYE)
    played("knows: {first_name: maya, last_name: okafor}", stage=stage)
    assert stage.scene.heard[1] == "maya. okafor"


def test_a_goodbye_that_is_interrupted_does_not_end_the_contact() -> None:
    stage = ScriptedStage(BYE, [says("hours"), says("goodbye")])
    played("interrupts: [{when_asked: insurance, says: when are you open}]", stage=stage)
    assert stage.scene.heard == ["hello", "when are you open"]


def test_a_contact_that_the_product_ended_is_over() -> None:
    assert played("expect: {outcome: answered}", [says("bye"), Ended("goodbye")]).failures == ()


def test_a_fault_of_the_product_is_a_failure_with_its_turn() -> None:
    def step(scene: ScriptedScene, said: str) -> Sequence[Body]:
        raise LookupError("no such thing")

    result = played("", [says("ask", "first_name")], step)
    assert "failed at turn 2: LookupError" in result.failures[0]
    assert result.outcome == "abandoned"


def test_what_the_sound_path_made_of_the_words_is_what_the_desk_hears() -> None:
    stage = ScriptedStage(BYE)
    one = scenario("")

    def spoken(text: str, locale: str, asked: tuple[str, ...]) -> Hearing:
        return Hearing(f"{locale}: {text.upper()}", 0.5)

    result = rehearse(one, load_sample(), stage, spoken=spoken)
    assert stage.scene.heard == ["en: HELLO"]
    assert result.transcript[0].said == "hello"
    stage = ScriptedStage(BYE)
    rehearse(replace(one, channel="sms"), load_sample(), stage, spoken=spoken)
    assert stage.scene.heard == ["hello"]


def test_a_web_chat_has_no_number_and_a_phone_call_its_own() -> None:
    body = 'caller_id: "+12125550143"'
    stage = ScriptedStage(BYE)
    played(body, stage=stage)
    assert stage.scene.opened_as.address == "+12125550143"
    played(body, head=HEAD.replace("voice", "chat"), stage=stage)
    assert (stage.scene.opened_as.address, stage.scene.opened_as.dialled) == (None, "localhost")


# -- hand-overs --------------------------------------------------------------------------------------------------------


def rings(route: str) -> Step:
    def step(scene: ScriptedScene, said: str) -> Sequence[Body]:
        scene.ring()
        return verdict(route)

    return step


def test_after_a_verdict_the_caller_is_silent_and_the_first_rung_accepts_after_eight_seconds() -> None:
    stage = ScriptedStage([says("ask", "first_name")], rings("crisis"))
    result = played("expect: {outcome: handed_over, handoff: crisis, by_turn: 2}", stage=stage)
    assert result.failures == ()
    assert stage.scene.clock.now() - stage.scene.times[-1] == timedelta(seconds=8)


def test_a_verdict_hands_over_whatever_was_expected() -> None:
    result = played("expect: {outcome: booked, handoff: none}", rings("human"))
    assert (result.outcome, result.handoff) == ("handed_over", "human")
    assert len(result.failures) == 2


def test_with_nobody_there_the_promise_must_be_stored() -> None:
    def step(scene: ScriptedScene, said: str) -> Sequence[Body]:
        scene.ring()
        scene.later(20, "waiting")
        return [*verdict("human"), HandoffPromised("t", START)]

    body = "ladder: nobody\nexpect: {outcome: handed_over, handoff: human}"
    assert played(body, step).failures == ()
    assert "neither accepted nor promised" in played(body, rings("human")).failures[0]


# -- what it came to ---------------------------------------------------------------------------------------------------


def test_a_booking_that_stands_in_the_calendar_is_compared_with_what_was_expected() -> None:
    body = """
expect:
  outcome: booked
  details: {clinician: Luis Ortega, modality: telehealth}
  appointment: {weekday: [tue], from: "14:00", before: "14:30", not_dates: [2026-12-16], clinician: Luis Ortega}
"""
    result = played(body, books)
    assert result.failures == ()
    assert result.appointment.start.isoformat() == "2026-12-15T14:00:00-05:00"


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        ("{weekday: [mon]}", "monday"),
        ('{from: "15:00"}', "15:00 or later"),
        ('{before: "14:00"}', "before 14:00"),
        ("{not_before: 2026-12-16}", "not be before"),
        ("{not_after: 2026-12-14}", "not be after"),
        ("{not_dates: [2026-12-15]}", "not be on"),
        ("{modality: in_person}", "in_person"),
        ("{clinician: Mei Tan}", "Mei Tan"),
        ("none", "no appointment"),
    ],
)
def test_each_thing_wrong_with_an_appointment_is_one_sentence(expected: str, told: str) -> None:
    (failure,) = played(f"expect: {{appointment: {expected}}}", books).failures
    assert told in failure
    assert "\n" not in failure


def test_a_booking_that_is_not_in_the_calendar_does_not_count() -> None:
    done = Committed("k", "book", Done(VisitView("v1", SLOT, "booked")))
    result = played("expect: {outcome: booked}", [done, says("goodbye")])
    assert (result.outcome, result.appointment) == ("abandoned", None)


def test_details_are_what_was_known_at_the_end_however_it_was_written() -> None:
    gives = (Give(Detail.LAST_NAME, "O'Neil"), Give(Detail.INSURANCE, "empire"))
    steps = ([says("ask", "last_name")], [Understood(1, gives), says("goodbye")])
    body = "expect: {details: {last_name: oneil, insurance: Empire BlueCross BlueShield}}"
    result = played(body, *steps)
    assert result.failures == ()
    assert result.details["insurance"] == "Empire BlueCross BlueShield"


def test_a_detail_that_is_wrong_or_missing_says_so_with_its_turn() -> None:
    steps = ([says("ask", "last_name")], [Understood(1, (Give(Detail.LAST_NAME, "Smyth"),)), says("goodbye")])
    wrong, missing = played("expect: {details: {last_name: Smith, email: a@example.com}}", *steps).failures
    assert wrong == 'last_name should be "Smith" and was understood as "Smyth" at turn 2'
    assert missing == 'email should be "a@example.com" and was never understood'


def test_who_is_on_file_is_there_before_the_contact_starts() -> None:
    found = []

    def step(scene: ScriptedScene, said: str) -> Sequence[Body]:
        with scene.records.transaction("demo") as tx:
            found.extend(tx.people.by_phone("+12125550171"))
            found.extend(tx.schedule.visits_of(found[0].id, scene.clock.now()))
        return BYE

    played(
        """
existing: {first_name: Corinne, last_name: Vasquez, date_of_birth: 1981-02-03, phone: "+12125550171",
           appointment: "2026-12-15T14:00:00-05:00", clinician: Samuel Roth,
           proxy: {first_name: Paul, last_name: Vasquez, phone: "+12125550172"}}
""",
        step,
    )
    person, visit = found
    assert (person.first_name, person.proxies[0].name) == ("Corinne", "Paul Vasquez")
    assert (visit.slot.start, visit.slot.visit_kind, visit.slot.minutes) == (
        START,
        "psychiatric_follow_up",
        45,
    )


def test_an_existing_clinician_whom_the_practice_has_not_is_told() -> None:
    body = "existing: {first_name: A, last_name: B, date_of_birth: 1981-02-03, clinician: Nobody Here}"
    assert "has no clinician" in played(body, BYE).failures[0]


# -- never said --------------------------------------------------------------------------------------------------------

NEVER = "expect: {never_said: [divorce]}"


def test_the_callers_own_words_are_not_ours() -> None:
    assert played(NEVER, BYE, head=HEAD.replace('"hello"', '"my divorce"')).failures == ()


@pytest.mark.parametrize(
    "where", ["a sentence", "the log of the contact", "a message", "a log line", "a task", "a person"]
)
def test_a_word_that_must_stand_nowhere_is_found_wherever_it_stands(where: str) -> None:
    def step(scene: ScriptedScene, said: str) -> Sequence[Body]:
        with scene.records.transaction("demo") as tx:
            if where == "a task":
                tx.tasks.add(Task("t", "message", "desk", START, details=(("message", "the divorce"),)))
            if where == "a person":
                tx.people.add(Person("p", "Divorce", "B", None, None))
                tx.tasks.add(Task("t", "message", "desk", START, person="p"))
        if where == "a log line":
            scene.logged.append("heard: divorce")
        told = (Give(Detail.MESSAGE, "my divorce"),) if where == "the log of the contact" else ()
        args = {"why": "divorce"} if where == "a sentence" else {}
        return [Understood(1, told), says("goodbye", **args)]

    stage = ScriptedStage(step)
    if where == "a message":
        stage = ScriptedStage(texting)
    (failure,) = played(NEVER, stage=stage).failures
    assert where in failure


def texting(scene: ScriptedScene, said: str) -> Sequence[Body]:
    scene.messages.append(Sent("+12125550143", "about your divorce"))
    return BYE


def test_what_was_on_file_before_is_not_held_against_the_contact() -> None:
    body = """
existing: {first_name: Corinne, last_name: Vasquez, date_of_birth: 1981-02-03, phone: "+12125550171",
           appointment: "2026-12-15T14:00:00-05:00"}
expect: {never_said: [Vasquez]}
"""
    assert played(body, BYE).failures == ()


# -- codes ----------------------------------------------------------------------------------------------------


def coded(to: str) -> Step:
    def step(scene: ScriptedScene, said: str) -> Sequence[Body]:
        scene.messages.append(Sent(to, "HLC Office: your code is 482911"))
        return [says("ask", "identity_code")]

    return step


def test_a_code_sent_to_a_number_the_caller_owns_is_read_back() -> None:
    body = 'caller_id: "+12125550143"'
    stage = ScriptedStage(coded("+12125550143"), BYE)
    played(body, stage=stage)
    assert stage.scene.heard[1] == "4 8 2 9 1 1"
    stage = ScriptedStage(coded("+12125550143"), BYE)
    played(body, stage=stage, head=TEXT)
    assert stage.scene.heard[1] == "482911"
    stage = ScriptedStage(coded("+12125550199"), BYE)
    played(body, stage=stage)
    assert stage.scene.heard[1] == "I don't know"


def test_a_code_that_came_to_a_mailbox_of_the_caller_is_read_back() -> None:
    body = (
        'existing: {first_name: Ida, last_name: Quill, date_of_birth: "1981-02-03", email: ida@example.org}'
    )
    stage = ScriptedStage(coded("ida@example.org"), BYE)
    played(body, stage=stage)
    assert stage.scene.heard[1] == "4 8 2 9 1 1"


def test_jobs_that_keep_coming_do_not_hold_a_rehearsal_up() -> None:
    def again(scene: ScriptedScene, said: str) -> Sequence[Body]:
        def repeat(practice: str, job: Job) -> None:
            with scene.records.transaction("demo") as tx:
                due = job.due + timedelta(seconds=30)
                tx.jobs.enqueue(Job(f"again:{due.isoformat()}", "again", due))

        scene.jobs.register("again", repeat)
        repeat("demo", Job("x", "again", scene.clock.now()))
        return [says("that is all")]

    assert played("expect: {outcome: answered}", again).failures == ()
