"""278: requests and answers (005010X217), inquiries (X215) and notices (X216) about prior authorization."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lamplighter.desk.ports.coverage import Rejection

from .beginnings import beginning, rejections
from .elements import Dated, Elements
from .envelope import TransactionSet
from .errors import Remark
from .parties import PARTICULARS, Party, Reference, parties, reference
from .tokens import Segment
from .walking import Loop, loops, walk

_LEVELS = {"20": "payer", "21": "requester", "22": "subscriber", "23": "dependent"}
_ASKS = {"X217": ("13", "01", "36"), "X215": ("28",), "X216": ("13", "14", "36")}
_NAMES = {"X217": "authorization", "X215": "authorization_inquiry", "X216": "authorization_notice"}


@dataclass(frozen=True, slots=True)
class Decision:
    """HCR. `action`: A1 approved, A2 in part, A3 not, A4 pended, A6 modified, CT call, NA none needed, C cancelled."""

    action: str
    number: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """SV1, SV2 or SV3: what is asked for, in codes that a clinician chose."""

    procedure: tuple[str, ...]
    unit: str
    quantity: Decimal | None


@dataclass(frozen=True, slots=True)
class Item:
    """An event (EV) or a service (SS) within one."""

    level: str
    id: str
    parent: str
    traces: tuple[tuple[str, ...], ...]
    category: str = ""  # UM01: HS, AR, SC
    request_type: str = ""  # UM02: I initial, R renewal, S revised, 3 cancelled
    service_type: str = ""
    place: tuple[str, ...] = ()
    decision: Decision | None = None
    references: tuple[Reference, ...] = ()
    dates: tuple[Dated, ...] = ()
    diagnoses: tuple[tuple[str, ...], ...] = ()
    lines: tuple[ServiceLine, ...] = ()
    deliveries: tuple[tuple[str, ...], ...] = ()
    papers: tuple[str, ...] = ()  # PWK01: which reports go with it, or are wanted
    messages: tuple[str, ...] = ()
    parties: tuple[Party, ...] = ()
    rejections: tuple[Rejection, ...] = ()


@dataclass(frozen=True, slots=True)
class Authorization:
    """A 278 of any of the four kinds. `kind` says which."""

    kind: str
    purpose: str  # BHT02
    reference: str  # BHT03
    created: date | None
    payer: Party | None
    requester: Party | None
    subscriber: Party | None
    dependent: Party | None
    items: tuple[Item, ...]
    rejections: tuple[Rejection, ...]


def read_authorization(found: TransactionSet, remarks: list[Remark]) -> Authorization:
    """A 278 of any kind."""
    before, roots = loops(found.segments, remarks)
    elements = Elements(found.delimiters)
    begin = beginning(before, elements)
    named: dict[str, Party] = {}
    refused: list[Rejection] = []
    items: list[Item] = []
    parents = {id(child): loop.id for loop in walk(roots) for child in loop.children}
    for loop in walk(roots):
        level = _LEVELS.get(loop.level)
        if level is None:
            items.append(_item(loop, parents.get(id(loop), ""), elements))
            continue
        for someone in parties(loop.segments, elements)[:1]:
            named.setdefault(level, someone)
        refused += rejections(level, loop.segments)
    remarks += elements.remarks
    return Authorization(
        kind_of(found.guide, begin.purpose, any(item.decision for item in items) or bool(refused)),
        begin.purpose,
        begin.reference,
        begin.created,
        named.get("payer"),
        named.get("requester"),
        named.get("subscriber"),
        named.get("dependent"),
        tuple(items),
        tuple(refused),
    )


def kind_of(guide: str, purpose: str, answered: bool) -> str:
    """authorization_request, _response, _inquiry_request... An answer is one whatever its purpose says."""
    asks = purpose in _ASKS.get(guide, ()) and not answered
    return f"{_NAMES.get(guide, 'authorization')}_{'request' if asks else 'response'}"


def _item(loop: Loop, parent: str, elements: Elements) -> Item:
    asked = loop.first("UM")
    decided = loop.first("HCR")
    return Item(
        level=loop.level,
        id=loop.id,
        parent=parent,
        traces=tuple(tuple(s.get(p) for p in (1, 2, 3)) for s in loop.all("TRN")),
        category=asked.get(1) if asked else "",
        request_type=asked.get(2) if asked else "",
        service_type=asked.get(3) if asked else "",
        place=elements.parts(asked, 4) if asked else (),
        decision=_decision(decided, elements) if decided else None,
        references=tuple(reference(s) for s in _of_its_own(loop.segments) if s.tag == "REF"),
        dates=tuple(elements.dated(s) for s in loop.all("DTP")),
        diagnoses=tuple(
            elements.parts(s, p) for s in loop.all("HI") for p in range(1, len(s.elements)) if s.get(p)
        ),
        lines=tuple(_line(s, elements) for s in loop.segments if s.tag in ("SV1", "SV2", "SV3")),
        deliveries=tuple(tuple(s.get(p) for p in range(1, 9)) for s in loop.all("HSD")),
        papers=tuple(s.get(1) for s in loop.all("PWK") if s.get(1)),
        messages=tuple(s.get(1) for s in loop.all("MSG") if s.get(1)),
        parties=tuple(parties(loop.segments, elements)),
        rejections=tuple(rejections("event" if loop.level == "EV" else "service", loop.segments)),
    )


def _of_its_own(segments: Sequence[Segment]) -> list[Segment]:
    """The segments that are about the item itself, and not about a party that it names."""
    own: list[Segment] = []
    about_party = False
    for segment in segments:
        if segment.tag == "NM1":
            about_party = True
        elif segment.tag not in PARTICULARS:
            about_party = False
        if not about_party:
            own.append(segment)
    return own


def _decision(segment: Segment, elements: Elements) -> Decision:
    return Decision(segment.get(1), segment.get(2), elements.repeated(segment, 3))


def _line(segment: Segment, elements: Elements) -> ServiceLine:
    code, unit, quantity = {"SV1": (1, 3, 4), "SV2": (2, 4, 5), "SV3": (1, 0, 6)}[segment.tag]
    return ServiceLine(
        elements.parts(segment, code), segment.get(unit) if unit else "", elements.number(segment, quantity)
    )
