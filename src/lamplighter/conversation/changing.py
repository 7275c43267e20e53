"""A change of mind after an errand is done: the words that change what came of it begin the errand that does so.

Pure: the acts of one utterance, its words and the state before it in, the acts with the errand that they begin out.
What was agreed is never changed in silence, and what is said of somebody else is never taken for the patient's.
"""

import re
from collections.abc import Mapping
from functools import cache

from lamplighter.conversation import acts as a
from lamplighter.conversation.cues import Cues, cues
from lamplighter.conversation.details import Detail, Errand, Key, key
from lamplighter.conversation.model import Known, State
from lamplighter.conversation.understanding.lexicon import anywhere
from lamplighter.conversation.understanding.when import find_wish
from lamplighter.conversation.wish import Wish
from lamplighter.practice.model import Practice

CORRECTABLE = (
    Detail.FIRST_NAME,
    Detail.LAST_NAME,
    Detail.PREFERRED_NAME,
    Detail.DATE_OF_BIRTH,
    Detail.PHONE,
    Detail.EMAIL,
    Detail.STATE,
    Detail.INSURANCE,
    Detail.MEMBER_ID,
    Detail.CONTACT_CHANNEL,
)
_NEWS = (Detail.PREFERRED_NAME, Detail.INSURANCE, Detail.MEMBER_ID, Detail.CONTACT_CHANNEL)  # told by itself
_TELL = (a.Give, a.Wrong, a.Decline)
_GUESSED = (Errand.MOVE, Errand.FIRST_APPOINTMENT, Errand.FOLLOW_UP)
_BOOKINGS = (Errand.FIRST_APPOINTMENT, Errand.FOLLOW_UP, Errand.WAITLIST)
_ASKED_AS_WISHES = (a.Topic.TELEHEALTH, a.Topic.CLINICIANS)  # "can it be by video?"
_TIMES = (Detail.AVAILABILITY, Detail.CHOICE, Detail.MODALITY, Detail.CLINICIAN)
_ABOUT_LAST = (Errand.MOVE, Errand.MY_VISIT)
_NAMED_BY = (Detail.FIRST_NAME, Detail.LAST_NAME, Detail.DATE_OF_BIRTH)
_WHO = (*CORRECTABLE, Detail.RELATIONSHIP)


@cache
def _until() -> re.Pattern[str]:
    """ "Until Friday" is on Friday to who parts."""
    return re.compile(rf"\b{anywhere('until')}\b", re.IGNORECASE)


def with_errand(acts: tuple[a.Act, ...], state: State, practice: Practice, text: str) -> tuple[a.Act, ...]:
    """The acts as they are, or, where they change what was done a moment ago, with the errand that changes it."""
    said = cues(text, state.locale)
    if _agreed(state) is None:
        known = state.errand_done and state.value(Detail.LAST_NAME) is not None
        return _for_whom(acts, state, said) if known and said.they_want else acts
    if _parts_by_mistake(acts, state, practice, text, said):
        return (a.Intend(Errand.MY_VISIT, last=True), *(act for act in acts if isinstance(act, a.AskAbout)))
    acts = tuple(act for act in acts if act != a.Intend(Errand.CONFIRM_VISIT, sure=False))  # only just agreed
    if _asks_for_what_is_booked(acts, state, said):
        return (a.Intend(Errand.MY_VISIT, last=True),)
    acts = tuple(_meant(act, state, said) for act in acts)
    acts = _with_time(acts, state, practice, text, said)
    if _says_again(acts, state, practice, said):
        acts = tuple(act for act in acts if not _of_the_time(act))
    if any(isinstance(act, a.Intend) and _leads_elsewhere(act, state, said) for act in acts):
        return _for_whom(acts, state, said)
    errand = None
    if not any(_leads_elsewhere(act, state, said) for act in acts):
        errand = _begun(acts, state, practice, said)
    if errand is None:
        return tuple(act for act in acts if not (isinstance(act, a.Give) and act.detail in _WHO))
    told = () if errand is Errand.MY_VISIT else tuple(act for act in acts if isinstance(act, _TELL))
    begun: a.Act = a.Intend(errand, last=errand in _ABOUT_LAST)
    return _for_whom((begun, *told), state, said)


def _agreed(state: State) -> Mapping[Key, Known] | None:
    """What was known when the errand was done; a correction that was not wanted after all, and hearing which time was
    agreed, leave that as it was."""
    if state.errand in (Errand.CORRECT, Errand.MY_VISIT) and key(Detail.ANYTHING_ELSE) in state.asked:
        return state.frozen or state.recorded
    return state.frozen


def _leads_elsewhere(act: a.Act, state: State, said: Cues) -> bool:
    """Something else was asked or named, or the person parts."""
    match act:
        case a.Intend(Errand.CORRECT):
            return False
        case a.Intend(errand, sure):
            return sure or errand not in (state.errand, *_GUESSED)
        case a.AskAbout(topic):
            return topic not in _ASKED_AS_WISHES
        case a.Interject(aside):
            return aside in (a.Aside.GOODBYE, a.Aside.THANKS) and not (
                said.puts_right or said.another_time or said.refuses
            )
    return isinstance(act, a.SpeakIn)


def _meant(act: a.Act, state: State, said: Cues) -> a.Act:
    """ "The number is wrong", said after we took one down, is about that one; "make it Wednesday" confirms nothing."""
    if act == a.Intend(Errand.CONFIRM_VISIT) and said.another_time and _standing(state):
        return a.Intend(Errand.MOVE, last=True)
    return a.Wrong(Detail.PHONE) if act == a.Interject(a.Aside.WRONG_NUMBER) else act


def _begun(acts: tuple[a.Act, ...], state: State, practice: Practice, said: Cues) -> Errand | None:
    if _of_somebody_else(acts, state, said):
        related = any(isinstance(act, a.Give) and act.detail is Detail.RELATIONSHIP for act in acts)
        return Errand.FIRST_APPOINTMENT if said.they_want or (related and said.wants_one_too) else None
    if _standing(state):
        changed = {_changes_visit(act, state, practice, said) for act in acts}
        found = next((errand for errand in _ABOUT_LAST if errand in changed), None)
        if found is not None:
            return found
    told = said.puts_right or any(isinstance(act, a.Wrong) or act == a.Intend(Errand.CORRECT) for act in acts)
    return Errand.CORRECT if any(_changes_record(act, state, told) for act in acts) else None


# -- for whom ----------------------------------------------------------------------------------------------------------


def _of_somebody_else(acts: tuple[a.Act, ...], state: State, said: Cues) -> bool:
    """Named is another than the patient of the errand that is done."""
    known = (_agreed(state) or {}).get(key(Detail.RELATIONSHIP))
    patient = known.value if known else "self"
    named = [act.value for act in acts if isinstance(act, a.Give) and act.detail is Detail.RELATIONSHIP]
    if any(value not in (patient, "self") for value in named):
        return True
    return said.somebody_else if patient == "self" else said.wants_one_too


def _for_whom(acts: tuple[a.Act, ...], state: State, said: Cues) -> tuple[a.Act, ...]:
    """The next errand with the name of somebody else, or for somebody else who wants a visit too, is theirs, also where
    nobody said how they are related."""
    named = {act.detail for act in acts if isinstance(act, a.Give)}
    theirs = bool(named.intersection(_NAMED_BY)) or (said.they_want and _booking(acts))
    if Detail.RELATIONSHIP in named or not theirs or not _of_somebody_else(acts, state, said):
        return acts
    return (*acts, a.Give(Detail.RELATIONSHIP, "other"))


def _booking(acts: tuple[a.Act, ...]) -> bool:
    return any(isinstance(act, a.Intend) and act.errand in _BOOKINGS for act in acts)


# -- the visit ---------------------------------------------------------------------------------------------------------


def _changes_visit(act: a.Act, state: State, practice: Practice, said: Cues) -> Errand | None:
    """MOVE where the visit is to be otherwise, MY_VISIT where another time is taken for the agreed one."""
    assert state.visit is not None
    slot = state.visit.slot
    changes = False
    match act:
        case a.Intend(errand):
            changes = errand is Errand.MOVE
        case a.Give(Detail.AVAILABILITY):
            return _meant_by_time(said)
        case a.Give(Detail.MODALITY, value):
            changes = value != slot.modality.value
        case a.Give(Detail.CLINICIAN, value):
            seen = practice.clinician(slot.clinician)
            changes = any(value in (each.name, each.id) for each in practice.clinicians if each is not seen)
        case a.Wrong(detail):
            changes = detail in _TIMES
    return Errand.MOVE if changes else None


def _parts_by_mistake(
    acts: tuple[a.Act, ...], state: State, practice: Practice, text: str, said: Cues
) -> bool:
    """They part, or say yes, with another time than the agreed one: "great, see you Monday", said of a Tuesday."""
    named = (act for act in acts if isinstance(act, a.Intend))
    intended = {act.errand for act in named if act.sure or act.errand is Errand.CONFIRM_VISIT}
    parts = said.parts_until or Errand.CONFIRM_VISIT in intended
    wants_other = said.another_time or said.refuses or said.suits_better
    if not parts or wants_other or intended - {Errand.CONFIRM_VISIT, *_ABOUT_LAST}:
        return False
    return _other_time(_until().sub(" ", text), state, practice) is not None


def _with_time(
    acts: tuple[a.Act, ...], state: State, practice: Practice, text: str, said: Cues
) -> tuple[a.Act, ...]:
    """A move with the time that would be better, where that was said and not heard: "Thursday would be better"."""
    moves = any(isinstance(act, a.Intend) and act.errand is Errand.MOVE for act in acts)
    timed = any(isinstance(act, a.Give) and act.detail is Detail.AVAILABILITY for act in acts)
    wish = _other_time(text, state, practice) if moves and said.suits_better and not timed else None
    if wish is None:
        return acts
    kept = (act for act in acts if not (isinstance(act, a.Intend) and act.errand is Errand.MOVE))
    return (a.Intend(Errand.MOVE, last=True), *kept, a.Give(Detail.AVAILABILITY, wish.dumps()))


def _other_time(text: str, state: State, practice: Practice) -> Wish | None:
    """The time in the words, where it is another than the agreed one."""
    if state.visit is None or not _standing(state) or state.at is None:
        return None
    agreed = state.visit.slot.start.astimezone(practice.timezone)
    found = find_wish(text, state.locale, state.at.astimezone(practice.timezone), practice, agreed)
    return found.value if found and not found.value.allows(agreed) else None


def _asks_for_what_is_booked(acts: tuple[a.Act, ...], state: State, said: Cues) -> bool:
    """ "Yes, please book us a first session", said to "anything else?" when it is booked: no second one."""
    asks = any(
        isinstance(act, a.Intend) and act.errand is Errand.FIRST_APPOINTMENT and act.sure for act in acts
    )
    booked = state.errand is Errand.FIRST_APPOINTMENT and _standing(state)
    whose = any(isinstance(act, a.Give) and act.detail in _WHO for act in acts)
    return asks and booked and not (whose or said.another_visit or said.another_time)


def _standing(state: State) -> bool:
    return state.visit is not None and state.visit.status != "cancelled"


def _meant_by_time(said: Cues) -> Errand:
    """Another time than the agreed one, said in content, hears which was agreed."""
    content = said.content and not (said.another_time or said.refuses or said.asks_for_it)
    return Errand.MY_VISIT if content else Errand.MOVE


def _says_again(acts: tuple[a.Act, ...], state: State, practice: Practice, said: Cues) -> bool:
    """The agreed time said once more ("great, see you on Tuesday") changes nothing."""
    if state.visit is None or not _standing(state) or said.another_time or said.refuses:
        return False
    wishes = [
        Wish.loads(act.value) for act in acts if isinstance(act, a.Give) and act.detail is Detail.AVAILABILITY
    ]
    if wishes:
        agreed = state.visit.slot.start.astimezone(practice.timezone)
        return (said.content or not said.asks_for_it) and all(wish.allows(agreed) for wish in wishes)
    return said.content and not said.asks_for_it


def _of_the_time(act: a.Act) -> bool:
    if isinstance(act, a.Intend):
        return act.errand is Errand.MOVE or (not act.sure and act.errand in _GUESSED)
    return isinstance(act, a.Give) and act.detail is Detail.AVAILABILITY


# -- the record --------------------------------------------------------------------------------------------------------


def _changes_record(act: a.Act, state: State, told: bool) -> bool:
    """It was `told` as a correction, or is news that nobody gives of somebody else by chance."""
    if isinstance(act, a.Give) and not (told or act.correction or act.spelled or act.detail in _NEWS):
        return False
    return _is_of_record(act, state)


def _is_of_record(act: a.Act, state: State) -> bool:
    if not isinstance(act, a.Give | a.Wrong) or act.detail not in CORRECTABLE:
        return False
    known = (_agreed(state) or {}).get(Key(act.subject, act.detail))
    if act.subject is not key(act.detail).subject:
        return False
    return known is not None if isinstance(act, a.Wrong) else known is None or known.value != act.value
