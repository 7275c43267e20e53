"""A whole call through the exchange, the socket and the desk's door, over lines on which no sound can be torn: in
memory, and by a carrier's stand-in. The desk can't tell which."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from lamplighter.channels.phone.exchange import Exchange
from lamplighter.channels.phone.memory import MemoryLeg, MemoryTelephone
from lamplighter.channels.phone.ports import FRAME
from lamplighter.conversation import events as e
from tests.channels.phone.by_carrier import StreamedTelephone
from tests.channels.phone.lines import CALLER, desk_at, held_at, short_folder, until
from tests.channels.web.stage import Stage

PHRASE = b"\x14\x01" * (3 * FRAME)


class Line:
    """The exchange in a thread of its own; `do` does something there."""

    def __init__(self, folder: Path, telephone: Any) -> None:
        self.socket, self.telephone = folder / "socket", telephone
        self._loop = asyncio.new_event_loop()
        self._exchange = Exchange(self.telephone, folder)

    async def _run(self) -> None:
        self._task = asyncio.ensure_future(self._exchange.run())
        await asyncio.gather(self._task, return_exceptions=True)
        for _ in range(200):  # desks that are going, and what they began; then what was closed is closed
            others = asyncio.all_tasks() - {asyncio.current_task()}
            await asyncio.gather(*others, return_exceptions=True)
            await asyncio.sleep(0)

    @contextmanager
    def running(self) -> Iterator["Line"]:
        thread = threading.Thread(target=self._loop.run_until_complete, args=(self._run(),), daemon=True)
        thread.start()
        try:
            until(lambda: self.telephone.started, "the line")
            yield self
        finally:
            self._loop.call_soon_threadsafe(self._task.cancel)
            thread.join(30)
            self._loop.close()

    def do(self, what: Callable[..., Any], *about: Any) -> Any:
        async def there() -> Any:
            done = what(*about)
            return await done if asyncio.iscoroutine(done) else done

        return asyncio.run_coroutine_threadsafe(there(), self._loop).result(30)

    def call_in(self, dialled: str) -> MemoryLeg:
        leg: MemoryLeg = self.do(self.telephone.call_in, dialled, CALLER)
        return leg

    def press(self, leg: MemoryLeg, key: str) -> None:
        self.do(self.telephone.presses, leg, key)

    def hang_up(self, leg: MemoryLeg) -> None:
        self.do(leg.hang_up)


@contextmanager
def a_line(
    picks_up: Callable[[str], int] = lambda number: 480, make: Callable[..., Any] = MemoryTelephone
) -> Iterator[Line]:
    with short_folder() as folder:
        held_at(folder, PHRASE)
        (folder / "calls.json").write_bytes(b"{}")
        with Line(folder, make(picks_up)).running() as line:
            yield line


every_line = pytest.mark.parametrize("make", [MemoryTelephone, StreamedTelephone])


@every_line
def test_a_call_is_held_until_a_desk_comes_goes_on_at_the_next_desk_and_zero_fetches_a_person(
    make: Callable[..., Any],
) -> None:
    with a_line(make=make) as line:
        stage = Stage()
        leg = line.call_in(stage.practice.phone)
        until(lambda: PHRASE in leg.heard, "that they are held")
        with desk_at(line.socket, stage) as desk:
            until(desk.asked("errand"), "the greeting")
        held = leg.heard.count(PHRASE)
        until(lambda: leg.heard.count(PHRASE) > held, "that they are held again")
        with desk_at(line.socket, stage):
            line.press(leg, "0")
            until(lambda: desk.bodies(e.HandoffAsked), "the hand-over")
            line.hang_up(leg)
            until(lambda: desk.bodies(e.Ended), "the end")
        with stage.records.transaction(desk.stage.practice.id) as tx:
            assert len(tx.log.contacts()) == 1
    (opened,) = desk.bodies(e.Opened)
    assert (opened.channel, opened.address, opened.dialled) == ("voice", CALLER, stage.practice.phone)
