"""Telnyx: texts by its REST library, and the check of its Ed25519 signature over the time and the body.

Each send carries our id as its Idempotency-Key, so that one that is tried again within a day is answered with what the
first made. Whether an unknown one was taken at all is found out before, by its detail records: they name the address
for receipts, and with it our message.

The library's own check of signatures needs PyNaCl, which does not come with it, and looks at the wall clock; the same
is done here by `cryptography`, against the clock that everything else goes by.
"""

import json
from base64 import b64decode
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from lamplighter.channels.sms.carriers.account import TIMEOUT, Account, OnAccount, Pool
from lamplighter.channels.sms.carriers.hooks import (
    JSON,
    Came,
    Forged,
    Keyword,
    Malformed,
    ReceiptIn,
    TextIn,
    e164,
    keyword,
    named,
    words,
)
from lamplighter.channels.sms.carriers.outcomes import by_status, unreached
from lamplighter.desk.ports import CarrierStatus, OutcomeUnknown, Outgoing, Taken

OPTED_OUT = "40300"
IN_PROGRESS = 409
"""Also of whoever opted out: the code in the body tells which."""

TOLERATED = 300
"""Seconds by which the time of a signature may differ from ours, as the carrier publishes it."""

LISTED = 50
SETTLES = timedelta(minutes=3)
"""Its records are written after the answer; how soon, it does not promise."""

KEYWORDS: Mapping[str, Keyword] = {"STOP": "stop", "START": "start"}
"""As `autoresponse_type` says it."""

STATUSES: Mapping[str, CarrierStatus] = {
    "sent": "sent", "delivery_unconfirmed": "sent", "delivered": "delivered", "read": "delivered",
    "expired": "failed", "sending_failed": "failed", "delivery_failed": "failed",
}  # fmt: skip
"""Of a message, as its receipts tell."""

RECORDED: Mapping[str, CarrierStatus] = {
    "delivered": "delivered", "failed": "failed", "gw_reject": "failed", "gw_timeout": "failed",
}  # fmt: skip
"""Of a detail record, which has words of its own."""


class TelnyxCarrier(OnAccount):
    """Carrier of one practice."""

    settles = SETTLES

    def __init__(self, account: Account, pool: Pool, timeout: float = TIMEOUT) -> None:
        from telnyx import Telnyx

        base = f"{account.api}/v2" if account.api is not None else None
        super().__init__(account, pool)
        client = Telnyx(api_key=account.secret, base_url=base, max_retries=0, timeout=timeout)
        self._messages, self._sent = client.messages, client.detail_records

    def send(self, message: Outgoing) -> Taken:
        profile: dict[str, Any] = {"messaging_profile_id": self._pool.service} if self._pool.service else {}
        made = self._done(
            lambda: self._messages.send(
                to=message.to,
                from_=message.sent_from,
                text=message.text,
                type="SMS",
                webhook_url=self._account.receipts(message.practice, message.id),
                use_profile_webhooks=False,
                idempotency_key=message.id,
                **profile,
            )
        )
        if made.data is None or not made.data.id:
            raise OutcomeUnknown("the carrier's answer can't be read")
        return Taken(made.data.id)

    def ask(self, message: Outgoing, others: Callable[[str], bool]) -> Taken | None:
        wanted: Any = {"record_type": "messaging", "cld": message.to, "cli": message.sent_from}
        listed = self._done(
            lambda: self._sent.list(filter=wanted, page_size=LISTED, sort=["-created_at"]).data
        )
        ours = self._account.receipts(message.practice, message.id)
        for each in listed or ():
            if getattr(each, "delivery_status_webhook_url", None) == ours and not others(each.uuid):
                return Taken(each.uuid, RECORDED.get((each.status or "").lower(), "sent"))
        return None

    def _done(self, call: Callable[[], Any]) -> Any:
        import httpx
        import telnyx

        try:
            return call()
        except telnyx.APIStatusError as error:
            opted_out = OPTED_OUT in _codes(error.body)
            if error.status_code == IN_PROGRESS and not opted_out:
                raise OutcomeUnknown("the first try of this message is still under way") from None
            raise by_status(error.status_code, opted_out=opted_out) from None
        except telnyx.APIConnectionError as error:
            raise unreached(
                sent=not isinstance(error.__cause__, httpx.ConnectError | httpx.ConnectTimeout)
            ) from None
        except (telnyx.TelnyxError, ValueError):
            raise OutcomeUnknown("the carrier's answer can't be read") from None


def _codes(body: object) -> set[str]:
    errors = body.get("errors") if isinstance(body, dict) else None
    return {str(each.get("code")) for each in errors or () if isinstance(each, dict)}


class TelnyxHooks:
    content_type = JSON

    def __init__(self, account: Account) -> None:
        self._key = Ed25519PublicKey.from_public_bytes(b64decode(account.public_key))

    def verified(self, came: Came) -> Mapping[str, Any]:
        stamp, signature = (
            came.headers.get(f"telnyx-{name}", "") for name in ("timestamp", "signature-ed25519")
        )
        try:
            self._key.verify(b64decode(signature, validate=True), stamp.encode() + b"|" + came.body)
            old = abs(came.at.timestamp() - int(stamp)) > TOLERATED
        except (InvalidSignature, ValueError):
            raise Forged("not signed by Telnyx") from None
        if old:
            raise Forged("signed long ago")
        try:
            event = json.loads(came.body)["data"]
        except (ValueError, KeyError, TypeError):
            raise Malformed("this is no event") from None
        if not isinstance(event, dict) or not isinstance(event.get("payload"), dict):
            raise Malformed("this is no event")
        return event

    def text(self, said: Mapping[str, Any]) -> TextIn | None:
        if said.get("event_type") != "message.received":
            return None
        payload = said["payload"]
        body = words(payload.get("text") or "", len(payload.get("media") or ()))
        try:
            sender, dialled = payload["from"]["phone_number"], payload["to"][0]["phone_number"]
        except (KeyError, IndexError, TypeError):
            raise Malformed("a text from or to nobody") from None
        acted = keyword(payload.get("autoresponse_type"), KEYWORDS)
        return TextIn(named(payload.get("id")), e164(sender), e164(dialled), body, acted)

    def receipt(self, said: Mapping[str, Any]) -> ReceiptIn:
        payload = said["payload"]
        try:
            status = STATUSES.get(payload["to"][0]["status"])
        except (KeyError, IndexError, TypeError):
            raise Malformed("a receipt of nothing") from None
        return ReceiptIn(named(payload.get("id")), status, OPTED_OUT in _codes(payload))

    def thanks(self) -> tuple[bytes, str]:
        return b"", "text/plain"
