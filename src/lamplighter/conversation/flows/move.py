"""Moving a visit that is booked."""

from datetime import date

from lamplighter.conversation.actions import Done, Move
from lamplighter.conversation.details import Detail
from lamplighter.conversation.flows.choosing import Looking, choose_time, same_time
from lamplighter.conversation.flows.knowing import known_person
from lamplighter.conversation.flows.visits import only_this_one, visit_args, which_visit
from lamplighter.conversation.needs import Commit, Confirm, Flow, HandOver, Say, args
from lamplighter.conversation.slots import VisitView
from lamplighter.conversation.view import View


def move(view: View) -> Flow:
    found = yield from known_person(view)
    if found is None:
        return
    visit = yield from which_visit(view, found)
    if visit is None:
        return
    now = visit_args(view, visit)
    one = yield from only_this_one(view, visit)
    if view.value(Detail.AVAILABILITY) is not None and not view.asked(Detail.AVAILABILITY):
        yield Say("visit.found", tuple(sorted(now.items())))
    kind = view.practice.visit_kind(visit.slot.visit_kind)
    looking = Looking(
        kind,
        new_patient=False,
        clinician=view.practice.clinician(visit.slot.clinician),
        modality=visit.slot.modality.value,
        moving=visit.id,
        not_before=max(view.now.date(), _day_of(view, visit)),
        ask=(),
        phrase="ask.move_to",
        phrase_args=tuple(sorted(now.items())),
    )
    proposed = _only_otherwise(view, visit)
    slot = (yield from same_time(view, looking, visit.slot.start)) if proposed else None
    slot = slot or (yield from choose_time(view, looking))
    if slot is None:
        yield Say("move.kept", tuple(sorted(now.items())))
        return
    new = view.slot_args(slot)
    shown = args(
        **now,
        new_day=new["day"],
        new_clock=new["clock"],
        new_clinician=new["clinician"],
        new_modality=new["modality"],
    )
    sure = yield Confirm("summary.move" if one else "summary.move_series", shown, change=not proposed)
    if not sure:
        yield Say("move.kept", tuple(sorted(now.items())))
        return
    moved = yield Commit(Move(visit.id, slot, whole_series=not one))
    if not isinstance(moved, Done):
        yield HandOver("handoff.stuck")
    yield Say("moved", args(**new, sent=view.sent(moved)))


def _only_otherwise(view: View, visit: VisitView) -> bool:
    """Another way of meeting or another clinician was named, and no other time."""
    modality, clinician = view.value(Detail.MODALITY), view.clinician
    other = modality not in (None, visit.slot.modality.value)
    other = other or (clinician is not None and clinician.id != visit.slot.clinician)
    return other and view.value(Detail.AVAILABILITY) is None and not view.asked(Detail.AVAILABILITY)


def _day_of(view: View, visit: VisitView) -> date:
    return visit.slot.start.astimezone(view.practice.timezone).date()
