"""Stripe, by its own library: a Payment Link that can be paid once, what goes back of it, and the check of what its
webhooks are signed with.

The link is made under our id as its idempotency key, so that asking again gives the same one; whether it was paid is
asked of the Checkout Sessions that it led to. The library is loaded by the first use.
"""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from lamplighter.desk.ports.payments import (
    PaymentRefused,
    PayPage,
    PayStatus,
    PayWanted,
    RefundState,
    RefundWanted,
)
from lamplighter.practice.model import Money

NAMED: Final = "Balance"
"""All that the page and the receipt say of what is paid."""

OURS: Final = "lamplighter"
"""Under what our id stands in their metadata."""

DONE: Final = ("checkout.session.completed", "checkout.session.async_payment_succeeded")
"""Somebody has paid, or what they paid by a slower way (a bank's debit) has come in."""

TOLERANCE: Final = 300  # seconds that a signature is good for
LONGEST_SUFFIX: Final = 10
"""A card statement has 22 letters: as many as ten for the account's own name, and two between."""

NOT_ON_STATEMENTS: Final = re.compile(r"[^ -~]|[<>\\'\"*]")
REFUND_STATES: Final[Mapping[str, RefundState]] = {
    "succeeded": "done",
    "failed": "failed",
    "canceled": "failed",
}
"""Any other is one that has not ended yet."""


class NotSigned(Exception):
    """What came is not from the company, or too old."""


class StripePayments:
    """Payments of one practice. `api` is the address of a stand-in on this machine."""

    def __init__(self, key: str, api: str | None = None) -> None:
        self._key, self._api = key, api
        self._made: Any = None

    def __repr__(self) -> str:
        return "<StripePayments>"

    @property
    def _client(self) -> Any:
        if self._made is None:
            from stripe import RequestsClient, StripeClient

            where: Any = {"base_addresses": {"api": self._api}} if self._api else {}
            self._made = StripeClient(
                self._key, max_network_retries=0, http_client=RequestsClient(timeout=20), **where
            )
        return self._made

    def page(self, wanted: PayWanted) -> PayPage:
        made = self._done(
            lambda: self._client.v1.payment_links.create(
                {
                    "line_items": [{"price_data": _price(wanted.amount), "quantity": 1}],
                    "restrictions": {"completed_sessions": {"limit": 1}},
                    "metadata": {OURS: wanted.id},
                    "payment_intent_data": {
                        "description": NAMED,
                        **_on_statements(wanted.descriptor),
                        "metadata": {OURS: wanted.id},
                    },
                },
                {"idempotency_key": wanted.id},
            )
        )
        return PayPage(str(made.id), str(made.url))

    def status(self, page_id: str) -> PayStatus:
        sessions = self._sessions_of(page_id)
        if any(each.payment_status == "paid" for each in sessions):
            return "paid"
        if any(each.status == "complete" for each in sessions):
            return "pending"
        link = self._done(lambda: self._client.v1.payment_links.retrieve(page_id))
        return "open" if link.active else "over"

    def close(self, page_id: str) -> None:
        self._done(lambda: self._client.v1.payment_links.update(page_id, {"active": False}))

    def refund(self, wanted: RefundWanted) -> RefundState:
        """What was made under this id is looked for first: a key of theirs is forgotten after a day, and an answer
        that never came tells nothing."""
        payment = self._payment_of(wanted.page)
        if payment is None:
            raise PaymentRefused("nothing was paid")
        made = self._done(lambda: self._client.v1.refunds.list({"payment_intent": payment, "limit": 100}))
        ours = (each for each in made.data if getattr(each.metadata, OURS, None) == wanted.id)
        found = next(ours, None) or self._done(
            lambda: self._client.v1.refunds.create(
                {
                    "payment_intent": payment,
                    "amount": _cents(wanted.amount),
                    "reason": "duplicate" if wanted.twice else "requested_by_customer",
                    "metadata": {OURS: wanted.id},
                },
                {"idempotency_key": wanted.id},
            )
        )
        return REFUND_STATES.get(str(found.status), "pending")

    def _payment_of(self, page_id: str) -> str | None:
        """The payment that was made on this page."""
        sessions = self._sessions_of(page_id)
        paid = (each.payment_intent for each in sessions if each.payment_status == "paid")
        return next((str(each) for each in paid), None)

    def _sessions_of(self, page_id: str) -> Any:
        found = self._done(
            lambda: self._client.v1.checkout.sessions.list({"payment_link": page_id, "limit": 100})
        )
        return found.data

    def _done(self, call: Any) -> Any:
        """Faults by what has to happen next; nothing of what the company says reaches a log."""
        from stripe import APIConnectionError, RateLimitError, StripeError

        try:
            return call()
        except (APIConnectionError, RateLimitError) as error:
            raise ConnectionError(type(error).__name__) from None
        except StripeError as error:
            if error.http_status is None or error.http_status >= 500 or error.http_status == 409:
                raise ConnectionError(type(error).__name__) from None
            raise PaymentRefused(type(error).__name__) from None


def _price(amount: Money) -> dict[str, Any]:
    return {
        "currency": amount.currency.lower(),
        "unit_amount": _cents(amount),
        "product_data": {"name": NAMED},
    }


def _cents(amount: Money) -> int:
    cents = amount.amount * 100
    if cents != cents.to_integral_value() or cents <= 0:
        raise PaymentRefused("no amount that can be paid")
    return int(Decimal(cents))


def _on_statements(descriptor: str) -> dict[str, str]:
    """As a card statement can have it; nothing where no letter is left."""
    plain = NOT_ON_STATEMENTS.sub("", descriptor).strip()[:LONGEST_SUFFIX].strip()
    return {"statement_descriptor_suffix": plain} if any(map(str.isalpha, plain)) else {}


def paid_page(body: bytes, signature: str, secret: str) -> tuple[str, str] | None:
    """The event's id and ours of the page that it is about; None where that is none of ours. Raises NotSigned."""
    from stripe import SignatureVerificationError, WebhookSignature

    try:
        WebhookSignature.verify_header(body.decode(), signature, secret, TOLERANCE)
        event = json.loads(body)
        ours = (event["data"]["object"].get("metadata") or {}).get(OURS)
        return (str(event["id"]), str(ours)) if event["type"] in DONE and ours else None
    except (SignatureVerificationError, UnicodeDecodeError) as error:
        raise NotSigned(type(error).__name__) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
