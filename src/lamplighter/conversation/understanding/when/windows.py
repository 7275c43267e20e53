"""The windows of a group of days and times: every day it names at every time it names."""

from datetime import date, time, timedelta

from lamplighter.conversation.understanding.when.calendar import following
from lamplighter.conversation.understanding.when.dayset import Days, one_day
from lamplighter.conversation.understanding.when.scene import Scene
from lamplighter.conversation.understanding.when.times import MIDNIGHT, Hours, Part, Stretch, Times, span_of
from lamplighter.conversation.understanding.when.wishes import Group
from lamplighter.conversation.wish import Window


def windows(scene: Scene, one: Group) -> list[Window]:
    """The group's windows: every day it names at every time it names."""
    stretches = [s for row in one.times if (s := _stretch(scene, one, row))]
    if one.times and not stretches:
        return []
    spans = _merged(one.days, scene.today) or [Days()]
    return [_window(days, stretch) for days in spans for stretch in stretches or [Stretch()]]


def _merged(days: list[Days], today: date) -> list[Days]:
    """Weekdays without dates as one set, so that the wish reads well."""
    named = [d.first for d in days if d.first and d.first == d.last and d.first >= today]
    if named:
        dated = next(n for n, d in enumerate(days) if d.first in named and d.first == d.last)
        return [
            _coming(d, _from_day(d, min(named), today) if n < dated else min(named))
            for n, d in enumerate(days)
        ]
    loose = frozenset().union(*(d.weekdays for d in days if not d.dated))
    kept = [d for d in days if d.dated]
    single = [d.first for d in kept if d.first and d.first == d.last and not d.weekdays]
    if loose and loose <= {day.weekday() for day in single}:
        return kept  # "Tuesday or Wednesday, the 15th or 16th": the dates say which
    return ([Days(loose)] if loose else []) + kept


def _from_day(days: Days, named: date, today: date) -> date:
    """ "Monday or Tuesday of next week": the day said first is of that week; "tomorrow or Tuesday" comes after."""
    monday = named - timedelta(named.weekday())
    return max(monday, today) if days.weekdays and min(days.weekdays) < named.weekday() else named


def _coming(days: Days, named: date) -> Days:
    """A bare weekday beside a date as the day of that name that comes next."""
    if days.dated or len(days.weekdays) != 1:
        return days
    return one_day(following(named, min(days.weekdays)))


def _stretch(scene: Scene, one: Group, row: list[Times]) -> Stretch | None:
    """What all of a row allow at once. A named hour inside a part reaches to the part's far end."""
    hours = Hours(scene.opens, scene.closes)
    hint = _hint(row) or _hint([t for other in one.times if len(other) > 1 for t in other])
    bounds = [s for t in row if t.how != "part" and (s := hours.resolve(t, _reach(scene, hint)))]
    parts = [Stretch(*t.part) for t in row if t.part]
    if not bounds:
        return _all(parts) if parts or all(t.part for t in row) else None
    bound = _all(bounds) or _all([s for s in bounds if s.at is None]) or _last_said(row, bounds)
    if bound is None or bound == Stretch():
        return None
    wide = [Stretch(*_reach(scene, (p.start, p.before)) or (p.start, p.before)) for p in parts]
    return _all([bound, *wide]) or bound


def _last_said(row: list[Times], bounds: list[Stretch]) -> Stretch | None:
    """ "Thursdays I have breakfast until half past eleven, after noon is fine": the last of bounds that exclude each
    other, unless the visit must be over by one of them."""
    return None if any(t.over for t in row) else bounds[-1] if bounds else None


def _all(stretches: list[Stretch]) -> Stretch | None:
    met: Stretch | None = Stretch()
    for stretch in stretches:
        met = met.meet(stretch) if met else None
    return met


def _hint(row: list[Times]) -> Part | None:
    return next((t.part for t in row if t.part), None)


def _reach(scene: Scene, part: Part | None) -> Part | None:
    if part is None:
        return None
    for name, wide in scene.lexicon.reach.items():
        if span_of(name) == part:
            return span_of(wide)
    return part


def _window(days: Days, stretch: Stretch) -> Window:
    return Window(
        days.weekdays,
        days.first,
        days.last,
        _clock(stretch.start) if stretch.start else None,
        _clock(stretch.before) if stretch.before < MIDNIGHT else None,
        _clock(stretch.at) if stretch.at is not None else None,
    )


def _clock(minute: int) -> time:
    return time(min(minute, MIDNIGHT - 1) // 60, minute % 60 if minute < MIDNIGHT else 59)
