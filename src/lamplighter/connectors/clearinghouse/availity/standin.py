"""Availity on loopback, from its published schemas: it takes the form, and has the answer when somebody looks again."""

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lamplighter.connectors.clearinghouse.insurer import Fault, Insurer, answered
from lamplighter.connectors.clearinghouse.x12 import read_documents
from lamplighter.connectors.clearinghouse.x12.eligibility import Eligibility
from lamplighter.desk.ports.coverage import BenefitRow, Network

_NETWORKS = {
    Network.IN: "inNetwork",
    Network.OUT: "outOfNetwork",
    Network.BOTH: "notApplicableNetwork",
    Network.UNKNOWN: "noNetwork",
}
_AMOUNTS = {"B": "coPayment", "A": "coInsurance", "C": "deductibles", "G": "outOfPocket"}
_NEEDED = ("payerId", "memberId", "patientLastName", "patientBirthDate", "providerNpi")


@dataclass(slots=True)
class Door:
    """Gives tokens to whoever knows the secret, and knows them again."""

    secret: str = field(repr=False)
    tokens: set[str] = field(default_factory=set, repr=False)

    @property
    def route(self) -> Route:
        return Route("/v1/token", self._token, methods=["POST"])

    def knows(self, request: Request) -> bool:
        return request.headers.get("authorization") in self.tokens

    async def _token(self, request: Request) -> Response:
        form = await request.form()
        if form.get("client_secret") != self.secret or form.get("scope") != "hipaa":
            return JSONResponse({"error": "invalid_client"}, status_code=401)
        token = secrets.token_urlsafe(16)
        self.tokens.add(f"Bearer {token}")
        return JSONResponse({"access_token": token, "token_type": "bearer", "expires_in": 300})


@dataclass(slots=True)
class _Coverage:
    text: str  # the 271 behind it
    fault: Fault | None


@dataclass(slots=True)
class AvailityStandIn:
    """`insurer.waits` says how often somebody has to look before the payer has answered."""

    insurer: Insurer
    door: Door
    coverages: dict[str, _Coverage] = field(default_factory=dict, repr=False)

    @property
    def app(self) -> Starlette:
        return Starlette(
            routes=[
                self.door.route,
                Route("/v1/coverages", self._create, methods=["POST"]),
                Route("/v1/coverages/{id}", self._get, methods=["GET"]),
            ]
        )

    async def _create(self, request: Request) -> Response:
        if not self.door.knows(request):
            return error(401, "Not Authorized")
        form = {name: str(value) for name, value in (await request.form()).items()}
        missing = [name for name in _NEEDED if not form.get(name)]
        if missing:
            return error(400, "Bad Request", *missing)

        async def answer(fault: Fault | None) -> Response:
            name = hashlib.sha256(repr(sorted(form.items())).encode()).hexdigest()[:19]
            kept = self.coverages.get(name)
            if kept is None or kept.fault or fault:
                born = form["patientBirthDate"].replace("-", "")
                text = self.insurer.answer(
                    form["memberId"], name, born, fault if fault != "cut_off" else None
                )
                self.coverages[name] = _Coverage(text, fault)
            return JSONResponse({"id": name, "status": "In Progress", "statusCode": "0"}, status_code=202)

        return await answered(self.insurer, request, answer)

    async def _get(self, request: Request) -> Response:
        if not self.door.knows(request):
            return error(401, "Not Authorized")
        kept = self.coverages.get(request.path_params["id"])
        if kept is None:
            return error(404, "Not Found")
        if self.insurer.waits > 0:
            self.insurer.waits -= 1
            return JSONResponse({"status": "In Progress", "statusCode": "0"}, status_code=200)
        if kept.fault == "cut_off":
            return Response(b'{"statusCode": "4", "plans": [{"statusCode', media_type="application/json")
        (document, *_) = read_documents(kept.text)
        assert isinstance(document.content, Eligibility)
        return JSONResponse({"id": request.path_params["id"], **_coverage(document.content)})


def error(status: int, said: str, *fields: str) -> Response:
    errors = [{"field": name, "errorMessage": "Required"} for name in fields]
    return JSONResponse({"statusCode": status, "userMessage": said, "errors": errors}, status_code=status)


def _coverage(told: Eligibility) -> dict[str, Any]:
    wrong = [*told.rejections, *(r for member in told.members for r in member.rejections)]
    if wrong:
        messages = [{"field": r.about, "code": r.reason, "errorMessage": "..."} for r in wrong]
        return {"status": "Request Error", "statusCode": "19", "validationMessages": messages}
    member = told.members[0]
    who = member.party
    assert who is not None
    return {
        "status": "Complete",
        "statusCode": "4",
        "payer": {"name": "LAN01", "responseName": "LANTERN HEALTH"},
        "subscriber": {"memberId": who.id},
        "patient": {
            "firstName": who.first_name,
            "lastName": who.last_name,
            "birthDate": f"{who.date_of_birth}T05:00:00.000+0000" if who.date_of_birth else "",
        },
        "plans": [{"planName": "LANTERN OPEN", "benefits": [_benefit(row) for row in member.benefits]}],
    }


def _benefit(row: BenefitRow) -> dict[str, Any]:
    """A benefit for each row, as if the payer had said nothing twice."""
    told: dict[str, Any] = {"type": row.services[0] if row.services else "", "name": "..."}
    entry: dict[str, Any] = {
        "levelCode": row.level,
        "quantityQualifierCode": row.quantity_qualifier,
        "placeOfServiceCode": row.places[0] if row.places else "",
        "payerNotes": list(row.messages),
        "authorizationRequiredUnknown": row.authorization is None,
    }
    if row.authorization is not None:
        entry["authorizationRequired"] = row.authorization
    if row.amount is not None:
        name = "remaining" if row.period == "29" else "amount"
        entry |= {name: str(row.amount.amount), f"{name}TimePeriodCode": row.period, "units": "Dollars"}
    if row.share is not None:
        entry |= {"amount": str(row.share * 100), "amountTimePeriodCode": row.period, "units": "Percent"}
    by_network = {_NETWORKS[row.network]: [entry]}
    if row.kind in _AMOUNTS:
        return told | {"amounts": {_AMOUNTS[row.kind]: by_network}}
    return told | {"statusCode": row.kind, "statusDetails": by_network}
