"""What every telephone does, whatever carries its calls. SIP passes the same by a telephone of another make, in
test_a_call.py, since sound over its network is torn on a busy machine."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest

from lamplighter.channels.phone.memory import MemoryTelephone
from lamplighter.channels.phone.numbers import NeverDialled
from lamplighter.channels.phone.ports import FRAME, Leg, NotReached
from tests.channels.phone.by_carrier import NUMBER, StreamedTelephone
from tests.channels.phone.test_exchange import soon

CALLER, STAFF = "+12125550143", "+12125550171"
HELLO, HI = b"\x34\x01" * (3 * FRAME), b"\x2c\x02" * (3 * FRAME)  # as mu-law carries them

ENGINES: dict[str, Callable[..., Any]] = {
    "memory": MemoryTelephone,
    "twilio": StreamedTelephone,
    "telnyx": partial(StreamedTelephone, kind="telnyx"),
    "plivo": partial(StreamedTelephone, kind="plivo"),
}


@dataclass
class Told:
    """Events: what the telephone told."""

    rung: list[Leg] = field(default_factory=list)
    keys: str = ""
    ended: list[Leg] = field(default_factory=list)

    def rang(self, leg: Leg) -> None:
        self.rung.append(leg)

    def key(self, leg: Leg, key: str) -> None:
        self.keys += key

    def over(self, leg: Leg) -> None:
        self.ended.append(leg)


@asynccontextmanager
async def answering(make: Callable[..., Any], *about: Any, **more: Any) -> AsyncIterator[tuple[Any, Told]]:
    telephone, told = make(*about, **more), Told()
    await telephone.start(told, lambda: None)
    try:
        yield telephone, told
    finally:
        await telephone.close()


async def call_in(telephone: Any, told: Told) -> tuple[Leg, Any]:
    before = len(told.rung)
    end = telephone.call_in(NUMBER, CALLER)
    leg: Leg = (await soon(lambda: told.rung[before:]))[0]
    await leg.answer()
    return leg, end


async def hears(leg: Leg, pcm: bytes) -> None:
    heard = bytearray()

    def all_of_it() -> bool:
        heard.extend(leg.read())
        return pcm in heard

    await soon(all_of_it)


def says(leg: Leg, pcm: bytes) -> None:
    assert leg.write(pcm) == len(pcm)


async def press(telephone: Any, end: Any, key: str) -> None:
    pressing = telephone.presses(end, key)
    if asyncio.iscoroutine(pressing):
        await pressing


every_engine = pytest.mark.parametrize("make", ENGINES.values(), ids=ENGINES)


@every_engine
async def test_a_call_says_who_calls_whom_both_hear_each_other_and_keys_come_in_order(make: Any) -> None:
    async with answering(make) as (telephone, told):
        leg, end = await call_in(telephone, told)
        assert (leg.dialled, leg.caller) == (NUMBER, CALLER)
        says(leg, HELLO)
        await soon(lambda: HELLO in end.heard)
        end.says = HI
        await hears(leg, HI)
        for key in "12#":
            await press(telephone, end, key)
        await soon(lambda: told.keys == "12#")


@every_engine
async def test_whoever_hangs_up_it_is_told_once_and_what_was_said_last_is_heard_before(make: Any) -> None:
    async with answering(make) as (telephone, told):
        leg, end = await call_in(telephone, told)
        says(leg, HELLO)
        await leg.hang_up()
        await soon(lambda: end.gone and told.ended == [leg])
        assert end.heard.endswith(HELLO)
        await leg.hang_up()
        leg, end = await call_in(telephone, told)
        await end.hang_up()
        await soon(lambda: told.ended[1:] == [leg])
        await leg.hang_up()
    assert len(told.ended) == 2


@every_engine
async def test_what_is_flushed_is_not_heard(make: Any) -> None:
    async with answering(make) as (telephone, told):
        leg, end = await call_in(telephone, told)
        says(leg, HELLO * 5)
        leg.flush()
        assert leg.waiting() == 0
        says(leg, HI)
        await soon(lambda: HI in end.heard)
        assert len(end.heard) < 4 * len(HELLO)


@every_engine
async def test_whoever_picks_up_is_talked_with_and_gets_keys_and_whoever_does_not_is_told_of(
    make: Any,
) -> None:
    async with answering(make, lambda number: 0 if number == STAFF else 486) as (telephone, told):
        leg = await telephone.dial(STAFF, seconds=5)
        (end,) = telephone.rung
        says(leg, HELLO)
        await soon(lambda: HELLO in end.heard)
        end.says = HI
        await hears(leg, HI)
        for key in "1#":
            await leg.press(key)
        await soon(lambda: end.pressed == "1#")
        await end.hang_up()
        await soon(lambda: told.ended == [leg])
        with pytest.raises(NotReached) as busy:
            await telephone.dial("+12125550179", seconds=5)
    assert busy.value.status == 486


@every_engine
async def test_an_emergency_number_never_leaves(make: Any) -> None:
    async with answering(make, lambda number: 0) as (telephone, _):
        for number in ("911", "9911", "+1911", "112", "+1999", "933"):
            with pytest.raises(NeverDialled):
                await telephone.dial(number, seconds=5)
        assert telephone.dialled == []


@every_engine
async def test_whoever_goes_while_they_are_answered_is_told_of_as_gone(make: Any) -> None:
    async with answering(make) as (telephone, told):
        end = telephone.call_in(NUMBER, CALLER)
        (leg,) = await soon(lambda: told.rung)
        await end.hang_up()
        with suppress(NotReached):
            await leg.answer()
        await soon(lambda: told.ended)
        assert told.ended == [leg]
