"""When asking leads nowhere, so that a person helps."""

from typing import Final

from lamplighter.conversation.details import Detail
from lamplighter.conversation.state import State

SAME_ASKED: Final = 7
"""Times running the same question, digressions included."""

ASKED_IN_ALL: Final = 8
"""Times a question is asked in a contact, whatever came between."""

_OPEN: Final = {Detail.ERRAND.value, Detail.ANYTHING_ELSE.value}


def in_circles(state: State) -> bool:
    """Whether the same is asked again and again, at once or with other questions between."""
    if state.same_asked > SAME_ASKED:
        return True
    asked = (said.phrase for said in state.last_words if said.asks and not _OPEN & set(said.asks))
    return any(state.phrases_said.get(phrase, 0) >= ASKED_IN_ALL for phrase in asked)
