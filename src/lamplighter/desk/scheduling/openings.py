"""The clock's side of a search: on which starts a visit would fit, before anybody's bookings are looked at.

Instants are whole seconds since 1970, so that the two changes of the clock can't move anything. A local time that a
change skips or repeats is never offered: nobody could be told it without doubt.
"""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from typing import NamedTuple
from zoneinfo import ZoneInfo

from lamplighter.desk.ports import Busy
from lamplighter.practice.calendar import at_local, open_spans
from lamplighter.practice.model import Clinician, Practice, WeekHours


class Start(NamedTuple):
    """A local start with its own fixed offset, and its instant. A tuple, as a search makes hundreds of them."""

    local: datetime
    instant: int


class Shift(NamedTuple):
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
    walls = (
        datetime(day.date.year, day.date.month, day.date.day, hour, minute)  # noqa: DTZ001  # wall clock: _start
        for hour in _hours(day)
        for minute in sorted(practice.slot_starts)
    )
    starts = (_start(wall, day, practice.timezone) for wall in walls)
    return tuple(start for start in starts if start is not None and _is_open(day, start.instant))


def _hours(day: Day) -> range:
    """A first, coarse look: on a day on which the clocks change an hour may lie two hours off."""
    first = (min(shift.start for shift in day.opening) - day.midnight) // 3600
    last = (max(shift.end for shift in day.opening) - day.midnight) // 3600
    return range(max(0, first - 2), min(24, last + 3))


def _is_open(day: Day, instant: int) -> bool:
    return any(start <= instant < end for start, end in day.opening)


def _start(wall: datetime, day: Day, zone: ZoneInfo) -> Start | None:
    if day.offset is not None:
        return Start(wall.replace(tzinfo=day.offset), day.midnight + wall.hour * 3600 + wall.minute * 60)
    local = _aware(wall, zone)
    return Start(local, int(local.timestamp())) if local else None


def _aware(wall: datetime, zone: ZoneInfo) -> datetime | None:
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
    pairs = [(max(a.start, b.start), min(a.end, b.end)) for a in some for b in others]
    return sorted([Shift(start, end) for start, end in pairs if start < end])


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

    def gaps(self, start: int, end: int) -> list[tuple[int, int]]:
        """What is left of [start, end) between the stretches, in order."""
        starts, ends = self.starts, self.ends
        first, last = bisect_right(ends, start), bisect_left(starts, end)
        if first >= last:
            return [(start, end)]
        begins = [start, *ends[first:last]]
        return list(zip(begins, [*starts[first:last], end], strict=True))


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
