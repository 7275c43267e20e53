"""What understanding may look at beside the words: what was asked, offered and read back, and what is known."""

from datetime import datetime

from lamplighter.conversation.actions import Visits
from lamplighter.conversation.details import Errand
from lamplighter.conversation.slots import Slot, VisitView
from lamplighter.conversation.state import State
from lamplighter.conversation.understanding.context import Context, OfferedTime
from lamplighter.practice.model import Practice


def situation(state: State, practice: Practice) -> Context:
    assert state.at is not None
    changes = state.errand in (Errand.MOVE, Errand.CANCEL)
    return Context(
        locale=state.locale,
        channel=state.channel,
        now=state.at.astimezone(practice.timezone),
        practice=practice,
        asked=state.asked,
        confirmed=state.confirms,
        offered=tuple(_offered(slot, practice) for slot in (state.offer.slots if state.offer else ())),
        chosen=_offered(state.chosen, practice) if state.chosen else None,
        known={place: known.value for place, known in state.known.items()},
        errand=None if state.errand_done else state.errand,
        last_errand=state.errand or (Errand.WHAT_I_OWE if state.asked_of_bill_at is not None else None),
        caller_id=state.address,
        moving=_moving(state, practice),
        standing=changes and any(each.series for each in _found(state)),
        several=changes and any(each.participants > 1 for each in _found(state)),
    )


def _moving(state: State, practice: Practice) -> datetime | None:
    """When the visit begins that is being moved, once it is known which; of the one just booked when all is done."""
    if state.errand_done:
        return _start(state.visit, practice) if state.visit and state.visit.status != "cancelled" else None
    if state.errand is not Errand.MOVE:
        return None
    found = _found(state)
    meant = [each for each in found if each.slot == state.picked or each.id == state.changing]
    visit = next(iter(meant or (found if len(found) == 1 else [])), None)
    return _start(visit, practice) if visit else None


def _found(state: State) -> list[VisitView]:
    return [
        visit for answer in state.answers.values() if isinstance(answer, Visits) for visit in answer.visits
    ]


def _start(visit: VisitView, practice: Practice) -> datetime:
    return visit.slot.start.astimezone(practice.timezone)


def _offered(slot: Slot, practice: Practice) -> OfferedTime:
    start = slot.start.astimezone(practice.timezone)
    return OfferedTime(start, practice.clinician(slot.clinician).name, slot.modality)
