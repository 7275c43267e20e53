"""Holding, booking, moving, cancelling and confirming visits, each with what follows from it in one transaction."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from lamplighter.conversation.actions import (
    Book,
    Cancel,
    ConfirmVisit,
    Done,
    FindSlots,
    FindVisits,
    Held,
    Hold,
    Move,
    Refused,
    Taken,
    Visits,
)
from lamplighter.conversation.slots import Slot
from lamplighter.conversation.standing import Standing
from lamplighter.desk import (
    apart,
    consenting,
    eap,
    estimates,
    notices,
    packet,
    persons,
    reminders,
    series,
    series_changes,
    sick_day_lift,
    standing,
    together,
)
from lamplighter.desk.context import Errand
from lamplighter.desk.ports import Person, Task, Visit
from lamplighter.desk.scheduling import is_free, others_near
from lamplighter.desk.standing import OPEN
from lamplighter.desk.visit_views import seen, view
from lamplighter.desk.waitlist_openings import freed
from lamplighter.practice.calendar import next_open
from lamplighter.practice.model import ClinicianId

HOLD_SECONDS = {"voice": 120, "chat": 15 * 60, "sms": 15 * 60, "email": 24 * 3600}


def hold_until(channel: str, now: datetime) -> datetime:
    return now + timedelta(seconds=HOLD_SECONDS[channel])


def hold(errand: Errand, request: Hold) -> Held | Taken:
    """Keeps the slot for this contact; its turns renew it."""
    until = hold_until(errand.state.channel, errand.now)
    may = apart.may_hold(errand, request) and _free(errand, request.slot, request.moving)
    if may and errand.tx.schedule.hold(request.slot, errand.contact, until, errand.now, request.moving):
        return Held(until)
    return _taken(errand, request.slot)


def _free(errand: Errand, slot: Slot, moving: str | None = None) -> bool:
    return is_free(errand.practice, errand.tx.schedule, slot, errand.now, errand.contact, moving)


def _taken(errand: Errand, slot: Slot, never: Iterable[ClinicianId] = ()) -> Taken:
    """With times near it. `never`: who must not see them."""
    like = FindSlots(
        wish="", visit_kind=slot.visit_kind, modality=slot.modality, clinician=slot.clinician,
        new_patient=errand.practice.visit_kind(slot.visit_kind).first,
    )  # fmt: skip
    meant = apart.searched(errand, like, never)
    return Taken(
        others_near(errand.practice, errand.tx.schedule, slot, errand.now, errand.contact, request=meant)
    )


def book(errand: Errand, request: Book) -> Done | Taken | Standing:
    """Books under the hold, or straight when it lapsed and the time is still free; nothing where that would double a
    visit of theirs."""
    visit_id = errand.name_of(request)
    already = errand.tx.schedule.visit(series.first_of(errand, visit_id, request))
    doubled = standing.against(errand, request.participants, request.slot) if already is None else None
    if doubled is not None:
        return doubled
    never = apart.of_participants(errand, request.participants)
    if already is None and (request.slot.clinician in never or not _free(errand, request.slot)):
        return _taken(errand, request.slot, never)
    people, new = _people(errand, request)
    awaits = request.held or errand.practice.schedule_of_record == "office_confirms"
    status = "held_for_office" if awaits else "booked"
    who = [person.id for person in people]
    if request.every_weeks and not awaits:
        visit = series.begin(errand, visit_id, request, who)
    else:
        visit = errand.tx.schedule.book(visit_id, request.slot, who, errand.contact, errand.now, status)
    if visit is None:
        return _taken(errand, request.slot)
    errand.tx.schedule.release(errand.contact)
    if request.often and visit.series is None:
        series.for_the_office(errand, visit, request.often)
    return Done(
        visit=view(visit),
        pending_office=status == "held_for_office",
        texted=_after_booking(errand, visit, people[0], status),
        person=people[0].id,
        new_person=new,
    )


def _people(errand: Errand, request: Book) -> tuple[list[Person], bool]:
    """The participants, the patient first, and whether the patient was put on file with this booking."""
    found = [
        persons.of(
            errand,
            each,
            errand.name_of(request, f"person:{number}"),
            first=number == 0,
            apart=standing.unheard(errand, each, request.slot),
        )
        for number, each in enumerate(request.participants)
    ]
    patient, new = found[0]
    if patient.clinician is None:
        patient = replace(patient, clinician=request.slot.clinician)
        errand.tx.people.update(patient)
    return [patient, *(person for person, _ in found[1:])], new or _made_here(errand, patient)


def _made_here(errand: Errand, person: Person) -> bool:
    made = errand.state.made
    return made is not None and made.new and made.person == person.id


def _after_booking(errand: Errand, visit: Visit, patient: Person, status: str) -> bool:
    """Whether a text about it goes out."""
    consenting.record(errand, patient)
    consenting.to_the_plan(errand, patient)
    estimates.owe(errand.tx, errand.practice, visit, patient, errand.now, errand.contact)
    if status == "held_for_office":
        _task(errand, visit, "office_confirm", "desk", _office_due(errand))
        packet.owe(errand.tx, errand.practice, visit, errand.now)
        return notices.send(errand, patient, visit, "sms.held")
    reminders.plan_for_all(errand.tx, errand.practice, visit, errand.now)
    texted = notices.send(errand, patient, visit, "sms.confirmation")
    packet.owe(errand.tx, errand.practice, visit, errand.now)
    return texted


def _task(errand: Errand, visit: Visit, kind: str, route: str, due: datetime) -> None:
    task = Task(
        id=f"{kind}:{visit.id}",
        kind=kind,  # type: ignore[arg-type]
        route=route,  # type: ignore[arg-type]
        due=due,
        contact=errand.contact,
        person=visit.participants[0],
    )
    errand.tx.tasks.add(task)


def _office_due(errand: Errand) -> datetime:
    return next_open(errand.practice, errand.now) + timedelta(hours=1)


def move(errand: Errand, request: Move) -> Done | Taken | Refused | Standing:
    """Moves it; nothing where they have another visit at that hour."""
    theirs = errand.tx.schedule.visit(request.visit)
    already = standing.beside(errand, theirs, request.slot) if theirs is not None else None
    if already is not None:
        return already
    never = apart.of_visit(errand.tx, theirs) if theirs is not None else frozenset()
    if request.slot.clinician in never or not _free(errand, request.slot, request.visit):
        return _taken(errand, request.slot, never)
    if series_changes.is_one_of_a_series(request.visit):
        return _move_occurrence(errand, request)
    before = errand.tx.schedule.visit(request.visit)
    visit = errand.tx.schedule.move(request.visit, request.slot, errand.contact, errand.now)
    if visit is None or before is None:
        return _taken(errand, request.slot)
    reminders.drop(errand.tx, errand.practice, before)
    if before.status in OPEN and before.slot != visit.slot:
        sick_day_lift.leaves(errand.tx, before, errand.now)
        freed(errand.tx, errand.practice, before, errand.now, "moved")
    return _moved(errand, visit)


def _moved(errand: Errand, visit: Visit) -> Done:
    errand.tx.schedule.release(errand.contact)
    reminders.plan_for_all(errand.tx, errand.practice, visit, errand.now)
    packet.owe(errand.tx, errand.practice, visit, errand.now)
    return Done(visit=view(visit), texted=together.tell(errand, visit, "sms.moved"))


def _move_occurrence(errand: Errand, request: Move) -> Done | Taken | Refused:
    series, _ = series_changes.of(errand.tx, request.visit)
    if series is None:
        return Refused("no_such_visit")
    before = errand.tx.schedule.visit(request.visit)
    visit = series_changes.put_elsewhere(
        errand.tx, errand.practice, request.visit, request.slot, name=errand.name_of(request),
        holder=errand.contact, now=errand.now, and_after=request.whole_series,
    )  # fmt: skip
    if visit is None:
        return _taken(errand, request.slot)
    if before is not None:
        sick_day_lift.leaves(errand.tx, before, errand.now)
        freed(errand.tx, errand.practice, before, errand.now, "moved")
    return _moved(errand, visit)


def cancel(errand: Errand, request: Cancel) -> Done | Refused:
    """Takes the cancellation regardless of how late it is; a late one is a task for the clinician, never a charge."""
    visit = errand.tx.schedule.visit(request.visit)
    if visit is None:
        return Refused("no_such_visit")
    texted = False
    if visit.status != "cancelled":
        if series_changes.is_one_of_a_series(request.visit):
            _end_occurrence(errand, request)
        else:
            visit = errand.tx.schedule.set_status(visit.id, "cancelled")
        reminders.drop(errand.tx, errand.practice, visit)
        sick_day_lift.leaves(errand.tx, visit, errand.now)
        freed(errand.tx, errand.practice, visit, errand.now, "cancelled")
        texted = _tell_cancelled(errand, visit, request.late)
    return Done(visit=replace(view(visit), status="cancelled"), texted=texted)


def _tell_cancelled(errand: Errand, visit: Visit, late: bool) -> bool:
    texted = together.tell(errand, visit, "sms.cancelled")
    if late:
        eap.cancelled_late(errand.tx, visit, errand.now)
        _task(errand, visit, "late_cancel", "clinician", next_open(errand.practice, errand.now))
    elif len(visit.participants) > 1:
        _task(errand, visit, "cancelled_for_all", "clinician", next_open(errand.practice, errand.now))
    return texted


def _end_occurrence(errand: Errand, request: Cancel) -> None:
    series, day = series_changes.of(errand.tx, request.visit)
    if series is not None:
        series_changes.leave_out(errand.tx, series, day, and_after=request.whole_series)


def confirm(errand: Errand, request: ConfirmVisit) -> Done | Refused:
    visit = errand.tx.schedule.visit(request.visit)
    if visit is None or visit.status not in OPEN:
        return Refused("no_such_visit")
    if visit.status == "booked" and not series_changes.is_one_of_a_series(visit.id):
        visit = errand.tx.schedule.set_status(visit.id, "confirmed")
    return Done(visit=view(visit))


def find_visits(errand: Errand, request: FindVisits) -> Visits:
    visits = errand.tx.schedule.visits_of(request.person, errand.now)
    return Visits(tuple(seen(errand.tx, visit) for visit in visits))
