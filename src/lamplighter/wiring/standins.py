"""`lamplighter standin`: a carrier that isn't one, on this machine, for developing against.

It speaks the carrier's own protocol, reports every text as delivered, and brings what somebody writes from a telephone
that only it knows, or whose call it is. No text and no call ever leaves this machine.
"""

import asyncio
import secrets
from collections.abc import Callable
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from lamplighter.channels.sms.carriers.account import DOOR, Kind
from lamplighter.channels.sms.standins.network import Network, StandIn
from lamplighter.channels.sms.standins.plivo import PlivoStandIn
from lamplighter.channels.sms.standins.telnyx import TelnyxStandIn
from lamplighter.channels.sms.standins.twilio import TwilioStandIn
from lamplighter.wiring.clocks import WallClock
from lamplighter.wiring.serving import Door, listen, run
from lamplighter.wiring.standin_calls import CallsDesk, calls_desk

NAME: Final = "standin"
USERS: Final = {"twilio": "AC" + "0" * 32, "plivo": "MA" + "0" * 18, "telnyx": ""}


def standin_of(kind: Kind, network: Network, texts: str, secret: str) -> StandIn:
    if kind == "twilio":
        return TwilioStandIn(network, USERS[kind], secret, texts)
    if kind == "plivo":
        return PlivoStandIn(network, USERS[kind], secret, texts)
    return TelnyxStandIn(network, secret, texts)


def _is_of_calls(path: str) -> bool:
    """Of the carrier's own addresses."""
    return any(each in path for each in ("/Calls", "/v2/calls", "/Call/", "/Request/"))


class Telephones:
    """ASGI: the carrier's own addresses, and beside them `/standin/...` for texts and calls by hand."""

    def __init__(self, standin: StandIn, calls: CallsDesk | None = None) -> None:
        self._standin, self._calls, self._told = standin, calls, 0
        self._own = Starlette(
            routes=[
                *(calls.routes if calls is not None else ()),
                Route("/standin/texts", self._write, methods=["POST"]),
                Route("/standin/telephones/{number}", self._read),
            ]
        )
        self._api: ASGIApp = standin.app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/standin/"):
            return await self._own(scope, receive, send)
        if self._calls is not None and scope["type"] == "http" and _is_of_calls(scope["path"]):
            return await self._calls.api(scope, receive, send)
        await self._api(scope, receive, send)
        await self._deliver()

    async def _deliver(self) -> None:
        """Receipts of what was taken since, as they come a moment later."""
        carried = self._standin.network.carried
        fresh, self._told = carried[self._told :], len(carried)
        for each in fresh:
            for how in ("sent", "delivered"):
                await asyncio.to_thread(self._standin.tells, each, how)

    async def _write(self, request: Request) -> Response:
        said = await request.json()
        sender, dialled, text = said["from"], said["to"], said["text"]
        status = await asyncio.to_thread(self._standin.writes, sender, dialled, text)
        return JSONResponse({"answered": status}, 200 if status == 200 else 502)

    async def _read(self, request: Request) -> Response:
        return JSONResponse(self._standin.network.on(request.path_params["number"]))


def settings_for(kind: Kind, standin: StandIn, secret: str, api: str, public: str, practice: str) -> str:
    """The lines for lamplighter.toml that lead to it."""
    numbers = ", ".join(f'"{number}"' for number in sorted(standin.network.numbers))
    user = f'account = "{USERS[kind]}"\n' if USERS[kind] else ""
    key = f'public_key = "{standin.public_key}"\n' if isinstance(standin, TelnyxStandIn) else ""
    return (
        f'public_address = "{public}"\n\n[carriers.{NAME}]\nkind = "{kind}"\n{user}secret = "{secret}"\n{key}'
        f'api = "{api}"\n\n[carriers.{NAME}.practices.{practice}]\nnumbers = [{numbers}]\n'
    )


def run_standin(
    kind: Kind,
    *,
    port: int,
    public: str,
    practice: str,
    numbers: list[str],
    tell: Callable[[str], object],
    telephone: str = "http://127.0.0.1:8767",
) -> None:
    """Runs until told to stop. Raises PortTaken."""
    bound, secret = listen("127.0.0.1", port), secrets.token_hex(16)
    network = Network(WallClock(), frozenset(numbers))
    standin = standin_of(kind, network, f"{public.rstrip('/')}{DOOR}{NAME}/texts", secret)
    calls = calls_desk(kind, USERS[kind], secret, telephone)
    door = Door(Telephones(standin, calls), bound)
    api = f"http://127.0.0.1:{door.port}"

    def announce() -> None:
        tell(
            f"This is no carrier: it stands in for {kind} on {api}. Write to lamplighter.toml, and start `serve`:\n"
        )
        tell(settings_for(kind, standin, secret, api, public, practice))
        tell(calls.settings(kind, numbers[0], api, telephone))
        tell(
            f'Write a text:  curl -d \'{{"from":"+12125550143","to":"{numbers[0]}","text":"hi"}}\' {api}/standin/texts'
        )
        tell(f"Read answers:  curl {api}/standin/telephones/+12125550143")
        tell(calls.how_to(numbers[0], api))

    run([door], announce)
