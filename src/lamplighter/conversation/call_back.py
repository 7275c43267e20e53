"""Where to call somebody back whom nobody could take, and whose number nobody has: it is asked before a call is
promised, and where there is none, none is promised.

Only for what a person sees to in their time. In a crisis nothing is asked.
"""

from datetime import datetime

from lamplighter.conversation import events as e
from lamplighter.conversation import private_number
from lamplighter.conversation.answers import BY_LETTERS
from lamplighter.conversation.details import Detail, key
from lamplighter.conversation.turning import Turn
from lamplighter.practice.calendar import NeverOpen, next_open

ASKS, ASKS_AGAIN, GIVES_UP = "call_back.number", "call_back.number.again", "call_back.none"
MOST_ASKED = 2


def without_number(turn: Turn) -> bool:
    """Whether a call is owed that nobody could make. Letters are answered where they came from."""
    state = turn.state
    if state.channel in BY_LETTERS or state.address is not None or state.handoff is None:
        return False
    known = turn.view.value(Detail.PHONE) is not None
    signed = all(turn.phrasebook.has(state.locale, phrase) for phrase in (ASKS, ASKS_AGAIN, GIVES_UP))
    return signed and not known and state.handoff.route != "crisis"


def is_asked(turn: Turn) -> bool:
    """Whether the next words may tell a number, or put right the one that was read back."""
    state = turn.state
    waits = state.handoff is not None and state.handoff.status == "promised"
    asked = private_number.is_asked(state) or any(
        said.phrase in (ASKS, ASKS_AGAIN) for said in state.last_words
    )
    return waits and state.handed_over and (asked or key(Detail.PHONE) in state.confirms)


def ask(turn: Turn) -> None:
    """Once more where the first answer had none; then it is said plainly that nobody can call."""
    said = turn.state.phrases_said
    times = said.get(ASKS, 0) + said.get(ASKS_AGAIN, 0)
    turn.wake("waiting", None)
    if times >= MOST_ASKED:
        opens = _opens(turn)
        turn.say(GIVES_UP, {"due_day": opens, "due_clock": opens})
        return turn.goodbye()
    turn.ask((ASKS_AGAIN if times else ASKS,))


def answered(turn: Turn, text: str) -> None:
    """After the words that may have told it."""
    handoff = turn.state.handoff
    assert handoff is not None
    if private_number.is_asked(turn.state):
        return private_number.answered(turn, text)
    if without_number(turn):
        return ask(turn)
    if private_number.is_owed(turn):
        turn.say("readback.phone")
        return private_number.ask(turn)
    when = (handoff.due or turn.view.now).astimezone(turn.practice.timezone).isoformat()
    turn.say("readback.phone")
    turn.say("call_back.promised", {"due_day": when, "due_clock": when})
    turn.in_their_language("promised")
    turn.emit(e.Asked(()))
    turn.goodbye("goodbye.promised")


def _opens(turn: Turn) -> str:
    try:
        opens: datetime = next_open(turn.practice, turn.view.now)
    except NeverOpen:
        opens = turn.view.now
    return opens.isoformat()
