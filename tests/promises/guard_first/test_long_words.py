"""However long the words are, the guard reads them to the end; nothing else looks beyond what people say in one go."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from lamplighter.channels.sms.inbound import LONGEST, Inbound, TooLong
from lamplighter.conversation.events import HandoffAsked
from lamplighter.conversation.guarding import GUARDED, UNDERSTOOD, pieces_of
from lamplighter.wiring.late_parts import guard, understanding
from tests.promises.desks import CALLER, Channel, House, of_kind

CRISIS = "I want to kill myself tonight."
FILLER = "We went to the market and bought apples and bread. "


@dataclass
class Reading:
    """A part that notes how long what it was given is."""

    part: Any
    lengths: list[int] = field(default_factory=list)

    def check(self, text: str, locale: str, channel: str, *, before: Any = ()) -> Any:
        self.lengths.append(len(text))
        return self.part.check(text, locale, channel)

    def understand(self, text: str, context: Any) -> Any:
        self.lengths.append(len(text))
        return self.part.understand(text, context)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.part, name)


@pytest.mark.parametrize("channel", ["sms", "chat"])
@pytest.mark.parametrize("length", [GUARDED - 10, GUARDED + 5, 7900])
def test_danger_at_the_end_of_a_long_message_is_a_crisis(channel: Channel, length: int) -> None:
    call = House().call(channel)
    call.say((FILLER * 200)[:length] + " " + CRISIS)
    assert [asked.route for asked in of_kind(call.bodies, HandoffAsked)] == ["crisis"]


def test_each_part_reads_no_more_at_a_time_than_it_should() -> None:
    ear, mind = Reading(guard()), Reading(understanding())
    house = House(guard_part=ear, understanding_part=mind)
    house.call("chat").say("hello " * 2000)
    assert max(ear.lengths) <= GUARDED
    assert sum(ear.lengths) >= 2000 * 6
    assert mind.lengths == [UNDERSTOOD]


@pytest.mark.parametrize("length", [0, 1, 199, 200, 201, 1999, 2000, 2001, 3800, 3801, 20_000])
def test_pieces_hold_every_character_and_overlap(length: int) -> None:
    text = "".join(chr(0x4E00 + n % 5000) for n in range(length))
    pieces = pieces_of(text)
    assert "".join([pieces[0], *(piece[200:] for piece in pieces[1:])] if pieces else []) == text


def test_a_text_that_no_carrier_delivers_is_refused_at_the_door() -> None:
    house = House()
    inbound = Inbound(house.desk.contacts, house.store)
    with pytest.raises(TooLong):
        inbound.take(
            "demo", dialled=house.practice.phone, sender=CALLER, text="a" * (LONGEST + 1), inbound="1"
        )
    with house.store.transaction("demo") as tx:
        assert tx.log.contacts() == ()
