"""The moment a contact is a person's: what is stored, what is said, and what is said while somebody comes.

Rules of this room: the hand-over is stored before it is spoken; nothing un-triggers it; a crisis is never left in
silence and never ended by us; nothing is asked about danger. The only question is "can you stay on the line?".
"""

from datetime import datetime

from lamplighter.conversation import events as e
from lamplighter.conversation.actions import RaiseHandoff
from lamplighter.conversation.turning import WAITING_PAUSE, Turn

WAITING_SENTENCES = 8
PROMISE_SENTENCES = 3
_RANK = {"clear": 0, "human": 1, "clinical": 2, "crisis": 3}


def verdict(turn: Turn, route: str, heard: int) -> None:
    """A first verdict hands over; a worse one upgrades it in place; anything else gets a waiting sentence."""
    open_handoff = turn.state.handoff
    if route in ("crisis", "clinical", "human") and (
        open_handoff is None or open_handoff.status == "closed" or _RANK[route] > _RANK[open_handoff.route]
    ):
        return turn.hand_over(route, heard=heard)  # type: ignore[arg-type]
    if open_handoff is not None and not _promise_stands(turn):
        left(turn)


def _promise_stands(turn: Turn) -> bool:
    """A call back is stored: it is said again as it stands, never "I'm still ringing". Once it is overdue the ladder is
    rung anew."""
    handoff = turn.state.handoff
    if handoff is None or handoff.status != "promised" or handoff.route == "crisis" or handoff.due is None:
        return False
    has = turn.phrasebook.has
    if turn.view.now > handoff.due:
        overdue = "waiting.overdue" if has(turn.state.locale, "waiting.overdue") else None
        turn.hand_over(handoff.route, overdue)
        return True
    when = handoff.due.astimezone(turn.practice.timezone).isoformat()
    again = _next_of("waiting.promised", PROMISE_SENTENCES, turn)
    said = again if has(turn.state.locale, again) else f"handoff.{handoff.route}.promised"
    turn.say(said, {"due_day": when, "due_clock": when, "route": handoff.route})
    turn.emit(e.Asked(()))
    if turn.state.channel == "voice":
        turn.goodbye("goodbye.promised")
    return True


def _next_of(family: str, count: int, turn: Turn) -> str:
    said = sum(n for phrase, n in turn.state.phrases_said.items() if phrase.startswith(family))
    return f"{family}.{said % count + 1}"


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


def hung_up(turn: Turn) -> None:
    """The person has gone while a member of staff had the floor: what was heard, and nobody has met, rings. Whoever
    only wanted a person had one."""
    state = turn.state
    if state.floor is not None and state.unmet in ("clinical", "crisis"):
        after_hanging_up(turn, state.unmet)


def after_hanging_up(turn: Turn, route: str, heard: int | None = None) -> None:
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
    turn.say(_next_of(family, WAITING_SENTENCES, turn))
    turn.emit(e.Asked(()))
    still_rung = state.handoff.status == "ringing" or state.handoff.route == "crisis"
    if state.channel == "voice" and still_rung:
        turn.wake("waiting", WAITING_PAUSE)


def parted(turn: Turn) -> bool:
    """In a text thread nothing is left to be said: we promised a call, said goodbye, and somebody has seen to it."""
    state = turn.state
    last = state.last_words[-1].phrase if state.last_words else ""
    return state.channel == "sms" and state.ended is None and last.startswith(("goodbye", "waiting.promised"))


def left(turn: Turn) -> None:
    """Whoever had the floor has gone and nobody closed the hand-over: the ladder is rung anew, for nobody is alone, and
    whoever hung up least of all."""
    state = turn.state
    if state.handoff is None or state.floor is not None:
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
