"""Standing appointments on SQL, and the slot columns that they share with visits and holds."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, select

from lamplighter.conversation.slots import Slot
from lamplighter.desk.ports import Series, Visit
from lamplighter.practice.model import Modality
from lamplighter.records.errors import UnknownRecord
from lamplighter.records.sql.prepared import Prepared
from lamplighter.records.sql.scope import Scope
from lamplighter.records.sql.tables import Instant, visits
from lamplighter.records.sql.tables import series as table
from lamplighter.records.standing import in_utc, occurrences

_BEGUN = Prepared(
    select(table).where(
        table.c.practice == bindparam("of_practice"), table.c.starts < bindparam("to", type_=Instant)
    )
)


class SqlSeries:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def unmaterialised(
        self, start: datetime, end: datetime, clinicians: Sequence[str] | None = None
    ) -> Iterator[Visit]:
        """Occurrences that touch [start, end) and have not become visits of their own."""
        scope = self._scope
        rows = _BEGUN.all(scope.connection, {"of_practice": scope.practice, "to": end})
        if clinicians is not None:
            rows = [row for row in rows if row.clinician in clinicians]
        found = [visit for row in rows for visit in occurrences(series_from(row), start, end)]
        if not found:
            return
        ids = [visit.id for visit in found]
        stored = scope.connection.execute(select(visits.c.id).where(scope.mine(visits), visits.c.id.in_(ids)))
        own = {row.id for row in stored}
        yield from (visit for visit in found if visit.id not in own)

    def add_series(self, series: Series) -> None:
        if self._scope.one(table, id=series.id) is None:
            self._scope.insert(table, id=series.id, **_values(series))
            self._wrote("series_added", series)

    def change_series(self, series: Series) -> None:
        if not self._scope.update(table, {"id": series.id}, **_values(series)):
            raise UnknownRecord("series", series.id)
        self._wrote("series_changed", series)

    def _wrote(self, what: str, series: Series) -> None:
        self._scope.ledger.wrote(what, f"series/{series.id}", repr(series).encode())

    def series(self, series_id: str) -> Series | None:
        row = self._scope.one(table, id=series_id)
        return series_from(row) if row else None


def slot_values(slot: Slot) -> dict[str, object]:
    return {
        "clinician": slot.clinician, "starts": slot.start, "ends": slot.end, "minutes": slot.minutes,
        "modality": slot.modality.value, "visit_kind": slot.visit_kind, "site": slot.site,
    }  # fmt: skip


def slot_from(row: Row[Any]) -> Slot:
    return Slot(row.starts, row.minutes, row.clinician, Modality(row.modality), row.visit_kind, row.site)


def series_from(row: Row[Any]) -> Series:
    skipped = tuple(date.fromisoformat(day) for day in json.loads(row.skipped))
    participants = tuple(json.loads(row.participants))
    return Series(row.id, slot_from(row), row.every_weeks, participants, row.timezone, row.until, skipped)


def _values(series: Series) -> dict[str, object]:
    return {
        **slot_values(in_utc(series.first)),
        "every_weeks": series.every_weeks,
        "participants": json.dumps(series.participants),
        "timezone": series.timezone,
        "until": series.until,
        "skipped": json.dumps([day.isoformat() for day in series.skipped]),
    }
