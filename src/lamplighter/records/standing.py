"""When a standing appointment takes place, reckoned on the practice's wall clock and given as instants."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from lamplighter.conversation.slots import Slot
from lamplighter.desk.ports import Series, Visit

LONGEST = timedelta(days=1)
"""No slot lasts longer."""

AHEAD = timedelta(days=90)
"""How far ahead of a date the occurrences of a series count among a person's visits."""


def in_utc(slot: Slot) -> Slot:
    """The same slot with its start in UTC, as every store keeps and returns it. Refuses one without length."""
    if not timedelta() < timedelta(minutes=slot.minutes) <= LONGEST:
        raise ValueError(f"a slot lasts between a minute and a day, not {slot.minutes} minutes")
    return replace(slot, start=slot.start.astimezone(UTC))


def occurrence_id(series_id: str, day: date) -> str:
    return f"{series_id}@{day.isoformat()}"


def parse_occurrence(visit_id: str) -> tuple[str, date] | None:
    """The series and local date that an occurrence's id names, or None when it is an ordinary visit's id."""
    series_id, at, day = visit_id.rpartition("@")
    if not at:
        return None
    try:
        return series_id, date.fromisoformat(day)
    except ValueError:
        return None


def occurrences(series: Series, start: datetime, end: datetime) -> Iterator[Visit]:
    """The times at which the series takes place that touch [start, end), skipped dates left out, earliest first."""
    zone = ZoneInfo(series.timezone)
    first = series.first.start.astimezone(zone)
    step = timedelta(weeks=series.every_weeks)
    from_day = (start - timedelta(minutes=series.first.minutes)).astimezone(zone).date()
    day = first.date() + step * max(0, (from_day - first.date()) // step)
    last = end.astimezone(zone).date()
    if series.until is not None:
        last = min(last, series.until)
    while day <= last:
        if day not in series.skipped:
            at = datetime.combine(day, first.time(), zone).astimezone(UTC)
            slot = replace(series.first, start=at)
            if slot.start < end and slot.end > start:
                yield Visit(
                    occurrence_id(series.id, day), slot, series.participants, "booked", series=series.id
                )
        day += step


def occurrence(series: Series, day: date) -> Visit | None:
    """The occurrence on this local date, if the series takes place then."""
    zone = ZoneInfo(series.timezone)
    midnight = datetime.combine(day, datetime.min.time(), zone)
    around = occurrences(series, midnight - timedelta(hours=2), midnight + timedelta(hours=26))
    wanted = occurrence_id(series.id, day)
    return next((visit for visit in around if visit.id == wanted), None)
