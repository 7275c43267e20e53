"""What the conversation asks of the outside, and what it gets back. Values only; the desk does them.

A request is keyed by its own value (`request_key`), never by when it was made, so that a re-run of a flow finds the
answer that the log already holds. Reads are `Ask...`/`Find...`; what changes the world is a `Commit` request, answered
by `Done | Taken | Standing | Refused | Unknown`, of which only `Done` is final.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from lamplighter.conversation.asked import AnswerAsked, LeaveOpening, TakeOpening
from lamplighter.conversation.bill_actions import BillWrite, FindBalance, Owing
from lamplighter.conversation.codes import CheckCode, CodeChecked, CodeSent, SendCode
from lamplighter.conversation.keeping import KeepWay, WayKept
from lamplighter.conversation.plan_actions import (
    Asking,
    AuthorizationTold,
    EapTold,
    FindAuthorization,
    FindEap,
    FindPlan,
    PlanTold,
    PlanWrite,
)
from lamplighter.conversation.slots import Slot, VisitView
from lamplighter.conversation.standing import FindClashes, FindStanding, Standing
from lamplighter.practice.model import ClinicianId, VisitKindId

# -- reads -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FindSlots:
    """Two or three times that suit, spread over the days asked for. `wish` is `Wish.dumps()`; `refused` are starts
    already turned down (ISO 8601), `page` counts how often "none of those" was said."""

    wish: str
    visit_kind: VisitKindId
    modality: str | None = None
    clinician: ClinicianId | None = None
    gender: str | None = None
    language: str | None = None
    born: date | None = None
    insurer: str | None = None
    new_patient: bool = True
    refused: tuple[str, ...] = ()
    page: int = 0
    moving: str | None = None  # the visit being moved doesn't stand in its own way
    same_time: bool = False  # it is moved to another clinician or way of meeting, not to another time
    apart: tuple[ClinicianId, ...] = ()  # who must not see them; the desk alone knows, and no log holds it
    kind: Literal["find_slots"] = "find_slots"


@dataclass(frozen=True, slots=True)
class FindPerson:
    """Full name and date of birth, as said in this contact. Nobody is told whether it was found."""

    first_name: str
    last_name: str
    born: date
    kind: Literal["find_person"] = "find_person"


@dataclass(frozen=True, slots=True)
class FindMade:
    """The person for whom this contact booked a moment ago; nobody else is found by it."""

    person: str
    kind: Literal["find_made"] = "find_made"


@dataclass(frozen=True, slots=True)
class FindVisits:
    """Upcoming visits of an identified person."""

    person: str
    kind: Literal["find_visits"] = "find_visits"


@dataclass(frozen=True, slots=True)
class FindReminded:
    """The visit that the last text of ours to this number was about, and whose it is."""

    kind: Literal["find_reminded"] = "find_reminded"


@dataclass(frozen=True, slots=True)
class FindToday:
    """Somebody whose visit may be about to begin, lightly identified: a name from the number on file, a name and a date
    of birth, or whoever has been identified in this contact. `visit`: which of several they mean."""

    first_name: str = ""
    last_name: str = ""
    born: date | None = None
    person: str | None = None
    visit: str | None = None
    kind: Literal["find_today"] = "find_today"


@dataclass(frozen=True, slots=True)
class Interpret:
    """An utterance for the optional large model, by the seq of its `Heard`."""

    heard: int
    kind: Literal["interpret"] = "interpret"


# -- writes ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hold:
    """Keep a slot for this contact. `who`: first and last name and birth date (ISO 8601) of whom it is for, as soon as
    they are known: it may be that this clinician can't see them."""

    slot: Slot
    moving: str | None = None
    who: tuple[str, str, str] | None = None
    kind: Literal["hold"] = "hold"


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody a visit is for. `details` are canonical values by detail name."""

    details: tuple[tuple[str, str], ...]
    person: str | None = None  # id, where already on file


@dataclass(frozen=True, slots=True)
class Book:
    slot: Slot
    participants: tuple[Participant, ...]
    caller: tuple[tuple[str, str], ...] = ()  # caller_name, relationship where somebody books for another
    held: bool = False  # until a person confirms who consents to a minor's care
    often: str = ""  # how often they want to come: "weekly", "biweekly", "monthly"
    every_weeks: int = 0  # it is booked as standing; else what is wished in `often` is a task for the office
    kind: Literal["book"] = "book"


@dataclass(frozen=True, slots=True)
class Move:
    visit: str
    slot: Slot
    whole_series: bool = False
    kind: Literal["move"] = "move"


@dataclass(frozen=True, slots=True)
class Cancel:
    visit: str
    whole_series: bool = False
    late: bool = False
    kind: Literal["cancel"] = "cancel"


@dataclass(frozen=True, slots=True)
class ConfirmVisit:
    visit: str
    kind: Literal["confirm_visit"] = "confirm_visit"


@dataclass(frozen=True, slots=True)
class TakeMessage:
    """Word left for a person. `details`: first_name, last_name, phone, callback_time, message, organisation..."""

    about: Literal["callback", "running_late", "work", "general", "email"]
    details: tuple[tuple[str, str], ...]
    kind: Literal["take_message"] = "take_message"


@dataclass(frozen=True, slots=True)
class JoinWaitlist:
    wish: str
    visit_kind: VisitKindId
    participant: Participant
    clinician: ClinicianId | None = None
    modality: str | None = None
    kind: Literal["join_waitlist"] = "join_waitlist"


Trouble = Literal["link", "door", "alone", "late", "by_video"]


@dataclass(frozen=True, slots=True)
class PageForVisit:
    """Ring the people here: somebody can't get to a visit of theirs, which may be unknown to us, as may they. `texts`:
    whether any can be sent."""

    trouble: Trouble
    details: tuple[tuple[str, str], ...]
    person: str | None = None
    visit: str | None = None
    texts: bool = True
    kind: Literal["page_for_visit"] = "page_for_visit"


@dataclass(frozen=True, slots=True)
class SeeByVideo:
    """This visit is held by video after all, at its time. `sits_in`: the state where they said they will be sitting."""

    visit: str
    sits_in: str | None = None
    texts: bool = True
    kind: Literal["see_by_video"] = "see_by_video"


@dataclass(frozen=True, slots=True)
class Correct:
    """Details that are otherwise than they were when the errand was done; `person` is whom this contact made."""

    person: str | None
    details: tuple[tuple[str, str], ...]
    kind: Literal["correct"] = "correct"


Read = (
    FindSlots
    | FindClashes
    | FindPerson
    | FindMade
    | FindVisits
    | FindStanding
    | FindReminded
    | FindToday
    | FindBalance
    | FindPlan
    | FindAuthorization
    | FindEap
    | Interpret
)
Write = (
    Hold
    | SendCode
    | CheckCode
    | Book
    | Move
    | Cancel
    | ConfirmVisit
    | TakeMessage
    | JoinWaitlist
    | TakeOpening
    | LeaveOpening
    | AnswerAsked
    | PageForVisit
    | SeeByVideo
    | BillWrite
    | PlanWrite
    | Correct
    | KeepWay
)
Request = Read | Write

# -- answers ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Slots:
    """`why_none`: "none_fit", "clinician_not_taking", "too_young", "out_of_state"... a reason that may be said.
    `plan_from`: the day to come from which the clinician who was asked for takes `plan`, an insurer's name."""

    slots: tuple[Slot, ...]
    why_none: str | None = None
    plan: str | None = None
    plan_from: date | None = None
    kind: Literal["slots"] = "slots"


@dataclass(frozen=True, slots=True)
class PersonFound:
    """What the conversation may know of a match. `owns_address`: this contact comes from the number on file."""

    person: str | None
    owns_address: bool = False
    clinician: ClinicianId | None = None
    visit_kind: VisitKindId | None = None  # the follow-up kind with that clinician
    proxies: tuple[tuple[str, str], ...] = ()  # (full name, phone)
    by_person_only: bool = False
    payer_class: str | None = None
    phone: str | None = None
    kind: Literal["person_found"] = "person_found"


@dataclass(frozen=True, slots=True)
class Visits:
    visits: tuple[VisitView, ...]
    kind: Literal["visits"] = "visits"


@dataclass(frozen=True, slots=True)
class Reminded:
    """`visit` None: there is none, or it is for a person to change. `person` is then unknown as well."""

    person: PersonFound
    visit: VisitView | None = None
    kind: Literal["reminded"] = "reminded"


@dataclass(frozen=True, slots=True)
class Today:
    """`near`: the visit begins or began within half an hour; else it is one by video soon. `proven`: they write or call
    from the number on file, so that they may hear of it. `visits`: all that are near, where they may. `by_person`: the
    clinician of one of them works here no longer, and a person speaks to them first."""

    person: str | None = None
    visit: str | None = None
    near: bool = False
    proven: bool = False
    may_be_by_video: bool = False
    visits: tuple[VisitView, ...] = ()
    by_person: bool = False
    kind: Literal["today"] = "today"


@dataclass(frozen=True, slots=True)
class Interpreted:
    """Acts validated against the schema and the words, as JSON of `conversation.acts`; empty when it was silent."""

    acts: str
    kind: Literal["interpreted"] = "interpreted"


@dataclass(frozen=True, slots=True)
class Held:
    until: datetime
    kind: Literal["held"] = "held"


Rung = Literal["both", "clinician", "desk", "nobody"]


@dataclass(frozen=True, slots=True)
class Done:
    """`visit` after book/move/cancel/confirm; `ref` a task, message or wait-list id; `promised` when a person calls.

    `pending_office`: held here until the office confirms: nobody is told "booked". `texted`: a text about it goes out.
    `person`: whom it is for; `new_person`: they were put on file with it. `rung`: who is rung now."""

    visit: VisitView | None = None
    ref: str | None = None
    promised: datetime | None = None
    pending_office: bool = False
    texted: bool = False
    person: str | None = None
    new_person: bool = False
    rung: Rung = "nobody"
    kind: Literal["done"] = "done"


@dataclass(frozen=True, slots=True)
class Taken:
    others: tuple[Slot, ...] = ()
    kind: Literal["taken"] = "taken"


@dataclass(frozen=True, slots=True)
class Refused:
    why: str
    kind: Literal["refused"] = "refused"


@dataclass(frozen=True, slots=True)
class Unknown:
    """The other system did not say; it is being asked."""

    kind: Literal["unknown"] = "unknown"


Answer = (
    Slots
    | PersonFound
    | Visits
    | Standing
    | Reminded
    | Today
    | Owing
    | PlanTold
    | AuthorizationTold
    | EapTold
    | Asking
    | Interpreted
    | Held
    | CodeSent
    | CodeChecked
    | WayKept
    | Done
    | Taken
    | Refused
    | Unknown
)


@dataclass(frozen=True, slots=True)
class WakeAt:
    """A wish for time: a `Woke(name)` event at `at`. A later one of the same name replaces it; None drops it."""

    name: str
    at: datetime | None
    kind: Literal["wake_at"] = "wake_at"


@dataclass(frozen=True, slots=True)
class Perform:
    """A request for the desk, answered by a `Did` or `Committed` event."""

    request: Request
    key: str
    kind: Literal["perform"] = "perform"


@dataclass(frozen=True, slots=True)
class RaiseHandoff:
    """Ring the practice's ladder for this contact; already stored as `HandoffAsked` in the same transaction.

    `queue`: the words wait in the clinical queue instead. `sooner`: it is rung already, and goes on at once."""

    route: Literal["crisis", "clinical", "human"]
    queue: bool = False
    sooner: bool = False
    kind: Literal["raise_handoff"] = "raise_handoff"


Action = WakeAt | Perform | RaiseHandoff
