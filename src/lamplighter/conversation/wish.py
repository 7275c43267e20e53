"""When somebody can come, as they said it: windows that suit, windows that don't.

All dates and times are local to the practice. `Wish()` allows any time.
"""

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

_WEEK = 7  # days
_SOME_DAY = date(2000, 1, 3)  # a Monday, for a wish that names no dates


@dataclass(frozen=True, slots=True)
class Window:
    """A slot fits when every field that is set holds. `first`/`last` inclusive dates; `start` <= time < `before`."""

    weekdays: frozenset[int] = frozenset()  # Monday is 0; empty: any
    first: date | None = None
    last: date | None = None
    start: time | None = None
    before: time | None = None
    at: time | None = None

    def fits(self, local: datetime) -> bool:
        day, clock = local.date(), local.time()
        return (
            (not self.weekdays or day.weekday() in self.weekdays)
            and (self.first is None or day >= self.first)
            and (self.last is None or day <= self.last)
            and (self.start is None or clock >= self.start)
            and (self.before is None or clock < self.before)
            and (self.at is None or clock == self.at)
        )


@dataclass(frozen=True, slots=True)
class Wish:
    any_of: tuple[Window, ...] = ()
    none_of: tuple[Window, ...] = ()
    soonest: bool = field(default=False)  # "as soon as possible": earliest first rather than spread
    as_before: str = (
        ""  # "at", "from" or "through" the hour of the visit being moved: "the same time or later"
    )

    def allows(self, local: datetime) -> bool:
        """Whether a start, given as practice-local time, suits."""
        if any(window.fits(local) for window in self.none_of):
            return False
        return not self.any_of or any(window.fits(local) for window in self.any_of)

    def leaves_a_start(self, today: date = _SOME_DAY) -> bool:
        """Whether its refusals leave any half hour, or exact time named, of the days it speaks of, from today on."""
        if not self.none_of:
            return True
        said = {day for w in (*self.any_of, *self.none_of) for day in (w.first, w.last) if day}
        days = {day + timedelta(n) for day in {today, *said} for n in range(-_WEEK, 2 * _WEEK)}
        clocks = {time(n // 2, n % 2 * 30) for n in range(48)} | {w.at for w in self.any_of if w.at}
        return any(
            self.allows(datetime.combine(day, clock))
            for day in sorted(days)
            if day >= today
            for clock in clocks
        )

    def made_possible(self, today: date = _SOME_DAY) -> "Wish":
        """As it is where a start is left of it. Where the refusals leave none it was misread, or days were given up:
        then they stand, and of the wish only its hours, if these leave a start."""
        if self.leaves_a_start(today):
            return self
        hours = tuple(dict.fromkeys(Window(start=w.start, before=w.before, at=w.at) for w in self.any_of))
        loose = replace(self, any_of=hours)
        return loose if Window() not in hours and loose.leaves_a_start(today) else replace(self, any_of=())

    def at_the_hour(self, clock: time) -> "Wish":
        """With the hour of the visit that is being moved, where that was wished for."""
        if not self.as_before:
            return self
        after = (datetime.combine(_SOME_DAY, clock) + timedelta(minutes=1)).time()
        hours = {"at": Window(at=clock), "from": Window(start=clock), "through": Window(before=after)}[
            self.as_before
        ]
        meant = tuple(_merged(w, hours, False, False, True) for w in self.any_of or (Window(),))
        return replace(self, any_of=meant, as_before="")

    def excluding(self, *windows: Window) -> "Wish":
        return replace(self, none_of=self.none_of + windows)

    def refined(self, new: "Wish") -> "Wish":
        """What is meant by `new`, said to an offer made for this wish: what it leaves open (weekdays, dates, times)
        stays as it was; what it names takes the place of the old, and of old refusals that leave none of it."""
        if not new.any_of:
            return replace(self, none_of=self.none_of + new.none_of, soonest=new.soonest).made_possible()
        dates = any(w.first or w.last for w in new.any_of)
        days = dates or any(w.weekdays for w in new.any_of)
        times = any(w.start or w.before or w.at for w in new.any_of)
        merged = tuple(
            _merged(old, w, dates, days, times) for old in self.any_of or (Window(),) for w in new.any_of
        )
        named = frozenset(day for w in new.any_of for day in w.weekdays)
        kept = tuple(w for w in self.none_of if not (w.weekdays & named))
        meant = Wish(tuple(dict.fromkeys(merged)), kept + new.none_of, new.soonest, new.as_before)
        return meant if meant.leaves_a_start() else replace(meant, none_of=new.none_of)

    def dumps(self) -> str:
        """Canonical JSON, the form in which a wish is kept as a detail's value."""
        told = {name: value for name, value in asdict(self).items() if name != "as_before" or value}
        return json.dumps(told, default=_plain, sort_keys=True, separators=(",", ":"))

    @classmethod
    def loads(cls, text: str) -> "Wish":
        raw = json.loads(text)
        return cls(
            tuple(_window(w) for w in raw["any_of"]),
            tuple(_window(w) for w in raw["none_of"]),
            raw["soonest"],
            raw.get("as_before", ""),
        )


def _merged(old: Window, new: Window, dates: bool, days: bool, times: bool) -> Window:
    return Window(
        new.weekdays if days else old.weekdays,
        new.first if dates else old.first,
        new.last if dates else old.last,
        new.start if times else old.start,
        new.before if times else old.before,
        new.at if times else old.at,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat()


def _window(raw: dict[str, Any]) -> Window:
    return Window(
        frozenset(raw["weekdays"]),
        date.fromisoformat(raw["first"]) if raw["first"] else None,
        date.fromisoformat(raw["last"]) if raw["last"] else None,
        time.fromisoformat(raw["start"]) if raw["start"] else None,
        time.fromisoformat(raw["before"]) if raw["before"] else None,
        time.fromisoformat(raw["at"]) if raw["at"] else None,
    )
