"""Who gets in at the door of a carrier's calls, and what becomes of a call when something fails on its way."""

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import websockets
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.channels.phone.carriers import leg as of_streams
from lamplighter.channels.phone.carriers import telephone as of_carriers
from lamplighter.channels.phone.carriers import telnyx_put_through
from lamplighter.channels.phone.carriers.carrier import Heard
from lamplighter.channels.phone.carriers.in_order import MOST_WAITING, InOrder
from lamplighter.channels.phone.carriers.our_lines import OurLine
from lamplighter.channels.phone.carriers.setup import Kind
from lamplighter.channels.phone.carriers.telephone import MOST_STRANGERS
from lamplighter.channels.phone.carriers.telnyx import TelnyxCalls
from lamplighter.channels.phone.ports import NotReached
from lamplighter.channels.phone.standins.far_end import FarEnd
from lamplighter.channels.phone.standins.people import LOST, NEVER
from lamplighter.wiring.clocks import WallClock
from tests.channels.phone.by_carrier import NUMBER, StreamedTelephone
from tests.channels.phone.test_contract import (
    CALLER,
    HELLO,
    HI,
    STAFF,
    Told,
    answering,
    call_in,
    hears,
    says,
)
from tests.channels.phone.test_exchange import soon
from tests.channels.web.stage import RunningClock

OWN_LINE = "+12125550177"
WORDS = (("en", "In danger call 911."), ("es", "En peligro llame al 911."))


every_carrier = pytest.mark.parametrize(
    "kind", ["twilio", "telnyx", pytest.param("plivo", marks=pytest.mark.slow)]
)


@asynccontextmanager
async def a_line(*about: Any, **more: Any) -> AsyncIterator[tuple[StreamedTelephone, Told]]:
    async with answering(StreamedTelephone, *about, **more) as (telephone, told):
        yield telephone, told


def a_call(telephone: StreamedTelephone) -> dict[str, str]:
    """What the carrier says of a call that comes in, which nobody makes."""
    call = telephone.standin._new(FarEnd(CALLER), to=NUMBER, sent_from=CALLER, came_in=True)
    call.status = "ringing"
    return telephone.standin.said_of(call)


async def asked(telephone: StreamedTelephone, said: dict[str, str], about: str = "voice") -> httpx.Response:
    return await telephone.standin.bring(telephone.setup.at(about), said)


async def test_what_the_carrier_has_not_signed_is_refused_unread() -> None:
    async with a_line() as (telephone, told), httpx.AsyncClient() as stranger:
        said, url = a_call(telephone), telephone.setup.at("voice")
        signed = {"x-twilio-signature": telephone.standin.signed(url, said)}
        answers = [
            await stranger.post(url, data=said),
            await stranger.post(url, data={**said, "From": STAFF}, headers=signed),
            await stranger.post(telephone.setup.at("again"), data=said, headers=signed),
            await stranger.post(url, json=said, headers=signed),
            await stranger.post(url, data={**said, "more": "x" * 70_000}, headers=signed),
            await asked(telephone, {**said, "AccountSid": "AC" + "1" * 32}),
            await asked(telephone, {**said, "To": "client:nobody"}),
        ]
        assert [each.status_code for each in answers] == [403, 403, 403, 415, 413, 403, 400]
        assert told.rung == []


async def test_a_webhook_that_comes_again_makes_no_second_call_and_one_that_somebody_kept_none_that_stays() -> (
    None
):
    async with a_line() as (telephone, told):
        said = a_call(telephone)
        first, again = await asked(telephone, said), await asked(telephone, said)
        assert (first.text, len(told.rung)) == (again.text, 1)
        kept = a_call(telephone)
        telephone.standin.calls[kept["CallSid"]].status = "completed"
        await asked(telephone, kept)
        await soon(lambda: told.ended == told.rung[1:])


def stream_of(answer: httpx.Response) -> tuple[str, str]:
    """The address and the token that a call was given."""
    return answer.text.partition('url="')[2].partition('"')[0], answer.text.partition('value="')[2].partition(
        '"'
    )[0]


async def begun(
    telephone: StreamedTelephone, url: str, call: str, token: str, *, signed: bool = True
) -> bool:
    """Whether somebody who opens a stream so is listened to, and not shown out."""
    headers = {"x-twilio-signature": telephone.standin.signed(url, {})} if signed else {}
    start = {"streamSid": "MZ1", "callSid": call, "customParameters": {"token": token}}
    try:
        async with websockets.connect(url, additional_headers=headers, proxy=None) as socket:
            await socket.send(json.dumps({"event": "connected"}))
            await socket.send(json.dumps({"event": "start", "start": start}))
            async with asyncio.timeout(0.3):
                await socket.recv()
    except TimeoutError:
        return True
    except (websockets.ConnectionClosed, websockets.InvalidStatus):
        return False
    return True


async def test_a_stream_is_opened_by_the_carrier_alone_for_the_call_it_was_given_for_and_once() -> None:
    async with a_line() as (telephone, _):
        first, second = a_call(telephone), a_call(telephone)
        url, token = stream_of(await asked(telephone, first))
        other, _ = stream_of(await asked(telephone, second))
        call = first["CallSid"]
        assert not await begun(telephone, url, call, token, signed=False)
        assert await begun(telephone, url, call, token)
        assert not await begun(telephone, url, call, token)
        assert not await begun(telephone, other, second["CallSid"], token)
        assert not await begun(telephone, telephone.setup.media("nobody"), call, token)


@every_carrier
async def test_a_stream_that_is_cut_off_goes_on_in_the_same_call_and_nobody_hears_what_nobody_said(
    kind: Kind,
) -> None:
    async with a_line(kind=kind) as (telephone, told):
        leg, end = await call_in(telephone, told)
        await telephone.standin.cut(end)
        await soon(lambda: leg.write(HELLO) and HELLO in end.heard)
        end.says = HI
        await hears(leg, HI)
        assert told.rung == [leg]
        assert told.ended == []


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("twilio", "no agreement"),
        ("twilio", "too many calls"),
        ("telnyx", "no agreement"),
        ("plivo", "no agreement"),
    ],
)
async def test_a_call_that_is_not_taken_hears_whom_to_call_and_rings_the_practices_own_line(
    tmp_path: Path, kind: Kind, why: str
) -> None:
    line = OurLine(why == "too many calls", WORDS, OWN_LINE)
    most = 0 if line.may_carry else 40
    async with a_line(lines=tmp_path, most_calls=most, kind=kind) as (telephone, told):
        telephone.lines.keep({NUMBER: line})
        end = telephone.call_in(NUMBER, CALLER)
        await soon(lambda: end.put_through)
        assert (end.put_through, end.read_out) == (
            OWN_LINE,
            [text for _, text in WORDS][: 1 if kind == "telnyx" else 2],
        )
        assert told.rung == []


@pytest.mark.parametrize(
    ("faults", "own_line", "hears", "reaches"),
    [
        ([0, 422], 0, False, True),  # it does not say that
        ([422], 0, False, True),  # it does not answer
        ([0, 0, 422], 0, True, False),  # it does not transfer
        ([], 486, True, True),  # the own line is busy
    ],
)
async def test_a_call_by_telnyx_that_is_not_taken_is_never_left_waiting_for_what_telnyx_does_not_do(
    tmp_path: Path, faults: list[int], own_line: int, hears: bool, reaches: bool
) -> None:
    async with a_line(lambda _: own_line, kind="telnyx", lines=tmp_path) as (telephone, _):
        telephone.lines.keep({NUMBER: OurLine(False, WORDS, OWN_LINE)})
        telephone.standin.faults.extend(faults)
        end = telephone.call_in(NUMBER, CALLER)
        await soon(lambda: end.put_through if reaches else end.gone)
        assert (end.put_through, end.read_out) == (
            OWN_LINE if reaches else "",
            [WORDS[0][1]] if hears else [],
        )
        await soon(lambda: end.gone or own_line == 0)


@pytest.mark.parametrize("told", ["to one process after another, twice", "to nobody"])
async def test_a_call_by_telnyx_that_is_put_through_goes_on_whoever_is_told_that_it_is_answered(
    tmp_path: Path, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_line(lambda _: 0, kind="telnyx", lines=tmp_path) as (telephone, _):
        telephone.lines.keep({NUMBER: OurLine(False, WORDS, OWN_LINE)})
        standin, url = telephone.standin, telephone.setup.at("voice")
        call = standin._new(FarEnd(CALLER), NUMBER, CALLER, came_in=True, events_to="http://127.0.0.1:9/")
        if told == "to nobody":
            monkeypatch.setattr(telnyx_put_through, "TOLD_WITHIN", {"answer": 0.01, "speak": 0.01})
        await standin.bring(url, standin.event(call, "call.initiated", direction="incoming"))
        await soon(lambda: call.end.answered)
        if told == "to nobody":
            await soon(lambda: call.end.put_through)
        call.events_to = url
        for _ in range(2 if told != "to nobody" else 0):
            await telephone.telephone._carrier.close()
            telephone.telephone._carrier = TelnyxCalls(telephone.setup)
            standin.faults.extend([0, 0])
            for event in ("call.answered", "call.answered", "call.speak.ended"):
                await standin.bring(url, standin.event(call, event))
            await soon(lambda: not standin.faults)
        assert (call.end.put_through, call.end.read_out) == (OWN_LINE, [WORDS[0][1]])


@every_carrier
@pytest.mark.parametrize("does", [True, False])
async def test_whoever_would_hear_nothing_since_their_stream_does_not_open_is_put_through_or_hung_up_on(
    tmp_path: Path, kind: Kind, does: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_streams, "OPENS_WITHIN", 0.3)
    async with a_line(lambda _: 0, kind=kind, lines=tmp_path) as (telephone, told):
        telephone.lines.keep({NUMBER: OurLine(True, WORDS, OWN_LINE)})
        telephone.standin.streams = False
        telephone.standin.faults.extend([0] * (2 if kind == "telnyx" else 1))
        end = telephone.call_in(NUMBER, CALLER)
        await soon(lambda: end.answered and not telephone.standin.faults)
        if not does:
            telephone.standin.faults.extend([401] * (2 if kind == "telnyx" else 1))
        with pytest.raises(NotReached):
            await told.rung[0].answer()
        await soon(lambda: end.put_through if does else end.gone)
        assert (told.ended, end.gone) == (told.rung, not does)
        assert end.read_out == [text for _, text in WORDS][: (1 if kind == "telnyx" else 2) if does else 0]


async def test_strangers_at_the_door_of_streams_keep_no_caller_out() -> None:
    async with a_line(kind="telnyx") as (telephone, told):
        for _ in range(MOST_STRANGERS):
            with pytest.raises(websockets.InvalidStatus):
                await websockets.connect(telephone.setup.media("x"), proxy=None)
        line, end = await call_in(telephone, told)
        end.says = HI
        await hears(line, HI)
        assert told.ended == []


async def test_a_stream_that_comes_later_than_it_was_awaited_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(of_carriers, "OPENS_WITHIN", -0.001)
    async with a_line() as (telephone, _):
        said = a_call(telephone)
        url, token = stream_of(await asked(telephone, said))
        assert not await begun(telephone, url, said["CallSid"], token)


async def test_where_the_webhook_fails_the_fall_back_rings_the_practices_own_line_but_no_emergency_number(
    tmp_path: Path,
) -> None:
    async with a_line(lines=tmp_path) as (telephone, _):
        telephone.standin.voice += "-is-broken"
        telephone.lines.keep({NUMBER: OurLine(may_carry=True, own_line=OWN_LINE)})
        end = telephone.call_in(NUMBER, CALLER)
        await soon(lambda: end.put_through == OWN_LINE)
        telephone.lines.keep({NUMBER: OurLine(may_carry=True, own_line="911")})
        end = telephone.call_in(NUMBER, CALLER)
        await soon(lambda: end.gone)
        assert end.put_through == ""


async def test_a_withheld_number_is_nobodys_and_the_secret_is_shown_nowhere() -> None:
    async with a_line() as (telephone, told):
        telephone.call_in(NUMBER, "+266696687")
        await soon(lambda: told.rung)
        assert told.rung[0].caller == "anonymous"
        assert telephone.setup.secret not in repr((telephone.setup, telephone.carrier, vars(told.rung[0])))


@every_carrier
async def test_hanging_up_is_asked_for_again_where_the_carrier_fails_and_happens_though_it_never_answers(
    kind: Kind,
) -> None:
    async with a_line(kind=kind) as (telephone, told):
        leg, end = await call_in(telephone, told)
        telephone.standin.faults.extend([500, 503])
        await leg.hang_up()
        await soon(lambda: end.gone)
        leg, end = await call_in(telephone, told)
        says(leg, HELLO)
        telephone.standin.faults.extend([401])
        await leg.hang_up()
        await soon(lambda: end.gone)
    assert HELLO in end.heard
    assert len(told.ended) == 2


@every_carrier
async def test_who_does_not_pick_up_rings_no_longer_than_they_may_nor_once_nobody_waits(kind: Kind) -> None:
    async with a_line(lambda number: NEVER, kind=kind) as (telephone, _):
        with pytest.raises(NotReached) as why:
            await telephone.dial(STAFF, seconds=0.3)
        assert why.value.status == 408
        ringing = asyncio.ensure_future(telephone.dial(STAFF, seconds=20))
        await soon(lambda: len(telephone.dialled) == 2)
        ringing.cancel()
        calls = telephone.standin.calls.values()
        await soon(lambda: [each.end.gone for each in calls] == [True, True])


@every_carrier
async def test_a_call_that_the_carrier_makes_and_says_nothing_of_is_talked_on_or_ended_all_the_same(
    kind: Kind,
) -> None:
    async with a_line(lambda number: 0 if number == STAFF else NEVER, kind=kind) as (telephone, _):
        telephone.standin.faults.append(LOST)
        leg = await telephone.dial(STAFF, seconds=20)
        says(leg, HELLO)
        await soon(lambda: HELLO in telephone.rung[0].heard)
        telephone.standin.faults.append(LOST)
        with pytest.raises(NotReached):
            await telephone.dial(OWN_LINE, seconds=0.3)
        call = list(telephone.standin.calls.values())[-1]
        await soon(lambda: call.end.gone)


@every_carrier
async def test_a_carrier_that_does_not_do_what_it_is_asked_reaches_nobody_at_once(kind: Kind) -> None:
    async with a_line(lambda number: 0, kind=kind) as (telephone, _):
        telephone.standin.faults.append(401)
        with pytest.raises(NotReached) as why:
            await telephone.dial(STAFF, seconds=20)
    assert why.value.status == 503


async def test_what_telnyx_has_not_signed_just_now_is_refused_and_what_it_brings_again_makes_no_second_call() -> (
    None
):
    async with a_line(kind="telnyx") as (telephone, told):
        standin, url = telephone.standin, telephone.setup.at("voice")
        call = standin._new(FarEnd(CALLER), NUMBER, CALLER, came_in=True, events_to=url)
        event = standin.event(call, "call.initiated", direction="incoming")
        clock = RunningClock(WallClock().now() - timedelta(minutes=6))
        standin._clock, now = clock, standin._clock
        assert (await standin.bring(url, event)).status_code == 403
        standin._clock = now
        standin._key, ours = Ed25519PrivateKey.generate(), standin._key
        assert (await standin.bring(url, event)).status_code == 403
        standin._key = ours
        assert told.rung == []
        assert [(await standin.bring(url, event)).status_code for _ in range(2)] == [200, 200]
        assert len(told.rung) == 1
        over = standin._new(FarEnd(CALLER), NUMBER, CALLER, came_in=True, events_to=url)
        over.over.set()
        await standin.bring(url, standin.event(over, "call.initiated", direction="incoming"))
        await soon(lambda: told.ended == told.rung[1:])


async def test_what_plivo_has_not_signed_by_v3_is_refused_and_a_stream_without_the_token_is_shown_out() -> (
    None
):
    async with a_line(kind="plivo") as (telephone, told), httpx.AsyncClient() as stranger:
        standin, url = telephone.standin, telephone.setup.at("voice")
        said = standin.said_of(standin._new(FarEnd(CALLER), NUMBER, CALLER, came_in=True), "StartApp")
        nonce = {"x-plivo-signature-v3-nonce": "1", "x-plivo-signature-v2-nonce": "1"}
        for headers in ({}, nonce, nonce | {"x-plivo-signature-v3": "AAAA", "x-plivo-signature-v2": "AAAA"}):
            assert (await stranger.post(url, data=said, headers=headers)).status_code == 403
        assert told.rung == []
        answer, again = await standin.bring(url, said), await standin.bring(url, said)
        assert (answer.text, len(told.rung)) == (again.text, 1)
        address = answer.text.partition("rate=8000")[2].partition("ws://")[2].partition("<")[0]
        start = {"streamId": "1", "callId": said["CallUUID"]}
        async with websockets.connect(f"ws://{address}", proxy=None) as socket:
            await socket.send(json.dumps({"event": "start", "start": start, "extra_headers": "token=abc"}))
            with pytest.raises(websockets.ConnectionClosed):
                await socket.recv()


@given(st.permutations(range(MOST_WAITING)), st.integers(0, 30))
def test_frames_that_come_a_little_out_of_order_are_heard_in_order_and_once(
    order: list[int], first: int
) -> None:
    in_order, heard = InOrder(), list[bytes]()
    come = [first, *(first + 1 + each for each in order), first + 1]
    for at in come:
        heard += in_order(Heard(bytes([at]), at))
    assert heard == [bytes([at]) for at in sorted(set(come))]
    lost = first + MOST_WAITING + 2
    for at in range(lost, lost + MOST_WAITING + 1):
        heard += in_order(Heard(bytes([at]), at))
    assert heard[-1] == bytes([lost + MOST_WAITING])


@pytest.mark.parametrize("kind", ["twilio", "telnyx"])
@pytest.mark.parametrize("goes_on", [True, False])
async def test_whoever_is_still_there_when_a_new_process_hears_of_their_call_is_answered_anew_and_nobody_else(
    kind: Kind, goes_on: bool
) -> None:
    async with a_line(kind=kind) as (telephone, told):
        said = a_call_of_before(telephone, goes_on=goes_on)
        answer = await telephone.standin.bring(
            telephone.setup.at("again" if kind == "twilio" else "voice"), said
        )
        assert (answer.status_code, bool(told.rung)) == (200, goes_on)
        assert not told.rung or (told.rung[0].dialled, told.rung[0].caller) == (NUMBER, CALLER)


def a_call_of_before(telephone: StreamedTelephone, *, goes_on: bool) -> Any:
    """What the carrier says of the stream of a call that another process had."""
    standin = telephone.standin
    if telephone.setup.kind == "twilio":
        said = a_call(telephone)
        return {**said, "CallStatus": "in-progress" if goes_on else "completed"}
    call = standin._new(FarEnd(CALLER), NUMBER, CALLER, came_in=True, events_to=telephone.setup.at("voice"))
    call.state = b64encode(json.dumps(["token", NUMBER, CALLER]).encode()).decode()
    if not goes_on:
        call.over.set()
    return standin.event(call, "streaming.stopped")
