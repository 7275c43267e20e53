"""Whoever is on the ladder is rung by telephone for a call that is here, and connected; with a telephone in memory."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lamplighter.channels.phone.memory import MemoryLeg, MemoryTelephone
from lamplighter.channels.phone.ports import FRAME
from lamplighter.channels.phone.transfers import Ladder, TelephonePager
from lamplighter.channels.speech.sound import samples
from lamplighter.conversation import events as e
from lamplighter.desk.ports import Ring, Sound
from lamplighter.desk.ringing_out import RingingOut
from tests.channels.phone.by_carrier import StreamedTelephone
from tests.channels.phone.lines import Desk, desk_at, until
from tests.channels.phone.test_a_call_in_memory import Line, a_line, every_line
from tests.channels.phone.tones import scan
from tests.channels.web.stage import MORNING, Bells, RunningClock, Stage

HELLO, HI = b"\x34\x01" * (FRAME // 2), b"\x2c\x02" * (FRAME // 2)


class Ringing(Bells):
    """Rings on the staff page, as every stage does, and by telephone."""

    def __init__(self) -> None:
        super().__init__()
        self.telephone = TelephonePager()

    def ring(self, ring: Ring) -> None:
        super().ring(ring)
        self.telephone.ring(ring)

    def call_off(self, ring: Ring, by: str) -> None:
        super().call_off(ring, by)
        self.telephone.call_off(ring, by)


@contextmanager
def attending(socket: Path, stage: Stage) -> Iterator[Desk]:
    """A desk whose ladder rings by telephone."""
    assert isinstance(stage.bells, Ringing)
    books = dict.fromkeys(stage.practices, stage.phrasebook)
    out = RingingOut(stage.records, stage.practices, books, stage.clock)
    ladder = Ladder(out.call_for, stage.handoffs.answered, patience=0.2)
    with desk_at(socket, stage, ladder=ladder, pager=stage.bells.telephone) as desk:
        yield desk


def a_stage(at: datetime = MORNING) -> Stage:
    return Stage(bells=Ringing(), clock=RunningClock(at))


@contextmanager
def asking_for_a_person(line: Line, stage: Stage) -> Iterator[tuple[Desk, MemoryLeg]]:
    with attending(line.socket, stage) as desk:
        leg = line.call_in(stage.practice.phone)
        until(desk.asked("errand"), "the greeting")
        line.press(leg, "0")
        yield desk, leg


def contact_of(stage: Stage) -> str:
    with stage.records.transaction(stage.practice.id) as tx:
        return str(tx.log.contacts()[0].id)


def rung(line: Line, number: int = 0) -> MemoryLeg:
    leg: MemoryLeg = until(lambda: line.telephone.rung[number : number + 1], "the ring")[0]
    return leg


def hears(leg: MemoryLeg, *words: str) -> Callable[[], bool]:
    """What is cut off tears a word."""

    def heard() -> bool:
        found, _ = scan(samples(Sound(bytes(leg.heard), 8000)))
        return set(words) <= set(found)

    return heard


def says(leg: MemoryLeg, pcm: bytes) -> bool:
    leg.says = pcm
    return True


@every_line
def test_whoever_is_rung_hears_who_waits_after_a_key_and_talks_with_them_after_another(
    make: Callable[..., Any],
) -> None:
    with a_line(lambda number: 0, make) as line, asking_for_a_person(line, a_stage()) as (desk, caller):
        staff = rung(line)
        assert line.telephone.dialled == [desk.stage.bells.rung[0].phone]
        assert line.telephone.shown == [desk.stage.practice.phone]
        line.press(staff, "1")
        until(hears(staff, "caller"), "who it is")
        line.press(staff, "1")
        until(lambda: desk.bodies(e.HandoffAccepted), "that they took it")
        until(lambda: says(caller, HELLO) and HELLO in staff.heard, "that they are connected")
        until(lambda: says(staff, HI) and HI in caller.heard)
        contact, practice = contact_of(desk.stage), desk.stage.practice.id
        desk.contacts.hear(practice, contact, "I want to kill myself")
        assert desk.bodies(e.HandoffAsked)[-1].route == "crisis"
        desk.contacts.note(practice, contact, e.HandoffClosed("Amara Osei", "handled"))
        until(lambda: desk.bodies(e.FloorTaken), "that whoever talks has the floor")
        assert desk.contacts.state(practice, contact).floor == "Front desk"
        line.hang_up(caller)
        until(lambda: staff.gone and desk.bodies(e.Ended), "the end")
    (accepted,) = desk.bodies(e.HandoffAccepted)
    assert (accepted.by, accepted.rung) == ("Front desk", "front_desk")
    assert not desk.bodies(e.FloorLapsed)


def test_a_busy_line_a_mailbox_and_a_2_ring_the_next_and_the_caller_hears_all_the_while_that_we_stay() -> (
    None
):
    dialled: list[str] = []

    def first_is_busy(number: str) -> int:
        dialled.append(number)
        return 486 if len(dialled) == 1 else 0

    with a_line(first_is_busy) as line, asking_for_a_person(line, a_stage()) as (desk, caller):
        mailbox = rung(line)
        until(lambda: mailbox.gone, "that a mailbox is left")
        line.press(rung(line, 1), "2")
        until(lambda: len(dialled) > 3 or desk.bodies(e.HandoffPromised), "the next")
        assert not caller.gone
    assert [each.why for each in desk.bodies(e.HandoffDeclined)][:3] == ["busy", "no_answer", "declined"]
    assert hears(mailbox, "Somebody")()
    assert not hears(mailbox, "caller")()


def connected(line: Line, desk: Desk, caller: MemoryLeg) -> MemoryLeg:
    staff = rung(line)
    line.press(staff, "1")
    line.press(staff, "1")
    until(lambda: says(caller, HELLO) and HELLO in staff.heard, "that they are connected")
    return staff


def test_who_is_left_alone_in_a_crisis_hears_us_at_once_and_the_ladder_rings_anew() -> None:
    stage = a_stage()
    with a_line(lambda number: 0) as line, attending(line.socket, stage) as desk:
        caller = line.call_in(stage.practice.phone)
        until(desk.asked("errand"), "the greeting")
        desk.contacts.hear(stage.practice.id, contact_of(stage), "I want to kill myself")
        staff = connected(line, desk, caller)
        line.hang_up(staff)
        until(lambda: desk.bodies(e.FloorLapsed), "that we are there again")
        rung(line, 1)
        assert not caller.gone


def test_two_who_talk_go_on_while_the_desk_is_begun_anew_and_the_next_one_is_there_when_one_goes() -> None:
    stage = a_stage()
    with a_line(lambda number: 0) as line:
        with asking_for_a_person(line, stage) as (desk, caller):
            staff = connected(line, desk, caller)
        del staff.heard[:], caller.heard[:]
        with attending(line.socket, stage) as desk:
            until(lambda: says(caller, HELLO) and HELLO in staff.heard)
            until(lambda: says(staff, HI) and HI in caller.heard)
            line.hang_up(staff)
            until(lambda: desk.bodies(e.FloorLapsed), "that we are there again")
            assert not caller.gone


@pytest.mark.parametrize("make", [MemoryTelephone, pytest.param(StreamedTelephone, marks=pytest.mark.slow)])
def test_988_is_bridged_after_it_was_announced_hears_the_callers_keys_and_is_not_listened_to(
    make: Callable[..., Any],
) -> None:
    stage = a_stage(MORNING + timedelta(hours=10))
    with (
        a_line(lambda number: 0 if number == "988" else 486, make) as line,
        attending(line.socket, stage) as desk,
    ):
        caller = line.call_in(stage.practice.phone)
        until(desk.asked("errand"), "the greeting")
        desk.contacts.hear(stage.practice.id, contact_of(stage), "I want to kill myself")
        until(lambda: desk.bodies(e.HandoffAnnounced), "that it is announced")
        stage.clock.ahead(timedelta(seconds=25))
        lifeline = rung(line)
        until(lambda: says(lifeline, HI) and HI in caller.heard, "that they are connected")
        heard = len(desk.bodies(e.Heard))
        line.press(caller, "1")
        until(lambda: lifeline.pressed == "1", "the key")
        assert line.telephone.dialled[-1] == "988"
        said = len(desk.bodies(e.Said))
        line.hang_up(lifeline)
        until(lambda: len(desk.bodies(e.Said)) > said, "that we are there again")
        assert (len(desk.bodies(e.Heard)), caller.gone) == (heard, False)
    assert [each.why for each in desk.bodies(e.HandoffDeclined)][:2] == ["busy", "busy"]
