"""Whoever hangs up on a member of staff is not alone with what they said: a verdict rings as it does anywhere."""

import pytest

from lamplighter.conversation.events import FloorTaken, HandoffAsked, HandoffPromised
from tests.promises.desks import Call, House, of_kind

CRISIS = "I want to kill myself"
MEDICINE = "I ran out of my medication"


def with_staff(*said: str) -> Call:
    """A call in which a member of staff stepped in, with nothing handed over."""
    call = House().call("voice")
    call.say("I'd like to book a first visit")
    call.note(FloorTaken("Maria Lindgren"))
    for text in said:
        call.say(text)
    return call


def hang_up(call: Call) -> None:
    call.house.desk.contacts.hang_up("demo", call.contact)


@pytest.mark.parametrize(("words", "route"), [(MEDICINE, "clinical"), (CRISIS, "crisis")])
def test_what_was_said_to_staff_before_a_hang_up_rings_as_any_verdict_does(words: str, route: str) -> None:
    call = with_staff(words)
    hang_up(call)
    call.house.pass_time(1)
    assert [asked.route for asked in of_kind(call.bodies, HandoffAsked)] == [route]
    assert [ring.route for ring in call.house.pager.rings] == [route]


def test_where_nobody_picks_up_it_is_work_that_is_stored() -> None:
    call = with_staff(MEDICINE)
    hang_up(call)
    call.house.pass_time(600)
    assert of_kind(call.bodies, HandoffPromised)
    with call.house.store.transaction("demo") as tx:
        assert [(task.kind, task.route) for task in tx.tasks.list_open()] == [("handoff", "clinician")]


def test_words_that_are_recognised_after_the_hang_up_on_staff_ring_too() -> None:
    call = with_staff()
    hang_up(call)
    said_before = call.said
    call.say(MEDICINE)
    call.house.pass_time(1)
    assert [ring.route for ring in call.house.pager.rings] == ["clinical"]
    assert call.said == said_before


def test_whoever_hangs_up_after_ordinary_words_with_staff_rings_nobody() -> None:
    call = with_staff("Tuesday is fine", "thanks, let me talk to a person")
    hang_up(call)
    call.house.pass_time(600)
    assert call.house.pager.rings == []
