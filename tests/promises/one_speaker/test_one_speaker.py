"""Promise 4: exactly one of the agent and a named member of staff has the floor."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lamplighter.conversation.events import (
    FloorGiven,
    FloorLapsed,
    FloorTaken,
    HandoffAsked,
    HandoffClosed,
    Heard,
    Said,
    Silence,
    StaffSaid,
)
from tests.promises.desks import CHANNELS, Call, Channel, House, of_kind, phrases

WORDS = (
    "yes",
    "Tuesday after five",
    "hello?",
    "what does it cost?",
    "I want to kill myself",
    "let me talk to a person",
)


def said_while_staff_had_the_floor(call: Call) -> list[str]:
    """What the agent said between a member of staff's taking the floor and its going back."""
    floor, said = False, []
    for body in call.bodies:
        if isinstance(body, FloorTaken):
            floor = True
        elif isinstance(body, FloorGiven | FloorLapsed | HandoffClosed):
            floor = False
        elif isinstance(body, Said) and floor:
            said.append(body.phrase)
    return said


def under_way(channel: Channel = "voice") -> Call:
    call = House().call(channel)
    call.say("I'd like to book a first visit")
    return call


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_agent_says_nothing_while_staff_have_the_floor_and_goes_on_when_it_is_given_back(
    channel: Channel,
) -> None:
    call = under_way(channel)
    asked = call.said[-1]
    call.note(FloorTaken("Rosa"))
    assert call.say("hello?").said == ()
    assert call.note(StaffSaid("Rosa", "Rosa here, one moment")).said == ()
    assert call.note(Silence(8)).said == ()
    call.house.pass_time(120)
    assert said_while_staff_had_the_floor(call) == []
    assert phrases(call.note(FloorGiven("Rosa"))) == ["resume", asked]
    assert call.say("Tuesday after five").said


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_floor_that_lapses_goes_back_to_the_agent(channel: Channel) -> None:
    call = under_way(channel)
    call.note(FloorTaken("Rosa"))
    assert phrases(call.note(FloorLapsed("no sign of Rosa")))[0] == "resume.lapsed"


def test_every_change_of_the_floor_outdates_what_was_about_to_be_spoken() -> None:
    call = under_way()
    before = call.replies[-1].said[-1].epoch
    call.note(FloorTaken("Rosa"))
    taken = call.state.epoch
    call.note(FloorGiven("Rosa"))
    assert before < taken < call.state.epoch


def test_somebody_on_the_ladder_who_accepts_has_the_floor() -> None:
    house = House()
    call = house.call()
    call.say("let me talk to a person")
    house.pass_time(1)
    ring = house.pager.rings[-1]
    house.desk.handoffs.answered("demo", call.contact, ring.step, ring.rung, "Rosa", "accepted")
    assert call.state.floor == "Rosa"
    assert call.say("hello?").said == ()
    house.pass_time(300)
    assert call.said[-1] == "handoff.accepted"


def test_the_second_to_accept_does_not_take_the_floor_from_the_first() -> None:
    house = House()
    call = house.call()
    call.say("let me talk to a person")
    house.pass_time(25)
    for ring, name in zip(house.pager.rings, ("Rosa", "Sam"), strict=True):
        house.desk.handoffs.answered("demo", call.contact, ring.step, ring.rung, name, "accepted")
    assert call.state.floor == "Rosa"


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_hand_over_that_a_named_person_closed_lets_the_agent_go_on(channel: Channel) -> None:
    call = under_way(channel)
    call.say("let me talk to a person")
    call.note(FloorTaken("Rosa"))
    assert phrases(call.note(HandoffClosed("Rosa", "handled")))[0] == "resume"
    assert phrases(call.say("Tuesday after five, with anyone, in person"))[-1].startswith("offer.")
    assert call.say("the first one").said


@pytest.mark.parametrize("route", ["let me talk to a person", "I want to kill myself"])
def test_whoever_leaves_without_closing_is_followed_by_the_ladder_and_never_by_silence(route: str) -> None:
    house = House()
    call = house.call()
    call.say(route)
    house.pass_time(1)
    ring = house.pager.rings[-1]
    house.desk.handoffs.answered("demo", call.contact, ring.step, ring.rung, "Rosa", "accepted")
    rings = len(house.pager.rings)
    assert phrases(call.note(FloorLapsed("no sign of Rosa")))[0].startswith("waiting.")
    house.pass_time(1)
    assert len(house.pager.rings) == rings + 1
    assert len(of_kind(call.bodies, HandoffAsked)) == 2


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    steps=st.lists(
        st.one_of(
            st.sampled_from(WORDS).map(Heard),
            st.sampled_from([FloorTaken("Rosa"), FloorGiven("Rosa"), FloorLapsed("gone"), Silence(8)]),
        ),
        min_size=3,
        max_size=10,
    ),
    channel=st.sampled_from(CHANNELS),
)
def test_in_any_order_of_words_and_changes_of_the_floor_only_one_speaks(
    steps: list[object], channel: Channel
) -> None:
    call = House().call(channel)
    for step in steps:
        call.say(step.text) if isinstance(step, Heard) else call.note(step)
        call.house.pass_time(40)
    assert said_while_staff_had_the_floor(call) == []
