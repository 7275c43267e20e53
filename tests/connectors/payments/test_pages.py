"""The contract of Payments, over the one in memory and over Stripe's own library against its stand-in on loopback."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
import uvicorn

from lamplighter.connectors.payments.memory import MemoryPayments
from lamplighter.connectors.payments.standin import StripeStandIn
from lamplighter.connectors.payments.stripe_pages import NotSigned, StripePayments, paid_page
from lamplighter.desk.ports.payments import PaymentRefused, PayWanted, RefundWanted
from lamplighter.practice.model import Money
from tests.serving import PromptServer

WANTED = PayWanted("page-1", Money(Decimal("132.45")), "HLC Office")
KEY = "rk_test_not_a_real_key"


@contextmanager
def served(app: Any) -> Iterator[str]:
    bound = socket.create_server(("127.0.0.1", 0))
    server = PromptServer(uvicorn.Config(app, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([bound])), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(5)


@pytest.fixture(scope="module")
def stripe() -> Iterator[tuple[StripePayments, StripeStandIn]]:
    standin = StripeStandIn(KEY)
    with served(standin.app) as api:
        yield StripePayments(KEY, api), standin


@pytest.fixture(params=["memory", "stripe"])
def either(request: pytest.FixtureRequest, stripe: Any) -> Any:
    if request.param == "stripe":
        return stripe
    memory = MemoryPayments()
    return memory, memory


def test_once_a_page_asked_for_twice_is_one_page_and_is_known_to_be_paid_when_it_is(either: Any) -> None:
    payments, behind = either
    page = payments.page(WANTED)
    assert page == payments.page(WANTED)
    assert page != payments.page(PayWanted("page-2", WANTED.amount, WANTED.descriptor))
    assert page.url.startswith("https://") and len(page.url) < 60
    assert payments.status(page.id) == "open"
    behind.paid.add(page.id)
    assert payments.status(page.id) == "paid"


def test_what_is_paid_by_a_slower_way_is_pending_and_a_page_that_is_closed_is_over(either: Any) -> None:
    payments, behind = either
    page, other = (
        payments.page(PayWanted(name, WANTED.amount, WANTED.descriptor)).id for name in ("slow", "shut")
    )
    behind.pending.add(page)
    payments.close(other)
    assert (payments.status(page), payments.status(other)) == ("pending", "over")
    behind.paid.add(page)
    assert payments.status(page) == "paid"


def test_prv_03_nothing_but_the_amount_neutral_words_and_an_id_of_ours_goes_to_the_company(
    stripe: Any,
) -> None:
    payments, standin = stripe
    payments.page(PayWanted("page-3", WANTED.amount, WANTED.descriptor))
    assert standin.asked[-1] == {
        "line_items[0][price_data][currency]": "usd",
        "line_items[0][price_data][unit_amount]": "13245",
        "line_items[0][price_data][product_data][name]": "Balance",
        "line_items[0][quantity]": "1",
        "restrictions[completed_sessions][limit]": "1",
        "metadata[lamplighter]": "page-3",
        "payment_intent_data[description]": "Balance",
        "payment_intent_data[statement_descriptor_suffix]": "HLC Office",
        "payment_intent_data[metadata][lamplighter]": "page-3",
    }


@pytest.mark.parametrize("fault", ["busy", "lost"])
def test_once_an_answer_that_never_came_may_be_asked_for_again_and_makes_no_second_page(
    stripe: Any, fault: Any
) -> None:
    payments, standin = stripe
    before, wanted = len(standin.links), PayWanted(f"page-{fault}", WANTED.amount, WANTED.descriptor)
    standin.faults.append(fault)
    with pytest.raises(ConnectionError):
        payments.page(wanted)
    payments.page(wanted)
    assert len(standin.links) == before + 1


def test_a_fault_of_theirs_that_is_said_again_under_the_same_key_may_be_tried_and_makes_none(
    stripe: Any,
) -> None:
    payments, standin = stripe
    before, wanted = len(standin.links), PayWanted("page-broken", WANTED.amount, WANTED.descriptor)
    standin.faults.append("broken")
    for _ in range(2):
        with pytest.raises(ConnectionError):
            payments.page(wanted)
    assert len(standin.links) == before


@pytest.mark.parametrize(
    ("descriptor", "suffix"),
    [
        ("Harbor Lane Counseling", "Harbor Lan"),
        ("O'Neil *Office*", "ONeil Offi"),
        ("4711", None),
        ("Ñandú", "and"),
    ],
)
def test_what_stands_on_a_card_statement_is_what_one_can_have_beside_the_accounts_own_name(
    stripe: Any, descriptor: str, suffix: str | None
) -> None:
    payments, standin = stripe
    payments.page(PayWanted(f"page-{descriptor}", WANTED.amount, descriptor))
    assert standin.asked[-1].get("payment_intent_data[statement_descriptor_suffix]") == suffix


# -- money that goes back ----------------------------------------------------------------------------------------------


def paid_page_of(either: Any, name: str) -> str:
    payments, behind = either
    page = payments.page(PayWanted(name, WANTED.amount, WANTED.descriptor))
    behind.paid.add(page.id)
    return str(page.id)


def test_once_money_goes_back_once_by_an_id_and_never_more_than_was_paid(either: Any) -> None:
    payments, behind = either
    page = paid_page_of(either, "back-1")
    part = RefundWanted("r1", page, Money(Decimal("100.00")))
    assert payments.refund(part) == payments.refund(part) == "done"
    for more in ("32.46", "200", "0"):
        with pytest.raises(PaymentRefused):
            payments.refund(RefundWanted(f"r-{more}", page, Money(Decimal(more))))
    assert payments.refund(RefundWanted("r2", page, Money(Decimal("32.45")))) == "done"
    assert len(behind.refunds) == 2
    with pytest.raises(PaymentRefused):
        payments.refund(
            RefundWanted("r3", payments.page(PayWanted("back-2", WANTED.amount, "")).id, WANTED.amount)
        )


def test_once_an_answer_that_never_came_and_a_key_that_is_forgotten_give_nothing_back_twice(
    stripe: Any,
) -> None:
    payments, standin = stripe
    before, wanted = (
        len(standin.refunds),
        RefundWanted("r4", paid_page_of(stripe, "back-3"), Money(Decimal("10"))),
    )
    standin.faults.append("lost")
    with pytest.raises(ConnectionError):
        payments.refund(wanted)
    standin.forget_keys()
    assert payments.refund(wanted) == "done"
    assert len(standin.refunds) == before + 1


def test_one_that_has_not_ended_is_pending_and_tells_the_company_nothing_but_amount_id_and_a_class(
    stripe: Any,
) -> None:
    payments, standin = stripe
    wanted = RefundWanted("r5", paid_page_of(stripe, "back-4"), Money(Decimal("10")), twice=True)
    standin.faults.append("slow")
    assert payments.refund(wanted) == "pending"
    assert standin.asked[-1] == {
        "payment_intent": f"pi_{wanted.page}",
        "amount": "1000",
        "reason": "duplicate",
        "metadata[lamplighter]": "r5",
    }
    standin.refunds[-1]["status"] = "failed"
    assert payments.refund(wanted) == "failed"


def test_what_the_company_refuses_or_cannot_be_paid_is_refused_and_a_wrong_key_too(stripe: Any) -> None:
    payments, standin = stripe
    standin.faults.append("declined")
    for wanted in (
        PayWanted("page-4", WANTED.amount, ""),
        PayWanted("page-5", Money(Decimal("0.005")), ""),
        PayWanted("page-6", Money(Decimal(0)), ""),
    ):
        with pytest.raises(PaymentRefused):
            payments.page(wanted)
    with pytest.raises(PaymentRefused):
        StripePayments("another", payments._api).page(WANTED)


def test_a_company_that_cannot_be_reached_may_be_tried_again() -> None:
    with pytest.raises(ConnectionError):
        StripePayments(KEY, "http://127.0.0.1:9").page(WANTED)


def test_a_webhook_is_believed_only_with_its_signature_and_only_for_a_while(stripe: Any) -> None:
    import time

    payments, standin = stripe
    page = payments.page(WANTED)
    now = int(time.time())
    body, signature = standin.tells(page.id, now)
    assert paid_page(body, signature, standin.secret) == (f"evt_{page.id}", WANTED.id)
    late = standin.tells(page.id, now, "checkout.session.async_payment_succeeded")
    assert paid_page(*late, standin.secret) == (f"evt_{page.id}", WANTED.id)
    assert paid_page(*standin.tells(page.id, now, "checkout.session.expired"), standin.secret) is None
    old = standin.tells(page.id, now - 3600)
    for said, signed, secret in (
        (body, signature, "whsec_other"),
        (body.replace(b"paid", b"PAID"), signature, standin.secret),
        (body, "", standin.secret),
        (*old, standin.secret),
    ):
        with pytest.raises(NotSigned):
            paid_page(said, signed, secret)
