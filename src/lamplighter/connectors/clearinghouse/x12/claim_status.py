"""276 and 277 (005010X212): what became of a claim; and 277CA (X214): whether it was taken in."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lamplighter.practice.model import Money

from .beginnings import beginning
from .elements import Dated, Elements, part
from .envelope import TransactionSet
from .errors import Remark
from .parties import Party, Reference, parties, reference
from .tokens import Segment
from .walking import Loop, loops, walk

_LEVELS = {
    "20": "payer",
    "21": "receiver",
    "19": "provider",
    "22": "subscriber",
    "23": "dependent",
    "PT": "patient",
}


@dataclass(frozen=True, slots=True)
class Status:
    """STC. `category` (A1, F2, P3...) says how far it is, `code` why, `entity` who is meant."""

    category: str
    code: str
    entity: str
    effective: date | None = None
    action: str = ""  # of a 277CA: WQ taken, U rejected
    charge: Money | None = None
    paid: Money | None = None
    decided: date | None = None
    paid_on: date | None = None
    check_number: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class StatusLine:
    """A service of a claim (SVC)."""

    procedure: tuple[str, ...]
    charge: Money | None
    paid: Money | None
    units: Decimal | None
    statuses: tuple[Status, ...]
    references: tuple[Reference, ...]
    dates: tuple[Dated, ...]


@dataclass(frozen=True, slots=True)
class ClaimStatus:
    """What is asked or answered under one trace (TRN) at one level."""

    level: str
    about: Party | None
    trace: tuple[str, str]
    statuses: tuple[Status, ...]
    references: tuple[Reference, ...]
    dates: tuple[Dated, ...]
    amounts: tuple[tuple[str, Money | None], ...]
    quantities: tuple[tuple[str, Decimal | None], ...]
    lines: tuple[StatusLine, ...]


@dataclass(frozen=True, slots=True)
class ClaimStatuses:
    """A 276, 277 or 277CA."""

    purpose: str
    reference: str
    created: date | None
    payer: Party | None
    receiver: Party | None
    providers: tuple[Party, ...]
    claims: tuple[ClaimStatus, ...]


def read_claim_status(found: TransactionSet, remarks: list[Remark]) -> ClaimStatuses:
    """A 276, 277 or 277CA."""
    before, roots = loops(found.segments, remarks)
    elements = Elements(found.delimiters)
    begin = beginning(before, elements)
    named: dict[str, list[Party]] = {}
    claims: list[ClaimStatus] = []
    for loop in walk(roots):
        level = _LEVELS.get(loop.level, loop.level)
        who = parties(loop.segments, elements)
        named.setdefault(level, []).extend(who[:1])
        claims += _claims(level, who[0] if who else None, loop, elements)
    remarks += elements.remarks
    first = {level: found_parties[0] for level, found_parties in named.items() if found_parties}
    return ClaimStatuses(
        begin.purpose,
        begin.reference,
        begin.created,
        first.get("payer"),
        first.get("receiver"),
        tuple(named.get("provider", ())),
        tuple(claims),
    )


def _claims(level: str, about: Party | None, loop: Loop, elements: Elements) -> list[ClaimStatus]:
    traced: list[list[Segment]] = []
    for segment in loop.segments:
        if segment.tag == "TRN":
            traced.append([segment])
        elif traced:
            traced[-1].append(segment)
    return [_claim(level, about, segments, elements) for segments in traced]


def _claim(level: str, about: Party | None, segments: list[Segment], elements: Elements) -> ClaimStatus:
    lines: list[list[Segment]] = []
    own: list[Segment] = []
    for segment in segments:
        if segment.tag == "SVC":
            lines.append([segment])
        else:
            (lines[-1] if lines else own).append(segment)
    return ClaimStatus(
        level,
        about,
        (segments[0].get(1), segments[0].get(2)),
        _statuses(own, elements),
        tuple(reference(s) for s in own if s.tag == "REF"),
        tuple(elements.dated(s) for s in own if s.tag == "DTP"),
        tuple((s.get(1), elements.money(s, 2)) for s in own if s.tag == "AMT"),
        tuple((s.get(1), elements.number(s, 2)) for s in own if s.tag == "QTY"),
        tuple(_line(line, elements) for line in lines),
    )


def _line(segments: list[Segment], elements: Elements) -> StatusLine:
    said = segments[0]
    return StatusLine(
        elements.parts(said, 1),
        elements.money(said, 2),
        elements.money(said, 3),
        elements.number(said, 7),
        _statuses(segments, elements),
        tuple(reference(s) for s in segments if s.tag == "REF"),
        tuple(elements.dated(s) for s in segments if s.tag == "DTP"),
    )


def _statuses(segments: list[Segment], elements: Elements) -> tuple[Status, ...]:
    """Every status of the STC segments; one segment may hold three, of which the later have codes alone."""
    found: list[Status] = []
    for segment in segments:
        if segment.tag != "STC":
            continue
        codes = elements.parts(segment, 1)
        found.append(
            Status(
                part(codes, 0), part(codes, 1), part(codes, 2), elements.day(segment, 2), segment.get(3),
                elements.money(segment, 4), elements.money(segment, 5), elements.day(segment, 6),
                elements.day(segment, 8), segment.get(9), segment.get(12),
            )
        )  # fmt: skip
        for position in (10, 11):
            further = elements.parts(segment, position)
            if further:
                found.append(Status(part(further, 0), part(further, 1), part(further, 2)))
    return tuple(found)
