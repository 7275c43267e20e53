"""The moment a contact is a person's: what is stored, what is said, and what is said while somebody comes.

Rules of this room: the hand-over is stored before it is spoken; nothing un-triggers it; a crisis is never left in
silence and never ended by us; nothing is asked about danger. The only questions are "can you stay on the line?" and,
where violence at home was spoken of, "is it safe to talk?". What is said of the ringing is true when it is said.
"""

from lamplighter.conversation import call_back, private_number
from lamplighter.conversation import events as e
from lamplighter.conversation.actions import RaiseHandoff
from lamplighter.conversation.answers import BY_LETTERS
from lamplighter.conversation.model import State
from lamplighter.conversation.phrasebook.book import CORE
from lamplighter.conversation.put_to_us import is_put
from lamplighter.conversation.turning import WAITING_PAUSE, Turn
from lamplighter.conversation.ways import CRISIS, MAY_WAIT, RECKONED
from lamplighter.practice.calendar import NeverOpen, next_open

WAITING_SENTENCES = 8
PROMISE_SENTENCES = 3
INTERIM, INTERIM_SECONDS = "interim", 2
"""How long after interim words of danger the final ones may take before what was heard so far counts."""
UNMET = "unmet"
UNMET_SECONDS = 9
"""How long whoever has the floor may leave words of danger without a sign, so that approved words come within ten."""
UNANSWERED_SECONDS, COMING_SECONDS = 60, 25
"""How long any other message in a crisis; how long on the phone after they took the floor."""
_RANK = {"clear": 0, "human": 1, "clinical": 2, "crisis": 3}


def verdict(turn: Turn, route: str, heard: int, text: str = "") -> None:
    """A first verdict hands over; a worse one upgrades it in place; anything else gets a waiting sentence."""
    state = turn.state
    open_as = state.handoff.route if state.handed_over and state.handoff else "clear"
    if _RANK[route] > _RANK[open_as] or _waits_no_longer(turn, route):
        return _begin(turn, route, heard, text)  # type: ignore[arg-type]
    if open_as == "clear":
        return
    if route == "crisis":
        return _crisis_again(turn, heard)
    heed(turn, heard)
    if not _remarked(turn, text) and not _promise_stands(turn):
        left(turn)


def heed(turn: Turn, heard: int) -> None:
    """What is new of what an open crisis is about: after some of it nothing goes out any more."""
    handoff = turn.state.handoff if turn.state.handed_over else None
    if handoff is None or handoff.route != "crisis":
        return
    if new := tuple(name for name in turn.about if name in (*CRISIS, RECKONED) and name not in handoff.about):
        turn.emit(e.HandoffAbout(new, heard))


def _begin(turn: Turn, route: e.Route, heard: int, text: str) -> None:
    """A clinical message of a kind that the practice has signed for its queue waits there; all else rings."""
    if route == "clinical" and _may_queue(turn):
        return turn.ring(route, heard, queue=True)
    if route == "crisis":
        return turn.hand_over(route, _way(turn, turn.about), heard)
    turn.ring(route, heard)
    has = turn.phrasebook.has
    if is_put("machine", text) and has(turn.state.locale, "handoff.truth"):
        turn.say("handoff.truth")
    turn.tell_handed_over(route, "handoff.neither" if is_put("another", text) else None)


def _way(turn: Turn, about: tuple[str, ...]) -> str | None:
    """The first words for what a crisis is about, in the order it was said in; where several are, 911 comes first."""
    names = ("home" if name == RECKONED else name for name in about)
    words = (f"handoff.crisis.{name}" for name in sorted(names, key=lambda name: name != "medical"))
    return next((phrase for phrase in words if turn.phrasebook.has(turn.state.locale, phrase)), None)


def _may_queue(turn: Turn) -> bool:
    kinds = [name for name in turn.about if name in MAY_WAIT]
    signed = all(name in turn.practice.ladder.may_wait for name in kinds)
    can_be_said = turn.phrasebook.has(turn.state.locale, "handoff.clinical.queued")
    return bool(kinds) and signed and can_be_said and "live" not in turn.about


def _waits_no_longer(turn: Turn, route: str) -> bool:
    """A message waits in the clinical queue, and what is said now may not."""
    handoff = turn.state.handoff
    waits = handoff is not None and handoff.queued and turn.state.handed_over
    return waits and route == "clinical" and not _may_queue(turn)


def _crisis_again(turn: Turn, heard: int) -> None:
    """It goes up the ladder again, and the words are others: those for what is new in it, else the next in turn."""
    handoff = turn.state.handoff
    assert handoff is not None
    new = tuple(name for name in turn.about if name not in handoff.about)
    turn.do(RaiseHandoff("crisis", sooner=True))
    heed(turn, heard)
    words = _way(turn, new)
    if words is None or turn.fitting(words) in turn.state.phrases_said:
        return left(turn)
    _say_waiting(turn, words)
    if turn.lines.as_here:
        turn.in_their_language(words.removeprefix("handoff.crisis."))


def _remarked(turn: Turn, text: str) -> bool:
    """A few remarks have an answer of their own while somebody comes. Never a promise of secrecy."""
    handoff = turn.state.handoff
    assert handoff is not None
    if handoff.announced and turn.ways.remark("refuses", text):
        turn.emit(e.HandoffRefused())
        _say_waiting(turn, "handoff.bridge.refused")
        return True
    for name in ("secret", "robot"):
        heard = turn.ways.remark(name, text) or (name == "robot" and is_put("machine", text))
        if heard and turn.phrasebook.has(turn.state.locale, f"waiting.{name}"):
            _say_waiting(turn, f"waiting.{name}")
            return True
    return False


def _say_waiting(turn: Turn, phrase: str) -> None:
    """Words after which they go on waiting: nothing is asked, and on the phone the next ones come by themselves."""
    turn.say(turn.fitting(phrase))
    _goes_on_waiting(turn)


def _goes_on_waiting(turn: Turn) -> None:
    turn.emit(e.Asked(()))
    handoff = turn.state.handoff
    rung = handoff is not None and (handoff.status == "ringing" or handoff.route == "crisis")
    if turn.state.channel == "voice" and rung:
        turn.wake("waiting", WAITING_PAUSE)


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
    if call_back.without_number(turn):
        call_back.ask(turn)
        return True
    when = handoff.due.astimezone(turn.practice.timezone).isoformat()
    again = _next_of("waiting.promised", PROMISE_SENTENCES, turn)
    said = again if has(turn.state.locale, again) else f"handoff.{handoff.route}.promised"
    turn.say(turn.fitting(said), {"due_day": when, "due_clock": when, "route": handoff.route})
    turn.in_their_language("promised")
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
    """A person has the floor: the agent is silent, but a crisis still rings, and is not left unanswered."""
    open_handoff = turn.state.handoff if turn.state.handed_over else None
    if route == "crisis":
        turn.wake(UNMET, UNMET_SECONDS)
    elif open_handoff is not None and open_handoff.route == "crisis":
        turn.wake(UNMET, UNANSWERED_SECONDS)
    if route == "crisis" and (open_handoff is None or open_handoff.route != "crisis"):
        turn.ring("crisis", heard)
    else:
        heed(turn, heard)


def standing(state: State) -> str:
    """The gravest of what somebody is rung for already, and of what waits until a person gives the floor back."""
    rung = state.handoff.route if state.handed_over and state.handoff else "clear"
    return max(rung, state.unmet or "clear", key=_RANK.__getitem__)


def is_graver(state: State, route: str) -> bool:
    return _RANK[route] > _RANK[standing(state)]


def half_heard(turn: Turn) -> str:
    """Danger that interim words made likely, and no final ones followed: it counts as heard. "clear" where there is
    none."""
    state = turn.state
    route = state.half_heard
    if not is_graver(state, route):
        return "clear"
    turn.emit(e.Guarded(state.seq, route, ("interim",)))  # type: ignore[arg-type]
    return route


def half_heard_in_time(turn: Turn) -> None:
    """Whoever began to say it has not gone on: a recogniser that died, or a line that did."""
    heard = turn.state.seq
    if (route := half_heard(turn)) == "clear":
        return
    if turn.state.floor is not None:
        return while_staff_speak(turn, route, heard)
    verdict(turn, route, heard)


def hung_up(turn: Turn) -> None:
    """The person has gone while a member of staff had the floor, or in the middle of a sentence: what was heard, and
    nobody has met, rings. Whoever only wanted a person had one."""
    state = turn.state
    if (route := half_heard(turn)) != "clear":
        after_hanging_up(turn, route)
    if state.floor is not None and state.unmet in ("clinical", "crisis"):
        after_hanging_up(turn, state.unmet)


def after_hanging_up(turn: Turn, route: str, heard: int | None = None) -> None:
    """Words that were heard when nobody listened any more: nothing is said, and a worse verdict still rings."""
    open_handoff = turn.state.handoff if turn.state.handed_over else None
    if route != "clear" and _RANK[route] > _RANK[open_handoff.route if open_handoff else "clear"]:
        return turn.ring(route, heard)  # type: ignore[arg-type]
    if route == "crisis" and open_handoff is not None:
        turn.do(RaiseHandoff("crisis", sooner=True))
    if heard is not None:
        heed(turn, heard)


def wait(turn: Turn) -> None:
    """A different truthful sentence each time, never the same twice running."""
    state = turn.state
    if state.handoff is None or state.floor is not None or state.ended is not None:
        return
    if state.handoff.status == "closed":
        return
    if call_back.is_asked(turn) and call_back.without_number(turn):
        return call_back.ask(turn)
    theirs = _next_in_theirs(turn)
    _say_waiting(turn, _next_of(_family(turn), WAITING_SENTENCES, turn))
    turn.in_their_language(theirs)


def _next_in_theirs(turn: Turn) -> str:
    """The few waiting sentences in turn, beside the practice's own: what somebody was once heard to speak may not be
    what they read, and not every voice speaks it. In a crisis whom to call comes round with them, unless somebody may
    read over their shoulder."""
    handoff = turn.state.handoff
    assert handoff is not None
    names = ["waiting.1", "waiting.2"]
    if not turn.state.quiet:
        names.append("waiting.3")
    if handoff.route == "crisis" and turn.lines.as_here and not turn.state.quiet:
        names.append("nobody" if handoff.status == "promised" else "crisis")
    last = turn.state.last_words[-1].phrase.removeprefix(CORE) if turn.state.last_words else ""
    at = names.index(last) + 1 if last in names else 0
    return names[at % len(names)]


def _family(turn: Turn) -> str:
    """With nobody on call nothing is said of telephones that ring."""
    handoff = turn.state.handoff
    assert handoff is not None
    if handoff.route != "crisis":
        return "waiting.person"
    alone = handoff.alone and turn.phrasebook.has(turn.state.locale, "waiting.crisis.alone.1")
    return "waiting.crisis.alone" if alone else "waiting.crisis"


def parted(turn: Turn) -> bool:
    """In a text thread nothing is left to be said: we promised a call, said goodbye, and somebody has seen to it."""
    state = turn.state
    last = state.last_words[-1].phrase if state.last_words else ""
    return (
        state.channel in BY_LETTERS
        and state.ended is None
        and last.startswith(("goodbye", "waiting.promised", "core.promised"))
    )


def left(turn: Turn) -> None:
    """Whoever had the floor has gone and nobody closed the hand-over: the ladder is rung anew, for nobody is alone, and
    whoever hung up least of all."""
    state = turn.state
    if state.handoff is None or state.floor is not None:
        return
    if state.handoff.status == "accepted":
        turn.ring(state.handoff.route)
    if state.handoff.route == "crisis" and state.ended is None and not _was_told(turn):
        if state.handoff.status == "promised":
            return _nobody_yet(turn, alone=state.handoff.alone)
        return turn.tell_handed_over("crisis", _way(turn, state.handoff.about))
    wait(turn)


def _was_told(turn: Turn) -> bool:
    """Whether they have heard whom to call: under the floor of a person nothing is said of it."""
    return any(phrase.startswith("handoff.crisis") for phrase in turn.state.phrases_said)


def passed_on(turn: Turn, by: str) -> None:
    """Whoever accepted asked for somebody else: the next behind them is rung at once, and the person is told."""
    handoff = turn.state.handoff
    if handoff is None:
        return
    turn.ring(handoff.route, after=handoff.step)
    if turn.state.ended is None and turn.phrasebook.has(turn.state.locale, "handoff.passed_on"):
        turn.say("handoff.passed_on", {"staff": by})
        turn.emit(e.Asked(()))
    if turn.state.ended is None and turn.state.channel == "voice":
        turn.wake("waiting", WAITING_PAUSE)


def called_again(turn: Turn) -> None:
    """A crisis of this number still waits: the person asks for nothing, and somebody is rung at once."""
    known = turn.phrasebook.has(turn.state.locale, "handoff.crisis.again")
    turn.hand_over("crisis", "handoff.crisis.again" if known else None)


def announced(turn: Turn) -> None:
    """The line is named before it is rung, so that it can be refused."""
    if turn.state.ended is None and turn.state.floor is None:
        _say_waiting(turn, "handoff.bridge")


def accepted(turn: Turn, by: str) -> None:
    if turn.state.ended is not None:
        return
    turn.say("handoff.accepted", {"staff": by})
    turn.emit(e.Asked(()))
    turn.wake("waiting", None)
    taken(turn)


def taken(turn: Turn) -> None:
    """Whoever has the floor in a crisis is waited for only so long: the person hears nothing meanwhile."""
    state = turn.state
    if state.handed_over and state.handoff is not None and state.handoff.route == "crisis":
        by_letters = state.channel in BY_LETTERS or state.channel == "chat"
        turn.wake(UNMET, UNANSWERED_SECONDS if by_letters else COMING_SECONDS)


def promised(turn: Turn, promise: e.HandoffPromised) -> None:
    """Nobody picked up: the stored promise may be said. A crisis stays; anything else parts kindly."""
    if turn.state.floor is not None or turn.state.handoff is None or turn.state.ended is not None:
        return
    if turn.state.handoff.route == "crisis":
        return _nobody_yet(turn, alone=promise.alone)
    if call_back.without_number(turn):
        return call_back.ask(turn)
    if private_number.is_owed(turn):
        return private_number.ask(turn)
    when = promise.due.astimezone(turn.practice.timezone).isoformat()
    how = "queued" if promise.queued else "promised"
    words = turn.fitting(f"handoff.{turn.state.handoff.route}.{how}")
    turn.say(words, {"due_day": when, "due_clock": when})
    if not promise.queued:
        turn.in_their_language("promised")
    turn.goodbye("goodbye.promised")


def _nobody_yet(turn: Turn, *, alone: bool) -> None:
    """Honestly: that nobody has picked up, or that nobody is on call and when somebody will be."""
    locale, has = turn.state.locale, turn.phrasebook.has
    unanswered = "handoff.crisis.unanswered" if has(locale, "handoff.crisis.unanswered") else None
    _say_waiting(turn, "handoff.crisis.nobody" if alone else unanswered or "handoff.crisis.nobody")
    opens = _opens(turn) if alone and has(locale, "handoff.crisis.opens") else None
    if opens is not None:
        turn.say("handoff.crisis.opens", {"due_day": opens, "due_clock": opens})
    if turn.lines.as_here:
        turn.in_their_language("nobody")


def _opens(turn: Turn) -> str | None:
    """When the practice opens; None while it is open, and where it never does again."""
    try:
        opens = next_open(turn.practice, turn.view.now)
    except NeverOpen:
        return None
    return opens.isoformat() if opens > turn.view.now else None
