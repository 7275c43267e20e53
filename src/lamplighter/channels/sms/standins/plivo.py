"""Plivo as it publishes itself: messages of API v1, and webhooks signed over address and nonce (V2, which it documents
for texts), and over the fields as well (V3)."""

import base64
import hashlib
import hmac
import json
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lamplighter.channels.sms.segments import segments
from lamplighter.channels.sms.standins.network import Carried, Network, Post, faulty, post, signed_in

MOST_UNITS = 10
TIME = "%Y-%m-%d %H:%M:%S"
LISTED_FOR = timedelta(hours=24)
"""Unless it is asked for more."""


@dataclass(slots=True)
class PlivoStandIn:
    network: Network
    user: str
    secret: str = field(repr=False)
    texts: str
    post: Post = post
    newest: bool = True
    """Whether it signs by V3 as well."""

    signers: tuple[str, ...] = ("", "ma-")
    """The account, and its main account, which is the same one here."""

    @property
    def app(self) -> Starlette:
        messages = f"/v1/Account/{self.user}/Message/"
        return Starlette(
            routes=[Route(messages, self._create, methods=["POST"]), Route(messages, self._list)]
        )

    # -- what it is asked ------------------------------------------------------------------------------------------

    async def _create(self, request: Request) -> Response:
        if not signed_in(request, self.user, self.secret):
            return _error(401, "could not authenticate")
        said = json.loads(await request.body())
        sent_from, to = _plus(said.get("src", "")), _plus(said.get("dst", ""))
        if sent_from not in self.network.numbers:
            return _error(400, "src is not a number of this account")
        if to in self.network.landlines:
            return _error(400, "dst is not a valid mobile number")
        if not said.get("text") or segments(said["text"]) > MOST_UNITS:
            return _error(400, "text is missing or too long")

        def take() -> Response:
            taken = self.network.take(
                to=to, sent_from=sent_from, text=said["text"], receipts=said.get("url", "")
            )
            taken.id = str(uuid.UUID(taken.id))
            return JSONResponse(
                {"message": "message(s) queued", "message_uuid": [taken.id], "api_id": str(uuid.uuid4())}, 202
            )

        failed, busy = _error(500, "internal error"), _error(429, "too many requests")
        return await faulty(self.network, request, take, failed, busy)

    async def _list(self, request: Request) -> Response:
        if not signed_in(request, self.user, self.secret):
            return _error(401, "could not authenticate")
        query = request.query_params
        since = self.network.clock.now() - LISTED_FOR
        if "message_time__gte" in query:
            since = datetime.strptime(query["message_time__gte"], TIME).replace(tzinfo=UTC)
        asked = [(name, query[name]) for name in ("from_number", "to_number") if name in query]
        found = [
            each
            for each in self.network.between(None, None)
            if each.at >= since and all(_record(each)[name] == value for name, value in asked)
        ]
        size = int(query.get("limit", 20))
        meta = {"limit": size, "offset": 0, "next": None, "previous": None, "total_count": len(found)}
        objects = [_record(each) for each in found[:size]]
        return JSONResponse({"api_id": str(uuid.uuid4()), "meta": meta, "objects": objects})

    # -- what it brings --------------------------------------------------------------------------------------------

    def writes(
        self, sender: str, dialled: str, text: str, *, named: str | None = None, pictures: int = 0
    ) -> int:
        return self._bring(
            self.texts,
            {
                "MessageUUID": named or str(uuid.uuid4()),
                "From": sender.removeprefix("+"),
                "To": dialled.removeprefix("+"),
                "Type": "mms" if pictures else "sms",
                "Body" if pictures else "Text": text,
                "Units": str(segments(text)),
                "PowerpackUUID": "",
                **(_media(pictures) if pictures else {"MessageIntent": self._intent(sender, text)}),
            },
        )

    def tells(self, carried: Carried, how: Literal["sent", "delivered", "failed"]) -> int:
        stopped = how == "failed" and carried.to in self.network.stopped
        carried.status = "failed" if stopped else "undelivered" if how == "failed" else how
        why = {"ErrorCode": "200" if stopped else "50"} if how == "failed" else {}
        said = {
            "MessageUUID": carried.id,
            "ParentMessageUUID": carried.id,
            "From": carried.sent_from.removeprefix("+"),
            "To": carried.to.removeprefix("+"),
            "Type": "sms",
            "Status": carried.status,
            "PowerpackUUID": "",
            "Units": str(segments(carried.text)),
        }
        return self._bring(carried.receipts, said | why)

    def _intent(self, sender: str, text: str) -> str:
        word = self.network.acts_on(sender, text)
        return {"stop": "optout", "start": "optin", "help": "help", None: ""}[word]

    def signed(self, url: str, said: Mapping[str, str], nonce: str) -> dict[str, str]:
        fields = "".join(f"{name}{said[name]}" for name in sorted(said))
        signed = {"v2": self._hmac(f"{url}{nonce}")}
        if self.newest:
            signed["v3"] = self._hmac(f"{url}?{fields}.{nonce}")
        named = {
            f"x-plivo-signature-{who}{kind}": made for kind, made in signed.items() for who in self.signers
        }
        return named | {f"x-plivo-signature-{kind}-nonce": nonce for kind in signed}

    def _hmac(self, whole: str) -> str:
        made = hmac.new(self.secret.encode(), whole.encode(), hashlib.sha256)
        return base64.b64encode(made.digest()).decode()

    def _bring(self, url: str, said: Mapping[str, str]) -> int:
        kind = {"content-type": "application/x-www-form-urlencoded"}
        headers = kind | self.signed(url, said, str(secrets.randbelow(10**20)))
        return self.post(url, headers, urlencode(said).encode())


def _media(pictures: int) -> dict[str, str]:
    each = {f"Media{which}": f"https://media.example/{which}" for which in range(1, pictures + 1)}
    return {"MediaCount": str(pictures)} | each


def _plus(number: str) -> str:
    return f"+{number.removeprefix('+')}"


def _record(carried: Carried) -> dict[str, Any]:
    return {
        "message_uuid": carried.id,
        "message_time": f"{carried.at.astimezone(UTC).strftime(TIME)}+00:00",
        "message_direction": "outbound",
        "message_state": carried.status,
        "message_type": "sms",
        "from_number": carried.sent_from.removeprefix("+"),
        "to_number": carried.to.removeprefix("+"),
        "units": segments(carried.text),
        "error_code": None,
    }


def _error(status: int, error: str) -> JSONResponse:
    return JSONResponse({"api_id": str(uuid.uuid4()), "error": error}, status)
