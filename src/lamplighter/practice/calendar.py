"""When a practice is open. Pure; every question takes the instant it is asked about.

Answers are in the practice's time zone. Comparisons are made on instants, so that the hour that a clock change
repeats or leaves out is counted as it passes. Two datetimes of one zone subtract as wall clocks: turn them into
UTC first where the length between them matters.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from lamplighter.law.federal_days import federal_holidays
from lamplighter.practice.model import Practice, WeekHours

NOON: Final = time(12)
FURTHEST: Final = 800  # days looked ahead; more than two years of closed dates is a mistake in the files


class NeverOpen(Exception):
    """The practice has no open hours in the next two years."""


@dataclass(frozen=True, slots=True)
class Opening:
    """An unbroken stretch of open time, `end` exclusive; both aware, in the practice's zone."""

    start: datetime
    end: datetime

    def holds(self, instant: datetime) -> bool:
        return self.start.astimezone(UTC) <= instant.astimezone(UTC) < self.end.astimezone(UTC)


def at_local(practice: Practice, day: date, clock: time) -> datetime:
    """The instant of a local time. A time that a clock change leaves out becomes the one an hour later."""
    local = datetime.combine(day, clock, practice.timezone)
    return local.astimezone(UTC).astimezone(practice.timezone)


def local_date(practice: Practice, instant: datetime) -> date:
    return instant.astimezone(practice.timezone).date()


def is_holiday(practice: Practice, day: date) -> bool:
    """Whether the practice is closed that day although it is a weekday on which it opens."""
    return day in practice.closed_dates or (
        practice.holidays == "us_federal" and day in federal_holidays(day.year)
    )


def is_business_day(practice: Practice, day: date) -> bool:
    return bool(practice.hours.days.get(day.weekday())) and not is_holiday(practice, day)


def open_spans(practice: Practice, day: date, hours: WeekHours | None = None) -> tuple[Opening, ...]:
    """The stretches of `day`, in order; none on a holiday. `hours` of a clinician stand in for the practice's."""
    if is_holiday(practice, day):
        return ()
    spans = (hours or practice.hours).days.get(day.weekday(), ())
    openings = (
        Opening(at_local(practice, day, span.start), at_local(practice, day, span.end)) for span in spans
    )
    return tuple(sorted(openings, key=lambda opening: opening.start.astimezone(UTC)))


def is_open(practice: Practice, instant: datetime) -> bool:
    return any(opening.holds(instant) for opening in open_spans(practice, local_date(practice, instant)))


def next_open(practice: Practice, instant: datetime) -> datetime:
    """`instant` itself while the practice is open, else when it next opens. Raises NeverOpen."""
    if is_open(practice, instant):
        return instant.astimezone(practice.timezone)
    for day in _days_from(local_date(practice, instant)):
        for opening in open_spans(practice, day):
            if opening.start.astimezone(UTC) > instant.astimezone(UTC):
                return opening.start
    raise NeverOpen


def closed_since(practice: Practice, instant: datetime) -> datetime:
    """When the doors closed last for the night or longer: today, once they have for today, else on the last day on
    which they were open. A pause at noon is none. Raises NeverOpen."""
    today = local_date(practice, instant)
    for back in range(FURTHEST):
        spans = open_spans(practice, today - timedelta(days=back))
        if spans and spans[-1].end.astimezone(UTC) <= instant.astimezone(UTC):
            return spans[-1].end
    raise NeverOpen


def business_day_after(practice: Practice, instant: datetime, count: int = 1) -> date:
    """The `count`-th business day after the local date of `instant`; `count` from 1. Raises NeverOpen."""
    if count < 1:
        raise ValueError("count is at least 1")
    for day in _days_from(local_date(practice, instant) + timedelta(days=1)):
        count -= is_business_day(practice, day)
        if count == 0:
            return day
    raise NeverOpen


def noon_next_business_day(practice: Practice, instant: datetime) -> datetime:
    """Until when a hold is kept for a contact that went to a person. Raises NeverOpen."""
    return at_local(practice, business_day_after(practice, instant), NOON)


def _days_from(first: date) -> Iterator[date]:
    return (first + timedelta(days=ahead) for ahead in range(FURTHEST))
