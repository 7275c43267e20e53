"""What changes on the ladder from one hour to the next, inside what was signed. Pure."""

from dataclasses import dataclass
from datetime import datetime

from lamplighter.practice.model import ClinicianId


@dataclass(frozen=True, slots=True)
class Cover:
    """`by` is rung wherever `who` would be."""

    who: ClinicianId
    by: ClinicianId
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Absence:
    """`who` is a clinician, or a step of the ladder that is nobody's of the schedule."""

    who: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Changes:
    """The newest first: it counts."""

    covers: tuple[Cover, ...] = ()
    absences: tuple[Absence, ...] = ()
    numbers: tuple[tuple[str, str], ...] = ()

    def cover_of(self, who: str, instant: datetime) -> ClinicianId | None:
        found = (each.by for each in self.covers if each.who == who and each.start <= instant < each.end)
        return next(found, None)

    def is_away(self, who: str, instant: datetime) -> bool:
        return any(each.who == who and each.start <= instant < each.end for each in self.absences)

    def number_of(self, who: str) -> str | None:
        return next((number for name, number in self.numbers if name == who), None)


NO_CHANGES = Changes()
