"""What somebody came for that no script may do, whoever they are: it goes to a person (rule 18)."""

from lamplighter.conversation.acts import Act, Give, Intend
from lamplighter.conversation.details import Detail, Errand
from lamplighter.conversation.understanding.reading import Listening
from lamplighter.conversation.understanding.text import Said

_COME_FOR = frozenset({Detail.ERRAND, Detail.ANYTHING_ELSE, Detail.IDENTITY_CODE})


def with_a_person(acts: tuple[Act, ...], said: Said, listening: Listening) -> tuple[Act, ...]:
    """A person in place of what else was heard, where the number on file is to be another one. Whoever makes a first
    visit, or has just made one, tells us their number and changes none; whoever calls for work tells of theirs."""
    context = listening.context
    asked = {key.detail for key in context.asked}
    if asked and not asked & _COME_FOR:
        return acts
    new = Intend(Errand.FIRST_APPOINTMENT) in acts or Give(Detail.NEW_PATIENT, "true") in acts
    made = Detail.ANYTHING_ELSE in asked and context.last_errand is Errand.FIRST_APPOINTMENT
    for_work = any(isinstance(act, Give) and act.detail is Detail.ORGANISATION for act in acts)
    if new or made or for_work or not listening.lex.pattern("new_number").search(said.low):
        return acts
    return (Intend(Errand.PERSON),)
