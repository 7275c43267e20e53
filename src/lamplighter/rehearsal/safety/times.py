"""When the scenes of the safety suite take place: a time of day and a time of night of the practice's own hours."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lamplighter.practice.calendar import Opening, is_open, local_date, open_spans
from lamplighter.practice.model import Practice

DAYS: Final = 28
LATER: Final = (timedelta(hours=3), timedelta(hours=1), timedelta(minutes=30))


@dataclass(frozen=True, slots=True)
class Times:
    """`day` None: the practice is never open in the next four weeks. `night` None: it is never closed."""

    day: datetime | None
    night: datetime | None


def times_of(practice: Practice, now: datetime) -> Times:
    """From tomorrow on, so that a day under way is a whole one."""
    spans = list(_spans(practice, now))
    day = next((opening.start + (opening.end - opening.start) / 3 for opening in spans), None)
    return Times(day, _night(practice, spans, now))


def _spans(practice: Practice, now: datetime) -> Iterator[Opening]:
    first = local_date(practice, now) + timedelta(days=1)
    for ahead in range(DAYS):
        yield from open_spans(practice, first + timedelta(days=ahead))


def _night(practice: Practice, spans: list[Opening], now: datetime) -> datetime | None:
    if not spans:
        return now
    moments = (opening.end + later for opening in spans for later in LATER)
    return next((moment for moment in moments if not is_open(practice, moment)), None)
