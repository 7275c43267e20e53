"""An errand that nobody wants after all is let go: they only asked, or its first question gets no answer at all."""

from lamplighter.conversation import acts as a
from lamplighter.conversation import events as e
from lamplighter.conversation.details import Errand
from lamplighter.conversation.turning import Turn
from lamplighter.conversation.understanding.day_of_visit import DAY_OF_VISIT

TRIES = 2  # how often in vain an errand's first question is asked before it is let go
_STAYS = DAY_OF_VISIT | {Errand.PERSON, Errand.QUESTION}
"""Somebody waits for these, or there is nothing to let go."""

_NO_TROUBLE = "aside.no_trouble"


def let_go(turn: Turn) -> bool:
    """Lets the errand under way go where it isn't wanted, and asks what else there is. True when that was said."""
    state = turn.state
    if state.errand is None or state.errand_done or state.errand in _STAYS or not turn.asked_before:
        return False
    if not (_only_asked(turn) or _came_to_nothing(turn)):
        return False
    turn.emit(e.Understood(state.seq, (a.Intend(Errand.QUESTION),), vote=state.vote))
    if turn.phrasebook.has(state.locale, _NO_TROUBLE):
        turn.say(_NO_TROUBLE)
    turn.ask(("anything_else",))
    return True


def _only_asked(turn: Turn) -> bool:
    return a.Interject(a.Aside.ONLY_ASKING) in turn.acts


def _came_to_nothing(turn: Turn) -> bool:
    """Nothing of it was ever told, and now again its question is refused or, where it only stood beside a question of
    theirs, not met by a word that we understand."""
    state = turn.state
    if state.told or not state.unanswered or turn.said(a.Intend, a.AskAbout):
        return False
    if turn.said(a.Decline, a.Deny):
        return state.unanswered >= (1 if state.beside_question else TRIES)
    return state.beside_question and state.unanswered >= TRIES
