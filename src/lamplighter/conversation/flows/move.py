"""Moving a visit that is booked."""

from collections.abc import Generator
from datetime import date
from typing import Any

from lamplighter.conversation.actions import Done, Move
from lamplighter.conversation.details import Detail
from lamplighter.conversation.flows.choosing import (
    PLAIN_TIMES,
    Looking,
    choose_time,
    same_time,
    usual_times,
)
from lamplighter.conversation.flows.doubled import THEN, another_then
from lamplighter.conversation.flows.new_time import new_time
from lamplighter.conversation.flows.visits import only_this_one, visit_args, whose_visit, worded
from lamplighter.conversation.needs import Commit, Confirm, Flow, HandOver, IfSigned, Need, Say, args
from lamplighter.conversation.slots import Slot, VisitView
from lamplighter.conversation.standing import Standing
from lamplighter.conversation.view import View


def move(view: View) -> Flow:
    meant = yield from whose_visit(view)
    if meant is None:
        return
    visit = meant.visit
    if visit.status == "missed":
        return (yield from new_time(view, meant))
    now = visit_args(view, visit)
    one = meant.thread or (yield from only_this_one(view, visit))
    if view.value(Detail.AVAILABILITY) is not None and not view.asked(Detail.AVAILABILITY):
        yield Say("visit.found", tuple(sorted(now.items())))
    kind = view.practice.visit_kind(visit.slot.visit_kind)
    plain_times = meant.thread and (yield IfSigned(PLAIN_TIMES))
    looking = Looking(
        kind,
        new_patient=False,
        clinician=view.practice.clinician(visit.slot.clinician),
        modality=visit.slot.modality.value,
        moving=visit.id,
        hour=visit.slot.start.astimezone(view.practice.timezone).time(),
        not_before=max(view.now.date(), _day_of(view, visit)),
        ask=(),
        phrase="ask.move_to",
        phrase_args=tuple(sorted(now.items())),
        offer="offer.plain" if plain_times else "offer.times",
        unasked=usual_times(view.practice, visit.slot, view.now.date()) if meant.thread else None,
    )
    proposed = _only_otherwise(view, visit)
    slot = (yield from same_time(view, looking, visit.slot.start)) if proposed else None
    slot = slot or (yield from choose_time(view, looking))
    if slot is None:
        yield Say((yield from worded(meant, "move.kept")), tuple(sorted(now.items())))
        return
    new = view.slot_args(slot)
    shown = args(
        **now,
        new_day=new["day"],
        new_clock=new["clock"],
        new_clinician=new["clinician"],
        new_modality=new["modality"],
    )
    sure = meant.thread and visit.participants == 1 and _only_a_time(view, visit, slot)
    alone = visit.participants == 1  # a no to whether the others can come changes nothing
    sure = sure or (yield Confirm((yield from _words(visit, one)), shown, change=alone and not proposed))
    if not sure:
        yield Say((yield from worded(meant, "move.kept")), tuple(sorted(now.items())))
        return
    moved = yield Commit(Move(visit.id, slot, whole_series=not one))
    if isinstance(moved, Standing) and moved.visit is not None and (yield IfSigned((THEN,))):
        yield from another_then(view, moved.visit)
    if not isinstance(moved, Done):
        yield HandOver("handoff.stuck")
    yield Say((yield from worded(meant, "moved")), args(**new, sent=view.sent(moved)))


def _words(visit: VisitView, one: bool) -> Generator[Need, Any, str]:
    """Whoever moves a visit for several is asked whether the others can come then."""
    if visit.participants > 1 and one and (yield IfSigned(("summary.move_all",))):
        return "summary.move_all"
    return "summary.move" if one else "summary.move_series"


def _only_otherwise(view: View, visit: VisitView) -> bool:
    """Another way of meeting or another clinician was named, and no other time."""
    modality, clinician = view.value(Detail.MODALITY), view.clinician
    other = modality not in (None, visit.slot.modality.value)
    other = other or (clinician is not None and clinician.id != visit.slot.clinician)
    return other and view.value(Detail.AVAILABILITY) is None and not view.asked(Detail.AVAILABILITY)


def _only_a_time(view: View, visit: VisitView, slot: Slot) -> bool:
    """One of the times that were offered, with whom they see and how: choosing it is the yes."""
    same = slot.clinician == visit.slot.clinician and slot.modality is visit.slot.modality
    return same and view.value(Detail.AVAILABILITY) is None


def _day_of(view: View, visit: VisitView) -> date:
    return visit.slot.start.astimezone(view.practice.timezone).date()
