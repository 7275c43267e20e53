"""Days and times, refused or not, put together as a `Wish`."""

from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta

from lamplighter.conversation.understanding.when.calendar import following
from lamplighter.conversation.understanding.when.dayset import Days, one_day
from lamplighter.conversation.understanding.when.scan import Item
from lamplighter.conversation.understanding.when.scene import Scene
from lamplighter.conversation.understanding.when.times import MIDNIGHT, Hours, Part, Stretch, Times, span_of
from lamplighter.conversation.wish import Window


@dataclass(slots=True)
class Group:
    """Days and times that belong together. Each is a list of alternatives."""

    refused: bool = False
    days: list[Days] = field(default_factory=list)
    times: list[list[Times]] = field(default_factory=list)
    closed: bool = False  # days came after times or times after days: the next days begin another group
    times_first: bool = False


def group(items: list[Item]) -> list[Group]:
    """Days with the times that go with them: "Monday mornings | Thursday after three"."""
    groups: list[Group] = []
    joint = ""
    for k, item in enumerate(items):
        if groups and joint in _BREAKS and groups[-1].closed and _leads_a_day(items, k):
            groups.append(Group(item.refused))
            joint = ""
        if item.days is not None and item.days.past:
            joint = ""
        elif item.atom:
            _place(groups, item, joint)
            joint = "next"
        elif item.kind == "correct":
            joint = "correct"
        elif joint != "correct" and item.kind not in ("other", "any", "asap"):
            joint = item.kind if joint != "but" and (joint, item.kind) != ("stop", "and") else joint
    return [g for g in groups if (g.days or g.times) and not _said_again(g, groups)]


def _said_again(one: Group, groups: list[Group]) -> bool:
    """ "Tuesday mornings, no, I mean Thursday mornings": the mornings that are left over are Thursday's."""
    return not one.days and any(
        g.days and g.times == one.times and g.refused == one.refused for g in groups if g is not one
    )


_BREAKS = ("comma", "stop", "or", "and", "but")


def _leads_a_day(items: list[Item], k: int) -> bool:
    """Whether a time goes with the day after it: "..., mornings on Friday"."""
    if items[k].times is None or k + 1 >= len(items) or items[k + 1].days is None:
        return False
    return k + 2 >= len(items) or items[k + 2].times is None


def _place(groups: list[Group], item: Item, joint: str) -> None:
    here = groups[-1] if groups and groups[-1].refused == item.refused else _unfinished(groups, item)
    if joint == "correct" and not item.refused:
        replaced = next((g for g in reversed(groups) if not g.refused), None)
        if replaced is not None:
            _corrected(replaced, item)
            return
    if here is None or (here.refused and joint in ("not", "except", "stop", "but")):
        here = Group(item.refused)
        groups.append(here)
    if item.days is not None:
        if not _frames(groups, here, item.days, joint):
            _place_days(groups, here, item.days, joint)
    elif item.times is not None:
        _place_times(groups, here, item.times, joint)


def _frames(groups: list[Group], here: Group, days: Days, joint: str) -> bool:
    """ "Not before January 4th. Mondays, one to four": a sentence of its own about the weeks holds for the others."""
    beside = here.closed or (here.times and not here.days and _open_ended(days))
    if here.refused or not (joint == "stop" or (beside and joint in ("and", "but", "comma", "pos"))):
        return False
    wanted = [g for g in groups if not g.refused and (g.days or g.times)]
    if _is_frame(days) and (joint == "stop" or _open_ended(days)):
        if not wanted or any(d.dated and not d.meet(days) for g in wanted for d in g.days):
            return False
        if all(_is_frame(d) for g in wanted for d in g.days) and any(g.days for g in wanted):
            return False
        for g in wanted:
            g.days = [_narrowed(d, days) for d in g.days] or [days]
        return True
    framed = joint == "stop" and here.days and all(_is_frame(d) for d in here.days) and not days.dated
    if framed and len(here.days) == 1 and (met := here.days[0].meet(days)):
        here.days, here.closed = [met], False
        return True
    return False


def _is_frame(days: Days) -> bool:
    """A stretch of days, or a bound, without weekdays."""
    return days.dated and not days.weekdays and days.first != days.last


def _open_ended(days: Days) -> bool:
    return days.dated and (days.first is None or days.last is None)


def _unfinished(groups: list[Group], item: Item) -> Group | None:
    """The group before a refusal, where it lacks what comes after: "weekdays, not Tuesdays, in the morning"."""
    before = next((g for g in reversed(groups) if g.refused == item.refused), None)
    if before is None or item.refused:
        return None
    lacking = not before.times if item.times else not before.days
    return before if lacking else None


def _corrected(here: Group, item: Item) -> None:
    if item.days is not None:
        here.days = [item.days]
    elif item.times is not None:
        here.times = [[item.times]]
    here.closed = bool(here.days and here.times)


def _place_days(groups: list[Group], here: Group, days: Days, joint: str) -> None:
    last = here.days[-1] if here.days else None
    if joint == "sep" and last is not None and _is_date(days) and not any(map(_is_date, here.days)):
        here.days, here.closed = [days], False  # "Thursday or Friday of that week, so the fourth or fifth"
        return
    if joint == "comma" and last is not None and _is_date(last) and _is_date(days) and _one_name(last, days):
        here.days[-1] = days  # "the following Monday, the twenty-fifth"
        return
    closing = joint in ("but", "and") and last is not None and _two_ended(last, days)
    narrows = closing or (
        joint in ("next", "comma", "pos", "but") and last is not None and _complement(last, days)
    )
    met = last.meet(days) if last and narrows else None
    if met and last:
        here.days = (
            [_narrowed(d, days) for d in here.days]
            if days.dated and not last.dated
            else [*here.days[:-1], met]
        )
        return
    if narrows and last is not None and joint == "next" and (both := _disagreeing(last, days)):
        here.days[-1:] = both
        return
    if last and _within_span(last, days) and joint in ("or", "and", "comma"):
        days = replace(days, first=last.first, last=last.last)
    loose = here.times and not here.days and joint in ("or", "and", "but")
    apart = joint == "but" and here.days
    if here.closed and not here.times_first or loose or apart:
        fresh = Group(here.refused, [days])
        groups.append(fresh)
        return
    if here.times and not here.days:
        here.times_first = True
    here.days.append(days)
    here.closed = bool(here.times)


def _is_date(days: Days) -> bool:
    return days.first is not None and days.first == days.last and not days.weekdays


def _one_name(one: Days, other: Days) -> bool:
    return bool(one.first and other.first and one.first.weekday() == other.first.weekday())


def _within_span(last: Days, days: Days) -> bool:
    """ "The week after next, Tuesday or Thursday": the weeks hold for both days."""
    span = last.dated and last.first != last.last and len(last.weekdays) == 1
    return bool(span) and not days.dated and len(days.weekdays) == 1


def _disagreeing(one: Days, other: Days) -> list[Days]:
    """A date and a weekday that it is not: the date, and that weekday nearest to it."""
    date, named = (one, other) if one.dated else (other, one)
    if not date.first or date.first != date.last or date.weekdays or len(named.weekdays) != 1 or named.dated:
        return []
    ahead = (min(named.weekdays) - date.first.weekday() + 3) % 7 - 3
    return [date, one_day(date.first + timedelta(ahead))]


def _two_ended(one: Days, other: Days) -> bool:
    """ "after Christmas but before New Year"."""
    return {one.first is None, other.first is None} == {True, False} == {one.last is None, other.last is None}


def _narrowed(days: Days, span: Days) -> Days:
    return days.meet(span) or days


def _complement(one: Days, other: Days) -> bool:
    """A weekday and a date or a span narrow each other; two weekdays are alternatives."""
    return (
        (one.dated != other.dated)
        or (one.dated and other.dated and bool(one.weekdays) != bool(other.weekdays))
        or (
            one.dated and other.dated and (None in (one.first, one.last) or None in (other.first, other.last))
        )
    )


def _place_times(groups: list[Group], here: Group, times: Times, joint: str) -> None:
    if joint == "next" and not here.times and len(here.days) > 1 and _set_before_day(here.days):
        groups.append(Group(here.refused, [here.days.pop()], [[times]], closed=True))
        return
    if here.times and _whole_day(here.times[-1]) and len(here.days) == 1 and joint == "next":
        here.times[-1] = [times]
        return
    if here.times_first and here.days and joint == "next" and here.times and _clashes(here.times[-1], times):
        _split(groups, here, times)
        return
    if here.times_first and here.days and joint in ("or", "and", "comma", "stop", "but") and here.closed:
        if joint != "or" and _bounds_a_part(here.times[-1], times):
            here.times[-1].append(times)  # "any morning Tuesday to Thursday, ten or later"
        else:
            groups.append(Group(here.refused, [], [[times]]))
        return
    if joint == "sep":
        here.times = []  # "after school, so four or later": what follows is what is meant
    together = joint in ("next", "pos", "comma", "stop", "but") or (
        joint == "and" and _two_sided(here, times)
    )
    if here.times and (together and not _same_kind(here.times[-1], times)):
        here.times[-1].append(times)
    else:
        here.times.append([times])
    here.closed = bool(here.days)


def _bounds_a_part(row: list[Times], times: Times) -> bool:
    bounded = {t.how for t in row if not t.part}
    return times.how in ("from", "before") and times.how not in bounded and any(t.part for t in row)


def _split(groups: list[Group], here: Group, times: Times) -> None:
    """ "afternoons on Monday and Friday mornings": the last day goes with the time that follows it."""
    days = [here.days.pop()] if len(here.days) > 1 else []
    groups.append(Group(here.refused, days, [[times]], closed=bool(days)))


def _set_before_day(days: list[Days]) -> bool:
    """ "The weekend or Monday evening": the evening is Monday's alone."""
    return len(days[-1].weekdays) == 1 and all(len(d.weekdays) > 1 for d in days[:-1])


def _whole_day(row: list[Times]) -> bool:
    return any(t.part == (0, MIDNIGHT) for t in row)


def _clashes(row: list[Times], times: Times) -> bool:
    return _same_kind(row, times) or _whole_day(row)


def _two_sided(here: Group, times: Times) -> bool:
    """ "after two and before five"."""
    return bool(here.times) and {t.how for t in here.times[-1]} | {times.how} == {"from", "before"}


def _same_kind(row: list[Times], times: Times) -> bool:
    """Two parts or two exact times are alternatives, a part and a bound narrow each other."""
    points = {"at", "around", "range"}
    if times.part and all(t.part for t in row):
        return not all(_overlap(t.part, times.part) for t in row if t.part)
    return any(t.how == times.how or (t.how in points and times.how in points) for t in row)


def _overlap(one: Part, other: Part) -> bool:
    return max(one[0], other[0]) < min(one[1], other[1])


# windows


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
        return [_coming(d, min(named)) for d in days]  # "tomorrow or Tuesday", "the 25th or the Tuesday"
    loose = frozenset().union(*(d.weekdays for d in days if not d.dated))
    kept = [d for d in days if d.dated]
    single = [d.first for d in kept if d.first and d.first == d.last and not d.weekdays]
    if loose and loose <= {day.weekday() for day in single}:
        return kept  # "Tuesday or Wednesday, the 15th or 16th": the dates say which
    return ([Days(loose)] if loose else []) + kept


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
    bound = _all(bounds) or _all([s for s in bounds if s.at is None])
    if bound is None or bound == Stretch():
        return None
    wide = [Stretch(*_reach(scene, (p.start, p.before)) or (p.start, p.before)) for p in parts]
    return _all([bound, *wide]) or bound


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
