"""Our questions as X12: 270, 276 and 278."""

from collections.abc import Iterator
from datetime import date, datetime

from lamplighter.desk.ports.coverage import (
    AuthorizationQuestion,
    AuthorizationStep,
    ClaimQuestion,
    EligibilityQuestion,
    Insured,
    Payer,
    Provider,
)

from .errors import X12Error
from .strictly import code, day_in_order, identifier, name, telephone, trace
from .writing import Body, Row, text

ELIGIBILITY = "005010X279A1"
CLAIM_STATUS = "005010X212"
_AUTHORIZATION = {
    AuthorizationStep.REQUEST: ("005010X217", "13", "I"),
    AuthorizationStep.RENEW: ("005010X217", "13", "R"),
    AuthorizationStep.CANCEL: ("005010X217", "01", "3"),
    AuthorizationStep.INQUIRE: ("005010X215", "28", "I"),
    AuthorizationStep.NOTIFY: ("005010X216", "13", "I"),
}
_LONGEST_ID = 80
_URGENT = "U"  # UM06
_MOST_DIAGNOSES = 12
_MOST_MODIFIERS = 4


def eligibility(asked: EligibilityQuestion, now: datetime) -> Body:
    """A 270.

    Raises:
        X12Error: something is missing that a payer can't do without.
    """
    member = asked.dependent or asked.subscriber
    if not asked.services:
        raise X12Error(0, "EQ", "no service type is asked about")
    if not (member.date_of_birth or asked.subscriber.member_id):
        raise X12Error(0, "NM1", "a payer needs a member id or a date of birth")
    number = trace(asked.trace)
    rows: list[Row] = [
        ("BHT", "0022", "13", number, _day(now), now.strftime("%H%M%S")),
        ("HL", "1", "", "20", "1"),
        _payer("PR", asked.payer),
        ("HL", "2", "1", "21", "1"),
        _provider("1P", asked.provider),
        ("HL", "3", "2", "22", "1" if asked.dependent else "0"),
    ]
    traced: Row = ("TRN", "1", number, _originator(asked.provider))
    if asked.dependent is None:
        rows += [traced, _subscriber(asked.subscriber), *_born(asked.subscriber)]
    else:
        rows += [_subscriber(asked.subscriber), ("HL", "4", "3", "23", "0"), traced]
        rows += [_dependent("03", asked.dependent), *_born(asked.dependent)]
    day = asked.day or now.date()
    rows.append(("DTP", "291", "D8", f"{day:%Y%m%d}"))
    rows += [("EQ", code("EQ", service)) for service in asked.services]
    return Body("270", ELIGIBILITY, tuple(rows))


def claim_status(asked: ClaimQuestion, now: datetime) -> Body:
    """A 276.

    Raises:
        X12Error: as `eligibility`.
    """
    number, patient = trace(asked.trace), asked.dependent or asked.subscriber
    if not asked.subscriber.member_id:
        raise X12Error(0, "NM1", "a claim is asked about under a member id")
    if patient.date_of_birth is None:
        raise X12Error(0, "DMG", "a claim is asked about with the patient's date of birth")
    if asked.charge is not None and asked.charge.amount < 0:
        raise X12Error(0, "AMT", "a charge is not below zero")
    rows: list[Row] = [
        ("BHT", "0010", "13", number, _day(now), now.strftime("%H%M%S")),
        ("HL", "1", "", "20", "1"),
        _payer("PR", asked.payer),
        ("HL", "2", "1", "21", "1"),
        _submitter(asked),
        ("HL", "3", "2", "19", "1"),
        _provider("1P", asked.provider),
        ("HL", "4", "3", "22", "1" if asked.dependent else "0"),
    ]  # fmt: skip
    rows += _born(asked.subscriber) if asked.dependent is None else []
    rows.append(_subscriber(asked.subscriber))
    if asked.dependent is not None:
        rows += [("HL", "5", "4", "23"), *_born(asked.dependent), _dependent("QC", asked.dependent)]
    rows.append(("TRN", "1", number))
    if asked.payer_number:
        rows.append(("REF", "1K", identifier("REF", asked.payer_number, 50)))
    if asked.account:
        rows.append(("REF", "EJ", identifier("REF", asked.account, 50)))
    if asked.charge is not None:
        rows.append(("AMT", "T3", _amount(asked.charge.amount)))
    day_in_order(asked.first_day, asked.last_day)
    rows.append(("DTP", "472", "RD8", f"{asked.first_day:%Y%m%d}-{asked.last_day:%Y%m%d}"))
    return Body("276", CLAIM_STATUS, tuple(rows))


def authorization(asked: AuthorizationQuestion, now: datetime) -> Body:
    """A 278 request, renewal, cancellation, inquiry or notice.

    Raises:
        X12Error: as `eligibility`; no service and no authorization number is named.
    """
    version, purpose, request_type = _AUTHORIZATION[asked.step]
    if not asked.services and not asked.number:
        raise X12Error(0, "SV1", "an authorization is asked for a service, or about one that has a number")
    if not asked.subscriber.member_id:
        raise X12Error(0, "NM1", "an authorization is asked for under a member id")
    rows: list[Row] = [
        ("BHT", "0007", purpose, trace(asked.trace), _day(now), now.strftime("%H%M%S")),
        ("HL", "1", "", "20", "1"),
        _payer("X3" if version == "005010X217" else "PR", asked.payer),
        ("HL", "2", "1", "21", "1"),
        _provider("1P", asked.provider),
    ]
    if asked.telephone:
        rows.append(("PER", "IC", "", "TE", telephone(asked.telephone)))
    holder = asked.subscriber
    rows += [("HL", "3", "2", "22", "1"), _subscriber(holder), *_born(holder, ("M", "F", "U"))]
    above = "3"
    if asked.dependent is not None:
        rows += [("HL", "4", "3", "23", "1"), _dependent("QC", asked.dependent)]
        rows += _born(asked.dependent, ("M", "F", "U"))
        above = "4"
    event = str(int(above) + 1)
    rows.append(("HL", event, above, "EV", "1" if asked.services else "0"))
    rows += _event(asked, request_type)
    rows += _services(asked, event)
    return Body("278", version, tuple(rows))


def _event(asked: AuthorizationQuestion, request_type: str) -> Iterator[Row]:
    yield ("TRN", "1", trace(asked.trace), _originator(asked.provider))
    if not (asked.service_type or asked.place):
        raise X12Error(0, "UM", "neither a service type nor a place is named")
    service = code("UM", asked.service_type) if asked.service_type else ""
    place = (code("UM", asked.place), "B") if asked.place else ""
    urgent = (_URGENT,) if asked.asks_for_speed else ()
    yield ("UM", code("UM", asked.category), request_type, service, place, "", *urgent)
    if asked.number:
        yield ("REF", "BB", identifier("REF", asked.number, 50))
    if asked.reference:
        yield ("REF", "NT", identifier("REF", asked.reference, 50))
    if asked.first_day is not None:
        last = asked.last_day or asked.first_day
        day_in_order(asked.first_day, last)
        if last == asked.first_day:
            yield ("DTP", "AAH", "D8", f"{asked.first_day:%Y%m%d}")
        else:
            yield ("DTP", "AAH", "RD8", f"{asked.first_day:%Y%m%d}-{last:%Y%m%d}")
    if len(asked.diagnoses) > _MOST_DIAGNOSES:
        raise X12Error(0, "HI", f"it holds {_MOST_DIAGNOSES} diagnoses at the most")
    if asked.diagnoses:
        yield (
            "HI",
            *(("ABF" if place else "ABK", _diagnosis(one)) for place, one in enumerate(asked.diagnoses)),
        )


def _services(asked: AuthorizationQuestion, event: str) -> Iterator[Row]:
    for place, service in enumerate(asked.services, 1):
        if len(service.modifiers) > _MOST_MODIFIERS:
            raise X12Error(0, "SV1", f"a service has {_MOST_MODIFIERS} modifiers at the most")
        if not service.units > 0:
            raise X12Error(0, "SV1", "a service is asked for once at the least")
        modifiers = [code("SV1", one) for one in service.modifiers]
        procedure = identifier("SV1", service.procedure, 48)
        yield ("HL", str(int(event) + place), event, "SS", "0")
        yield ("SV1", ("HC", procedure, *modifiers), "", code("SV1", service.unit), _amount(service.units))


def _diagnosis(written: str) -> str:
    """A diagnosis code as the guides send it: without its point."""
    return identifier("HI", written.replace(".", ""), 30)


def _payer(entity: str, payer: Payer) -> Row:
    number = identifier("NM1", payer.id, _LONGEST_ID)
    return ("NM1", entity, "2", name(payer.name), "", "", "", "", "PI", number)


def _submitter(asked: ClaimQuestion) -> Row:
    electronic_id = identifier("NM1", asked.submitter, _LONGEST_ID)
    return ("NM1", "41", "2", name(asked.provider.last_name), "", "", "", "", "46", electronic_id)


def _provider(entity: str, provider: Provider) -> Row:
    if not (provider.npi.isascii() and provider.npi.isdigit() and len(provider.npi) == 10):
        raise X12Error(0, "NM1", "a provider is known by the ten digits of the national register")
    kind = "1" if provider.is_person else "2"
    first = text(provider.first_name, 35)
    return ("NM1", entity, kind, name(provider.last_name), first, "", "", "", "XX", provider.npi)


def _originator(provider: Provider) -> str:
    """Who gave a trace its number: ten characters, a 9 before a number of ours that is not a tax id."""
    return "9" + provider.npi[:9]


def _subscriber(who: Insured) -> Row:
    """The plan's holder, with the member id."""
    number = identifier("NM1", who.member_id, _LONGEST_ID) if who.member_id else ""
    first = text(who.first_name, 35)
    return ("NM1", "IL", "1", name(who.last_name), first, "", "", "", "MI" if number else "", number)


def _dependent(entity: str, who: Insured) -> Row:
    """Somebody under a holder's plan: the guides have no place for a number of theirs."""
    return ("NM1", entity, "1", name(who.last_name), text(who.first_name, 35))


def _born(who: Insured, genders: tuple[str, ...] = ("M", "F")) -> list[Row]:
    """A birth date, with the gender where the guide has a letter for it."""
    if who.gender not in ("", "M", "F", "U"):
        raise X12Error(0, "DMG", "a gender is M, F or U")
    if who.date_of_birth is None:
        return []
    gender = who.gender if who.gender in genders else ""
    return [("DMG", "D8", f"{who.date_of_birth:%Y%m%d}", gender)]


def _day(now: datetime | date) -> str:
    return f"{now:%Y%m%d}"


def _amount(value: object) -> str:
    """A number as X12 writes it: no sign of plus, no zeros that say nothing."""
    plain = format(value, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
