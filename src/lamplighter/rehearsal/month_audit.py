"""What was lost and what was doubled: the diary of the month held against the practice's rules.

Rules of this room: nothing here is read from the outbox. What should have come follows from when a time stood and what
the practice's files say; what came is what the carrier delivered. Whatever should have come and did not needs a reason
that the month knows of itself, or it is lost.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from lamplighter.desk.ports import Visit
from lamplighter.law.area_codes import state_of
from lamplighter.rehearsal.month import Lived
from lamplighter.rehearsal.month_diary import Stood

BEFOREHAND: Final = timedelta(hours=48)
"""How much sooner than its hours before a visit a reminder may come: the evening before a Sunday, or a free weekend."""

A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)
SOON: Final = timedelta(hours=2)
TOO_CLOSE: Final = timedelta(hours=12)
EARLIEST, LATEST, SUNDAY = 9, 20, 6


@dataclass(frozen=True, slots=True)
class Audit:
    """Each entry is a sentence without a name. `because`: why what should have come did not, and how often."""

    owed: int
    came: int
    because: dict[str, int]
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    unwelcome: tuple[str, ...]


def audit(lived: Lived, tasks: Collection[str | None], visits: Collection[Visit]) -> Audit:
    """`tasks`: whom staff are to reach because a text could not. `visits`: all that stood at the end."""
    because: dict[str, int] = defaultdict(int)
    lost: list[str] = []
    owed = came = 0
    for stood in lived.diary.stood:
        wanted = list(_owed(lived, stood))
        missing = _missing(wanted, stood)
        owed += len(wanted)
        came += len(wanted) - len(missing)
        for hours in missing:
            if why := _excuse(lived, stood, hours, tasks):
                because[why] += 1
            else:
                lost.append(f"{stood.visit}: the reminder {hours} hours before did not come")
    return Audit(
        owed,
        came,
        dict(sorted(because.items())),
        tuple(lost),
        (*_doubled(lived), *_answered_twice(lived), *_double_booked(visits)),
        tuple(_unwelcome(lived)),
    )


def _owed(lived: Lived, stood: Stood) -> Iterator[int]:
    """The hours before of which it is certain that a reminder had to come: it was booked long before, and stood till
    long after."""
    for hours in lived.plan.practice.reminders.hours:
        then = stood.slot.start - timedelta(hours=hours)
        known = stood.since <= then - BEFOREHAND
        if known and stood.until > then + A_DAY - SOON and then + A_DAY < lived.plan.ends:
            yield hours


def _missing(wanted: Collection[int], stood: Stood) -> list[int]:
    """The hours for which nothing came. What came is for the nearest hours that it can be for, and for no others."""
    left = set(wanted)
    for at in sorted(stood.reminded):
        near = [hours for hours in left if _may_be_for(stood, hours, at)]
        left -= set(sorted(near, key=lambda hours: abs(_due(stood, hours) - at))[:1])
    return sorted(left, reverse=True)


def _may_be_for(stood: Stood, hours: int, at: datetime) -> bool:
    return _due(stood, hours) - BEFOREHAND <= at < stood.slot.start


def _due(stood: Stood, hours: int) -> datetime:
    return stood.slot.start - timedelta(hours=hours)


def _excuse(lived: Lived, stood: Stood, hours: int, tasks: Collection[str | None]) -> str | None:
    someone = lived.diary.people[stood.person]
    then = stood.slot.start - timedelta(hours=hours)
    stopped = lived.diary.stopped.get(someone.id)
    if not someone.texts:
        return "reached another way"
    if not someone.agreed:
        return "refused reminders"
    if stopped is not None and stopped <= then + A_DAY:
        return "wanted no more"
    if stood.person in tasks:
        return "the carrier refused, and a task stands"
    if _near(lived, stood, then):
        return "had another text that day, or three that week"
    if any(each.start < stood.slot.start and each.end > then - BEFOREHAND and each.kind == "unreachable"
           for each in lived.plan.troubles):  # fmt: skip
        return "the carrier was away until it was too late"
    return None


def _near(lived: Lived, stood: Stood, then: datetime) -> bool:
    """Whether the practice's own caps kept it back, at the moment at which it would have gone."""
    phone = lived.diary.people[stood.person].phone
    other = [each.at for each in lived.carrier.delivered if each.to == phone]
    same_day = any(abs(at - then) < A_DAY + SOON and at not in stood.reminded for at in other)
    would_go = _evening_before_a_sunday(lived, then)
    zone = lived.plan.practice.timezone
    day = would_go.astimezone(zone).date()
    same_day = same_day or any(
        at.astimezone(zone).date() == day for at in other
    )  # an earlier one, put off to it
    return same_day or sum(would_go - A_WEEK < at < then + A_DAY for at in other) >= 3


def _evening_before_a_sunday(lived: Lived, then: datetime) -> datetime:
    """Nothing goes on a Sunday: what would, goes on Saturday before the hours end."""
    local = then.astimezone(lived.plan.practice.timezone)
    if local.weekday() != SUNDAY:
        return then
    return (local - A_DAY).replace(hour=LATEST - 1, minute=0, second=0, microsecond=0)


def _doubled(lived: Lived) -> Iterator[str]:
    """A reminder too many, two on each other's heels, or the same word about a visit twice."""
    most = len(lived.plan.practice.reminders.hours)
    for stood in lived.diary.stood:
        times = sorted(stood.reminded)
        if len(times) > most:
            yield f"{stood.visit}: {len(times)} reminders of one time"
        if any(later - sooner < TOO_CLOSE for sooner, later in pairwise(times)):
            yield f"{stood.visit}: two reminders on each other's heels"
        phrases = [phrase for phrase, _ in stood.told]
        if len(phrases) != len(set(phrases)):
            yield f"{stood.visit}: told the same thing twice"


def _answered_twice(lived: Lived) -> Iterator[str]:
    """More answers reached a telephone than were said to it."""
    for phone, count in lived.diary.replies.items():
        if count > lived.diary.said[phone]:
            yield f"{lived.diary.by_phone[phone].id}: {count} answers to {lived.diary.said[phone]} texts"


def _double_booked(visits: Collection[Visit]) -> Iterator[str]:
    by_clinician: dict[str, list[Visit]] = defaultdict(list)
    for visit in visits:
        by_clinician[visit.slot.clinician].append(visit)
    for each in by_clinician.values():
        in_order = sorted(each, key=lambda visit: visit.slot.start)
        for one, other in pairwise(in_order):
            if other.slot.start < one.slot.end:
                yield f"{one.id} and {other.id}: the same time of one clinician"


def _unwelcome(lived: Lived) -> Iterator[str]:
    """What went of itself at an hour at which nothing goes, or to somebody who wanted no more."""
    zone = lived.plan.practice.timezone
    for stood in lived.diary.stood:
        phone = lived.diary.people[stood.person].phone
        stopped = lived.diary.stopped.get(stood.person)
        for at in stood.reminded:
            local = at.astimezone(zone)
            if state_of(phone) == lived.plan.practice.state and (
                local.weekday() == SUNDAY or not EARLIEST <= local.hour < LATEST
            ):
                yield f"{stood.visit}: reminded at {local:%a %H:%M}"
            if stopped is not None and at > stopped:
                yield f"{stood.visit}: reminded after they wanted no more"
