"""Events of what staff do in a contact, or to the assistant in all of a line: `events.py` has the others."""

from dataclasses import dataclass
from typing import Literal

from lamplighter.conversation.details import Errand


@dataclass(frozen=True, slots=True)
class FloorTaken:
    by: str
    kind: Literal["floor_taken"] = "floor_taken"


@dataclass(frozen=True, slots=True)
class FloorGiven:
    """`errand`: what the assistant is to go on with, as if the person had asked for it."""

    by: str
    errand: Errand | None = None
    kind: Literal["floor_given"] = "floor_given"


@dataclass(frozen=True, slots=True)
class ErrandGiven:
    """The assistant takes up the errand with which somebody gave the floor back."""

    by: str
    errand: Errand
    kind: Literal["errand_given"] = "errand_given"


@dataclass(frozen=True, slots=True)
class FloorLapsed:
    why: str
    kind: Literal["floor_lapsed"] = "floor_lapsed"


@dataclass(frozen=True, slots=True)
class AssistantPaused:
    """Staff have paused the assistant for this contact's line, or for everything: `by` has, as this contact learns."""

    by: str
    kind: Literal["assistant_paused"] = "assistant_paused"


@dataclass(frozen=True, slots=True)
class AssistantBack:
    """The pause is over for this contact's line."""

    kind: Literal["assistant_back"] = "assistant_back"


@dataclass(frozen=True, slots=True)
class StaffSaid:
    by: str
    text: str
    kind: Literal["staff_said"] = "staff_said"
