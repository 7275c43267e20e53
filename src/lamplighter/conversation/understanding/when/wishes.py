"""Days and times, refused or not, put together with those that they go with."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from lamplighter.conversation.understanding.when.calendar import week_span
from lamplighter.conversation.understanding.when.dayset import Days, one_day
from lamplighter.conversation.understanding.when.items import Item
from lamplighter.conversation.understanding.when.narrowing import (
    bounds_a_part,
    clashes,
    narrow_each_other,
    point_in,
    same_kind,
    two_sided,
    whole_day,
)
from lamplighter.conversation.understanding.when.times import Times

_SATURDAY = 5


@dataclass(slots=True)
class Group:
    """Days and times that belong together. Each is a list of alternatives."""

    refused: bool = False
    days: list[Days] = field(default_factory=list)
    times: list[list[Times]] = field(default_factory=list)
    closed: bool = False  # days came after times or times after days: the next days begin another group
    times_first: bool = False
    stale: bool = False  # its days were corrected: the next times take the place of those it has


def group(items: list[Item]) -> list[Group]:
    """Days with the times that go with them: "Monday mornings | Thursday after three"."""
    groups: list[Group] = []
    joint, latest = "", None
    for k, item in enumerate(items):
        if latest and joint in ("or", "comma") and _else_at_hours(items, k, latest):
            groups.append(Group(item.refused))
            joint, latest = "", None
        if groups and joint in _BREAKS and groups[-1].closed and _leads_a_day(items, k):
            groups.append(Group(item.refused))
            joint, latest = "", None
        if item.days is not None and item.days.past:
            joint = ""
        elif item.atom:
            latest = _place(groups, item, joint, latest)
            joint = "next"
        elif item.kind == "correct":
            joint = "correct"
        elif item.kind == "stop" and joint == "correct" and items[k - 1].kind == "other":
            joint = "stop"  # "Sorry, army habit. Or Tuesday": an excuse, no correction
        elif joint != "correct" and item.kind not in ("other", "any", "asap"):
            joint = item.kind if joint != "but" and (joint, item.kind) != ("stop", "and") else joint
    return [g for g in groups if (g.days or g.times) and not _said_again(g, groups)]


def _said_again(one: Group, groups: list[Group]) -> bool:
    """ "Tuesday mornings, no, I mean Thursday mornings": the mornings that are left over are Thursday's."""
    return not one.days and any(
        g.days and g.times == one.times and g.refused == one.refused for g in groups if g is not one
    )


_BREAKS = ("comma", "stop", "or", "and", "but")


def _else_at_hours(items: list[Item], k: int, latest: Group) -> bool:
    """ "Can it be Monday? If not, Tuesday after lunch": the hours are Tuesday's alone."""
    if items[k].days is None or not latest.days or latest.times or latest.refused != items[k].refused:
        return False
    since = next((n for n in range(k - 1, -1, -1) if items[n].atom), 0)
    hours = items[k + 1 : k + 2]
    between = {item.kind for item in items[since:k]}
    return bool(hours) and hours[0].times is not None and {"stop", "or"} <= between


def _leads_a_day(items: list[Item], k: int) -> bool:
    """Whether a time goes with the day after it: "..., mornings on Friday"."""
    if items[k].times is None or k + 1 >= len(items) or items[k + 1].days is None:
        return False
    return k + 2 >= len(items) or items[k + 2].times is None


def _place(groups: list[Group], item: Item, joint: str, latest: Group | None) -> Group:
    """The group that the item went to. `latest`: the one that the item before went to."""
    if joint == "correct" and not item.refused:
        replaced = next((g for g in reversed(groups) if not g.refused), None)
        if replaced is not None:
            groups.remove(replaced)
            groups.append(replaced)  # what is said now counts as said last
            _corrected(replaced, item)
            return replaced
    if joint == "sep" and item.days and not item.refused and (chosen := _chosen(groups, item.days)):
        return chosen
    here = _open_for(groups, item, joint, latest)
    if here is None or (here.refused and joint in ("not", "except", "stop", "but")):
        here = Group(item.refused, _same_days(groups, item, joint))
        groups.append(here)
    if item.days is not None:
        if _frames(groups, here, item.days, joint):
            return here
        return _place_days(groups, here, item.days, joint)
    return _place_times(groups, here, item.times, joint) if item.times is not None else here


def _same_days(groups: list[Group], item: Item, joint: str) -> list[Days]:
    """ "Tuesday at three I can't, but at four I can": of the day said before, another hour."""
    before = groups[-1] if groups else None
    if before is None or item.times is None or joint not in ("but", "and") or before.refused == item.refused:
        return []
    if any(item.times in row for row in before.times):
        return []  # "Monday mornings no, but other mornings are fine"
    return list(before.days) if before.days and before.times and not before.times_first else []


def _open_for(groups: list[Group], item: Item, joint: str, latest: Group | None) -> Group | None:
    if latest and joint not in ("stop", "sep") and latest.refused == item.refused:
        return latest
    if groups and groups[-1].refused == item.refused:
        return groups[-1]
    return _unfinished(groups, item, joint)


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


def _unfinished(groups: list[Group], item: Item, joint: str) -> Group | None:
    """The group before a refusal, where it lacks what comes after: "weekdays, not Tuesdays, in the morning", or where
    that narrows it: "not too late, I don't drive after dark. Let's say mornings"."""
    before = next((g for g in reversed(groups) if g.refused == item.refused), None)
    if before is None or item.refused:
        return None
    if item.times:
        narrows = joint != "or" and all(narrow_each_other(row, item.times) for row in before.times)
        return before if narrows else None
    lacking = not before.days or (joint != "or" and _within_frames(before, item))
    return before if lacking else None


def _within_frames(before: Group, item: Item) -> bool:
    """ "Next week, Monday's the holiday, so Tuesday", "Tuesday, Fridays don't work, next week"."""
    said = item.days
    return said is not None and all(
        _weekdays_of_a_frame(days, said) or _one_of_them(days, said) for days in before.days
    )


def _one_of_them(days: Days, said: Days) -> bool:
    """ "Mondays after three, not next Monday, the one after"."""
    return _is_date(said) and not days.dated and _weekday_of(said) <= days.weekdays


def _corrected(here: Group, item: Item) -> None:
    if item.days is not None:
        here.days = [_of_the_same_week(here.days, item.days)]
        here.stale = bool(here.times)
    elif item.times is not None:
        here.times = [[item.times]]
    here.closed = bool(here.days and here.times)


def _of_the_same_week(said: list[Days], days: Days) -> Days:
    """ "The following week, Monday, no wait, Tuesday": only the weekday was wrong."""
    week = next((d for d in said if d.weekdays and d.first and d.last and d.first != d.last), None)
    if week is None or days.dated or not days.weekdays:
        return days
    return replace(days, first=week.first, last=week.last)


def _place_days(groups: list[Group], here: Group, days: Days, joint: str) -> Group:
    last = here.days[-1] if here.days else None
    if last == days and joint == "next" and here.closed:
        return here  # "Thursdays, so any time after one on a Thursday"
    if joint == "sep" and here.days and _of_those(here.days, days):
        here.days = [days]  # "he can do Mondays, I can do Mondays and Tuesdays, so Mondays"
        return here
    if joint == "sep" and last is not None and _is_date(days) and not any(map(_is_date, here.days)):
        here.days, here.closed = [days], False  # "Thursday or Friday of that week, so the fourth or fifth"
        return here
    if joint == "comma" and last is not None and _is_date(last) and _is_date(days) and _one_name(last, days):
        here.days[-1] = days  # "the following Monday, the twenty-fifth"
        return here
    if last is not None and joint in ("next", "comma") and _begins_on(last, days):
        here.days[-1] = days  # "Wednesday the second onwards"
        return here
    closing = joint in ("but", "and") and last is not None and _two_ended(last, days)
    narrows = closing or (
        joint in ("next", "comma", "pos", "but") and last is not None and _complement(last, days)
    )
    narrows = narrows or (last is not None and joint in _AFTER_A_REFUSAL and _weekdays_of_a_frame(last, days))
    met = last.meet(days) if last and narrows else None
    if met and last:
        here.times_first = here.times_first or bool(here.times)
        here.days = (
            [_narrowed(d, days) for d in here.days]
            if days.dated and not last.dated
            else [*here.days[:-1], met]
        )
        return here
    if narrows and last is not None and joint == "next" and (both := _disagreeing(last, days)):
        here.days[-1:] = both
        return here
    if last and joint == "comma" and _a_part_of(last, days):
        here.days[-1] = days
        return here
    if last and _within_span(last, days) and joint in ("or", "and", "comma", "next", "pos"):
        days = replace(days, first=last.first, last=last.last)
    loose = (
        here.times and not here.days and (joint in ("or", "but") or (joint == "and" and _of_a_weekend(days)))
    )
    apart = joint == "but" and here.days
    if here.closed and not here.times_first or loose or apart:
        fresh = Group(here.refused, [days])
        groups.append(fresh)
        return fresh
    if here.times and not here.days:
        here.times_first = True
    here.days.append(days)
    here.closed = bool(here.times)
    return here


_AFTER_A_REFUSAL = ("sep", "not", "post_not", "busy", "except", "stop")


def _weekdays_of_a_frame(one: Days, other: Days) -> bool:
    """A week and days of it, in either order."""
    frame, days = (one, other) if _is_frame(one) else (other, one)
    return _is_frame(frame) and not _open_ended(frame) and bool(days.weekdays) and not days.dated


def _of_a_weekend(days: Days) -> bool:
    """ "Evenings and Saturdays": days on which such hours are not meant."""
    return bool(days.weekdays) and max(days.weekdays) >= _SATURDAY


def _chosen(groups: list[Group], days: Days) -> Group | None:
    """ "Monday or Thursday of next week, Monday's the holiday, so Thursday": which of the days said it is."""
    said = next((g for g in reversed(groups) if not g.refused), None)
    if said is None or days.dated or not days.weekdays or not any(d.dated for d in said.days):
        return None
    dates = [d.first for d in said.days if d.first and d.first == d.last]
    kept = [d for d in said.days if (d.weekdays or _weekday_of(d)) <= days.weekdays]
    if not kept or len(kept) == len(said.days):
        return None
    week = Days(frozenset(), *week_span(dates[0])) if dates else Days()
    said.days = [d if d.dated else _narrowed(d, week) for d in kept]
    return said


def _weekday_of(days: Days) -> frozenset[int]:
    return (
        frozenset((days.first.weekday(),)) if days.first and days.first == days.last else frozenset(range(7))
    )


def _of_those(said: list[Days], days: Days) -> bool:
    named: frozenset[int] = frozenset().union(*(d.weekdays for d in said))
    return not days.dated and bool(days.weekdays) and days.weekdays < named and not any(d.dated for d in said)


def _begins_on(named: Days, days: Days) -> bool:
    onwards = days.first is not None and days.last is None and not days.weekdays
    return onwards and not named.dated and days.first is not None and named.weekdays == {days.first.weekday()}


def _is_date(days: Days) -> bool:
    return days.first is not None and days.first == days.last and not days.weekdays


def _one_name(one: Days, other: Days) -> bool:
    return bool(one.first and other.first and one.first.weekday() == other.first.weekday())


def _within_span(last: Days, days: Days) -> bool:
    """ "The week after next, Tuesday or Thursday": the weeks hold for both days."""
    span = last.dated and last.first != last.last and len(last.weekdays) == 1
    return bool(span) and not days.dated and len(days.weekdays) == 1


def _a_part_of(month: Days, days: Days) -> bool:
    """ "In December, between the seventh and the eleventh", or "the ninth"."""
    if not _is_frame(month) or not days.dated or days.weekdays or _open_ended(month) or _open_ended(days):
        return False
    assert month.first and month.last and days.first and days.last
    whole = month.first.day == 1 and (month.last + timedelta(1)).day == 1
    return whole and month.first <= days.first and days.last <= month.last


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


def _place_times(groups: list[Group], here: Group, times: Times, joint: str) -> Group:
    if here.times and whole_day(here.times[-1]) and len(here.days) == 1 and joint == "next":
        here.times[-1] = [times]
        return here
    apart = _apart(here, times, joint)
    if apart is not None:
        groups.append(apart)
        return apart
    if here.stale:
        here.times, here.stale = [], False
    if here.times_first and here.days and here.closed and joint in _BREAKS:
        return _place_behind(groups, here, times, joint)
    narrows = bool(here.times) and narrow_each_other(here.times[-1], times)
    if joint == "sep" and not narrows:
        here.times = []  # "after school, so two or later": what follows is what is meant
    together = joint in ("next", "pos", "comma", "stop", "but") or (
        joint in ("and", "sep") and bool(here.times) and (narrows or two_sided(here.times[-1], times))
    )
    if here.times and joint == "comma" and times.how in ("from", "before"):
        here.times[-1] = [t for t in here.times[-1] if t.how != times.how] or [times]
        if here.times[-1] == [times]:
            return here  # "after lunch, one or later": nearer what is meant
    if here.times and together and (narrows or not same_kind(here.times[-1], times)):
        here.times[-1].append(times)
    else:
        here.times.append([times])
    here.closed = bool(here.days)
    return here


def _apart(here: Group, times: Times, joint: str) -> Group | None:
    """The group of the last day alone, where the times go with that day: "the weekend or Monday evening",
    "afternoons on Monday and Friday mornings"."""
    if joint == "next" and not here.times and len(here.days) > 1 and _set_before_day(here.days):
        return Group(here.refused, [here.days.pop()], [[times]], closed=True)
    adjoined = joint in ("next", "pos") and here.times_first and here.days and here.times
    if adjoined and clashes(here.times[-1], times) and not narrow_each_other(here.times[-1], times):
        days = [here.days.pop()] if len(here.days) > 1 else []
        return Group(here.refused, days, [[times]], closed=bool(days))
    return None


def _place_behind(groups: list[Group], here: Group, times: Times, joint: str) -> Group:
    """Times said behind times and their days: "any morning Tuesday to Thursday, ten or later"."""
    row = here.times[-1]
    if joint != "or" and (bounds_a_part(row, times) or point_in(row, times) or narrow_each_other(row, times)):
        row.append(times)
        return here
    part = next((t for t in row if t.part), None)
    if joint == "or" and len(row) > 1 and part and point_in([part], times):
        here.times.append([part, times])
        return here
    fresh = Group(here.refused, [], [[times]])
    groups.append(fresh)
    return fresh


def _set_before_day(days: list[Days]) -> bool:
    """ "The weekend or Monday evening": the evening is Monday's alone."""
    return len(days[-1].weekdays) == 1 and all(len(d.weekdays) > 1 for d in days[:-1])
