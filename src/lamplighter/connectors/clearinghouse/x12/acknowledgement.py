"""999 and TA1: whether what we sent could be read."""

from dataclasses import dataclass, field

from .elements import Elements
from .envelope import TransactionSet
from .errors import Remark
from .tokens import Segment


@dataclass(frozen=True, slots=True)
class ElementError:
    """IK4: which element, and what is wrong with it (a code). What it held is left out: it may be about a person."""

    position: tuple[str, ...]
    reference: str
    code: str


@dataclass(frozen=True, slots=True)
class SegmentError:
    """IK3: which segment of what we sent, and what is wrong with it."""

    tag: str
    position: str
    loop: str
    code: str
    elements: tuple[ElementError, ...] = ()


@dataclass(frozen=True, slots=True)
class SetAcknowledged:
    """AK2 to IK5: one transaction set of ours. `code`: A accepted, E with errors, R, M, W, X rejected."""

    type: str
    control_number: str
    code: str
    reasons: tuple[str, ...] = ()
    errors: tuple[SegmentError, ...] = ()


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A 999. `code` of the group: A, E, P in part, R, M, W, X."""

    functional_group: str
    group_control_number: str
    version: str
    code: str
    reasons: tuple[str, ...]
    included: str
    received: str
    accepted: str
    sets: tuple[SetAcknowledged, ...]


@dataclass(frozen=True, slots=True)
class InterchangeAcknowledged:
    """A TA1. `code`: A accepted, E with errors, R rejected; `note` says why."""

    control_number: str
    date: str
    time: str
    code: str
    note: str


@dataclass(slots=True)
class _Set:
    start: Segment
    errors: list[tuple[Segment, list[Segment]]] = field(default_factory=list)
    end: Segment | None = None


def read_acknowledgement(found: TransactionSet, remarks: list[Remark]) -> Acknowledgement:
    """A 999."""
    elements = Elements(found.delimiters)
    group = next((s for s in found.segments if s.tag == "AK1"), None)
    last = next((s for s in found.segments if s.tag == "AK9"), None)
    for tag, there in (("AK1", group), ("AK9", last)):
        if there is None:
            remarks.append(Remark(found.segments[-1].number, found.segments[-1].tag, f"no {tag} in it"))
    sets = [_acknowledged(one, elements) for one in _sets(found, remarks)]
    remarks += elements.remarks
    return Acknowledgement(
        group.get(1) if group else "",
        group.get(2) if group else "",
        group.get(3) if group else "",
        last.get(1) if last else "",
        tuple(last.get(p) for p in range(5, 10) if last.get(p)) if last else (),
        last.get(2) if last else "",
        last.get(3) if last else "",
        last.get(4) if last else "",
        tuple(sets),
    )


def read_interchange_acknowledgement(segment: Segment) -> InterchangeAcknowledged:
    """A TA1."""
    return InterchangeAcknowledged(*(segment.get(position) for position in range(1, 6)))


def _sets(found: TransactionSet, remarks: list[Remark]) -> list[_Set]:
    sets: list[_Set] = []
    for segment in found.segments:
        open_set = sets[-1] if sets and sets[-1].end is None else None
        if segment.tag == "AK2":
            sets.append(_Set(segment))
        elif segment.tag in ("IK3", "IK4", "IK5", "AK3", "AK4", "AK5"):
            if open_set is None:
                remarks.append(Remark(segment.number, segment.tag, "it stands outside every AK2"))
            elif segment.tag[-1] == "3":
                open_set.errors.append((segment, []))
            elif segment.tag[-1] == "4":
                if not open_set.errors:
                    open_set.errors.append((segment, []))
                open_set.errors[-1][1].append(segment)
            else:
                open_set.end = segment
    remarks += [
        Remark(one.start.number, "AK2", "no IK5 says what became of it") for one in sets if one.end is None
    ]
    return sets


def _acknowledged(one: _Set, elements: Elements) -> SetAcknowledged:
    end = one.end
    return SetAcknowledged(
        one.start.get(1),
        one.start.get(2),
        end.get(1) if end else "",
        tuple(end.get(p) for p in range(2, 7) if end.get(p)) if end else (),
        tuple(_error(segment, below, elements) for segment, below in one.errors),
    )


def _error(segment: Segment, below: list[Segment], elements: Elements) -> SegmentError:
    found = tuple(ElementError(elements.parts(s, 1), s.get(2), s.get(3)) for s in below)
    if segment.tag[-1] == "4":
        return SegmentError("", "", "", "", found)
    return SegmentError(segment.get(1), segment.get(2), segment.get(3), segment.get(4), found)
