"""What stands beside the turns of a contact that is looked over: what was understood, and what was done, in words."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from lamplighter.console import wording
from lamplighter.conversation import acts as a
from lamplighter.conversation import events as e
from lamplighter.conversation.actions import (
    Done,
    Held,
    Interpreted,
    PersonFound,
    Refused,
    Slots,
    Taken,
    Unknown,
    Visits,
)
from lamplighter.conversation.events_of_review import CameTo, Verdict
from lamplighter.conversation.slots import Slot
from lamplighter.practice.model import Practice

OUTCOMES: Final[Mapping[CameTo, str]] = {
    "booked": "Booked",
    "rescheduled": "Moved",
    "cancelled": "Cancelled",
    "waitlisted": "On the wait list",
    "message_taken": "Message taken",
    "answered": "Answered",
    "handed_over": "Handed over",
    "abandoned": "Came to nothing",
}
UNDER_WAY: Final = "Still going on"
VERDICTS: Final[Mapping[Verdict, str]] = {
    "crisis": wording.ROUTES["crisis"],
    "clinical": wording.ROUTES["clinical"],
    "human": wording.ROUTES["human"],
    "clear": "The assistant",
}
"""Where it went, or should have gone: never what was heard."""

CLASSIFIER: Final = "classifier"
TOLD: Final = {
    "book": "Booked", "move": "Moved", "cancel": "Cancelled", "confirm_visit": "Confirmed",
    "take_message": "Message stored", "join_waitlist": "Put on the wait list", "see_by_video": "By video now",
    "page_for_visit": "Rung for", "correct": "Correction stored", "hold": "Held",
}  # fmt: skip
HOW: Final = {
    "number_on_file": "by the number on file",
    "code": "by a code",
    "link": "by a link of ours",
    "staff": "by somebody here",
    "thread": "by answering a message of ours",
}
WHY_LANGUAGE: Final = {
    "asked": "they asked for it",
    "heard": "it was heard",
    "record": "it is on file",
    "choice": "they chose it",
    "staff": "somebody here set it",
}
KEPT_TO_THEMSELVES: Final = (a.Aside.BACKGROUND, a.Aside.BEYOND)
"""Why somebody calls is no business of this page."""


def because(guarded: e.Guarded) -> str:
    """By what the guard went. Which pattern it was names what was feared, and is on no page."""
    classified = CLASSIFIER in guarded.because
    by = ["a pattern"] if len(guarded.because) > classified else []
    return " and ".join([*by, *(["the classifier"] if classified else [])])


def heard(body: e.Heard) -> Iterator[str]:
    """How surely the words were made out, where a recogniser made them out."""
    if body.confidence < 1.0:
        yield f"made out with {round(body.confidence * 100)}% confidence"
    if body.keys:
        yield "typed on the keypad"
    if body.card:
        yield "a card number was taken out"


def understood(body: e.Understood, practice: Practice) -> tuple[str, ...]:
    acts = tuple(filter(None, (act(each, practice) for each in body.acts)))
    return acts if body.readable else (*acts, "nothing could be made of it")


def act(done: a.Act, practice: Practice) -> str | None:
    told = wording.act(done, practice)
    match done:
        case a.Intend(sure=False):
            return f"{told} (a guess)"
        case a.Give(correction=True) if told:
            return f"{told} (a correction)"
        case a.Give(spelled=True) if told:
            return f"{told} (spelled)"
        case a.Give() if told is None:
            return wording.label(done.key)
        case a.Interject(aside) if aside in KEPT_TO_THEMSELVES:
            return "Something besides"
        case a.Interject(aside):
            return f"Aside: {aside.value.replace('_', ' ')}"
        case a.Unmatched():
            return "A choice that fits nothing offered"
    return told


def done(body: e.Body, practice: Practice) -> str | None:
    """What was looked up, stored, told or settled by this event; None for what shows elsewhere."""
    match body:
        case e.Did(answer=answer):
            return _looked_up(answer)
        case e.Pending(request=request):
            return f"Asked elsewhere, and waits: {request.kind.replace('_', ' ')}"
        case e.Stale():
            return "What was looked up no longer holds: looked up anew"
        case e.Offered(slots=slots, of=of):
            offered = "; ".join(slot(each, practice) for each in slots)
            return f"{'Offered' if of == 'times' else 'Their visits'}: {offered}" if slots else None
        case e.Committed(action=action, answer=answer):
            return _committed(action, answer, practice)
        case e.Identified(how=how, proxy=proxy):
            return f"Known {HOW[how]}{', as somebody who acts for them' if proxy else ''}"
        case e.LanguageSet(locale, why):
            return f"In {wording.language(locale)} from here on: {WHY_LANGUAGE[why]}"
        case e.LawApplies(state, how):
            whose, by = (
                state or "the practice's own state",
                "what they said" if how == "said" else "their number",
            )
            return f"The law of {whose} holds, by {by}"
        case e.OptedOut():
            return "Wants no more texts: stored"
        case e.OptedIn():
            return "Wants texts again: stored"
        case e.HandoffRung(name=name):
            return f"Rang {name or 'the next on the ladder'}"
        case e.WordsForgotten():
            return "The words until here were destroyed, as promised"
        case e.Silence(seconds):
            return f"Silence for {round(seconds)} seconds"
    return None


def _looked_up(answer: object) -> str | None:
    match answer:
        case Slots(slots):
            return f"Looked for free times: {len(slots)} found"
        case PersonFound():
            return "Looked whether they are on file"
        case Visits(visits):
            return f"Looked for their visits: {len(visits)} found"
        case Interpreted():
            return "Meaning asked of the optional large model"
        case Held():
            return "Time held"
    return f"Looked up: {getattr(answer, 'kind', 'something').replace('_', ' ')}"


def _committed(action: str, answer: object, practice: Practice) -> str:
    what = TOLD.get(action) or action.replace("_", " ").capitalize()
    match answer:
        case Done(visit=visit, pending_office=pending) if visit is not None:
            return f"{what}: {slot(visit.slot, practice)}{' (the office confirms)' if pending else ''}"
        case Done():
            return f"{what}: stored"
        case Taken():
            return f"{what}: not done, somebody else took the time"
        case Refused(why):
            return f"{what}: not done ({why.replace('_', ' ')})"
        case Unknown():
            return f"{what}: nobody can tell yet whether it was done"
    return what


def slot(found: Slot, practice: Practice) -> str:
    names = {each.id: each.spoken_name for each in practice.clinicians}
    who = names.get(found.clinician, found.clinician)
    return f"{wording.when(found.start, practice.timezone)} with {who}, {wording.MODALITIES[found.modality]}"


def clock(at: datetime, practice: Practice) -> str:
    """To the second: between two turns, that is what counts."""
    return at.astimezone(practice.timezone).strftime("%-I:%M:%S %p")
