"""What is done with an answer to a time that we had asked somebody about by text or email."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class TakeOpening:
    """The time that the wait list offered them by text; `offer` is its id."""

    offer: str
    kind: Literal["take_opening"] = "take_opening"


@dataclass(frozen=True, slots=True)
class LeaveOpening:
    """They do not want it, and stay on the list."""

    offer: str
    kind: Literal["leave_opening"] = "leave_opening"


@dataclass(frozen=True, slots=True)
class AnswerAsked:
    """Whether they keep the time of a visit that can't take place as it was, in the way that we asked about. `sits_in`:
    the state where they said they will be sitting."""

    ask: str
    yes: bool
    sits_in: str | None = None
    kind: Literal["answer_asked"] = "answer_asked"
