"""What is said of how somebody wants to be reached is kept by the desk, in the turn in which it is said, and answered
by one sentence: after the guard, and never in the place of an opt-out that the desk can't keep so.

Rules of this room: where a record is being made, or was made a moment ago, it takes the wish like any other detail; a
question of ours that it may be the answer to comes first.
"""

from typing import Final

from lamplighter.conversation import acts as a
from lamplighter.conversation import events as e
from lamplighter.conversation.actions import Perform
from lamplighter.conversation.answers import BY_LETTERS, Found
from lamplighter.conversation.details import Detail, Errand, key
from lamplighter.conversation.keeping import KeepWay, WayKept
from lamplighter.conversation.model import State
from lamplighter.conversation.reached import Wished, wished_in
from lamplighter.conversation.request_keys import request_key
from lamplighter.conversation.turning import Turn

PASSED_ON: Final = "reach.passed_on"
TAKES_IT: Final = frozenset(
    {
        Detail.CONTACT_CHANNEL,
        Detail.LEAVE_MESSAGE,
        Detail.REMINDER_CONSENT,
        Detail.PHONE,
        Detail.CALLBACK_TIME,
        Detail.MESSAGE,
        Detail.CONFIRM_DETAIL,
    }
)
"""What is asked of which these words may be the answer."""

BOOKED_BY: Final = {"sms": "sms", "email": "email", "voice": "phone"}
"""Ways as a booking writes them."""

PROVEN: Final = ("number_on_file", "code")
_MAKES = (Errand.FIRST_APPOINTMENT, Errand.WAITLIST)
_QUIET = (a.Interject(a.Aside.THANKS), a.Interject(a.Aside.GREETING), a.Interject(a.Aside.NOISE))


def wished(turn: Turn, heard: e.Heard) -> Wished | None:
    asked = {place.detail for place in turn.state.asked}
    return None if asked & TAKES_IT else wished_in(heard.text)


def note(
    turn: Turn, wish: Wished | None, seq: int, found: Found | None = None, *, goes_on: bool = False
) -> None:
    """Asks the desk to keep it, once. Says nothing."""
    if wish is None or _of_a_record(turn.state):
        return
    named = wish.no_texts and turn.state.channel != "email"
    stops = named or (found is not None and found.meaning == "stop")
    _keep(turn, KeepWay(wish.way, seq, who(turn.state), stops, turn.view.texts, goes_on))


def at_once(turn: Turn, found: Found | None) -> bool:
    """Whether nothing of it waits for understanding: it is not the words' own answer that comes next."""
    state = turn.state
    clear = state.verdict == "clear" and not state.handed_over and state.floor is None
    return found is not None or not clear or state.ended is not None


def in_its_place(turn: Turn, wish: Wished | None, found: Found | None) -> bool:
    """Whether it is another way that they want, of somebody known, and not to be left alone: "don't text, email me"."""
    in_words = found is not None and found.meaning == "stop" and not found.whole
    if not in_words or wish is None or not wish.no_texts:
        return False
    if summed_up(turn.state):
        return wish.way in BOOKED_BY
    return not _of_a_record(turn.state) and who(turn.state) is not None


def summed_up(state: State) -> bool:
    """Whether what was read out says how they are reached and reminded, and waits for a yes."""
    return key(Detail.CONFIRM) in state.asked and key(Detail.REMINDER_CONSENT) in state.known


def who(state: State) -> str | None:
    """Whoever has told their whole name and birth date and owns the number or mailbox, and speaks for themselves."""
    proof = state.identified
    if proof is None or proof.proxy or proof.how not in PROVEN or None in state.who():
        return None
    return proof.person


def _of_a_record(state: State, acts: tuple[a.Act, ...] = ()) -> bool:
    """Theirs is being made, begins to be with these acts, or was in this contact."""
    begins = any(isinstance(act, a.Intend) and act.errand in _MAKES for act in acts)
    making = begins or (state.errand in _MAKES and not state.errand_done)
    return state.made is not None or (making and state.person is None)


def with_wish(acts: tuple[a.Act, ...], wish: Wished | None, turn: Turn) -> tuple[a.Act, ...]:
    """The acts as they are meant beside the wish: of the wish itself nothing else is made."""
    if wish is None:
        return acts
    if not _of_a_record(turn.state, acts):
        kept = () if wish.alone else acts
        return tuple(act for act in kept if not _made_of_it(act))
    if wish.way not in BOOKED_BY or any(_tells_way(act) for act in acts):
        return acts
    others = tuple(act for act in acts if not _made_of_it(act))
    return (*others, a.Give(Detail.CONTACT_CHANNEL, BOOKED_BY[wish.way], correction=True))


def _made_of_it(act: a.Act) -> bool:
    person = isinstance(act, a.Intend) and act.errand in (Errand.PERSON, Errand.MESSAGE)
    return person or _tells_way(act)


def _tells_way(act: a.Act) -> bool:
    return isinstance(act, a.Give) and act.detail is Detail.CONTACT_CHANNEL


def waits(turn: Turn, wish: Wished | None) -> bool:
    """Whether all else that was said goes on once the desk has answered."""
    if wish is None or _of_a_record(turn.state):
        return False
    return all(isinstance(act, a.Give | a.Intend) or act in _QUIET for act in turn.acts)


def told(turn: Turn, answer: WayKept) -> bool:
    """Says what became of it. False where the conversation goes on after it."""
    state = turn.state
    if state.floor is not None or state.handed_over or state.ended is not None:
        return True
    phrase = f"reach.{answer.way}" if answer.kept else PASSED_ON
    if turn.phrasebook.has(state.locale, phrase) and not (state.stops and not answer.kept):
        _tell_stopped(turn, answer)
        turn.say(phrase, asks=None if answer.goes_on else state.asked)
    if not answer.goes_on:
        return True
    if state.errand is not None and not state.errand_done:
        return False
    if state.channel in BY_LETTERS:
        turn.note_asked()
    else:
        turn.ask(("anything_else",))
    return True


def _tell_stopped(turn: Turn, answer: WayKept) -> None:
    """Whose texts end must know it, and how they get them again."""
    if answer.stopped and turn.phrasebook.has(turn.state.locale, "texts.stopped"):
        turn.say("texts.stopped", once="texts.stopped")


def once_known(turn: Turn) -> None:
    """What they had wished before anybody knew who they are."""
    way = turn.state.way
    if way is not None and not way.kept and way.way != "number":
        _keep(turn, KeepWay(way.way, turn.state.seq, who(turn.state), False, turn.view.texts))


def _keep(turn: Turn, request: KeepWay) -> None:
    if not any(isinstance(each, Perform) and isinstance(each.request, KeepWay) for each in turn.actions):
        turn.do(Perform(request, request_key(request)))
