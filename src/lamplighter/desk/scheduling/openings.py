"""The clock's side of a search: on which starts a visit would fit, before anybody's bookings are looked at.

Instants are whole seconds since 1970, so that the two changes of the clock can't move anything. A local time that a
change skips or repeats is never offered: nobody could be told it without doubt.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from lamplighter.desk.ports import Busy
from lamplighter.practice.calendar import at_local, open_spans
from lamplighter.practice.model import Clinician, Practice, WeekHours


@dataclass(frozen=True, slots=True)
class Start:
    """A local start with its own fixed offset, and its instant."""

    local: datetime
    instant: int


@dataclass(frozen=True, slots=True)
class Shift:
    """From when to when a visit may lie, as instants."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Day:
    """A local day on which the practice opens. `offset` is None when the clocks change on it."""

    date: dt.date
    opening: tuple[Shift, ...]
    offset: timezone | None
    midnight: int

    @classmethod
    def of(cls, practice: Practice, day: dt.date) -> "Day":
        opening = tuple(
            Shift(int(span.start.timestamp()), int(span.end.timestamp()))
            for span in open_spans(practice, day)
        )
        midnight = datetime.combine(day, time(0), practice.timezone)
        offset = midnight.utcoffset()
        changes = offset is None or offset != (midnight + timedelta(days=1)).utcoffset()
        return cls(
            day, opening, None if changes or offset is None else timezone(offset), int(midnight.timestamp())
        )

    def instant(self, practice: Practice, clock: time) -> int:
        if self.offset is not None:
            return self.midnight + clock.hour * 3600 + clock.minute * 60
        return int(at_local(practice, self.date, clock).timestamp())


def starts_of(practice: Practice, day: Day) -> tuple[Start, ...]:
    """Every start of the practice's grid within its opening hours, in order; bookings are not looked at."""
    if not day.opening:
        return ()
    zone, minutes = practice.timezone, sorted(practice.slot_starts)
    starts = []
    for hour in range(24):
        if not _may_be_open(day, hour):
            continue
        for minute in minutes:
            local = _aware(datetime.combine(day.date, time(hour, minute)), day, zone)
            if local is None:
                continue
            instant = int(local.timestamp())
            if any(shift.start <= instant < shift.end for shift in day.opening):
                starts.append(Start(local, instant))
    return tuple(starts)


def _may_be_open(day: Day, hour: int) -> bool:
    """A first, coarse look: on a day on which the clocks change an hour may lie two hours off."""
    at = day.midnight + hour * 3600
    return any(shift.start - 7200 < at < shift.end + 7200 for shift in day.opening)


def _aware(wall: datetime, day: Day, zone: ZoneInfo) -> datetime | None:
    if day.offset is not None:
        return wall.replace(tzinfo=day.offset)
    first, second = wall.replace(tzinfo=zone, fold=0), wall.replace(tzinfo=zone, fold=1)
    offset = first.utcoffset()
    if offset is None or offset != second.utcoffset():
        return None
    return wall.replace(tzinfo=timezone(offset))


def shifts_of(practice: Practice, clinician: Clinician, day: Day, new_patient: bool) -> tuple[Shift, ...]:
    """When the practice is open, the clinician works and, for a new patient, sees new patients."""
    spans = _common(day.opening, _spans(practice, clinician.hours, day))
    if new_patient and clinician.new_patient_hours is not None:
        spans = _common(spans, _spans(practice, clinician.new_patient_hours, day))
    return tuple(spans)


def _spans(practice: Practice, hours: WeekHours, day: Day) -> list[Shift]:
    return [
        Shift(day.instant(practice, span.start), day.instant(practice, span.end))
        for span in hours.days.get(day.date.weekday(), ())
    ]


def _common(some: Sequence[Shift], others: Sequence[Shift]) -> list[Shift]:
    pairs = (Shift(max(a.start, b.start), min(a.end, b.end)) for a in some for b in others)
    return sorted((both for both in pairs if both.start < both.end), key=lambda shift: shift.start)


class Taken:
    """A clinician's busy stretches, merged, so that one look answers whether a stretch is free."""

    __slots__ = ("ends", "starts")

    def __init__(self, stretches: Iterable[tuple[int, int]]) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        for start, end in sorted(stretches):
            if self.ends and start <= self.ends[-1]:
                self.ends[-1] = max(self.ends[-1], end)
            else:
                self.starts.append(start)
                self.ends.append(end)

    def is_free(self, start: int, end: int) -> bool:
        index = bisect_right(self.ends, start)
        return index == len(self.starts) or self.starts[index] >= end


def stretch(busy: Busy, buffer_minutes: int) -> tuple[int, int]:
    """What a busy time keeps others from, as instants: a visit with the clinician's buffer around it."""
    buffer = 0 if busy.kind == "absence" else buffer_minutes * 60
    return int(busy.start.timestamp()) - buffer, -int(-busy.end.timestamp() // 1) + buffer


def stands_in_the_way(busy: Busy, zone: ZoneInfo, contact: str | None, moving: str | None) -> bool:
    """A contact's own hold does not, nor does the visit (or occurrence of a series) that is being moved."""
    if busy.kind == "hold":
        return contact is None or busy.ref != contact
    if moving is None or busy.kind == "absence":
        return True
    return moving not in (busy.ref, f"{busy.ref}@{busy.start.astimezone(zone).date()}")
