"""What is said to be wrong after a booking is asked again; a name misheard again and again is spelled."""

import pytest

from lamplighter.conversation.details import Detail, Errand, key
from tests.desk.test_change_of_mind import booked, visits
from tests.promises.desks import House, phrases
from tests.promises.once.test_once import BOOKING


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("oh wait, my last name is spelled with a z", "ask.last_name"),
        ("you got my birthday wrong", "ask.date_of_birth"),
        ("wait, my phone number is wrong", "ask.phone"),
    ],
)
def test_what_is_said_to_be_wrong_after_the_booking_is_asked_again(said: str, asked: str) -> None:
    call = booked("voice", said)
    assert phrases(call.replies[-1]) == [asked]


def test_another_way_to_be_reached_is_heard_after_the_booking() -> None:
    call = booked("voice", "actually email is better")
    assert call.state.errand is Errand.CORRECT
    assert call.state.known[key(Detail.CONTACT_CHANNEL)].value == "email"


def test_the_week_after_is_the_one_after_the_visit_that_is_moved() -> None:
    call = booked("voice")
    zone = call.house.practice.timezone
    [before] = visits(call.house)
    call.say("I need to reschedule it")
    call.say("the week after")
    assert call.state.offer is not None
    weeks = {slot.start.astimezone(zone).isocalendar().week for slot in call.state.offer.slots}
    assert weeks == {before.slot.start.astimezone(zone).isocalendar().week + 1}


def test_who_names_the_clinician_of_the_visit_to_be_moved_is_asked_when() -> None:
    call = booked("voice")
    [before] = visits(call.house)
    name = call.house.practice.clinician(before.slot.clinician).name
    call.say(f"I need to reschedule my visit with {name}")
    assert phrases(call.replies[-1]) == ["ask.move_to"]


def test_a_name_misheard_again_after_two_corrections_is_spelled() -> None:
    call = House().call("voice")
    for text in (
        *BOOKING[:3],
        "Rosalind Fenwick, March third 1985",
        "no, it's Pennick. this number. New York. no",
    ):
        call.say(text)
    call.say("no, Kenwick. I'll pay myself")
    call.say("no, Benwick. text me")
    assert phrases(call.replies[-1]) == ["reask.last_name"]
    call.say("t h i m b l e w i c k")
    assert call.state.known[key(Detail.LAST_NAME)].value == "Thimblewick"
