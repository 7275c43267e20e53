"""A set of days, and what of two sets is left when both must hold."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Days:
    """Days that satisfy all that is set. `past` marks days gone by, which are no wish."""

    weekdays: frozenset[int] = frozenset()
    first: date | None = None
    last: date | None = None
    past: bool = False

    @property
    def dated(self) -> bool:
        return self.first is not None or self.last is not None

    def meet(self, other: "Days") -> "Days | None":
        """Both at once, None where that leaves no day."""
        weekdays = self.weekdays & other.weekdays or self.weekdays | other.weekdays
        if self.weekdays and other.weekdays and not self.weekdays & other.weekdays:
            return None
        first = max((d for d in (self.first, other.first) if d), default=None)
        last = min((d for d in (self.last, other.last) if d), default=None)
        if first and last and not _any_day(weekdays, first, last):
            return None
        return Days(weekdays, first, last, self.past or other.past)


def _any_day(weekdays: frozenset[int], first: date, last: date) -> bool:
    span = (last - first).days
    return span >= 0 and (
        not weekdays or any((first + timedelta(n)).weekday() in weekdays for n in range(min(span, 6) + 1))
    )


def one_day(day: date) -> Days:
    return Days(first=day, last=day)
