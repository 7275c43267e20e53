"""A CORE endpoint on loopback: it takes either envelope and answers in the same, from an invented insurer's plans."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lamplighter.connectors.clearinghouse.insurer import Fault, Insurer, answered
from lamplighter.connectors.clearinghouse.reviewer import Reviewer, reviewed
from lamplighter.connectors.clearinghouse.x12 import X12Error, read_documents
from lamplighter.connectors.clearinghouse.x12.eligibility import Eligibility

from .authorizations import ANSWERS as REVIEWED
from .authorizations import INQUIRES, REQUESTS
from .envelopes import ANSWERS, ASKS, Letter, as_form, as_soap, from_mime, from_soap

# What a WSSE library answers by itself, before the endpoint behind it hears anything.
_WHO_ARE_YOU = (
    '<?xml version="1.0"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body><e:Fault><e:Code>'
    "<e:Value>e:Sender</e:Value><e:Subcode><e:Value>wsse:FailedAuthentication</e:Value></e:Subcode></e:Code>"
    "<e:Reason><e:Text>No.</e:Text></e:Reason></e:Fault></e:Body></e:Envelope>"
)
_THEN = datetime(2026, 12, 1, 9, tzinfo=UTC)


@dataclass(slots=True)
class CoreStandIn:
    insurer: Insurer
    user: str
    password: str = field(repr=False)
    reviewer: Reviewer | None = None

    @property
    def app(self) -> Starlette:
        return Starlette(routes=[Route("/core", self._take, methods=["POST"])])

    async def _take(self, request: Request) -> Response:
        raw, kind = await request.body(), request.headers.get("content-type", "")
        soap = "xml" in kind
        try:
            letter = from_soap(raw) if soap else from_mime(kind, raw)
        except ValueError:
            return _answer(Letter(ANSWERS, "", "", "", "", "PayloadMissing"), soap)
        if self.password.encode() not in raw or self.user.encode() not in raw:
            if soap:
                return Response(_WHO_ARE_YOU, status_code=500, media_type="application/soap+xml")
            return _answer(Letter(ANSWERS, letter.payload_id, "", "", "", "UnAuthorized"), soap)
        if letter.payload_type in (REQUESTS, INQUIRES) and self.reviewer is not None:
            return await self._reviewed(self.reviewer, request, letter, soap)
        if letter.payload_type != ASKS:
            return _answer(Letter(ANSWERS, letter.payload_id, "", "", "", "PayloadTypeIllegal"), soap)

        async def answer(fault: Fault | None) -> Response:
            said = self._answered(letter.payload, fault)
            told = Letter(ANSWERS, letter.payload_id, letter.receiver, letter.sender, said, "Success")
            return _answer(told, soap)

        return await answered(self.insurer, request, answer)

    async def _reviewed(self, reviewer: Reviewer, request: Request, letter: Letter, soap: bool) -> Response:
        async def answer(fault: Fault | None) -> Response:
            said = reviewed(reviewer, letter.payload, fault)
            told = Letter(REVIEWED, letter.payload_id, letter.receiver, letter.sender, said, "Success")
            return _answer(told, soap)

        return await answered(reviewer, request, answer)

    def _answered(self, payload: str, fault: Fault | None) -> str:
        try:
            (document,) = read_documents(payload)
        except (X12Error, ValueError):
            return ""
        asked = document.content
        assert isinstance(asked, Eligibility)
        holder, who = asked.members[0], asked.members[-1]
        born = who.party.date_of_birth if who.party else None
        trace = next((trace[1] for member in asked.members for trace in member.traces), asked.reference)
        member = holder.party.id if holder.party else ""
        return self.insurer.answer(member, trace, f"{born:%Y%m%d}" if born else "", fault)


def _answer(letter: Letter, soap: bool) -> Response:
    if soap:
        return Response(as_soap(letter, "", "", _THEN, answers=True), media_type="application/soap+xml")
    boundary = uuid.uuid4().hex
    fields = [f for f in as_form(letter, "", "", _THEN) if f[0] not in ("UserName", "Password")]
    fields += [("ErrorCode", letter.error), ("ErrorMessage", "")]
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields
    ]
    return Response(
        "".join(parts) + f"--{boundary}--\r\n", media_type=f"multipart/form-data; boundary={boundary}"
    )
