"""Plivo's calls as it publishes them: Call and Request of its API, XML that it asks for and does, webhooks signed by
V3, and audio streaming."""

import asyncio
import base64
import hashlib
import hmac
import secrets
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final
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

TAKES: Final = "audio/x-mulaw;rate=8000"


@dataclass(frozen=True, slots=True)
class _Words:
    """Audio streaming. `headers` are the extraHeaders of the Stream element."""

    account: str
    call: str
    stream: str
    headers: str
    hears: bool

    def opening(self) -> Sequence[Said]:
        about = {
            "callId": self.call,
            "streamId": self.stream,
            "accountId": self.account,
            "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000},
        }
        return ({"event": "start", "start": about, "extra_headers": self.headers},)

    def media(self, code: bytes, count: int) -> Said:
        about = {"track": "inbound", "chunk": count, "timestamp": str(20 * count)}
        return {"event": "media", "media": {**about, "payload": base64.b64encode(code).decode()}}

    def key(self, key: str) -> Said:
        return {"event": "dtmf", "dtmf": {"track": "inbound", "digit": key}}

    def mark(self, name: str) -> Said:
        return {"event": "playedStream", "name": name}

    def stop(self) -> None:
        """It only closes."""
        return

    def told(self, said: Said) -> bytes | str | None:
        if said["event"] == "playAudio":
            media = said["media"]
            assert (media["contentType"], media["sampleRate"]) == ("audio/x-mulaw", 8000)
            code = base64.b64decode(media["payload"], validate=True)
            return code if self.hears else b""
        assert said["streamId"] == self.stream
        if said["event"] == "checkpoint":
            return str(said["name"])
        assert said["event"] == "clearAudio"
        return None

    def numbered(self, said: Said, count: int) -> Said:
        return {"sequenceNumber": count, "streamId": self.stream, **said}


@dataclass(slots=True, eq=False)
class _Call:
    id: str
    end: FarEnd
    to: str
    sent_from: str
    came_in: bool
    status: str = "ringing"
    asks: str = ""
    status_to: str = ""
    ring_seconds: float = 120.0
    stream: PacedStream | None = None
    over: asyncio.Event = field(default_factory=asyncio.Event)
    moved: asyncio.Event = field(default_factory=asyncio.Event)


class PlivoCallsStandIn(WithPeople[_Call]):
    """As of Twilio's. `hang_ups` is where the end of a call that came in is told."""

    def __init__(
        self,
        user: str,
        secret: str,
        voice: str,
        *,
        hang_ups: str | None = None,
        fallback: str | None = None,
        picks_up: Callable[[str], int] = lambda number: NEVER,
    ) -> None:
        super().__init__(picks_up)
        self._user, self._secret, self.voice, self.fallback = user, secret, voice, fallback
        self._hang_ups = hang_ups or ""

    @property
    def app(self) -> Starlette:
        account = f"/v1/Account/{self._user}"
        return Starlette(
            routes=[
                Route(f"{account}/Call/", self._asked(self._dial), methods=["POST"]),
                Route(f"{account}/Call/{{call}}/", self._asked(self._tell_of)),
                Route(f"{account}/Call/{{call}}/", self._asked(self._transfer), methods=["POST"]),
                Route(f"{account}/Call/{{call}}/", self._asked(self._end), methods=["DELETE"]),
                Route(f"{account}/Request/{{call}}/", self._asked(self._end), methods=["DELETE"]),
            ]
        )

    # -- people -----------------------------------------------------------------------------------------------------

    def call_in(self, dialled: str, caller: str) -> FarEnd:
        """Somebody calls one of our numbers."""
        call = self._new(FarEnd(caller), dialled, caller, came_in=True)
        call.asks, call.status_to = self.voice, self._hang_ups
        self._spawn(self._do(call))
        return call.end

    def _new(self, end: FarEnd, to: str, sent_from: str, *, came_in: bool) -> _Call:
        call = _Call(str(uuid.uuid4()), end, to, sent_from, came_in)
        return self._keep(call)

    # -- what it is asked -------------------------------------------------------------------------------------------

    def _lets_in(self, request: Request) -> bool:
        return signed_in(request, self._user, self._secret)

    def _refused(self) -> Response:
        return Response("Unauthorized", 401)

    def _failed(self, status: int) -> Response:
        return JSONResponse({"error": "failed"}, status)

    async def _dial(self, request: Request) -> Response:
        said = await request.json()
        if not all(said.get(each) for each in ("from", "to", "answer_url")):
            return JSONResponse({"error": "missing parameters"}, 400)
        to, sent_from = f"+{said['to']}", f"+{said['from']}"
        self.dialled.append(to)
        call = self._new(FarEnd(to), to, sent_from, came_in=False)
        call.asks, call.status_to = said["answer_url"], said.get("hangup_url", "")
        call.ring_seconds = float(said.get("ring_timeout", 120))
        self._spawn(self._outgoing(call, said.get("ring_url", "")))
        return JSONResponse({"message": "call fired", "request_uuid": call.id, "api_id": "0"}, 201)

    async def _tell_of(self, request: Request) -> Response:
        call = self.calls.get(request.path_params["call"])
        if call is None or not call.over.is_set():
            return JSONResponse({"error": "not found"}, 404)
        return JSONResponse({"call_uuid": call.id, "end_time": "2026-11-27 10:00:00+00:00"})

    async def _transfer(self, request: Request) -> Response:
        call, said = self.calls.get(request.path_params["call"]), await request.json()
        if call is None or call.over.is_set() or not call.end.answered:
            return JSONResponse({"error": "not found"}, 404)
        if said.get("legs") != "aleg" or not said.get("aleg_url"):
            return JSONResponse({"error": "missing parameters"}, 400)
        call.asks = said["aleg_url"]
        self._move(call)
        return JSONResponse({"message": "call transferred", "call_uuids": [call.id]}, 202)

    async def _end(self, request: Request) -> Response:
        call = self.calls.get(request.path_params["call"])
        if call is None or call.over.is_set() or ("/Call/" in request.url.path and not call.end.answered):
            return JSONResponse({"error": "not found"}, 404)
        self._hang_up(call)
        return Response(status_code=204)

    # -- what it brings ---------------------------------------------------------------------------------------------

    def said_of(self, call: _Call, event: str) -> dict[str, str]:
        return {
            "CallUUID": call.id,
            "CallStatus": call.status,
            "Direction": "inbound" if call.came_in else "outbound",
            "From": call.sent_from.removeprefix("+"),
            "To": call.to.removeprefix("+"),
            "Event": event,
        }

    async def bring(self, url: str, said: Mapping[str, str]) -> httpx.Response:
        """A webhook. Raises httpx.HTTPError."""
        nonce = str(secrets.randbelow(10**20))
        fields = "".join(f"{name}{said[name]}" for name in sorted(said))
        digest = hmac.new(self._secret.encode(), f"{url}?{fields}.{nonce}".encode(), hashlib.sha256).digest()
        headers = {
            "x-plivo-signature-v3": base64.b64encode(digest).decode(),
            "x-plivo-signature-v3-nonce": nonce,
        }
        return await self._http.post(url, data=dict(said), headers=headers)

    async def _fetched(self, call: _Call, url: str, event: str) -> list[Xml.Element]:
        """The elements of the document at an address, or at the fall-back's."""
        for each in (url, self.fallback):
            with suppress(httpx.HTTPError):
                if each and (answer := await self.bring(each, self.said_of(call, event))).is_success:
                    return list(Xml.fromstring(answer.text))  # noqa: S314
        return []

    async def _tell(self, call: _Call, url: str, event: str) -> None:
        if url:
            with suppress(httpx.HTTPError):
                await self.bring(url, self.said_of(call, event))

    # -- calls ------------------------------------------------------------------------------------------------------

    async def _outgoing(self, call: _Call, ring_url: str) -> None:
        await self._tell(call, ring_url, "Ring")
        status = self._picks_up(call.to)
        if status == NEVER:
            with suppress(TimeoutError):
                await asyncio.wait_for(call.over.wait(), call.ring_seconds)
            call.status = "cancel" if call.over.is_set() else "no-answer"
        elif status:
            call.status = "busy" if status in BUSY else "failed"
        else:
            self.rung.append(call.end)
            return await self._do(call)
        await self._gone(call)

    async def _do(self, call: _Call) -> None:
        """What the documents say, one element after another, until one leads nowhere."""
        elements = await self._fetched(call, call.asks, "StartApp")
        while elements and not call.over.is_set():
            call.status, call.end.answered = "in-progress", True
            element = elements.pop(0)
            if call.moved.is_set():
                call.moved.clear()
                elements = await self._fetched(call, call.asks, "Redirect")
            elif element.tag == "Redirect":
                elements = await self._fetched(call, element.text or "", "Redirect")
            else:
                await self._do_one(call, element)
        call.status = "completed"
        await self._gone(call)

    async def _do_one(self, call: _Call, element: Xml.Element) -> None:
        if element.tag == "Speak":
            call.end.read_out.append(element.text or "")
        elif element.tag == "Dial":
            call.end.put_through = "".join(f"+{each.text}" for each in element)
            await call.over.wait()
        elif element.tag == "Stream":
            hears = element.get("bidirectional") == "true" and element.get("contentType") == TAKES
            headers = element.get("extraHeaders", "").replace(",", ";")
            words = _Words(self._user, call.id, str(uuid.uuid4()), headers, hears)
            await self._streamed(call, PacedStream(call.end, words), element.text or "", {})
            if element.get("keepCallAlive") != "true":
                call.over.set()

    async def _gone(self, call: _Call) -> None:
        call.over.set()
        call.end.gone = True
        await self._tell(call, call.status_to, "Hangup")
