"""Plivo: texts by its REST library, and the check of its signatures.

It documents V2 for texts, which covers the address and a nonce; V3, which it sends as well, covers the fields too.
Where V3 is there, it alone counts; under V2 a nonce is good for the one body that it first came with.

It takes no key that would keep a message from being made twice, and lists what went without the words. So a single
message of the time from our number to theirs, that is no other's, is taken for the one in question; of several nobody
can tell. A receipt carries our own id in its address.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import UTC, timedelta
from hashlib import sha256
from typing import Any

from lamplighter.channels.sms.carriers.account import SKEW, TIMEOUT, Account, OnAccount, Pool
from lamplighter.channels.sms.carriers.hooks import (
    FORM,
    Came,
    Forged,
    Keyword,
    Malformed,
    ReceiptIn,
    TextIn,
    e164,
    form,
    keyword,
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
NONCES = 10_000
SETTLES = timedelta(minutes=30)
"""Its records are written after the answer; how soon, it does not promise, and nothing else says what it took."""

KEYWORDS: Mapping[str, Keyword] = {"OPTOUT": "stop"}
"""As `MessageIntent` says it. It documents no answer of its own to START, nor that it unblocks for good."""

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
                from_number=message.sent_from.removeprefix("+"),
                to_number=message.to.removeprefix("+"),
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
        self._bodies: OrderedDict[str, bytes] = OrderedDict()

    def verified(self, came: Came) -> Mapping[str, Any]:
        said = form(came.body)
        newest = any(name in came.headers for name in _names("v3"))
        if not (self._signed_v3(came, said) if newest else self._signed_v2(came)):
            raise Forged("not signed by Plivo")
        if not self._first_body(came) and not newest:
            raise Forged("signed for another body")
        return said

    def _signed_v3(self, came: Came, said: Mapping[str, str]) -> bool:
        from plivo.exceptions import ValidationError  # type: ignore[import-untyped]
        from plivo.utils.signature_v3 import validate_v3_signature  # type: ignore[import-untyped]

        nonce, signatures = _signature(came, "v3")
        try:
            return bool(nonce) and validate_v3_signature(
                "POST", came.url, nonce, self._secret, signatures, dict(said)
            )
        except (ValidationError, ValueError):
            return False

    def _signed_v2(self, came: Came) -> bool:
        from plivo.utils import validate_signature  # type: ignore[import-untyped]

        nonce, signatures = _signature(came, "v2")
        return bool(nonce) and any(
            validate_signature(came.url, nonce, each, self._secret) for each in signatures.split(",")
        )

    def _first_body(self, came: Came) -> bool:
        """Whether the nonce of V2 came with this body before, or with none."""
        nonce, _ = _signature(came, "v2")
        body = sha256(came.url.encode() + b" " + came.body).digest()
        first = self._bodies.setdefault(nonce, body)
        if len(self._bodies) > NONCES:
            self._bodies.popitem(last=False)
        return first == body

    def text(self, said: Mapping[str, Any]) -> TextIn | None:
        """The words beside a picture have another name than those of a text; whatever has either is read."""
        pictures = int(said.get("MediaCount") or said.get("Type") == "mms")
        written = dict.fromkeys(said[name] for name in ("Text", "Body") if name in said)
        if not written and not pictures:
            raise Malformed("there are no words")
        body = words(" ".join(written).strip(), pictures)
        acted = keyword(said.get("MessageIntent"), KEYWORDS)
        return TextIn(
            named(said.get("MessageUUID")), e164(said.get("From")), e164(said.get("To")), body, acted
        )

    def receipt(self, said: Mapping[str, Any]) -> ReceiptIn:
        status = STATUSES.get(said.get("Status", ""))
        return ReceiptIn(named(said.get("MessageUUID")), status, said.get("ErrorCode") == OPTED_OUT)

    def thanks(self) -> tuple[bytes, str]:
        return b"<Response/>", "application/xml"


def _names(version: str) -> tuple[str, str]:
    """By the account's token, and by that of its main account: the same where it is the main one."""
    return f"x-plivo-signature-{version}", f"x-plivo-signature-ma-{version}"


def _signature(came: Came, version: str) -> tuple[str, str]:
    """Its nonce, and what was made with it, with commas between."""
    made = ",".join(came.headers.get(name, "") for name in _names(version)).replace(" ", "")
    return came.headers.get(f"x-plivo-signature-{version}-nonce", ""), made
