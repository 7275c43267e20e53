"""Asks with a 270 in an envelope, and reads the 271 (or the 999 or TA1 in its place) from the one that comes back."""

import ssl
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import httpx

from lamplighter.connectors.clearinghouse.answers import reply_of
from lamplighter.connectors.clearinghouse.asking_over_http import Came, Deadline, asked, without_raising
from lamplighter.connectors.clearinghouse.x12 import X12Error
from lamplighter.connectors.clearinghouse.x12.asking import eligibility
from lamplighter.connectors.clearinghouse.x12.writing import ControlNumbers, Partner, Written, written
from lamplighter.desk.ports import Clock
from lamplighter.desk.ports.clearinghouse import Refused, Reply, Why, not_to_be_asked
from lamplighter.desk.ports.coverage import EligibilityQuestion

from .envelopes import (
    ASKS,
    SERVERS_FAULT,
    UNAUTHORIZED,
    Letter,
    as_form,
    as_soap,
    from_mime,
    from_related,
    from_soap,
    payload_id,
)

_NOT_ALLOWED = (UNAUTHORIZED, "UnAuthorizedAccess", "Unauthorized")


class Envelope(StrEnum):
    MIME = "mime"
    SOAP = "soap"


@dataclass(frozen=True, slots=True)
class CoreClearinghouse:
    """`certificate` is a PEM file of ours with its key, where the other side asks for one instead of a password."""

    url: str
    party: str
    partner: Partner
    numbers: ControlNumbers
    clock: Clock
    envelope: Envelope = Envelope.MIME
    user: str = ""
    password: str = field(default="", repr=False)
    certificate: Path | None = None
    authority: Path | None = None  # who vouches for the other side, if not the authorities of this machine

    def ask(self, question: EligibilityQuestion, deadline: float) -> Reply:
        if refused := not_to_be_asked(question):
            return refused
        return without_raising(lambda: self._ask(question, deadline))

    def _ask(self, question: EligibilityQuestion, deadline: float) -> Reply:
        try:
            now = self.clock.now()
            sent = written([eligibility(question, now)], self.partner, self.numbers, now)
        except X12Error:
            return Refused(Why.ASKED_WRONGLY)
        came = self.exchanged(ASKS, sent, question.trace, deadline)
        return came if isinstance(came, Refused) else reply_of(came, question, sent)

    def look_again(self, question: EligibilityQuestion, ticket: str, deadline: float) -> Reply:
        """In real time there is an answer or none."""
        return Refused(Why.UNREADABLE)

    def exchanged(self, payload_type: str, sent: Written, trace: str, deadline: float) -> str | Refused:
        """What stands in the envelope that comes back: X12 of any kind."""
        names = self.partner
        letter = Letter(payload_type, payload_id(trace), names.sender, names.receiver, sent.text)
        try:
            trust = self._trust()
        except OSError:  # a certificate that is not there, or is none
            return Refused(Why.NOT_ALLOWED)
        with (
            Deadline(deadline) as until,
            httpx.Client(timeout=httpx.Timeout(deadline), trust_env=False, verify=trust) as client,
        ):
            came = asked(client, self._request(client, letter), until, reads_500=True)
        return came if isinstance(came, Refused) else payload_of(came)

    def _request(self, client: httpx.Client, letter: Letter) -> httpx.Request:
        now = self.clock.now()
        if self.envelope is Envelope.SOAP:
            kind = 'application/soap+xml; charset=UTF-8; action="RealTimeTransaction"'
            raw = as_soap(letter, self.user, self.password, now)
            return client.build_request("POST", self.url, content=raw, headers={"Content-Type": kind})
        fields = as_form(letter, self.user, self.password, now)
        parts: list[tuple[str, tuple[None, bytes]]] = [
            (name, (None, value.encode())) for name, value in fields
        ]
        return client.build_request("POST", self.url, files=parts)

    def _trust(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=str(self.authority) if self.authority else None)
        if self.certificate is not None:
            context.load_cert_chain(self.certificate)
        return context


def payload_of(came: Came) -> str | Refused:
    try:
        if came.content_type.lower().startswith("multipart/related"):
            letter = from_related(came.content_type, came.body)
        elif "xml" in came.content_type:
            letter = from_soap(came.body)
        else:
            letter = from_mime(came.content_type, came.body)
    except ValueError:
        return Refused(Why.UNREADABLE if came.status < 500 else Why.UNREACHABLE)
    if letter.error in _NOT_ALLOWED:
        return Refused(Why.NOT_ALLOWED)
    if came.status >= 500 or letter.error == SERVERS_FAULT:
        return Refused(Why.UNREACHABLE)
    if letter.payload:
        return letter.payload
    return Refused(Why.UNREADABLE if letter.error == "Success" else Why.ASKED_WRONGLY)
