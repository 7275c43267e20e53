"""Telnyx's calls as it publishes them: call control of API v2, events signed with Ed25519, media streaming.

A call that comes in is parked until a command answers it; what it does next is always a command, never an answer to an
event.
"""

import asyncio
import base64
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lamplighter.channels.phone.standins.far_end import FarEnd
from lamplighter.channels.phone.standins.people import NEVER, WithPeople
from lamplighter.channels.phone.standins.stream import PacedStream, Said
from lamplighter.desk.ports import Clock

CAUSES: Final[Mapping[int, str]] = {486: "user_busy", 603: "call_rejected", 404: "not_found"}


def public_key_of(key: Ed25519PrivateKey) -> str:
    return base64.b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


@dataclass(frozen=True, slots=True)
class _Words:
    """Media streaming. Where `hears` is not, what is played is dropped: the stream was asked for in one direction."""

    call: str
    stream: str
    state: str
    hears: bool

    def opening(self) -> Sequence[Said]:
        about = {
            "user_id": "0",
            "call_control_id": self.call,
            "client_state": self.state,
            "media_format": {"encoding": "PCMU", "sample_rate": 8000, "channels": 1},
        }
        return {"event": "connected", "version": "1.0.0"}, {"event": "start", "start": about}

    def media(self, code: bytes, count: int) -> Said:
        about = {"track": "inbound", "chunk": str(count), "timestamp": str(20 * count)}
        return {"event": "media", "media": {**about, "payload": base64.b64encode(code).decode()}}

    def key(self, key: str) -> Said:
        return {"event": "dtmf", "dtmf": {"digit": key}}

    def mark(self, name: str) -> Said:
        return {"event": "mark", "mark": {"name": name}}

    def stop(self) -> Said:
        return {"event": "stop", "stop": {"user_id": "0", "call_control_id": self.call}}

    def told(self, said: Said) -> bytes | str | None:
        if said["event"] == "media":
            code = base64.b64decode(said["media"]["payload"], validate=True)
            return code if self.hears else b""
        if said["event"] == "mark":
            return str(said["mark"]["name"])
        assert said["event"] == "clear"
        return None

    def numbered(self, said: Said, count: int) -> Said:
        if said["event"] == "connected":
            return said
        return {"sequence_number": str(count - 1), "stream_id": self.stream, **said}


@dataclass(slots=True, eq=False)
class _Call:
    id: str
    end: FarEnd
    to: str
    sent_from: str
    came_in: bool
    events_to: str
    ring_seconds: float = 30.0
    state: str = ""
    stream: PacedStream | None = None
    done: set[str] = field(default_factory=set)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    moved: asyncio.Event = field(default_factory=asyncio.Event)
    cause: str = "normal_clearing"


class TelnyxCallsStandIn(WithPeople[_Call]):
    """`voice` is where the events of a call that comes in are brought to. `picks_up` and `faults` as of Twilio's."""

    def __init__(
        self,
        secret: str,
        voice: str,
        connection: str,
        clock: Clock,
        *,
        key: Ed25519PrivateKey | None = None,
        picks_up: Callable[[str], int] = lambda number: NEVER,
    ) -> None:
        super().__init__(picks_up)
        self._secret, self.voice, self._connection, self._clock = secret, voice, connection, clock
        self._key = key or Ed25519PrivateKey.generate()

    @property
    def public_key(self) -> str:
        return public_key_of(self._key)

    @property
    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/v2/calls", self._asked(self._dial), methods=["POST"]),
                Route("/v2/calls/{call}", self._asked(self._tell_of)),
                Route("/v2/calls/{call}/actions/{what}", self._asked(self._command), methods=["POST"]),
            ]
        )

    # -- people -----------------------------------------------------------------------------------------------------

    def call_in(self, dialled: str, caller: str) -> FarEnd:
        """Somebody calls one of our numbers."""
        call = self._new(FarEnd(caller), dialled, caller, came_in=True, events_to=self.voice)
        self._spawn(self._incoming(call))
        return call.end

    def _new(self, end: FarEnd, to: str, sent_from: str, *, came_in: bool, events_to: str) -> _Call:
        call = _Call(f"v3:{uuid.uuid4().hex}", end, to, sent_from, came_in, events_to)
        return self._keep(call)

    # -- what it is asked -------------------------------------------------------------------------------------------

    def _lets_in(self, request: Request) -> bool:
        return request.headers.get("authorization") == f"Bearer {self._secret}"

    def _refused(self) -> Response:
        return _error(401, "10009", "Authentication failed")

    def _failed(self, status: int) -> Response:
        return _error(status, "10007", "Unexpected error")

    async def _dial(self, request: Request) -> Response:
        said = await request.json()
        if said.get("connection_id") != self._connection:
            return _error(422, "10015", "Invalid connection_id")
        if not 5 <= said.get("timeout_secs", 30) <= 600:
            return _error(422, "10015", "Invalid timeout_secs")
        self.dialled.append(said["to"])
        call = self._new(
            FarEnd(said["to"]), said["to"], said["from"], came_in=False, events_to=said["webhook_url"]
        )
        call.ring_seconds = said.get("timeout_secs", 30)
        self._spawn(self._outgoing(call))
        return JSONResponse({"data": self._resource(call)})

    async def _tell_of(self, request: Request) -> Response:
        call = self.calls.get(request.path_params["call"])
        if call is None:
            return _error(404, "10005", "Resource not found")
        return JSONResponse({"data": self._resource(call)})

    async def _command(self, request: Request) -> Response:
        call, said = self.calls.get(request.path_params["call"]), await request.json()
        if call is None:
            return _error(404, "10005", "Resource not found")
        if call.over.is_set():
            return _error(422, "90018", "Call has already ended")
        if (command := said.get("command_id", "")) and command in call.done:
            return JSONResponse({"data": {"result": "ok"}})
        call.done.add(command)
        call.state = said.get("client_state", call.state)
        match request.path_params["what"]:
            case "answer" if call.end.answered:
                return _error(422, "90000", "Call has already been answered")
            case "answer":
                self._spawn(self._answer(call, said))
            case "streaming_start":
                self._spawn(self._stream(call, said))
            case "speak" if not call.end.answered:
                return _error(422, "90034", "Call has not been answered yet")
            case "speak":
                call.end.read_out.append(said["payload"])
                self._spawn(self._tell(call, "call.speak.ended"))
            case "transfer":
                call.end.put_through = said["to"]
                self._spawn(self._transfer(call, said))
            case "hangup":
                self._hang_up(call)
            case _:
                return _error(404, "10005", "Resource not found")
        return JSONResponse({"data": {"result": "ok"}})

    def _resource(self, call: _Call) -> dict[str, Any]:
        return {
            "call_control_id": call.id,
            "call_leg_id": call.id[3:],
            "call_session_id": call.id[3:],
            "is_alive": not call.over.is_set(),
            "record_type": "call",
        }

    # -- what it brings ---------------------------------------------------------------------------------------------

    def event(self, call: _Call, kind: str, **more: Any) -> dict[str, Any]:
        payload = {
            "call_control_id": call.id,
            "call_leg_id": call.id[3:],
            "call_session_id": call.id[3:],
            "connection_id": self._connection,
            "client_state": call.state or None,
            **more,
        }
        if kind.startswith("call."):
            payload |= {"from": call.sent_from, "to": call.to}
        return {
            "data": {
                "record_type": "event",
                "event_type": kind,
                "id": str(uuid.uuid4()),
                "occurred_at": self._clock.now().isoformat(),
                "payload": payload,
            },
            "meta": {"attempt": 1, "delivered_to": call.events_to},
        }

    async def bring(self, url: str, event: Mapping[str, Any]) -> httpx.Response:
        """An event. Raises httpx.HTTPError."""
        body = json.dumps(event).encode()
        stamp = str(int(self._clock.now().timestamp()))
        signature = base64.b64encode(self._key.sign(f"{stamp}|".encode() + body)).decode()
        headers = {
            "content-type": "application/json",
            "telnyx-timestamp": stamp,
            "telnyx-signature-ed25519": signature,
        }
        return await self._http.post(url, content=body, headers=headers)

    async def _tell(self, call: _Call, kind: str, **more: Any) -> None:
        with suppress(httpx.HTTPError):
            await self.bring(call.events_to, self.event(call, kind, **more))

    # -- calls ------------------------------------------------------------------------------------------------------

    async def _incoming(self, call: _Call) -> None:
        await self._tell(call, "call.initiated", direction="incoming", state="parked")
        await call.over.wait()
        await self._gone(call)

    async def _outgoing(self, call: _Call) -> None:
        await self._tell(call, "call.initiated", direction="outgoing", state="bridging")
        status = self._picks_up(call.to)
        if status == NEVER:
            with suppress(TimeoutError):
                await asyncio.wait_for(call.over.wait(), call.ring_seconds)
            call.cause = "originator_cancel" if call.over.is_set() else "timeout"
        elif status:
            call.cause = CAUSES.get(status, "unspecified")
        else:
            call.end.answered = True
            self.rung.append(call.end)
            await self._tell(call, "call.answered")
            await call.over.wait()
        call.over.set()
        await self._gone(call)

    async def _gone(self, call: _Call) -> None:
        call.end.gone = True
        await self._tell(call, "call.hangup", hangup_cause=call.cause, hangup_source="caller")

    async def _transfer(self, call: _Call, said: Mapping[str, Any]) -> None:
        """The way to whom it is transferred is a call of its own. Where they are not reached, the first waits on."""
        if self._picks_up(said["to"]) in (0, NEVER):
            return
        way = self._new(FarEnd(said["to"]), said["to"], call.to, came_in=False, events_to=call.events_to)
        way.state, way.cause = said.get("target_leg_client_state", ""), "user_busy"
        await self._gone(way)

    async def _answer(self, call: _Call, said: Mapping[str, Any]) -> None:
        call.end.answered = True
        await self._tell(call, "call.answered")
        if said.get("stream_url"):
            await self._stream(call, said)

    async def _stream(self, call: _Call, said: Mapping[str, Any]) -> None:
        wanted = said.get("stream_bidirectional_mode"), said.get("stream_bidirectional_codec", "PCMU")
        words = _Words(call.id, str(uuid.uuid4()), call.state, wanted == ("rtp", "PCMU"))
        await self._tell(call, "streaming.started")
        await self._streamed(call, PacedStream(call.end, words), said["stream_url"], {})
        await self._tell(call, "streaming.stopped")


def _error(status: int, code: str, title: str) -> JSONResponse:
    return JSONResponse({"errors": [{"code": code, "title": title, "detail": title}]}, status)
