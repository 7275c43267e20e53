"""Which of the person's visits is meant."""

from collections.abc import Generator
from typing import Any

from lamplighter.conversation.actions import FindVisits, PersonFound, Visits
from lamplighter.conversation.needs import Confirm, Do, Need, Offer, Say
from lamplighter.conversation.slots import Slot, VisitView
from lamplighter.conversation.view import View


def which_visit(view: View, found: PersonFound) -> Generator[Need, Any, VisitView | None]:
    """The one upcoming visit, or the one picked of up to three; None when there is none."""
    assert found.person is not None
    known: Visits = yield Do(FindVisits(found.person))
    if not known.visits:
        yield Say("visits.none")
        return None
    meant = next((visit for visit in known.visits if visit.id == view.state.changing), None)
    if meant is not None:
        return meant
    soonest = known.visits[:3]
    if len(soonest) == 1:
        return soonest[0]
    slot: Slot = yield Offer(tuple(visit.slot for visit in soonest), phrase="which_visit", of="visits")
    return next(visit for visit in soonest if visit.slot == slot)


def only_this_one(view: View, visit: VisitView) -> Generator[Need, Any, bool]:
    """For a standing series: this one visit (yes), or from here on (no). Asked and read back."""
    if visit.series is None:
        return True
    return bool((yield Confirm("series.only_this", tuple(sorted(visit_args(view, visit).items())))))


def visit_args(view: View, visit: VisitView) -> dict[str, str]:
    """A visit as phrases name it."""
    named = view.slot_args(visit.slot)
    return {name: named[name] for name in ("day", "clock", "clinician", "modality")}
