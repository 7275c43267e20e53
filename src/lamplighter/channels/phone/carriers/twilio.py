"""Twilio: TwiML for its voice webhooks, X-Twilio-Signature over address and fields, and the words of Media Streams."""

from base64 import b64decode
from collections.abc import Mapping
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
from lamplighter.channels.phone.numbers import refuse_undialable
from lamplighter.channels.sms.carriers.hooks import FORM, Came, Forged, e164, form, named

API: Final = "https://api.twilio.com"
TOKEN: Final = "token"
SAYS: Final[Mapping[str, str]] = {"en": "en-US", "es": "es-MX"}
"""Its name of a language, where it has no region of ours."""

LETTERS: Final = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
WITHHELD: Final = frozenset(
    f"+{each.translate(LETTERS)}"
    for each in ("anonymous", "restricted", "blocked", "unknown", "unavailable", "private")
)
"""Words on a keypad: how it writes a number that it was not told."""

STATUSES: Final[Mapping[str, int]] = {
    "completed": 200, "busy": 486, "no-answer": 408, "canceled": 487, "failed": 404,
}  # fmt: skip


class TwilioDialect:
    def read(self, said: Mapping[str, Any]) -> Message | None:
        match said["event"]:
            case "media" if said["media"].get("track", "inbound") == "inbound":
                media = said["media"]
                return Heard(b64decode(media["payload"], validate=True), int(media["chunk"]))
            case "start":
                start = said["start"]
                token = (start.get("customParameters") or {}).get(TOKEN, "")
                return Started(str(start["streamSid"]), str(start["callSid"]), str(token))
            case "dtmf":
                return Pressed(str(said["dtmf"]["digit"]))
            case "mark":
                return Marked(str(said["mark"]["name"]))
            case "stop":
                return Stopped()
        return None

    def play(self, stream: str, code: str) -> Mapping[str, Any]:
        return {"event": "media", "streamSid": stream, "media": {"payload": code}}

    def clear(self, stream: str) -> Mapping[str, Any]:
        return {"event": "clear", "streamSid": stream}

    def mark(self, stream: str, name: str) -> Mapping[str, Any]:
        return {"event": "mark", "streamSid": stream, "mark": {"name": name}}


class TwilioCalls:
    """Carrier."""

    content_type = FORM

    def __init__(self, setup: CarrierSetup) -> None:
        from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

        self._setup, self.dialect = setup, TwilioDialect()
        self._validator = RequestValidator(setup.secret)
        self._rest = Rest(setup.api or API, auth=httpx.BasicAuth(setup.account, setup.secret))
        self._calls = f"/2010-04-01/Accounts/{setup.account}/Calls"

    def __repr__(self) -> str:
        return f"<TwilioCalls at {self._setup.public_url}>"

    # -- what it tells ----------------------------------------------------------------------------------------------

    def verified(self, came: Came) -> Mapping[str, Any]:
        said = form(came.body)
        if not self._validator.validate(came.url, said, came.headers.get("x-twilio-signature", "")):
            raise Forged("not signed by Twilio")
        if said.get("AccountSid") != self._setup.account:
            raise Forged("signed for another account")
        return said

    def opened_by_it(self, came: Came) -> bool:
        signature = came.headers.get("x-twilio-signature", "")
        return any(self._validator.validate(each, {}, signature) for each in (came.url, f"{came.url}/"))

    def news(self, about: str, said: Mapping[str, Any]) -> News | None:
        call, came_in = named(said.get("CallSid")), said.get("Direction") == "inbound"
        status = STATUSES.get(said.get("CallStatus", ""))
        if about == "status" or status is not None:
            return Ended(call, status) if status is not None else Ringing(call)
        rang = Rang(call, e164(said.get("To")), _caller(said.get("From"))) if came_in else None
        return StreamOver(call, rang, goes_on=True) if about == "again" else rang

    # -- what it is answered ----------------------------------------------------------------------------------------

    async def opens(self, call: str, name: str, token: str, *, why: Why, rang: Rang | None = None) -> Answer:
        return _document(self._connecting(name, token))

    def _connecting(self, name: str, token: str) -> Xml.Element:
        connect = Xml.Element("Connect", action=self._setup.at("again"))
        stream = Xml.SubElement(connect, "Stream", url=self._setup.media(name))
        Xml.SubElement(stream, "Parameter", name=TOKEN, value=token)
        return connect

    def thanks(self) -> Answer:
        return _document()

    async def put_through(self, call: str, line: OurLine) -> Answer:
        return put_through(line)

    # -- what it is asked -------------------------------------------------------------------------------------------

    async def dial(self, number: str, *, shown: str, ours: str, name: str, token: str, seconds: float) -> str:
        refuse_undialable(number)
        twiml, _ = _document(self._connecting(name, token))
        wish = {
            "To": number,
            "From": shown,
            "Twiml": twiml.decode(),
            "Timeout": str(max(5, round(seconds))),
            "StatusCallback": self._setup.at(f"status/{ours}"),
            "StatusCallbackEvent": ["initiated", "completed"],
        }
        return str((await self._rest.once("POST", f"{self._calls}.json", data=wish)).get("sid") or "")

    async def end(self, call: str) -> None:
        await self._rest.again("POST", f"{self._calls}/{call}.json", data={"Status": "completed"})

    async def move(self, call: str, answer: Answer) -> None:
        await self._rest.again("POST", f"{self._calls}/{call}.json", data={"Twiml": answer[0].decode()})

    async def is_over(self, call: str) -> bool:
        said = await self._rest.again("GET", f"{self._calls}/{call}.json")
        return said.get("status") in STATUSES

    async def close(self) -> None:
        await self._rest.close()


def put_through(line: OurLine) -> Answer:
    """Says the words and dials the practice's own line; also what a fall-back address at Twilio can answer by itself.
    Raises NeverDialled."""
    document = []
    for locale, text in line.words:
        document.append(Xml.Element("Say", language=SAYS.get(locale, locale)))
        document[-1].text = text
    if line.own_line is not None:
        refuse_undialable(line.own_line)
        document.append(Xml.Element("Dial"))
        document[-1].text = line.own_line
    return _document(*document)


def _document(*verbs: Xml.Element) -> Answer:
    response = Xml.Element("Response")
    response.extend(verbs)
    return Xml.tostring(response, encoding="utf-8", xml_declaration=True), "text/xml"


def _caller(number: object) -> str:
    return "anonymous" if number in WITHHELD else str(number or "")
