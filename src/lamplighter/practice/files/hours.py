"""Opening hours as people write them: `monday: 9:00-12:00, 13:00-18:00`, `weekdays: 9am-5pm`, `friday: closed`."""

import re
from itertools import pairwise
from typing import Final

from lamplighter.practice.model import Span, WeekHours
from lamplighter.practice.reading import Section
from lamplighter.practice.values import TIME, Kind, Unreadable, shorten

DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
GROUPS: Final = {"every_day": range(7), "weekdays": range(5), "weekends": range(5, 7)}


def _spans(written: str) -> tuple[Span, ...]:
    if written.strip().lower() in ("closed", "none"):
        return ()
    spans = tuple(_span(part) for part in written.split(","))
    ordered = sorted(spans, key=lambda span: span.start)
    for earlier, later in pairwise(ordered):
        if later.start < earlier.end:
            raise Unreadable(
                f"{_shown(earlier)} and {_shown(later)} overlap",
                "Write them as one, or leave a gap between them.",
            )
    return tuple(ordered)


def _span(written: str) -> Span:
    parts = re.split(r"\s*(?:-|–|—|\bto\b)\s*", written.strip())
    if len(parts) != 2:
        raise Unreadable(
            f'"{shorten(written.strip())}" is not a span of hours', "Write it as 9:00-17:30, or closed."
        )
    span = Span(TIME.read(parts[0]), TIME.read(parts[1]))
    if span.end <= span.start:
        raise Unreadable(
            f"{_shown(span)} ends before it starts",
            "Use the 24-hour clock, and end by 23:59 on the same day.",
        )
    return span


def _shown(span: Span) -> str:
    return f"{span.start:%H:%M}-{span.end:%H:%M}"


SPANS: Final[Kind[tuple[Span, ...]]] = Kind(_spans, ())


def read_hours(section: Section) -> WeekHours:
    """A single day wins over the group (`weekdays`, `weekends`, `every_day`) that it belongs to."""
    days: dict[int, tuple[Span, ...]] = {}
    for group, numbers in GROUPS.items():
        spans = section.optional(group, SPANS)
        if spans is not None:
            days.update(dict.fromkeys(numbers, spans))
    for number, name in enumerate(DAYS):
        spans = section.optional(name, SPANS)
        if spans is not None:
            days[number] = spans
    section.close()
    return WeekHours({number: spans for number, spans in sorted(days.items()) if spans})
