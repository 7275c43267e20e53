"""What the law asks of this contact: where the person is beside the practice's own state, and what follows from it."""

from lamplighter.conversation import events as e
from lamplighter.conversation.details import Detail
from lamplighter.conversation.view import View
from lamplighter.law.area_codes import state_of
from lamplighter.law.profile import Duty

OF_AGE = 18
_BACKGROUND = "aside.background"


def applies(view: View) -> e.LawApplies | None:
    """What is to be noted of the person's state, if that has changed. What they said of it is not guessed over."""
    known = view.state.law
    said = view.value(Detail.STATE)
    if said is None and known is not None and known.how == "said":
        return None
    where = said or state_of(view.state.address)
    if where not in view.law_data.facts or where == view.practice.state:
        where = None
    if where == (known.state if known else None):
        return None
    return e.LawApplies(where, "said" if said else "number", view.law_with(where).name)


def owes_last_word(view: View) -> bool:
    """Whether whoever parts is told again that this was no person: where clinical matters were touched, and where a
    state asks for it also where somebody only told why they came."""
    if view.state.verdict in ("clinical", "crisis"):
        return True
    told = any(phrase.startswith(_BACKGROUND) for phrase in view.state.phrases_said)
    return told and Duty.SAY_AUTOMATED_AT_END in view.law.duties


def consent_awaits(view: View) -> bool:
    """Whether a first visit of a minor, for whom a parent asks, is held until a person confirms who consents: as the
    practice signed for its own state, and for another one unless a parent's word is surely enough there."""
    age = view.age_on(view.now.date())
    if age is None or age >= OF_AGE:
        return False
    where = view.state.law.state if view.state.law else None
    elsewhere = where is not None and not view.law.minor_rule(where).parent_can_consent
    return view.practice.minors_first_visit == "hold" or elsewhere
