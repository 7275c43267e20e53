"""What is known of a contact: the state's own shape. `state.py` folds events into it, `taking.py` what was said."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from lamplighter.conversation import events as e
from lamplighter.conversation.actions import Answer, Request
from lamplighter.conversation.details import Detail, Errand, Key, Subject, key
from lamplighter.conversation.keeping import WayKept
from lamplighter.conversation.slots import Slot, VisitView
from lamplighter.conversation.wish import Window


@dataclass(frozen=True, slots=True)
class Known:
    """A detail's value, the seq of what gave it, and whether we have read it back since."""

    value: str
    seq: int
    source: Literal["said", "caller_id", "record", "staff"] = "said"
    read_back: bool = False


@dataclass(frozen=True, slots=True)
class Handoff:
    route: e.Route
    seq: int
    status: Literal["ringing", "accepted", "promised", "closed"] = "ringing"
    by: str | None = None
    due: datetime | None = None
    step: int = -1
    about: tuple[str, ...] = ()
    alone: bool = False  # nobody is on call
    queued: bool = False  # the words wait in the clinical queue for their time
    announced: bool = False  # a line is rung in a moment unless they refuse
    refused: bool = False  # no line: they want people here, or nobody else
    rung: tuple[str, ...] = ()  # the steps of the ladder that have rung in this climb, the last one last
    again: bool = False  # this is not the first climb
    ringing: tuple[str, ...] = ()  # the steps that were rung together last, without those who declined
    language: str | None = None  # the person's, as heard, where the practice has not signed it


@dataclass(frozen=True, slots=True)
class Made:
    """The person whom this contact booked for, by what was said of them; `new`: put on file by it."""

    person: str
    said: tuple[str | None, ...]
    new: bool


@dataclass(slots=True)
class State:
    """Everything known of a contact after its last event."""

    practice: str = ""
    contact: str = ""
    protocol_hash: str = ""
    seq: int = 0
    at: datetime | None = None
    opened_at: datetime | None = None
    channel: Literal["voice", "sms", "chat", "email"] = "voice"
    address: str | None = None
    dialled: str = ""
    locale: str = "en"
    slow: bool = False
    vote: str | None = None
    law: e.LawApplies | None = None  # where another state's law than the practice's own was ever thought of

    errand: Errand | None = None
    errand_no: int = 0
    known: dict[Key, Known] = field(default_factory=dict)
    frozen: dict[Key, Known] | None = None  # what was known when the errand was done
    recorded: dict[Key, Known] | None = None  # the same of the errand before this one
    made: Made | None = None
    changing: str | None = None  # the visit that this errand changes, where it was just booked
    ours: bool = False  # this errand answers a text of ours
    mail: str | None = None  # the Message-ID of the last email of theirs
    in_answer_to: str | None = None  # the message of ours that it is in answer to
    way: WayKept | None = None  # how they last said that they want to be reached
    stops: int = 0  # how often they said that they want no more texts; 1 where that held before
    invited: e.Invited | None = None  # the time that we had offered by text
    invited_at: int = 0  # after how many of the person's utterances that became known
    invited_over: bool = False  # and has been answered
    asked_after: str | None = None  # the visit after which we had asked whether they want a new time
    asked_after_at: int = 0  # after how many of the person's utterances that became known
    asked_of_bill: str | None = None  # of whom the last text of ours was, about a bill
    asked_of_bill_at: int | None = (
        None  # after how many utterances it was known that we had written of a bill
    )
    about_bill: bool = False  # they spoke of a bill
    asked_number: str | None = None  # whose number on the card we had asked for by text
    card_linked: bool = False  # with a link to the page for a picture of it
    number_given: bool = False  # and it came
    plan_asked: str | None = None  # the sentence by which it was asked whether their plan may be asked
    declined: dict[Key, int] = field(default_factory=dict)
    attempts: dict[Key, int] = field(default_factory=dict)
    mended: dict[Key, int] = field(
        default_factory=dict
    )  # how often a name was said to be another than we heard

    lately: tuple[str, ...] = field(default=(), repr=False, compare=False)
    """The last words heard, while they are kept: for the guard alone, whose verdicts are events of their own. Nothing
    that is folded follows from them."""
    heard_surely: bool = True  # whether the recogniser was sure of the last words
    unsure: frozenset[Key] = frozenset()  # names and birth dates that it was not sure of

    asked: tuple[Key, ...] = ()
    about: str | None = None
    last_asked: tuple[Key, ...] = ()
    same_asked: int = 0  # how often running the same was asked again
    confirms: tuple[Key, ...] = ()
    last_words: tuple[e.Said, ...] = ()
    words_open: bool = False  # the words in `last_words` belong to the utterance being made
    said_once: frozenset[str] = frozenset()
    phrases_said: dict[str, int] = field(default_factory=dict)

    answers: dict[str, Answer] = field(default_factory=dict)
    pending: dict[str, Request] = field(default_factory=dict)
    offer: e.Offered | None = None
    offers_made: int = 0
    chosen: Slot | None = None
    agreed: Slot | None = None  # what was chosen before another hour was wished for to its summary
    picked: Slot | None = None  # which of the person's visits is meant
    told: bool = False  # something that this errand asked was answered
    unanswered: int = 0  # how often running, from its first question on, nothing was
    beside_question: bool = False  # the words that began it asked something too, and told nothing of a visit
    refused: tuple[str, ...] = ()
    page: int = 0
    narrowed: tuple[Window, ...] = ()
    none_suits: bool = False  # what was offered was refused without a word of what would suit
    confirmed: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()

    person: str | None = None
    identified: e.Identified | None = None
    verdict: Literal["crisis", "clinical", "human", "clear"] = "clear"
    handoff: Handoff | None = None
    floor: str | None = None  # a named member of staff, or None: the agent
    paused: bool = False  # staff have paused the assistant for this line: whoever is there gets a person
    epoch: int = 0  # grows whenever the floor changes hands
    quiet: bool = False  # it may be violence at home: nothing goes out to this person by itself
    never_call: bool = False  # somebody said so: nobody calls them back
    unmet: e.Route | None = None  # the worst heard while staff had the floor that nobody has met since

    turns: int = 0  # the person's final utterances
    poor: int = 0  # unreadable ones running
    silences: int = 0
    interim_hits: int = 0
    half_heard: str = "clear"  # the worst that interim words made likely, until the final ones are in
    parting: bool = False  # goodbye has been said
    ended: str | None = None
    outcome: str | None = None
    visit: VisitView | None = None
    code_failures: int = 0

    @property
    def errand_done(self) -> bool:
        """The errand has come to its end: whatever is named now begins another."""
        return self.frozen is not None or key(Detail.ANYTHING_ELSE) in self.asked

    @property
    def for_somebody_else(self) -> bool:
        """Whether the person acts for a patient rather than as one."""
        first, last = (self.value(detail) or "" for detail in (Detail.FIRST_NAME, Detail.LAST_NAME))
        caller = (self.value(Detail.CALLER_NAME) or "").casefold()
        own_name = caller != "" and caller == f"{first} {last}".strip().casefold()
        return self.value(Detail.RELATIONSHIP) not in (None, "self", "professional") and not own_name

    def who(self) -> tuple[str | None, ...]:
        """By whom the person is known: what was said of name and birth date."""
        return tuple(self.value(d) for d in (Detail.FIRST_NAME, Detail.LAST_NAME, Detail.DATE_OF_BIRTH))

    @property
    def handed_over(self) -> bool:
        """A hand-over is open: no errand goes on until a named person closes it."""
        return self.handoff is not None and self.handoff.status != "closed"

    def value(self, detail: Detail, subject: Subject = Subject.PATIENT) -> str | None:
        """A detail's canonical value as the errand sees it."""
        book = self.known if self.frozen is None else self.frozen
        found = book.get(Key(subject, detail))
        return found.value if found else None

    def has_declined(self, detail: Detail, subject: Subject = Subject.PATIENT) -> bool:
        return self.declined.get(Key(subject, detail), 0) > 0
