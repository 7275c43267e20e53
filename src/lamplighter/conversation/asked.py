"""What is done with an answer to whether somebody keeps the time of a visit that can't take place as it was."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class AnswerAsked:
    """Whether they keep the time of a visit that can't take place as it was, in the way that we asked about. `sits_in`:
    the state where they said they will be sitting."""

    ask: str
    yes: bool
    sits_in: str | None = None
    kind: Literal["answer_asked"] = "answer_asked"
