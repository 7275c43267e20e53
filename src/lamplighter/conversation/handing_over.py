"""The moment a contact is a person's: what is stored, what is said, and what is said while somebody comes.

Rules of this room: the hand-over is stored before it is spoken; nothing un-triggers it; a crisis is never left in
silence and never ended by us; nothing is asked about danger. The only question is "can you stay on the line?".
"""

from datetime import datetime

from lamplighter.conversation import events as e
from lamplighter.conversation.actions import RaiseHandoff
from lamplighter.conversation.turning import WAITING_PAUSE, Turn

WAITING_SENTENCES = 8
_RANK = {"clear": 0, "human": 1, "clinical": 2, "crisis": 3}


def verdict(turn: Turn, route: str, heard: int) -> None:
    """A first verdict hands over; a worse one upgrades it in place; anything else gets a waiting sentence."""
    open_handoff = turn.state.handoff
    if route in ("crisis", "clinical", "human") and (
        open_handoff is None or open_handoff.status == "closed" or _RANK[route] > _RANK[open_handoff.route]
    ):
        return turn.hand_over(route, heard=heard)  # type: ignore[arg-type]
    if open_handoff is not None:
        left(turn)


def unmet(turn: Turn) -> bool:
    """What was heard while a person had the floor, and was not met, hands over once the floor is the agent's again."""
    state = turn.state
    route = state.unmet
    if route is None or state.floor is not None or state.ended is not None:
        return False
    if state.handed_over and state.handoff is not None and _RANK[route] <= _RANK[state.handoff.route]:
        return False
    turn.hand_over(route)
    return True


def while_staff_speak(turn: Turn, route: str, heard: int) -> None:
    """A person has the floor: the agent is silent, but a crisis still rings."""
    open_handoff = turn.state.handoff if turn.state.handed_over else None
    if route == "crisis" and (open_handoff is None or open_handoff.route != "crisis"):
        turn.emit(e.HandoffAsked("crisis", heard))
        turn.do(RaiseHandoff("crisis"))


def after_hanging_up(turn: Turn, route: str, heard: int) -> None:
    """Words that were heard when nobody listened any more: nothing is said, and a worse verdict still rings."""
    open_handoff = turn.state.handoff if turn.state.handed_over else None
    if route != "clear" and _RANK[route] > _RANK[open_handoff.route if open_handoff else "clear"]:
        turn.emit(e.HandoffAsked(route, heard))  # type: ignore[arg-type]
        turn.do(RaiseHandoff(route))  # type: ignore[arg-type]


def wait(turn: Turn) -> None:
    """A different truthful sentence each time, never the same twice running."""
    state = turn.state
    if state.handoff is None or state.floor is not None or state.ended is not None:
        return
    if state.handoff.status == "closed":
        return
    family = "waiting.crisis" if state.handoff.route == "crisis" else "waiting.person"
    said = sum(n for phrase, n in state.phrases_said.items() if phrase.startswith(family))
    phrase = f"{family}.{said % WAITING_SENTENCES + 1}"
    turn.say(phrase)
    turn.emit(e.Asked(()))
    still_rung = state.handoff.status == "ringing" or state.handoff.route == "crisis"
    if state.channel == "voice" and still_rung:
        turn.wake("waiting", WAITING_PAUSE)


def left(turn: Turn) -> None:
    """Whoever had the floor has gone and nobody closed the hand-over: the ladder is rung anew, for nobody is alone."""
    state = turn.state
    if state.handoff is None or state.floor is not None or state.ended is not None:
        return
    if state.handoff.status == "accepted":
        turn.emit(e.HandoffAsked(state.handoff.route))
        turn.do(RaiseHandoff(state.handoff.route))
    wait(turn)


def accepted(turn: Turn, by: str) -> None:
    if turn.state.ended is not None:
        return
    turn.say("handoff.accepted", {"staff": by})
    turn.emit(e.Asked(()))
    turn.wake("waiting", None)


def promised(turn: Turn, due: datetime) -> None:
    """Nobody picked up: the stored promise may be said. A crisis stays; anything else parts kindly."""
    if turn.state.floor is not None or turn.state.handoff is None or turn.state.ended is not None:
        return
    when = due.astimezone(turn.practice.timezone).isoformat()
    if turn.state.handoff.route == "crisis":
        turn.say("handoff.crisis.nobody")
        turn.emit(e.Asked(()))
        if turn.state.channel == "voice":
            turn.wake("waiting", WAITING_PAUSE)
        return
    turn.say(f"handoff.{turn.state.handoff.route}.promised", {"due_day": when, "due_clock": when})
    turn.goodbye("goodbye.promised")
