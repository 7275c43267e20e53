"""From a file to segments: which characters divide it, and the segments between them.

Delimiters are read from where they stand, not from fixed columns, because real headers are trimmed, padded and broken:
the 16th separator of ISA is followed by the component separator, and what follows that ends a segment.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from .errors import Remark, X12Error

MAX_CHARACTERS = 64_000_000
LONGEST_HEADER = 600  # of an ISA with what follows it; a tidy one has 106 characters
_HEADER_SEPARATORS = 16
_FIRST_WITH_REPETITION = 402  # ISA11 was something else before version 00402
_BLANK = " \t\r\n"  # control characters may divide things: what Python calls white space is too much
_AFTER_THE_LAST = _BLANK + "\x1a"  # what older systems end a file with
_BARE = re.compile(r"ST([^\w \t\r\n])\d{3}\1")
_LINES = re.compile(r"\r\n|\n|\r")


class Segment(NamedTuple):
    """One segment. `elements[0]` is its tag; `number` counts segments of the file from 1."""

    number: int
    elements: list[str]

    @property
    def tag(self) -> str:
        return self.elements[0]

    def get(self, position: int) -> str:
        """The element at a position as the guides count them (EB01 is 1), "" where the segment is shorter."""
        return self.elements[position] if position < len(self.elements) else ""

    def padded(self, length: int) -> list[str]:
        """The first elements, the tag among them, as many as asked for."""
        found = self.elements[:length]
        return found if len(found) == length else found + [""] * (length - len(found))


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The characters that divide an interchange."""

    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    segment: str = "~"


def decode(raw: bytes, remarks: list[Remark]) -> str:
    """The text of a file: UTF-8 with or without a byte-order mark, UTF-16 with one, else Latin-1.

    Raises:
        X12Error: the file is too long to be one.
    """
    if len(raw) > MAX_CHARACTERS:
        raise X12Error(0, "", f"the file is longer than {MAX_CHARACTERS} bytes")
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        remarks.append(Remark(0, "", "a byte-order mark of UTF-16"))
        return raw.decode("utf-16", errors="replace")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        remarks.append(Remark(0, "", "not UTF-8; read as Latin-1"))
        text = raw.decode("latin-1")
    if text.startswith("\ufeff"):
        remarks.append(Remark(0, "", "a byte-order mark"))
        text = text.lstrip("\ufeff")
    return text


def sniffed(header: str, number: int, remarks: list[Remark]) -> Delimiters:
    """The delimiters of an interchange, from its ISA and what follows within `LONGEST_HEADER`.

    Raises:
        X12Error: the header is not one, or is too damaged to tell.
    """
    if len(header) < 5 or header[3].isalnum() or header[3] in _BLANK:
        raise X12Error(number, "ISA", "the header ends before it says what divides it")
    element = header[3]
    group = re.search(rf"[^\w \t\r\n{re.escape(element)}][ \t\r\n]*(GS{re.escape(element)})", header)
    parts = header[: group.start(1) if group else None].split(element, _HEADER_SEPARATORS)
    if len(parts) <= _HEADER_SEPARATORS:
        return _guessed(header, element, number, remarks)
    tail = parts[_HEADER_SEPARATORS]
    end = _end_of(tail[1:])
    if not tail or not end or tail[0].isalnum():
        return _guessed(header, element, number, remarks)
    return Delimiters(element, tail[0], _repetition(parts, element, tail[0], end), end)


def _end_of(after_component: str) -> str:
    """What ends a segment: the next mark, or a line break where nothing else stands."""
    for position, character in enumerate(after_component[:4]):
        if character.isalnum():
            return "\n" if "\n" in after_component[:position] or "\r" in after_component[:position] else ""
        if character not in _BLANK:
            return character
    return "\n" if "\n" in after_component[:4] else ""


def _repetition(parts: list[str], element: str, component: str, end: str) -> str:
    """What divides repetitions: ISA11 where it can be one, else the usual circumflex unless that divides something."""
    said = parts[11].strip()
    version = parts[12].strip()
    if (
        len(said) == 1
        and not said.isalnum()
        and not (version.isascii() and version.isdigit() and int(version) < _FIRST_WITH_REPETITION)
    ):
        return said
    return "^" if "^" not in (element, component, end) else ""


def _guessed(header: str, element: str, number: int, remarks: list[Remark]) -> Delimiters:
    """The delimiters of a damaged header, from how it meets the group that follows it."""
    group = re.search(rf"(\W)(\W)[ \t\r\n]*GS{re.escape(element)}", header)
    if group is None or group[1] == group[2] or group[1] in _BLANK:
        raise X12Error(number, "ISA", "the header is damaged and does not say what divides it")
    remarks.append(Remark(number, "ISA", "damaged header; delimiters were taken from where the group begins"))
    component = group[1] if group[1] != element else ":"
    return Delimiters(element, component, "^" if "^" not in (element, component, group[2]) else "", group[2])


def begun(text: str, remarks: list[Remark]) -> tuple[str, bool]:
    """The text from its first ISA on, or, where there is no envelope at all, from its first ST; and whether it has one.

    Raises:
        X12Error: neither is there.
    """
    text = (text.replace("\x00", "") if "\x00" in text else text).rstrip(_AFTER_THE_LAST)
    start = text.find("ISA")
    bare = _BARE.search(text)
    if start < 0 or (bare and bare.start() < start):
        if bare is None:
            raise X12Error(0, "", "no ISA: this is not X12" if text.strip() else "the file is empty")
        remarks.append(Remark(1, "ST", "no envelope round it"))
        return text[bare.start() :], False
    if text[:start].strip():
        remarks.append(Remark(0, "", "something before the first ISA was passed over"))
    return text[start:], True


def bare_delimiters(text: str) -> Delimiters:
    """The delimiters of a transaction set that stands there without an envelope: its own separator, and the usual.
    What ends a segment is the first mark in it, or a line break that a segment follows."""
    element = text[2]
    for position, character in enumerate(text[2:LONGEST_HEADER], 2):
        if character in "\r\n":
            following = text[position : position + LONGEST_HEADER].lstrip(_BLANK)
            if re.match(rf"[A-Za-z]\w{{1,2}}{re.escape(element)}", following):
                return Delimiters(element, ":", "^", "\n")
        elif not character.isalnum() and character not in (element, ":", "-", " ", "\t"):
            return Delimiters(element, ":", "^", character)
    return Delimiters(element, ":", "^", "~")


def split(text: str, divided: Delimiters, first: int) -> list[Segment]:
    """The segments of one interchange; white space round them and round their elements is no part of them."""
    mark = divided.element
    pieces = _LINES.split(text) if divided.segment == "\n" else text.split(divided.segment)
    kept = [piece for raw in pieces if (piece := raw.strip(_BLANK))]
    padded = _padded(mark, kept[1:])  # a header always is
    return [
        Segment(
            number,
            [part.strip(_BLANK) for part in piece.split(mark)] if padded or not place else piece.split(mark),
        )
        for place, (number, piece) in enumerate(enumerate(kept, first))
    ]


def _padded(mark: str, pieces: list[str]) -> bool:
    """Whether any element begins or ends with white space: then all of them are looked at."""
    text = "\x00".join(pieces)
    return any(blank + mark in text or mark + blank in text for blank in _BLANK if blank in text)
