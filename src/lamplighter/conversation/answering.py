"""What is said to a word like STOP or C, and to whoever the number is not: after the guard, before understanding.

Rules of this room: what somebody wants no more of is stored in the turn in which they say it, whoever has the floor;
one confirmation, and no more. Nothing is said of anybody to whoever says that they are not who we wrote to.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from lamplighter.conversation import acts as a
from lamplighter.conversation import events as e
from lamplighter.conversation import plan_number, reaching
from lamplighter.conversation.answers import (
    BY_LETTERS,
    Found,
    Hearing,
    Meaning,
    found_in,
    meant_by_cancel,
    of_reminders_alone,
    stop_in,
    to_a_bill,
    to_an_offer,
)
from lamplighter.conversation.answers import is_sorry as sounds_sorry
from lamplighter.conversation.details import Detail, Errand
from lamplighter.conversation.reached import Wished
from lamplighter.conversation.state import State
from lamplighter.conversation.turning import Turn

ASKS_WHAT: Final = "sms.stopped.cancel"
OURS: Final = (Errand.MOVE, Errand.CANCEL, Errand.CONFIRM_VISIT, Errand.RUNNING_LATE)
"""What a text of ours may be answered with by whoever got it, without being asked who they are."""

FREE: Final = frozenset(
    {
        Detail.FIRST_NAME,
        Detail.LAST_NAME,
        Detail.PREFERRED_NAME,
        Detail.CALLER_NAME,
        Detail.RELATIONSHIP,
        Detail.ORGANISATION,
        Detail.CLINICIAN,
        Detail.CONFIRM_DETAIL,
        Detail.EMAIL,
        Detail.INSURANCE,
        Detail.MEMBER_ID,
        Detail.SUBSCRIBER,
        Detail.MESSAGE,
    }
)
"""What may be answered with any word, a name above all."""

NEW_TIME: Final = (Errand.FIRST_APPOINTMENT, Errand.FOLLOW_UP, Errand.MOVE, Errand.CONFIRM_VISIT)

OF_THEMSELVES: Final[tuple[Meaning, ...]] = ("stop", "cancel", "start", "help", "no_money")
"""What is heard so whatever we had written."""

OF_OUR_TEXTS: Final[tuple[Meaning, ...]] = ("stop", "cancel", "texts", "start", "help", "not_theirs", "angry")
"""What is confirmed while the assistant is paused as well: it is about what goes out, and no errand."""

TO_A_BILL: Final[dict[Meaning, Meaning]] = {"take": "pay", "leave": "not_now"}
LETTERS: Final[dict[Meaning, Errand]] = {
    "confirm": Errand.CONFIRM_VISIT,
    "confirm_if_first": Errand.CONFIRM_VISIT,
    "move": Errand.MOVE,
    "visit": Errand.CANCEL,
    "take": Errand.TAKE_OPENING,
    "leave": Errand.LEAVE_OPENING,
    "pay": Errand.PAY,
    "pay_in_parts": Errand.PAYMENT_PLAN,
}


def note(
    turn: Turn, heard: e.Heard, seq: int, lines: Iterable[str] = (), wish: Wished | None = None
) -> Found | None:
    """Stores what they want no more of, or again, and by which way they want to be reached: `wish`. Says nothing.
    `lines`: of an email, wherever it may ask to stop."""
    found = _as_the_carrier_says(turn, heard, _found(turn, heard))
    if reaching.in_its_place(turn, wish, found):
        found, lines = None, ()
    if reaching.at_once(turn, found):
        reaching.note(turn, wish, seq, found)
    signed = hearing(turn.state, asked=True)  # a line may be nothing but a name
    if (found is None or found.meaning not in ("stop", "cancel", "start")) and (
        stop := stop_in(lines, signed)
    ):
        turn.emit(e.OptedOut(seq, False))
        return found if heard.text else stop
    if found is None:
        return None
    if found.meaning in ("stop", "cancel"):
        turn.emit(e.OptedOut(seq, found.meaning == "cancel"))
    elif found.meaning == "start" or (heard.carrier == "start" and turn.state.stops):
        turn.emit(e.OptedIn(seq))
    elif found.meaning == "not_theirs":
        turn.emit(e.NotTheirs(seq))
    elif found.meaning == "no_money":
        turn.emit(e.NoMoney(seq))
    elif found.meaning == "not_now" and turn.state.asked_of_bill is not None:
        turn.emit(e.NotNow(seq, turn.state.asked_of_bill))
    elif found.meaning == "number" and turn.state.asked_number is not None:
        turn.emit(e.NumberGiven(seq, turn.state.asked_number, found.words))
    return found


def _as_the_carrier_says(turn: Turn, heard: e.Heard, found: Found | None) -> Found | None:
    """Whom it sends nothing more gets nothing more, whatever the word means here. What it takes for START may be a yes
    to us: that counts where it is none, and takes back a STOP in any case."""
    if heard.carrier == "stop":
        cancel = found is not None and found.meaning == "cancel"
        return Found("cancel" if cancel else "stop", heard.text.strip(), whole=True, by_carrier=True)
    if heard.carrier == "start" and found is not None and found.meaning == "start":
        return replace(found, by_carrier=True)
    if heard.carrier == "start" and turn.state.stops and not turn.state.asked and found is None:
        return Found("start", heard.text.strip(), whole=True, by_carrier=True)
    return found


def hearing(state: State, *, asked: bool = False) -> Hearing:
    """In the language of the thread and in theirs."""
    theirs = state.value(Detail.LANGUAGE)
    languages = frozenset({state.locale, theirs} if theirs else {state.locale})
    return Hearing(languages, asked or any(place.detail in FREE for place in state.asked))


def _found(turn: Turn, heard: e.Heard) -> Found | None:
    """What they say to a question of ours that a letter or a yes may answer is that answer."""
    last = turn.state.last_words[-1].phrase if turn.state.last_words else None
    if last == ASKS_WHAT and (meant := meant_by_cancel(heard.text)) is not None:
        return Found(meant, "", whole=True)
    found = found_in(heard.text, turn.state.channel, hearing(turn.state))
    if found is not None and found.meaning == "stop" and _wants_no_reminders(turn, heard):
        return None
    if found is None and (number := _to_our_number(turn, heard)) is not None:
        return number
    if (bill := _to_a_bill(turn, heard, found)) is not None:
        return bill
    if found is None or found.meaning in OF_THEMSELVES:
        return found or _to_offer(turn, heard) or _to_new_time(turn, heard)
    if (offer := _to_offer(turn, heard) or _keeps(turn, found)) is not None:
        return offer
    if (said := _to_new_time(turn, heard)) is not None:
        return said
    if found.meaning == "confirm_if_first" and not _answers_us(turn):
        return None
    if found.meaning == "not_theirs" and turn.state.in_answer_to is None and sounds_sorry(heard.text):
        return None
    return found if _is_free(turn) else None


def _wants_no_reminders(turn: Turn, heard: e.Heard) -> bool:
    """It is their answer to whether we may remind them, or puts that right of a summary, and no word of other
    messages."""
    asked = any(place.detail is Detail.REMINDER_CONSENT for place in turn.state.asked)
    return (asked or reaching.summed_up(turn.state)) and of_reminders_alone(heard.text)


def _to_offer(turn: Turn, heard: e.Heard) -> Found | None:
    """A yes or a no to a time that we had offered them, and to nothing that was asked since."""
    found = to_an_offer(heard.text) if _is_offered(turn) else None
    first = turn.state.turns == turn.state.invited_at + 1
    return found if found is not None and (first or found.meaning == "take") else None


def _keeps(turn: Turn, found: Found) -> Found | None:
    """C is a yes to whether they keep the time of a visit: as it was there is nothing to confirm."""
    invited = turn.state.invited
    asked = _is_offered(turn) and invited is not None and invited.of != "opening"
    return Found("take", found.words, whole=True) if asked and found.meaning == "confirm" else None


def _to_new_time(turn: Turn, heard: e.Heard) -> Found | None:
    """A bare yes or no, in any language of ours, to whether they want a new time."""
    found = to_an_offer(heard.text) if _is_asked_after(turn) else None
    if found is None:
        return None
    return Found("move" if found.meaning == "take" else "visit", found.words, whole=True)


def _to_our_number(turn: Turn, heard: e.Heard) -> Found | None:
    """We had asked for the number on their card, and they came for nothing else."""
    asked = turn.state.asked_number is not None and not turn.state.number_given and _is_free(turn)
    return plan_number.answer_in(heard.text) if asked else None


def _to_a_bill(turn: Turn, heard: e.Heard, found: Found | None) -> Found | None:
    """We had written about something that is open, and this is the first that they write since."""
    at = turn.state.asked_of_bill_at
    if at is None or turn.state.turns != at + 1 or not _is_free(turn):
        return None
    if found is not None and found.meaning in OF_THEMSELVES:
        return None
    said = to_a_bill(heard.text)
    return replace(said, meaning=TO_A_BILL.get(said.meaning, said.meaning)) if said is not None else None


def _is_asked_after(turn: Turn) -> bool:
    """It is the first that they write since we had asked whether they want a new time after a visit."""
    first = turn.state.turns == turn.state.asked_after_at + 1
    return turn.state.asked_after is not None and first and _is_free(turn)


def _is_offered(turn: Turn) -> bool:
    return turn.state.invited is not None and not turn.state.invited_over and _is_free(turn)


def _answers_us(turn: Turn) -> bool:
    """Whether it answers what we had written: a text where it is the first of a thread, an email that names it."""
    if turn.state.channel == "email":
        return _is_free(turn) and turn.state.in_answer_to is not None
    return _is_free(turn) and turn.state.turns == 1


def _is_free(turn: Turn) -> bool:
    """No errand is under way, to a question of which a letter or an outburst may be the answer."""
    state = turn.state
    return state.channel in BY_LETTERS and (state.errand is None or state.errand_done)


def met(turn: Turn, found: Found | None, seq: int) -> bool:
    """Answers it. False where the words are to be understood like any others."""
    if found is None:
        return False
    if found.by_carrier:
        return True
    if found.locale not in (None, turn.state.locale) and turn.phrasebook.has(
        found.locale or "", "sms.stopped"
    ):
        turn.emit(e.LanguageSet(found.locale or "", "heard"))
    writes = turn.state.channel not in ("voice", "chat")
    if writes and found.meaning in ("stop", "cancel") and turn.state.stops > 1:
        return True  # they had their one confirmation
    if turn.state.paused and found.meaning not in OF_OUR_TEXTS:
        return False
    match found.meaning:
        case "stop" if not found.whole:
            return _stopped_in_words(turn, found)
        case "stop":
            return _said(turn, f"{turn.state.channel}.stopped")
        case "cancel":
            return _said(turn, ASKS_WHAT)
        case "texts":
            return _said(turn, "sms.stopped.only")
        case "start":
            return _said(turn, f"{turn.state.channel}.started")
        case "help":
            return _said(turn, "sms.help")
        case "number":
            return _said(turn, f"{turn.state.channel}.plan_number.thanks")
        case "photo":
            phrase = f"{turn.state.channel}.plan_number.photo"
            return (turn.state.card_linked and _said(turn, f"{phrase}.link")) or _said(turn, phrase)
        case "no_money":
            return _said(turn, f"{turn.state.channel}.no_money" if writes else "bill.no_money")
        case "not_now":
            return _said(turn, f"{turn.state.channel}.bill_fine")
        case "not_theirs":
            return _said(turn, f"{turn.state.channel}.unlinked")
        case "angry":
            turn.hand_over("human", "handoff.sorry", seq)
            return True
    return False


def is_sorry(turn: Turn, found: Found | None, verdict: str) -> bool:
    """Whether they are annoyed with a text of ours, and want nothing but a person."""
    angry = found is not None and found.meaning == "angry"
    return angry and verdict == "human" and not turn.state.handed_over


def tell_stopped(turn: Turn, found: Found | None) -> None:
    """To whoever is handed over as well. In a crisis and about their health, what comes next is all there is to say."""
    stopped = found is not None and found.meaning in ("stop", "cancel")
    if found is None or found.by_carrier:
        return
    if not stopped or turn.state.stops > 1 or turn.state.verdict in ("crisis", "clinical"):
        return
    phrase = "email.stopped" if turn.state.channel == "email" else _naming_calls(turn, found, "texts.stopped")
    if turn.phrasebook.has(turn.state.locale, phrase):
        turn.say(phrase, once="texts.stopped")


def _said(turn: Turn, phrase: str) -> bool:
    """False where the practice signed its phrases before this one was written."""
    if not turn.phrasebook.has(turn.state.locale, phrase):
        return False
    turn.say(phrase)
    turn.note_asked()
    return True


def _stopped_in_words(turn: Turn, found: Found) -> bool:
    """In a text it is all there is to say; on the phone and in a chat they go on with what they came for."""
    if turn.state.channel in BY_LETTERS:
        return _said(turn, _naming_calls(turn, found, f"{turn.state.channel}.stopped"))
    phrase = _naming_calls(turn, found, "texts.stopped")
    if turn.phrasebook.has(turn.state.locale, phrase):
        turn.say(phrase, asks=turn.state.asked, once="texts.stopped")
    return False


def _naming_calls(turn: Turn, found: Found, phrase: str) -> str:
    """Whoever wanted no calls hears that texts stop as well."""
    both = f"{phrase}.calls"
    return both if found.calls and turn.phrasebook.has(turn.state.locale, both) else phrase


def marked(acts: tuple[a.Act, ...], found: Found | None, turn: Turn) -> tuple[a.Act, ...]:
    """The acts, an errand among them that answers a text of ours said to be one; a letter is nothing else."""
    if found is not None and found.meaning in LETTERS:
        return (a.Intend(LETTERS[found.meaning], ours=True),)
    if _is_offered(turn) and turn.state.turns == turn.state.invited_at + 1:
        acts = _of_offer(acts)
    if _is_asked_after(turn):
        return _of_new_time(acts)
    if not _answers_us(turn):
        return acts
    return tuple(
        a.Intend(act.errand, act.sure, act.last, ours=True)
        if isinstance(act, a.Intend) and act.errand in OURS
        else act
        for act in acts
    )


def _of_new_time(acts: tuple[a.Act, ...]) -> tuple[a.Act, ...]:
    """A yes, a no or a wish for a time, where they came for nothing else."""
    rest = tuple(act for act in acts if not isinstance(act, a.Intend | a.Affirm | a.Deny | a.Decline))
    wanted = {act.errand for act in acts if isinstance(act, a.Intend)}
    if any(isinstance(act, a.AskAbout) for act in acts) or wanted - {*NEW_TIME, Errand.CANCEL}:
        return acts
    if Errand.CANCEL in wanted or (not wanted and any(isinstance(act, a.Deny | a.Decline) for act in acts)):
        return (a.Intend(Errand.CANCEL, ours=True),)
    if wanted or any(isinstance(act, a.Affirm) for act in acts):
        return (a.Intend(Errand.MOVE, ours=True), *rest)
    return acts


def _of_offer(acts: tuple[a.Act, ...]) -> tuple[a.Act, ...]:
    """A yes or a no among other words, where they came for nothing else."""
    if any(isinstance(act, a.Intend | a.AskAbout) for act in acts):
        return acts
    if any(isinstance(act, a.Affirm) for act in acts):
        return (a.Intend(Errand.TAKE_OPENING, ours=True),)
    if any(isinstance(act, a.Deny | a.Decline) for act in acts):
        return (a.Intend(Errand.LEAVE_OPENING, ours=True),)
    return acts
