"""Promise 7: a contact goes by the ways of a hand-over and the lines of a crisis that were signed, not those that
ship."""

import pytest

from lamplighter.conversation import ways
from lamplighter.practice.protocol import Protocol, snapshot
from lamplighter.practice.sample import SAMPLE_FOLDER
from lamplighter.wiring.lines import WAYS, protocol_of, signed_law, signed_line, signed_ways
from lamplighter.wiring.signing import folder_files
from tests.promises.desks import Call, Channel, House

LINES = "law/crisis_lines.toml"
DANGER = "I want to kill myself"
CHEST = "I want to kill myself and I have chest pain"


def signed_with(name: str, was: bytes, became: bytes) -> Protocol:
    """What would have been signed had this file said something else then."""
    files = protocol_of(folder_files(SAMPLE_FOLDER)).files
    assert was in files[name]
    return snapshot({**files, name: files[name].replace(was, became)})


def called(protocol: Protocol, words: str, channel: Channel = "voice", address: str | None = None) -> Call:
    house = House()
    line = signed_line(protocol)
    house.conversation = line.conversation
    house.desk = house.wired_with(line)
    call = house.call(channel, address)
    call.say(words)
    return call


def test_what_is_said_first_follows_the_ways_that_were_signed() -> None:
    said = f"{DANGER}, I am by the purple door"
    assert called(protocol_of(folder_files(SAMPLE_FOLDER)), said).said[-1] == "handoff.crisis"
    other = signed_with(WAYS, b"|chest pain|", b"|chest pain|purple door|")
    assert called(other, said).said[-1] == "handoff.crisis.medical"


def test_what_is_answered_to_a_remark_follows_the_ways_that_were_signed() -> None:
    other = signed_with(WAYS, b"between (?:you and me|us)", b"under the roses")
    call = called(other, DANGER)
    call.say("this stays between you and me")
    assert call.said[-1] != "waiting.secret"
    call.say("this stays under the roses")
    assert call.said[-1] == "waiting.secret"


def test_the_lines_named_to_somebody_from_abroad_are_those_that_were_signed() -> None:
    before = signed_with(LINES, b'emergency = "999"', b'emergency = "998"')
    call = called(before, DANGER, "sms", "+442079460123")
    words = " ".join(said.text for reply in call.replies for said in reply.said)
    assert "998" in words and "999" not in words


@pytest.mark.parametrize("damage", [b"[[", b"about: 3", b"about: {}\nremarks: {}", b"\xff"])
def test_ways_that_cannot_be_read_any_more_leave_nobody_without_and_what_ships_holds(
    damage: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    files = protocol_of(folder_files(SAMPLE_FOLDER)).files
    protocol = snapshot({**files, WAYS: damage})
    assert called(protocol, CHEST).said[-1] == "handoff.crisis.medical"
    told = capsys.readouterr()
    assert "signed_ways_unreadable" in told.out + told.err


def test_a_practice_that_signed_before_there_were_lines_or_ways_goes_by_those_that_ship() -> None:
    files = dict(protocol_of(folder_files(SAMPLE_FOLDER)).files)
    del files[WAYS], files[LINES]
    protocol = snapshot(files)
    assert signed_ways(protocol) is ways.SHIPPED
    assert signed_law(protocol).lines_for("+442079460123").emergency == "999"
