"""`benefitsInformation` as rows. Fields come and go from payer to payer; what is no value is none."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from lamplighter.connectors.clearinghouse.objects import day_of, entries, number_of, text_of, texts_of
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


def rows(body: Mapping[str, Any]) -> tuple[BenefitRow, ...]:
    """A row for each entry; its number is its place among them."""
    return tuple(
        _row(place, entry) for place, entry in enumerate(entries(body.get("benefitsInformation")), 1)
    )


def rejections(body: Mapping[str, Any]) -> tuple[Rejection, ...]:
    """AAA segments, wherever the answer puts them."""
    found = [_rejection("", entry) for entry in entries(body.get("errors"))]
    for name, about in _LEVELS.items():
        told = body.get(name)
        for one in told if isinstance(told, list) else [told]:
            if isinstance(one, Mapping):
                found += [_rejection(about, entry) for entry in entries(one.get("aaaErrors"))]
    return tuple(dict.fromkeys(one for one in found if one.reason))


def known_as(body: Mapping[str, Any]) -> Insured | None:
    """The member as the payer has them: a dependent where it names one."""
    holder = body.get("subscriber")
    dependents = entries(body.get("dependents"))
    told = next(dependents, None) or (holder if isinstance(holder, Mapping) else None)
    if told is None:
        return None
    return Insured(
        text_of(told, "firstName"), text_of(told, "lastName"), day_of(text_of(told, "dateOfBirth")),
        text_of(told, "memberId"), text_of(told, "gender"),
    )  # fmt: skip


def _row(place: int, entry: Mapping[str, Any]) -> BenefitRow:
    amount, share = number_of(entry, "benefitAmount"), number_of(entry, "benefitPercent")
    return BenefitRow(
        number=place,
        kind=text_of(entry, "code"),
        level=text_of(entry, "coverageLevelCode"),
        services=texts_of(entry, "serviceTypeCodes"),
        insurance_type=text_of(entry, "insuranceTypeCode"),
        plan=text_of(entry, "planCoverage"),
        period=text_of(entry, "timeQualifierCode"),
        amount=None if amount is None else Money(amount),
        share=share if share is not None and 0 <= share <= 1 else None,
        quantity_qualifier=text_of(entry, "quantityQualifierCode"),
        quantity=number_of(entry, "benefitQuantity"),
        authorization=_AUTHORIZATION.get(text_of(entry, "authOrCertIndicator")),
        network=_NETWORKS.get(text_of(entry, "inPlanNetworkIndicatorCode"), Network.UNKNOWN),
        procedure=_procedure(entry.get("compositeMedicalProcedureIdentifier")),
        places=tuple(_places(entry)),
        messages=tuple(
            said
            for note in entries(entry.get("additionalInformation"))
            if (said := text_of(note, "description"))
        ),
        dates=tuple(_dates(entry.get("benefitsDateInformation"))),
        deliveries=tuple(_delivery(one) for one in entries(entry.get("benefitsServiceDelivery"))),
        others=tuple(_other(one) for one in _others(entry)),
    )


def _dates(told: object) -> Iterator[tuple[str, date | None, date | None]]:
    """A day, or two with a dash between them, under a name each."""
    for name, qualifier in _DATES.items():
        text = text_of(told, name) if isinstance(told, Mapping) else ""
        first_day, _, last_day = text.partition("-") if len(text) == _TWO_DAYS else (text, "", "")
        start = day_of(first_day)
        if start is not None:
            yield qualifier, start, day_of(last_day) or start


def _places(entry: Mapping[str, Any]) -> Iterator[str]:
    """Places of service: Stedi and Change put them under two names, alone or in a list."""
    for name in ("eligibilityAdditionalInformationList", "eligibilityAdditionalInformation"):
        told = entry.get(name)
        for one in entries(told if isinstance(told, list) else [told]):
            if text_of(one, "codeListQualifierCode") == "ZZ" and (code := text_of(one, "industryCode")):
                yield code


def _others(entry: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for name in ("benefitsRelatedEntities", "benefitsRelatedEntity"):
        told = entry.get(name)
        yield from entries(told if isinstance(told, list) else [told])


def _other(entry: Mapping[str, Any]) -> OtherParty:
    name = " ".join(
        said for key in ("entityFirstname", "entityFirstName", "entityName") if (said := text_of(entry, key))
    )
    reached = entry.get("contactInformation")
    contacts = entries(reached.get("contacts") if isinstance(reached, Mapping) else None)
    return OtherParty(
        text_of(entry, "entityIdentifier"),
        name,
        text_of(entry, "entityIdentification"),
        text_of(entry, "entityIdentificationValue"),
        tuple((text_of(one, "communicationMode"), text_of(one, "communicationNumber")) for one in contacts),
    )


def _delivery(entry: Mapping[str, Any]) -> Delivery:
    return Delivery(
        text_of(entry, "quantityQualifierCode"),
        number_of(entry, "quantity"),
        text_of(entry, "timePeriodQualifierCode"),
        number_of(entry, "numOfPeriods"),
        next((unit for name in _UNITS if (unit := text_of(entry, name))), ""),
    )


def _procedure(told: object) -> tuple[str, ...]:
    if not isinstance(told, Mapping):
        return ()
    qualifier = text_of(told, "productOrServiceIdQualifierCode") or text_of(
        told, "productOrServiceIDQualifierCode"
    )
    code = text_of(told, "procedureCode")
    return (qualifier or "HC", code) if code else ()


def _rejection(about: str, entry: Mapping[str, Any]) -> Rejection:
    return Rejection(about, text_of(entry, "code"), text_of(entry, "followupAction"))
