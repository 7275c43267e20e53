"""Whether one time may be had, and what is near it when it may not."""

from datetime import datetime, timedelta
from typing import Final

from lamplighter.conversation.actions import FindSlots
from lamplighter.conversation.slots import Slot
from lamplighter.conversation.wish import Wish
from lamplighter.desk.ports import Schedule
from lamplighter.desk.scheduling.calendar import calendar_of
from lamplighter.desk.scheduling.openings import Taken, stands_in_the_way, stretch
from lamplighter.desk.scheduling.search import Search, openings_on, refused_starts, slot_of, wished_days
from lamplighter.desk.scheduling.spread import OFFERED
from lamplighter.desk.scheduling.who import Nobody, candidates
from lamplighter.practice.model import Practice

NEAR_DAYS: Final = 7


def is_free(
    practice: Practice,
    schedule: Schedule,
    slot: Slot,
    now: datetime,
    contact: str | None = None,
    moving: str | None = None,
) -> bool:
    """Whether the slot lies ahead, within opening hours and in nobody's way, the contact's own hold apart."""
    start = int(slot.start.timestamp())
    end = start + slot.minutes * 60
    day = slot.start.astimezone(practice.timezone).date()
    if start < now.timestamp() or not any(
        shift.start <= start and end <= shift.end for shift in calendar_of(practice).day(day)[0].opening
    ):
        return False
    buffer = practice.clinician(slot.clinician).buffer_minutes
    since = slot.start - timedelta(minutes=buffer)
    until = datetime.fromtimestamp(end, practice.timezone) + timedelta(minutes=buffer)
    busy = schedule.busy((slot.clinician,), since, until, now)
    zone = practice.timezone
    blocking = (stretch(b, buffer) for b in busy if stands_in_the_way(b, zone, contact, moving))
    return Taken(blocking).is_free(start, end)


def others_near(
    practice: Practice,
    schedule: Schedule,
    slot: Slot,
    now: datetime,
    contact: str | None = None,
    moving: str | None = None,
    request: FindSlots | None = None,
) -> tuple[Slot, ...]:
    """Up to three times nearest to a slot that was taken, in order of time.

    With the `request` that led to it, everybody whom it allows and its wish count, and the wish is dropped only when
    it leaves nothing; without, the same clinician, kind and modality.
    """
    asked = request or FindSlots(
        wish=Wish().dumps(),
        visit_kind=slot.visit_kind,
        modality=slot.modality,
        clinician=slot.clinician,
        new_patient=practice.visit_kind(slot.visit_kind).first,
        moving=moving,
    )
    who = candidates(practice, schedule, asked, now, None)
    if isinstance(who, Nobody):
        return ()
    wishes = [Wish.loads(asked.wish), Wish()] if asked.wish else [Wish()]
    for wish in wishes:
        search = Search(practice, schedule, asked, who, wish, refused_starts(asked), now, contact, None)
        if near := _nearest(search, slot):
            return near
    return ()


def _nearest(search: Search, slot: Slot) -> tuple[Slot, ...]:
    instant = int(slot.start.timestamp())
    day = slot.start.astimezone(search.practice.timezone).date()
    around = (day + timedelta(days=n) for n in range(-NEAR_DAYS, NEAR_DAYS + 1))
    days = [d for d in around if search.today <= d <= search.horizon]
    options = [
        (start, clinician)
        for opening in openings_on(search, wished_days(search, days))
        for start in (opening.start,)
        for clinician in opening.clinicians
        if (start.instant, clinician.id) != (instant, slot.clinician)
    ]
    options.sort(key=lambda o: (abs(o[0].instant - instant), o[1].id != slot.clinician, o[0].instant))
    firsts: dict[int, Slot] = {}
    for start, clinician in options:
        firsts.setdefault(start.instant, slot_of(search, start, clinician))
        if len(firsts) == OFFERED:
            break
    return tuple(firsts[at] for at in sorted(firsts))
