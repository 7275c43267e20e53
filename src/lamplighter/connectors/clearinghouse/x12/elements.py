"""What elements hold: dates, amounts, composites, repetitions. A value that is no value is None, and noted."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lamplighter.practice.model import Money

from .errors import Remark
from .tokens import Delimiters, Segment

NUMBER = re.compile(r"[+-]?(\d{1,15}(\.\d{0,6})?|\.\d{1,6})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, both inclusive; a single day is both. None where that end is open or was unreadable."""

    start: date | None
    end: date | None


@dataclass(frozen=True, slots=True)
class Dated:
    """What a date is for (a qualifier of DTP, verbatim), with it."""

    qualifier: str
    period: Period
    verbatim: str


class Elements:
    """Reads elements of one transaction set, and notes what it could not make out."""

    def __init__(self, divided: Delimiters) -> None:
        self._divided = divided
        self.remarks: list[Remark] = []
        self._numbers: dict[str, Decimal] = {}
        self._amounts: dict[str, Money] = {}
        self._lists: dict[str, tuple[str, ...]] = {}  # payers say the same list of services in every row

    def number(self, segment: Segment, position: int) -> Decimal | None:
        """A number, or None where there is none. A sign, leading and trailing zeros are as X12 writes them."""
        text = segment.get(position)
        if not text:
            return None
        value = self._numbers.get(text)
        if value is None:
            if NUMBER.fullmatch(text) is None:
                self.note(segment, f"element {position} is no number")
                return None
            value = self._numbers[text] = Decimal(text)
        return value

    def share(self, segment: Segment, position: int) -> Decimal | None:
        """A part of a whole, as a fraction of one; what is less or more than a whole is none."""
        value = self.number(segment, position)
        if value is not None and not 0 <= value <= 1:
            self.note(segment, f"element {position} is no part of a whole")
            return None
        return value

    def money(self, segment: Segment, position: int) -> Money | None:
        """An amount; X12 names no currency but in a segment that these guides have no use for, so it is dollars."""
        text = segment.get(position)
        amount = self._amounts.get(text)
        if amount is None and text:
            value = self.number(segment, position)
            if value is None:
                return None
            amount = self._amounts[text] = Money(value)
        return amount

    def day(self, segment: Segment, position: int) -> date | None:
        """A day as CCYYMMDD or YYMMDD."""
        text = segment.get(position)
        found = _day(text)
        if text and found is None:
            self.note(segment, f"element {position} is no day")
        return found

    def dated(self, segment: Segment) -> Dated:
        """DTP: a qualifier, a format (D8, RD8) and a day or two."""
        text = segment.get(3)
        first, _, last = text.partition("-") if segment.get(2) != "D8" else (text, "", text)
        if not last:
            last = first
        start, end = _day(first[:8]), _day(last[:8])
        if text and start is None and end is None:
            self.note(segment, "element 3 is no day")
        return Dated(segment.get(1), Period(start, end), text)

    def repeated(self, segment: Segment, position: int) -> tuple[str, ...]:
        """The repetitions of an element, empty ones left out."""
        text = segment.get(position)
        found = self._lists.get(text)
        if found is None:
            mark = self._divided.repetition
            parts = text.split(mark) if mark else [text]
            found = self._lists[text] = tuple([kept for part in parts if (kept := part.strip())])
        return found

    def parts(self, segment: Segment, position: int) -> tuple[str, ...]:
        """The components of an element; () where it is empty.

        Some senders divide them by another mark than the one that their header names: `HC>99213` under a colon.
        """
        text = segment.get(position)
        if not text:
            return ()
        mark = self._divided.component
        if mark not in text and len(text) > 3 and text[2] in ":>|" and text[:2].isalnum():
            self.note(segment, f"element {position} is divided by another mark than the header names")
            mark = text[2]
        return tuple(part.strip() for part in text.split(mark))

    def note(self, segment: Segment, problem: str) -> None:
        self.remarks.append(Remark(segment.number, segment.tag, problem))


def _day(text: str) -> date | None:
    if not (text.isascii() and text.isdigit()) or len(text) not in (6, 8):
        return None
    if len(text) == 6:
        text = ("20" if int(text[:2]) < 70 else "19") + text
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None


def part(parts: tuple[str, ...], position: int) -> str:
    """A component counted from 0, "" where there are fewer."""
    return parts[position] if position < len(parts) else ""
