"""X12 as it is sent: strict. What can't be written is refused before anything goes.

Text is put into the characters that payers take: capitals, without accents, none of them a delimiter.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from anyascii import anyascii

from .errors import X12Error
from .tokens import Delimiters

USUAL = Delimiters()
_VERSION = "00501"
_LARGEST = 999_999_999
_GROUPS = {"270": "HS", "276": "HR", "278": "HI", "999": "FA"}
_BEYOND_LETTERS = frozenset("!\"&'()+,-./;?= %@[]_{}<>#$|\\`")  # besides letters and digits: the extended set

Element = str | tuple[str, ...]
Row = tuple[Element, ...]


class ControlNumbers(Protocol):
    """Numbers that never come twice, also over a crash: a durable sequence for each kind (ISA13, GS06, ST02)."""

    def next(self, kind: str) -> int: ...


@dataclass(frozen=True, slots=True)
class Partner:
    """How we and a clearinghouse name each other in envelopes. Qualifiers: ZZ agreed, 30 tax id, 01 DUNS..."""

    sender: str
    receiver: str
    sender_qualifier: str = "ZZ"
    receiver_qualifier: str = "ZZ"
    group_sender: str = ""  # as in ISA where empty
    group_receiver: str = ""
    production: bool = True


@dataclass(frozen=True, slots=True)
class Body:
    """What stands between ST and SE."""

    type: str
    version: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """An interchange, and the numbers under which its acknowledgements will come."""

    text: str = field(repr=False)
    interchange: str  # ISA13
    group: str  # GS06
    sets: tuple[str, ...]  # ST02


def written(bodies: Sequence[Body], partner: Partner, numbers: ControlNumbers, now: datetime) -> Written:
    """One interchange with one group for transaction sets of one kind.

    Raises:
        X12Error: nothing to send, sets of several kinds, or something that can't be written.
    """
    if not bodies or len({(body.type, body.version) for body in bodies}) != 1:
        raise X12Error(0, "", "an interchange is written of transaction sets of one kind")
    interchange = f"{_number(numbers, 'interchange'):09d}"
    group = str(_number(numbers, "group"))
    first = bodies[0]
    lines = [_isa(partner, interchange, now), _row(1, _gs(first, partner, group, now))]
    sets: list[str] = []
    for body in bodies:
        control = f"{_number(numbers, 'set'):04d}"
        sets.append(control)
        rows: list[Row] = [("ST", body.type, control, body.version), *body.rows]
        rows.append(("SE", str(len(rows) + 1), control))
        lines += [_row(len(lines) + place, row) for place, row in enumerate(rows, 1)]
    lines += [_row(0, ("GE", str(len(bodies)), group)), _row(0, ("IEA", "1", interchange))]
    return Written("".join(line + USUAL.segment for line in lines), interchange, group, tuple(sets))


def _number(numbers: ControlNumbers, kind: str) -> int:
    """The next number of a kind; after the largest that fits they begin again at one."""
    return (numbers.next(kind) - 1) % _LARGEST + 1


def _isa(partner: Partner, control: str, now: datetime) -> str:
    usage = "P" if partner.production else "T"
    fields = (
        "ISA", "00", " " * 10, "00", " " * 10,
        _exactly(partner.sender_qualifier, 2), _padded(partner.sender),
        _exactly(partner.receiver_qualifier, 2), _padded(partner.receiver),
        now.strftime("%y%m%d"), now.strftime("%H%M"), USUAL.repetition, _VERSION, control, "0", usage, USUAL.component,
    )  # fmt: skip
    return USUAL.element.join(fields)


def _gs(body: Body, partner: Partner, control: str, now: datetime) -> Row:
    sender = _group(partner.group_sender or partner.sender)
    receiver = _group(partner.group_receiver or partner.receiver)
    day, hour = now.strftime("%Y%m%d"), now.strftime("%H%M%S")
    return ("GS", _GROUPS[body.type], sender, receiver, day, hour, control, "X", body.version)


def _exactly(value: str, length: int) -> str:
    if len(value) != length or not value.isalnum() or not value.isascii():
        raise X12Error(1, "ISA", f"a qualifier has {length} letters or digits")
    return value


def _group(value: str) -> str:
    plain = text(value)
    if not 2 <= len(plain) <= 15:
        raise X12Error(2, "GS", "a sender or receiver has 2 to 15 characters")
    return plain


def _padded(value: str) -> str:
    plain = text(value)
    if not 1 <= len(plain) <= 15:
        raise X12Error(1, "ISA", "a sender or receiver has 1 to 15 characters")
    return plain.ljust(15)


def _row(number: int, row: Row) -> str:
    """A segment; empty elements at its end are left out, as the rules want it."""
    elements = [_element(number, str(row[0]), element) for element in row]
    while elements and not elements[-1]:
        elements.pop()
    if len(elements) < 2:
        raise X12Error(number, str(row[0]), "a segment with nothing in it")
    return USUAL.element.join(elements)


def _element(number: int, tag: str, element: Element) -> str:
    parts = (element,) if isinstance(element, str) else element
    for part in parts:
        if any(not _writable(character) for character in part):
            raise X12Error(number, tag, "it holds a character that X12 has no place for")
    kept = list(parts)
    while kept and not kept[-1]:
        kept.pop()
    return USUAL.component.join(kept)


def _writable(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character in _BEYOND_LETTERS)


def text(value: str, longest: int = 80) -> str:
    """Free text as X12 takes it: capitals, no accents, delimiters and other marks as spaces, one space at a time."""
    plain = anyascii(value).upper()
    return " ".join("".join(c if _writable(c) else " " for c in plain).split())[:longest].rstrip()
