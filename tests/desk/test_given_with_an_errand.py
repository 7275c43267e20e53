"""SCO-05: whoever has the floor whispers to the assistant what comes next, and it goes on as if they had been asked."""

import pytest

from lamplighter.conversation.details import Errand
from lamplighter.conversation.events import (
    ErrandGiven,
    FloorGiven,
    FloorTaken,
    HandoffClosed,
    Heard,
    Said,
)
from lamplighter.conversation.state import fold
from tests.promises.desks import CHANNELS, Call, Channel, House, of_kind, phrases
from tests.rules.scenes import DANGER, PERSON

ASKED = {
    Errand.FIRST_APPOINTMENT: "I'd like to make an appointment",
    Errand.MOVE: "I need to move my appointment",
    Errand.CANCEL: "I need to cancel my appointment",
    Errand.WHAT_I_OWE: "what do I owe?",
    Errand.MESSAGE: "I'd like to leave a message",
}


def given(call: Call, errand: Errand) -> list[str]:
    call.note(FloorTaken("Rosa"))
    return phrases(call.note(FloorGiven("Rosa", errand)))


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("errand", ASKED)
def test_sco_05_the_first_question_is_that_of_somebody_who_asks_for_it(
    channel: Channel, errand: Errand
) -> None:
    house = House()
    asks = [
        each for each in phrases(house.call(channel).say(ASKED[errand])) if not each.startswith("greeting")
    ]
    call = house.call(channel, address="+12125550123")
    said = given(call, errand)
    assert said[0] == "resume" and said[-1] == asks[-1]
    assert of_kind(call.bodies, ErrandGiven) == [ErrandGiven("Rosa", errand)]
    assert (call.state.errand, call.state.floor) == (errand, None)
    assert fold(call.events) == call.state


def test_sco_05_what_staff_took_up_from_the_ladder_is_closed_with_it_and_the_errand_goes_to_its_end() -> None:
    house = House()
    call = house.call()
    call.say(PERSON)
    given(call, Errand.FIRST_APPOINTMENT)
    assert of_kind(call.bodies, HandoffClosed) == [HandoffClosed("Rosa", "handled")]
    with house.store.transaction("demo") as tx:
        assert tx.tasks.list_open() == ()
    call.say("yes, I'm new")
    assert phrases(call.say("Tuesday after five, with anyone, in person"))[-1].startswith("offer.")


def test_sco_05_it_takes_the_place_of_what_was_under_way_and_keeps_who_they_are() -> None:
    call = House().call()
    call.say("I'd like to book a first visit")
    call.say("Tuesday after five, in person, anyone is fine")
    assert call.state.offers_made == 1
    assert given(call, Errand.MOVE)[0] == "resume" and call.state.errand is Errand.MOVE


def test_sco_05_nothing_is_taken_up_over_an_open_crisis_or_what_staff_heard_of_danger() -> None:
    house = House()
    call = house.call()
    call.say(DANGER)
    assert not any(each.startswith("ask.") for each in given(call, Errand.MOVE))
    assert call.state.handed_over and not of_kind(call.bodies, ErrandGiven)
    other = house.call("chat")
    other.note(FloorTaken("Rosa"))
    other.say(DANGER)
    other.note(FloorGiven("Rosa", Errand.MOVE))
    assert not of_kind(other.bodies, ErrandGiven) and other.state.handoff is not None
    assert [each.text for each in of_kind(other.bodies, Heard)] == [DANGER]
    assert of_kind(other.bodies, Said)[-1].phrase.startswith("handoff.crisis")
