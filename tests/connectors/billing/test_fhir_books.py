"""Books on a FHIR server (Medplum's router): the same contract, and what R4 leaves open is told to nobody."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.connectors.billing.fhir_book import FhirBalances, Found, books_of
from lamplighter.connectors.billing.names import place
from lamplighter.desk.ports.balances import Account, BooksStand, Holder, NotTold
from lamplighter.practice.model import Money, Party
from lamplighter.practice.sample import load_sample
from lamplighter.settings import Settings
from lamplighter.wiring.billing import accounts_of
from lamplighter.wiring.fhir_books import books_problems, fhir_books, read_ahead, tell_of_fhir_books
from tests.connectors.billing.test_books import ACCOUNT, ANNA
from tests.fhir.authorities import P384
from tests.fhir.hospital import Hospital, opened
from tests.promises.desks import NOON, SimulatedClock


@pytest.fixture
def hospital(router: str) -> Iterator[Hospital]:
    with opened(router) as made:
        yield made


def books(hospital: Hospital, **more: Any) -> FhirBalances:
    return FhirBalances("demo", hospital.server(SimulatedClock(NOON)), **more)


def invoice(hospital: Hospital, patient: str, total: str = "175.00", **more: Any) -> str:
    whole = {
        "resourceType": "Invoice", "status": "issued", "subject": {"reference": patient}, "date": "2026-10-05",
        "totalNet": {"value": float(total), "currency": "USD"}, "type": {"text": "visit"},
        "lineItem": [{"chargeItemCodeableConcept": {"text": "Psychotherapy, 60 minutes"}}],
    }  # fmt: skip
    return hospital.put(**{**whole, **more})


def paid(hospital: Hospital, bill: str, amount: str, day: str = "2026-11-02", **more: Any) -> str:
    detail = {
        "type": {"text": "payment"}, "request": {"reference": bill},
        "amount": {"value": float(amount), "currency": "USD"}, **more.pop("detail", {}),
    }  # fmt: skip
    whole = {
        "resourceType": "PaymentReconciliation", "status": "active", "created": day, "paymentDate": day,
        "paymentAmount": {"value": 900, "currency": "USD"}, "detail": [detail],
    }  # fmt: skip
    return hospital.put(**{**whole, **more})


def notice(hospital: Hospital, bill: str, payment: dict[str, str], amount: str, **more: Any) -> str:
    whole = {
        "resourceType": "PaymentNotice", "status": "active", "request": {"reference": bill}, "payment": payment,
        "created": "2026-11-09", "paymentDate": "2026-11-09", "recipient": {"display": "Harbor Lane"},
        "amount": {"value": float(amount), "currency": "USD"},
    }  # fmt: skip
    return hospital.put(**{**whole, **more})


def anna(hospital: Hospital) -> tuple[str, str]:
    """With an account and an invoice of $175."""
    who = hospital.patient("Beck", "Anna", birthDate="1980-05-01")
    hospital.put(
        resourceType="Account", status="active", identifier=[{"value": "A1"}], subject=[{"reference": who}]
    )
    return who, invoice(hospital, who, identifier=[{"value": "c1"}])


def told(hospital: Hospital, holder: Holder = ANNA) -> Account | NotTold:
    made = books(hospital)
    assert made.refresh(ACCOUNT.as_of, 60) is not None
    return made.of("demo", holder)


def test_bil_01_books_on_a_fhir_server_keep_the_contract_of_balances(hospital: Hospital) -> None:
    _, bill = anna(hospital)
    insurer = paid(
        hospital, bill, "100.10", paymentIssuer={"display": "Lantern"},
        detail={"identifier": {"value": "i1"}}, identifier=[{"value": "PR-9"}],
    )  # fmt: skip
    notice(hospital, bill, {"reference": insurer}, "100.10")
    notice(hospital, bill, {"display": "a card"}, "20.00", identifier=[{"value": "p1"}])
    made = books(hospital)
    assert made.of("demo", ANNA) == NotTold("no_books") and made.stand("demo") == BooksStand("reading")
    assert made.refresh(ACCOUNT.as_of, 60) == ()
    assert made.stand("demo") == BooksStand("read", ACCOUNT.as_of, 1)
    assert made.of("demo", ANNA) == made.of("demo", Holder("ANNA", "Béck", ANNA.born)) == ACCOUNT
    assert "sychotherapy" not in repr(made.of("demo", ANNA))
    assert made.of("demo", Holder("Anna", "Beck", date(1981, 5, 1))) == NotTold("nobody")
    assert made.of("another", ANNA) == NotTold("no_books")
    hospital.down = 99
    assert made.refresh(ACCOUNT.as_of, 60) is None and made.of("demo", ANNA) == ACCOUNT
    assert made.stand("demo") == BooksStand("failed", ACCOUNT.as_of, 1)


def test_page_by_page_nothing_is_lost_and_whoever_owes_nothing_is_known_to(hospital: Hospital) -> None:
    who, bill = anna(hospital)
    paid(hospital, bill, "175.00")
    second = invoice(hospital, who, "60.00", status="balanced")
    paid(hospital, second, "60.00")
    invoice(hospital, who, "10.00", status="balanced")
    invoice(hospital, who, "80.00", status="draft")
    hospital.put(
        resourceType="Account",
        status="active",
        subject=[{"reference": who}],
        type={"text": "no_cost_sharing"},
    )
    hospital.pages = True
    found = told(hospital)
    assert isinstance(found, Account) and found.balance == Money(Decimal(0))
    assert found.no_cost_sharing
    assert [each.amount.amount for each in found.charges] == [Decimal("60.00"), Decimal("175.00")]


@pytest.mark.parametrize(
    ("what", "why"),
    [
        (lambda h, who, bill: invoice(h, who, totalNet={"value": 9, "currency": "EUR"}), "unclear"),
        (lambda h, who, bill: invoice(h, who, recipient={"reference": "Patient/another"}), "unclear"),
        (lambda h, who, bill: paid(h, bill, "1.00", outcome="error"), "unclear"),
        (
            lambda h, who, bill: paid(h, bill, "1.00", detail={"amount": {"value": 1, "currency": "EUR"}}),
            "unclear",
        ),
        (lambda h, who, bill: paid(h, invoice(h, who, status="cancelled"), "1.00"), "unclear"),
        (lambda h, who, bill: paid(h, "Invoice/gone", "1.00"), "unclear"),
        (lambda h, who, bill: invoice(h, "Patient/gone"), "unclear"),
        (lambda h, who, bill: h.patient("Beck", "Anna", birthDate="1980-05-01"), ""),
        (lambda h, who, bill: invoice(h, h.patient("Beck", "Anna", birthDate="1980-05-01")), "several"),
    ],
)
def test_what_the_server_leaves_open_is_told_to_nobody(hospital: Hospital, what: Any, why: str) -> None:
    who, bill = anna(hospital)
    what(hospital, who, bill)
    found = told(hospital)
    assert isinstance(found, NotTold) and found.why == why if why else isinstance(found, Account)


def set_up(address: str, **more: Any) -> Settings:
    account = {
        "url": f"{address}/fhir",
        "token_url": f"{address}/token",
        "client": "desk",
        "key": P384,
        **more,
    }
    return Settings.model_validate({"books": {"demo": {"fhir": account}}})


def test_books_that_an_operator_sets_up_are_read_beforehand_and_answer_with_the_day_of_the_reading(
    hospital: Hospital,
) -> None:
    anna(hospital)
    settings, clock = set_up(hospital.address), SimulatedClock(NOON)
    on_servers = fhir_books(settings, clock)
    books = accounts_of(settings, on_servers)
    stop = read_ahead(on_servers, settings, {"demo": load_sample()}, clock)
    for _ in range(1200):
        found = books.of("demo", ANNA)
        if isinstance(found, Account) or threading.Event().wait(0.05):
            break
    stop()
    assert isinstance(found, Account)
    assert (found.balance, found.as_of) == (Money(Decimal("175.00")), NOON.date())
    assert books.of("other", ANNA) == NotTold("no_books")


def test_books_elsewhere_wait_for_an_agreement_and_what_is_missing_is_named(hospital: Hospital) -> None:
    day, told = date(2026, 12, 1), list[str]()
    elsewhere = set_up("https://books.example", party="Lantern Books", key=None)
    tell_of_fhir_books([load_sample()], elsewhere, day, told.append)
    assert [line.startswith("BOOKS NOT READ") for line in told] == [True, True]
    assert "there is no key" in told[0] and "names no agreement with Lantern Books" in told[1]
    assert fhir_books(elsewhere, SimulatedClock(NOON)) == {}
    agreed = Party("Lantern Books", "keeps books", ("balances",), date(2026, 1, 1), may_reuse=False)
    practice = replace(load_sample(), parties=(agreed,))
    assert books_problems(practice, set_up("https://books.example", party="Lantern Books"), day) == []
    with pytest.raises(ValueError, match="either a csv or a fhir server"):
        Settings.model_validate({"books": {"demo": {}}})


NOT_HOLDING: list[dict[str, Any]] = [
    {"status": "cancelled"}, {"status": "entered-in-error"}, {"status": "draft"}, {"outcome": "error"},
]  # fmt: skip


def on_one_invoice(payments: list[dict[str, Any]], notices: list[dict[str, Any]]) -> Account | NotTold:
    """Of $100, with what is told of payments on it."""
    of_it, to = {"reference": "Invoice/1"}, {"reference": "Patient/1"}
    bill = {"resourceType": "Invoice", "id": "1", "status": "issued", "subject": to, "date": "2026-10-05",
            "totalNet": usd(Decimal(100))}  # fmt: skip
    patient = {"resourceType": "Patient", "id": "1", "birthDate": "1980-05-01",
               "name": [{"family": "Beck", "given": ["Anna"]}]}  # fmt: skip
    paid = [{"resourceType": "PaymentReconciliation", "id": "9", "status": "active", "paymentDate": "2026-11-02",
             "detail": [], **each} for each in payments]  # fmt: skip
    told = [{"resourceType": "PaymentNotice", "id": str(number), "status": "active", "request": of_it,
             "created": f"2026-11-0{number}", "amount": usd(Decimal(40)), **each}
            for number, each in enumerate(notices, 1)]  # fmt: skip
    return books_of(Found([], [bill], paid, told, [patient]), ACCOUNT.as_of).of(
        place("Anna", "Beck", ANNA.born)
    )


@pytest.mark.parametrize(
    "payment",
    [
        {"reference": "PaymentReconciliation/elsewhere"},
        {"reference": "urn:uuid:6d0f6a34-55a3-4d39-9a43-0a1f3f1f9f57"},
        {"identifier": {"system": "urn:cards", "value": "7"}},
    ],
)
def test_a_payment_of_which_several_notices_tell_counts_once_and_in_two_amounts_not_at_all(
    payment: dict[str, Any],
) -> None:
    notices = [
        {"payment": payment, "paymentStatus": {"coding": [{"code": code}]}} for code in ("paid", "cleared")
    ]
    found = on_one_invoice([], notices)
    assert isinstance(found, Account) and found.balance == Money(Decimal(60))
    another = on_one_invoice([], [*notices, {"payment": {"display": "a card"}}])
    assert isinstance(another, Account) and another.balance == Money(Decimal(20))
    assert on_one_invoice([], [*notices, {"payment": payment, "amount": usd(Decimal(50))}]) == NotTold(
        "unclear"
    )


@pytest.mark.parametrize("how", NOT_HOLDING)
def test_a_notice_of_a_payment_that_does_not_hold_is_told_to_nobody(how: dict[str, Any]) -> None:
    of_it = {"payment": {"reference": "PaymentReconciliation/9/_history/2"}}
    assert on_one_invoice([how], [of_it]) == NotTold("unclear")
    held = on_one_invoice([{}], [of_it])
    assert isinstance(held, Account) and held.balance == Money(Decimal(60))


CENTS = st.integers(0, 99_999_99).map(lambda cents: Decimal(cents) / 100)


def usd(amount: Decimal) -> dict[str, Any]:
    return {"value": amount, "currency": "USD"}


@given(st.lists(st.tuples(CENTS, st.lists(CENTS, max_size=3)), max_size=5), st.randoms())
def test_what_is_owed_is_the_exact_total_of_invoices_less_what_was_paid_in_whatever_order(
    bills: list[tuple[Decimal, list[Decimal]]], chance: Any
) -> None:
    who = {"reference": "https://books.example/Patient/1"}
    invoices = [
        {"resourceType": "Invoice", "id": f"i{n}", "status": "issued", "subject": who, "date": "2026-10-05",
         "totalNet": usd(total)}
        for n, (total, _) in enumerate(bills)
    ]  # fmt: skip
    payments = [
        {"resourceType": "PaymentReconciliation", "id": f"p{n}", "status": "active", "paymentDate": "2026-11-02",
         "detail": [{"response": {"reference": f"Invoice/i{n}"}, "amount": usd(amount)} for amount in paid]}
        for n, (_, paid) in enumerate(bills)
    ]  # fmt: skip
    account = {"resourceType": "Account", "id": "a", "status": "active", "subject": [who]}
    patient = {
        "resourceType": "Patient", "id": "1", "birthDate": "1980-05-01",
        "name": [{"use": "old", "family": "Grey"}, {"use": "official", "family": "Beck", "given": ["Anna"]}],
    }  # fmt: skip
    chance.shuffle(invoices), chance.shuffle(payments)
    found = books_of(Found([account], invoices, payments, [], [patient]), ACCOUNT.as_of)
    told = found.of(place("Anna", "Beck", ANNA.born))
    assert isinstance(told, Account) and not found.problems
    owed = sum((total for total, _ in bills), Decimal())
    assert told.balance == Money(owed - sum((each for _, paid in bills for each in paid), Decimal()))
