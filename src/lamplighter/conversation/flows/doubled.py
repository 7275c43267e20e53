"""A visit that they have already and that another one would double: said kindly, with the offer to move that one."""

from collections.abc import Generator
from typing import Any

from lamplighter.conversation.actions import Done, Move
from lamplighter.conversation.details import Detail, key
from lamplighter.conversation.flows.knowing import may_act
from lamplighter.conversation.needs import (
    Commit,
    Confirm,
    Do,
    Finish,
    Forget,
    HandOver,
    Identify,
    IfSigned,
    Need,
    Restore,
    Say,
    args,
)
from lamplighter.conversation.request_keys import request_key
from lamplighter.conversation.slots import Slot, VisitView
from lamplighter.conversation.standing import FindStanding, Standing
from lamplighter.conversation.view import View

MOVE_THAT, THEN, KEPT = "doubled.move_that", "doubled.then", "doubled.kept"
_OF_A_PATIENT = (Detail.FIRST_NAME, Detail.LAST_NAME, Detail.DATE_OF_BIRTH)


def none_doubled(view: View, slot: Slot) -> Generator[Need, Any, None]:
    """Goes on where nothing stands in the way of a visit at `slot`; asked as soon as it is known who it is for, so that
    nobody tells the rest in vain. The booking itself looks again."""
    born, state = view.born, view.state
    if born is None or not (state.address or state.made or state.person):
        return  # nobody has shown who they are
    looked = FindStanding(view.value(Detail.FIRST_NAME) or "", view.value(Detail.LAST_NAME) or "", born, slot)
    if state.frozen is not None and request_key(looked) not in state.answers:
        return  # the visit that is booked by now is no other one
    standing: Standing = yield Do(looked)
    yield from doubled(view, slot, standing)


def doubled(view: View, slot: Slot, standing: Standing) -> Generator[Need, Any, None]:
    """Returns where there is no such visit. One of which they may not hear is a person's."""
    if standing.visit is None:
        return
    allowed = standing.made or may_act(view, standing)
    if standing.visit.by_person or not allowed or not (yield IfSigned((MOVE_THAT, THEN, KEPT))):
        yield HandOver("handoff.stuck")
    if not standing.again:
        yield from another_then(view, standing.visit)
    yield from _moved(view, slot, standing, standing.visit)
    yield Finish()


def another_then(view: View, visit: VisitView) -> Generator[Need, Any, None]:
    """They have a visit at that hour: another time is looked for."""
    there = view.slot_args(visit.slot)
    yield Say(THEN, args(**{name: there[name] for name in ("day", "clock", "clinician")}))
    yield Forget((Detail.AVAILABILITY,))


def _moved(view: View, slot: Slot, standing: Standing, visit: VisitView) -> Generator[Need, Any, None]:
    now, new = view.slot_args(visit.slot), view.slot_args(slot)
    named = {name: now[name] for name in ("day", "clock", "clinician")}
    shown = args(**named, **{f"new_{name}": new[name] for name in ("day", "clock", "clinician", "modality")})
    if not (yield Confirm(MOVE_THAT, shown)):
        yield Say(KEPT, args(**named))
        return
    if not standing.made and standing.person is not None:
        yield Identify(standing.person, "number_on_file", view.for_somebody_else)
    moved = yield Commit(Move(visit.id, slot))
    if not isinstance(moved, Done):
        yield HandOver("handoff.stuck")
    yield Say("moved", args(**new, sent=view.sent(moved)))


def somebody_elses(view: View) -> Generator[Need, Any, None]:
    """Told of the visit that stands in the way, they said that this one is for somebody else: whose names those were
    acts for them, and the patient is asked for anew."""
    known = view.state.known
    told = known.get(key(Detail.RELATIONSHIP))
    if told is None or not view.for_somebody_else or not view.state.phrases_said.get(MOVE_THAT):
        return
    older = tuple(d for d in _OF_A_PATIENT if key(d) in known and known[key(d)].seq < told.seq)
    if older:
        caller = view.value(Detail.CALLER_NAME) or view.full_name()
        yield Restore(((Detail.CALLER_NAME, caller), *((detail, None) for detail in older)))
