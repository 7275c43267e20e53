"""Twilio's calls as it publishes them: Calls of API 2010-04-01, TwiML that it asks for and does, signed webhooks,
Media Streams and call-backs of what became of a call."""

import asyncio
import base64
import hashlib
import hmac
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl
from xml.etree import ElementTree as Xml

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lamplighter.channels.phone.standins.far_end import FarEnd
from lamplighter.channels.phone.standins.people import BUSY, NEVER, WithPeople
from lamplighter.channels.phone.standins.stream import PacedStream, Said
from lamplighter.channels.sms.standins.network import signed_in

API: Final = "2010-04-01"


@dataclass(slots=True, eq=False)
class _Call:
    id: str
    end: FarEnd
    to: str
    sent_from: str
    came_in: bool
    status: str = "queued"
    document: str | None = None
    status_to: str = ""
    ring_seconds: float = 60.0
    stream: PacedStream | None = None
    over: asyncio.Event = field(default_factory=asyncio.Event)
    moved: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True, slots=True)
class _Words:
    """Media Streams. `parameters` are those of the Stream noun."""

    account: str
    call: str
    stream: str
    parameters: Mapping[str, str]

    def opening(self) -> Sequence[Said]:
        about = {
            "accountSid": self.account,
            "streamSid": self.stream,
            "callSid": self.call,
            "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": dict(self.parameters),
        }
        connected = {"event": "connected", "protocol": "Call", "version": "1.0.0"}
        return connected, {"event": "start", "start": about}

    def media(self, code: bytes, count: int) -> Said:
        about = {"track": "inbound", "chunk": str(count), "timestamp": str(20 * count)}
        return {"event": "media", "media": {**about, "payload": base64.b64encode(code).decode()}}

    def key(self, key: str) -> Said:
        return {"event": "dtmf", "dtmf": {"track": "inbound_track", "digit": key}}

    def mark(self, name: str) -> Said:
        return {"event": "mark", "mark": {"name": name}}

    def stop(self) -> Said:
        return {"event": "stop", "stop": {"accountSid": self.account, "callSid": self.call}}

    def told(self, said: Said) -> bytes | str | None:
        assert said["streamSid"] == self.stream
        if said["event"] == "media":
            return base64.b64decode(said["media"]["payload"], validate=True)
        if said["event"] == "mark":
            return str(said["mark"]["name"])
        assert said["event"] == "clear"
        return None

    def numbered(self, said: Said, count: int) -> Said:
        if said["event"] == "connected":
            return said
        return {"sequenceNumber": str(count - 1), "streamSid": self.stream, **said}


class TwilioCallsStandIn(WithPeople[_Call]):
    """`voice` is where calls that come in are asked about, `fallback` where else, if that fails."""

    def __init__(
        self,
        user: str,
        secret: str,
        voice: str,
        *,
        fallback: str | None = None,
        picks_up: Callable[[str], int] = lambda number: NEVER,
    ) -> None:
        super().__init__(picks_up)
        self._user, self._secret, self.voice, self.fallback = user, secret, voice, fallback

    @property
    def app(self) -> Starlette:
        calls = f"/{API}/Accounts/{self._user}/Calls"
        return Starlette(
            routes=[
                Route(f"{calls}.json", self._asked(self._create), methods=["POST"]),
                Route(f"{calls}/{{sid}}.json", self._asked(self._update), methods=["POST"]),
                Route(f"{calls}/{{sid}}.json", self._asked(self._tell_of)),
            ]
        )

    # -- people -----------------------------------------------------------------------------------------------------

    def call_in(self, dialled: str, caller: str) -> FarEnd:
        """Somebody calls one of our numbers."""
        call = self._new(FarEnd(caller), to=dialled, sent_from=caller, came_in=True)
        self._spawn(self._incoming(call))
        return call.end

    def _new(self, end: FarEnd, *, to: str, sent_from: str, came_in: bool) -> _Call:
        call = _Call(f"CA{uuid.uuid4().hex}", end, to, sent_from, came_in)
        return self._keep(call)

    # -- what it is asked -------------------------------------------------------------------------------------------

    def _lets_in(self, request: Request) -> bool:
        return signed_in(request, self._user, self._secret)

    def _refused(self) -> Response:
        return _error(401, 20003, "Authenticate")

    def _failed(self, status: int) -> Response:
        return _error(status, 20500, "Internal Server Error")

    async def _create(self, request: Request) -> Response:
        said = await _form(request)
        if not said.get("From") or not said.get("To"):
            return _error(400, 21201, "No 'To' number specified")
        if not said.get("Twiml"):
            return _error(400, 21205, "Url parameter is required")
        self.dialled.append(said["To"])
        call = self._new(FarEnd(said["To"]), to=said["To"], sent_from=said["From"], came_in=False)
        call.document, call.status_to = said["Twiml"], said.get("StatusCallback", "")
        call.ring_seconds = float(said.get("Timeout", 60))
        self._spawn(self._outgoing(call))
        return JSONResponse(self._resource(call), 201)

    async def _update(self, request: Request) -> Response:
        said = await _form(request)
        call = self.calls.get(request.path_params["sid"])
        if call is None:
            return _error(404, 20404, "The requested resource was not found")
        if said.get("Status") in ("completed", "canceled"):
            self._hang_up(call)
        elif said.get("Twiml"):
            if call.status != "in-progress":
                return _error(400, 21220, "Invalid call state")
            call.document = said["Twiml"]
            self._move(call)
        return JSONResponse(self._resource(call))

    async def _tell_of(self, request: Request) -> Response:
        call = self.calls.get(request.path_params["sid"])
        return (
            JSONResponse(self._resource(call))
            if call
            else _error(404, 20404, "The requested resource was not found")
        )

    def _resource(self, call: _Call) -> dict[str, Any]:
        return {
            "sid": call.id,
            "account_sid": self._user,
            "api_version": API,
            "to": call.to,
            "from": call.sent_from,
            "status": call.status,
            "direction": "inbound" if call.came_in else "outbound-api",
            "uri": f"/{API}/Accounts/{self._user}/Calls/{call.id}.json",
        }

    # -- what it brings ---------------------------------------------------------------------------------------------

    def said_of(self, call: _Call) -> dict[str, str]:
        return {
            "CallSid": call.id,
            "AccountSid": self._user,
            "ApiVersion": API,
            "CallStatus": call.status,
            "Direction": "inbound" if call.came_in else "outbound-api",
            "From": call.sent_from,
            "To": call.to,
            "Caller": call.sent_from,
            "Called": call.to,
        }

    def signed(self, url: str, said: Mapping[str, str]) -> str:
        whole = url + "".join(f"{name}{said[name]}" for name in sorted(said))
        digest = hmac.new(self._secret.encode(), whole.encode(), hashlib.sha1).digest()
        return base64.b64encode(digest).decode()

    async def bring(self, url: str, said: Mapping[str, str]) -> httpx.Response:
        """A webhook. Raises httpx.HTTPError."""
        headers = {"x-twilio-signature": self.signed(url, said)}
        return await self._http.post(url, data=dict(said), headers=headers)

    async def _fetched(self, call: _Call, url: str) -> str | None:
        """The document at an address, or at the fall-back's; None where neither has any."""
        for each in (url, self.fallback):
            with suppress(httpx.HTTPError):
                if each is not None and (answer := await self.bring(each, self.said_of(call))).is_success:
                    return answer.text
        return None

    # -- calls ------------------------------------------------------------------------------------------------------

    async def _incoming(self, call: _Call) -> None:
        call.status = "ringing"
        call.document = await self._fetched(call, self.voice)
        await self._do(call)

    async def _outgoing(self, call: _Call) -> None:
        call.status = "ringing"
        await self._tell(call, "initiated")
        status = self._picks_up(call.to)
        if status == NEVER:
            with suppress(TimeoutError):
                await asyncio.wait_for(call.over.wait(), call.ring_seconds)
            call.status = "canceled" if call.over.is_set() else "no-answer"
        elif status in BUSY:
            call.status = "busy"
        elif status:
            call.status = "failed"
        else:
            self.rung.append(call.end)
            return await self._do(call)
        call.end.gone = True
        await self._tell(call, call.status)

    async def _do(self, call: _Call) -> None:
        """What the documents say, one after another, until one asks for nothing more."""
        while call.document is not None and not call.over.is_set():
            verbs, call.document = list(Xml.fromstring(call.document)), None  # noqa: S314
            for verb in verbs:
                call.status, call.end.answered = "in-progress", True
                await self._do_one(call, verb)
                if call.over.is_set() or call.document is not None:
                    break
        call.status, call.end.gone = "completed", True
        await self._tell(call, "completed")

    async def _do_one(self, call: _Call, verb: Xml.Element) -> None:
        if verb.tag == "Say":
            call.end.read_out.append(verb.text or "")
        elif verb.tag == "Dial":
            call.end.put_through = verb.text or ""
            await call.over.wait()
        elif verb.tag == "Connect":
            await self._connect(call, verb)
            action = verb.get("action")
            if action and not call.over.is_set() and call.document is None:
                call.document = await self._fetched(call, action)

    async def _connect(self, call: _Call, connect: Xml.Element) -> None:
        (noun,) = connect
        url = noun.attrib["url"]
        parameters = {each.attrib["name"]: each.attrib["value"] for each in noun}
        name = f"MZ{uuid.uuid4().hex}"
        stream = PacedStream(call.end, _Words(self._user, call.id, name, parameters))
        await self._streamed(call, stream, url, {"x-twilio-signature": self.signed(url, {})})

    async def _tell(self, call: _Call, event: str) -> None:
        if call.status_to:
            said = {**self.said_of(call), "CallbackSource": "call-progress-events", "SequenceNumber": "0"}
            with suppress(httpx.HTTPError):
                await self.bring(
                    call.status_to, said | ({"CallDuration": "1"} if event == "completed" else {})
                )


def _error(status: int, code: int, message: str) -> JSONResponse:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return JSONResponse({"code": code, "message": message, "more_info": more, "status": status}, status)


async def _form(request: Request) -> Mapping[str, Any]:
    return dict(parse_qsl((await request.body()).decode()))
