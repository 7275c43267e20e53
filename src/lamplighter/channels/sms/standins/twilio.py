"""Twilio as it publishes itself: Messages of API 2010-04-01, and webhooks signed over address and fields."""

import base64
import hashlib
import hmac
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import format_datetime
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lamplighter.channels.sms.segments import segments
from lamplighter.channels.sms.standins.network import Carried, Network, Post, faulty, post, signed_in

API = "2010-04-01"
LONGEST = 1600


@dataclass(slots=True)
class TwilioStandIn:
    network: Network
    user: str
    secret: str = field(repr=False)
    texts: str
    post: Post = post

    @property
    def app(self) -> Starlette:
        messages = f"/{API}/Accounts/{{account}}/Messages.json"
        return Starlette(
            routes=[Route(messages, self._create, methods=["POST"]), Route(messages, self._list)]
        )

    # -- what it is asked ------------------------------------------------------------------------------------------

    async def _create(self, request: Request) -> Response:
        if not signed_in(request, self.user, self.secret):
            return _error(401, 20003, "Authenticate")
        said = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        wrong = self._wrong(said)
        if wrong is not None:
            return wrong

        def take() -> Response:
            taken = self.network.take(
                to=said["To"],
                sent_from=said["From"],
                text=said["Body"],
                receipts=said.get("StatusCallback", ""),
            )
            taken.id = f"SM{taken.id}"
            service = said.get("MessagingServiceSid")
            by_service = {"status": "accepted", "num_segments": "0", "messaging_service_sid": service}
            return JSONResponse(self._resource(taken) | (by_service if service else {}), 201)

        failed = _error(500, 20500, "Internal Server Error")
        return await faulty(self.network, request, take, failed, _error(429, 20429, "Too Many Requests"))

    def _wrong(self, said: Mapping[str, str]) -> Response | None:
        if said.get("From") not in self.network.numbers:
            return _error(400, 21606, "The From number is not yours")
        if said.get("To", "") in self.network.landlines:
            return _error(400, 21614, "To is not a mobile number")
        if said.get("To", "") in self.network.stopped:
            return _error(400, 21610, "Attempt to send to unsubscribed recipient")
        if not said.get("Body"):
            return _error(400, 21602, "Message body is required")
        if len(said["Body"]) > LONGEST:
            return _error(400, 21617, "The message body is too long")
        return None

    async def _list(self, request: Request) -> Response:
        if not signed_in(request, self.user, self.secret):
            return _error(401, 20003, "Authenticate")
        query = request.query_params
        found = self.network.between(query.get("From"), query.get("To"))
        size = int(query.get("PageSize", 50))
        return JSONResponse(
            {
                "messages": [self._resource(each) for each in found[:size]],
                "page": 0,
                "page_size": size,
                "next_page_uri": None,
                "uri": request.url.path,
            }
        )

    def _resource(self, carried: Carried) -> dict[str, Any]:
        at = format_datetime(carried.at)
        return {
            "sid": carried.id,
            "account_sid": self.user,
            "api_version": API,
            "to": carried.to,
            "from": carried.sent_from,
            "body": carried.text,
            "status": carried.status,
            "direction": "outbound-api",
            "date_created": at,
            "date_updated": at,
            "date_sent": None if carried.status == "queued" else at,
            "num_segments": str(segments(carried.text)),
            "num_media": "0",
            "error_code": None,
            "error_message": None,
            "messaging_service_sid": None,
            "price": None,
            "price_unit": "USD",
            "uri": f"/{API}/Accounts/{self.user}/Messages/{carried.id}.json",
            "subresource_uris": {},
        }

    # -- what it brings --------------------------------------------------------------------------------------------

    def writes(
        self, sender: str, dialled: str, text: str, *, named: str | None = None, pictures: int = 0
    ) -> int:
        name = named or f"{'MM' if pictures else 'SM'}{uuid.uuid4().hex}"
        media = {f"MediaContentType{which}": "image/jpeg" for which in range(pictures)} | {
            f"MediaUrl{which}": f"https://media.example/{which}" for which in range(pictures)
        }
        word = self.network.acts_on(sender, text)
        acted = {"OptOutType": word.upper()} if word else {}
        return self._bring(
            self.texts,
            media
            | acted
            | {
                "MessageSid": name,
                "SmsSid": name,
                "SmsMessageSid": name,
                "FromCity": "",
                "AccountSid": self.user,
                "From": sender,
                "To": dialled,
                "Body": text,
                "NumMedia": str(pictures),
                "NumSegments": str(segments(text)),
                "SmsStatus": "received",
                "ApiVersion": API,
            },
        )

    def tells(self, carried: Carried, how: Literal["sent", "delivered", "failed"]) -> int:
        carried.status = "undelivered" if how == "failed" else how
        said = {
            "MessageSid": carried.id,
            "SmsSid": carried.id,
            "AccountSid": self.user,
            "From": carried.sent_from,
            "To": carried.to,
            "MessageStatus": carried.status,
            "SmsStatus": carried.status,
            "ApiVersion": API,
        }
        return self._bring(carried.receipts, said | ({"ErrorCode": "30003"} if how == "failed" else {}))

    def signed(self, url: str, said: Mapping[str, str]) -> str:
        whole = url + "".join(f"{name}{said[name]}" for name in sorted(said))
        return base64.b64encode(
            hmac.new(self.secret.encode(), whole.encode(), hashlib.sha1).digest()
        ).decode()

    def _bring(self, url: str, said: Mapping[str, str]) -> int:
        headers = {
            "content-type": "application/x-www-form-urlencoded; charset=utf-8",
            "x-twilio-signature": self.signed(url, said),
        }
        return self.post(url, headers, urlencode(said).encode())


def _error(status: int, code: int, message: str) -> JSONResponse:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return JSONResponse({"code": code, "message": message, "more_info": more, "status": status}, status)
