"""An open hand-over belongs to the number it came from: no text goes past it until a person closes it."""

from dataclasses import dataclass, field
from datetime import datetime

import pytest

from lamplighter.channels.sms.inbound import Inbound
from lamplighter.conversation.events import Ended, HandoffAsked, HandoffClosed, HandoffPromised
from tests.promises.desks import CALLER, NIGHT, NOON, Call, House, of_kind, phrases, with_nobody

HOUR = 3600


@dataclass
class Phone:
    house: House
    inbound: Inbound = field(init=False)
    count: int = 0

    def __post_init__(self) -> None:
        self.inbound = Inbound(self.house.desk.contacts, self.house.store)

    def text(self, words: str) -> tuple[Call, list[str]]:
        self.count += 1
        practice = self.house.practice
        reply = self.inbound.take(
            practice.id, dialled=practice.phone, sender=CALLER, text=words, inbound=f"SM{self.count}"
        )
        return Call(self.house, reply.contact), phrases(reply)


def promised(at: datetime = NIGHT) -> tuple[Phone, Call]:
    house = House(at)
    house.practice = with_nobody(house.practice)
    house = House(at, practice=house.practice)
    phone = Phone(house)
    call, _ = phone.text("I want to talk to a person")
    house.pass_time(2 * HOUR)
    assert of_kind(call.bodies, HandoffPromised)
    return phone, call


def test_the_next_text_reaches_the_open_hand_over_and_hears_the_promise_again() -> None:
    phone, call = promised()
    said = []
    for words in ("hello?", "is somebody there", "I'd like a first appointment"):
        later, heard = phone.text(words)
        assert later.contact == call.contact
        assert [phrase.startswith("waiting.promised") for phrase in heard] == [True]
        said += heard
        phone.house.pass_time(HOUR)
    assert len(set(said)) == 3


def test_days_later_it_still_does_and_an_overdue_call_rings_the_ladder_anew() -> None:
    phone, call = promised()
    phone.house.pass_time(6 * 24 * HOUR)
    later, heard = phone.text("nobody has called me")
    assert later.contact == call.contact
    assert heard == ["waiting.overdue"]
    assert len(of_kind(call.bodies, HandoffAsked)) == 2


def test_a_crisis_in_the_same_thread_after_a_promise_rings_at_once() -> None:
    phone, call = promised()
    phone.text("I want to kill myself")
    assert [asked.route for asked in of_kind(call.bodies, HandoffAsked)] == ["human", "crisis"]


@pytest.mark.parametrize("at", [NOON, NIGHT])
def test_once_a_person_has_closed_it_the_next_text_begins_anew(at: datetime) -> None:
    phone, call = promised(at)
    call.note(HandoffClosed("Rosa", "handled"))
    assert of_kind(call.bodies, Ended)
    assert not call.said[-1].startswith("resume")
    later, heard = phone.text("I'd like a first appointment")
    assert later.contact != call.contact
    assert heard[0].startswith("greeting.sms")
