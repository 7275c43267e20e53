"""Plivo: XML for its voice webhooks, signature V3 over address, fields and nonce, and its audio streaming.

Its streams are not signed, and do not say that a call is over: the webhook of the hang-up does, and where the call goes
on the document does, by leading back to us.
"""

import re
from base64 import b64decode
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final
from xml.etree import ElementTree as Xml

import httpx

from lamplighter.channels.phone.carriers.carrier import (
    Answer,
    Ended,
    Heard,
    Marked,
    Message,
    News,
    NotDone,
    PickedUp,
    Pressed,
    Rang,
    Ringing,
    Started,
    StreamOver,
    Why,
)
from lamplighter.channels.phone.carriers.our_lines import OurLine
from lamplighter.channels.phone.carriers.rest import Rest
from lamplighter.channels.phone.carriers.setup import CarrierSetup
from lamplighter.channels.phone.numbers import refuse_undialable
from lamplighter.channels.sms.carriers.hooks import FORM, Came, Forged, Malformed, e164, form, named

API: Final = "https://api.plivo.com"
MULAW: Final = "audio/x-mulaw"
GONE: Final = 404
SAYS: Final[Mapping[str, str]] = {"en": "en-US", "es": "es-US"}
_TOKEN = re.compile(r"token\W+([0-9a-f]+)")
STATUSES: Final[Mapping[str, int]] = {
    "completed": 200, "busy": 486, "no-answer": 408, "timeout": 408, "cancel": 487, "failed": 404,
}  # fmt: skip


class PlivoDialect:
    def read(self, said: Mapping[str, Any]) -> Message | None:
        match said["event"]:
            case "media" if said["media"].get("track", "inbound") == "inbound":
                media = said["media"]
                return Heard(b64decode(media["payload"], validate=True), int(media["chunk"]))
            case "start":
                start, found = said["start"], _TOKEN.search(str(said.get("extra_headers")))
                return Started(str(start["streamId"]), str(start["callId"]), found.group(1) if found else "")
            case "dtmf":
                return Pressed(str(said["dtmf"]["digit"]))
            case "playedStream":
                return Marked(str(said["name"]))
        return None

    def play(self, stream: str, code: str) -> Mapping[str, Any]:
        media = {"contentType": MULAW, "sampleRate": 8000, "payload": code}
        return {"event": "playAudio", "media": media}

    def clear(self, stream: str) -> Mapping[str, Any]:
        return {"event": "clearAudio", "streamId": stream}

    def mark(self, stream: str, name: str) -> Mapping[str, Any]:
        return {"event": "checkpoint", "streamId": stream, "name": name}


class PlivoCalls:
    """Carrier."""

    content_type = FORM

    def __init__(self, setup: CarrierSetup) -> None:
        self._setup, self.dialect = setup, PlivoDialect()
        self._rest = Rest(setup.api or API, auth=httpx.BasicAuth(setup.account, setup.secret))
        self._account = f"/v1/Account/{setup.account}"

    def __repr__(self) -> str:
        return f"<PlivoCalls at {self._setup.public_url}>"

    # -- what it tells ----------------------------------------------------------------------------------------------

    def verified(self, came: Came) -> Mapping[str, Any]:
        from plivo.exceptions import ValidationError  # type: ignore[import-untyped]
        from plivo.utils.signature_v3 import validate_v3_signature  # type: ignore[import-untyped]

        said = form(came.body)
        nonce = came.headers.get("x-plivo-signature-v3-nonce", "")
        made = ",".join(came.headers.get(f"x-plivo-signature-{who}v3", "") for who in ("", "ma-"))
        with suppress(ValidationError, ValueError):
            if nonce and validate_v3_signature("POST", came.url, nonce, self._setup.secret, made, dict(said)):
                return said
        raise Forged("not signed by Plivo")

    def opened_by_it(self, came: Came) -> bool:
        """Its token comes with the first message, and its address is known to nobody else."""
        return True

    def news(self, about: str, said: Mapping[str, Any]) -> News | None:
        call, came_in = named(said.get("CallUUID")), said.get("Direction") == "inbound"
        status = STATUSES.get(said.get("CallStatus", ""))
        if about == "status" or status is not None:
            return Ended(call, status) if status is not None else Ringing(call)
        if about == "answered":
            return PickedUp(call)
        rang = Rang(call, e164(said.get("To")), _caller(said.get("From"))) if came_in else None
        return StreamOver(call, rang, goes_on=True) if about == "again" else rang

    # -- what it is answered ----------------------------------------------------------------------------------------

    async def opens(self, call: str, name: str, token: str, *, why: Why, rang: Rang | None = None) -> Answer:
        stream = Xml.Element(
            "Stream",
            bidirectional="true",
            keepCallAlive="true",
            contentType=f"{MULAW};rate=8000",
            extraHeaders=f"token={token}",
        )
        stream.text = self._setup.media(name)
        again = Xml.Element("Redirect", method="POST")
        again.text = self._setup.at("again")
        return _document(stream, again)

    def thanks(self) -> Answer:
        return _document()

    async def put_through(self, call: str, line: OurLine) -> Answer:
        return put_through(line)

    # -- what it is asked -------------------------------------------------------------------------------------------

    async def dial(self, number: str, *, shown: str, ours: str, name: str, token: str, seconds: float) -> str:
        refuse_undialable(number)
        status = self._setup.at(f"status/{ours}")
        wish = {
            "to": number.removeprefix("+"),
            "from": shown.removeprefix("+"),
            "answer_url": self._setup.at(f"answered/{ours}"),
            "answer_method": "POST",
            "ring_url": status,
            "ring_method": "POST",
            "hangup_url": status,
            "hangup_method": "POST",
            "ring_timeout": max(5, round(seconds)),
        }
        return str(
            (await self._rest.once("POST", f"{self._account}/Call/", json=wish)).get("request_uuid", "")
        )

    async def end(self, call: str) -> None:
        """One that nobody has picked up yet is a request still."""
        try:
            await self._rest.again("DELETE", f"{self._account}/Call/{call}/")
        except NotDone as why:
            if why.status != GONE:
                raise
            with suppress(NotDone):
                await self._rest.again("DELETE", f"{self._account}/Request/{call}/")

    async def move(self, call: str, answer: Answer) -> None:
        """It takes an address only: that of the fall-back, where it is answered the same."""
        wish = {"legs": "aleg", "aleg_url": self._setup.at("fallback"), "aleg_method": "POST"}
        await self._rest.again("POST", f"{self._account}/Call/{call}/", json=wish)

    async def is_over(self, call: str) -> bool:
        """It keeps a record of a call once that has ended."""
        return bool((await self._rest.again("GET", f"{self._account}/Call/{call}/")).get("end_time"))

    async def close(self) -> None:
        await self._rest.close()


def put_through(line: OurLine) -> Answer:
    """Says the words and dials the practice's own line. Raises NeverDialled."""
    document = []
    for locale, text in line.words:
        document.append(Xml.Element("Speak", language=SAYS.get(locale, locale)))
        document[-1].text = text
    if line.own_line is not None:
        refuse_undialable(line.own_line)
        dial = Xml.Element("Dial")
        Xml.SubElement(dial, "Number").text = line.own_line.removeprefix("+")
        document.append(dial)
    return _document(*document)


def _document(*elements: Xml.Element) -> Answer:
    response = Xml.Element("Response")
    response.extend(elements)
    return Xml.tostring(response, encoding="utf-8", xml_declaration=True), "text/xml"


def _caller(number: object) -> str:
    try:
        return e164(number)
    except Malformed:
        return "anonymous"
