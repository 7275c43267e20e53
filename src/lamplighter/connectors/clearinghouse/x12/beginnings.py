"""What transaction sets with a hierarchy have in common: how they begin (BHT), and why something was refused (AAA)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lamplighter.desk.ports.coverage import Rejection

from .elements import Elements
from .tokens import Segment


@dataclass(frozen=True, slots=True)
class Beginning:
    """BHT: what a set is for, by which reference, of which day; "" and None where it does not say."""

    purpose: str = ""
    reference: str = ""
    created: date | None = None


def beginning(before: Iterable[Segment], elements: Elements) -> Beginning:
    """From what stands before the first HL."""
    for segment in before:
        if segment.tag == "BHT":
            return Beginning(segment.get(2), segment.get(3), elements.day(segment, 4))
    return Beginning()


def rejections(about: str, segments: Iterable[Segment]) -> list[Rejection]:
    """Every AAA, with whom it is about."""
    return [Rejection(about, s.get(3), s.get(4)) for s in segments if s.elements[0] == "AAA"]
