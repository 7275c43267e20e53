"""Somebody here moves a visit or calls it off, with a reason, and may take it back for two minutes.

Theory of operation. The visit changes at once, in one transaction: its new time is theirs, reminders are made anew, and
what is written to those who come is stored, to go when the two minutes are over. Its old time is held until then, so
that it can be put back; then a job gives it to the wait list and makes calls of those whom nothing written reaches.
Two who change the same visit at once: each says how they saw it, and the second is told that it has changed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, Literal

from lamplighter.conversation.actions import FindSlots
from lamplighter.conversation.slots import Slot
from lamplighter.desk import apart, packet, reminders, series_changes, sick_day, stopping
from lamplighter.desk import rearranging_kept as kept
from lamplighter.desk.notices import enqueue
from lamplighter.desk.ports import Job, Transaction, Visit
from lamplighter.desk.rearranging_kept import JOB, Change, Reason
from lamplighter.desk.rearranging_told import Telling, as_moved, telling
from lamplighter.desk.scheduling import is_free, others_near, places_on
from lamplighter.desk.sick_day_choices import as_searched
from lamplighter.law.states import SHIPPED, LawData
from lamplighter.practice.calendar import is_business_day, local_date
from lamplighter.practice.model import ClinicianId, Practice

STANDING: Final = sick_day.STANDING
Why = Literal["over", "changed", "taken", "by_person"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to become of a visit. `seen` is the time and `by` whom they saw it with; `slot` None: it is called off.
    `and_after`: of a standing appointment, this one and those after it."""

    visit: str
    seen: datetime
    with_whom: ClinicianId
    reason: Reason
    slot: Slot | None = None
    and_after: bool = False


@dataclass(frozen=True, slots=True)
class NotDone:
    """Nothing was changed. `others`: times near the one that was taken; `days`: on which days of a standing appointment
    the time is taken."""

    why: Why
    others: tuple[Slot, ...] = ()
    days: tuple[date, ...] = ()


# -- where it could be -------------------------------------------------------------------------------------------------


def places(
    tx: Transaction,
    practice: Practice,
    visit: Visit,
    days: Iterable[date],
    now: datetime,
    clinicians: Iterable[ClinicianId] = (),
) -> tuple[Slot, ...]:
    """Every time of these days at which it could be: with whoever sees them, where they take their plan as they do now,
    by the practice's notice, hours, buffers and kinds of visit, and with `clinicians` beside them who may see all who
    come. None where they have another."""
    asked, patient = tuple(days), next(iter(sick_day.people_of(tx, visit)), None)
    own = FindSlots(
        wish="", visit_kind=visit.slot.visit_kind, modality=visit.slot.modality, clinician=visit.slot.clinician,
        new_patient=practice.visit_kind(visit.slot.visit_kind).first, moving=visit.id, same_time=True,
        insurer=apart.plan_for(practice, patient, visit, visit.slot.clinician) if patient else None,
        apart=tuple(apart.of_visit(tx, visit)),
    )  # fmt: skip
    found = set(places_on(practice, tx.schedule, own, asked, now))
    for other in set(clinicians) - {visit.slot.clinician}:
        found |= _with_another(tx, practice, visit, other, asked, now)
    busy = _theirs(tx, visit, now)
    free = (_as_it_is(practice, visit, each) for each in found)
    return tuple(
        sorted(
            (each for each in free if _elsewhere(visit, each) and not _overlaps(each, busy)),
            key=lambda each: (each.start, each.clinician),
        )
    )


def _with_another(
    tx: Transaction,
    practice: Practice,
    visit: Visit,
    other: ClinicianId,
    days: tuple[date, ...],
    now: datetime,
) -> set[Slot]:
    """By every rule of a search, for each who comes."""
    allowed: set[Slot] | None = None
    for person in sick_day.people_of(tx, visit):
        asked = replace(
            as_searched(tx, practice, visit, person), clinician=other, moving=visit.id, same_time=True
        )
        mine = set(places_on(practice, tx.schedule, asked, days, now, person.state))
        allowed = mine if allowed is None else allowed & mine
    return allowed or set()


def _theirs(tx: Transaction, visit: Visit, now: datetime) -> tuple[Visit, ...]:
    """The other visits of those who come."""
    found = (each for person in visit.participants for each in tx.schedule.visits_of(person, now))
    return tuple(each for each in found if each.id != visit.id and each.status in STANDING)


def _overlaps(slot: Slot, others: Iterable[Visit]) -> bool:
    return any(slot.start < each.slot.end and each.slot.start < slot.end for each in others)


def _elsewhere(visit: Visit, slot: Slot) -> bool:
    return (slot.start, slot.clinician) != (visit.slot.start, visit.slot.clinician)


def _as_it_is(practice: Practice, visit: Visit, slot: Slot) -> Slot:
    """At the same place, where whoever sees them is there."""
    sites, site = practice.clinician(slot.clinician).sites, visit.slot.site
    return replace(slot, site=site) if slot.site and site and (not sites or site in sites) else slot


# -- before it is done -------------------------------------------------------------------------------------------------


def preview(
    tx: Transaction,
    practice: Practice,
    visit: Visit,
    slot: Slot | None,
    now: datetime,
    law: LawData = SHIPPED,
) -> tuple[Telling, ...]:
    """Who would be told what way, if it were done now."""
    after = as_moved(visit, slot) if slot is not None else None
    return telling(tx, practice, visit, after, name="preview", now=now + kept.TO_UNDO, law=law)


# -- doing it ----------------------------------------------------------------------------------------------------------


def change(
    tx: Transaction,
    practice: Practice,
    wanted: Wanted,
    *,
    by: str,
    now: datetime,
    law: LawData = SHIPPED,
) -> Change | NotDone:
    before = tx.schedule.visit(wanted.visit)
    if before is None or before.status not in STANDING or before.slot.start <= now:
        return NotDone("changed" if kept.latest(tx, wanted.visit) else "over")
    if (before.slot.start, before.slot.clinician) != (wanted.seen, wanted.with_whom):
        return NotDone("changed")
    if stopping.by_a_person_first(tx, before):
        return NotDone("by_person")
    series = series_changes.of(tx, before.id)[0] if series_changes.is_one_of_a_series(before.id) else None
    name = kept.new_name(tx, before, now, by)
    after = _moved(tx, practice, wanted, before, name, now) if wanted.slot is not None else None
    if isinstance(after, NotDone):
        return after
    if wanted.slot is None:
        _cancelled(tx, wanted, before)
    reminders.drop(tx, practice, before)
    _hold_the_old(tx, before, after, name, now)
    if after is not None:
        plan(tx, practice, after, now)
    until = series.until if series is not None else None
    done = Change(name, wanted.reason, before, after, by, now, now + kept.TO_UNDO, wanted.and_after, until)
    return _stated(tx, practice, done, law)


def _moved(
    tx: Transaction, practice: Practice, wanted: Wanted, before: Visit, name: str, now: datetime
) -> Visit | NotDone:
    slot = wanted.slot
    assert slot is not None
    day = local_date(practice, slot.start)
    here = places(tx, practice, before, (day,), now, (slot.clinician,))
    place = next(
        (each for each in here if (each.start, each.clinician) == (slot.start, slot.clinician)), None
    )
    if place is None:
        return _taken(tx, practice, before, slot, now)
    if not series_changes.is_one_of_a_series(before.id):
        moved = tx.schedule.move(before.id, place, name, now)
    else:
        if wanted.and_after and (days := _clashes(tx, practice, before, place, name, now)):
            return NotDone("taken", days=days)
        moved = series_changes.put_elsewhere(
            tx, practice, before.id, place, name=name, holder=name, now=now, and_after=wanted.and_after
        )
    return moved or _taken(tx, practice, before, slot, now)


def _taken(tx: Transaction, practice: Practice, before: Visit, slot: Slot, now: datetime) -> NotDone:
    near = replace(before.slot, start=slot.start, clinician=slot.clinician)
    busy = _theirs(tx, before, now)
    others = others_near(practice, tx.schedule, near, now, moving=before.id)
    return NotDone("taken", tuple(each for each in others if not _overlaps(each, busy)))


def _clashes(
    tx: Transaction, practice: Practice, before: Visit, place: Slot, name: str, now: datetime
) -> tuple[date, ...]:
    """The days after the first on which the time of the new series isn't free, as far as anything is booked ahead."""
    series, _ = series_changes.of(tx, before.id)
    assert series is not None
    step, zone = timedelta(weeks=series.every_weeks), practice.timezone
    first = place.start.astimezone(zone)
    days = (first.date() + step * n for n in range(1, practice.horizon_days // (7 * series.every_weeks) + 1))
    last = series.until or date.max
    found = []
    for day in days:
        slot = replace(place, start=datetime.combine(day, first.time(), zone))
        if day > last or not is_business_day(practice, day):
            continue
        if not is_free(practice, tx.schedule, slot, now, name, series.id):
            found.append(day)
    return tuple(found)


def _cancelled(tx: Transaction, wanted: Wanted, before: Visit) -> None:
    if not series_changes.is_one_of_a_series(before.id):
        tx.schedule.set_status(before.id, "cancelled")
        return
    series, day = series_changes.of(tx, before.id)
    if series is not None:
        series_changes.leave_out(tx, series, day, and_after=wanted.and_after)


def _hold_the_old(tx: Transaction, before: Visit, after: Visit | None, name: str, now: datetime) -> None:
    """So that it can be put back; of a time that overlaps the new one what is left of it."""
    slot = before.slot
    if after is not None and after.slot.clinician == slot.clinician:
        if slot.start < after.slot.start < slot.end:
            slot = _between(slot, slot.start, after.slot.start)
        elif slot.start < after.slot.end < slot.end:
            slot = _between(slot, after.slot.end, slot.end)
    tx.schedule.hold(slot, name, now + kept.TO_UNDO, now)


def _between(slot: Slot, start: datetime, end: datetime) -> Slot:
    return replace(slot, start=start, minutes=int((end - start).total_seconds() // 60))


def plan(tx: Transaction, practice: Practice, visit: Visit, now: datetime) -> None:
    """What comes before a visit: of one that is held nothing is reminded."""
    if visit.status != "held_for_office":
        reminders.plan_for_all(tx, practice, visit, now)
    packet.owe(tx, practice, visit, now)


def _stated(tx: Transaction, practice: Practice, done: Change, law: LawData) -> Change:
    before, after = done.before, done.after
    told = telling(tx, practice, before, after, name=done.id, now=done.begins, law=law)
    written = [each.message for each in told if each.message is not None]
    calls = tuple((each.person.id, each.how) for each in told if each.how in ("call", "clinician"))
    done = replace(done, messages=tuple(each.id for each in written), calls=calls)
    kept.state(tx, done)
    for message in written:
        enqueue(tx, message)
    tx.jobs.enqueue(Job(f"{JOB}:{done.id}", JOB, done.begins, (("change", done.id),)))
    what = "visit_moved_by_staff" if after is not None else "visit_called_off_by_staff"
    tx.ledger.note(at=done.at, who=done.by, what=what, about=f"visit/{before.id}", why=done.reason)
    return done
