"""A coverage as rows. Availity sorts a payer's EB segments by plan, service and network; each entry is a row again.

What it adds up or names anew is left as it says it: a share that may be read in two ways is unknown.
"""

import itertools
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from lamplighter.connectors.clearinghouse.objects import day_of, entries, number_of, text_of
from lamplighter.desk.ports.coverage import BenefitRow, Delivery, Insured, Network, OtherParty, Rejection
from lamplighter.practice.model import Money

IN_PROGRESS: Final = ("0", "1", "R1")
_NETWORKS: Final = {
    "inNetwork": Network.IN,
    "outOfNetwork": Network.OUT,
    "notApplicableNetwork": Network.BOTH,
    "noNetwork": Network.UNKNOWN,
}
_AMOUNTS: Final = {"coPayment": "B", "coInsurance": "A", "deductibles": "C", "outOfPocket": "G"}
_OTHERS: Final = {
    "statusDetails": "",  # its own status
    "limitations": "F",
    "nonCovered": "I",
    "exclusions": "E",
    "coverageBasis": "CB",
    "benefitDescriptions": "D",
    "costContainment": "J",
    "preexistingConditions": "H",
    "reserve": "K",
}
_DATES: Final = {
    "plan": ("346", "347"),
    "benefit": ("348", "349"),
    "eligibility": ("356", "357"),
    "coverage": ("356", "357"),
}
_DAY_LENGTH = 10  # of an instant in ISO 8601
_REMAINS, _REMAINS_OF_A_LIFETIME = "29", "33"
_LIFETIMES: Final = ("32", "33")
_WHOLE_PLAN: Final = ("30",)
_CODE_LENGTH = 2

Entry = Mapping[str, Any]


def rows(body: Entry) -> tuple[BenefitRow, ...]:
    found = itertools.chain.from_iterable(_plan(plan) for plan in entries(body.get("plans")))
    return tuple(row._replace(number=place) for place, row in enumerate(found, 1))


def rejections(body: Entry) -> tuple[Rejection, ...]:
    """What the payer or Availity says is wrong, of a coverage or of an error."""
    told = [*entries(body.get("validationMessages")), *entries(body.get("errors"))]
    found = (Rejection(_about(text_of(each, "field")), text_of(each, "code")) for each in told)
    return tuple(dict.fromkeys(each for each in found if each.reason))


def _about(name: str) -> str:
    plain = name.lower()
    return next((about for about in ("payer", "provider") if about in plain), "subscriber")


def known_as(body: Entry) -> Insured | None:
    """The patient as the payer has them."""
    patient, holder = body.get("patient"), body.get("subscriber")
    if not isinstance(patient, Mapping):
        return None
    number = text_of(patient, "memberId")
    if not number and isinstance(holder, Mapping):
        number = text_of(holder, "memberId")
    born = day_of(text_of(patient, "birthDate")[:_DAY_LENGTH])
    return Insured(
        text_of(patient, "firstName"), text_of(patient, "lastName"), born, number, text_of(patient, "genderCode")
    )  # fmt: skip


def payer_of(body: Entry) -> str:
    payer = body.get("payer")
    if not isinstance(payer, Mapping):
        return ""
    return text_of(payer, "responseName") or text_of(payer, "name")


def _plan(plan: Entry) -> Iterator[BenefitRow]:
    name, insurance = text_of(plan, "planName"), text_of(plan, "insuranceTypeCode")
    if status := text_of(plan, "statusCode"):
        yield BenefitRow(
            0, status, services=_WHOLE_PLAN, plan=name or text_of(plan, "groupName"), insurance_type=insurance,
            messages=_notes(plan), dates=tuple(_dates(plan)),
        )  # fmt: skip
    yield from _details(plan, _WHOLE_PLAN, _OTHERS, "")
    yield from _parties(plan, _WHOLE_PLAN)
    for benefit in entries(plan.get("benefits")):
        yield from _benefit(benefit)


def _benefit(benefit: Entry) -> Iterator[BenefitRow]:
    services, status = _services(benefit), text_of(benefit, "statusCode")
    own = list(_details(benefit, services, _OTHERS, status))
    if status and not any(row.kind == status for row in own):
        yield BenefitRow(0, status, services=services, messages=_notes(benefit))
    yield from own
    amounts = benefit.get("amounts")
    if isinstance(amounts, Mapping):
        yield from _details(amounts, services, _AMOUNTS, "")
    yield from _parties(benefit, services)


def _services(benefit: Entry) -> tuple[str, ...]:
    code = text_of(benefit, "type")
    return (code,) if 0 < len(code) <= _CODE_LENGTH else ()


def _details(
    told: Entry, services: tuple[str, ...], kinds: Mapping[str, str], status: str
) -> Iterator[BenefitRow]:
    for name, kind in kinds.items():
        by_network = told.get(name)
        if not isinstance(by_network, Mapping):
            continue
        for word, network in _NETWORKS.items():
            for entry in entries(by_network.get(word)):
                known = kind or text_of(entry, "statusCode") or status
                if known:
                    yield from _rows_of(entry, known, services, network)


def _rows_of(entry: Entry, kind: str, services: tuple[str, ...], network: Network) -> Iterator[BenefitRow]:
    """The row itself, and one more for what is left."""
    amount, period = number_of(entry, "amount"), text_of(entry, "amountTimePeriodCode")
    if amount is None:
        amount, period = number_of(entry, "total"), text_of(entry, "totalTimePeriodCode") or period
    place = text_of(entry, "placeOfServiceCode")
    row = BenefitRow(
        0,
        kind,
        level=text_of(entry, "levelCode"),
        services=services,
        insurance_type=text_of(entry, "insuranceTypeCode"),
        plan=text_of(entry, "planName"),
        period=period,
        quantity_qualifier=text_of(entry, "quantityQualifierCode"),
        quantity=number_of(entry, "quantity"),
        authorization=_authorization(entry),
        network=network,
        places=(place,) if place else (),
        messages=_notes(entry),
        dates=tuple(_dates(entry)),
        deliveries=tuple(_delivery(each) for each in entries(entry.get("deliveryInformation"))),
    )
    left = number_of(entry, "remaining")
    if amount is not None or left is None:
        yield _with_amount(row, amount, text_of(entry, "units"))
    if left is not None:
        lifetime = text_of(entry, "remainingTimePeriodCode") in _LIFETIMES
        what_is_left = row._replace(period=_REMAINS_OF_A_LIFETIME if lifetime else _REMAINS)
        yield _with_amount(what_is_left, left, text_of(entry, "units"))


def _with_amount(row: BenefitRow, amount: Decimal | None, units: str) -> BenefitRow:
    if amount is None:
        return row
    if row.kind == "A" or "percent" in units.lower():
        return row._replace(share=_share(amount))
    return row._replace(amount=Money(amount))


def _share(amount: Decimal) -> Decimal | None:
    """Percent, or a fraction of one as the payer had it; 1 may be either, and is neither."""
    if amount == 0 or 0 < amount < 1:
        return amount
    return amount / 100 if 1 < amount <= 100 else None


def _authorization(entry: Entry) -> bool | None:
    if entry.get("authorizationRequiredUnknown") is True:
        return None
    told = entry.get("authorizationRequired")
    return told if isinstance(told, bool) else None


def _notes(entry: Entry) -> tuple[str, ...]:
    """Free text of the payer: plain, or each with a message."""
    found: list[str] = []
    told = entry.get("payerNotes")
    for note in told if isinstance(told, list) else ():
        found.append(note.strip() if isinstance(note, str) else "")
        found.append(text_of(note, "message") if isinstance(note, Mapping) else "")
    return tuple(note for note in found if note)


def _dates(entry: Entry) -> Iterator[tuple[str, date | None, date | None]]:
    """A beginning and an end each by itself, as X12 has them where they are no period."""
    for name, (begins, ends) in _DATES.items():
        for word, qualifier in (("StartDate", begins), ("BeginDate", begins), ("EndDate", ends)):
            day = day_of(text_of(entry, name + word)[:_DAY_LENGTH])
            if day is not None:
                yield qualifier, day, day


def _delivery(entry: Entry) -> Delivery:
    return Delivery(
        text_of(entry, "quantityQualifierCode"),
        number_of(entry, "quantity"),
        text_of(entry, "timePeriodCode"),
        number_of(entry, "timePeriods"),
    )


def _parties(told: Entry, services: tuple[str, ...]) -> Iterator[BenefitRow]:
    """Whom else the plan names: another payer (R), or somebody to ask (U)."""
    for kind, name in (("R", "additionalPayers"), ("U", "contacts")):
        for entry in entries(told.get(name)):
            yield BenefitRow(0, kind, services=services, others=(_other(entry, kind),))


def _other(entry: Entry, kind: str) -> OtherParty:
    codes = (text_of(entry, name) for name in ("roleCode", "categoryCode", "typeCode"))
    number = text_of(entry, "payerId")
    reached = (
        (way, said)
        for each in entries(entry.get("contactInformation"))
        for way, name in (("TE", "phone"), ("UR", "url"))
        if (said := text_of(each, name))
    )
    entity = next((code for code in codes if 0 < len(code) <= 3), "PR" if kind == "R" else "")
    return OtherParty(entity, text_of(entry, "name"), "PI" if number else "", number, tuple(reached))
