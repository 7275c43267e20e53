"""What reaches people, machines and time outside."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

from lamplighter.practice.model import PracticeId

# -- time ------------------------------------------------------------------------------------------------------------


class Clock(Protocol):
    def now(self) -> datetime:
        """Aware, UTC."""
        ...


# -- outward ---------------------------------------------------------------------------------------------------------


class MessageRefused(Exception):
    """The carrier will never deliver this; trying again doesn't help."""


class MessageUnknown(Exception):
    """It may have gone out and may not, and there is nobody to ask: a person looks into it, and nothing goes twice."""


class RefusedToThem(MessageRefused):
    """They have told the carrier itself that they want no texts from this number."""


class OutcomeUnknown(ConnectionError):
    """The carrier may have taken it: it is asked before anything is sent again."""


class Messenger(Protocol):
    def send(self, message_id: str, channel: str, to: str, sender: str, text: str) -> None:
        """Idempotent by message id. Raises MessageRefused, MessageUnknown, or ConnectionError when it may be tried
        again. An email's `sender` is "Name <address>", and its `text` has the subject as its first line."""
        ...


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A text on its way to a carrier. `sent_from`: the number of ours that they know; `at`: when it was handed over
    last."""

    practice: PracticeId
    id: str
    to: str
    sent_from: str
    text: str = field(repr=False)
    at: datetime


CarrierStatus = Literal["sent", "delivered", "failed"]


@dataclass(frozen=True, slots=True)
class Taken:
    """A carrier has it, under this id."""

    carrier_id: str
    status: CarrierStatus = "sent"


class Carrier(Protocol):
    """The way of one practice to people's telephones. It remembers nothing and sends whatever it gets: who uses it
    stores what it hands over before, and asks wherever the outcome is not known."""

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers of the practice that it sends from, E.164."""
        ...

    @property
    def settles(self) -> timedelta:
        """After how long it surely lists what it took; an answer that is late by so much never comes."""
        ...

    def send(self, message: Outgoing) -> Taken:
        """Raises MessageRefused; OutcomeUnknown; any other ConnectionError when it was surely not taken."""
        ...

    def ask(self, message: Outgoing, others: Callable[[str], bool]) -> Taken | None:
        """What became of a message whose outcome is unknown; None: it was not taken, and may be sent again. `others`
        says whether an id of the carrier's is another message's. Raises MessageUnknown where it can't tell any more,
        ConnectionError where it can't be asked at the moment."""
        ...


class Carriers(Protocol):
    def of(self, practice: PracticeId) -> Carrier | None:
        """None where none may be used for this practice now."""
        ...

    def has(self, practice: PracticeId) -> bool:
        """Whether one is set up for this practice, though it may not be used now: what people write comes in."""
        ...


@dataclass(frozen=True, slots=True)
class Ring:
    practice: PracticeId
    contact: str
    handoff: str
    rung: str  # id in the ladder
    name: str
    phone: str | None
    route: str
    step: int
    licensed: bool = False
    kind: str = "staff"  # as in the ladder; a "line" is connected with whoever is on the telephone
    locale: str = "en"  # the language of whoever waits
    test: bool = False  # nobody waits: whoever is rung is told that it is a test, and connected with nobody
    late: bool = (
        False  # nobody waits: something on the board is past its time, and they are connected with nobody
    )


class Pager(Protocol):
    def ring(self, ring: Ring) -> None:
        """Starts ringing; the answer comes through `Handoffs.answered` when there is one. Whatever it raises is logged,
        and the next rung is rung in its time."""
        ...

    def call_off(self, ring: Ring, by: str) -> None:
        """Stops ringing for this contact, hand-over and rung, and says that `by` has it. May be asked more than once;
        one that never rang, or has stopped, is no fault. Whatever it raises is logged."""
        ...


class Feed(Protocol):
    """What changed, for live views. Carries ids only; whoever listens reads the log."""

    def publish(self, practice: PracticeId, contact: str, seq: int) -> None: ...

    def subscribe(self, practice: PracticeId) -> Iterator[tuple[str, int]]: ...


class Reader(Protocol):
    """An optional large model that helps to understand. Never speaks, never decides."""

    def interpret(self, utterance: str, schema: dict[str, object], deadline: float) -> str | None:
        """JSON that should follow `schema`, or None when it didn't answer within `deadline` seconds."""
        ...


class Keys(Protocol):
    """The master key. `wrap`/`unwrap` data keys bound to a context; secrets never appear in repr."""

    def wrap(self, key: bytes, context: str) -> bytes: ...

    def unwrap(self, wrapped: bytes, context: str) -> bytes: ...


# -- sound -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hearing:
    text: str
    confidence: float
    alternatives: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Sound:
    """16-bit signed mono little-endian."""

    pcm: bytes = field(repr=False)
    rate: int


class Recogniser(Protocol):
    async def recognise(
        self, sound: Sound, *, locale: str, final: bool = True, asked: tuple[str, ...] = ()
    ) -> Hearing:
        """`asked`: the details, by written name, that the words probably answer; it may help, and binds nobody."""
        ...


class Voice(Protocol):
    async def speak(self, text: str, *, locale: str, slow: bool = False) -> Sound: ...
