"""What a payer asks for, gathered from what is on file: where each piece comes from, and what is missing before a
biller may let it go."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final

from pydantic import TypeAdapter

from lamplighter.desk import plan_gates, plan_kept
from lamplighter.desk.authorizations.model import Authorization
from lamplighter.desk.ports import Person, Transaction
from lamplighter.desk.ports.coverage import (
    AuthorizationQuestion,
    AuthorizationStep,
    Insured,
    Payer,
    Provider,
)
from lamplighter.practice.authorizing import AuthorizationPayer
from lamplighter.practice.model import Practice

DIGITS: Final = 10
Members = tuple[Insured, Insured | None]
"""The holder of the plan and, where that is somebody else, the patient."""


@dataclass(frozen=True, slots=True)
class Piece:
    """`value` "" is missing. `sealed`: for clinical roles and billers."""

    name: str
    value: str = field(repr=False)
    source: str = ""
    sealed: bool = False


def rules_of(practice: Practice, found: Authorization) -> AuthorizationPayer:
    """Those of its insurer; where the file names it no more, the usual ones."""
    return practice.authorizations.of(found.request.insurer) or AuthorizationPayer(found.request.insurer)


def pieces(tx: Transaction, practice: Practice, person: Person, found: Authorization) -> tuple[Piece, ...]:
    return tuple(_pieces(tx, practice, person, found))


def missing(tx: Transaction, practice: Practice, person: Person, found: Authorization) -> tuple[str, ...]:
    return tuple(each.name for each in pieces(tx, practice, person, found) if not each.value)


def _pieces(tx: Transaction, practice: Practice, person: Person, found: Authorization) -> Iterator[Piece]:
    rules, asks = rules_of(practice, found), practice.eligibility
    born = person.date_of_birth.isoformat() if person.date_of_birth else ""
    yield Piece("Patient", f"{person.first_name} {person.last_name}", "on file")
    yield Piece("Born", born, "on file")
    yield Piece("Number on the card", person.member_id or "", "on file")
    if person.subscriber != plan_gates.OWN:
        holder = plan_kept.holder(tx, person.id)
        yield Piece(
            "Holder of the plan", f"{holder.first_name} {holder.last_name}" if holder else "", "on file"
        )
    yield Piece("Who asks", f"{asks.name}, NPI {asks.npi}" if asks.npi else "", "eligibility.yaml")
    if "clinician_npi" in rules.asks:
        yield Piece("Clinician's NPI", npi_of(practice, found), "authorizations.yaml")
    yield from _of_the_clinician(rules, found)
    for paper in rules.attachments:
        yield Piece(paper, "at hand" if paper in found.attached else "", "checked off by staff")


def _of_the_clinician(rules: AuthorizationPayer, found: Authorization) -> Iterator[Piece]:
    codes = found.codes
    if "diagnoses" in rules.asks:
        yield Piece("Diagnoses", ", ".join(codes.diagnoses) if codes else "", "the clinician", sealed=True)
    if "procedures" in rules.asks:
        said = ", ".join(f"{each.procedure} × {each.units}" for each in codes.services) if codes else ""
        yield Piece("Procedures", said, "the clinician", sealed=True)
    if "dates" in rules.asks:
        said = f"{codes.first_day.isoformat()} to {codes.last_day.isoformat()}" if codes else ""
        yield Piece("Dates", said, "the clinician")


def npi_of(practice: Practice, found: Authorization) -> str:
    return dict(practice.authorizations.npis).get(found.request.clinician, "")


def payer_of(practice: Practice, found: Authorization) -> Payer | None:
    known = practice.eligibility.payer_of(found.request.insurer)
    return Payer(known.id, known.name) if known is not None else None


def question(
    tx: Transaction,
    practice: Practice,
    person: Person,
    found: Authorization,
    step: AuthorizationStep,
    trace: str,
    whose: Members | None = None,
) -> AuthorizationQuestion | None:
    """What goes to the payer, about them as they are on file now or as the payer was told; None where the codes, or
    its id, are missing."""
    payer, codes = payer_of(practice, found), found.codes
    if payer is None or codes is None:
        return None
    subscriber, dependent = whose or members(tx, person)
    digits = "".join(char for char in practice.phone if char.isdigit())
    return AuthorizationQuestion(
        step=step,
        payer=payer,
        provider=_provider(practice, found),
        subscriber=subscriber,
        dependent=dependent,
        first_day=codes.first_day,
        last_day=codes.last_day,
        diagnoses=codes.diagnoses,
        services=codes.services,
        number=found.number or ("" if step is AuthorizationStep.INQUIRE else _number_renewed(found)),
        reference=found.answer.ticket if found.answer is not None else "",
        trace=trace,
        telephone=digits[-DIGITS:],
        expedited=found.expedited,
    )


def _number_renewed(found: Authorization) -> str:
    return next((step.value("number") for step in found.steps if step.kind == "released"), "")


def members(tx: Transaction, person: Person) -> Members:
    """As they are on file now."""
    number = person.member_id or ""
    patient = Insured(person.first_name, person.last_name, person.date_of_birth, number)
    holder = plan_kept.holder(tx, person.id) if person.subscriber != plan_gates.OWN else None
    if holder is None:
        return patient, None
    return replace(holder, member_id=number), replace(patient, member_id="")


def as_sent(found: Authorization) -> Members | None:
    """Those whom the payer was told of last; None where nothing left by a channel."""
    told = (step.value("members") for step in reversed(found.steps) if step.kind == "sent")
    written = next(filter(None, told), "")
    return _members().validate_json(written) if written else None


def members_out(asked: AuthorizationQuestion) -> str:
    return _members().dump_json((asked.subscriber, asked.dependent)).decode()


@cache
def _members() -> TypeAdapter[Members]:
    return TypeAdapter(Members)


def _provider(practice: Practice, found: Authorization) -> Provider:
    asks, npi = practice.eligibility, npi_of(practice, found)
    if npi and "clinician_npi" in rules_of(practice, found).asks:
        first, _, last = practice.clinician(found.request.clinician).name.rpartition(" ")
        return Provider(npi, last, first)
    return Provider(asks.npi, asks.name, asks.first_name)
