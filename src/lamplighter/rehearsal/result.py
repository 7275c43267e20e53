"""What came of a rehearsal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a transcript. `who` is "caller", "agent" or "staff"; `turn` counts the caller's utterances."""

    who: str
    said: str
    turn: int


@dataclass(frozen=True, slots=True)
class Appointment:
    """As the calendar holds it at the end. `start` is practice-local, with its offset."""

    id: str
    start: datetime
    minutes: int
    clinician: str
    modality: str
    visit_kind: str
    status: str


@dataclass(frozen=True, slots=True)
class Result:
    """`turns` is the number that `by_turn` is compared with; each failure is one sentence."""

    id: str
    failures: tuple[str, ...]
    outcome: str
    handoff: str
    turns: int
    details: Mapping[str, str]
    appointment: Appointment | None
    transcript: tuple[Line, ...]
    file: str = ""
    line: int = 0

    @property
    def passed(self) -> bool:
        return not self.failures
