"""A minor who is alone and whom nobody could take: whether the number is private, and what to pass on. Rule 20.

A call back is promised first, so that whoever rings off has it. What is not clearly a yes counts as a no: then no
message is left there and nothing is written to it by itself.
"""

import re

from lamplighter.conversation import events as e
from lamplighter.conversation.acts import Give
from lamplighter.conversation.details import Detail
from lamplighter.conversation.state import State
from lamplighter.conversation.turning import Turn

PROMISES, ASKS, PASSES_ON = "call_back.minor", "call_back.private", "call_back.message"
THANKS, NOT_PRIVATE = "call_back.minor.thanks", "call_back.not_private"
FINISHES = "call_back.minor.done"
_BUT = re.compile(
    r"\b(?:but|except|unless|though|although|sometimes|pero|aunque|excepto|salvo|menos|veces)\b"
)
"""A yes with one of these is none."""


def of_a_minor(state: State) -> bool:
    """Whether they called for themselves and went to a person for their age."""
    return "handoff.minor" in state.phrases_said and not state.for_somebody_else


def is_owed(turn: Turn) -> bool:
    """Whether it is still to be asked about the number under which they are called back."""
    state, has = turn.state, turn.phrasebook.has
    signed = all(
        has(state.locale, each) for each in (PROMISES, ASKS, PASSES_ON, THANKS, NOT_PRIVATE, FINISHES)
    )
    human = state.handoff is not None and state.handoff.route == "human"
    return (
        signed and human and of_a_minor(state) and ASKS not in state.phrases_said and state.channel != "email"
    )


def is_private(state: State) -> bool | None:
    """As they said; None where it was not asked, or nothing has been said to it."""
    told = state.value(Detail.LEAVE_MESSAGE) if ASKS in state.phrases_said else None
    return None if told is None else told == "true"


def hushes(state: State) -> bool:
    """Whether nothing goes to it by itself."""
    return is_private(state) is False


def ask(turn: Turn) -> None:
    handoff = turn.state.handoff
    assert handoff is not None
    when = (handoff.due or turn.view.now).astimezone(turn.practice.timezone).isoformat()
    turn.wake("waiting", None)
    turn.say(PROMISES, {"due_day": when, "due_clock": when})
    turn.ask((ASKS,))


def is_asked(state: State) -> bool:
    return any(said.phrase in (ASKS, PASSES_ON) for said in state.last_words)


def answered(turn: Turn, text: str) -> None:
    """After the words that may have said so, and after what they want passed on."""
    if any(said.phrase == PASSES_ON for said in turn.state.last_words):
        turn.say(FINISHES)
        turn.emit(e.Asked(()))
        return turn.goodbye("goodbye.promised")
    if turn.state.value(Detail.LEAVE_MESSAGE) != "true" or _BUT.search(text.casefold()):
        turn.emit(e.Understood(turn.state.seq, (Give(Detail.LEAVE_MESSAGE, "false"),), vote=turn.state.vote))
    turn.say(NOT_PRIVATE if hushes(turn.state) else THANKS)
    turn.ask((PASSES_ON,))
