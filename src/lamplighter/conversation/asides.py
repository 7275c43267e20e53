"""What may be said at any point: repeat, slower, go back, "are you a robot?", another language, silence...

Each is answered in the same turn, and the question that was open is asked again after it.
"""

from collections.abc import Callable

from lamplighter.conversation import events as e
from lamplighter.conversation import slow
from lamplighter.conversation.acts import Aside, Intend, Interject, SpeakIn, Wrong
from lamplighter.conversation.details import Detail, Errand, key
from lamplighter.conversation.turning import PAUSED, Turn

SILENT_PROMPTS = 2  # slow prompts before the desk's rung


def meet(turn: Turn) -> bool:
    """Answers the asides of this turn. True when that is all there is to say now."""
    for act in turn.acts:
        if isinstance(act, SpeakIn):
            _speak_in(act.language, turn)
    asides = list(dict.fromkeys(act.aside for act in turn.acts if isinstance(act, Interject)))
    if Aside.SLOWER in asides:
        asides = [aside for aside in asides if aside not in (Aside.REPEAT, Aside.CANNOT_HEAR)]
    if len(turn.acts) > 1:
        asides = [aside for aside in asides if aside is not Aside.HOLD_ON]
    all_said = False
    for aside in asides:
        if aside in HANDLERS:
            all_said = HANDLERS[aside](turn) or all_said
    return all_said


def _speak_in(language: str, turn: Turn) -> None:
    known = next(
        (name for name in turn.phrasebook.locales if name.split("-")[0] == language.split("-")[0]), None
    )
    if known is None:
        turn.tongue = language
        turn.hand_over("human", turn.fitting("handoff.language"))
    elif known != turn.state.locale:
        turn.emit(e.LanguageSet(known, "asked"))
        turn.say("language.set")


def _repeat(turn: Turn) -> bool:
    """Says the last words again, asking what they asked."""
    last, about = turn.state.last_words, turn.state.about
    if not last:
        return False
    for said in last:
        again = e.Said(
            said.phrase, said.args, said.locale, said.asks, said.confirms, said.once, turn.state.slow
        )
        turn.emit(again)
    turn.note_asked(about)
    return True


def _slower(turn: Turn) -> bool:
    turn.state.slow = True
    return _repeat(turn)


def _back(turn: Turn) -> bool:
    """Takes back what the person gave last, so that it is asked again."""
    given = [known.seq for known in turn.state.known.values() if known.source == "said"]
    if given:
        last = max(given)
        for place in [p for p, known in turn.state.known.items() if known.seq == last]:
            turn.emit(e.Understood(turn.state.seq, (Wrong(place.detail, place.subject),)))
    turn.say("aside.back")
    return False


def _says(phrase: str) -> Callable[[Turn], bool]:
    def handler(turn: Turn) -> bool:
        turn.say(phrase)
        return False

    return handler


def _at_a_boundary(phrase: str) -> Callable[[Turn], bool]:
    """A phrasebook that was signed before it had the sentence goes on without it."""

    def handler(turn: Turn) -> bool:
        if turn.phrasebook.has(turn.state.locale, phrase):
            turn.say(phrase)
        return False

    return handler


def _background(turn: Turn) -> bool:
    turn.say(turn.fitting("aside.background"))
    return False


def _parts(phrase: str) -> Callable[[Turn], bool]:
    def handler(turn: Turn) -> bool:
        turn.goodbye(phrase)
        return True

    return handler


def _wrong_number(turn: Turn) -> bool:
    """Somebody who wanted to reach others; in the middle of an errand it is the number we took down that is wrong."""
    if turn.state.errand is None:
        return _parts("goodbye.wrong_number")(turn)
    if turn.view.value(Detail.PHONE) is not None:
        turn.emit(e.Understood(turn.state.seq, (Wrong(Detail.PHONE),), vote=turn.state.vote))
    return False


def _goodbye(turn: Turn) -> bool:
    """In the middle of an errand it ends the contact; at the end the engine says goodbye itself."""
    if turn.state.frozen is not None or turn.state.errand is None:
        return False
    turn.goodbye("goodbye.unfinished")
    return True


def _minor(turn: Turn) -> bool:
    turn.hand_over("human", "handoff.minor")
    return True


def _robot(turn: Turn) -> bool:
    """The truth at once. Who asks for a person with it gets one, and is not offered one before."""
    wants_one = any(isinstance(act, Intend) and act.errand is Errand.PERSON for act in turn.acts)
    truth = wants_one and turn.phrasebook.has(turn.state.locale, "handoff.truth")
    turn.say("handoff.truth" if truth else "aside.robot")
    return False


def _of_us(phrase: str) -> Callable[[Turn], bool]:
    """What the practice has signed of it; else that a person can be had."""

    def handler(turn: Turn) -> bool:
        words = phrase if turn.phrasebook.has(turn.state.locale, phrase) else "aside.robot"
        turn.say(turn.fitting(words))
        return False

    return handler


def _presses(turn: Turn) -> bool:
    turn.hand_over("human", "handoff.neither")
    return True


def _abuse(turn: Turn) -> bool:
    if turn.state.phrases_said.get("aside.abuse", 0) >= 2:
        turn.hand_over("human", "handoff.human")
        return True
    turn.say("aside.abuse")
    return False


def _wait(turn: Turn) -> bool:
    about = turn.state.about
    turn.say("aside.hold_on", asks=turn.state.asked)
    turn.note_asked(about)
    return True


HANDLERS: dict[Aside, Callable[[Turn], bool]] = {
    Aside.REPEAT: _repeat,
    Aside.SLOWER: _slower,
    Aside.CANNOT_HEAR: _repeat,
    Aside.BACK: _back,
    Aside.START_OVER: _says("aside.start_over"),
    Aside.ROBOT: _robot,
    Aside.RECORDED: _of_us("aside.recorded"),
    Aside.PRESSES: _presses,
    Aside.SOMEBODY_ELSE: _says("aside.somebody_else"),
    Aside.PRIVATE: _at_a_boundary("aside.private"),
    Aside.BEYOND: _at_a_boundary("aside.beyond"),
    Aside.BACKGROUND: _background,
    Aside.WHY_ASK: _says("aside.why_ask"),
    Aside.ABUSE: _abuse,
    Aside.WRONG_NUMBER: _wrong_number,
    Aside.SALES: _parts("goodbye.sales"),
    Aside.GOODBYE: _goodbye,
    Aside.MINOR_SELF: _minor,
    Aside.HOLD_ON: _wait,
}


def silence(turn: Turn) -> None:
    """Two slow prompts, then the desk is rung; inside a hand-over a waiting sentence. Never an end."""
    state = turn.state
    if state.floor is not None or state.ended is not None:
        return
    if state.handed_over:
        return turn.wake("waiting", 0)
    if slow.said_still(turn):
        return None
    if state.paused:
        return turn.hand_over("human", PAUSED)
    asked, about = state.asked, state.about
    if state.silences > SILENT_PROMPTS:
        return turn.hand_over("human", "handoff.silence")
    turn.say(f"silence.{state.silences}", asks=asked or (key(Detail.ERRAND),))
    turn.note_asked(about)


def card_kept_out(turn: Turn) -> None:
    """Nothing of what came with a card number is taken, and what was asked is asked again."""
    if turn.phrasebook.has(turn.state.locale, "card.kept_out"):
        turn.say("card.kept_out")
