"""270 and 271 (005010X279A1, and 004010X092 as far as it is alike): who asks what of whom, and what the payer says."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from lamplighter.desk.ports.coverage import BenefitRow, Delivery, Network, OtherParty, Rejection

from .beginnings import beginning, rejections
from .elements import Dated, Elements
from .envelope import TransactionSet
from .errors import Remark
from .parties import PARTICULARS, Party, parties, party
from .tokens import Segment
from .walking import Loop, loops, walk

LEVELS = {"20": "payer", "21": "provider", "22": "subscriber", "23": "dependent"}
_NETWORKS = {"Y": Network.IN, "N": Network.OUT, "W": Network.BOTH}
_AUTHORIZATION = {"Y": True, "N": False}

_Dates = tuple[tuple[str, date | None, date | None], ...]
_Particulars = tuple[tuple[str, ...], tuple[str, ...], _Dates, tuple[Delivery, ...], tuple[OtherParty, ...]]
_NO_PARTICULARS: _Particulars = ((), (), (), (), ())


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is asked about one member (EQ of a 270)."""

    services: tuple[str, ...]
    procedure: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Member:
    """A subscriber or dependent with what was asked or answered about them."""

    level: str  # subscriber or dependent
    party: Party | None
    traces: tuple[tuple[str, ...], ...] = ()  # TRN: type, reference, who gave it
    relationship: str = ""  # INS02: 18 self, 01 spouse, 19 child...
    dates: tuple[Dated, ...] = ()
    inquiries: tuple[Inquiry, ...] = ()
    benefits: tuple[BenefitRow, ...] = field(default=(), repr=False)
    rejections: tuple[Rejection, ...] = ()


@dataclass(frozen=True, slots=True)
class Eligibility:
    """A 270 or a 271. `purpose` is BHT02: 13 a request, 11 a response."""

    purpose: str
    reference: str
    created: date | None
    payer: Party | None
    provider: Party | None
    members: tuple[Member, ...]
    rejections: tuple[Rejection, ...]  # of the payer or provider level: nothing was answered about anybody


def read_eligibility(found: TransactionSet, remarks: list[Remark]) -> Eligibility:
    """A 270 or 271. Codes that nobody knows stay as they are."""
    before, roots = loops(found.segments, remarks)
    elements = Elements(found.delimiters)
    begin = beginning(before, elements)
    named: dict[str, Party] = {}
    refused = rejections("payer", before)
    members: list[Member] = []
    for loop in walk(roots):
        level = LEVELS.get(loop.level, loop.level)
        if level in ("payer", "provider"):
            for someone in parties(loop.segments, elements)[:1]:
                named.setdefault(level, someone)
            refused += rejections(level, loop.segments)
        else:
            members.append(_member(level, loop, elements))
    remarks += elements.remarks
    return Eligibility(
        begin.purpose,
        begin.reference,
        begin.created,
        named.get("payer"),
        named.get("provider"),
        tuple(member for member in members if not _only_leads(member)),
        tuple(refused),
    )


def _only_leads(member: Member) -> bool:
    """A subscriber who stands there only because a dependent hangs under them, with nothing said of them, is kept too:
    the plan is theirs. Only a loop with nothing in it at all goes."""
    return member.party is None and not (
        member.benefits or member.inquiries or member.rejections or member.traces
    )


def _member(level: str, loop: Loop, elements: Elements) -> Member:
    head, rows = _head_and_benefits(loop.segments)
    who = parties(head, elements)
    relation = next((segment.get(2) for segment in head if segment.tag == "INS"), "")
    return Member(
        level,
        who[0] if who else None,
        tuple(tuple(s.get(p) for p in (1, 2, 3)) for s in head if s.tag == "TRN"),
        relation,
        tuple(elements.dated(segment) for segment in head if segment.tag == "DTP"),
        tuple(Inquiry(elements.repeated(s, 1), elements.parts(s, 2)) for s in head if s.tag == "EQ"),
        tuple(_benefit(row, elements) for row in rows),
        tuple(rejections(level, loop.segments)),
    )


def _head_and_benefits(segments: Sequence[Segment]) -> tuple[list[Segment], list[list[Segment]]]:
    """What stands before the first EB, and each EB with what follows it."""
    head: list[Segment] = []
    rows: list[list[Segment]] = []
    for segment in segments:
        if segment.elements[0] == "EB":
            rows.append([segment])
        elif rows:
            rows[-1].append(segment)
        else:
            head.append(segment)
    return head, rows


def _benefit(row: list[Segment], elements: Elements) -> BenefitRow:
    said, following = row[0], row[1:]
    (
        _, kind, level, services, insurance, plan, period, amount, share, counted, quantity, authorization, network,
        procedure,
    ) = said.padded(14)  # fmt: skip
    return BenefitRow(
        said.number,
        kind,
        level,
        elements.repeated(said, 3) if services else (),
        insurance,
        plan,
        period,
        elements.money(said, 7) if amount else None,
        elements.share(said, 8) if share else None,
        counted,
        elements.number(said, 10) if quantity else None,
        _AUTHORIZATION.get(authorization),
        _NETWORKS.get(network, Network.UNKNOWN),
        elements.parts(said, 13) if procedure else (),
        *(_particulars(following, elements) if following else _NO_PARTICULARS),
    )


def _particulars(following: list[Segment], elements: Elements) -> _Particulars:
    """What follows an EB: places, messages, dates, deliveries and whom it names."""
    first = following[0].elements
    if len(following) == 1 and first[0] == "MSG" and len(first) > 1 and first[1]:  # as most rows are
        return (), (first[1],), (), (), ()
    places, messages, dates, deliveries = [], [], [], []
    names = False
    for segment in following:
        tag = segment.elements[0]
        if tag == "MSG":
            messages.append(segment.get(1))
        elif tag == "III" and segment.get(1) == "ZZ":
            places.append(segment.get(2))
        elif tag == "DTP":
            dated = elements.dated(segment)
            dates.append((dated.qualifier, dated.period.start, dated.period.end))
        elif tag == "HSD":
            deliveries.append(_delivery(segment, elements))
        elif tag == "NM1":
            names = True
    others = _others(following, elements) if names else ()
    return tuple(filter(None, places)), tuple(filter(None, messages)), tuple(dates), tuple(deliveries), others


def _delivery(segment: Segment, elements: Elements) -> Delivery:
    return Delivery(
        segment.get(1),
        elements.number(segment, 2),
        segment.get(5),
        elements.number(segment, 6),
        segment.get(3),
    )


def _others(following: list[Segment], elements: Elements) -> tuple[OtherParty, ...]:
    """Whom the 2120 loops after a benefit name; LS and LE round them are often left out."""
    found: list[OtherParty] = []
    for place, segment in enumerate(following):
        if segment.tag == "NM1":
            about = []
            for next_one in following[place + 1 :]:
                if next_one.tag not in PARTICULARS:
                    break
                about.append(next_one)
            who = party(segment, about, elements)
            name = " ".join(text for text in (who.first_name, who.last_name) if text)
            contacts = tuple((contact.qualifier, contact.value) for contact in who.contacts)
            found.append(OtherParty(who.entity, name, who.id_qualifier, who.id, contacts))
    return tuple(found)
