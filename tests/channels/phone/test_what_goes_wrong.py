"""The desk's door and the exchange together, with a telephone in memory, when something of ours fails."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import pytest

from lamplighter.channels.phone.door import PhoneDoor
from lamplighter.channels.phone.wire import Wire
from lamplighter.conversation import events as e
from lamplighter.practice.directory import Directory
from tests.channels.phone.lines import CALLER, Desk, desk_at, short_folder, speaking, until
from tests.channels.phone.test_a_call_in_memory import PHRASE, Line, a_line
from tests.channels.web.stage import Stage, contacts_of


@pytest.fixture
def line() -> Iterator[Line]:
    with a_line() as one:
        yield one


class Store:
    """The records of a stage, which the desk can't reach while they are away."""

    def __init__(self, stage: Stage) -> None:
        self._records, self._is_away, self.asked = stage.records, False, 0
        practices = (stage.practice, stage.other)
        stage.contacts = contacts_of(practices, self, stage.clock, stage.feed)  # type: ignore[arg-type]

    def transaction(self, practice: str) -> Any:
        if self._is_away:
            self.asked += 1
            raise ConnectionError("the store is away")
        return self._records.transaction(practice)

    @contextmanager
    def away(self) -> Iterator[None]:
        self._is_away, self.asked = True, 0
        try:
            yield
        finally:
            self._is_away = False


def called_back(desk: Desk) -> Callable[[], bool]:
    return lambda: bool(desk.bodies(e.Ended) and desk.bodies(e.HandoffAsked) and desk.tasks())


def test_a_desk_whose_store_is_away_as_it_takes_a_call_over_hangs_up_on_nobody_and_goes_on(
    line: Line,
) -> None:
    stage = Stage()
    store = Store(stage)
    with desk_at(line.socket, stage) as desk:
        leg = line.call_in(stage.practice.phone)
        until(desk.asked("errand"), "the greeting")
    with ExitStack() as standing:
        with store.away():
            standing.enter_context(desk_at(line.socket, stage))
            until(lambda: store.asked > 1)
        line.press(leg, "0")
        until(lambda: desk.bodies(e.HandoffAsked), "the hand-over")
        assert not leg.gone


def test_whoever_gives_up_while_no_desk_is_there_in_the_middle_of_a_call_is_called_back(line: Line) -> None:
    with desk_at(line.socket) as desk:
        leg = line.call_in(desk.stage.practice.phone)
        until(desk.asked("errand"), "the greeting")
    until(lambda: PHRASE in leg.heard)
    line.hang_up(leg)
    with desk_at(line.socket, desk.stage) as desk:
        until(called_back(desk), "the task")


def test_whoever_called_and_went_is_called_back_once_though_the_store_was_away_as_the_desk_heard_of_it(
    line: Line,
) -> None:
    stage = Stage()
    store = Store(stage)
    leg = line.call_in(stage.practice.phone)
    until(lambda: leg.answered)
    line.hang_up(leg)
    with store.away(), desk_at(line.socket, stage):
        until(lambda: store.asked)
    with desk_at(line.socket, stage) as desk:
        until(called_back(desk), "the task")
    with desk_at(line.socket, stage), stage.records.transaction(stage.practice.id) as tx:
        assert len(tx.log.contacts()) == 1


def test_whoever_calls_and_goes_while_the_store_is_away_is_called_back_once_it_is_there(line: Line) -> None:
    stage = Stage()
    store = Store(stage)
    with desk_at(line.socket, stage) as desk:
        with store.away():
            leg = line.call_in(stage.practice.phone)
            until(lambda: store.asked)
            line.hang_up(leg)
        until(called_back(desk), "the task")
    (opened,) = desk.bodies(e.Opened)
    assert (opened.address, opened.dialled) == (CALLER, stage.practice.phone)


def test_what_is_keyed_before_there_is_a_voice_is_one_answer_and_zero_fetches_a_person(line: Line) -> None:
    stage = Stage()
    with desk_at(line.socket, stage, speaks=False) as desk:
        leg = line.call_in(stage.practice.phone)
        until(lambda: desk.bodies(e.Opened))
        for key in "102#":
            line.press(leg, key)
        until(lambda: desk.bodies(e.Heard), "the number")
        assert not desk.bodies(e.HandoffAsked)
        line.press(leg, "0")
        until(lambda: desk.bodies(e.HandoffAsked), "the hand-over")
        assert [each.keys for each in desk.bodies(e.Heard)] == ["102", "0"]


def test_a_number_that_is_nobodys_leads_to_the_only_practice_there_is(line: Line) -> None:
    stage = Stage()
    stage.directory = Directory([stage.practice])
    with desk_at(line.socket, stage) as desk:
        line.call_in("sip:201@exchange")
        until(desk.asked("errand"), "the greeting")
    (opened,) = desk.bodies(e.Opened)
    assert opened.dialled == stage.practice.phone


def test_where_several_practices_are_whoever_dials_a_number_of_none_hears_whom_to_call_before_we_hang_up(
    line: Line,
) -> None:
    stage = Stage()
    with desk_at(line.socket, stage, for_nobody=2.5) as desk:
        leg = line.call_in("sip:201@exchange")
        until(lambda: leg.gone, "the end")
        assert PHRASE in leg.heard
    with desk_at(line.socket, stage):
        assert desk.bodies() == []


async def test_what_of_another_version_the_door_cannot_read_keeps_no_other_call_from_it() -> None:
    stage, taken = Stage(), asyncio.Event()

    async def enter(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire = Wire(reader, writer)
        wire.tell(0, "hello", owed=[{}])
        wire.tell(1, "call")
        wire.tell(2, "call", dialled=stage.practice.phone, caller=CALLER)
        with suppress(OSError, asyncio.IncompleteReadError):
            while (frame := await wire.read()).told is None or frame.told["type"] != "take":
                pass
            taken.set()
        writer.close()

    with short_folder() as folder:
        server = await asyncio.start_unix_server(enter, folder / "socket")
        door = asyncio.ensure_future(PhoneDoor(Desk(stage), stage.directory, folder / "socket").run())
        assert await asyncio.wait_for(taken.wait(), 20)
        door.cancel()
        await asyncio.gather(door, return_exceptions=True)
        server.close()


async def test_a_call_whose_line_died_before_it_was_told_of_the_contact_is_called_back_all_the_same() -> None:
    stage, settled, processes = Stage(), asyncio.Event(), iter(("one", "another"))

    async def enter(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire, process = Wire(reader, writer), next(processes)
        wire.tell(0, "hello", owed=[], away=[], process=process)
        if process == "one":
            wire.tell(2, "call", dialled=stage.practice.phone, caller=CALLER)
        with suppress(OSError, asyncio.IncompleteReadError):
            while (frame := await wire.read()).told is None or frame.told["type"] not in ("take", "settled"):
                pass
            if frame.told["type"] == "settled":
                settled.set()
        wire.abort()

    stage.speech.ready(speaking())
    with short_folder() as folder:
        server = await asyncio.start_unix_server(enter, folder / "socket")
        desk = Desk(stage)
        door = asyncio.ensure_future(PhoneDoor(desk, stage.directory, folder / "socket").run())
        await asyncio.wait_for(settled.wait(), 20)
        door.cancel()
        await asyncio.gather(door, return_exceptions=True)
        server.close()
    assert desk.bodies(e.Ended) == [e.Ended("hung_up")]
    assert [each.route for each in desk.bodies(e.HandoffAsked)] == ["human"]
