"""No payment company: it answers as Stripe's published interface does, on this machine, for developing and tests. No
money moves."""

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

Fault = Literal["busy", "broken", "broken_after", "declined"]
"""Too much at once; failed without or after having made it; refused."""


@dataclass(slots=True)
class StripeStandIn:
    """`links` as they were made, by idempotency key; `asked` counts every request that would make one."""

    key: str
    secret: str = "whsec_not_a_real_secret"
    faults: deque[Fault] = field(default_factory=deque)
    links: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    paid: set[str] = field(default_factory=set)

    @property
    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/v1/payment_links", self._create, methods=["POST"]),
                Route("/v1/payment_links/{link}", self._retrieve),
                Route("/v1/checkout/sessions", self._sessions),
            ]
        )

    async def _create(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        said = dict(parse_qsl((await request.body()).decode()))
        self.asked.append(said)
        fault = self.faults.popleft() if self.faults else None
        if fault == "declined":
            return _error(400, "invalid_request_error", "Amount must convert to at least 50 cents.")
        if fault in ("busy", "broken"):
            return _error(429 if fault == "busy" else 500, "api_error", "try again")
        name = request.headers.get("idempotency-key", "")
        if name in self.links and self.links[name]["said"] != said:
            return _error(400, "idempotency_error", "Keys can only be used with the same parameters.")
        made = self.links.setdefault(name, {"said": said, "link": _link(len(self.links), said)})
        if fault == "broken_after":
            return _error(500, "api_error", "try again")
        return JSONResponse(made["link"])

    async def _retrieve(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        link = self._by_id(request.path_params["link"])
        if link is None:
            return _error(404, "invalid_request_error", "No such payment link")
        return JSONResponse({**link, "active": link["id"] not in self.paid})

    async def _sessions(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        name = request.query_params.get("payment_link", "")
        paid = [_session(name)] if name in self.paid else []
        return JSONResponse(
            {"object": "list", "data": paid, "has_more": False, "url": "/v1/checkout/sessions"}
        )

    def _refused(self, request: Request) -> Response | None:
        if request.headers.get("authorization") == f"Bearer {self.key}":
            return None
        return _error(401, "invalid_request_error", "Invalid API Key provided")

    def _by_id(self, name: str) -> dict[str, Any] | None:
        return next((each["link"] for each in self.links.values() if each["link"]["id"] == name), None)

    def tells(self, link: str, at: int) -> tuple[bytes, str]:
        """A webhook that somebody has paid: its body and its signature."""
        found = self._by_id(link)
        assert found is not None
        event = {
            "id": f"evt_{link}",
            "object": "event",
            "type": "checkout.session.completed",
            "data": {"object": {**_session(link), "metadata": found["metadata"]}},
        }
        body = json.dumps(event).encode()
        signed = hmac.new(self.secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
        return body, f"t={at},v1={signed}"


def _link(number: int, said: dict[str, str]) -> dict[str, Any]:
    return {
        "id": f"plink_{number:08}",
        "object": "payment_link",
        "active": True,
        "url": f"https://buy.stripe.example/test_{number:08}",
        "metadata": {"lamplighter": said.get("metadata[lamplighter]", "")},
    }


def _session(link: str) -> dict[str, Any]:
    return {
        "id": f"cs_{link}",
        "object": "checkout.session",
        "payment_link": link,
        "payment_status": "paid",
        "status": "complete",
    }


def _error(status: int, kind: str, message: str) -> Response:
    return JSONResponse({"error": {"type": kind, "message": message}}, status)
