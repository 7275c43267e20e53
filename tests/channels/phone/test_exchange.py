"""Who owns which call: over the socket, with a telephone in memory."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lamplighter.channels.phone.exchange import Exchange
from lamplighter.channels.phone.held import TONE, Held, HeldPhrases
from lamplighter.channels.phone.memory import MemoryLeg, MemoryTelephone
from lamplighter.channels.phone.ports import FRAME
from lamplighter.channels.phone.wire import Wire
from tests.channels.phone.lines import held_at, short_folder

PHRASE = b"\x14\x01" * (3 * FRAME)
WORDS = b"\x2c\x02" * (FRAME // 2)


@dataclass
class Socket:
    """A desk at the socket; `told` has everything that it was told."""

    wire: Wire
    told: list[dict[str, Any]] = field(default_factory=list)

    async def read(self) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                frame = await self.wire.read()
                self.told.append(
                    {"call": frame.call, "sound": frame.sound, **(frame.told or {"type": "sound"})}
                )

    async def until(self, type: str) -> dict[str, Any]:
        return await soon(lambda: next((each for each in self.told if each["type"] == type), None))


async def soon(holds: Callable[[], Any]) -> Any:
    async with asyncio.timeout(20):
        while not (found := holds()):  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    return found


@asynccontextmanager
async def keeping(folder: Path, **more: Any) -> AsyncIterator[MemoryTelephone]:
    telephone = MemoryTelephone(lambda number: 486 if number.endswith("79") else 0)
    task = asyncio.ensure_future(Exchange(telephone, folder, **more).run())
    await soon(lambda: (folder / "socket").exists() and telephone.started)
    try:
        yield telephone
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def a_desk(folder: Path) -> AsyncIterator[Socket]:
    reader, writer = await asyncio.open_unix_connection(folder / "socket")
    desk = Socket(Wire(reader, writer))
    reading = asyncio.ensure_future(desk.read())
    try:
        yield desk
    finally:
        writer.close()
        await reading


async def test_a_call_without_a_desk_is_held_with_a_phrase_and_the_desk_that_comes_gets_it_with_its_keys() -> (
    None
):
    with short_folder() as folder:
        held_at(folder, PHRASE)
        async with keeping(folder) as telephone:
            leg = telephone.call_in("sip:+12125550100@here", "sip:+12125550143@there")
            await soon(lambda: PHRASE in leg.heard)
            telephone.presses(leg, "0")
            async with a_desk(folder) as desk:
                call = await desk.until("call")
                assert (call["dialled"], call["contact"]) == ("sip:+12125550100@here", None)
                desk.wire.tell(call["call"], "take", contact="one", practice="demo", locale="en")
                assert (await desk.until("key"))["key"] == "0"
                leg.says = WORDS
                assert (await desk.until("sound"))["sound"] == WORDS
                desk.wire.sound(call["call"], WORDS)
                await soon(lambda: leg.heard.endswith(WORDS))
            await soon(lambda: leg.heard.endswith(PHRASE))
            async with a_desk(folder) as another:
                assert (await another.until("call"))["contact"] == "one"


async def test_who_is_held_hears_the_words_of_the_practice_they_dialled_in_its_first_language() -> None:
    words = {each: bytes([each, 1]) * 480 for each in range(4)}
    demo = Held("demo", ("+12125550100",), {"es": [words[0]], "en": [words[1]]})
    other = Held("other", ("+12125550190",), {"en": [words[2]]})
    mute = Held("mute", ("+12125550191",), {})
    with short_folder() as folder:
        HeldPhrases(folder / "held").keep([demo, other, mute], anybody="other")
        async with keeping(folder) as telephone:
            dialled = ("+12125550100", "+12125550190", "+12125550191", "201")
            legs = [telephone.call_in(f"sip:{each}@here", "there") for each in dialled]
            for leg, heard in zip(legs, (words[0], words[2], TONE, words[2]), strict=True):
                await soon(lambda leg=leg, heard=heard: bytes(leg.heard).startswith(heard))
            async with a_desk(folder) as desk:
                leg = telephone.call_in(dialled[0], "there")
                desk.wire.tell(5, "locale", locale="en")
                desk.wire.tell(5, "take", contact="one", practice="demo", mute=True)
                assert await soon(lambda: words[1] in leg.heard)


async def test_what_is_hushed_is_not_heard_and_sound_leaves_at_the_pace_of_the_line() -> None:
    with short_folder() as folder:
        async with keeping(folder) as telephone, a_desk(folder) as desk:
            leg = telephone.call_in("here", "there")
            number = (await desk.until("call"))["call"]
            desk.wire.tell(number, "take", contact="one", practice="demo")
            desk.wire.tell(number, "join")  # with whom, it doesn't say: not understood, and the call goes on
            desk.wire.sound(number, WORDS * 100)
            await soon(lambda: leg.heard)
            desk.wire.tell(number, "hush")
            desk.wire.sound(number, PHRASE)
            await soon(lambda: leg.heard.endswith(PHRASE))
            assert len(leg.heard) < FRAME * 100


async def test_a_call_that_a_process_which_died_had_is_owed_until_it_is_settled() -> None:
    with short_folder() as folder:
        async with keeping(folder) as telephone, a_desk(folder) as desk:
            telephone.call_in("here", "there")
            desk.wire.tell((await desk.until("call"))["call"], "take", contact="one", practice="demo")
            await soon(lambda: b"one" in (folder / "calls.json").read_bytes())
        for _ in range(2):
            async with keeping(folder), a_desk(folder) as desk:
                owed = (await desk.until("hello"))["owed"]
                assert owed == [{"contact": "one", "practice": "demo", "how": "lost"}]
        async with keeping(folder), a_desk(folder) as desk:
            desk.wire.tell(0, "settled", contact="one")
            await soon(lambda: (folder / "calls.json").read_bytes() == b"{}")


async def test_who_called_and_went_while_no_desk_was_there_is_told_to_the_next_one_and_heard_a_tone() -> None:
    with short_folder() as folder:
        async with keeping(folder) as telephone:
            leg = telephone.call_in("here", "there")
            await soon(lambda: TONE in leg.heard)
            await leg.hang_up()
            async with a_desk(folder) as desk:
                (away,) = (await desk.until("hello"))["away"]
                assert away == {"call": 1, "dialled": "here", "addressed": "", "caller": "there"}
            async with a_desk(folder) as another:
                assert (await another.until("hello"))["away"] == [away]
                another.wire.tell(1, "take", contact="one", practice="demo", mute=True)
            async with a_desk(folder) as third:
                hello = await third.until("hello")
                assert (hello["away"], hello["owed"][0]["how"]) == ([], "lost")
                third.wire.tell(1, "settled", contact="one")
                await soon(lambda: (folder / "calls.json").read_bytes() == b"{}")


async def test_a_desk_that_freezes_with_a_call_leaves_it_to_the_held_phrases_and_to_the_next_desk() -> None:
    with short_folder() as folder:
        held_at(folder, PHRASE)
        async with keeping(folder, dead_after=0.3) as telephone:
            reader, writer = await asyncio.open_unix_connection(folder / "socket", limit=64)
            leg = telephone.call_in("here", "there")
            await soon(lambda: leg.answered)
            Wire(reader, writer).tell(1, "take", contact="one", practice="demo")
            await soon(lambda: _said(leg, WORDS * 4) and PHRASE in leg.heard)
            async with a_desk(folder) as another:
                assert (await another.until("call"))["contact"] == "one"
            writer.close()


async def test_two_lines_that_the_desk_joins_hear_each_other_and_it_hears_when_one_of_them_goes() -> None:
    with short_folder() as folder:
        async with keeping(folder) as telephone, a_desk(folder) as desk:
            leg = telephone.call_in("here", "there")
            number = (await desk.until("call"))["call"]
            desk.wire.tell(number, "take", contact="one", practice="demo")
            desk.wire.tell(7, "ring", number="+12125550171", seconds=5)
            reached = await desk.until("reached")
            assert reached["call"] == 7
            desk.wire.tell(number, "join", **{"with": reached["leg"]})
            (other,) = telephone.rung
            await soon(lambda: _said(leg, WORDS) and WORDS in other.heard)
            await soon(lambda: _said(other, PHRASE[:FRAME]) and PHRASE[:FRAME] in leg.heard)
            await other.hang_up()
            assert (await desk.until("parted"))["call"] == number


async def test_whoever_does_not_pick_up_is_told_and_an_emergency_number_is_never_rung() -> None:
    with short_folder() as folder:
        async with keeping(folder) as telephone, a_desk(folder) as desk:
            desk.wire.tell(1, "ring", number="+12125550179", seconds=5)
            desk.wire.tell(2, "ring", number="9-911", seconds=5)
            await soon(lambda: len([each for each in desk.told if each["type"] == "not_reached"]) == 2)
            assert telephone.dialled == ["+12125550179"]
            assert (await desk.until("not_reached"))["status"] == 486


def _said(leg: MemoryLeg, pcm: bytes) -> bool:
    leg.says = pcm
    return True
