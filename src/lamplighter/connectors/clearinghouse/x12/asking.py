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


def eligibility(asked: EligibilityQuestion, now: datetime) -> Body:
    """A 270.

    Raises:
        X12Error: something is missing that a payer can't do without.
    """
    member = _chosen(asked.subscriber, asked.dependent)
    if not asked.services:
        raise X12Error(0, "EQ", "no service type is asked about")
    rows: list[Row] = [
        ("BHT", "0022", "13", text(asked.trace, 50), _day(now), now.strftime("%H%M%S")),
        ("HL", "1", "", "20", "1"),
        _payer("PR", asked.payer),
        ("HL", "2", "1", "21", "1"),
        _provider("1P", asked.provider),
        ("HL", "3", "2", "22", "1" if asked.dependent else "0"),
    ]
    trace: Row = ("TRN", "1", text(asked.trace, 50), _originator(asked.provider))
    if asked.dependent is None:
        rows += [trace, *_insured("IL", asked.subscriber, "270")]
    else:
        rows += [_named("IL", asked.subscriber), ("HL", "4", "3", "23", "0"), trace]
        rows += _insured("03", asked.dependent, "270")
    day = asked.day or now.date()
    rows.append(("DTP", "291", "D8", f"{day:%Y%m%d}"))
    rows += [("EQ", service) for service in asked.services]
    if not (member.date_of_birth or asked.subscriber.member_id):
        raise X12Error(0, "NM1", "a payer needs a member id or a date of birth")
    return Body("270", ELIGIBILITY, tuple(rows))


def claim_status(asked: ClaimQuestion, now: datetime) -> Body:
    """A 276.

    Raises:
        X12Error: as `eligibility`.
    """
    trace: Row = ("TRN", "1", text(asked.trace, 50))
    rows: list[Row] = [
        ("BHT", "0010", "13", text(asked.trace, 50), _day(now), now.strftime("%H%M%S")),
        ("HL", "1", "", "20", "1"),
        _payer("PR", asked.payer),
        ("HL", "2", "1", "21", "1"),
        _submitter(asked),
        ("HL", "3", "2", "19", "1"),
        _provider("1P", asked.provider),
        ("HL", "4", "3", "22", "1" if asked.dependent else "0"),
    ]  # fmt: skip
    rows += _born(asked.subscriber) if asked.dependent is None else []
    rows.append(_named("IL", asked.subscriber))
    if asked.dependent is not None:
        rows += [("HL", "5", "4", "23", "0"), *_born(asked.dependent), _named("QC", asked.dependent)]
    rows.append(trace)
    if asked.payer_number:
        rows.append(("REF", "1K", text(asked.payer_number, 50)))
    if asked.account:
        rows.append(("REF", "EJ", text(asked.account, 50)))
    if asked.charge is not None:
        rows.append(("AMT", "T3", _amount(asked.charge.amount)))
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
    rows: list[Row] = [
        ("BHT", "0007", purpose, text(asked.trace, 50), _day(now), now.strftime("%H%M%S")),
        ("HL", "1", "", "20", "1"),
        _payer("X3" if version == "005010X217" else "PR", asked.payer),
        ("HL", "2", "1", "21", "1"),
        _provider("1P", asked.provider),
    ]
    if asked.telephone:
        rows.append(("PER", "IC", "", "TE", asked.telephone))
    rows += [("HL", "3", "2", "22", "1"), *_insured("IL", asked.subscriber, "278")]
    above = "3"
    if asked.dependent is not None:
        rows += [("HL", "4", "3", "23", "1"), *_insured("QC", asked.dependent, "278")]
        above = "4"
    event = str(int(above) + 1)
    rows.append(("HL", event, above, "EV", "1" if asked.services else "0"))
    rows += _event(asked, request_type)
    rows += _services(asked, event)
    return Body("278", version, tuple(rows))


def _event(asked: AuthorizationQuestion, request_type: str) -> Iterator[Row]:
    if asked.trace:
        yield ("TRN", "1", text(asked.trace, 50), _originator(asked.provider))
    yield ("UM", asked.category, request_type, asked.service_type, (asked.place, "B"))
    if asked.number:
        yield ("REF", "BB", text(asked.number, 50))
    if asked.first_day is not None:
        last = asked.last_day or asked.first_day
        if last == asked.first_day:
            yield ("DTP", "AAH", "D8", f"{asked.first_day:%Y%m%d}")
        else:
            yield ("DTP", "AAH", "RD8", f"{asked.first_day:%Y%m%d}-{last:%Y%m%d}")
    if asked.diagnoses:
        codes = [("ABK" if place == 0 else "ABF", _code(code)) for place, code in enumerate(asked.diagnoses)]
        yield ("HI", *codes)


def _services(asked: AuthorizationQuestion, event: str) -> Iterator[Row]:
    for place, service in enumerate(asked.services, 1):
        yield ("HL", str(int(event) + place), event, "SS", "0")
        yield ("SV1", ("HC", service.procedure, *service.modifiers), "", service.unit, _amount(service.units))


def _code(diagnosis: str) -> str:
    """A diagnosis code as the guides send it: without its point."""
    return diagnosis.replace(".", "").upper()


def _chosen(subscriber: Insured, dependent: Insured | None) -> Insured:
    return subscriber if dependent is None else dependent


def _payer(entity: str, payer: Payer) -> Row:
    if not payer.id:
        raise X12Error(0, "NM1", "the payer has no id")
    return ("NM1", entity, "2", text(payer.name, 60), "", "", "", "", "PI", text(payer.id, _LONGEST_ID))


def _submitter(asked: ClaimQuestion) -> Row:
    name, electronic_id = text(asked.provider.last_name, 60), text(asked.submitter, _LONGEST_ID)
    return ("NM1", "41", "2", name, "", "", "", "", "46", electronic_id)


def _provider(entity: str, provider: Provider) -> Row:
    if not (provider.npi.isascii() and provider.npi.isdigit() and len(provider.npi) == 10):
        raise X12Error(0, "NM1", "a provider is known by the ten digits of the national register")
    kind = "1" if provider.is_person else "2"
    first = text(provider.first_name, 35)
    return ("NM1", entity, kind, text(provider.last_name, 60), first, "", "", "", "XX", provider.npi)


def _originator(provider: Provider) -> str:
    """Who gave a trace its number: ten characters, a 9 before a number of ours that is not a tax id."""
    return "9" + provider.npi[:9]


def _named(entity: str, who: Insured) -> Row:
    qualifier = "MI" if who.member_id else ""
    return (
        "NM1", entity, "1", text(who.last_name, 60), text(who.first_name, 35), "", "", "", qualifier,
        text(who.member_id, _LONGEST_ID),
    )  # fmt: skip


def _insured(entity: str, who: Insured, of: str) -> list[Row]:
    if not who.last_name:
        raise X12Error(0, "NM1", f"a {of} needs a last name")
    return [_named(entity, who), *_born(who)]


def _born(who: Insured) -> list[Row]:
    if who.date_of_birth is None:
        return []
    return [("DMG", "D8", f"{who.date_of_birth:%Y%m%d}", who.gender)]


def _day(now: datetime | date) -> str:
    return f"{now:%Y%m%d}"


def _amount(value: object) -> str:
    """A number as X12 writes it: no sign of plus, no zeros that say nothing."""
    plain = format(value, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
