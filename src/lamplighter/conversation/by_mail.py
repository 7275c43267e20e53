"""Which emails are answered at once, and which are for the desk.

An email is answered where it is in answer to what we wrote about a visit, and says what our texts may be answered with
or answers a question of ours. All else is for whoever opens the practice's mailbox: whom an email says that it is from,
anybody can write there, and what we wrote only they have who got it.
"""

from lamplighter.conversation import acts as a
from lamplighter.conversation.details import Errand
from lamplighter.conversation.turning import Turn

FOR_THE_DESK = (a.Intend(Errand.MESSAGE),)


def answered_at_once(acts: tuple[a.Act, ...], turn: Turn) -> tuple[a.Act, ...]:
    """The acts as they are where they are answered, and on every other channel; else that it is a message, and no more:
    what is not answered is not taken down."""
    if turn.state.channel != "email":
        return acts
    if turn.state.in_answer_to is None or turn.files:
        return FOR_THE_DESK
    ours = any(isinstance(act, a.Intend) and act.ours for act in acts)
    return acts if ours or _question_is_open(turn) else FOR_THE_DESK


def _question_is_open(turn: Turn) -> bool:
    state = turn.state
    return state.errand not in (None, Errand.MESSAGE) and not state.errand_done
