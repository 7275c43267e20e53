"""Availity's service reviews on loopback, from the published schema: what is posted is there when somebody looks."""

from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lamplighter.connectors.clearinghouse import reviewer as says
from lamplighter.connectors.clearinghouse.insurer import Fault, HalfOpen, answered
from lamplighter.connectors.clearinghouse.reviewer import ACTIONS, Reviewer, granted

from .standin import Door, error

_PATH = "/v2/service-reviews"


@dataclass(slots=True)
class ReviewsStandIn:
    """`waits`: how often somebody has to look before the payer has answered. While it `hangs_up`, what is posted is
    taken, and nobody hears so."""

    reviewer: Reviewer
    door: Door
    waits: int = 0
    hangs_up: bool = False
    posted: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False)
    faults: dict[str, Fault] = field(default_factory=dict)

    @property
    def app(self) -> Starlette:
        return Starlette(
            routes=[
                self.door.route,
                Route(_PATH, self._post, methods=["POST"]),
                Route(_PATH, self._find, methods=["GET"]),
                Route(_PATH + "/{id}", self._get, methods=["GET"]),
                Route(_PATH + "/{id}", self._void, methods=["DELETE"]),
            ]
        )

    async def _post(self, request: Request) -> Response:
        if not self.door.knows(request):
            return error(401, "Not Authorized")
        body = await request.json()
        missing = [
            name for name in ("payer", "requestingProvider", "subscriber", "patient") if not body.get(name)
        ]
        if missing:
            return error(400, "Bad Request", *missing)

        async def answer(fault: Fault | None) -> Response:
            name = f"SR{len(self.posted) + 1}"
            self.posted[name] = body
            lines = tuple((each["code"], each["quantity"]) for each in body.get("procedures", []))
            self.reviewer.submitted(name, body["subscriber"]["memberId"], lines)
            if fault is not None:
                self.faults[name] = fault
            if self.hangs_up:
                return HalfOpen()
            return Response(
                status_code=202, headers={"Location": f"{request.base_url}v2/service-reviews/{name}"}
            )

        return await answered(self.reviewer, request, answer)

    async def _get(self, request: Request) -> Response:
        name = request.path_params["id"]
        if not self.door.knows(request):
            return error(401, "Not Authorized")
        if name not in self.posted:
            return error(404, "Not Found")
        if self.waits > 0:
            self.waits -= 1
            return Response(status_code=202)
        fault = self.faults.pop(name, None)
        if fault == "cut_off":
            return Response(b'{"statusCode": "A1", "certif', media_type="application/json")
        return JSONResponse(self._review(name, fault))

    async def _find(self, request: Request) -> Response:
        if not self.door.knows(request):
            return error(401, "Not Authorized")
        member = request.query_params.get("subscriber.memberId", "")
        names = [name for name, body in self.posted.items() if body["subscriber"]["memberId"] == member]
        for name in names:
            self.reviewer.looked_up(name, member)
        return JSONResponse({"serviceReviews": [self._review(name, None) for name in names]})

    async def _void(self, request: Request) -> Response:
        name = request.path_params["id"]
        if not self.door.knows(request):
            return error(401, "Not Authorized")
        if name not in self.posted:
            return error(404, "Not Found")
        self.reviewer.cases[name].decision = "cancelled"
        return Response(status_code=204)

    def _review(self, name: str, fault: Fault | None) -> dict[str, Any]:
        if self.reviewer.refuses_with:
            wrong = {"field": "subscriber", "code": self.reviewer.refuses_with}
            return {"id": name, "status": "Request Error", "statusCode": "19", "validationMessages": [wrong]}
        body, case = self.posted[name], self.reviewer.cases[name]
        if self.waits > 0:
            return {**body, "id": name, "statusCode": "1"}
        units = dict(granted(case))
        procedures = [
            {**each, "quantity": units.get(each["code"], each["quantity"])}
            for each in body.get("procedures", [])
        ]
        if case.decision == "in_part":
            for each in procedures:
                each["statusCode"] = "A1" if each["code"] in units else "A3"
        told = {**body, "id": name, "statusCode": ACTIONS[case.decision], "procedures": procedures}
        told["payerNotes"] = [{"message": says.SAID}]
        if units:
            told["certificationNumber"] = says.NUMBER
            told |= {"certificationEffectiveDate": "2026-12-01", "certificationExpirationDate": "2027-05-31"}
        if case.decision == "denies":
            told["statusReasons"] = [{"code": says.DENIED_FOR, "value": "..."}]
        if fault == "someone_else":
            told["subscriber"] = {"memberId": "LH0002"}
        return told
