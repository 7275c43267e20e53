"""835 (005010X221A1): what an insurer paid, for what, and what it says of the rest."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lamplighter.practice.model import Money

from .elements import Dated, Elements, Period
from .envelope import TransactionSet
from .errors import Remark
from .parties import Party, Reference, parties, reference
from .tokens import Segment

_ABOUT_PARTIES = ("NM1", "N1")


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What was not paid of a charge, and why (CAS). `group`: PR the patient's, CO the contract's, OA, PI."""

    group: str
    reason: str
    amount: Money | None
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PaidLine:
    """A service of a claim (SVC)."""

    procedure: tuple[str, ...]
    charge: Money | None
    paid: Money | None
    units: Decimal | None
    submitted_procedure: tuple[str, ...]
    dates: tuple[Dated, ...]
    adjustments: tuple[Adjustment, ...]
    amounts: tuple[tuple[str, Money | None], ...]
    references: tuple[Reference, ...]
    remarks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PaidClaim:
    """A claim (CLP). `status`: 1 primary, 2 secondary, 3 tertiary, 4 denied, 22 reversed..."""

    account: str
    status: str
    charge: Money | None
    paid: Money | None
    patient_owes: Money | None
    filing: str
    payer_number: str
    parties: tuple[Party, ...]
    dates: tuple[Dated, ...]
    adjustments: tuple[Adjustment, ...]
    amounts: tuple[tuple[str, Money | None], ...]
    references: tuple[Reference, ...]
    remarks: tuple[str, ...]  # MIA and MOA codes
    lines: tuple[PaidLine, ...]


@dataclass(frozen=True, slots=True)
class ProviderAdjustment:
    """Money that belongs to no claim (PLB)."""

    provider: str
    fiscal_year_end: date | None
    reason: tuple[str, ...]
    amount: Money | None


@dataclass(frozen=True, slots=True)
class Remittance:
    """An 835."""

    handling: str  # BPR01
    paid: Money | None
    is_credit: bool
    method: str  # CHK, ACH, NON...
    paid_on: date | None
    trace: str  # the check's or transfer's number
    produced: tuple[Dated, ...]
    payer: Party | None
    payee: Party | None
    claims: tuple[PaidClaim, ...]
    adjustments: tuple[ProviderAdjustment, ...]


def read_remittance(found: TransactionSet, remarks: list[Remark]) -> Remittance:
    """An 835. A claim that doesn't balance is noted, and kept as it came."""
    elements = Elements(found.delimiters)
    head, claims, foot = _divided(found.segments)
    pay = next((s for s in head if s.tag == "BPR"), None)
    trace = next((s for s in head if s.tag == "TRN"), None)
    named = {who.entity: who for who in parties(head, elements, ("N1",))}
    paid = tuple(_claim(claim, elements) for claim in claims)
    result = Remittance(
        pay.get(1) if pay else "",
        elements.money(pay, 2) if pay else None,
        pay is not None and pay.get(3) != "D",
        pay.get(4) if pay else "",
        elements.day(pay, 16) if pay else None,
        trace.get(2) if trace else "",
        tuple(_day(s, elements) for s in head if s.tag == "DTM"),
        named.get("PR"),
        named.get("PE"),
        paid,
        tuple(adjustment for s in foot if s.tag == "PLB" for adjustment in _provider(s, elements)),
    )
    _balance(claims, paid, elements)
    remarks += elements.remarks
    return result


def _divided(segments: Iterable[Segment]) -> tuple[list[Segment], list[list[Segment]], list[Segment]]:
    """What stands before the claims, each claim, and what stands after them."""
    head: list[Segment] = []
    claims: list[list[Segment]] = []
    foot: list[Segment] = []
    for segment in segments:
        if segment.tag == "CLP":
            claims.append([segment])
        elif segment.tag in ("PLB", "SE") or foot:
            foot.append(segment)
        elif claims and segment.tag not in ("LX", "TS3", "TS2"):
            claims[-1].append(segment)
        elif not claims:
            head.append(segment)
    return head, claims, foot


def _claim(segments: list[Segment], elements: Elements) -> PaidClaim:
    said = segments[0]
    own: list[Segment] = []
    lines: list[list[Segment]] = []
    for segment in segments:
        if segment.tag == "SVC":
            lines.append([segment])
        else:
            (lines[-1] if lines else own).append(segment)
    return PaidClaim(
        said.get(1),
        said.get(2),
        elements.money(said, 3),
        elements.money(said, 4),
        elements.money(said, 5),
        said.get(6),
        said.get(7),
        tuple(parties(own, elements)),
        tuple(_day(s, elements) for s in own if s.tag == "DTM"),
        _adjustments(own, elements),
        tuple((s.get(1), elements.money(s, 2)) for s in own if s.tag == "AMT"),
        tuple(reference(s) for s in own if s.tag == "REF"),
        tuple(
            s.get(p) for s in own if s.tag in ("MIA", "MOA") for p in _codes(s.tag) if s.get(p)
        ),
        tuple(_line(line, elements) for line in lines),
    )  # fmt: skip


def _codes(tag: str) -> tuple[int, ...]:
    return (3, 4, 5, 6, 7) if tag == "MOA" else (5, 20, 21, 22, 23)


def _line(segments: list[Segment], elements: Elements) -> PaidLine:
    said = segments[0]
    return PaidLine(
        elements.parts(said, 1),
        elements.money(said, 2),
        elements.money(said, 3),
        elements.number(said, 5),
        elements.parts(said, 6),
        tuple(_day(s, elements) for s in segments if s.tag == "DTM"),
        _adjustments(segments, elements),
        tuple((s.get(1), elements.money(s, 2)) for s in segments if s.tag == "AMT"),
        tuple(reference(s) for s in segments if s.tag == "REF"),
        tuple((s.get(1), s.get(2)) for s in segments if s.tag == "LQ"),
    )


def _day(segment: Segment, elements: Elements) -> Dated:
    """DTM: a qualifier and one day."""
    day = elements.day(segment, 2)
    return Dated(segment.get(1), Period(day, day), segment.get(2))


def _adjustments(segments: Iterable[Segment], elements: Elements) -> tuple[Adjustment, ...]:
    """CAS: a group, then up to six of reason, amount and quantity."""
    return tuple(
        Adjustment(s.get(1), s.get(p), elements.money(s, p + 1), elements.number(s, p + 2))
        for s in segments
        if s.tag == "CAS"
        for p in range(2, len(s.elements), 3)
        if s.get(p)
    )


def _provider(segment: Segment, elements: Elements) -> list[ProviderAdjustment]:
    """PLB: whose, until when, then up to six of reason and amount."""
    return [
        ProviderAdjustment(
            segment.get(1),
            elements.day(segment, 2),
            elements.parts(segment, p),
            elements.money(segment, p + 1),
        )
        for p in range(3, len(segment.elements), 2)
        if segment.get(p)
    ]


def _balance(segments: list[list[Segment]], claims: tuple[PaidClaim, ...], elements: Elements) -> None:
    """What was charged is what was paid and what was adjusted; where it isn't, somebody has to look."""
    for claim, told in zip(claims, segments, strict=True):
        if claim.charge is None or claim.paid is None:
            continue
        every = [*claim.adjustments, *(a for line in claim.lines for a in line.adjustments)]
        kept = sum((a.amount.amount for a in every if a.amount), Decimal())
        if claim.charge.amount - claim.paid.amount != kept:
            elements.note(told[0], "the claim does not balance: charge, payment and adjustments differ")
