"""What people of the practice said of a contact afterwards. Nothing that a conversation does follows from these."""

from dataclasses import dataclass
from typing import Literal, get_args

CameTo = Literal[
    "booked",
    "rescheduled",
    "cancelled",
    "waitlisted",
    "message_taken",
    "answered",
    "handed_over",
    "abandoned",
]
CallCameTo = Literal["reached", "no_answer", "busy", "wrong_number", "no_message"]
Verdict = Literal["crisis", "clinical", "human", "clear"]
OUTCOMES: tuple[CameTo, ...] = get_args(CameTo)
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


@dataclass(frozen=True, slots=True)
class Overridden:
    by: str
    what: str
    reason: str
    kind: Literal["overridden"] = "overridden"


@dataclass(frozen=True, slots=True)
class CalledBack:
    """Somebody of the practice tried to reach them by telephone. `no_message`: a voicemail answered, and none was left
    on it since nothing on file allows one."""

    by: str
    came_to: CallCameTo
    kind: Literal["called_back"] = "called_back"


@dataclass(frozen=True, slots=True)
class Marked:
    """Somebody looked it over. `of` is the seq of the utterance that is meant, 0 the contact as a whole. Where it was
    not `right`: what it should have come to and what should have been heard in it, where that was wrong, and how it
    should have gone, in free words (`note`)."""

    by: str
    of: int
    right: bool
    outcome: CameTo | None = None
    verdict: Verdict | None = None
    note: str = ""
    kind: Literal["marked"] = "marked"


@dataclass(frozen=True, slots=True)
class MarkTakenBack:
    """The mark of this seq counts no more."""

    by: str
    mark: int
    kind: Literal["mark_taken_back"] = "mark_taken_back"


@dataclass(frozen=True, slots=True)
class RehearsalDrafted:
    """Somebody made a rehearsal of this contact, with invented details, and asks for another's approval. `scenario` is
    YAML as rehearsals are written in."""

    by: str
    name: str
    scenario: str
    kind: Literal["rehearsal_drafted"] = "rehearsal_drafted"


@dataclass(frozen=True, slots=True)
class RehearsalApproved:
    """A second person read it; from now on it is played."""

    by: str
    name: str
    kind: Literal["rehearsal_approved"] = "rehearsal_approved"


@dataclass(frozen=True, slots=True)
class RehearsalDropped:
    """It is neither asked for nor played any more."""

    by: str
    name: str
    kind: Literal["rehearsal_dropped"] = "rehearsal_dropped"
