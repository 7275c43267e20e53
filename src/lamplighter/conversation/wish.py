"""When somebody can come, as they said it: windows that suit, windows that don't.

All dates and times are local to the practice. `Wish()` allows any time.
"""

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, time
from typing import Any


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

    def allows(self, local: datetime) -> bool:
        """Whether a start, given as practice-local time, suits."""
        if any(window.fits(local) for window in self.none_of):
            return False
        return not self.any_of or any(window.fits(local) for window in self.any_of)

    def excluding(self, *windows: Window) -> "Wish":
        return replace(self, none_of=self.none_of + windows)

    def refined(self, new: "Wish") -> "Wish":
        """What is meant by `new`, said to an offer made for this wish: what it leaves open (weekdays, dates, times)
        stays as it was; what it names takes the place of the old."""
        if not new.any_of:
            return replace(self, none_of=self.none_of + new.none_of, soonest=new.soonest)
        dates = any(w.first or w.last for w in new.any_of)
        days = dates or any(w.weekdays for w in new.any_of)
        times = any(w.start or w.before or w.at for w in new.any_of)
        merged = tuple(
            _merged(old, w, dates, days, times) for old in self.any_of or (Window(),) for w in new.any_of
        )
        named = frozenset(day for w in new.any_of for day in w.weekdays)
        kept = tuple(w for w in self.none_of if not (w.weekdays & named))
        return Wish(tuple(dict.fromkeys(merged)), kept + new.none_of, new.soonest)

    def dumps(self) -> str:
        """Canonical JSON, the form in which a wish is kept as a detail's value."""
        return json.dumps(asdict(self), default=_plain, sort_keys=True, separators=(",", ":"))

    @classmethod
    def loads(cls, text: str) -> "Wish":
        raw = json.loads(text)
        return cls(
            tuple(_window(w) for w in raw["any_of"]),
            tuple(_window(w) for w in raw["none_of"]),
            raw["soonest"],
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
