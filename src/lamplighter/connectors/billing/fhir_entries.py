"""What R4 says of money, an entry at a time: `Invoice` for what is owed, `PaymentReconciliation` and `PaymentNotice`
for what was paid. Lines, codes and texts of theirs are never read."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from lamplighter.connectors.fhir_rest import Resource, mapping, objects, words
from lamplighter.desk.ports.balances import CHARGES, Charge, ChargeFor, Credit, CreditBy
from lamplighter.practice.model import Money

LARGEST: Final = Decimal(1_000_000)
SETTLED: Final = ("", "complete")
PAID: Final = ("", "paid", "cleared")


class Unclear(Exception):
    """An entry can't be told: what is missing, without a word of what stands there, and whose it is where that is
    known."""

    def __init__(self, message: str, whose: str = "") -> None:
        super().__init__(message)
        self.message, self.whose = message, whose


@dataclass(frozen=True, slots=True)
class Bill:
    """An invoice. `to` is whom it is about; `charge` None where nothing is owed by it."""

    name: str
    to: str
    state: str
    charge: Charge | None = None


@dataclass(frozen=True, slots=True)
class Paid:
    """A credit on an invoice, or that it can't be told."""

    bill: str
    credit: Credit | None


@dataclass(frozen=True, slots=True)
class Notice:
    """What somebody was told of a payment; `about` names that payment."""

    paid: Paid
    about: str


def bill_of(resource: Resource) -> Bill:
    """Raises Unclear."""
    name, state = name_of(resource), words(resource.get("status"))
    to = reference_of(resource.get("subject"))
    if not to.startswith("Patient/"):
        raise Unclear("it names no patient")
    if state not in ("issued", "balanced"):
        return Bill(name, to, state)
    payer = reference_of(resource.get("recipient"))
    if payer and payer != to:
        raise Unclear("somebody else is to pay it", to)
    try:
        day, amount = day_of(resource.get("date")), amount_of(resource.get("totalNet"))
    except Unclear as wrong:
        raise Unclear(wrong.message, to) from wrong
    if amount.amount < 0:
        raise Unclear("its total is below nothing", to)
    charge = Charge(business_name(resource, name), day, amount, _what(resource))
    return Bill(name, to, state, charge)


def _what(resource: Resource) -> ChargeFor:
    return next((each for each in CHARGES if each == type_of(resource)), "other")


def settled(resource: Resource) -> Iterator[Paid]:
    """What a payment was for, as far as it names invoices."""
    if words(resource.get("status")) != "active":
        return
    from_insurer = bool(mapping(resource.get("paymentIssuer")))
    sure = _holds(resource)
    for number, detail in enumerate(objects(resource.get("detail")), 1):
        bill = next(
            (
                name
                for name in map(reference_of, (detail.get("request"), detail.get("response")))
                if name.startswith("Invoice/")
            ),
            None,
        )
        if bill is None:
            continue
        try:
            day = day_of(detail.get("date") or resource.get("paymentDate"))
            amount = amount_of(detail.get("amount"))
        except Unclear:
            yield Paid(bill, None)
            continue
        name = words(mapping(detail.get("identifier")).get("value")) or f"{name_of(resource)}#{number}"
        credit = Credit(name, day, amount, _by(detail, from_insurer), bill)
        yield Paid(bill, credit if sure else None)


def _holds(payment: Resource) -> bool:
    return words(payment.get("status")) == "active" and words(payment.get("outcome")) in SETTLED


def _by(detail: Resource, from_insurer: bool) -> CreditBy:
    codes = [words(each.get("code")) for each in objects(mapping(detail.get("type")).get("coding"))]
    if "adjustment" in codes:
        return "adjustment"
    return "insurance" if from_insurer else "payment"


def noticed(resource: Resource) -> Notice | None:
    """What a notice says was paid; None where it names no invoice."""
    bill = reference_of(resource.get("request"))
    if words(resource.get("status")) != "active" or not bill.startswith("Invoice/"):
        return None
    about = _payment_of(resource)
    codes = [
        words(each.get("code")) for each in objects(mapping(resource.get("paymentStatus")).get("coding"))
    ]
    try:
        day = day_of(resource.get("paymentDate") or resource.get("created"))
        amount = amount_of(resource.get("amount"))
    except Unclear:
        return Notice(Paid(bill, None), about)
    if not all(code in PAID for code in codes):
        return Notice(Paid(bill, None), about)
    name = business_name(resource, name_of(resource))
    return Notice(Paid(bill, Credit(name, day, amount, "payment", bill)), about)


def _payment_of(resource: Resource) -> str:
    """The payment that a notice is about, by whatever names it; the notice itself where nothing does."""
    payment = mapping(resource.get("payment"))
    full = words(payment.get("reference"))
    named = reference_of(payment) or ("" if full.startswith("#") else full)
    number = mapping(payment.get("identifier"))
    value = words(number.get("value"))
    return named or (f"{words(number.get('system'))}|{value}" if value else name_of(resource))


def one_each(notices: Sequence[Notice], there: Mapping[str, Resource]) -> Iterator[Paid]:
    """Each payment once for an invoice, however often it is told (paid, then cleared). One that is told in several
    amounts can't be told, and none of a payment that does not hold itself (`there`, by name)."""
    told: dict[tuple[str, str], list[Credit | None]] = defaultdict(list)
    for each in notices:
        payment = there.get(each.about)
        told[each.about, each.paid.bill].append(
            each.paid.credit if payment is None or _holds(payment) else None
        )
    for (_, bill), all_told in told.items():
        sure = [each for each in all_told if each is not None]
        same = len(sure) == len(all_told) and len({each.amount for each in sure}) == 1
        yield Paid(bill, min(sure, key=lambda each: (each.day, each.id)) if same else None)


# -- values ------------------------------------------------------------------------------------------------------------


def name_of(resource: Resource) -> str:
    """As in "Invoice/12"."""
    return f"{words(resource.get('resourceType'))}/{words(resource.get('id'))}"


def type_of(resource: Resource) -> str:
    return words(mapping(resource.get("type")).get("text"))


def business_name(resource: Resource, otherwise: str) -> str:
    """What the books themselves call it."""
    named = [words(each.get("value")) for each in objects(resource.get("identifier"))]
    return next(filter(None, named), otherwise)


def reference_of(value: object) -> str:
    """As in "Invoice/12", whatever address stands before it and version after it; "" for none."""
    parts = words(mapping(value).get("reference")).split("/_history/")[0].split("/")
    return "/".join(parts[-2:]) if len(parts) > 1 else ""


def day_of(value: object) -> date:
    try:
        return date.fromisoformat(words(value)[:10])
    except ValueError:
        raise Unclear("it has no day") from None


def amount_of(value: object) -> Money:
    told = mapping(value)
    number = told.get("value")
    if isinstance(number, bool) or not isinstance(number, int | Decimal):
        raise Unclear("it has no amount")
    if words(told.get("currency")) not in ("", "USD"):
        raise Unclear("only US dollars can be told to people")
    amount = Decimal(number)
    if amount != amount.quantize(Decimal("0.01")) or abs(amount) > LARGEST:
        raise Unclear("its amount is none of dollars and cents")
    return Money(amount.quantize(Decimal("0.01")))
