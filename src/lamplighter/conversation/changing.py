"""A change of mind after an errand is done: the words that change what came of it begin the errand that does so.

Pure: the acts of one utterance and the state before it in, the acts with the errand that they begin out. What was
agreed is never changed in silence, and what was said is never dropped in silence either.
"""

from lamplighter.conversation import acts as a
from lamplighter.conversation.details import Detail, Errand, Key, key
from lamplighter.conversation.model import State
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
_TELL = (a.Give, a.Wrong, a.Decline)
_GUESSED = (Errand.MOVE, Errand.FIRST_APPOINTMENT, Errand.FOLLOW_UP)
_ASKED_AS_WISHES = (a.Topic.TELEHEALTH, a.Topic.CLINICIANS)  # "can it be by video?"
_TIMES = (Detail.AVAILABILITY, Detail.CHOICE, Detail.MODALITY, Detail.CLINICIAN)


def with_errand(acts: tuple[a.Act, ...], state: State, practice: Practice) -> tuple[a.Act, ...]:
    """The acts as they are, or, where they change what was done a moment ago, with the errand that changes it."""
    if state.frozen is None or any(_leads_elsewhere(act, state) for act in acts):
        return acts
    acts = tuple(_meant(act) for act in acts)
    errand = _begun(acts, state, practice)
    if errand is None:
        return acts
    return (a.Intend(errand, last=errand is Errand.MOVE), *(act for act in acts if isinstance(act, _TELL)))


def _leads_elsewhere(act: a.Act, state: State) -> bool:
    """Something else was asked or named, or the person parts."""
    match act:
        case a.Intend(errand, sure):
            return sure or errand not in (state.errand, *_GUESSED)
        case a.AskAbout(topic):
            return topic not in _ASKED_AS_WISHES
        case a.Interject(aside):
            return aside in (a.Aside.GOODBYE, a.Aside.THANKS)
    return isinstance(act, a.SpeakIn)


def _meant(act: a.Act) -> a.Act:
    """ "The number is wrong", said after we took one down, is about that one."""
    return a.Wrong(Detail.PHONE) if act == a.Interject(a.Aside.WRONG_NUMBER) else act


def _begun(acts: tuple[a.Act, ...], state: State, practice: Practice) -> Errand | None:
    standing = state.visit is not None and state.visit.status != "cancelled"
    if standing and any(_changes_visit(act, state, practice) for act in acts):
        return Errand.MOVE
    if any(_changes_record(act, state) for act in acts):
        return Errand.CORRECT
    return None


def _changes_visit(act: a.Act, state: State, practice: Practice) -> bool:
    assert state.visit is not None
    slot = state.visit.slot
    match act:
        case a.Intend(errand):
            return errand is Errand.MOVE
        case a.Give(Detail.AVAILABILITY):
            return True
        case a.Give(Detail.MODALITY, value):
            return value != slot.modality.value
        case a.Give(Detail.CLINICIAN, value):
            seen = practice.clinician(slot.clinician)
            return any(value in (each.name, each.id) for each in practice.clinicians if each is not seen)
        case a.Wrong(detail):
            return detail in _TIMES
    return False


def _changes_record(act: a.Act, state: State) -> bool:
    if not isinstance(act, a.Give | a.Wrong) or act.detail not in CORRECTABLE:
        return False
    known = (state.frozen or {}).get(Key(act.subject, act.detail))
    if act.subject is not key(act.detail).subject:
        return False
    return known is not None if isinstance(act, a.Wrong) else known is None or known.value != act.value
