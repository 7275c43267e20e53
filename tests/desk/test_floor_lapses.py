"""A floor that nobody keeps goes back to the agent, and never into an errand that a verdict has ended."""

import pytest

from lamplighter.conversation.events import (
    Ended,
    FloorGiven,
    FloorLapsed,
    FloorTaken,
    HandoffAsked,
    HandoffClosed,
    Heard,
    StaffSaid,
)
from lamplighter.desk.later import CALLING_BACK, COMING, UNKEPT, WORDLESS
from lamplighter.desk.ports import Task
from lamplighter.practice.sample import load_sample
from tests.promises.desks import CALLER, CHANNELS, Call, Channel, House, of_kind, with_nobody

PEOPLE = "let me talk to a person"
CRISIS = "I want to kill myself"
MEDICINE = "I ran out of my medication"


def under_way(channel: Channel = "voice") -> Call:
    call = House().call(channel)
    call.say("I'd like to book a first visit")
    return call


def with_rosa(channel: Channel = "voice") -> Call:
    call = under_way(channel)
    call.note(FloorTaken("Rosa"))
    return call


def accepted(words: str, channel: Channel = "voice") -> Call:
    call = House().call(channel)
    call.say(words)
    call.house.pass_time(1)
    ring = call.house.pager.rings[-1]
    call.house.desk.handoffs.answered("demo", call.contact, ring.step, ring.rung, "Rosa", "accepted")
    return call


def pass_time(call: Call, seconds: float, *, page_open: bool = False) -> None:
    """With their page open, Rosa's browser says so every twenty seconds."""
    while page_open and seconds > 20:
        call.house.desk.contacts.still_there(call.house.practice.id, "Rosa", [call.contact])
        call.house.pass_time(20)
        seconds -= 20
    call.house.pass_time(seconds)


def said_by(call: Call, seconds: float) -> list[str]:
    """What is said in so much time."""
    before = len(call.said)
    call.house.pass_time(seconds)
    return call.said[before:]


@pytest.mark.parametrize("channel", CHANNELS)
def test_whoever_took_the_floor_and_went_away_loses_it_and_the_agent_says_who_it_is(channel: Channel) -> None:
    call = with_rosa(channel)
    asked = call.said[-1]
    assert said_by(call, UNKEPT[channel].total_seconds() - 1) == []
    assert said_by(call, 2) == ["resume.lapsed", asked]
    assert call.state.floor is None
    assert call.say("Tuesday after five").said


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_word_of_theirs_keeps_the_floor_for_another_while(channel: Channel) -> None:
    call, a_while = with_rosa(channel), UNKEPT[channel].total_seconds()
    for _ in range(4):
        pass_time(call, a_while - 5)
        call.note(StaffSaid("Rosa", "one moment"))
    assert call.state.floor == "Rosa"
    pass_time(call, a_while + 5)
    assert call.state.floor is None


@pytest.mark.parametrize("channel", CHANNELS)
def test_an_open_page_keeps_the_floor_and_a_closed_one_lets_it_lapse(channel: Channel) -> None:
    call, a_while = with_rosa(channel), UNKEPT[channel].total_seconds()
    pass_time(call, 2 * a_while, page_open=True)
    assert call.state.floor == "Rosa"
    pass_time(call, 1.5 * a_while)
    assert call.state.floor is None


def test_a_page_that_is_open_with_nobody_at_it_keeps_the_floor_only_so_long() -> None:
    call = with_rosa()
    pass_time(call, WORDLESS["voice"].total_seconds() - 30, page_open=True)
    assert call.state.floor == "Rosa"
    pass_time(call, 60, page_open=True)
    assert call.state.floor is None


def test_the_page_of_somebody_else_keeps_nobodys_floor() -> None:
    call = with_rosa()
    call.house.desk.contacts.still_there("demo", "Sam", [call.contact, "no-such-contact"])
    pass_time(call, UNKEPT["voice"].total_seconds() + 1)
    assert call.state.floor is None


def test_a_floor_given_back_in_time_does_not_lapse_and_the_next_one_counts_anew() -> None:
    call = with_rosa()
    pass_time(call, 100)
    call.note(FloorGiven("Rosa"))
    call.note(FloorTaken("Sam"))
    pass_time(call, 100)
    assert call.state.floor == "Sam"
    assert of_kind(call.bodies, FloorLapsed) == []


def test_whoever_accepted_has_longer_to_come() -> None:
    call, coming = accepted(PEOPLE), COMING["voice"].total_seconds()
    pass_time(call, coming - 5)
    assert call.state.floor == "Rosa"
    pass_time(call, 10)
    assert call.state.floor is None


def test_whoever_accepted_a_crisis_has_no_longer_than_anybody() -> None:
    call = accepted(CRISIS)
    pass_time(call, UNKEPT["voice"].total_seconds() + 1)
    assert of_kind(call.bodies, FloorLapsed)


@pytest.mark.parametrize("words", [CRISIS, MEDICINE, PEOPLE])
def test_a_floor_that_lapses_after_a_verdict_rings_anew_and_only_waits_with_the_person(words: str) -> None:
    call = accepted(words)
    rings = len(call.house.pager.rings)
    after = said_by(call, COMING["voice"].total_seconds() + 5)
    assert len(call.house.pager.rings) > rings
    assert after and not [
        phrase for phrase in after if not phrase.startswith(("waiting.", "handoff.", "goodbye"))
    ]
    call.note(HandoffClosed("Sam", "handled"))
    assert not call.state.handed_over


@pytest.mark.parametrize("words", [CRISIS, MEDICINE, PEOPLE])
@pytest.mark.parametrize("channel", CHANNELS)
def test_what_was_heard_while_they_had_the_floor_and_went_unmet_is_handed_over_when_it_lapses(
    channel: Channel, words: str
) -> None:
    call = with_rosa(channel)
    call.say(words)
    after = said_by(call, 2 * UNKEPT[channel].total_seconds())
    assert call.state.handed_over
    assert after[0].startswith(("handoff.", "waiting."))
    assert not [phrase for phrase in after if phrase.startswith(("resume", "ask."))]
    assert call.house.pager.rings


def test_a_clinical_word_under_the_floor_is_not_lost_when_they_give_it_back() -> None:
    call = with_rosa()
    call.say(MEDICINE)
    call.note(FloorGiven("Rosa"))
    assert of_kind(call.bodies, HandoffAsked)[-1].route == "clinical"
    assert call.said[-1].startswith("handoff.clinical")


def test_whoever_asked_for_a_person_while_one_was_there_goes_on_when_that_one_parts() -> None:
    call = with_rosa()
    call.say(PEOPLE)
    call.note(FloorGiven("Rosa"))
    assert "resume" in call.said
    assert not call.state.handed_over


def test_a_text_thread_that_was_left_is_rung_for_and_whoever_takes_it_up_again_is_answered() -> None:
    call = accepted(PEOPLE, "sms")
    call.note(Ended("goodbye"))
    rings = len(call.house.pager.rings)
    pass_time(call, COMING["sms"].total_seconds() + 60)
    assert len(call.house.pager.rings) > rings
    assert call.say("hello, are you there?").said
    assert call.state.handed_over


def test_nobody_is_looked_for_in_a_call_that_was_hung_up_and_owes_nobody_anything() -> None:
    call = with_rosa()
    call.house.desk.contacts.hang_up("demo", call.contact)
    pass_time(call, 3600)
    assert of_kind(call.bodies, FloorLapsed) == []
    assert call.house.pager.rings == []


def open_tasks(call: Call) -> list[Task]:
    with call.house.store.transaction("demo") as tx:
        return [task for task in tx.tasks.list_open() if task.kind == "handoff"]


def hung_up_on(words: str, *, accepted_first: bool) -> Call:
    """Somebody accepts, before or after the caller is gone, and is never seen again."""
    call = House().call("voice")
    call.say(words)
    call.house.pass_time(1)
    ring = call.house.pager.rings[-1]
    hang_up = call.house.desk.contacts.hang_up
    if not accepted_first:
        hang_up("demo", call.contact)
    call.house.desk.handoffs.answered("demo", call.contact, ring.step, ring.rung, "Rosa", "accepted")
    if accepted_first:
        hang_up("demo", call.contact)
    return call


@pytest.mark.parametrize("accepted_first", [True, False])
@pytest.mark.parametrize("words", [CRISIS, MEDICINE, PEOPLE])
def test_whoever_hung_up_and_is_left_by_whoever_accepted_is_rung_for_anew_and_is_work_for_a_person_now(
    words: str, accepted_first: bool
) -> None:
    call = hung_up_on(words, accepted_first=accepted_first)
    rings, said = len(call.house.pager.rings), len(call.said)
    pass_time(call, CALLING_BACK.total_seconds() - 5)
    assert len(call.house.pager.rings) == rings
    [theirs] = open_tasks(call)
    pass_time(call, 10)
    assert of_kind(call.bodies, FloorLapsed)
    assert len(call.house.pager.rings) > rings
    assert [(task.route, task.contact) for task in open_tasks(call)] == [("person_now", call.contact)]
    assert open_tasks(call)[0].id != theirs.id
    assert dict(open_tasks(call)[0].details) == {"phone": CALLER}
    assert call.said[said:] == []


def test_whoever_hung_up_in_a_crisis_is_looked_for_each_time_that_somebody_accepts_and_goes_away() -> None:
    call = hung_up_on(CRISIS, accepted_first=False)
    for name in ("Sam", "Dana"):
        pass_time(call, CALLING_BACK.total_seconds() + 5)
        ring = call.house.pager.rings[-1]
        call.house.desk.handoffs.answered("demo", call.contact, ring.step, ring.rung, name, "accepted")
        assert call.state.floor == name
    pass_time(call, CALLING_BACK.total_seconds() + 5)
    assert len(of_kind(call.bodies, FloorLapsed)) == 3
    assert call.state.handoff is not None and call.state.handoff.status in ("ringing", "promised")


def test_a_hand_over_that_is_closed_after_the_caller_hung_up_rings_nobody_and_leaves_no_work() -> None:
    call = hung_up_on(CRISIS, accepted_first=False)
    call.note(HandoffClosed("Rosa", "handled"))
    rings = len(call.house.pager.rings)
    pass_time(call, 3600)
    assert len(call.house.pager.rings) == rings
    assert of_kind(call.bodies, FloorLapsed) == [] and open_tasks(call) == []


# -- the end of a written contact -------------------------------------------------------------------------------------

A_DAY = 24 * 3600


def test_a_chat_that_staff_held_for_a_day_ends_a_day_after_its_last_word() -> None:
    call = under_way("chat")
    call.note(FloorTaken("Rosa"))
    for _ in range(3):
        call.note(StaffSaid("Rosa", "still looking"))
        pass_time(call, A_DAY - 60, page_open=False)
        call.note(FloorTaken("Rosa"))
    call.note(StaffSaid("Rosa", "done"))
    call.note(FloorGiven("Rosa"))
    pass_time(call, A_DAY + 60)
    assert call.state.ended == "lapsed"


@pytest.mark.parametrize("channel", ["sms", "chat"])
def test_a_written_contact_that_was_handed_over_ends_once_it_is_closed_and_quiet(channel: Channel) -> None:
    call = House(practice=with_nobody(load_sample())).call(channel)
    call.say(CRISIS)
    pass_time(call, 2 * A_DAY)
    assert call.state.ended is None
    call.note(HandoffClosed("Rosa", "handled"))
    pass_time(call, 2 * A_DAY)
    assert call.state.ended == "lapsed"


def test_a_chat_in_which_somebody_writes_every_few_hours_goes_on() -> None:
    call = under_way("chat")
    for _ in range(8):
        pass_time(call, A_DAY / 4)
        call.say("hello?")
    assert of_kind(call.bodies, Ended) == []
    assert len(of_kind(call.bodies, Heard)) == 9
    with call.house.store.transaction("demo") as tx:
        assert len([job for job in tx.jobs.pending() if dict(job.args).get("name") == "lapse"]) <= 3


def test_a_chat_that_goes_on_at_another_desk_still_ends_a_day_after_its_last_word() -> None:
    call = under_way("chat")
    for _ in range(3):
        pass_time(call, A_DAY - 60)
        call.house.reopen()
        call.say("hello?")
    pass_time(call, A_DAY - 60)
    assert call.state.ended is None
    pass_time(call, 120)
    assert call.state.ended == "lapsed"


def test_a_chat_that_is_taken_up_again_after_goodbye_ends_a_day_after_its_last_word() -> None:
    call = under_way("chat")
    call.note(Ended("goodbye"))
    pass_time(call, A_DAY / 2)
    call.say("hello?")
    pass_time(call, A_DAY - 60)
    assert call.state.ended is None
    pass_time(call, 120)
    assert call.state.ended == "lapsed"
