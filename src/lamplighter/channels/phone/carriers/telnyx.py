"""Telnyx: commands of its call control, events signed with Ed25519 over time and body, and its media streaming.

Its streams are not signed. They carry back what a command had as its state, and that is the token of the call.
"""

import asyncio
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from lamplighter.channels.phone.carriers.carrier import (
    Answer,
    Ended,
    Heard,
    Marked,
    Message,
    News,
    NobodyKnows,
    NotDone,
    PickedUp,
    Pressed,
    Rang,
    Ringing,
    Started,
    Stopped,
    StreamOver,
    Why,
)
from lamplighter.channels.phone.carriers.our_lines import OurLine
from lamplighter.channels.phone.carriers.rest import Rest
from lamplighter.channels.phone.carriers.setup import CarrierSetup
from lamplighter.channels.phone.carriers.telnyx_put_through import OVER, PuttingThrough
from lamplighter.channels.phone.numbers import refuse_undialable
from lamplighter.channels.sms.carriers.account import Account
from lamplighter.channels.sms.carriers.hooks import JSON, Came, Malformed, e164, named
from lamplighter.channels.sms.carriers.telnyx import TelnyxHooks

API: Final = "https://api.telnyx.com"
THANKS: Final = (b"", "text/plain")
SHORTEST_RING: Final = 5  # seconds, as it takes them
AS_STREAM: Final[Mapping[str, str]] = {
    "stream_track": "inbound_track",
    "stream_codec": "PCMU",
    "stream_bidirectional_mode": "rtp",
    "stream_bidirectional_codec": "PCMU",
}
CAUSES: Final[Mapping[str, int]] = {
    "user_busy": 486, "call_rejected": 603, "not_found": 404, "no_answer": 408, "timeout": 408,
    "originator_cancel": 487, "unspecified": 503,
}  # fmt: skip


class TelnyxDialect:
    def read(self, said: Mapping[str, Any]) -> Message | None:
        match said["event"]:
            case "media" if said["media"].get("track", "inbound") == "inbound":
                media = said["media"]
                return Heard(b64decode(media["payload"], validate=True), int(media["chunk"]))
            case "start":
                start = said["start"]
                state = start.get("client_state")
                token = _told(state)[0] if state else None
                return Started(str(said["stream_id"]), str(start["call_control_id"]), token)
            case "dtmf":
                return Pressed(str(said["dtmf"]["digit"]))
            case "mark":
                return Marked(str(said["mark"]["name"]))
            case "stop":
                return Stopped()
        return None

    def play(self, stream: str, code: str) -> Mapping[str, Any]:
        return {"event": "media", "media": {"payload": code}}

    def clear(self, stream: str) -> Mapping[str, Any]:
        return {"event": "clear"}

    def mark(self, stream: str, name: str) -> Mapping[str, Any]:
        return {"event": "mark", "mark": {"name": name}}


class TelnyxCalls:
    """Carrier."""

    content_type = JSON

    def __init__(self, setup: CarrierSetup) -> None:
        self._setup, self.dialect = setup, TelnyxDialect()
        account = Account("", "telnyx", "", setup.secret, setup.public_url, setup.public_key)
        self._hooks = TelnyxHooks(account)
        self._rest = Rest(setup.api or API, bearer=setup.secret)
        self._tasks: set[asyncio.Task[None]] = set()
        self._putting_through = PuttingThrough(self._asked)
        self._answered = set[str]()  # calls that came in, until they are over

    def __repr__(self) -> str:
        return f"<TelnyxCalls at {self._setup.public_url}>"

    # -- what it tells ----------------------------------------------------------------------------------------------

    def verified(self, came: Came) -> Mapping[str, Any]:
        return self._hooks.verified(came)

    def opened_by_it(self, came: Came) -> bool:
        """It does not sign this: the address is known to nobody else, and the token comes with the first message."""
        return True

    def news(self, about: str, said: Mapping[str, Any]) -> News | None:
        payload, event = said["payload"], said.get("event_type")
        call = named(payload.get("call_control_id"))
        if event == "call.hangup":
            self._answered.discard(call)
            self._putting_through.over(call)
        if self._putting_through.took(call, str(event), payload.get("client_state")):
            return None
        match event:
            case "call.initiated" if payload.get("direction") == "incoming":
                return _rang(call, payload.get("to"), payload.get("from"))
            case "call.initiated":
                return Ringing(call)
            case "call.answered" if about != "voice":
                return PickedUp(call)
            case "call.answered":
                self._answered.add(call)
            case "call.hangup":
                return Ended(call, CAUSES.get(str(payload.get("hangup_cause")), 200))
            case "streaming.stopped" | "streaming.failed":
                _, numbers = _told(payload.get("client_state"))
                return StreamOver(call, _rang(call, *numbers) if len(numbers) == 2 else None, goes_on=False)
        return None

    # -- what it is answered ----------------------------------------------------------------------------------------

    async def opens(self, call: str, name: str, token: str, *, why: Why, rang: Rang | None = None) -> Answer:
        numbers = (rang.dialled, rang.caller) if rang is not None else ()
        wish = {
            **AS_STREAM,
            "stream_url": self._setup.media(name),
            "client_state": _state(token, *numbers),
            "command_id": name,
        }
        self._command(call, "answer" if why == "rang" else "streaming_start", wish)
        return THANKS

    def thanks(self) -> Answer:
        return THANKS

    async def put_through(self, call: str, line: OurLine) -> Answer:
        """Its words are said once it is answered, those of the first language, and then it is transferred."""
        self._putting_through.begin(call, line, first="speak" if call in self._answered else "answer")
        return THANKS

    async def move(self, call: str, answer: Answer) -> None:
        """`put_through` has asked for it already."""

    def _command(self, call: str, what: str, wish: Mapping[str, Any]) -> None:
        task = asyncio.ensure_future(self._done(call, what, wish))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _done(self, call: str, what: str, wish: Mapping[str, Any]) -> None:
        """A call for which it is not done has no sound, and is given up for that."""
        with suppress(NotDone, NobodyKnows):
            await self._asked(call, what, wish)

    async def _asked(self, call: str, what: str, wish: Mapping[str, Any]) -> object:
        return await self._rest.again("POST", f"/v2/calls/{call}/actions/{what}", json=dict(wish))

    # -- what it is asked -------------------------------------------------------------------------------------------

    async def dial(self, number: str, *, shown: str, ours: str, name: str, token: str, seconds: float) -> str:
        refuse_undialable(number)
        wish = {
            "connection_id": self._setup.connection,
            "to": number,
            "from": shown,
            "timeout_secs": max(SHORTEST_RING, round(seconds)),
            "webhook_url": self._setup.at(f"status/{ours}"),
            "command_id": ours,
        }
        said = await self._rest.once("POST", "/v2/calls", json=wish)
        return str((said.get("data") or {}).get("call_control_id") or "")

    async def end(self, call: str) -> None:
        try:
            await self._rest.again("POST", f"/v2/calls/{call}/actions/hangup", json={})
        except NotDone as why:
            if why.status != OVER:
                raise

    async def is_over(self, call: str) -> bool:
        said = await self._rest.again("GET", f"/v2/calls/{call}")
        return (said.get("data") or {}).get("is_alive") is False

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._putting_through.close()
        await self._rest.close()


def _rang(call: str, dialled: object, caller: object) -> Rang:
    try:
        known = e164(caller)
    except Malformed:
        known = "anonymous"
    return Rang(call, e164(dialled), known)


def _state(*parts: str) -> str:
    return b64encode(json.dumps(parts).encode()).decode()


def _told(state: object) -> tuple[str, tuple[str, ...]]:
    """The token, and the numbers where somebody called us, of what came back; nothing where it is none of ours."""
    try:
        token, *numbers = json.loads(b64decode(str(state), validate=True))
    except (ValueError, TypeError):
        return "", ()
    return str(token), tuple(str(each) for each in numbers)
