"""Which times of day said together hold at once, and which are alternatives."""

from collections.abc import Sequence

from lamplighter.conversation.understanding.when.times import (
    MIDNIGHT,
    NOON,
    Hours,
    Part,
    Times,
    both_readings,
)

_DAY = Hours(8 * 60, 20 * 60)
_BOUNDS = ("from", "before", "through", "by", "range")
_AFTER_SCHOOL = 15 * 60


def narrow_each_other(row: Sequence[Times], times: Times) -> bool:
    """Whether bounds, or hours and a part of the day, leave something together: "in the afternoon, and not before
    two". Two parts do where one of them only keeps off an end of the day: "mornings, and not too early"."""
    parts = [t.part for t in (*row, times) if t.part]
    if not parts and (
        times.how not in _BOUNDS or any(t.how not in _BOUNDS or t.how == times.how for t in row)
    ):
        return False
    if not row or whole_day((*row, times)) or (len(parts) > len(row) and not any(map(_keeps_off, parts))):
        return False
    hint = next((part for part in parts if not _keeps_off(part)), None)
    met = _DAY.resolve(times, hint)
    for one in row:
        stretch = _DAY.resolve(one, hint)
        met = met.meet(stretch) if met and stretch else None
    return met is not None


def _keeps_off(part: Part) -> bool:
    """ "Not too early", "not too late"."""
    return (part[1] == MIDNIGHT and part[0] <= NOON) or (part[0] == 0 and part[1] >= _AFTER_SCHOOL)


def point_in(row: Sequence[Times], times: Times) -> bool:
    """ "Mid-morning on a Thursday, ten or so"."""
    if times.how not in ("at", "around") or times.clock is None or len(row) != 1 or not row[0].part:
        return False
    low, high = row[0].part
    return any(low <= minute < high for minute in both_readings(times.clock))


def bounds_a_part(row: Sequence[Times], times: Times) -> bool:
    bounded = {t.how for t in row if not t.part}
    return times.how in ("from", "before") and times.how not in bounded and any(t.part for t in row)


def whole_day(row: Sequence[Times]) -> bool:
    return any(t.part == (0, MIDNIGHT) for t in row)


def clashes(row: Sequence[Times], times: Times) -> bool:
    return same_kind(row, times) or whole_day(row)


def two_sided(row: Sequence[Times], times: Times) -> bool:
    """ "after two and before five"."""
    hows = {t.how for t in (*row, times)}
    return len(hows) == 2 and "from" in hows and not hows.isdisjoint(("before", "through", "by"))


def same_kind(row: Sequence[Times], times: Times) -> bool:
    """Two parts or two exact times are alternatives, a part and a bound narrow each other."""
    points = {"at", "around", "range"}
    if times.part and all(t.part for t in row):
        return not all(_overlap(t.part, times.part) for t in row if t.part)
    return any(t.how == times.how or (t.how in points and times.how in points) for t in row)


def _overlap(one: Part, other: Part) -> bool:
    return max(one[0], other[0]) < min(one[1], other[1])
