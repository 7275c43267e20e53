"""Plivo: texts by its REST library, and the check of its signature (V3) over address, fields and nonce.

It takes no key that would keep a message from being made twice, and lists what went without the words. So a single
message of the time from our number to theirs, that is no other's, is taken for the one in question; of several nobody
can tell. A receipt carries our own id in its address.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, timedelta
from typing import Any

from lamplighter.channels.sms.carriers.account import SKEW, TIMEOUT, Account, OnAccount, Pool
from lamplighter.channels.sms.carriers.hooks import (
    FORM,
    Came,
    Forged,
    ReceiptIn,
    TextIn,
    e164,
    form,
    named,
    words,
)
from lamplighter.channels.sms.carriers.outcomes import BUSY, by_requests, by_status
from lamplighter.desk.ports import (
    CarrierStatus,
    MessageRefused,
    MessageUnknown,
    OutcomeUnknown,
    Outgoing,
    Taken,
)

OPTED_OUT = "200"
LISTED = 20
SETTLES = timedelta(minutes=30)
"""Its records are written after the answer; how soon, it does not promise, and nothing else says what it took."""

STATUSES: Mapping[str, CarrierStatus] = {
    "sent": "sent", "delivered": "delivered", "read": "delivered", "failed": "failed", "undelivered": "failed",
    "rejected": "failed",
}  # fmt: skip


class PlivoCarrier(OnAccount):
    """Carrier of one practice."""

    settles = SETTLES

    def __init__(self, account: Account, pool: Pool, timeout: float = TIMEOUT) -> None:
        super().__init__(account, pool)
        self._client = _client(account, timeout)

    def send(self, message: Outgoing) -> Taken:
        """The carrier keeps the numbers of what it took, and not the words."""
        made = self._done(
            lambda: self._client.messages.create(
                src=message.sent_from,
                dst=message.to,
                text=message.text,
                url=self._account.receipts(message.practice, message.id),
                method="POST",
                log="number_only",
            )
        )
        try:
            return Taken(str(made.message_uuid[0]))
        except (AttributeError, IndexError, TypeError):
            raise OutcomeUnknown("the carrier's answer can't be read") from None

    def ask(self, message: Outgoing, others: Callable[[str], bool]) -> Taken | None:
        since = (message.at.astimezone(UTC) - SKEW).strftime("%Y-%m-%d %H:%M:%S")
        listed = self._done(
            lambda: self._client.messages.list(
                from_number=message.sent_from,
                to_number=message.to,
                message_direction="outbound",
                message_time__gte=since,
                limit=LISTED,
            )
        )
        perhaps = [each for each in listed.objects if not others(each.message_uuid)]
        if len(perhaps) > 1:
            raise MessageUnknown("several texts went to them at the time, and whose they are can't be told")
        return next(
            (Taken(each.message_uuid, STATUSES.get(each.message_state, "sent")) for each in perhaps), None
        )

    def _done(self, call: Callable[[], Any]) -> Any:
        from plivo import exceptions as failed  # type: ignore[import-untyped]
        from requests.exceptions import RequestException

        try:
            return call()
        except (failed.AuthenticationError, failed.ResourceNotFoundError, failed.ForbiddenError):
            raise by_status(403) from None
        except (failed.ValidationError, failed.InvalidRequestError, failed.GeoPermissionError):
            raise MessageRefused("the carrier will not take this message") from None
        except RequestException as error:
            raise by_requests(error) from None
        except failed.PlivoRestError:
            raise OutcomeUnknown("the carrier's answer can't be read") from None


def _client(account: Account, timeout: float) -> Any:
    """The library's own, that looks at what kind of failure it was, and goes to a stand-in where one is named."""
    from plivo.rest.client import Client  # type: ignore[import-untyped]

    class Ours(Client):  # type: ignore[misc]
        @property
        def base_uri(self) -> str:
            return f"{account.api}/v1/Account" if account.api is not None else self._base

        @base_uri.setter
        def base_uri(self, theirs: str) -> None:
            self._base = theirs

        def process_response(self, method: str, response: Any, *types: Any) -> Any:
            if response.status_code == BUSY or response.status_code >= 500:
                raise by_status(response.status_code)
            return super().process_response(method, response, *types)

    return Ours(account.user, account.secret, timeout=timeout)


class PlivoHooks:
    content_type = FORM

    def __init__(self, account: Account) -> None:
        self._secret = account.secret

    def verified(self, came: Came) -> Mapping[str, Any]:
        from plivo.exceptions import ValidationError  # type: ignore[import-untyped]
        from plivo.utils.signature_v3 import validate_v3_signature  # type: ignore[import-untyped]

        said = form(came.body)
        nonce, signature = (came.headers.get(f"x-plivo-signature-v3{end}", "") for end in ("-nonce", ""))
        try:
            good = nonce and validate_v3_signature(
                "POST", came.url, nonce, self._secret, signature, dict(said)
            )
        except (ValidationError, ValueError):
            good = False
        if not good:
            raise Forged("not signed by Plivo")
        return said

    def text(self, said: Mapping[str, Any]) -> TextIn | None:
        pictures = int(said.get("MediaCount") or 0)
        body = words(said.get("Text"), pictures)
        return TextIn(named(said.get("MessageUUID")), e164(said.get("From")), e164(said.get("To")), body)

    def receipt(self, said: Mapping[str, Any]) -> ReceiptIn:
        status = STATUSES.get(said.get("Status", ""))
        return ReceiptIn(named(said.get("MessageUUID")), status, said.get("ErrorCode") == OPTED_OUT)

    def thanks(self) -> tuple[bytes, str]:
        return b"", "text/plain"
