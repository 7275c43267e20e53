"""When somebody may be written to or called unasked: in every place where they may be, at once.

Where they are is what they said of their state, and where their number was given out; both count, the stricter of the
two at any moment. A state with several time zones counts with all of them. Never on a Sunday.
"""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

from lamplighter.law.area_codes import state_of
from lamplighter.law.federal_days import federal_holidays
from lamplighter.law.profile import WIDEST, window
from lamplighter.law.states import SHIPPED, LawData

FILE: Final = "zones.toml"
SUNDAY: Final = 6
WEEKEND: Final = (5, SUNDAY)
AHEAD: Final = 15
"""Days looked ahead for a moment that suits: no pair of places and no run of holidays needs more."""


@dataclass(frozen=True, slots=True)
class Place:
    """The hours of one time zone, `start` inclusive, `end` exclusive. `off`: weekdays on which nothing goes, Monday 0;
    `holidays`: whether federal holidays are days like others."""

    zone: str
    start: time
    end: time
    off: tuple[int, ...] = (SUNDAY,)
    holidays: bool = True

    def allows(self, instant: datetime) -> bool:
        local = instant.astimezone(ZoneInfo(self.zone))
        return self._is_day(local.date()) and self.start <= local.time() < self.end

    def _is_day(self, day: date) -> bool:
        return day.weekday() not in self.off and (self.holidays or day not in federal_holidays(day.year))

    def edges(self, instant: datetime, days: Iterable[int], clock: time) -> Iterator[datetime]:
        """The instants of a local time on the days around."""
        zone = ZoneInfo(self.zone)
        today = instant.astimezone(zone).date()
        for ahead in days:
            yield datetime.combine(today + timedelta(days=ahead), clock, zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class ContactHours:
    """What holds for one person: every place has to allow it."""

    places: tuple[Place, ...]

    def allow(self, instant: datetime) -> bool:
        return all(place.allows(instant) for place in self.places)

    def next_from(self, instant: datetime) -> datetime | None:
        """`instant` itself where it is allowed, else the next one that is; None: none in two weeks."""
        if self.allow(instant):
            return instant
        begins = (
            edge for place in self.places for edge in place.edges(instant, range(AHEAD + 1), place.start)
        )
        return next((edge for edge in sorted(begins) if edge > instant and self.allow(edge)), None)

    def last_by(self, instant: datetime, before_end: timedelta) -> datetime | None:
        """`instant` where it is allowed for so much longer, else the last one before it that is; None: none in two
        weeks."""
        if self.allow(instant) and self.allow(instant + before_end):
            return instant
        ends = (
            edge - before_end
            for place in self.places
            for edge in place.edges(instant, range(-AHEAD, 1), place.end)
        )
        fits = (edge for edge in sorted(ends, reverse=True) if edge < instant and self.allow(edge))
        return next(fits, None)


def contact_hours(
    *,
    state: str | None,
    number: str | None,
    otherwise: tuple[str, str],
    narrower: tuple[time, time] = WIDEST,
    data: LawData = SHIPPED,
) -> ContactHours:
    """`state` is what they said; `otherwise` the state and time zone to go by where neither tells anything."""
    named = (each for each in (state, state_of(number)) if each is not None)
    states = tuple(dict.fromkeys(each for each in named if each in data.facts))
    if not states:
        practice_state, zone = otherwise
        return ContactHours((_place(practice_state, zone, narrower, data),))
    return ContactHours(
        tuple(_place(each, zone, narrower, data) for each in states for zone in zones_of(each))
    )


def local_day(instant: datetime, zone: str) -> date:
    return instant.astimezone(ZoneInfo(zone)).date()


def midnight_after(instant: datetime, zone: str) -> datetime:
    day = local_day(instant, zone) + timedelta(days=1)
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def zones_of(state: str) -> tuple[str, ...]:
    return _zones()[state]


def known_zones_of(state: str | None) -> tuple[str, ...]:
    """None for what names no state."""
    return _zones().get(state or "", ())


@cache
def _zones() -> dict[str, tuple[str, ...]]:
    raw = tomllib.loads(files("lamplighter.law").joinpath(FILE).read_text("utf-8"))
    return {state: tuple(zones) for state, zones in raw.items() if isinstance(zones, list)}


def _place(state: str, zone: str, narrower: tuple[time, time], data: LawData) -> Place:
    facts = data.facts.get(state, {})
    start, end = window(facts) if facts else WIDEST
    return Place(
        zone,
        max(start, narrower[0]),
        min(end, narrower[1]),
        WEEKEND if facts.get("weekends") is False else (SUNDAY,),
        facts.get("holidays", True),
    )
