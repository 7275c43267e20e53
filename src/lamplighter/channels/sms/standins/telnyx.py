"""Telnyx as it publishes itself: messages and detail records of API v2, and events signed with Ed25519."""

import base64
import json
import re
import uuid
from dataclasses import dataclass, field
from typing import Any, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lamplighter.channels.sms.segments import is_plain, segments
from lamplighter.channels.sms.standins.network import Carried, Network, Post, faulty, post

MOST_PARTS = 10
KEY = re.compile(r"[A-Za-z0-9_:-]{0,255}")
RECORDED = {"delivered": "delivered", "delivery_failed": "failed"}
"""A detail record tells how a message ended, in words of its own; until then it tells nothing."""


@dataclass(slots=True)
class TelnyxStandIn:
    network: Network
    secret: str = field(repr=False)
    texts: str
    post: Post = post
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate, repr=False)
    answered: dict[str, tuple[bytes, Response]] = field(default_factory=dict, repr=False)

    @property
    def public_key(self) -> str:
        return base64.b64encode(self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()

    @property
    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/v2/messages", self._create, methods=["POST"]),
                Route("/v2/detail_records", self._list),
            ]
        )

    # -- what it is asked ------------------------------------------------------------------------------------------

    def _known(self, request: Request) -> bool:
        return request.headers.get("authorization") == f"Bearer {self.secret}"

    async def _create(self, request: Request) -> Response:
        if not self._known(request):
            return _error(401, "10009", "Authentication failed")
        body, key = await request.body(), request.headers.get("idempotency-key", "")
        if not KEY.fullmatch(key):
            return _error(400, "10015", "No such key")
        if key in self.answered:
            first, answer = self.answered[key]
            return answer if first == body else _error(422, "10015", "Another request had this key")
        said = json.loads(body)
        wrong = self._wrong(said)
        if wrong is not None:
            return wrong

        def take() -> Response:
            taken = self.network.take(
                to=said["to"], sent_from=said["from"], text=said["text"], receipts=said.get("webhook_url", "")
            )
            taken.id = str(uuid.UUID(taken.id))
            return JSONResponse({"data": self._payload(taken)})

        def take_once() -> Response:
            answer = take()
            if key:
                self.answered[key] = body, answer
            return answer

        failed = _error(500, "10007", "Unexpected error")
        busy = _error(429, "10011", "Too many requests")
        answer = await faulty(self.network, request, take_once, failed, busy)
        if answer is failed:
            self._forget_unless_silent(key)
        return answer

    def _forget_unless_silent(self, key: str) -> None:
        """Only an answer that was a success is given again."""
        if self.network.last != "silent_after":
            self.answered.pop(key, None)

    def _wrong(self, said: dict[str, Any]) -> Response | None:
        if said.get("from") not in self.network.numbers:
            return _error(400, "40305", "Invalid 'from' address")
        if said.get("to") in self.network.landlines:
            return _error(400, "40310", "Invalid 'to' address")
        if said.get("to") in self.network.stopped:
            return _error(409, "40300", "Blocked due to STOP message")
        if not said.get("text") or segments(said["text"]) > MOST_PARTS:
            return _error(400, "40302", "Message too large")
        return None

    async def _list(self, request: Request) -> Response:
        if not self._known(request):
            return _error(401, "10009", "Authentication failed")
        query = request.query_params
        if query.get("filter[record_type]") != "messaging":
            return _error(400, "10015", "Bad Request")
        found = self.network.between(query.get("filter[cli]"), query.get("filter[cld]"))
        size = int(query.get("page[size]", 20))
        return JSONResponse(
            {
                "data": [_record(each) for each in found[:size]],
                "meta": {"page_number": 1, "page_size": size, "total_pages": 1, "total_results": len(found)},
            }
        )

    def _payload(self, carried: Carried) -> dict[str, Any]:
        return {
            "record_type": "message",
            "direction": "outbound",
            "id": carried.id,
            "type": "SMS",
            "from": {"phone_number": carried.sent_from, "carrier": "Telnyx", "line_type": "VoIP"},
            "to": [
                {"phone_number": carried.to, "status": carried.status, "carrier": "", "line_type": "Wireless"}
            ],
            "text": carried.text,
            "media": [],
            "webhook_url": carried.receipts,
            "encoding": "GSM-7" if is_plain(carried.text) else "UCS-2",
            "parts": segments(carried.text),
            "received_at": carried.at.isoformat(),
            "errors": [{"code": "40001", "title": "Not routable"}] if "failed" in carried.status else [],
        }

    # -- what it brings --------------------------------------------------------------------------------------------

    def writes(
        self, sender: str, dialled: str, text: str, *, named: str | None = None, pictures: int = 0
    ) -> int:
        word = self.network.acts_on(sender, text)
        return self._bring(
            self.texts,
            "message.received",
            {
                "autoresponse_type": word.upper() if word else None,
                "record_type": "message",
                "direction": "inbound",
                "id": named or str(uuid.uuid4()),
                "type": "MMS" if pictures else "SMS",
                "from": {"phone_number": sender, "carrier": "", "line_type": "Wireless"},
                "to": [{"phone_number": dialled, "status": "webhook_delivered", "carrier": "Telnyx"}],
                "cc": [],
                "text": text,
                "encoding": "GSM-7" if is_plain(text) else "UCS-2",
                "errors": [],
                "media": [{"url": "https://media.example/1.jpg", "content_type": "image/jpeg"}] * pictures,
                "parts": segments(text),
            },
        )

    def tells(self, carried: Carried, how: Literal["sent", "delivered", "failed"]) -> int:
        carried.status = "delivery_failed" if how == "failed" else how
        kind = "message.sent" if how == "sent" else "message.finalized"
        return self._bring(carried.receipts, kind, self._payload(carried))

    def _bring(self, url: str, kind: str, payload: dict[str, Any]) -> int:
        now = self.network.clock.now()
        event = {
            "record_type": "event",
            "id": str(uuid.uuid4()),
            "event_type": kind,
            "occurred_at": now.isoformat(),
            "payload": payload,
        }
        body = json.dumps({"data": event, "meta": {"attempt": 1, "delivered_to": url}}).encode()
        return self.post(url, self.signed(body, int(now.timestamp())), body)

    def signed(self, body: bytes, stamp: int) -> dict[str, str]:
        signature = self.key.sign(f"{stamp}|".encode() + body)
        return {
            "content-type": "application/json",
            "telnyx-timestamp": str(stamp),
            "telnyx-signature-ed25519": base64.b64encode(signature).decode(),
        }


def _record(carried: Carried) -> dict[str, Any]:
    return {
        "record_type": "message_detail_record",
        "uuid": carried.id,
        "cld": carried.to,
        "cli": carried.sent_from,
        "direction": "outbound",
        "created_at": carried.at.isoformat(),
        "status": RECORDED.get(carried.status),
        "message_type": "SMS",
        "parts": segments(carried.text),
        "delivery_status_webhook_url": carried.receipts,
    }


def _error(status: int, code: str, title: str) -> JSONResponse:
    return JSONResponse({"errors": [{"code": code, "title": title, "detail": title}]}, status)
