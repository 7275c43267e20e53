"""An answer from outside that takes its time: what is said until it comes, and beside whatever goes on by then."""

from typing import Final

from lamplighter.conversation import events as e
from lamplighter.conversation.details import Errand
from lamplighter.conversation.plan_actions import PlanTold
from lamplighter.conversation.turning import Turn

STILL: Final = "plan.still"
BESIDE: Final = "plan.beside"
PATIENT: Final = 2  # silences in which it is said that it is still coming, before a person is fetched
OF_A_PLAN: Final = frozenset(
    {
        Errand.PLAN_ACTIVE,
        Errand.PLAN_COPAY,
        Errand.PLAN_DEDUCTIBLE,
        Errand.PLAN_VISITS,
        Errand.PLAN_APPROVAL,
        Errand.NEW_PLAN,
        Errand.NEXT_COST,
    }
)
"""Errands that wait for what a plan says."""


def meanwhile(turn: Turn, place: str, phrase: str | None) -> None:
    """Once what is being done; to whoever speaks again before it is, that it still is."""
    once = f"meanwhile:{place}"
    if phrase is not None and once not in turn.state.said_once:
        turn.say(phrase, once=once)
        turn.note_asked()
    elif not any(isinstance(body, e.Said) for body in turn.events):
        said_still(turn)


def said_still(turn: Turn) -> bool:
    """Whether it is our turn and not theirs: nothing was asked, and an answer is on its way."""
    state = turn.state
    if not state.pending or state.asked or state.silences > PATIENT:
        return False
    if turn.phrasebook.has(state.locale, STILL):
        turn.say(STILL)
        turn.note_asked()
    return True


def told_beside(turn: Turn, came: e.Did | e.Pending) -> bool:
    """Whether the answer comes while something else goes on: then only that it has come is said, and what was asked
    stays asked."""
    state = turn.state
    if not isinstance(came, e.Did) or not isinstance(came.answer, PlanTold):
        return False
    if state.floor is not None or state.handed_over or state.ended is not None or state.parting:
        return True
    if state.errand in OF_A_PLAN:
        return False
    if state.paused:
        return True
    if turn.phrasebook.has(state.locale, BESIDE):
        turn.say(BESIDE, {"state": came.answer.state}, asks=state.asked)
        turn.note_asked(state.about)
    return True
