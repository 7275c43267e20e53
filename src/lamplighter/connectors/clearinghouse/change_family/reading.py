"""`benefitsInformation` as rows. Fields come and go from payer to payer; what is no value is none."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from lamplighter.connectors.clearinghouse.x12.elements import NUMBER
from lamplighter.desk.ports.coverage import BenefitRow, Delivery, Insured, Network, OtherParty, Rejection
from lamplighter.practice.model import Money

_NETWORKS = {"Y": Network.IN, "N": Network.OUT, "W": Network.BOTH}
_AUTHORIZATION = {"Y": True, "N": False}
_DATES = {
    "plan": "291", "benefit": "292", "eligibility": "307", "planBegin": "346", "planEnd": "347",
    "benefitBegin": "348", "benefitEnd": "349", "eligibilityBegin": "356", "eligibilityEnd": "357",
}  # fmt: skip
_UNITS = ("unitForMeasurementCode", "unitForMeasurementQualifierCode", "unitForMeasurement")
_TWO_DAYS = 17  # CCYYMMDD-CCYYMMDD
_LEVELS = {"subscriber": "subscriber", "dependents": "dependent", "provider": "provider", "payer": "payer"}


def first(raw: bytes) -> Mapping[str, Any]:
    """The object of an answer; an empty one where it is none."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, Mapping) else {}


def rows(body: Mapping[str, Any]) -> tuple[BenefitRow, ...]:
    """A row for each entry; its number is its place among them."""
    return tuple(
        _row(place, entry) for place, entry in enumerate(_entries(body.get("benefitsInformation")), 1)
    )


def rejections(body: Mapping[str, Any]) -> tuple[Rejection, ...]:
    """AAA segments, wherever the answer puts them."""
    found = [_rejection("", entry) for entry in _entries(body.get("errors"))]
    for name, about in _LEVELS.items():
        told = body.get(name)
        for one in told if isinstance(told, list) else [told]:
            if isinstance(one, Mapping):
                found += [_rejection(about, entry) for entry in _entries(one.get("aaaErrors"))]
    return tuple(dict.fromkeys(one for one in found if one.reason))


def known_as(body: Mapping[str, Any]) -> Insured | None:
    """The member as the payer has them: a dependent where it names one."""
    holder = body.get("subscriber")
    dependents = _entries(body.get("dependents"))
    told = next(dependents, None) or (holder if isinstance(holder, Mapping) else None)
    if told is None:
        return None
    return Insured(
        _text(told, "firstName"), _text(told, "lastName"), _day(_text(told, "dateOfBirth")), _text(told, "memberId"),
        _text(told, "gender"),
    )  # fmt: skip


def _row(place: int, entry: Mapping[str, Any]) -> BenefitRow:
    amount, share = _number(entry, "benefitAmount"), _number(entry, "benefitPercent")
    return BenefitRow(
        number=place,
        kind=_text(entry, "code"),
        level=_text(entry, "coverageLevelCode"),
        services=_texts(entry, "serviceTypeCodes"),
        insurance_type=_text(entry, "insuranceTypeCode"),
        plan=_text(entry, "planCoverage"),
        period=_text(entry, "timeQualifierCode"),
        amount=None if amount is None else Money(amount),
        share=share if share is not None and 0 <= share <= 1 else None,
        quantity_qualifier=_text(entry, "quantityQualifierCode"),
        quantity=_number(entry, "benefitQuantity"),
        authorization=_AUTHORIZATION.get(_text(entry, "authOrCertIndicator")),
        network=_NETWORKS.get(_text(entry, "inPlanNetworkIndicatorCode"), Network.UNKNOWN),
        procedure=_procedure(entry.get("compositeMedicalProcedureIdentifier")),
        places=tuple(_places(entry)),
        messages=tuple(
            said
            for note in _entries(entry.get("additionalInformation"))
            if (said := _text(note, "description"))
        ),
        dates=tuple(_dates(entry.get("benefitsDateInformation"))),
        deliveries=tuple(_delivery(one) for one in _entries(entry.get("benefitsServiceDelivery"))),
        others=tuple(_other(one) for one in _others(entry)),
    )


def _dates(told: object) -> Iterator[tuple[str, date | None, date | None]]:
    """A day, or two with a dash between them, under a name each."""
    for name, qualifier in _DATES.items():
        text = _text(told, name) if isinstance(told, Mapping) else ""
        first_day, _, last_day = text.partition("-") if len(text) == _TWO_DAYS else (text, "", "")
        start = _day(first_day)
        if start is not None:
            yield qualifier, start, _day(last_day) or start


def _places(entry: Mapping[str, Any]) -> Iterator[str]:
    """Places of service: Stedi and Change put them under two names, alone or in a list."""
    for name in ("eligibilityAdditionalInformationList", "eligibilityAdditionalInformation"):
        told = entry.get(name)
        for one in _entries(told if isinstance(told, list) else [told]):
            if _text(one, "codeListQualifierCode") == "ZZ" and (code := _text(one, "industryCode")):
                yield code


def _others(entry: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for name in ("benefitsRelatedEntities", "benefitsRelatedEntity"):
        told = entry.get(name)
        yield from _entries(told if isinstance(told, list) else [told])


def _other(entry: Mapping[str, Any]) -> OtherParty:
    name = " ".join(
        said for key in ("entityFirstname", "entityFirstName", "entityName") if (said := _text(entry, key))
    )
    reached = entry.get("contactInformation")
    contacts = _entries(reached.get("contacts") if isinstance(reached, Mapping) else None)
    return OtherParty(
        _text(entry, "entityIdentifier"),
        name,
        _text(entry, "entityIdentification"),
        _text(entry, "entityIdentificationValue"),
        tuple((_text(one, "communicationMode"), _text(one, "communicationNumber")) for one in contacts),
    )


def _delivery(entry: Mapping[str, Any]) -> Delivery:
    return Delivery(
        _text(entry, "quantityQualifierCode"),
        _number(entry, "quantity"),
        _text(entry, "timePeriodQualifierCode"),
        _number(entry, "numOfPeriods"),
        next((unit for name in _UNITS if (unit := _text(entry, name))), ""),
    )


def _procedure(told: object) -> tuple[str, ...]:
    if not isinstance(told, Mapping):
        return ()
    qualifier = _text(told, "productOrServiceIdQualifierCode") or _text(
        told, "productOrServiceIDQualifierCode"
    )
    code = _text(told, "procedureCode")
    return (qualifier or "HC", code) if code else ()


def _rejection(about: str, entry: Mapping[str, Any]) -> Rejection:
    return Rejection(about, _text(entry, "code"), _text(entry, "followupAction"))


def _entries(told: object) -> Iterator[Mapping[str, Any]]:
    for one in told if isinstance(told, list) else ():
        if isinstance(one, Mapping):
            yield one


def _text(entry: Mapping[str, Any], name: str) -> str:
    value = entry.get(name)
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _texts(entry: Mapping[str, Any], name: str) -> tuple[str, ...]:
    told = entry.get(name)
    return tuple(one for one in told if isinstance(one, str)) if isinstance(told, list) else ()


def _number(entry: Mapping[str, Any], name: str) -> Decimal | None:
    """A number in as many digits as X12 has for one: the rows are a 271's."""
    text = _text(entry, name)
    return Decimal(text) if NUMBER.fullmatch(text) else None


def _day(text: str) -> date | None:
    for form in ("%Y%m%d", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None
