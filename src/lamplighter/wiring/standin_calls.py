"""Calls by a stand-in, made and listened to by hand."""

import io
import wave
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from lamplighter.channels.phone.carriers.setup import DOOR
from lamplighter.channels.phone.ports import RATE
from lamplighter.channels.phone.standins.far_end import FarEnd
from lamplighter.channels.phone.standins.plivo import PlivoCallsStandIn
from lamplighter.channels.phone.standins.telnyx import TelnyxCallsStandIn
from lamplighter.channels.phone.standins.twilio import TwilioCallsStandIn
from lamplighter.channels.sms.carriers.account import Kind
from lamplighter.wiring.clocks import WallClock

CALLS: Final = "/standin/calls"
CONNECTION: Final = "1234567890"


@dataclass(frozen=True, slots=True)
class CallsDesk:
    """`standin` carries the calls, of `user` with `secret`."""

    standin: TwilioCallsStandIn | TelnyxCallsStandIn | PlivoCallsStandIn
    user: str
    secret: str

    @property
    def api(self) -> ASGIApp:
        return self.standin.app

    @property
    def routes(self) -> list[Route]:
        return [
            Route(CALLS, self._begin, methods=["POST"]),
            Route(CALLS, self._list),
            Route(f"{CALLS}/{{call}}/keys", self._press, methods=["POST"]),
            Route(f"{CALLS}/{{call}}/says", self._say, methods=["POST"]),
            Route(f"{CALLS}/{{call}}/hang_up", self._hang_up, methods=["POST"]),
            Route(f"{CALLS}/{{call}}/heard.wav", self._heard),
        ]

    def settings(self, kind: Kind, number: str, api: str, telephone: str) -> str:
        """The lines for lamplighter.toml that lead to it."""
        return (
            f'[telephone]  # and LAMPLIGHTER_TELEPHONE_PASSWORD={self.secret}\nkind = "{kind}"\n'
            f'{self._of_the_account()}number = "{number}"\napi = "{api}"\npublic_address = "{telephone}"\n'
        )

    def _of_the_account(self) -> str:
        if isinstance(self.standin, TelnyxCallsStandIn):
            return f'connection = "{CONNECTION}"\npublic_key = "{self.standin.public_key}"\n'
        return f'account = "{self.user}"\n'

    def how_to(self, number: str, api: str) -> str:
        return (
            f'Make a call:   curl -d \'{{"from":"+12125550143","to":"{number}"}}\' {api}{CALLS}\n'
            f"See them all:  curl {api}{CALLS}\n"
            f"Press keys:    curl -d 0 {api}{CALLS}/.../keys        (whoever is rung presses 1, and 1 again)\n"
            f"Say something: curl --data-binary @words.wav {api}{CALLS}/.../says   (8 kHz, 16 bit, mono)\n"
            f"Listen:        curl -o heard.wav {api}{CALLS}/.../heard.wav"
        )

    async def _begin(self, request: Request) -> Response:
        said = await request.json()
        end = self.standin.call_in(said["to"], said["from"])
        return JSONResponse(
            {"call": next(sid for sid, call in self.standin.calls.items() if call.end is end)}
        )

    async def _list(self, request: Request) -> Response:
        return JSONResponse({sid: _told(call.end) for sid, call in self.standin.calls.items()})

    def _end(self, request: Request) -> FarEnd:
        return self.standin.calls[request.path_params["call"]].end

    async def _press(self, request: Request) -> Response:
        for key in (await request.body()).decode().strip():
            await self.standin.presses(self._end(request), key)
        return Response(status_code=204)

    async def _say(self, request: Request) -> Response:
        with wave.open(io.BytesIO(await request.body())) as sound:
            if (sound.getframerate(), sound.getsampwidth(), sound.getnchannels()) != (RATE, 2, 1):
                return Response("not 8 kHz, 16 bit, mono", 415)
            self._end(request).says += sound.readframes(sound.getnframes())
        return Response(status_code=204)

    async def _hang_up(self, request: Request) -> Response:
        await self._end(request).hang_up()
        return Response(status_code=204)

    async def _heard(self, request: Request) -> Response:
        whole = io.BytesIO()
        with wave.open(whole, "wb") as sound:
            sound.setparams((1, 2, RATE, 0, "NONE", ""))
            sound.writeframes(bytes(self._end(request).heard))
        return Response(whole.getvalue(), media_type="audio/wav")


def _told(end: FarEnd) -> dict[str, Any]:
    return {
        "telephone": end.number,
        "answered": end.answered,
        "gone": end.gone,
        "heard_seconds": round(len(end.heard) / 2 / RATE, 1),
        "read_out": end.read_out,
        "put_through": end.put_through,
    }


def calls_desk(kind: Kind, user: str, secret: str, telephone: str) -> CallsDesk:
    """Whoever is rung picks up."""
    at = f"{telephone.rstrip('/')}{DOOR}"
    if kind == "telnyx":
        by_telnyx = TelnyxCallsStandIn(
            secret, f"{at}voice", CONNECTION, WallClock(), picks_up=lambda number: 0
        )
        return CallsDesk(by_telnyx, user, secret)
    if kind == "plivo":
        by_plivo = PlivoCallsStandIn(
            user,
            secret,
            f"{at}voice",
            hang_ups=f"{at}status",
            fallback=f"{at}fallback",
            picks_up=lambda number: 0,
        )
        return CallsDesk(by_plivo, user, secret)
    standin = TwilioCallsStandIn(
        user, secret, f"{at}voice", fallback=f"{at}fallback", picks_up=lambda number: 0
    )
    return CallsDesk(standin, user, secret)
