"""Stripe, by its own library: a Payment Link that can be paid once, and the check of what its webhooks are signed with.

The link is made under our id as its idempotency key, so that asking again gives the same one; whether it was paid is
asked of the Checkout Sessions that it led to. The library is loaded by the first use.
"""

import json
from decimal import Decimal
from typing import Any, Final

from lamplighter.desk.ports.payments import PaymentRefused, PayPage, PayStatus, PayWanted
from lamplighter.practice.model import Money

NAMED: Final = "Balance"
"""All that the page and the receipt say of what is paid."""

DONE: Final = "checkout.session.completed"
TOLERANCE: Final = 300  # seconds that a signature is good for
LONGEST_SUFFIX: Final = 22


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
                    "metadata": {"lamplighter": wanted.id},
                    "payment_intent_data": {
                        "description": NAMED,
                        "statement_descriptor_suffix": wanted.descriptor[:LONGEST_SUFFIX],
                        "metadata": {"lamplighter": wanted.id},
                    },
                },
                {"idempotency_key": wanted.id},
            )
        )
        return PayPage(str(made.id), str(made.url))

    def status(self, page_id: str) -> PayStatus:
        sessions = self._done(
            lambda: self._client.v1.checkout.sessions.list({"payment_link": page_id, "limit": 100})
        )
        if any(each.payment_status == "paid" for each in sessions.data):
            return "paid"
        link = self._done(lambda: self._client.v1.payment_links.retrieve(page_id))
        return "open" if link.active else "over"

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
    cents = amount.amount * 100
    if cents != cents.to_integral_value() or cents <= 0:
        raise PaymentRefused("no amount that can be paid")
    return {
        "currency": amount.currency.lower(),
        "unit_amount": int(Decimal(cents)),
        "product_data": {"name": NAMED},
    }


def paid_page(body: bytes, signature: str, secret: str) -> tuple[str, str] | None:
    """The event's id and ours of the page that it is about; None where that is none of ours. Raises NotSigned."""
    from stripe import SignatureVerificationError, WebhookSignature

    try:
        WebhookSignature.verify_header(body.decode(), signature, secret, TOLERANCE)
        event = json.loads(body)
        ours = (event["data"]["object"].get("metadata") or {}).get("lamplighter")
        return (str(event["id"]), str(ours)) if event["type"] == DONE and ours else None
    except (SignatureVerificationError, UnicodeDecodeError) as error:
        raise NotSigned(type(error).__name__) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
