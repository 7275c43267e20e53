"""The schedule on SQL: visits, holds, absences and standing appointments."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from operator import itemgetter
from typing import Any, Literal, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    Table,
    Text,
    bindparam,
    literal_column,
    select,
    type_coerce,
    union_all,
)

from lamplighter.conversation.slots import Slot
from lamplighter.desk.ports import Busy, Visit
from lamplighter.records.errors import TimeTaken, UnknownRecord
from lamplighter.records.instants import from_micros, to_micros
from lamplighter.records.sql.prepared import Prepared
from lamplighter.records.sql.scope import Scope
from lamplighter.records.sql.series import SqlSeries, slot_from, slot_values
from lamplighter.records.sql.tables import absences, holds, visit_people, visits
from lamplighter.records.standing import AHEAD, LONGEST, in_utc, occurrence, parse_occurrence
from lamplighter.records.statuses import VisitStatus, visit_status


def _standing_in(
    table: Table, kind: str, ref: str, clinicians: int, *conditions: ColumnElement[bool]
) -> Select[Any]:
    """What of a table stands in the way between `from` and `to`, with its times as they are stored."""
    columns = table.c
    starts, ends = type_coerce(columns.starts, BigInteger), type_coerce(columns.ends, BigInteger)
    return select(
        literal_column(f"'{kind}'").label("kind"),
        columns.clinician,
        starts.label("starts"),
        ends.label("ends"),
        columns[ref].label("ref"),
    ).where(
        columns.practice == bindparam("of_practice", type_=Text),
        columns.clinician.in_([bindparam(f"clinician_{n}", type_=Text) for n in range(clinicians)]),
        starts < bindparam("to", type_=BigInteger),
        ends > bindparam("from", type_=BigInteger),
        *conditions,
    )


def _started_since(table: Table) -> ColumnElement[bool]:
    """Nothing lasts longer than LONGEST, which gives the index a lower bound to start from."""
    return type_coerce(table.c.starts, BigInteger) > bindparam("earliest", type_=BigInteger)


Taken = tuple[Literal["visit", "hold", "series", "absence"], str, int, int, str]
"""A stretch that is taken, as it is stored: kind, clinician, start and end in microseconds, what it belongs to."""

_BY_START = itemgetter(2, 1, 3, 4)
_HELD = type_coerce(holds.c.until, BigInteger) > bindparam("now", type_=BigInteger)


@cache
def _busy(clinicians: int) -> Prepared:
    """What stands in the way of so many."""
    return Prepared(
        union_all(
            _standing_in(
                visits, "visit", "id", clinicians, _started_since(visits), visits.c.status != "cancelled"
            ),
            _standing_in(holds, "hold", "contact", clinicians, _started_since(holds), _HELD),
            _standing_in(absences, "absence", "id", clinicians),
        )
    )


class SqlSchedule(SqlSeries):
    def __init__(self, scope: Scope) -> None:
        super().__init__(scope)
        self._scope = scope

    def busy(
        self, clinicians: Sequence[str], start: datetime, end: datetime, now: datetime
    ) -> tuple[Busy, ...]:
        in_order = sorted(self._taken(clinicians, start, end, now), key=_BY_START)
        return tuple(
            [
                Busy(clinician, from_micros(starts), from_micros(ends), kind, ref)
                for kind, clinician, starts, ends, ref in in_order
            ]
        )

    def _taken(self, clinicians: Sequence[str], start: datetime, end: datetime, now: datetime) -> list[Taken]:
        given: dict[str, object] = {
            "of_practice": self._scope.practice, "now": to_micros(now),
            "from": to_micros(start), "to": to_micros(end), "earliest": to_micros(start - LONGEST),
        }  # fmt: skip
        given |= {f"clinician_{n}": clinician for n, clinician in enumerate(clinicians)}
        cursor = _busy(len(clinicians)).cursor(self._scope.connection, given)
        found = cast("list[Taken]", cursor.fetchall())  # no column needs more than the driver does
        for visit in self.unmaterialised(start, end, clinicians):
            slot = visit.slot
            found.append(
                ("series", slot.clinician, to_micros(slot.start), to_micros(slot.end), visit.series or "")
            )
        return found

    def _free(self, slot: Slot, contact: str | None, now: datetime, moving: str | None = None) -> bool:
        """`moving` is the visit, or the whole series, that doesn't stand in its own way."""
        for kind, _, starts, _, ref in self._taken((slot.clinician,), slot.start, slot.end, now):
            if kind == "hold" and ref == contact:
                continue
            if ref == moving or (kind == "series" and self._is_moving(ref, starts, moving)):
                continue
            return False
        return True

    def _is_moving(self, series_id: str, starts: int, moving: str | None) -> bool:
        named = parse_occurrence(moving) if moving else None
        series = self.series(series_id)
        if named is None or series is None or named[0] != series_id:
            return False
        own = occurrence(series, named[1])
        return own is not None and to_micros(own.slot.start) == starts

    def hold(
        self, slot: Slot, contact: str, until: datetime, now: datetime, moving: str | None = None
    ) -> bool:
        slot = in_utc(slot)
        if not self._free(slot, contact, now, moving):
            return False
        self._scope.delete(holds, contact=contact)
        self._scope.insert(holds, contact=contact, until=until, **slot_values(slot))
        self._scope.ledger.wrote("held", f"contact/{contact}")
        return True

    def renew(self, contact: str, until: datetime) -> None:
        self._scope.update(holds, {"contact": contact}, until=until)

    def release(self, contact: str) -> None:
        if self._scope.delete(holds, contact=contact):
            self._scope.ledger.wrote("released", f"contact/{contact}")

    def held(self, contact: str) -> tuple[Slot, datetime] | None:
        row = self._scope.one(holds, contact=contact)
        return (slot_from(row), row.until) if row else None

    def book(
        self, visit_id: str, slot: Slot, participants: Sequence[str], contact: str, now: datetime, status: str
    ) -> Visit | None:
        row = self._scope.one(visits, id=visit_id)
        if row is not None:
            return self._visits([row])[0]
        slot = in_utc(slot)
        if not self._free(slot, contact, now):
            return None
        visit = Visit(visit_id, slot, tuple(participants), visit_status(status), contact=contact)
        self._add(visit, "visit_booked")
        self._scope.delete(holds, contact=contact)
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
        self._scope.delete(holds, contact=contact)
        return moved

    def set_status(self, visit_id: str, status: str) -> Visit:
        visit = self._existing(visit_id)
        wanted = visit_status(status)
        if visit.status == wanted:
            return visit
        back = visit.status == "cancelled"
        if back and not self._free(visit.slot, visit.contact, self._scope.ledger.now(), moving=visit_id):
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
        """Changes a visit that is stored; an occurrence of a series becomes one that is."""
        scope = self._scope
        values = {**slot_values(visit.slot), "status": visit.status}
        if not scope.update(visits, {"id": visit.id}, **values):
            self._add(visit, what)
            return
        scope.ledger.wrote(what, f"visit/{visit.id}", repr(visit).encode())

    def _add(self, visit: Visit, what: str) -> None:
        scope = self._scope
        scope.insert(
            visits, id=visit.id, status=visit.status, contact=visit.contact, series=visit.series,
            **slot_values(visit.slot),
        )  # fmt: skip
        rows: list[dict[str, object]] = [
            {"visit": visit.id, "position": position, "person": person}
            for position, person in enumerate(visit.participants)
        ]
        scope.insert_all(visit_people, rows)
        scope.ledger.wrote(what, f"visit/{visit.id}", repr(visit).encode())

    def visit(self, visit_id: str) -> Visit | None:
        row = self._scope.one(visits, id=visit_id)
        if row is not None:
            return self._visits([row])[0]
        named = parse_occurrence(visit_id)
        series = self.series(named[0]) if named else None
        return occurrence(series, named[1]) if series and named else None

    def visits_of(self, person: str, after: datetime) -> tuple[Visit, ...]:
        scope = self._scope
        mine = (visit_people.c.practice == visits.c.practice) & (visit_people.c.visit == visits.c.id)
        rows = scope.connection.execute(
            select(visits)
            .distinct()
            .join(visit_people, mine & (visit_people.c.person == person))
            .where(scope.mine(visits), visits.c.starts >= after, visits.c.status != "cancelled")
        )
        standing = (v for v in self.unmaterialised(after, after + AHEAD) if v.slot.start >= after)
        return by_start([*self._visits(rows.all()), *(v for v in standing if person in v.participants)])

    def visits_between(self, start: datetime, end: datetime) -> tuple[Visit, ...]:
        scope = self._scope
        rows = scope.connection.execute(
            select(visits).where(
                scope.mine(visits), visits.c.starts < end, visits.c.starts > start - LONGEST,
                visits.c.ends > start, visits.c.status != "cancelled",
            )
        )  # fmt: skip
        return by_start([*self._visits(rows.all()), *self.unmaterialised(start, end)])

    def standings(self, start: datetime, end: datetime) -> tuple[tuple[datetime, str], ...]:
        since, before = start.astimezone(UTC), end.astimezone(UTC)
        rows = self._scope.connection.execute(
            select(visits.c.starts, visits.c.status).where(
                self._scope.mine(visits), visits.c.starts >= since, visits.c.starts < before,
                visits.c.status != "cancelled",
            )
        )  # fmt: skip
        series = ((each.slot.start, each.status) for each in self.unmaterialised(start, end))
        standing = (each for each in series if start <= each[0] < end)
        return tuple(sorted([*((row.starts, row.status) for row in rows), *standing]))

    def _visits(self, rows: Sequence[Row[Any]]) -> list[Visit]:
        """Visits with their participants, which come in one more statement however many visits there are."""
        scope, present = self._scope, dict[str, list[str]]()
        found = scope.connection.execute(
            select(visit_people.c.visit, visit_people.c.person)
            .where(scope.mine(visit_people), visit_people.c.visit.in_([row.id for row in rows]))
            .order_by(visit_people.c.visit, visit_people.c.position)
        )
        for row in found if rows else ():
            present.setdefault(row.visit, []).append(row.person)
        return [
            Visit(row.id, slot_from(row), tuple(present.get(row.id, ())), row.status, row.contact, row.series)
            for row in rows
        ]

    def add_absence(self, absence_id: str, clinician: str, start: datetime, end: datetime) -> None:
        scope = self._scope
        if scope.one(absences, id=absence_id) is None:
            scope.insert(
                absences, id=absence_id, clinician=clinician,
                starts=start.astimezone(UTC), ends=end.astimezone(UTC),
            )  # fmt: skip
            scope.ledger.wrote("absence_added", f"absence/{absence_id}")

    def end_absence(self, absence_id: str, at: datetime) -> None:
        scope, at = self._scope, at.astimezone(UTC)
        absence = scope.one(absences, id=absence_id)
        if absence is None or absence.ends <= at:
            return
        if absence.starts >= at:
            scope.delete(absences, id=absence_id)
        else:
            scope.update(absences, {"id": absence_id}, ends=at)
        scope.ledger.wrote("absence_ended", f"absence/{absence_id}")


def by_start(found: Iterable[Visit]) -> tuple[Visit, ...]:
    return tuple(sorted(found, key=lambda visit: (visit.slot.start, visit.id)))
