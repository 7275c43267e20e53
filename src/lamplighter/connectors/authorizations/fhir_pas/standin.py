"""A payer's PAS server on loopback, from the guide's examples: it answers as an invented reviewer decides."""

import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import jwt
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lamplighter.connectors.clearinghouse import reviewer as says
from lamplighter.connectors.clearinghouse.insurer import Fault, answered
from lamplighter.connectors.clearinghouse.reviewer import ACTIONS, Case, Reviewer, granted
from lamplighter.connectors.fhir_rest import JSON
from lamplighter.connectors.smart_backend import SigningKey

from .bundles import PAS, X12

_DAYS = {"start": "2026-12-01", "end": "2027-05-31"}


@dataclass(slots=True)
class PasStandIn:
    reviewer: Reviewer
    client: SigningKey = field(repr=False)  # of whom only what is public is used
    tokens: set[str] = field(default_factory=set, repr=False)

    @property
    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/token", self._token, methods=["POST"]),
                Route("/fhir/Claim/$submit", self._submit, methods=["POST"]),
                Route("/fhir/Claim/$inquire", self._inquire, methods=["POST"]),
            ]
        )

    async def _token(self, request: Request) -> Response:
        form = await request.form()
        key, where = self.client, str(request.url)
        try:
            jwt.decode(
                str(form.get("client_assertion")), key.private.public_key(), [key.algorithm], audience=where,
                options={"verify_exp": False, "verify_iat": False},
            )  # fmt: skip
        except jwt.InvalidTokenError:
            return JSONResponse({"error": "invalid_client"}, status_code=401)
        token = secrets.token_urlsafe(16)
        self.tokens.add(f"Bearer {token}")
        return JSONResponse({"access_token": token, "token_type": "bearer", "expires_in": 300})

    async def _submit(self, request: Request) -> Response:
        return await self._decided(request, inquires=False)

    async def _inquire(self, request: Request) -> Response:
        return await self._decided(request, inquires=True)

    async def _decided(self, request: Request, *, inquires: bool) -> Response:
        if request.headers.get("authorization") not in self.tokens:
            return _outcome(401, "login")
        bundle = await request.json()
        claim = bundle["entry"][0]["resource"]
        if claim["resourceType"] != "Claim" or not claim["item"]:
            return _outcome(400, "structure")
        member = next(
            e["resource"]["subscriberId"]
            for e in bundle["entry"]
            if e["resource"]["resourceType"] == "Coverage"
        )
        trace = claim["identifier"][0]["value"]
        lines = tuple(
            (_code(each["productOrService"]), str(each.get("quantity", {}).get("value", 1)))
            for each in claim["item"]
        )

        async def answer(fault: Fault | None) -> Response:
            if self.reviewer.refuses_with:
                return _said(_refusal(trace, self.reviewer.refuses_with))
            if inquires:
                case = self.reviewer.looked_up(trace, member)
            elif claim.get("related"):
                case = self.reviewer.cancelled(member)
            else:
                case = self.reviewer.submitted(trace, member, lines)
            if case is None:
                return _said(_refusal(trace, "AA"))
            bundle = _bundle("ANOTHER" if fault == "someone_else" else trace, case)
            told = {
                "resourceType": "Parameters",
                "parameter": [{"name": "responseBundle", "resource": bundle}],
            }
            return _said(told if inquires else bundle, fault)

        return await answered(self.reviewer, request, answer)


def _said(told: dict[str, Any], fault: Fault | None = None) -> Response:
    text = json.dumps(told)
    return Response(text[: len(text) // 2] if fault == "cut_off" else text, media_type=JSON)


def _outcome(status: int, code: str) -> Response:
    issue = [{"severity": "error", "code": code}]
    return JSONResponse({"resourceType": "OperationOutcome", "issue": issue}, status_code=status)


def _refusal(trace: str, reason: str) -> dict[str, Any]:
    error = [{"code": {"coding": [{"system": X12 + "901", "code": reason}]}}]
    return _around([_response(trace) | {"outcome": "error", "error": error}])


def _bundle(trace: str, case: Case) -> dict[str, Any]:
    units = dict(granted(case))
    items = [_item(place, code, units, case) for place, (code, _) in enumerate(case.procedures, 1)]
    response = _response(trace) | {
        "outcome": "queued" if case.decision == "pends" else "complete",
        "item": items,
        "processNote": [{"number": 1, "text": says.SAID}],
    }
    if units:
        response |= {"preAuthRef": says.NUMBER, "preAuthPeriod": _DAYS}
    return _around([response, *([_task()] if case.decision == "asks" else [])])


def _item(place: int, code: str, units: dict[str, str], case: Case) -> dict[str, Any]:
    action = ACTIONS[case.decision]
    if case.decision == "in_part":
        action = "A1" if code in units else "A3"
    inside: list[dict[str, Any]] = [
        {
            "url": PAS + "extension-reviewActionCode",
            "valueCodeableConcept": {"coding": [{"system": X12 + "306", "code": action}]},
        }
    ]
    if case.decision == "denies":
        reason = {"coding": [{"system": X12 + "886", "code": says.DENIED_FOR}]}
        inside.append({"url": "reasonCode", "valueCodeableConcept": reason})
    own: list[dict[str, Any]] = [
        {"url": PAS + "extension-administrationReferenceNumber", "valueString": says.REFERENCE}
    ]
    if code in units and case.decision == "modifies":
        quantity = {"url": "quantity", "valueQuantity": {"value": int(units[code])}}
        own.append({"url": PAS + "extension-itemAuthorizedDetail", "extension": [quantity]})
    review = [{"url": PAS + "extension-reviewAction", "extension": inside}]
    return {"itemSequence": place, "extension": own, "adjudication": [{"extension": review}]}


def _task() -> dict[str, Any]:
    wanted = {"coding": [{"system": "http://loinc.org", "code": says.WANTED}]}
    return {"resourceType": "Task", "input": [{"valueCodeableConcept": wanted}]}


def _response(trace: str) -> dict[str, Any]:
    return {
        "resourceType": "ClaimResponse",
        "identifier": [{"system": "urn:trnorg:9100000000", "value": trace}],
        "status": "active",
        "use": "preauthorization",
        "created": "2026-12-01T09:00:00-05:00",
    }


def _around(resources: list[dict[str, Any]]) -> dict[str, Any]:
    entries = [{"resource": each} for each in resources]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def _code(concept: dict[str, Any]) -> str:
    return str(concept["coding"][0]["code"])
