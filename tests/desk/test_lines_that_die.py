"""A call of which the end could not be stored, or whose channel died, is over soon after; one that lasts is not."""

import pytest

from lamplighter.conversation.events import Ended, FloorTaken, WordsForgotten
from lamplighter.desk.later import GONE_FOR_GOOD, ON_THE_LINE
from lamplighter.practice.sample import load_sample
from tests.promises.desks import Call, House, of_kind
from tests.promises.fail_to_a_person.test_fail_to_a_person import Flaky
from tests.promises.once.test_once import BOOKING

GONE = (ON_THE_LINE + GONE_FOR_GOOD).total_seconds() + 1


def holding(house: House) -> Call:
    """A call that gives signs, and has a time kept for it."""
    call = house.call("voice")
    sign(call)
    for words in BOOKING[:3]:
        call.say(words)
    with house.store.transaction("demo") as tx:
        assert tx.schedule.held(call.contact) is not None
    return call


def sign(call: Call) -> None:
    call.house.desk.contacts.on_the_line("demo", call.contact)


def ends(call: Call) -> list[str]:
    return [ended.why for ended in of_kind(call.bodies, Ended)]


def test_a_hang_up_that_the_store_could_not_take_is_stored_when_it_is_back() -> None:
    house = House(records=Flaky)
    call = holding(house)
    house.records.failures = 2
    with pytest.raises(OSError):
        house.desk.contacts.hang_up("demo", call.contact)
    assert ends(call) == []
    house.pass_time(GONE)
    assert ends(call) == ["hung_up"]
    with house.store.transaction("demo") as tx:
        assert tx.schedule.held(call.contact) is None
    house.pass_time(1)
    assert bool(of_kind(call.bodies, WordsForgotten)) is not load_sample().transcripts


def test_a_call_that_gives_signs_goes_on_as_long_as_it_likes() -> None:
    call = holding(House())
    for _ in range(40):
        call.house.pass_time(30)
        sign(call)
    assert ends(call) == []


def test_a_call_that_outlives_a_store_that_was_away_is_not_ended_when_it_is_back() -> None:
    call = holding(House())
    call.house.pass_time(ON_THE_LINE.total_seconds() + 60)
    sign(call)
    call.house.pass_time(ON_THE_LINE.total_seconds() - 1)
    assert ends(call) == []
    call.house.pass_time(GONE)
    assert ends(call) == ["hung_up"]


def test_what_was_said_to_staff_on_a_line_that_died_rings() -> None:
    call = House().call("voice")
    sign(call)
    call.note(FloorTaken("Maria Lindgren"))
    call.say("I ran out of my medication")
    call.house.pass_time(GONE)
    assert [ring.route for ring in call.house.pager.rings][:1] == ["clinical"]


def test_a_call_that_was_hung_up_ends_once() -> None:
    call = holding(House())
    call.house.desk.contacts.hang_up("demo", call.contact)
    call.house.pass_time(2 * GONE)
    assert ends(call) == ["hung_up"]
