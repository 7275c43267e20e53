"""A telephone by a carrier's media streams, on loopback: the real webhooks, sockets and REST of ours, with the stand-in
that ships as the carrier. It can be called in as the one in memory can."""

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lamplighter.channels.phone.carriers.our_lines import OurLine, OurLines
from lamplighter.channels.phone.carriers.plivo import PlivoCalls
from lamplighter.channels.phone.carriers.setup import CarrierSetup, Kind
from lamplighter.channels.phone.carriers.telephone import CarrierTelephone
from lamplighter.channels.phone.carriers.telnyx import TelnyxCalls
from lamplighter.channels.phone.carriers.twilio import TwilioCalls
from lamplighter.channels.phone.ports import Events, Leg
from lamplighter.channels.phone.standins.far_end import FarEnd
from lamplighter.channels.phone.standins.plivo import PlivoCallsStandIn
from lamplighter.channels.phone.standins.telnyx import TelnyxCallsStandIn, public_key_of
from lamplighter.channels.phone.standins.twilio import TwilioCallsStandIn
from lamplighter.channels.web.quiet_server import QuietServer
from lamplighter.wiring.clocks import WallClock

ACCOUNT, SECRET = "AC" + "0" * 32, "secret of the stand-in"
NUMBER = "+12125550100"
CONNECTION = "1234"
CARRIERS: dict[Kind, Any] = {"twilio": TwilioCalls, "telnyx": TelnyxCalls, "plivo": PlivoCalls}


def bound() -> socket.socket:
    one = socket.socket()
    one.bind(("127.0.0.1", 0))
    return one


def served(app: Any, where: socket.socket) -> QuietServer:
    config = uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=1)
    server = QuietServer(config)
    server.serving = asyncio.ensure_future(server.serve(sockets=[where]))  # type: ignore[attr-defined]
    return server


class StreamedTelephone:
    """Telephone, and beside it what whoever calls and is called does. `lines` is its folder of OurLines."""

    def __init__(
        self,
        picks_up: Callable[[str], int] = lambda number: 480,
        *,
        kind: Kind = "twilio",
        lines: Path = Path("/nowhere"),
        **setup: Any,
    ) -> None:
        self.ours, self._theirs = bound(), bound()
        public = f"http://127.0.0.1:{self.ours.getsockname()[1]}"
        api = f"http://127.0.0.1:{self._theirs.getsockname()[1]}"
        self._key = Ed25519PrivateKey.generate()
        given = {
            "account": ACCOUNT, "secret": SECRET, "public_url": public, "number": NUMBER, "api": api,
            "public_key": public_key_of(self._key), "connection": CONNECTION,
        }  # fmt: skip
        self.setup = CarrierSetup(kind, **{**given, **setup})
        self.lines = OurLines(lines, everybody=OurLine(may_carry=True))
        self.carrier = CARRIERS[kind](self.setup)
        self.telephone = CarrierTelephone(self.setup, self.carrier, self.lines, WallClock(), bound=self.ours)
        self._picks_up = picks_up
        self.started = False

    async def start(self, events: Events, on_dead: Callable[[], None]) -> None:
        self.standin = self._standin()
        self._server = served(self.standin.app, self._theirs)
        await self._server.open.wait()
        await self.telephone.start(events, on_dead)
        self.started = True

    def _standin(self) -> Any:
        voice = self.setup.at("voice")
        if self.setup.kind == "telnyx":
            return TelnyxCallsStandIn(
                SECRET, voice, CONNECTION, WallClock(), key=self._key, picks_up=self._picks_up
            )
        fallback = self.setup.at("fallback")
        if self.setup.kind == "plivo":
            return PlivoCallsStandIn(
                ACCOUNT,
                SECRET,
                voice,
                hang_ups=self.setup.at("status"),
                fallback=fallback,
                picks_up=self._picks_up,
            )
        return TwilioCallsStandIn(ACCOUNT, SECRET, voice, fallback=fallback, picks_up=self._picks_up)

    async def dial(self, number: str, *, seconds: float, shown: str = "") -> Leg:
        return await self.telephone.dial(number, seconds=seconds, shown=shown)

    async def close(self) -> None:
        await self.standin.close()
        await self.telephone.close()
        self._server.should_exit = self._server.force_exit = True
        await self._server.serving  # type: ignore[attr-defined]

    def call_in(self, dialled: str, caller: str) -> FarEnd:
        return self.standin.call_in(dialled, caller)

    async def presses(self, end: FarEnd, key: str) -> None:
        await self.standin.presses(end, key)

    @property
    def rung(self) -> list[FarEnd]:
        return self.standin.rung

    @property
    def shown(self) -> list[str]:
        return [each.sent_from for each in self.standin.calls.values() if not each.came_in]

    @property
    def dialled(self) -> list[str]:
        return self.standin.dialled
