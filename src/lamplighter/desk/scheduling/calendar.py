"""What a practice's files alone say of its days, kept, since search after search asks for the same ones."""

from datetime import date
from typing import Final

from lamplighter.desk.scheduling.openings import Day, Shift, Start, shifts_of, starts_of
from lamplighter.practice.model import Clinician, ClinicianId, Practice

KEPT_DAYS: Final = 500
KEPT_PRACTICES: Final = 64
"""Where there are more, all are forgotten and begun anew."""


class Calendar:
    """Safe to share: what two threads reckon at once is the same."""

    __slots__ = ("_days", "_shifts", "practice")

    def __init__(self, practice: Practice) -> None:
        self.practice = practice
        self._days: dict[date, tuple[Day, tuple[Start, ...]]] = {}
        self._shifts: dict[tuple[date, ClinicianId, bool], tuple[Shift, ...]] = {}

    def day(self, on: date) -> tuple[Day, tuple[Start, ...]]:
        """A day, and every start of the practice's grid on it."""
        kept = self._days.get(on)
        if kept is None:
            if len(self._days) >= KEPT_DAYS:
                self._days.clear()
                self._shifts.clear()
            day = Day.of(self.practice, on)
            kept = self._days[on] = (day, starts_of(self.practice, day))
        return kept

    def shifts(self, clinician: Clinician, day: Day, new_patient: bool) -> tuple[Shift, ...]:
        """When one of the practice's clinicians sees such a patient."""
        place = (day.date, clinician.id, new_patient)
        kept = self._shifts.get(place)
        if kept is None:
            kept = self._shifts[place] = shifts_of(self.practice, clinician, day, new_patient)
        return kept


_CALENDARS: Final[dict[int, Calendar]] = {}


def calendar_of(practice: Practice) -> Calendar:
    """By what it is and not by what stands in it: to compare two practices costs more than a search."""
    kept = _CALENDARS.get(id(practice))
    if kept is None or kept.practice is not practice:
        if len(_CALENDARS) >= KEPT_PRACTICES:
            _CALENDARS.clear()
        kept = _CALENDARS[id(practice)] = Calendar(practice)
    return kept
