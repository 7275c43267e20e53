"""Which of many openings are offered: two or three, in order, as different as the wish lets them be."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

from lamplighter.conversation.wish import Wish
from lamplighter.desk.scheduling.openings import Start
from lamplighter.practice.model import Clinician, ClinicianId

OFFERED: Final = 3
APART: Final = 2 * 3600
"""Seconds between the earliest time and the next one of the same day, when the earliest is wanted."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A start with everybody who is free at it. `window` is the part of the wish that it meets."""

    start: Start
    day: date
    window: int
    clinicians: tuple[Clinician, ...]


def choose(
    openings: Sequence[Opening], wish: Wish, refused_days: frozenset[date] = frozenset()
) -> list[tuple[Start, Clinician]]:
    """At most three, in order of time. Days of refused times come back only when nothing else is left."""
    fresh = [opening for opening in openings if opening.day not in refused_days]
    if wish.soonest:
        picked = _soonest(openings)
    else:
        picked = _spread(fresh if _choices(fresh) >= 2 else openings, wish)
    return _with_clinicians(_filled(picked, openings), openings)


def _choices(openings: Iterable[Opening]) -> int:
    return sum(len(opening.clinicians) for opening in openings)


def _soonest(openings: Sequence[Opening]) -> list[Opening]:
    """The earliest, a later one that day, and the first of another day."""
    if not openings:
        return []
    first = openings[0]
    later = next(
        (o for o in openings if o.day == first.day and o.start.instant - first.start.instant >= APART), None
    )
    other = next((o for o in openings if o.day != first.day), None)
    return [opening for opening in (first, later, other) if opening is not None]


def _spread(openings: Sequence[Opening], wish: Wish) -> list[Opening]:
    days: dict[date, list[Opening]] = {}
    for opening in openings:
        days.setdefault(opening.day, []).append(opening)
    chosen = _days(days, wish)
    quotas = {0: [], 1: [3], 2: [2, 1], 3: [1, 1, 1]}[len(chosen)]
    shares = {3: (0.0, 0.5, 1.0), 2: (0.0, 1.0)}
    picked = []
    for place, (day, quota) in enumerate(zip(chosen, quotas, strict=True)):
        alone = (0.5,) if len(chosen) == 2 else (place / 2,)
        picked += [_at(days[day], share) for share in shares.get(quota, alone)]
    return picked


def _at(openings: Sequence[Opening], share: float) -> Opening:
    """The opening that lies this far through the day's openings: 0 the first, 1 the last."""
    return openings[round(share * (len(openings) - 1))]


def _days(days: dict[date, list[Opening]], wish: Wish) -> list[date]:
    """Up to three days: one for each part of the wish, then evenly over a bounded wish, else the nearest."""
    chosen: list[date] = []
    if len(wish.any_of) > 1:
        for window in range(len(wish.any_of)):
            meets = (
                d for d, found in days.items() if d not in chosen and any(o.window == window for o in found)
            )
            chosen += [day for day in [next(meets, None)] if day is not None]
        chosen = sorted(chosen)[:OFFERED]
        for day in chosen:
            days[day] = _of_one_window(days[day])
    rest = [day for day in days if day not in chosen]
    wanted = OFFERED - len(chosen)
    if chosen or not bounded(wish) or len(rest) <= wanted:
        return sorted(chosen + rest[:wanted])
    return [rest[0], min(rest[1:-1], key=partial(off_middle, rest)), rest[-1]]


def off_middle(days: Sequence[date], day: date) -> tuple[int, int]:
    """How far a day lies from the middle between the first and the last; of two as far the later is nearer."""
    first, last = days[0].toordinal(), days[-1].toordinal()
    return abs(2 * day.toordinal() - first - last), -day.toordinal()


def _of_one_window(openings: list[Opening]) -> list[Opening]:
    window = min(opening.window for opening in openings)
    return [opening for opening in openings if opening.window == window]


def bounded(wish: Wish) -> bool:
    """Whether every part of the wish has a last day."""
    return bool(wish.any_of) and all(window.last is not None for window in wish.any_of)


def _filled(picked: list[Opening], openings: Sequence[Opening]) -> list[Opening]:
    """Other starts to make up the number where a day had too few."""
    unique = {opening.start.instant: opening for opening in picked}
    for opening in openings:
        if len(unique) >= OFFERED:
            break
        unique.setdefault(opening.start.instant, opening)
    return [unique[instant] for instant in sorted(unique)]


def _with_clinicians(picked: Sequence[Opening], openings: Sequence[Opening]) -> list[tuple[Start, Clinician]]:
    """Each time with somebody who is free: whoever stands in the offer least, then whoever is freest on its days.

    Where there is one start only, a second clinician makes the choice.
    """
    days = {opening.day for opening in picked}
    freedom = Counter(c.id for opening in openings if opening.day in days for c in opening.clinicians)
    used: Counter[ClinicianId] = Counter()
    pairs: list[tuple[Start, Clinician]] = []
    for opening in picked:
        clinician = _least_used(opening.clinicians, used, freedom)
        used[clinician.id] += 1
        pairs.append((opening.start, clinician))
    if len(picked) == 1 and len(picked[0].clinicians) > 1:
        others = [c for c in picked[0].clinicians if not used[c.id]]
        pairs += [(picked[0].start, other) for other in others[: OFFERED - 1]]
    return pairs


def _least_used(
    clinicians: Sequence[Clinician], used: Counter[ClinicianId], freedom: Counter[ClinicianId]
) -> Clinician:
    return min(clinicians, key=lambda c: (used[c.id], -freedom[c.id]))
