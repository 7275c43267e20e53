"""A developer calls by hand through the stand-in, and listens."""

import io
import wave

import httpx
from starlette.applications import Starlette

from lamplighter.wiring.standin_calls import CallsDesk
from tests.channels.phone.by_carrier import ACCOUNT, NUMBER, SECRET, StreamedTelephone
from tests.channels.phone.test_contract import CALLER, HELLO, HI, Told, answering, hears, says
from tests.channels.phone.test_exchange import soon


def wav(pcm: bytes, rate: int = 8000) -> bytes:
    whole = io.BytesIO()
    with wave.open(whole, "wb") as sound:
        sound.setparams((1, 2, rate, 0, "NONE", ""))
        sound.writeframes(pcm)
    return whole.getvalue()


async def test_a_call_made_by_hand_is_spoken_into_listened_to_and_ended_by_hand() -> None:
    async with answering(StreamedTelephone) as (telephone, told):
        desk = CallsDesk(telephone.standin, ACCOUNT, SECRET)
        transport = httpx.ASGITransport(app=Starlette(routes=desk.routes))
        async with httpx.AsyncClient(transport=transport, base_url="http://standin") as by_hand:
            call = (await by_hand.post("/standin/calls", json={"from": CALLER, "to": NUMBER})).json()["call"]
            await _talked(telephone, told, by_hand, call)
            assert (
                await by_hand.post(f"/standin/calls/{call}/says", content=wav(HI, 16_000))
            ).status_code == 415
            await by_hand.post(f"/standin/calls/{call}/hang_up")
            await soon(lambda: told.ended == told.rung)
            (seen,) = (await by_hand.get("/standin/calls")).json().values()
    assert (seen["telephone"], seen["answered"]) == (CALLER, True)


async def _talked(telephone: StreamedTelephone, told: Told, by_hand: httpx.AsyncClient, call: str) -> None:
    (leg,) = await soon(lambda: told.rung)
    await leg.answer()
    await by_hand.post(f"/standin/calls/{call}/keys", content="12")
    await by_hand.post(f"/standin/calls/{call}/says", content=wav(HI))
    await hears(leg, HI)
    await soon(lambda: told.keys == "12")
    says(leg, HELLO)
    await soon(lambda: HELLO in telephone.standin.calls[call].end.heard)
    heard = (await by_hand.get(f"/standin/calls/{call}/heard.wav")).content
    with wave.open(io.BytesIO(heard)) as sound:
        assert HELLO in sound.readframes(sound.getnframes())
