"""No payment company: it answers as Stripe's published interface does, on this machine, for developing and tests. No
money moves.

What a request under an idempotency key was answered, errors of the server too, is answered again; what is refused
before anything was begun (too much at once, another request under a known key) is not kept. Keys are forgotten after a
day: `forget_keys`.
"""

import hashlib
import hmac
import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Fault = Literal["busy", "broken", "lost", "declined", "slow"]
"""Too much at once; failed, and says so again under the same key; done, and the answer never came; refused; a refund
that has not ended."""

Answer = tuple[int, dict[str, Any]]


@dataclass(slots=True)
class StripeStandIn:
    """`links` and `refunds` as they were made, by idempotency key; `asked` has every request that would make one."""

    key: str
    secret: str = "whsec_not_a_real_secret"
    faults: deque[Fault] = field(default_factory=deque)
    links: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: list[dict[str, Any]] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    paid: set[str] = field(default_factory=set)
    pending: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    answered: dict[str, tuple[dict[str, str], Answer]] = field(default_factory=dict)

    @property
    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/v1/payment_links", self._create, methods=["POST"]),
                Route("/v1/payment_links/{link}", self._retrieve),
                Route("/v1/payment_links/{link}", self._update, methods=["POST"]),
                Route("/v1/checkout/sessions", self._sessions),
                Route("/v1/refunds", self._refund, methods=["POST"]),
                Route("/v1/refunds", self._refunds),
            ]
        )

    def forget_keys(self) -> None:
        self.answered.clear()

    # -- making something ----------------------------------------------------------------------------------------------

    async def _create(self, request: Request) -> Response:
        return await self._once(request, self._make_link)

    async def _refund(self, request: Request) -> Response:
        return await self._once(request, self._make_refund)

    async def _once(self, request: Request, make: Any) -> Response:
        if refused := self._refused(request):
            return refused
        said = dict(parse_qsl((await request.body()).decode()))
        self.asked.append(said)
        fault = self.faults.popleft() if self.faults else None
        if fault == "busy":
            return _error(429, "invalid_request_error", "Too many requests", code="rate_limit")
        name = request.headers.get("idempotency-key", "")
        if name in self.answered and self.answered[name][0] != said:
            return _error(400, "idempotency_error", "Keys can only be used with the same parameters.")
        if name not in self.answered:
            self.answered[name] = (said, self._first(fault, name, said, make))
        status, body = self.answered[name][1]
        if fault == "lost":
            return Response(status_code=502)
        return JSONResponse(body, status)

    def _first(self, fault: Fault | None, name: str, said: dict[str, str], make: Any) -> Answer:
        if fault == "broken":
            return 500, _fault("api_error", "An unknown error occurred")
        if fault == "declined":
            return 400, _fault("invalid_request_error", "Amount must convert to at least 50 cents.")
        answer: Answer = make(name, said, pending=fault == "slow")
        return answer

    def _make_link(self, name: str, said: dict[str, str], *, pending: bool) -> Answer:
        link = _link(len(self.links), said)
        self.links[name] = {"said": said, "link": link}
        return 200, link

    def _make_refund(self, name: str, said: dict[str, str], *, pending: bool) -> Answer:
        payment, amount = said["payment_intent"], int(said["amount"])
        paid = sum(
            int(each["said"].get("line_items[0][price_data][unit_amount]", 0))
            for each in self.links.values()
            if each["link"]["id"] in self.paid and _payment(each["link"]["id"]) == payment
        )
        back = sum(each["amount"] for each in self.refunds if each["payment_intent"] == payment)
        if paid and back == paid:
            return 400, _fault("invalid_request_error", "already refunded", code="charge_already_refunded")
        if amount > paid - back:
            return 400, _fault("invalid_request_error", "greater than unrefunded amount", param="amount")
        refund = _refund_of(len(self.refunds), said, "pending" if pending else "succeeded")
        self.refunds.append(refund)
        return 200, refund

    # -- asking --------------------------------------------------------------------------------------------------------

    async def _retrieve(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        link = self._by_id(request.path_params["link"])
        if link is None:
            return _error(404, "invalid_request_error", "No such payment link", code="resource_missing")
        return JSONResponse({**link, "active": link["id"] not in self.paid | self.pending | self.closed})

    async def _update(self, request: Request) -> Response:
        if dict(parse_qsl((await request.body()).decode())).get("active") == "false":
            self.closed.add(request.path_params["link"])
        return await self._retrieve(request)

    async def _sessions(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        name = request.query_params.get("payment_link", "")
        return _list("/v1/checkout/sessions", self._sessions_on(name))

    def _sessions_on(self, link: str) -> list[dict[str, Any]]:
        if link in self.paid:
            return [_session(link)]
        return [{**_session(link), "payment_status": "unpaid"}] if link in self.pending else []

    async def _refunds(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        payment = request.query_params.get("payment_intent", "")
        return _list("/v1/refunds", [each for each in self.refunds if each["payment_intent"] == payment])

    def _refused(self, request: Request) -> Response | None:
        if request.headers.get("authorization") == f"Bearer {self.key}":
            return None
        return _error(401, "invalid_request_error", "Invalid API Key provided")

    def _by_id(self, name: str) -> dict[str, Any] | None:
        return next((each["link"] for each in self.links.values() if each["link"]["id"] == name), None)

    def tells(self, link: str, at: int, kind: str = "checkout.session.completed") -> tuple[bytes, str]:
        """A webhook that somebody has paid: its body and its signature, beside one of a secret that was changed."""
        found = self._by_id(link)
        assert found is not None
        event = {
            "id": f"evt_{link}",
            "object": "event",
            "type": kind,
            "data": {"object": {**_session(link), "metadata": found["metadata"]}},
        }
        body = json.dumps(event).encode()
        signed = hmac.new(self.secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
        return body, f"t={at},v1={'0' * 64},v1={signed},v0={'0' * 64}"


def _link(number: int, said: dict[str, str]) -> dict[str, Any]:
    return {
        "id": f"plink_{number:08}",
        "object": "payment_link",
        "active": True,
        "url": f"https://buy.stripe.example/test_{number:08}",
        "metadata": {"lamplighter": said.get("metadata[lamplighter]", "")},
    }


def _payment(link: str) -> str:
    return f"pi_{link}"


def _session(link: str) -> dict[str, Any]:
    return {
        "id": f"cs_{link}",
        "object": "checkout.session",
        "mode": "payment",
        "payment_intent": _payment(link),
        "payment_link": link,
        "payment_status": "paid",
        "status": "complete",
    }


def _refund_of(number: int, said: dict[str, str], status: str) -> dict[str, Any]:
    return {
        "id": f"re_{number:08}",
        "object": "refund",
        "amount": int(said["amount"]),
        "currency": "usd",
        "payment_intent": said["payment_intent"],
        "reason": said.get("reason"),
        "metadata": {"lamplighter": said.get("metadata[lamplighter]", "")},
        "status": status,
    }


def _list(url: str, data: list[dict[str, Any]]) -> Response:
    return JSONResponse({"object": "list", "data": data, "has_more": False, "url": url})


def _fault(kind: str, message: str, **more: str) -> dict[str, Any]:
    return {"error": {"type": kind, "message": message, **more}}


def _error(status: int, kind: str, message: str, **more: str) -> Response:
    return JSONResponse(_fault(kind, message, **more), status)
