"""The schedule in memory: visits, holds, absences and standing appointments."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from lamplighter.conversation.slots import Slot
from lamplighter.desk.ports import Busy, Series, Visit
from lamplighter.records.errors import TimeTaken, UnknownRecord
from lamplighter.records.memory.ledger import MemoryLedger
from lamplighter.records.memory.state import Hold, State
from lamplighter.records.memory.tables import add_to
from lamplighter.records.standing import AHEAD, in_utc, occurrence, occurrences, parse_occurrence
from lamplighter.records.statuses import VisitStatus, visit_status


class MemorySchedule:
    def __init__(self, state: State, ledger: MemoryLedger) -> None:
        self._state = state
        self._ledger = ledger

    def busy(
        self, clinicians: Sequence[str], start: datetime, end: datetime, now: datetime
    ) -> tuple[Busy, ...]:
        found = [busy for clinician in clinicians for busy in self._busy(clinician, start, end, now)]
        return tuple(sorted(found, key=lambda busy: (busy.start, busy.clinician, busy.end, busy.ref)))

    def _busy(self, clinician: str, start: datetime, end: datetime, now: datetime) -> Iterator[Busy]:
        for visit in self._stored_between(clinician, start, end):
            yield Busy(clinician, visit.slot.start, visit.slot.end, "visit", visit.id)
        for contact, hold in self._state.holds.items():
            slot = hold.slot
            if slot.clinician == clinician and hold.until > now and slot.start < end and slot.end > start:
                yield Busy(clinician, slot.start, slot.end, "hold", contact)
        for absence in self._state.absences.values():
            if absence.clinician == clinician and absence.start < end and absence.end > start:
                yield absence
        for visit in self._unmaterialised(start, end):
            if visit.slot.clinician == clinician and visit.series is not None:
                yield Busy(clinician, visit.slot.start, visit.slot.end, "series", visit.series)

    def _stored_between(self, clinician: str, start: datetime, end: datetime) -> Iterator[Visit]:
        """Visits of a clinician that touch [start, end), cancelled ones left out."""
        day, seen = start.astimezone(UTC).date() - timedelta(days=1), set[str]()
        while day <= end.astimezone(UTC).date():
            for visit_id in self._state.visits_by_day.get((clinician, day)) or ():
                visit = self._state.visits.get(visit_id)
                if visit is None or visit.status == "cancelled" or visit_id in seen:
                    continue
                if visit.slot.clinician != clinician:  # it was moved away; the index keeps where it has been
                    continue
                if visit.slot.start < end and visit.slot.end > start:
                    seen.add(visit_id)
                    yield visit
            day += timedelta(days=1)

    def _unmaterialised(self, start: datetime, end: datetime) -> Iterator[Visit]:
        for series in self._state.series.values():
            yield from (v for v in occurrences(series, start, end) if v.id not in self._state.visits)

    def _free(self, slot: Slot, contact: str | None, now: datetime, moving: str | None = None) -> bool:
        """`moving` is the visit, or the whole series, that doesn't stand in its own way."""
        for busy in self._busy(slot.clinician, slot.start, slot.end, now):
            if busy.kind == "hold" and busy.ref == contact:
                continue
            if busy.ref == moving or self._is_moving(busy, moving):
                continue
            return False
        return True

    def _is_moving(self, busy: Busy, moving: str | None) -> bool:
        if moving is None or busy.kind != "series":
            return False
        named = parse_occurrence(moving)
        series = self._state.series.get(busy.ref)
        if named is None or series is None or named[0] != busy.ref:
            return False
        own = occurrence(series, named[1])
        return own is not None and own.slot.start == busy.start

    def hold(
        self, slot: Slot, contact: str, until: datetime, now: datetime, moving: str | None = None
    ) -> bool:
        slot = in_utc(slot)
        if not self._free(slot, contact, now, moving):
            return False
        self._state.holds.put(contact, Hold(slot, until.astimezone(UTC)))
        self._ledger.wrote("held", f"contact/{contact}")
        return True

    def renew(self, contact: str, until: datetime) -> None:
        hold = self._state.holds.get(contact)
        if hold is not None:
            self._state.holds.put(contact, replace(hold, until=until.astimezone(UTC)))

    def release(self, contact: str) -> None:
        if contact in self._state.holds:
            self._state.holds.drop(contact)
            self._ledger.wrote("released", f"contact/{contact}")

    def held(self, contact: str) -> tuple[Slot, datetime] | None:
        hold = self._state.holds.get(contact)
        return (hold.slot, hold.until) if hold else None

    def book(
        self, visit_id: str, slot: Slot, participants: Sequence[str], contact: str, now: datetime, status: str
    ) -> Visit | None:
        if (before := self._state.visits.get(visit_id)) is not None:
            return before
        slot = in_utc(slot)
        if not self._free(slot, contact, now):
            return None
        visit = Visit(visit_id, slot, tuple(participants), visit_status(status), contact=contact)
        self._store(visit, "visit_booked")
        self._state.holds.drop(contact)
        return visit

    def move(self, visit_id: str, slot: Slot, contact: str, now: datetime) -> Visit | None:
        visit = self._existing(visit_id)
        slot = in_utc(slot)
        if visit.slot == slot and visit.status != "cancelled":
            return visit
        if not self._free(slot, contact, now, moving=visit_id):
            return None
        status: VisitStatus = "held_for_office" if visit.status == "held_for_office" else "booked"
        moved = replace(visit, slot=slot, status=status)
        self._store(moved, "visit_moved")
        self._state.holds.drop(contact)
        return moved

    def set_status(self, visit_id: str, status: str) -> Visit:
        visit = self._existing(visit_id)
        wanted = visit_status(status)
        if visit.status == wanted:
            return visit
        back = visit.status == "cancelled"
        if back and not self._free(visit.slot, visit.contact, self._ledger.now(), moving=visit_id):
            raise TimeTaken(visit_id)
        changed = replace(visit, status=wanted)
        self._store(changed, f"visit_{wanted}")
        return changed

    def _existing(self, visit_id: str) -> Visit:
        visit = self.visit(visit_id)
        if visit is None:
            raise UnknownRecord("visit", visit_id)
        return visit

    def _store(self, visit: Visit, what: str) -> None:
        days, people = self._state.visits_by_day, self._state.visits_by_person
        self._state.visits.put(visit.id, visit)
        for day in {visit.slot.start.date(), visit.slot.end.date()}:
            add_to(days, (visit.slot.clinician, day), visit.id)
        for person in visit.participants:
            add_to(people, person, visit.id)
        self._ledger.wrote(what, f"visit/{visit.id}", repr(visit).encode())

    def visit(self, visit_id: str) -> Visit | None:
        stored = self._state.visits.get(visit_id)
        named = parse_occurrence(visit_id)
        if stored is not None or named is None:
            return stored
        series = self._state.series.get(named[0])
        return occurrence(series, named[1]) if series else None

    def visits_of(self, person: str, after: datetime) -> tuple[Visit, ...]:
        ids = self._state.visits_by_person.get(person) or ()
        stored = (self._state.visits.get(visit_id) for visit_id in ids)
        found = [v for v in stored if v is not None and v.slot.start >= after and v.status != "cancelled"]
        standing = self._unmaterialised(after, after + AHEAD)
        found += [v for v in standing if person in v.participants and v.slot.start >= after]
        return by_start(found)

    def visits_between(self, start: datetime, end: datetime) -> tuple[Visit, ...]:
        stored = (v for v in self._state.visits.values() if v.status != "cancelled")
        found = [v for v in stored if v.slot.start < end and v.slot.end > start]
        return by_start([*found, *self._unmaterialised(start, end)])

    def standings(self, start: datetime, end: datetime) -> tuple[tuple[datetime, str], ...]:
        found = self.visits_between(start, end)
        return tuple((each.slot.start, each.status) for each in found if start <= each.slot.start < end)

    def add_absence(self, absence_id: str, clinician: str, start: datetime, end: datetime) -> None:
        if absence_id in self._state.absences:
            return
        absence = Busy(clinician, start.astimezone(UTC), end.astimezone(UTC), "absence", absence_id)
        self._state.absences.put(absence_id, absence)
        self._ledger.wrote("absence_added", f"absence/{absence_id}")

    def end_absence(self, absence_id: str, at: datetime) -> None:
        absence, at = self._state.absences.get(absence_id), at.astimezone(UTC)
        if absence is None or absence.end <= at:
            return
        if absence.start >= at:
            self._state.absences.drop(absence_id)
        else:
            self._state.absences.put(absence_id, absence._replace(end=at))
        self._ledger.wrote("absence_ended", f"absence/{absence_id}")

    def add_series(self, series: Series) -> None:
        if series.id not in self._state.series:
            self._keep_series(series, "series_added")

    def change_series(self, series: Series) -> None:
        if series.id not in self._state.series:
            raise UnknownRecord("series", series.id)
        self._keep_series(series, "series_changed")

    def _keep_series(self, series: Series, what: str) -> None:
        series = replace(series, first=in_utc(series.first))
        self._state.series.put(series.id, series)
        self._ledger.wrote(what, f"series/{series.id}", repr(series).encode())

    def series(self, series_id: str) -> Series | None:
        return self._state.series.get(series_id)


def by_start(visits: list[Visit]) -> tuple[Visit, ...]:
    return tuple(sorted(visits, key=lambda visit: (visit.slot.start, visit.id)))
