"""An interchange with its groups and transaction sets, read from a file as it is.

What is untidy becomes a remark; what would change the meaning is refused. A set that is cut off is kept and says so:
half an answer is no answer, and somebody has to look at it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from .errors import Remark, X12Error
from .tokens import LONGEST_HEADER, Delimiters, Segment, bare_delimiters, begun, decode, sniffed, split

_ENVELOPE = frozenset(("ISA", "GS", "ST", "SE", "GE", "IEA", "TA1"))


@dataclass(frozen=True, slots=True)
class Header:
    """Whose interchange it is, from ISA; "" where the file does not say."""

    sender: str = ""
    receiver: str = ""
    date: str = ""
    time: str = ""
    version: str = ""
    control_number: str = ""
    usage: str = ""  # P or T


@dataclass(frozen=True, slots=True)
class TransactionSet:
    """One ST with everything to its SE. `cut_off` where the SE is missing."""

    type: str  # 271
    version: str  # 005010X279A1; of the group where ST does not say
    control_number: str
    group_control_number: str
    header: Header
    delimiters: Delimiters
    segments: tuple[Segment, ...] = field(repr=False)
    cut_off: bool
    remarks: tuple[Remark, ...] = ()

    @property
    def guide(self) -> str:
        """The guide's own part of the version: X279 of 005010X279A1; "" where the version names none."""
        start = self.version.find("X")
        return self.version[start : start + 4] if start >= 0 else ""


@dataclass(frozen=True, slots=True)
class Interchange:
    """One ISA to its IEA. TA1 segments stand outside every group."""

    header: Header
    delimiters: Delimiters
    sets: tuple[TransactionSet, ...] = ()
    acknowledgements: tuple[Segment, ...] = field(default=(), repr=False)
    remarks: tuple[Remark, ...] = ()


def read(raw: bytes | str) -> tuple[Interchange, ...]:
    """Every interchange of a file.

    Raises:
        X12Error: with the segment that could not be taken.
    """
    return tuple(interchanges(raw))


def interchanges(raw: bytes | str) -> Iterator[Interchange]:
    """The interchanges of a file one after the other; of one with a fault in it what stands before the fault.

    Raises:
        X12Error: as `read`.
    """
    remarks: list[Remark] = []
    text = decode(raw, remarks) if isinstance(raw, bytes) else raw.lstrip("\ufeff")
    text, enveloped = begun(text, remarks)
    if not enveloped:
        divided = bare_delimiters(text)
        yield from _Reading(divided, remarks).of(split(text, divided, 1))
        return
    number, position = 1, 0
    while position < len(text):
        divided = sniffed(text[position : position + LONGEST_HEADER], number, remarks)
        end = _next_interchange(text, position, divided)
        segments = split(text[position:end], divided, number)
        number += len(segments)
        yield from _Reading(divided, remarks).of(segments)
        remarks, position = [], _past_blanks(text, end)


def _past_blanks(text: str, position: int) -> int:
    while position < len(text) and text[position] in " \t\r\n":
        position += 1
    return position


def _next_interchange(text: str, start: int, divided: Delimiters) -> int:
    """Where the next ISA begins; the end of the text if there is none."""
    mark = "ISA" + divided.element
    position = text.find(mark, start + 3)
    while position > 0:
        before = text[max(start, position - 8) : position]
        if before.rstrip(" \t\r\n").endswith(divided.segment) or (divided.segment == "\n" and "\n" in before):
            return position
        position = text.find(mark, position + 3)
    ends = re.compile(rf"IEA{re.escape(divided.element)}[^A-Za-z]*?(?=ISA[^\w\s])")
    other = ends.search(text, start)
    return other.end() if other else len(text)


class _Reading:
    """Goes over the segments of one interchange."""

    def __init__(self, divided: Delimiters, remarks: list[Remark]) -> None:
        self.divided = divided
        self.remarks = remarks
        self.header = Header()
        self.group: Segment | None = None
        self.sets: list[TransactionSet] = []
        self.acknowledgements: list[Segment] = []
        self.open: list[Segment] = []
        self.started = len(remarks)
        self.in_group = 0
        self.groups = 0
        self.ended = False
        self.lower = False

    def of(self, segments: list[Segment]) -> Iterator[Interchange]:
        """The interchange; where something in it can't be taken, what stands before that, and then the fault."""
        try:
            self._go_over(segments)
        except X12Error:
            if self.sets or self.acknowledgements:
                yield self._so_far()
            raise
        yield self._so_far()

    def _go_over(self, segments: list[Segment]) -> None:
        known: set[str] = set()
        for segment in segments:
            tag = segment.elements[0]
            if tag in known and self.open:
                self.open.append(segment)
            else:
                self._take(segment)
                if tag.upper() not in _ENVELOPE:
                    known.add(segment.elements[0])
        if self.open:
            self._close(None)
        if self.header.control_number and not self.ended:
            self._remark(segments[-1], "the interchange ends without IEA")
        if not self.sets and not self.acknowledgements:
            last = segments[-1] if segments else Segment(1, ["ISA"])
            raise X12Error(last.number, _tag(last), "the interchange holds no transaction set")

    def _so_far(self) -> Interchange:
        return Interchange(
            self.header, self.divided, tuple(self.sets), tuple(self.acknowledgements), tuple(self.remarks)
        )

    def _take(self, segment: Segment) -> None:
        tag = segment.elements[0].upper()
        if tag != segment.elements[0] and _is_tag(tag):
            if not self.lower:
                self._remark(segment, "its tag is in lower case, and others perhaps")
            self.lower, segment.elements[0] = True, tag
        if tag not in _ENVELOPE:
            self._inside(segment)
            return
        match tag:
            case "ISA":
                self.header = _header(segment)
            case "GS":
                self.group, self.in_group = segment, 0
                self.groups += 1
            case "ST":
                self._start(segment)
            case "SE" if self.open:
                self.open.append(segment)
                self._close(segment)
            case "GE":
                self._end_group(segment)
            case "IEA":
                self._end(segment)
            case "TA1" if not self.open:
                self.acknowledgements.append(segment)
            case _:
                self._inside(segment)

    def _start(self, segment: Segment) -> None:
        if self.open:
            self._close(None)
        if not segment.get(1):
            raise X12Error(segment.number, "ST", "it does not say what transaction set begins")
        self.open = [segment]
        self.started = len(self.remarks)
        if self.group is None and self.header.control_number:
            self._remark(segment, "no GS stands before it")

    def _inside(self, segment: Segment) -> None:
        if not self.open:
            raise X12Error(segment.number, _tag(segment), "it stands outside every transaction set")
        if not _is_tag(segment.elements[0]):
            raise X12Error(segment.number, _tag(segment), "this is no segment")
        self.open.append(segment)

    def _close(self, ended: Segment | None) -> None:
        start, last = self.open[0], self.open[-1]
        if ended is None:
            self._remark(last, "the transaction set ends here without SE")
        else:
            self._compare(ended, 1, str(len(self.open)), "it counts other than the segments that are there")
            if ended.get(2) != start.get(2):
                self._remark(ended, "its control number is not that of ST")
        group = self.group
        self.sets.append(
            TransactionSet(
                start.get(1),
                start.get(3) or (group.get(8) if group else ""),
                start.get(2),
                group.get(6) if group else "",
                self.header,
                self.divided,
                tuple(self.open),
                ended is None,
                tuple(self.remarks[self.started :]),
            )
        )
        self.open = []
        self.in_group += 1

    def _end_group(self, segment: Segment) -> None:
        if self.open:
            self._close(None)
        self._compare(
            segment, 1, str(self.in_group), "it counts other than the transaction sets that are there"
        )
        if self.group and segment.get(2) != self.group.get(6):
            self._remark(segment, "its control number is not that of GS")

    def _end(self, segment: Segment) -> None:
        if self.open:
            self._close(None)
        self.ended = True
        if self.groups or not self.acknowledgements:
            self._compare(segment, 1, str(self.groups), "it counts other than the groups that are there")
        if segment.get(2) != self.header.control_number:
            self._remark(segment, "its control number is not that of ISA")

    def _compare(self, segment: Segment, position: int, counted: str, problem: str) -> None:
        if segment.get(position).lstrip("0") != counted.lstrip("0"):
            self._remark(segment, problem)

    def _remark(self, segment: Segment, problem: str) -> None:
        self.remarks.append(Remark(segment.number, _tag(segment), problem))


def _tag(segment: Segment) -> str:
    """A tag that may be shown: what is no tag may be anything, a name too."""
    return segment.tag if _is_tag(segment.tag) else "?"


@lru_cache(maxsize=256)
def _is_tag(text: str) -> bool:
    return 2 <= len(text) <= 3 and text.isascii() and text.isalnum()


def _header(segment: Segment) -> Header:
    return Header(*(segment.get(position) for position in (6, 8, 9, 10, 12, 13, 15)))
