"""What happened in a contact. Events are the state: everything else is folded from them.

Every event is stored in an `Event` envelope: `seq` counts from 1 within the contact. Kinds are frozen and versioned:
a field is only ever added, with a default. `Heard.text` is sealed apart with a lifetime of its own; folding never needs
it after `Understood`.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from lamplighter.conversation.actions import Answer, Request
from lamplighter.conversation.acts import Act
from lamplighter.conversation.events_of_review import CallCameTo as CallCameTo
from lamplighter.conversation.events_of_review import CalledBack as CalledBack
from lamplighter.conversation.events_of_review import Marked as Marked
from lamplighter.conversation.events_of_review import MarkTakenBack as MarkTakenBack
from lamplighter.conversation.events_of_review import Overridden as Overridden
from lamplighter.conversation.events_of_review import RehearsalApproved as RehearsalApproved
from lamplighter.conversation.events_of_review import RehearsalDrafted as RehearsalDrafted
from lamplighter.conversation.events_of_review import RehearsalDropped as RehearsalDropped
from lamplighter.conversation.events_of_staff import AssistantBack as AssistantBack
from lamplighter.conversation.events_of_staff import AssistantPaused as AssistantPaused
from lamplighter.conversation.events_of_staff import ErrandGiven as ErrandGiven
from lamplighter.conversation.events_of_staff import FloorGiven as FloorGiven
from lamplighter.conversation.events_of_staff import FloorLapsed as FloorLapsed
from lamplighter.conversation.events_of_staff import FloorTaken as FloorTaken
from lamplighter.conversation.events_of_staff import StaffSaid as StaffSaid
from lamplighter.conversation.events_of_texts import AskedAfter as AskedAfter
from lamplighter.conversation.events_of_texts import AskedNumber as AskedNumber
from lamplighter.conversation.events_of_texts import AskedOfBill as AskedOfBill
from lamplighter.conversation.events_of_texts import Invited as Invited
from lamplighter.conversation.events_of_texts import InvitedNoMore as InvitedNoMore
from lamplighter.conversation.events_of_texts import NoMoney as NoMoney
from lamplighter.conversation.events_of_texts import NotNow as NotNow
from lamplighter.conversation.events_of_texts import NumberGiven as NumberGiven
from lamplighter.conversation.slots import Slot

Route = Literal["crisis", "clinical", "human"]


@dataclass(frozen=True, slots=True)
class Opened:
    """`address` is the number or address the person reaches us from, E.164; None when withheld or a web visitor.

    `again`: a crisis of this number, less than two hours old, still waits for a person. `stopped`: this number gets no
    more texts of ours of itself. `paused`: staff have paused the assistant for this line."""

    channel: Literal["voice", "sms", "chat", "email"]
    dialled: str
    locale: str
    address: str | None = None
    again: bool = False
    stopped: bool = False
    paused: bool = False
    kind: Literal["opened"] = "opened"


@dataclass(frozen=True, slots=True)
class Alternative:
    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Heard:
    """One utterance or text. `keys`: DTMF digits. `final` False: an interim hypothesis, for the guard only.

    `mail` is the Message-ID of an email, `answers` the id of the message of ours that it is in answer to. `carrier`: it
    was a word to whoever carries our texts, who has acted on it and answered it. `card`: a card
    number was in it, which was taken out before anything was stored."""

    text: str
    alternatives: tuple[Alternative, ...] = ()
    keys: str = ""
    confidence: float = 1.0
    final: bool = True
    mail: str | None = None
    answers: str | None = None
    carrier: Literal["stop", "start"] | None = None
    card: bool = False
    kind: Literal["heard"] = "heard"


@dataclass(frozen=True, slots=True)
class Silence:
    seconds: float
    kind: Literal["silence"] = "silence"


@dataclass(frozen=True, slots=True)
class Woke:
    name: str
    kind: Literal["woke"] = "woke"


@dataclass(frozen=True, slots=True)
class Guarded:
    """The verdict on the `Heard` of `heard`. `because`: pattern ids or "classifier", never a level or kind."""

    heard: int
    verdict: Literal["crisis", "clinical", "human", "clear"]
    because: tuple[str, ...] = ()
    interim: bool = False
    kind: Literal["guarded"] = "guarded"


@dataclass(frozen=True, slots=True)
class Understood:
    """`vote`: the language the words seemed to be in, a prior only; `readable` False: nothing could be made of it."""

    heard: int
    acts: tuple[Act, ...]
    readable: bool = True
    vote: str | None = None
    kind: Literal["understood"] = "understood"


@dataclass(frozen=True, slots=True)
class LawApplies:
    """The law of `state` holds beside that of the practice's own, None for that alone: where the person says that they
    are, or else where their number is from. `profile` names both and the day of the data."""

    state: str | None
    how: Literal["said", "number"]
    profile: str
    kind: Literal["law_applies"] = "law_applies"


@dataclass(frozen=True, slots=True)
class LanguageSet:
    locale: str
    why: Literal["asked", "heard", "record", "choice", "staff"]
    kind: Literal["language"] = "language"


@dataclass(frozen=True, slots=True)
class Identified:
    """`how` possession was shown. `proxy`: who acts is a recorded proxy of the patient."""

    person: str
    how: Literal["number_on_file", "code", "link", "staff", "thread"]
    proxy: bool = False
    kind: Literal["identified"] = "identified"


@dataclass(frozen=True, slots=True)
class OptedOut:
    """They want no more texts of ours. `perhaps_a_visit`: they wrote CANCEL and nothing else, and may mean a visit."""

    heard: int
    perhaps_a_visit: bool = False
    kind: Literal["opted_out"] = "opted_out"


@dataclass(frozen=True, slots=True)
class OptedIn:
    """They want texts again, after all."""

    heard: int
    kind: Literal["opted_in"] = "opted_in"


@dataclass(frozen=True, slots=True)
class NotTheirs:
    """Whoever has this number says that it is not whom we wrote to."""

    heard: int
    kind: Literal["not_theirs"] = "not_theirs"


@dataclass(frozen=True, slots=True)
class Asked:
    """Details asked with the last words, written keys ("second.first_name"), in spoken order.

    `about` is the key of what waits for the answer: the digest of what was read out, or of the offer."""

    details: tuple[str, ...]
    about: str | None = None
    kind: Literal["asked"] = "asked"


@dataclass(frozen=True, slots=True)
class Said:
    """A phrase by id with canonical arguments; `once` is the key under which a flow never says it twice."""

    phrase: str
    args: dict[str, str]
    locale: str
    asks: tuple[str, ...] = ()
    confirms: tuple[str, ...] = ()
    once: str | None = None
    slow: bool = False
    kind: Literal["said"] = "said"


@dataclass(frozen=True, slots=True)
class Offered:
    """What choices resolve against: `offer` is the key of the flow's offer; `of` new times, or the person's visits."""

    offer: str
    slots: tuple[Slot, ...]
    of: Literal["times", "visits"] = "times"
    kind: Literal["offered"] = "offered"


@dataclass(frozen=True, slots=True)
class Did:
    """The first answer to a read; every re-run gets it until its arguments change or a `Stale` ends it."""

    key: str
    answer: Answer
    kind: Literal["did"] = "did"


@dataclass(frozen=True, slots=True)
class Pending:
    """A request was handed on and its answer will be a later event. `request` lets the desk start it again."""

    key: str
    request: Request
    kind: Literal["pending"] = "pending"


@dataclass(frozen=True, slots=True)
class Stale:
    key: str
    why: str
    kind: Literal["stale"] = "stale"


@dataclass(frozen=True, slots=True)
class Committed:
    """The answer to a write, by the key of its request; `action` is the request's kind."""

    key: str
    action: str
    answer: Answer
    kind: Literal["committed"] = "committed"


@dataclass(frozen=True, slots=True)
class HandoffAsked:
    """`about`: what was said in so many words, by the names of `ways.yaml`. `after`: the step of whoever asked for
    somebody else; the next one is rung first. `language`: theirs, as heard, where the practice has not signed it."""

    route: Route
    heard: int | None = None
    about: tuple[str, ...] = ()
    after: int = -1
    language: str | None = None
    kind: Literal["handoff_asked"] = "handoff_asked"


@dataclass(frozen=True, slots=True)
class HandoffAbout:
    """What was said since the hand-over was asked is about these as well; whoever is being rung goes on being rung."""

    about: tuple[str, ...]
    heard: int | None = None
    kind: Literal["handoff_about"] = "handoff_about"


@dataclass(frozen=True, slots=True)
class HandoffAnnounced:
    """The person is told that they can be connected to this line; it is rung in a moment unless they refuse."""

    rung: str
    step: int
    kind: Literal["handoff_announced"] = "handoff_announced"


@dataclass(frozen=True, slots=True)
class HandoffRefused:
    """The person does not want to be connected to a line: people here go on being rung."""

    kind: Literal["handoff_refused"] = "handoff_refused"


@dataclass(frozen=True, slots=True)
class HandoffPassedOn:
    """Whoever accepted asks for somebody else: the next on the ladder is rung at once."""

    by: str
    kind: Literal["handoff_passed_on"] = "handoff_passed_on"


@dataclass(frozen=True, slots=True)
class HandoffRung:
    """A rung of the ladder is being rung; `step` counts from 0 over the whole climb, and is the same for those who are
    rung together."""

    rung: str
    step: int
    name: str | None = None  # who that was at the time
    kind: Literal["handoff_rung"] = "handoff_rung"


@dataclass(frozen=True, slots=True)
class HandoffAccepted:
    by: str
    step: int
    rung: str | None = None  # whose ring they answered, where that is known
    kind: Literal["handoff_accepted"] = "handoff_accepted"


@dataclass(frozen=True, slots=True)
class HandoffDeclined:
    """`why`: "declined", "no_answer" or "busy"."""

    rung: str
    step: int
    why: str
    kind: Literal["handoff_declined"] = "handoff_declined"


@dataclass(frozen=True, slots=True)
class HandoffPromised:
    """A call back is stored as `task` for `due`, and may now be said: nobody picked up, or nobody is on call (`alone`),
    or the words went to the clinical queue (`queued`)."""

    task: str
    due: datetime
    alone: bool = False
    queued: bool = False
    kind: Literal["handoff_promised"] = "handoff_promised"


@dataclass(frozen=True, slots=True)
class HandoffClosed:
    by: str
    how: Literal["handled", "not_needed"]
    kind: Literal["handoff_closed"] = "handoff_closed"


@dataclass(frozen=True, slots=True)
class Ended:
    """`why`: "goodbye", "hung_up", "lapsed", "turns", "handed_over"."""

    why: str
    kind: Literal["ended"] = "ended"


@dataclass(frozen=True, slots=True)
class WordsForgotten:
    """What was said word for word until here is destroyed: no reason was left to keep it."""

    kind: Literal["words_forgotten"] = "words_forgotten"


Body = (
    Opened
    | Heard
    | Silence
    | Woke
    | Guarded
    | Understood
    | LawApplies
    | LanguageSet
    | Identified
    | OptedOut
    | OptedIn
    | NotTheirs
    | Invited
    | InvitedNoMore
    | AskedAfter
    | AskedNumber
    | AskedOfBill
    | NoMoney
    | NotNow
    | NumberGiven
    | Asked
    | Said
    | Offered
    | Did
    | Pending
    | Stale
    | Committed
    | HandoffAsked
    | HandoffAbout
    | HandoffAnnounced
    | HandoffRefused
    | HandoffPassedOn
    | HandoffRung
    | HandoffAccepted
    | HandoffDeclined
    | HandoffPromised
    | HandoffClosed
    | FloorTaken
    | FloorGiven
    | ErrandGiven
    | FloorLapsed
    | AssistantPaused
    | AssistantBack
    | StaffSaid
    | Overridden
    | Ended
    | WordsForgotten
    | CalledBack
    | Marked
    | MarkTakenBack
    | RehearsalDrafted
    | RehearsalApproved
    | RehearsalDropped
)


@dataclass(frozen=True, slots=True)
class Event:
    seq: int
    at: datetime
    practice: str
    contact: str
    protocol_hash: str
    body: Body


@cache
def _bodies() -> TypeAdapter[Body]:
    """Made when it is first used: making it takes longer than all else here, and a start needs none."""
    return TypeAdapter(Annotated[Body, Field(discriminator="kind")])


def dump_body(body: Body) -> bytes:
    """Canonical JSON of a body; what is sealed and hashed."""
    return _bodies().dump_json(body)


def load_body(raw: bytes | str) -> Body:
    """Raises `pydantic.ValidationError` when the JSON is no event of ours."""
    return _bodies().validate_json(raw)
