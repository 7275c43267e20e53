"""Which offers fit the days, times and names that an answer says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lamplighter.conversation.understanding.context import OfferedTime
from lamplighter.conversation.understanding.when.dayset import Days
from lamplighter.conversation.understanding.when.items import Item
from lamplighter.conversation.understanding.when.scene import Scene
from lamplighter.conversation.understanding.when.times import AFTERNOON, NOON, Hours, Times, both_readings
from lamplighter.conversation.understanding.when.wishes import Group, group
from lamplighter.conversation.understanding.when.words import fold, tokenize

_HOURS = Hours(7 * 60, 20 * 60)


@dataclass(frozen=True, slots=True)
class Matcher:
    offered: tuple[OfferedTime, ...]
    items: Sequence[Item]

    @property
    def days(self) -> list[Days]:
        return [i.days for i in self.items if i.days and not i.refused and not i.days.past]

    @property
    def times(self) -> list[Times]:
        return [i.times for i in self.items if i.times and not i.refused]

    @property
    def asks(self) -> bool:
        return bool(self.days or self.times)

    def wanted(self) -> list[int]:
        """Offers on a day said and at the time said with it; the last of what a correction replaced."""
        if not self.asks:
            return list(range(len(self.offered)))
        groups = [one for one in group(list(self.items)) if not one.refused]
        return [i for i in range(len(self.offered)) if any(self._suits(i, one) for one in groups)]

    def _suits(self, i: int, one: Group) -> bool:
        """The days of a group with the times of the same group: not Monday at the hour said for Wednesday."""
        return self._on_day(i, one.days) and (
            not one.times or any(self._at_time(i, row) for row in one.times)
        )

    def refused(self) -> frozenset[int]:
        """Offers that a refused day or time takes away."""
        gone: set[int] = set()
        for item in self.items:
            if item.refused:
                gone |= {i for i in range(len(self.offered)) if self._meets(i, item)}
        return frozenset(gone)

    def mentioned(self) -> frozenset[int]:
        """Offers that a day or time tells from the others, whatever is said of it."""
        met = [
            {i for i in range(len(self.offered)) if self._meets(i, item)}
            for item in self.items
            if item.days or item.times
        ]
        return frozenset(i for one in met if len(one) < len(self.offered) for i in one)

    def _meets(self, i: int, item: Item) -> bool:
        return (
            self._on_day(i, [item.days])
            if item.days
            else self._at_time(i, [item.times] if item.times else [])
        )

    def fits_days(self) -> bool:
        return any(self._on_day(i, self.days) for i in range(len(self.offered)))

    def lies_later(self) -> bool | None:
        """Whether the first time said is after the offers' times of day; None where no time was said."""
        stretch = next((s for t in self.times if (s := _HOURS.resolve(t, None))), None)
        if not stretch:
            return None
        point = stretch.at if stretch.at is not None else stretch.start
        return point >= max(_minute(time) for time in self.offered)

    def _on_day(self, i: int, days: list[Days]) -> bool:
        day = self.offered[i].start.date()
        if not days:
            return True
        return any(
            (not d.weekdays or day.weekday() in d.weekdays)
            and (d.first is None or d.first <= day)
            and (d.last is None or day <= d.last)
            for d in days
        )

    def _at_time(self, i: int, times: list[Times]) -> bool:
        minute = _minute(self.offered[i])
        points = [t for t in times if t.how != "part"]
        parts = [t.part for t in times if t.part]
        if points:
            return any(minute in _named(t) for t in points)
        return not parts or any(_widest(start) <= minute < end for start, end in parts)


def _widest(start: int) -> int:
    """Of the times offered noon is one of the afternoon, though nobody who asks for an afternoon means it."""
    return NOON if start == AFTERNOON else start


def _minute(time: OfferedTime) -> int:
    return time.start.hour * 60 + time.start.minute


def _named(times: Times) -> range | list[int]:
    """The minutes after midnight that a time said can mean."""
    if times.clock and times.how == "at":
        return both_readings(times.clock)
    stretch = _HOURS.resolve(times, None)
    if not stretch:
        return []
    early = 30 if times.how == "around" else 0
    return range(stretch.start - early, stretch.before)


@dataclass(frozen=True, slots=True)
class Trait:
    """What tells offers apart beside their time: the clinician's name, or the way of meeting."""

    kind: str
    offers: frozenset[int]


def traits_at(view: Scene, i: int, offered: tuple[OfferedTime, ...]) -> Trait | None:
    """The trait that the lexeme at i names, None where it is none of any clinician or way of meeting offered."""
    if view.has(i, "modality"):
        named = view.value(i, "modality")
        return Trait("modality", frozenset(n for n, time in enumerate(offered) if time.modality == named))
    words = {view.at(i).word, view.at(i).word.removesuffix("s")}  # "Ortega's"
    found = frozenset(n for n, time in enumerate(offered) if words & set(_names(time.clinician)))
    return Trait("name", found) if found else None


def _names(name: str) -> Iterator[str]:
    return (fold(token.folded) for token in tokenize(name) if len(token.folded) > 2)
