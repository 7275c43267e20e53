"""Nobody is dialled but whom the ladder rings, and what they hear is who waits and the route, no more."""

from dataclasses import replace

import pytest

from lamplighter.desk.ports import Ring
from lamplighter.desk.ringing_out import RingingOut, RungCall
from lamplighter.practice.sample import load_sample
from tests.promises.desks import House

PRACTICE = load_sample()


def rung(words: str, *, keys: str = "", **other: object) -> tuple[RungCall | None, Ring]:
    """What is dialled for the first ring of a call in which this was said; with the ring changed so."""
    house = House()
    call = house.call("voice")
    call.say(words)
    house.pass_time(1)
    ring = replace(house.pager.rings[0], **other)
    books = {PRACTICE.id: house.conversation.phrasebook}
    return RingingOut(house.records, {PRACTICE.id: PRACTICE}, books, house.clock).call_for(ring), ring


def test_whoever_is_rung_is_dialled_at_the_ladders_number_and_hears_no_word_of_what_was_said() -> None:
    found, ring = rung("This is Maya Okafor and I want to kill myself")
    assert found is not None
    assert (found.phone, found.seconds) == (ring.phone, PRACTICE.ladder.seconds)
    assert "They need a person now." in found.who
    assert "caller" not in found.gate
    assert not any(word in found.gate + found.who for word in ("kill", "crisis", "suicid"))


@pytest.mark.parametrize(
    "other",
    [
        {"phone": "+12125550199"},
        {"phone": PRACTICE.phone},
        {"phone": None},
        {"rung": "somebody"},
        {"handoff": "1"},
        {"test": True},
    ],
)
def test_a_ring_that_is_not_of_the_ladder_as_it_stands_or_a_test_is_not_dialled(
    other: dict[str, object],
) -> None:
    assert rung("I want to talk to a person", **other)[0] is None
