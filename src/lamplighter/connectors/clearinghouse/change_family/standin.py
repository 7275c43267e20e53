"""The JSON endpoint on loopback, from its published examples: it answers from an invented insurer's plans."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lamplighter.connectors.clearinghouse.insurer import Fault, Insurer, answered
from lamplighter.connectors.clearinghouse.reviewer import Reviewer, reviewed
from lamplighter.connectors.clearinghouse.x12 import read_documents
from lamplighter.connectors.clearinghouse.x12.eligibility import Eligibility
from lamplighter.desk.ports.coverage import BenefitRow, Network

from .authorizations import PATH

_INDICATORS = {Network.IN: "Y", Network.OUT: "N", Network.BOTH: "W"}


@dataclass(slots=True)
class ChangeFamilyStandIn:
    """`key` is taken as it is (Stedi), `secret` for a token that then is (Optum)."""

    insurer: Insurer
    key: str = field(repr=False)
    secret: str = field(default="", repr=False)
    tokens: set[str] = field(default_factory=set, repr=False)
    reviewer: Reviewer = field(default_factory=Reviewer)

    @property
    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/apip/auth/v2/token", self._token, methods=["POST"]),
                Route("/medicalnetwork/eligibility/v3", self._eligibility, methods=["POST"]),
                Route(f"{PATH}/{{what}}/x12", self._authorization, methods=["POST"]),
            ]
        )

    async def _token(self, request: Request) -> Response:
        form = await request.form()
        if form.get("grant_type") != "client_credentials" or form.get("client_secret") != self.secret:
            return JSONResponse({"error": "invalid_client"}, status_code=401)
        token = secrets.token_urlsafe(16)
        self.tokens.add(f"Bearer {token}")
        return JSONResponse({"access_token": token, "token_type": "bearer", "expires_in": 3600})

    async def _authorization(self, request: Request) -> Response:
        if request.headers.get("authorization") not in {self.key, *self.tokens}:
            return JSONResponse({"message": "Unauthorized"}, status_code=401)
        said = await request.json()

        async def answer(fault: Fault | None) -> Response:
            text = reviewed(self.reviewer, said["x12"], fault)
            told = {"authorizationId": "16665bb7", request.path_params["what"]: {"x12": text}}
            return JSONResponse(told)

        return await answered(self.reviewer, request, answer)

    async def _eligibility(self, request: Request) -> Response:
        if request.headers.get("authorization") not in {self.key, *self.tokens}:
            return JSONResponse({"message": "Unauthorized"}, status_code=401)
        said = await request.json()
        wrong = _wrong(said)
        if wrong:
            return JSONResponse({"errors": [{"field": wrong, "description": "Required"}]}, status_code=400)

        async def answer(fault: Fault | None) -> Response:
            asked = (said.get("dependents") or [said["subscriber"]])[0]
            text = self.insurer.answer(
                said["subscriber"].get("memberId", ""),
                said["controlNumber"],
                asked.get("dateOfBirth", ""),
                fault,
            )
            if fault == "cut_off":
                return Response(b'{"benefitsInformation": [{"code": "1"', media_type="application/json")
            (document, *_) = read_documents(text)
            assert isinstance(document.content, Eligibility)
            return JSONResponse(_as_json(document.content, said))

        return await answered(self.insurer, request, answer)


def _wrong(said: dict[str, Any]) -> str:
    """The name of a field that is missing, as the guide requires it."""
    control = said.get("controlNumber", "")
    if not (isinstance(control, str) and control.isdigit() and len(control) == 9):
        return "controlNumber"
    needed = ("tradingPartnerServiceId", "provider", "subscriber")
    return next((name for name in needed if not said.get(name)), "")


def _as_json(told: Eligibility, said: dict[str, Any]) -> dict[str, Any]:
    wrong = [*told.rejections, *(r for member in told.members for r in member.rejections)]
    errors = [{"field": "AAA", "code": r.reason, "followupAction": r.follow_up} for r in wrong]
    member = told.members[0] if told.members else None
    body: dict[str, Any] = {
        "controlNumber": said["controlNumber"],
        "tradingPartnerServiceId": said["tradingPartnerServiceId"],
        "payer": {"name": "LANTERN HEALTH", "payorIdentification": "LAN01"},
    }
    if member and member.party and not errors:
        who = member.party
        body["subscriber"] = {
            "memberId": who.id,
            "firstName": who.first_name,
            "lastName": who.last_name,
            "dateOfBirth": f"{who.date_of_birth:%Y%m%d}" if who.date_of_birth else "",
        }
        body["benefitsInformation"] = [_entry(row) for row in member.benefits]
    if errors:
        body["errors"] = errors
    return body


def _entry(row: BenefitRow) -> dict[str, Any]:
    told: dict[str, Any] = {
        "code": row.kind,
        "coverageLevelCode": row.level,
        "serviceTypeCodes": list(row.services),
        "planCoverage": row.plan,
        "timeQualifierCode": row.period,
        "benefitAmount": str(row.amount.amount) if row.amount else "",
        "benefitPercent": str(row.share) if row.share is not None else "",
        "authOrCertIndicator": {True: "Y", False: "N", None: ""}[row.authorization],
        "inPlanNetworkIndicatorCode": _INDICATORS.get(row.network, ""),
        "additionalInformation": [{"description": said} for said in row.messages],
    }
    if row.places:
        told["eligibilityAdditionalInformation"] = {
            "codeListQualifierCode": "ZZ",
            "industryCode": row.places[0],
        }
    return {name: value for name, value in told.items() if value not in ("", [])}
