"""From when, and until when, a clinician is on an insurer's panel."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Credentialing:
    """A clinician's agreement with an insurer: it holds from the day on which it begins, and on the day on which it
    ends no more. Without one of the two it is open on that side."""

    insurer: str
    begins: date | None = None
    ends: date | None = None

    def holds(self, first: date, last: date) -> bool:
        """On at least one of these days."""
        return (self.begins is None or self.begins <= last) and (self.ends is None or first < self.ends)


def next_beginning(dates: Iterable[Credentialing], insurer: str, today: date) -> date | None:
    """The first day to come on which an agreement with the insurer begins."""
    days = (each.begins for each in dates if each.insurer == insurer)
    return min((day for day in days if day is not None and day > today), default=None)
