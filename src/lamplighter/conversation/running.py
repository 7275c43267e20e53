"""Runs a flow from the top over what is known, until it needs something that isn't.

Answers come from the log: a request's first answer is kept by the request's own value; a choice resolves against the
last offer; a yes counts for exactly what was read out. So a flow has no states of its own.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

from lamplighter.conversation import events as e
from lamplighter.conversation import reaching, slow
from lamplighter.conversation.actions import Perform, Taken
from lamplighter.conversation.acts import Choose, Deny, Give, Intend, NoneOfThose, Wrong
from lamplighter.conversation.answers import BY_LETTERS
from lamplighter.conversation.details import Detail, Errand, Key, key
from lamplighter.conversation.flows import FLOWS
from lamplighter.conversation.needs import (
    Ask,
    AskAnew,
    Become,
    Close,
    Commit,
    Confirm,
    Do,
    Finish,
    Forget,
    HandOver,
    Identify,
    IfSigned,
    Need,
    Offer,
    Restore,
    Say,
    Take,
)
from lamplighter.conversation.request_keys import request_key
from lamplighter.conversation.slots import Slot
from lamplighter.conversation.turning import PAUSED, Turn

PATIENCE = 4  # how often a required detail is asked before a person helps
OFFERS = 7  # how often times are offered before a person helps
CONFIRMATIONS = 6  # how often a yes is waited for
AT_ONCE = 3  # details asked in one breath


class _Stop(Exception):
    """The flow can't go on in this turn: something was asked, or an answer is on its way."""


class _Again(Exception):
    """What the flow built on has changed: run it again from the top."""


def run(turn: Turn) -> None:
    """Runs the errand's flow as far as it goes. Ends with a question, a goodbye, or a request for the desk."""
    for _ in range(12):
        try:
            _run_once(turn)
        except _Again:
            continue
        except _Stop:
            return
        _finish(turn)
        return
    turn.hand_over("human", "handoff.stuck")


def _run_once(turn: Turn) -> None:
    assert turn.errand is not None
    flow = FLOWS[turn.errand](turn.view)
    answer: Any = None
    while True:
        try:
            need = flow.send(answer)
        except StopIteration:
            return
        answer = _meet(need, turn)


def _finish(turn: Turn) -> None:
    """Nothing more to do for this errand."""
    if turn.state.paused:
        return _to_a_person(turn)
    turn.ask(("anything_else",))


def _meet(need: Need, turn: Turn) -> Any:
    match need:
        case Ask():
            return _ask(need, turn)
        case AskAnew(phrase, args):
            _unless_paused(turn)
            turn.read_back()
            turn.ask((phrase,), dict(args))
            raise _Stop
        case Do(request, meanwhile):
            return _perform(request, turn, meanwhile)
        case Commit(request):
            return _perform(request, turn)
        case Offer():
            return _offer(need, turn)
        case Confirm():
            return _confirm(need, turn)
        case Say(phrase, args, if_signed):
            if if_signed and not turn.phrasebook.has(turn.state.locale, phrase):
                return None
            return _say_once(phrase, dict(args), turn)
        case IfSigned(phrases):
            return all(turn.phrasebook.has(turn.state.locale, phrase) for phrase in phrases)
        case HandOver(phrase):
            turn.hand_over("human", phrase)
            raise _Stop
        case Identify():
            return _identify(need, turn)
        case Take(slot):
            return _take(slot, turn)
        case Forget(details):
            return _restore(tuple((detail, None) for detail in details), turn)
        case Restore(details):
            return _restore(details, turn)
        case Become(errand):
            return _become(Errand(errand), turn)
        case Close(phrase, args):
            turn.goodbye(phrase, dict(args))
            raise _Stop
        case Finish():
            _finish(turn)
            raise _Stop


def _unless_paused(turn: Turn) -> None:
    """What is done is told while the assistant is paused; nothing more is asked, offered or begun."""
    if turn.state.paused:
        _to_a_person(turn)
        raise _Stop


def _to_a_person(turn: Turn) -> None:
    """In a thread that is through with its errand nobody waits."""
    if turn.state.channel not in BY_LETTERS or turn.state.frozen is None:
        turn.hand_over("human", PAUSED)


# -- asking ------------------------------------------------------------------------------------------------------------


def _ask(need: Ask, turn: Turn) -> None:
    missing = [place for place in need.keys if not _settled(place, need, turn)]
    if not missing:
        return
    _unless_paused(turn)
    if any(turn.state.attempts.get(place, 0) >= PATIENCE for place in missing if place in need.required):
        turn.hand_over("human", "handoff.stuck")
        raise _Stop
    asking = _asking(missing[:AT_ONCE], need, turn)
    if not asking:  # the practice has signed no words for it
        turn.hand_over("human", "handoff.stuck")
        raise _Stop
    turn.read_back()
    turn.ask(asking, dict(need.args))
    raise _Stop


def _settled(place: Key, need: Ask, turn: Turn) -> bool:
    state = turn.state
    book = state.known if state.frozen is None else state.frozen
    if place in book:
        return True
    tried = state.attempts.get(place, 0)
    if place in need.required:
        return False
    if state.declined.get(place, 0):
        return True
    return tried >= (2 if place in need.soft else 1)


def _asking(missing: list[Key], need: Ask, turn: Turn) -> tuple[str, ...]:
    if need.phrase and not any(turn.state.attempts.get(place, 0) for place in missing):
        return (need.phrase,)
    again = [f"reask.{place}" for place in missing if turn.state.attempts.get(place, 0)]
    if len(missing) == 1 and again and turn.phrasebook.has(turn.state.locale, again[0]):
        return (again[0],)
    names = f"reask.{'+'.join(map(str, missing))}"
    if (
        len(again) == len(missing)
        and not turn.state.heard_surely
        and turn.phrasebook.has(turn.state.locale, names)
    ):
        return (names,)
    return turn.phrasebook.matching("ask", [str(place) for place in missing], turn.state.locale)


# -- doing -------------------------------------------------------------------------------------------------------------


def _perform(request: Any, turn: Turn, meanwhile: str | None = None) -> Any:
    place = request_key(request)
    if place in turn.state.answers:
        return turn.state.answers[place]
    if place in turn.state.pending:
        slow.meanwhile(turn, place, meanwhile)
        raise _Stop
    _unless_paused(turn)
    turn.do(Perform(request, place))
    raise _Stop


def taken(turn: Turn, committed: e.Committed) -> None:
    """A time that was to be kept or booked has gone: say so, and what was built on it is stale."""
    if isinstance(committed.answer, Taken):
        turn.emit(e.Stale(committed.key, "taken"))
        for place in [k for k in turn.state.answers if k.startswith(("hold:", "find_slots:"))]:
            turn.emit(e.Stale(place, "taken"))
        turn.say("offer.gone")


# -- offering and confirming -------------------------------------------------------------------------------------------


def digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def _offer(need: Offer, turn: Turn) -> Any:
    chosen = turn.state.picked if need.of == "visits" else turn.state.chosen
    if chosen in need.slots:
        return chosen
    _unless_paused(turn)
    if turn.state.attempts.get(key(Detail.CHOICE), 0) >= OFFERS:
        turn.hand_over("human", "handoff.stuck")
        raise _Stop
    place = digest(f"{s.start.isoformat()}{s.clinician}{s.modality}" for s in need.slots)
    turn.read_back()
    if need.reason:
        turn.say(need.reason, {}, once=f"{need.reason}:{place}")
    args: dict[str, str] = {}
    for number, slot in enumerate(need.slots, 1):
        named = turn.view.slot_args(slot)
        suffix = "" if number == 1 else str(number)
        args |= {f"{name}{suffix}": value for name, value in named.items()}
    turn.say(f"{need.phrase}.{len(need.slots)}", args)
    turn.emit(e.Offered(place, need.slots, need.of))
    turn.note_asked(place)
    raise _Stop


def _confirm(need: Confirm, turn: Turn) -> bool:
    place = digest((need.phrase, *(f"{name}={value}" for name, value in need.args)))
    if place in turn.state.confirmed:
        return True
    if (
        turn.state.frozen is not None
    ):  # what is done was agreed to, but for what they said no to on the way there
        return place not in turn.state.denied
    if place in turn.state.denied and not need.change:
        return False
    _unless_paused(turn)
    if place in turn.state.denied and turn.said(Deny) and not turn.said(Give, Wrong, NoneOfThose):
        turn.ask(("ask.what_to_change",), about=place)
        raise _Stop
    if turn.state.attempts.get(key(Detail.CONFIRM), 0) >= CONFIRMATIONS:
        turn.hand_over("human", "handoff.stuck")
        raise _Stop
    confirms = tuple(detail for detail in need.details if turn.view.state.known.get(detail))
    turn.say(need.phrase, dict(need.args), confirms=confirms)
    turn.note_asked(place)
    raise _Stop


def _say_once(phrase: str, args: dict[str, str], turn: Turn) -> None:
    once = f"{turn.state.errand_no}:{phrase}:{digest(f'{k}={v}' for k, v in sorted(args.items()))}"
    if once not in turn.state.said_once:
        turn.say(phrase, args, once=once)


def _identify(need: Identify, turn: Turn) -> None:
    if turn.state.person != need.person:
        turn.emit(e.Identified(need.person, need.how, need.proxy))
        if reaching.who(turn.state) is not None:
            reaching.once_known(turn)


def _restore(details: Iterable[tuple[Detail, str | None]], turn: Turn) -> None:
    acts = tuple(Wrong(detail) if value is None else Give(detail, value) for detail, value in details)
    turn.emit(e.Understood(turn.state.seq, acts, vote=turn.state.vote))
    raise _Again


def _take(slot: Slot, turn: Turn) -> None:
    turn.emit(e.Offered(f"as_agreed:{turn.state.seq}", (slot,)))
    turn.emit(e.Understood(turn.state.seq, (Choose(0),), vote=turn.state.vote))
    raise _Again


def _become(errand: Errand, turn: Turn) -> None:
    turn.emit(e.Understood(turn.state.seq, (Intend(errand),), vote=turn.state.vote))
    raise _Again
