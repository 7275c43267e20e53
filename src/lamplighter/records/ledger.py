"""Whether a ledger is what was written: which entry was altered, removed, reordered or cut off first, and until when
the rest is proven.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Literal, NamedTuple

from lamplighter.records.anchors import Head
from lamplighter.records.chain import link, origin
from lamplighter.records.instants import from_micros

_LOOK_AHEAD = 256
"""How many entries after the first bad one are looked at to say what was done."""


class Line(NamedTuple):
    """An entry as it is stored, its time in microseconds since 1970."""

    seq: int
    micros: int
    who: str
    what: str
    about: str
    why: str
    sealed_hash: str
    hash: str


Row = tuple[int, int, str, str, str, str, str, str]
"""A line as a plain tuple: naming the fields of every one would take longer than checking it."""

Kind = Literal[
    "altered", "missing", "reordered", "cut_off", "rewritten", "content_altered", "content_missing"
]


@dataclass(frozen=True, slots=True)
class Problem:
    """`seq` is the first entry that isn't what or where it was; `about` what it was about, where that is known."""

    kind: Kind
    seq: int
    about: str = ""

    def __str__(self) -> str:
        words = {
            "altered": "was altered", "missing": "is missing", "reordered": "stands in another's place",
            "cut_off": "and what followed was cut off",
            "rewritten": "differs from the signed head that was kept outside",
            "content_altered": "no longer fits the record it was written for",
            "content_missing": "was written for a record that is gone",
        }[self.kind]  # fmt: skip
        return f"entry {self.seq} {words}" + (f" ({self.about})" if self.about else "")


@dataclass(frozen=True, slots=True)
class Verification:
    """`proven` entries from the first on are exactly what was written, the last of them at `proven_until`."""

    practice: str
    proven: int
    proven_until: datetime | None
    anchored: int
    problem: Problem | None = None

    @property
    def sound(self) -> bool:
        return self.problem is None

    def __str__(self) -> str:
        until = f" up to {self.proven_until.isoformat()}" if self.proven_until else ""
        proof = f"{self.practice}: {self.proven} entries proven{until}, {self.anchored} signed heads outside agree"
        return proof if self.problem is None else f"{proof}; {self.problem}"


def verify(
    practice: str,
    key: bytes,
    lines: Iterable[Row],
    head: tuple[int, str] | None,
    anchors: Sequence[Head] = (),
) -> Verification:
    """Follows the chain from its origin. `head` is where the store says that it ends."""
    anchored = {anchor.seq: anchor.hash for anchor in anchors}
    before, proven, proven_at, agreed = origin(key, practice), 0, 0, 0
    problem: Problem | None = None
    stream = iter(lines)
    for line in stream:
        expected = proven + 1
        seq, micros, who, what, about, why, sealed_hash, digest = line
        if seq != expected or digest != link(key, before, seq, micros, who, what, about, why, sealed_hash):
            rest = [Line(*line), *(Line(*other) for other in islice(stream, _LOOK_AHEAD))]
            problem = _what_was_done(key, before, expected, rest)
            break
        if expected in anchored:
            if anchored[expected] != digest:
                problem = Problem("rewritten", expected, about)
                break
            agreed += 1
        before, proven, proven_at = digest, expected, micros
    else:
        problem = _end(proven, before, head, anchors)
    return Verification(practice, proven, from_micros(proven_at) if proven else None, agreed, problem)


def _end(ends_at: int, before: str, head: tuple[int, str] | None, anchors: Sequence[Head]) -> Problem | None:
    """Whether the chain ends where the store, and the heads kept outside, say that it does."""
    furthest = max([head[0] if head else 0, *(anchor.seq for anchor in anchors)])
    if furthest > ends_at:
        return Problem("cut_off", ends_at + 1)
    if ends_at and head != (ends_at, before):
        return Problem("altered", ends_at, "the head of the chain")
    return None


def _what_was_done(key: bytes, before: str, expected: int, lines: Sequence[Line]) -> Problem:
    """Which of the stored lines, if any, is the one that belongs at `expected`, and what stands there instead."""
    for line in lines:
        if line.hash == link(key, before, expected, *line[1:-1]):
            return Problem("reordered", expected, line.about)
    first = lines[0]
    if first.seq > expected or _renumbered(key, lines):
        return Problem("missing", expected)
    return Problem("altered", expected, first.about)


def _renumbered(key: bytes, lines: Sequence[Line]) -> bool:
    """Whether the lines follow each other under numbers higher than they now bear."""
    if len(lines) < 2:
        return False
    first, second = lines[:2]
    numbers = range(second.seq + 1, second.seq + _LOOK_AHEAD)
    return any(second.hash == link(key, first.hash, seq, *second[1:-1]) for seq in numbers)
