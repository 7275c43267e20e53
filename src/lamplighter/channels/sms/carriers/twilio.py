"""Twilio: texts by its REST library, and the check of X-Twilio-Signature over the address that it was given.

Its API takes no key that would keep a message from being made twice, so an unknown outcome is found out by listing what
went from our number to theirs. A receipt carries our own id in its address.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from lamplighter.channels.sms.carriers.account import SKEW, TIMEOUT, Account, OnAccount, Pool
from lamplighter.channels.sms.carriers.hooks import (
    FORM,
    Came,
    Forged,
    Keyword,
    ReceiptIn,
    TextIn,
    e164,
    form,
    keyword,
    named,
    words,
)
from lamplighter.channels.sms.carriers.outcomes import by_requests, by_status
from lamplighter.desk.ports import CarrierStatus, MessageUnknown, OutcomeUnknown, Outgoing, Taken

OPTED_OUT = "21610"
LISTED = 50
SETTLES = timedelta(minutes=1)
"""It lists a message as soon as it has made it."""

KEYWORDS: Mapping[str, Keyword] = {"STOP": "stop", "START": "start"}
"""As `OptOutType` says it, which comes where Advanced Opt-Out is set up, and then Twilio answers by itself."""

STATUSES: Mapping[str, CarrierStatus] = {
    "sent": "sent", "delivered": "delivered", "read": "delivered", "failed": "failed", "undelivered": "failed",
    "canceled": "failed",
}  # fmt: skip


class TwilioCarrier(OnAccount):
    """Carrier of one practice."""

    settles = SETTLES

    def __init__(self, account: Account, pool: Pool, timeout: float = TIMEOUT) -> None:
        from twilio.http.http_client import TwilioHttpClient  # type: ignore[import-untyped]
        from twilio.rest import Client  # type: ignore[import-untyped]

        super().__init__(account, pool)
        self._client = Client(account.user, account.secret, http_client=TwilioHttpClient(timeout=timeout))
        if account.api is not None:
            self._client.api.base_url = account.api

    def send(self, message: Outgoing) -> Taken:
        service = {"messaging_service_sid": self._pool.service} if self._pool.service else {}
        made = self._done(
            lambda: self._client.messages.create(
                to=message.to,
                from_=message.sent_from,
                body=message.text,
                status_callback=self._account.receipts(message.practice, message.id),
                **service,
            )
        )
        return Taken(str(made.sid))

    def ask(self, message: Outgoing, others: Callable[[str], bool]) -> Taken | None:
        listed = self._done(
            lambda: self._client.messages.list(to=message.to, from_=message.sent_from, limit=LISTED)
        )
        perhaps = [
            each
            for each in listed
            if each.date_created >= message.at - SKEW and not others(each.sid) and each.direction != "inbound"
        ]
        for each in perhaps:
            if each.body == message.text:
                return Taken(str(each.sid), STATUSES.get(each.status, "sent"))
        if perhaps:
            raise MessageUnknown("another text went to them at the time, and whose it is can't be told")
        return None

    def _done(self, call: Callable[[], Any]) -> Any:
        from requests.exceptions import RequestException
        from twilio.base.exceptions import TwilioException, TwilioRestException  # type: ignore[import-untyped]

        try:
            return call()
        except TwilioRestException as error:
            raise by_status(error.status, opted_out=str(error.code) == OPTED_OUT) from None
        except RequestException as error:
            raise by_requests(error) from None
        except (TwilioException, ValueError, KeyError):
            raise OutcomeUnknown("the carrier's answer can't be read") from None


class TwilioHooks:
    content_type = FORM

    def __init__(self, account: Account) -> None:
        from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

        self._account = account
        self._validator = RequestValidator(account.secret)

    def verified(self, came: Came) -> Mapping[str, Any]:
        said = form(came.body)
        if not self._validator.validate(came.url, said, came.headers.get("x-twilio-signature", "")):
            raise Forged("not signed by Twilio")
        if said.get("AccountSid") != self._account.user:
            raise Forged("signed for another account")
        return said

    def text(self, said: Mapping[str, Any]) -> TextIn | None:
        pictures = int(said.get("NumMedia") or 0)
        body = words(said.get("Body"), pictures)
        acted = keyword(said.get("OptOutType"), KEYWORDS)
        return TextIn(
            named(said.get("MessageSid")), e164(said.get("From")), e164(said.get("To")), body, acted
        )

    def receipt(self, said: Mapping[str, Any]) -> ReceiptIn:
        status = STATUSES.get(said.get("MessageStatus", ""))
        return ReceiptIn(named(said.get("MessageSid")), status, said.get("ErrorCode") == OPTED_OUT)

    def thanks(self) -> tuple[bytes, str]:
        return b"<Response/>", "text/xml"
